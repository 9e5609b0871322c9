//! Replays: the original's bytes, or others in their place, read and executed again as a signal of their own. The
//! original stays as it was.

use super::signals::{bar_to_replay, id_of, rows_of};
use super::store_error;
use super::trial::{Message, Trial, read};
use crate::context::Context;
use crate::intake::json;
use crate::order_desk::work_if_nobody_does;
use crate::random;
use crate::wake::Wake;
use crate::wire::{self, NewReplay, RpcError, SignalPage};
use domain::{ReasonCode, SignalId, SignalStatus, Timestamp};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::signals::{NewSignal, SignalDetail};
use store::webhooks::WebhookRow;

/// Signals replayed by one request at most.
const REPLAYS_MAX: usize = 500;
/// How long the decision of replays is waited for; they are in the queue in any case.
const SETTLE_MAX: Duration = Duration::from_millis(600);
/// How often it is looked for.
const SETTLE_POLL: Duration = Duration::from_millis(15);
/// The largest body that may be put in place of the original's, in bytes.
const BODY_MAX: usize = 256 * 1024;

/// Why a resync cannot be replayed.
const NO_RESYNC_AGAIN: &str =
    "A resync goes to where the strategy stood then, so it is not replayed. Resync the webhook again.";

pub(crate) fn replay(context: &Arc<Context>, request: &NewReplay) -> Result<SignalPage, RpcError> {
    if request.ids.is_empty() || request.ids.len() > REPLAYS_MAX {
        return Err(RpcError::invalid("ids", "Name 1 to 500 signals to replay."));
    }
    if request.body.is_some() && request.ids.len() > 1 {
        return Err(RpcError::invalid("body", "Another body goes with one signal only."));
    }
    if request.body.as_ref().is_some_and(|b| b.len() > BODY_MAX) {
        return Err(RpcError::reason(ReasonCode::BodyTooLarge));
    }
    context.directory.reload().map_err(|e| store_error(&e))?;
    let replays = request
        .ids
        .iter()
        .map(|id| Replay::of(context, id, request.body.as_deref()))
        .collect::<Result<Vec<_>, _>>()?;
    if request.dry_run.unwrap_or(false) {
        return dry_run(context, &replays);
    }
    let ids: Vec<SignalId> = replays.iter().map(|r| r.id.clone()).collect();
    context
        .store
        .writer()
        .run(move |tx| replays.iter().try_for_each(|r| r.insert(tx).map(|_| ())))
        .map_err(|e| store_error(&e))?;
    context.changes.signals(ids.iter());
    context.wake.call();
    settle(context, &ids)?;
    Ok(SignalPage { signals: rows_of(context, &ids)?, next: None, trials: Vec::new() })
}

/// Gives the worker a moment to decide the replays, whoever it is: this process, a running one, or another command.
pub(super) fn settle(context: &Arc<Context>, ids: &[SignalId]) -> Result<(), RpcError> {
    let started = Instant::now();
    let patience = Wake::default();
    while started.elapsed() < SETTLE_MAX {
        work_if_nobody_does(context)?;
        let waiting = context
            .store
            .reader()
            .read(|view| {
                let last = ids.last().map(|id| store::signals::get(view, id)).transpose()?.flatten();
                Ok(last.is_some_and(|s| s.signal.status == SignalStatus::Received))
            })
            .map_err(|e| store_error(&e))?;
        if !waiting {
            break;
        }
        patience.wait(SETTLE_POLL);
    }
    Ok(())
}

/// A replay before it is written.
struct Replay {
    id: SignalId,
    original: SignalDetail,
    webhook: WebhookRow,
    body: Vec<u8>,
    received_at: Timestamp,
    read: Result<Message, dialect::ReadError>,
}

impl Replay {
    fn of(context: &Context, id: &str, body: Option<&str>) -> Result<Self, RpcError> {
        let original = context
            .store
            .reader()
            .read(|view| store::signals::get(view, &id_of_store(id)?))
            .map_err(|e| store_error(&e))?
            .ok_or_else(|| RpcError::not_found("signal", id))?;
        if let Some(why) = original.signal.reason_code.and_then(bar_to_replay) {
            return Err(RpcError::new("NOT_REPLAYABLE", why));
        }
        if original.signal.status == SignalStatus::Received {
            return Err(RpcError::new("NOT_DECIDED", "This signal is still waiting for its decision."));
        }
        if original.signal.source == super::resync::SOURCE {
            return Err(RpcError::new("NOT_REPLAYABLE", NO_RESYNC_AGAIN));
        }
        let webhook = context.directory.rows().get(&original.signal.webhook_id).cloned();
        let webhook = webhook.ok_or_else(|| RpcError::reason(ReasonCode::UnknownWebhook))?;
        // A body that was put in by hand may have the token in it; what is stored must not.
        let body = match body {
            Some(text) => dialect::mask(text.as_bytes(), None, original.signal.dialect),
            None => original.raw_body.clone(),
        };
        let leg = usize::try_from(original.signal.leg).unwrap_or(0);
        let read = read(&body, &webhook.webhook, leg);
        let received_at = context.clock.now();
        Ok(Self { id: random::replay_id(received_at), original, webhook, body, received_at, read })
    }

    fn insert(&self, tx: &store::Tx) -> Result<store::signals::SignalNo, store::StoreError> {
        let row = &self.original.signal;
        let (canonical, repairs) = match &self.read {
            Ok(message) => (Some(wire::stored_signal(&message.signal)), Some(json(&message.repairs))),
            Err(_) => (None, None),
        };
        let signal = self.read.as_ref().ok().map(|message| &message.signal);
        let error = self.read.as_ref().err();
        let details = error.map(error_details);
        let new = NewSignal {
            id: &self.id,
            webhook_id: &row.webhook_id,
            revision: Some(self.webhook.revision),
            status: if error.is_some() { SignalStatus::Rejected } else { SignalStatus::Received },
            mode: self.webhook.webhook.mode,
            source: &row.source,
            source_ip: row.source_ip.as_deref(),
            received_at: self.received_at,
            dialect: self.read.as_ref().map_or_else(|e| e.dialect, |message| message.dialect),
            repairs: repairs.as_deref(),
            action: signal.map(|s| s.action.as_str()),
            symbol: signal.map(|s| &s.symbol),
            reason_code: error.map(|e| e.code),
            reason: error.map(|e| e.sentence.as_str()),
            details: details.as_deref(),
            canonical: canonical.as_deref(),
            raw_body: &self.body,
            content_type: self.original.content_type.as_deref(),
            headers: self.original.headers.as_deref(),
            timings: Some("{}"),
            replay_of: Some(&row.id),
            parent: None,
            leg: row.leg,
            alert_time: signal.and_then(|s| s.alert_time),
            lag_ms: None,
            test: row.test,
        };
        store::signals::insert(tx, &new)
    }
}

fn id_of_store(text: &str) -> Result<SignalId, store::StoreError> {
    id_of(text).map_err(|_| store::StoreError::Missing { what: "signal" })
}

fn error_details(error: &dialect::ReadError) -> String {
    let mut details = std::collections::BTreeMap::new();
    for (name, value) in [("line", error.line), ("column", error.column)] {
        if let Some(value) = value {
            details.insert(name, value.to_string());
        }
    }
    if let Some(field) = &error.field {
        details.insert("field", field.clone());
    }
    json(&details)
}

/// Says what would happen, one after the other, and writes nothing.
fn dry_run(context: &Arc<Context>, replays: &[Replay]) -> Result<SignalPage, RpcError> {
    let mut before = None;
    let mut trials = Vec::with_capacity(replays.len());
    for replay in replays {
        let original = &replay.original.signal;
        let trial = Trial::of(&replay.webhook, &original.source, Some(&original.id), replay.received_at);
        let mut trial = trial.after(before.take());
        trials.push(trial.run(context, &replay.id, &replay.body, replay.read.as_ref())?);
        before = Some(trial);
    }
    Ok(SignalPage::tried(trials))
}
