//! Signals that wait for their decision. The table is the queue and says which they are and in which order; those that
//! this process has accepted itself are also kept here as they were read, so that their rows need not be read back and
//! parsed again. What is not here, such as after a restart or from another process, is read from its row.
//!
//! The intake puts signals in after their commit, the driver takes them out.

use crate::wire::{self, Canonical};
use domain::{DialectName, Signal, SignalId, Timestamp, WebhookId};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::signals::{ReceivedSignal, SignalNo};
use store::{Reader, StoreError};

/// The most signals that are kept; about a kilobyte each. Those that come while so many wait are read from their rows.
const KEPT_MAX: usize = 2_048;

/// A signal that is on the disk and not decided.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    /// Its place in the queue.
    pub(crate) no: SignalNo,
    pub(crate) id: SignalId,
    pub(crate) webhook: WebhookId,
    pub(crate) dialect: Option<DialectName>,
    pub(crate) received_at: Timestamp,
    /// When it was on the disk; nothing where only its row is known.
    pub(crate) committed_at: Option<Timestamp>,
    pub(crate) replay: bool,
    pub(crate) timings: wire::Timings,
    /// What it says, or why that cannot be read back.
    pub(crate) signal: Result<Signal, String>,
}

impl Waiting {
    /// From its row.
    fn of_row(row: ReceivedSignal) -> Self {
        let ReceivedSignal { signal: row, canonical } = row;
        let timings = row.timings.as_deref().and_then(|t| serde_json::from_str(t).ok());
        Self {
            no: row.no,
            id: row.id,
            webhook: row.webhook_id,
            dialect: row.dialect,
            received_at: row.received_at,
            committed_at: None,
            replay: row.replay_of.is_some(),
            timings: timings.unwrap_or_default(),
            signal: read_canonical(canonical.as_deref()),
        }
    }
}

fn read_canonical(text: Option<&str>) -> Result<Signal, String> {
    let canonical: Canonical =
        serde_json::from_str(text.ok_or("no canonical signal")?).map_err(|e| e.to_string())?;
    canonical.to_signal().map_err(|e| e.to_string())
}

/// The signals that are kept.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<BTreeMap<SignalNo, Waiting>>);

impl Kept {
    /// Keeps signals that were just committed, as many as there is room for.
    pub(crate) fn put(&self, signals: impl Iterator<Item = Waiting>) {
        let mut kept = self.kept();
        for signal in signals {
            if kept.len() >= KEPT_MAX {
                return;
            }
            kept.insert(signal.no, signal);
        }
    }

    /// The first signals of the queue, oldest first, at most `limit`.
    pub(crate) fn next(&self, reader: &Reader, limit: u32) -> Result<Vec<Waiting>, StoreError> {
        let places = reader.read(|view| store::signals::waiting(view, SignalNo::ZERO, limit))?;
        let found = self.take(&places);
        if found.iter().all(Option::is_some) {
            return Ok(found.into_iter().flatten().collect());
        }
        reader.read(|view| {
            let mut signals = Vec::with_capacity(places.len());
            for (no, kept) in places.iter().zip(found) {
                // One that was decided or deleted since its place was read waits no more.
                let signal = match kept {
                    Some(kept) => Some(kept),
                    None => store::signals::received(view, *no)?.map(Waiting::of_row),
                };
                signals.extend(signal);
            }
            Ok(signals)
        })
    }

    fn take(&self, places: &[SignalNo]) -> Vec<Option<Waiting>> {
        let mut kept = self.kept();
        // What lies before the first that waits was decided or deleted elsewhere.
        while let Some(oldest) = kept.first_entry().filter(|e| places.first().is_some_and(|p| e.key() < p)) {
            oldest.remove();
        }
        places.iter().map(|no| kept.remove(no)).collect()
    }

    fn kept(&self) -> MutexGuard<'_, BTreeMap<SignalNo, Waiting>> {
        // Nothing that can panic runs under this lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
