//! What happens to accounts without anybody asking: the kill switch takes back resting entries, and day orders end.
//! The driver calls it before each round, so that nothing is filled that should have been taken back.

use crate::books::BookError;
use crate::context::Context;
use crate::driver::book;
use crate::journal::Journal;
use crate::wire;
use domain::{AccountId, Timestamp};
use paper::{Broker, Input};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use store::StoreError;

/// How often day orders are looked at; every signal of their account does it too.
const TICK_EVERY: Duration = Duration::from_secs(60);

/// What has been done already.
#[derive(Debug, Default)]
pub(crate) struct Upkeep {
    /// Whether the kill switch has been heard since it was thrown.
    killed: bool,
    ticked_at: Option<Instant>,
}

impl Upkeep {
    /// Does what is due; what cannot be written is due again.
    pub(crate) fn due(
        &mut self,
        context: &Context,
        books: &mut HashMap<AccountId, Broker>,
    ) -> Result<(), StoreError> {
        let on = context.directory.kill_switch();
        if on && !self.killed {
            let accounts = context.store.reader().read(store::accounts::list)?;
            let open = accounts.into_iter().filter(|a| a.archived_at.is_none()).map(|a| a.id);
            apply(context, books, open, |at| Input::KillSwitch { at })?;
        }
        self.killed = on;
        if self.ticked_at.is_none_or(|at| at.elapsed() >= TICK_EVERY) {
            let now = context.clock.now();
            let due = context.store.reader().read(|view| store::orders::accounts_with_expired(view, now))?;
            apply(context, books, due.into_iter(), |at| Input::Tick { at })?;
            self.ticked_at = Some(Instant::now());
        }
        Ok(())
    }
}

/// Gives the same input to several accounts and writes what came of it in one transaction.
fn apply(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
    accounts: impl Iterator<Item = AccountId>,
    input: impl Fn(Timestamp) -> Input,
) -> Result<(), StoreError> {
    let at = context.clock.now();
    let mut journal = Journal::default();
    for account in accounts {
        let broker = match book(context, books, &account) {
            Ok(broker) => broker,
            Err(BookError::Store(error)) => return Err(error),
            Err(error) => {
                tracing::error!(account.id = %account, %error, "an account could not be kept up");
                continue;
            }
        };
        // A defect in the broker must cost one account, not the thread that decides for all.
        match catch_unwind(AssertUnwindSafe(|| broker.apply(input(at)))) {
            Ok(events) => journal.note(&account, None, broker, events, &wire::Timings::default()),
            Err(_) => {
                tracing::error!(account.id = %account, "the broker broke while it kept up an account");
                books.remove(&account);
            }
        }
    }
    if !journal.touches_accounts() {
        return Ok(());
    }
    context.store.writer().run(move |tx| journal.write(tx))?;
    context.changes.account();
    Ok(())
}
