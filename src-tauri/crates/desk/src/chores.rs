//! What is done now and then beside deciding: counting refusals, retention, the rows of deleted webhooks, and
//! forgetting marks of repetition. Always in small pieces, so that no alert waits for it.

use crate::context::Context;
use crate::refused::Refused;
use crate::silence::Reminders;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::StoreError;
use store::webhooks::Removal;

/// How often refusals are written.
const REFUSED_EVERY: Duration = Duration::from_secs(2);
/// How often there is tidying to do at most.
const TIDY_EVERY: Duration = Duration::from_secs(30);
/// Pieces of work in one round; the rest follows in the next.
const PIECES_MAX: usize = 20;
/// How long finished commands are kept, in microseconds.
const COMMANDS_KEPT_US: i64 = 3_600 * 1_000_000;
/// How long candles are kept after the newest of their series, in microseconds.
const CANDLES_KEPT_US: i64 = 30 * 24 * 3_600 * 1_000_000;

pub(crate) struct Chores {
    context: Arc<Context>,
    refused: Arc<Refused>,
    refused_at: Instant,
    tidied_at: Option<Instant>,
    reminders: Reminders,
}

impl Chores {
    pub(crate) fn new(context: Arc<Context>, refused: Arc<Refused>) -> Self {
        Self {
            context,
            refused,
            refused_at: Instant::now(),
            tidied_at: None,
            reminders: Reminders::default(),
        }
    }

    /// Does what is due.
    pub(crate) fn due(&mut self) {
        if self.refused_at.elapsed() >= REFUSED_EVERY {
            self.refused_at = Instant::now();
            self.refused.flush(&self.context);
        }
        let removing = self.removed();
        if self.tidied_at.is_none_or(|at| at.elapsed() >= TIDY_EVERY) {
            self.tidied_at = Some(Instant::now());
            if let Err(error) = self.tidy() {
                tracing::warn!(%error, "tidying up has to wait");
            }
        }
        if let Err(error) = self.reminders.due(&self.context) {
            tracing::warn!(%error, "silent webhooks could not be looked for");
        }
        if let Err(error) = removing {
            tracing::warn!(%error, "the signals of a deleted webhook have to wait");
        }
    }

    fn removed(&self) -> Result<(), StoreError> {
        let gone = self.context.store.reader().read(store::webhooks::deleted)?;
        for id in gone {
            remove(&self.context, &id, PIECES_MAX)?;
        }
        Ok(())
    }

    fn tidy(&self) -> Result<(), StoreError> {
        let now = self.context.clock.now();
        let keep = self.context.settings().whole("retention.max_signals");
        let writer = self.context.store.writer();
        for _ in 0..PIECES_MAX {
            if writer.run(move |tx| store::signals::retain(tx, keep))? == 0 {
                break;
            }
        }
        for _ in 0..PIECES_MAX {
            if writer.run(move |tx| store::dedupe::forget_expired(tx, now))? == 0 {
                break;
            }
        }
        let webhooks: Vec<domain::WebhookId> = self.context.directory.rows().keys().cloned().collect();
        writer.run(move |tx| {
            webhooks.iter().try_for_each(|id| store::stated_positions::retain(tx, id).map(|_| ()))
        })?;
        let unused = now.plus_micros(-CANDLES_KEPT_US);
        writer.run(move |tx| store::candles::forget_unused(tx, unused))?;
        let before = now.plus_micros(-COMMANDS_KEPT_US);
        writer.run(move |tx| store::commands::forget_finished(tx, before)).map(|_| ())
    }
}

/// Removes signals of a deleted webhook, a piece at a time.
pub(crate) fn remove(context: &Context, id: &domain::WebhookId, pieces: usize) -> Result<(), StoreError> {
    for _ in 0..pieces {
        let webhook = id.clone();
        match context.store.writer().run(move |tx| store::webhooks::remove_chunk(tx, &webhook))? {
            Removal::Done => return Ok(()),
            Removal::More => {}
        }
    }
    Ok(())
}
