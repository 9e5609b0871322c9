//! Where requests enter: one transaction holds the raw request, its signals and their place in the queue, and the
//! sender hears of it after the fsync. Nothing is decided here but whether a message is a repetition.

use crate::answers::{Answer, Answers};
use crate::context::Context;
use crate::refused::Refused;
use crate::waiting::Waiting;
use crate::wire;
use crate::{directory, random};
use domain::{ReasonCode, Signal, SignalId, SignalStatus, Timestamp, WebhookId};
use paper::duplicate::{self, Message, Recorded, Verdict, Window};
use std::sync::Arc;
use store::dedupe::Sighting;
use store::signals::{NewSignal, SignalNo};
use store::webhooks::{RevisionId, WebhookMode};
use store::{Busy, StoreError, Tx};
use tokio::sync::oneshot;
use webhook::{AcceptAnswer, Arrival, Note, Received, Refusal, SignalSink, Signed};

/// Takes what the listener has judged.
pub(crate) struct Intake {
    context: Arc<Context>,
    refused: Arc<Refused>,
    answers: Answers<Result<Stored, StoreError>, Option<Prepared>>,
}

impl Intake {
    /// On the listener's runtime, which gives the answers.
    pub(crate) fn new(context: Arc<Context>, refused: Arc<Refused>) -> Self {
        let answers = Answers::start(Arc::clone(&context));
        Self { context, refused, answers }
    }
}

impl SignalSink for Intake {
    async fn accept(&self, arrival: Arrival) -> AcceptAnswer {
        let rows = self.context.directory.rows();
        let Some(row) = rows.get(&arrival.webhook) else { return AcceptAnswer::Stale };
        let prepared = Prepared::of(arrival, row.webhook.mode, row.revision, row.webhook.dedupe_ms);
        let prepared = Arc::new(prepared);
        let ids: Vec<SignalId> = prepared.signals.iter().map(|s| s.id.clone()).collect();
        let (to, told) = oneshot::channel();
        let (context, answers) = (Arc::clone(&self.context), self.answers.clone());
        let spent = Arc::clone(&prepared);
        let done = move |told: Result<Stored, StoreError>| {
            let ids = match &told {
                Ok(Stored::Accepted { .. } | Stored::Duplicate { .. } | Stored::SignedIdUsed { .. }) => ids,
                Ok(Stored::Stale) | Err(_) => Vec::new(),
            };
            // The job is gone by now, and with it the other share.
            let mut spent = Arc::into_inner(spent);
            if let (Ok(Stored::Accepted { places, .. }), Some(prepared)) = (&told, &mut spent) {
                context.kept.put(prepared.waiting(places, context.clock.now()));
            }
            answers.put(Answer { ids, told, to, spent });
        };
        if let Err(busy) = self.context.store.writer().submit_repeatable(move |tx| prepared.write(tx), done) {
            return match busy {
                Busy::QueueFull => AcceptAnswer::Unavailable,
                Busy::ShuttingDown => AcceptAnswer::ShuttingDown,
            };
        }
        answer(told.await)
    }

    async fn refuse(&self, refusal: Refusal) -> Option<SignalId> {
        let id = random::signal_id(refusal.request.received_at);
        let (tell, told) = oneshot::channel();
        let row = id.clone();
        let job = move |tx: &Tx| crate::refused::insert(tx, &row, &refusal);
        let context = Arc::clone(&self.context);
        let shown = id.clone();
        let done = move |result: Result<bool, StoreError>| {
            if matches!(result, Ok(true)) {
                context.changes.signals([shown].iter());
            }
            let _given_up = tell.send(result);
        };
        self.context.store.writer().submit_repeatable(job, done).ok()?;
        match told.await {
            Ok(Ok(true)) => Some(id),
            Ok(Ok(false)) | Err(_) => None,
            Ok(Err(error)) => {
                tracing::error!(%error, "a refused request could not be stored");
                None
            }
        }
    }

    async fn is_ready(&self) -> bool {
        let (tell, told) = oneshot::channel();
        let done = move |result: Result<(), StoreError>| {
            // A probe that waited too long is not answered.
            let _given_up = tell.send(result.is_ok());
        };
        self.context.store.writer().submit_repeatable(store::probe, done).is_ok()
            && told.await.unwrap_or(false)
    }

    fn note(&self, note: Note) {
        self.refused.note(note);
    }
}

fn answer(told: Result<Result<Stored, StoreError>, oneshot::error::RecvError>) -> AcceptAnswer {
    match told {
        Ok(Ok(Stored::Accepted { ids, places: _ })) => AcceptAnswer::Accepted { ids },
        Ok(Ok(Stored::Duplicate { id, first })) => AcceptAnswer::Duplicate { id, first },
        Ok(Ok(Stored::SignedIdUsed { id })) => AcceptAnswer::SignedIdUsed { id },
        Ok(Ok(Stored::Stale)) => AcceptAnswer::Stale,
        Ok(Err(StoreError::ShuttingDown)) => AcceptAnswer::ShuttingDown,
        Ok(Err(error)) => {
            tracing::error!(%error, "a signal could not be stored");
            AcceptAnswer::Unavailable
        }
        Err(_) => AcceptAnswer::Unavailable,
    }
}

/// What became of an accept job.
enum Stored {
    Accepted {
        ids: Vec<SignalId>,
        /// Where each of them stands in the queue; nothing for those that repeat others.
        places: Vec<Option<SignalNo>>,
    },
    Duplicate {
        id: SignalId,
        first: SignalId,
    },
    SignedIdUsed {
        id: SignalId,
    },
    Stale,
}

/// An arrival with everything computed that does not need the transaction.
struct Prepared {
    webhook: WebhookId,
    generation: u64,
    mode: WebhookMode,
    revision: RevisionId,
    request: Received,
    source: String,
    source_ip: String,
    headers: String,
    repairs: Option<String>,
    dialect: domain::DialectName,
    timings: wire::Timings,
    timings_text: String,
    signed: Option<Signed>,
    signals: Vec<PreparedSignal>,
}

struct PreparedSignal {
    id: SignalId,
    signal: Signal,
    canonical: String,
    /// What it is known by, should it come again.
    keys: Vec<duplicate::Key>,
}

impl Prepared {
    fn of(arrival: Arrival, mode: WebhookMode, revision: RevisionId, dedupe_ms: u32) -> Self {
        let timings = wire::Timings {
            auth: i64::try_from(arrival.timings.auth_us).ok(),
            parse: i64::try_from(arrival.timings.parse_us).ok(),
            ..wire::Timings::default()
        };
        let signals = arrival
            .reading
            .signals
            .into_iter()
            .enumerate()
            .map(|(index, signal)| PreparedSignal {
                id: random::signal_id(arrival.request.received_at),
                canonical: wire::stored_signal(&signal),
                keys: duplicate::keys(&Message {
                    webhook: &arrival.webhook,
                    body: &arrival.request.body,
                    index,
                    signal: &signal,
                    window_ms: dedupe_ms,
                }),
                signal,
            })
            .collect();
        let mut repairs: Vec<String> =
            arrival.reading.repairs.iter().map(dialect::Repair::sentence).collect();
        if arrival.request.is_large() {
            let bytes = arrival.request.body_bytes;
            repairs.push(format!("the message has {bytes} bytes: over 25 KiB is more than any alert needs"));
        }
        Self {
            webhook: arrival.webhook,
            generation: arrival.generation,
            mode,
            revision,
            source: source(&arrival.request),
            source_ip: arrival.request.remote.to_string(),
            headers: headers(&arrival.request),
            request: arrival.request,
            repairs: (!repairs.is_empty()).then(|| json(&repairs)),
            dialect: arrival.reading.dialect,
            timings_text: json(&timings),
            timings,
            signed: arrival.signed,
            signals,
        }
    }

    /// What the driver has to know of the signals that now stand at `places`; they are taken out.
    fn waiting(
        &mut self,
        places: &[Option<SignalNo>],
        committed_at: Timestamp,
    ) -> impl Iterator<Item = Waiting> {
        let (webhook, dialect) = (&self.webhook, self.dialect);
        let (received_at, timings) = (self.request.received_at, &self.timings);
        self.signals.drain(..).zip(places).filter_map(move |(prepared, no)| {
            Some(Waiting {
                no: (*no)?,
                id: prepared.id,
                webhook: webhook.clone(),
                dialect: Some(dialect),
                received_at,
                committed_at: Some(committed_at),
                replay: false,
                by_hand: false,
                timings: timings.clone(),
                signal: Ok(prepared.signal),
            })
        })
    }

    fn write(&self, tx: &Tx) -> Result<Stored, StoreError> {
        if directory::generation_in(tx)? != self.generation {
            return Ok(Stored::Stale);
        }
        if let Some(first) = self.signed_before(tx)? {
            return self.write_repetition(tx, &first);
        }
        let mut repeated = None;
        let mut places = Vec::with_capacity(self.signals.len());
        for (leg, prepared) in self.signals.iter().enumerate() {
            match self.judge(tx, prepared)? {
                Verdict::DuplicateOf(first) => {
                    self.insert_refused(tx, leg, ReasonCode::DuplicateSignal, Some(&first))?;
                    places.push(None);
                    repeated.get_or_insert(first);
                }
                Verdict::New { record } => {
                    places.push(self.insert_row(tx, leg, SignalStatus::Received, None, None)?);
                    self.record(tx, &record, &prepared.id)?;
                }
            }
        }
        self.remember_signed(tx)?;
        let ids: Vec<SignalId> = self.signals.iter().map(|s| s.id.clone()).collect();
        Ok(match (repeated, ids.first()) {
            (Some(first), Some(id)) if places.iter().all(Option::is_none) => {
                Stored::Duplicate { id: id.clone(), first }
            }
            _ => Stored::Accepted { ids, places },
        })
    }

    fn judge(&self, tx: &Tx, prepared: &PreparedSignal) -> Result<Verdict, StoreError> {
        let keys = prepared.keys.as_slice();
        // A single key that counts for ever is a repetition wherever it is known, so one statement asks and notes it.
        if let [key] = keys
            && key.window == Window::Forever
        {
            let (at, id) = (self.request.received_at, &prepared.id);
            let known = store::dedupe::put_first(tx, &self.webhook, &key.hash, at, id)?;
            let new = Verdict::New { record: Vec::new() };
            return Ok(known.map_or(new, |seen| Verdict::DuplicateOf(seen.signal_id)));
        }
        let mut known = Vec::with_capacity(keys.len());
        for key in keys {
            let sighting = store::dedupe::get(tx, &self.webhook, &key.hash)?;
            known.push(sighting.map(|s| Recorded { first_at: s.first_at, signal: s.signal_id }));
        }
        let find = |key: &duplicate::Key| {
            let place = keys.iter().position(|k| k.hash == key.hash)?;
            known.get(place).cloned().flatten()
        };
        Ok(duplicate::judge(keys, self.request.received_at, find))
    }

    fn record(&self, tx: &Tx, keys: &[duplicate::Key], id: &SignalId) -> Result<(), StoreError> {
        for key in keys {
            let first_at = self.request.received_at;
            let sighting = Sighting { first_at, signal_id: id.clone(), expires_at: key.expires_at(first_at) };
            store::dedupe::put(tx, &self.webhook, &key.hash, &sighting)?;
        }
        Ok(())
    }

    /// Whether it was sent to try the webhook; its message need not say so.
    fn is_test(&self) -> bool {
        self.signed.as_ref().is_some_and(|signed| signed.id.starts_with(crate::rpc::test_signal::TEST_MARK))
    }

    /// The signal that an earlier request with the same signed id made.
    fn signed_before(&self, tx: &Tx) -> Result<Option<SignalId>, StoreError> {
        let Some(signed) = &self.signed else { return Ok(None) };
        let sighting = store::dedupe::get(tx, &self.webhook, &signed_key(signed))?;
        Ok(sighting
            .filter(|s| s.expires_at.is_none_or(|e| e > self.request.received_at))
            .map(|s| s.signal_id))
    }

    fn remember_signed(&self, tx: &Tx) -> Result<(), StoreError> {
        let (Some(signed), Some(first)) = (&self.signed, self.signals.first()) else { return Ok(()) };
        let until = signed.sent_at_s.saturating_add(2 * vault::SIGNATURE_TOLERANCE_S);
        let sighting = Sighting {
            first_at: self.request.received_at,
            signal_id: first.id.clone(),
            expires_at: Some(Timestamp::from_seconds(until)),
        };
        store::dedupe::put(tx, &self.webhook, &signed_key(signed), &sighting)
    }

    /// A signed request that came before: the same bytes are a repetition, other bytes a misuse of the id.
    fn write_repetition(&self, tx: &Tx, first: &SignalId) -> Result<Stored, StoreError> {
        let same = store::signals::get(tx, first)?.is_some_and(|s| s.raw_body == self.request.body.as_ref());
        let Some(only) = self.signals.first() else { return Ok(Stored::Stale) };
        if same {
            self.insert_refused(tx, 0, ReasonCode::DuplicateSignal, Some(first))?;
            return Ok(Stored::Duplicate { id: only.id.clone(), first: first.clone() });
        }
        self.insert_refused(tx, 0, ReasonCode::TimestampOutOfTolerance, None)?;
        Ok(Stored::SignedIdUsed { id: only.id.clone() })
    }

    fn insert_refused(
        &self,
        tx: &Tx,
        leg: usize,
        code: ReasonCode,
        first: Option<&SignalId>,
    ) -> Result<(), StoreError> {
        let details = first.map(|id| json(&std::collections::BTreeMap::from([("first", id.as_str())])));
        self.insert_row(tx, leg, SignalStatus::Rejected, Some(code), details.as_deref()).map(|_| ())
    }

    fn insert_row(
        &self,
        tx: &Tx,
        leg: usize,
        status: SignalStatus,
        code: Option<ReasonCode>,
        details: Option<&str>,
    ) -> Result<Option<SignalNo>, StoreError> {
        let (Some(prepared), Some(first)) = (self.signals.get(leg), self.signals.first()) else {
            return Ok(None);
        };
        let signal = &prepared.signal;
        let alert_time = signal.alert_time;
        let new = NewSignal {
            id: &prepared.id,
            webhook_id: &self.webhook,
            revision: Some(self.revision),
            status,
            mode: self.mode,
            source: &self.source,
            source_ip: Some(&self.source_ip),
            received_at: self.request.received_at,
            dialect: Some(self.dialect),
            repairs: self.repairs.as_deref(),
            action: Some(&signal.action),
            symbol: signal.about(),
            reason_code: code,
            reason: code.map(ReasonCode::sentence),
            details,
            canonical: Some(&prepared.canonical),
            raw_body: &self.request.body,
            content_type: self.request.content_type.as_deref(),
            headers: Some(&self.headers),
            timings: Some(&self.timings_text),
            replay_of: None,
            parent: (leg > 0).then_some(&first.id),
            leg: u32::try_from(leg).unwrap_or(u32::MAX),
            alert_time,
            lag_ms: alert_time.map(|at| self.request.received_at.micros_since(at) / 1_000),
            test: signal.test || self.is_test(),
        };
        store::signals::insert(tx, &new).map(Some)
    }
}

/// Signed ids live in the same table as the other marks of repetition; the prefix keeps them apart from hashes.
fn signed_key(signed: &Signed) -> Vec<u8> {
    [b"signed:", signed.id.as_bytes()].concat()
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("BUG: texts and numbers are always JSON")
}

/// The label of the sender; `api` where the route has none.
pub(crate) fn source(request: &Received) -> String {
    request.source.as_deref().unwrap_or("api").to_owned()
}

pub(crate) fn headers(request: &Received) -> String {
    let mut map: std::collections::BTreeMap<&str, &str> =
        request.headers.iter().map(|(name, value)| (name.as_str(), value.as_ref())).collect();
    map.insert("pitwire-listener", request.via.as_str());
    json(&map)
}
