//! Requests that were refused before they were authenticated, and those over a limit: strangers decide how many there
//! are, so the first of its kind in a minute becomes a row and the others are counted on it, in one write every few
//! seconds. Those for unknown webhooks stay in a ring in memory.

use crate::context::Context;
use crate::intake::{headers, json, source};
use crate::random;
use crate::wire;
use domain::{ReasonCode, SignalId, SignalStatus, Timestamp, WebhookId};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use store::signals::NewSignal;
use store::{StoreError, Tx};
use webhook::{Note, Refusal};

/// Refusals that wait to be written; more are only counted.
const PENDING_MAX: usize = 256;
/// Refusals for unknown webhooks that are kept, in memory only.
const UNKNOWN_MAX: usize = 200;
/// How far back the row may be on which like requests are counted, in microseconds.
const COUNT_ON_US: i64 = 120 * 1_000_000;

#[derive(Default)]
pub(crate) struct Refused(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    full: Vec<Refusal>,
    repeated: BTreeMap<(WebhookId, ReasonCode), (u32, Timestamp)>,
    unknown: VecDeque<UnknownRequest>,
    unknown_total: u64,
}

/// A request for a webhook that does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnknownRequest {
    pub(crate) at: Timestamp,
    pub(crate) remote: String,
    pub(crate) code: ReasonCode,
}

impl Refused {
    pub(crate) fn note(&self, note: Note) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match note {
            Note::Full(refusal) if refusal.webhook.is_none() => {
                waiting.unknown_total += 1;
                if waiting.unknown.len() == UNKNOWN_MAX {
                    waiting.unknown.pop_front();
                }
                let (at, remote) = (refusal.request.received_at, refusal.request.remote.to_string());
                waiting.unknown.push_back(UnknownRequest { at, remote, code: refusal.code });
            }
            Note::Full(refusal) if waiting.full.len() < PENDING_MAX => waiting.full.push(*refusal),
            Note::Full(refusal) => {
                let at = refusal.request.received_at;
                if let Some(webhook) = refusal.webhook {
                    waiting.count(webhook, refusal.code, at);
                }
            }
            Note::Repeated { webhook: Some(webhook), code, at } => waiting.count(webhook, code, at),
            Note::Repeated { webhook: None, .. } => waiting.unknown_total += 1,
        }
    }

    /// How many requests for unknown webhooks there were, and the newest of them.
    pub(crate) fn unknown(&self) -> (u64, Option<UnknownRequest>) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (waiting.unknown_total, waiting.unknown.back().cloned())
    }

    /// Writes what waits, in one transaction.
    pub(crate) fn flush(&self, context: &Context) {
        let (full, repeated) = {
            let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            (std::mem::take(&mut waiting.full), std::mem::take(&mut waiting.repeated))
        };
        if full.is_empty() && repeated.is_empty() {
            return;
        }
        let rows: Vec<(SignalId, Refusal)> =
            full.into_iter().map(|r| (random::signal_id(r.request.received_at), r)).collect();
        let ids: Vec<SignalId> = rows.iter().map(|(id, _)| id.clone()).collect();
        let written = context.store.writer().run(move |tx| {
            for (id, refusal) in &rows {
                insert(tx, id, refusal)?;
            }
            repeated
                .iter()
                .try_for_each(|((webhook, code), (more, at))| count(tx, webhook, *code, *more, *at))
        });
        match written {
            Ok(()) => context.changes.signals(ids.iter()),
            Err(error) => tracing::error!(%error, "refused requests could not be stored"),
        }
    }
}

impl Waiting {
    fn count(&mut self, webhook: WebhookId, code: ReasonCode, at: Timestamp) {
        let counted = self.repeated.entry((webhook, code)).or_insert((0, at));
        counted.0 = counted.0.saturating_add(1);
        counted.1 = at;
    }
}

fn count(tx: &Tx, webhook: &WebhookId, code: ReasonCode, more: u32, at: Timestamp) -> Result<(), StoreError> {
    let row = store::signals::refused_since(tx, webhook, code, at.plus_micros(-COUNT_ON_US))?;
    match row {
        Some(id) => store::signals::count_refused(tx, &id, more),
        // The row went with its webhook or its retention: there is nothing left to count on.
        None => Ok(()),
    }
}

/// Writes a refused request as a decided row; nothing when its webhook is gone.
pub(crate) fn insert(tx: &Tx, id: &SignalId, refusal: &Refusal) -> Result<bool, StoreError> {
    let Some(webhook_id) = &refusal.webhook else { return Ok(false) };
    let Some(row) = store::webhooks::get(tx, webhook_id)? else { return Ok(false) };
    let request = &refusal.request;
    let mut details = BTreeMap::from([("http_status", refusal.status.to_string())]);
    for (name, value) in [("line", refusal.line), ("column", refusal.column)] {
        if let Some(value) = value {
            details.insert(name, value.to_string());
        }
    }
    if let Some(field) = &refusal.field {
        details.insert("field", field.clone());
    }
    let timings = wire::Timings {
        auth: i64::try_from(refusal.timings.auth_us).ok(),
        parse: i64::try_from(refusal.timings.parse_us).ok(),
        ..wire::Timings::default()
    };
    let new = NewSignal {
        id,
        webhook_id,
        revision: Some(row.revision),
        status: SignalStatus::Rejected,
        mode: row.webhook.mode,
        source: &source(request),
        source_ip: Some(&request.remote.to_string()),
        received_at: request.received_at,
        dialect: refusal.dialect,
        repairs: None,
        action: None,
        symbol: None,
        reason_code: Some(refusal.code),
        reason: Some(&refusal.sentence),
        details: Some(&json(&details)),
        canonical: None,
        raw_body: &request.body,
        content_type: request.content_type.as_deref(),
        headers: Some(&headers(request)),
        timings: Some(&json(&timings)),
        replay_of: None,
        parent: None,
        leg: 0,
        alert_time: None,
        lag_ms: None,
        test: false,
    };
    store::signals::insert(tx, &new).map(|_| true)
}
