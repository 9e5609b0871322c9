//! Quotes of the venues reach the books of the accounts on them: working orders, brackets and trailing stops are
//! matched, marks and equity move. The driver calls it in each round; it also says what is to be heard from now on.

use crate::books::BookError;
use crate::context::Context;
use crate::driver::book;
use crate::journal::Journal;
use crate::market::{FollowedSeries, Holding, needed, wanted};
use crate::{outside, wire};
use ::market::{Ticker, Venue};
use domain::{AccountId, Symbol, Timestamp};
use paper::{Broker, Event};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use store::StoreError;

/// How often quotes are taken at most; all that came meanwhile are applied in order.
const EVERY: Duration = Duration::from_millis(200);
/// How often it is looked for accounts on venues, which other processes add too.
const ACCOUNTS_EVERY: Duration = Duration::from_secs(1);
/// How often a move of the marks alone becomes a point of the equity curve, in microseconds.
const POINT_EVERY_US: i64 = 60 * 1_000_000;
/// How often other processes are told of new quotes and of signals that wait, where nothing else has changed.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// The setting in which the worker tells other processes how the venues are; not one of the user's.
pub(crate) const BOARD: &str = "runtime.market";

/// What has been done already.
#[derive(Debug, Default)]
pub(crate) struct Quotes {
    taken_at: Option<Instant>,
    listed_at: Option<Instant>,
    on_venues: Vec<AccountId>,
    points: HashMap<AccountId, Timestamp>,
    told: Option<Told>,
    candles: BTreeMap<Venue, FollowedSeries>,
}

/// What other processes know of the venues.
#[derive(Debug)]
struct Told {
    changes: u64,
    rows: String,
    at: Instant,
}

impl Quotes {
    /// Does what is due.
    pub(crate) fn due(
        &mut self,
        context: &Context,
        books: &mut HashMap<AccountId, Broker>,
    ) -> Result<(), StoreError> {
        if self.taken_at.is_some_and(|at| at.elapsed() < EVERY) {
            return Ok(());
        }
        self.taken_at = Some(Instant::now());
        if self.listed_at.is_none_or(|at| at.elapsed() >= ACCOUNTS_EVERY) {
            self.listed_at = Some(Instant::now());
            self.list(context)?;
            self.tell(context)?;
            let (webhooks, strategies) = (context.directory.rows(), context.directory.strategies());
            let webhooks = webhooks.values().map(|row| &row.webhook);
            self.candles = context.market.following.series(webhooks, &strategies, &context.market);
        }
        if !self.on_venues.is_empty() {
            self.apply(context, books)?;
        }
        let accounts = self.on_venues.iter().filter_map(|account| {
            Some(Holding { venue: context.market.venue_of(account)?, state: books.get(account)?.state() })
        });
        context.market.hear(context, wanted(accounts, &self.candles));
        Ok(())
    }

    fn list(&mut self, context: &Context) -> Result<(), StoreError> {
        let accounts = context.store.reader().read(store::accounts::list)?;
        let open =
            accounts.into_iter().filter(|a| a.archived_at.is_none() && Venue::parse(&a.venue).is_some());
        self.on_venues = open.map(|account| account.id).collect();
        self.points.retain(|account, _| self.on_venues.contains(account));
        Ok(())
    }

    /// Gives every account on a venue the quotes of what it holds and orders, and writes what came of it.
    fn apply(&mut self, context: &Context, books: &mut HashMap<AccountId, Broker>) -> Result<(), StoreError> {
        let heard = context.market.inbox.take();
        let mut journal = Journal::default();
        for account in self.on_venues.clone() {
            let broker = match book(context, books, &account) {
                Ok(broker) => broker,
                Err(BookError::Store(error)) => return Err(error),
                Err(error) => {
                    tracing::error!(account.id = %account, %error, "an account cannot hear its venue");
                    continue;
                }
            };
            let Some(venue) = context.market.venue_of(&account) else { continue };
            // A defect in the broker must cost one account, not the thread that decides for all.
            match catch_unwind(AssertUnwindSafe(|| hear(venue, &heard, broker))) {
                Ok(events) => {
                    let events = self.thinned(&account, events, context.clock.now());
                    journal.note(&account, None, broker, events, &wire::Timings::default());
                }
                Err(_) => {
                    tracing::error!(account.id = %account, "the broker broke on a quote");
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

    /// Takes out the points of the equity curve that only say that a mark has moved, but for one a minute.
    fn thinned(&mut self, account: &AccountId, mut events: Vec<Event>, now: Timestamp) -> Vec<Event> {
        let traded = events.iter().any(|event| matches!(event, Event::Filled(_) | Event::Liquidated { .. }));
        let last = self.points.get(account);
        if traded || last.is_none_or(|last| now.micros_since(*last) >= POINT_EVERY_US) {
            self.points.insert(account.clone(), now);
        } else {
            events.retain(|event| !matches!(event, Event::Balances { .. }));
        }
        events
    }

    /// Tells other processes how the venues are, where that has changed.
    fn tell(&mut self, context: &Context) -> Result<(), StoreError> {
        let changes = context.market.board.changes();
        let changed = self.told.as_ref().is_none_or(|told| told.changes != changes);
        if !changed && self.told.as_ref().is_some_and(|told| told.at.elapsed() < TELL_EVERY) {
            return Ok(());
        }
        let rows = crate::intake::json(&context.market.board.rows());
        if self.told.as_ref().is_none_or(|told| told.rows != rows) {
            let written = rows.clone();
            context.store.writer().run(move |tx| store::settings::note(tx, BOARD, &written))?;
        }
        self.told = Some(Told { changes, rows, at: Instant::now() });
        if changed {
            context.changes.account();
        }
        Ok(())
    }
}

/// Gives a broker what its venue said of the symbols that it holds or orders, in order.
fn hear(
    venue: Venue,
    heard: &BTreeMap<(Venue, Symbol), VecDeque<Ticker>>,
    broker: &mut Broker,
) -> Vec<Event> {
    let symbols: std::collections::BTreeSet<Symbol> = needed(broker.state()).cloned().collect();
    let mut events = Vec::new();
    for symbol in symbols {
        for ticker in heard.get(&(venue, symbol)).into_iter().flatten() {
            events.extend(outside::observe(ticker, broker));
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use paper::Balances;

    #[test]
    fn marks_alone_make_one_point_a_minute() {
        let mut quotes = Quotes::default();
        let account = AccountId::parse("acc_a").unwrap();
        let mut points = |seconds| {
            let at = Timestamp::from_seconds(seconds);
            let events = vec![Event::Balances { balances: Box::new(Balances::default()), at }];
            quotes.thinned(&account, events, at).len()
        };
        let kept: Vec<usize> = [0, 1, 59, 60, 61, 119, 120].into_iter().map(&mut points).collect();
        assert_eq!(kept, [1, 0, 0, 1, 0, 0, 1]);
    }
}
