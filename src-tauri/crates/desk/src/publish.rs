//! Tells the window what changed: after commits, in batches, at most ten a second. Bodies are fetched on demand.

use crate::context::Context;
use crate::rpc;
use crate::wire::{Batch, Notice};
use domain::SignalId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::broadcast;

/// Between two batches at least.
const EVERY: Duration = Duration::from_millis(100);
/// The frame's figures are sent at least this often, counted in batches.
const FIGURES_EVERY: u32 = 10;
/// Rows in a batch; with more the window reads its page again.
const ROWS_MAX: usize = 200;
/// Notices in a batch.
const NOTICES_MAX: usize = 50;
/// Batches that a slow window may lag behind.
const LAG_MAX: usize = 64;

/// What changed since the last batch.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    signals: Mutex<Changed>,
    account: AtomicBool,
}

#[derive(Debug, Default)]
struct Changed {
    ids: Vec<SignalId>,
    overflow: bool,
    notices: Vec<Notice>,
}

impl Changes {
    /// Signals were written or decided.
    pub(crate) fn signals<'a>(&self, ids: impl Iterator<Item = &'a SignalId>) {
        let mut changed = self.signals.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            if changed.ids.len() >= ROWS_MAX {
                changed.overflow = true;
                return;
            }
            changed.ids.push(id.clone());
        }
    }

    /// The user is to be told something; more than [`NOTICES_MAX`] that nobody heard are not kept.
    pub(crate) fn notice(&self, notice: Notice) {
        let mut changed = self.signals.lock().unwrap_or_else(PoisonError::into_inner);
        if changed.notices.len() < NOTICES_MAX {
            changed.notices.push(notice);
        }
    }

    /// Takes the notices that nobody has heard yet.
    #[cfg(test)]
    pub(crate) fn notices(&self) -> Vec<Notice> {
        self.take().0.notices
    }

    /// Positions, fills or balances changed.
    pub(crate) fn account(&self) {
        self.account.store(true, Ordering::Release);
    }

    fn take(&self) -> (Changed, bool) {
        let changed = std::mem::take(&mut *self.signals.lock().unwrap_or_else(PoisonError::into_inner));
        (changed, self.account.swap(false, Ordering::AcqRel))
    }
}

/// Where batches are sent.
#[derive(Debug, Clone)]
pub(crate) struct Publisher(broadcast::Sender<Arc<Batch>>);

impl Publisher {
    pub(crate) fn new() -> Self {
        Self(broadcast::Sender::new(LAG_MAX))
    }

    pub(crate) fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.0.subscribe()
    }

    /// Sends batches until dropped by its runtime.
    pub(crate) async fn run(self, context: Arc<Context>, status: Arc<rpc::Runtime>) {
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut since_figures = 0;
        let mut generation = context.directory.generation();
        loop {
            tick.tick().await;
            let (changed, account) = context.changes.take();
            if self.0.receiver_count() == 0 {
                continue;
            }
            since_figures += 1;
            let figures = since_figures >= FIGURES_EVERY;
            let seen = generation;
            let (context, status) = (Arc::clone(&context), Arc::clone(&status));
            let gathered = tokio::task::spawn_blocking(move || {
                batch(&context, &status, changed, account, seen, figures)
            });
            let Ok(Some((batch, now_at))) = gathered.await else { continue };
            generation = now_at;
            if batch.status.is_some() {
                since_figures = 0;
            }
            // Nobody listening any more is no failure.
            let _unheard = self.0.send(Arc::new(batch));
        }
    }
}

fn batch(
    context: &Context,
    status: &rpc::Runtime,
    changed: Changed,
    account: bool,
    seen: u64,
    figures: bool,
) -> Option<(Batch, u64)> {
    if figures && let Err(error) = context.directory.reload() {
        tracing::warn!(%error, "webhooks could not be read again");
    }
    let generation = context.directory.generation();
    let tunnel = status.tunnel.take_changed();
    // A changed public address is part of every webhook's card.
    let webhooks = generation != seen || tunnel;
    if changed.ids.is_empty()
        && changed.notices.is_empty()
        && !changed.overflow
        && !account
        && !webhooks
        && !figures
    {
        return None;
    }
    let mut ids: Vec<SignalId> = Vec::with_capacity(changed.ids.len());
    for id in changed.ids {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let signals = rpc::signals::rows_of(context, &ids).unwrap_or_else(|error| {
        tracing::warn!(error = error.error, "changed signals could not be read");
        Vec::new()
    });
    let tunnel = tunnel.then(|| rpc::tunnel::status(context, status).ok()).flatten();
    let status = rpc::status::status(context, status).ok();
    let (overflow, notices) = (changed.overflow, changed.notices);
    Some((Batch { signals, overflow, account, webhooks, status, tunnel, notices }, generation))
}
