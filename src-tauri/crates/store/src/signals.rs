//! Tables `signals`, `signal_queue`, `signal_decisions`: every alert that came, as it came, whether it waits, and what
//! became of it.
//!
//! A signal without a decision has the status `received`. A decision is final and the evidence (body, time, webhook) cannot be
//! changed; keys and triggers see to both. The body is masked before it gets here.

mod list;
mod remove;
mod row;
mod said;
mod search;

use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, ReasonCode, SignalId, SignalStatus, Symbol, Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params, params};

pub use list::{Cursor, PAGE_MAX, Page, SignalFilter, list};
pub(crate) use remove::delete_of_webhook;
pub use remove::{CHUNK_MAX, retain};
pub use row::{NewSignal, ReceivedSignal, SignalDetail, SignalNo, SignalRow};
pub use said::{SaidRow, said};
pub(crate) use search::SCHEMA as SEARCH_SCHEMA;
pub use search::{IndexChunk, Indexed, index_pending, rebuild_search};

/// Three tables, so that every row is written once: the signal with what came, that it waits (`signal_queue`) and what
/// became of it (`signal_decisions`). A status in the signal's own row would have the wide row and its indexes written a
/// second time by every decision. A signal waits while it has no decision, whatever the queue says, and no second
/// decision has a place. The message stands last in its row: a list reads no further than the columns before it.
///
/// A number that came back would hide a new row behind an old cursor, so `signal_numbers` remembers the highest that was
/// removed: `AUTOINCREMENT` would write that with every row. No index has the webhook alone: what is wanted of a webhook
/// is walked status by status. For want of it `webhook` is no foreign key, which would scan the table when a webhook
/// goes: [`insert`] demands the webhook, and its removal begins with its signals.
pub(crate) const SCHEMA: &str = "
CREATE TABLE signals (
  id            INTEGER PRIMARY KEY,
  uid           TEXT NOT NULL UNIQUE,
  webhook       INTEGER NOT NULL,
  revision      INTEGER,
  mode          TEXT NOT NULL,
  source        TEXT NOT NULL,
  source_ip     TEXT,
  received_at   INTEGER NOT NULL,
  dialect       TEXT,
  action        TEXT,
  symbol        TEXT,
  repairs       TEXT,
  replay_of     TEXT,
  parent_uid    TEXT,
  leg           INTEGER NOT NULL,
  alert_time    INTEGER,
  lag_ms        INTEGER,
  test          INTEGER NOT NULL CHECK (test IN (0, 1)),
  refused_count INTEGER NOT NULL,
  timings       TEXT,
  content_type  TEXT,
  headers       TEXT,
  canonical     TEXT,
  raw_body      BLOB NOT NULL
) STRICT;
CREATE TABLE signal_numbers (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  removed INTEGER NOT NULL
) STRICT;
INSERT INTO signal_numbers (one, removed) VALUES (1, 0);
CREATE INDEX signals_symbol ON signals (symbol, id);
CREATE INDEX signals_replayed ON signals (id) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_replay_of ON signals (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_parent ON signals (parent_uid) WHERE parent_uid IS NOT NULL;
CREATE TRIGGER signals_evidence_is_fixed
  BEFORE UPDATE OF id, uid, webhook, revision, source, received_at, replay_of, timings, content_type, headers, canonical,
    raw_body ON signals
  BEGIN SELECT RAISE (ABORT, 'a signal is evidence'); END;
CREATE TABLE signal_queue (
  signal INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE signal_decisions (
  signal      INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  webhook     INTEGER NOT NULL,
  status      TEXT NOT NULL CHECK (status = 'executed' OR status = 'rejected' OR status = 'failed'),
  reason_code TEXT,
  reason      TEXT,
  details     TEXT,
  timings     TEXT,
  checks      TEXT
) STRICT;
CREATE INDEX signal_decisions_webhook ON signal_decisions (webhook, status, signal);
CREATE INDEX signal_decisions_status ON signal_decisions (status, signal);
CREATE TRIGGER signal_decisions_are_final BEFORE UPDATE ON signal_decisions
  BEGIN SELECT RAISE (ABORT, 'a decision is final'); END;
";

/// What became of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Anything but [`SignalStatus::Received`].
    pub status: SignalStatus,
    /// Why, where there is a reason.
    pub reason_code: Option<ReasonCode>,
    /// The reason in a sentence.
    pub reason: Option<String>,
    /// The numbers behind it, JSON.
    pub details: Option<String>,
    /// Each risk check with its figure, JSON.
    pub checks: Option<String>,
    /// How long each step took, JSON.
    pub timings: Option<String>,
}

/// A signal that was rejected on an account, as far as its price is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// When it came.
    pub received_at: Timestamp,
    /// What it says, JSON.
    pub canonical: Option<String>,
    /// Each risk check with its figure, JSON.
    pub checks: Option<String>,
}

/// Writes a signal: accepted (`received`, and so in the queue) or refused (decided already).
///
/// # Errors
/// [`StoreError::Conflict`] when the id exists or there is no such webhook.
pub fn insert(tx: &Tx, signal: &NewSignal<'_>) -> Result<SignalNo, StoreError> {
    row::insert(tx, signal)
}

/// The places of the signals that wait for their decision and came after `after`, oldest first, at most `limit`. It
/// costs no more than to read the queue's own index.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn waiting(view: &View, after: SignalNo, limit: u32) -> Result<Vec<SignalNo>, StoreError> {
    view.prepared(
        "SELECT signal FROM signal_queue q WHERE signal > ?1
           AND NOT EXISTS (SELECT 1 FROM signal_decisions d WHERE d.signal = q.signal)
         ORDER BY signal LIMIT ?2",
    )?
    .query_and_then(params![after.get(), limit], |row| Ok(SignalNo::new(row.get(0)?)))?
    .collect()
}

/// A signal that waits; nothing when it is decided or gone.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn received(view: &View, no: SignalNo) -> Result<Option<ReceivedSignal>, StoreError> {
    view.prepared(row::select!(
        ", s.canonical FROM signals s JOIN webhooks w ON w.no = s.webhook
         LEFT JOIN signal_decisions d ON d.signal = s.id
         WHERE s.id = :no AND d.signal IS NULL"
    ))?
    .query_row(named_params! {":no": no.get()}, |row| Ok(row::read_received(row)))
    .optional()?
    .transpose()
}

/// Decides a signal that waits.
///
/// # Errors
/// [`StoreError::Decided`] when it has its decision, [`StoreError::Missing`] when it is gone.
pub fn decide(tx: &Tx, id: &SignalId, decision: &Decision) -> Result<(), StoreError> {
    let (no, webhook): (i64, i64) = tx
        .prepared("SELECT id, webhook FROM signals WHERE uid = ?1")?
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?
        .ok_or(StoreError::Missing { what: "signal" })?;
    decide_row(tx, SignalNo::new(no), webhook, id, decision)
}

/// The same for a signal whose place and webhook are known, which need not be looked for.
///
/// # Errors
/// As [`decide`].
pub fn decide_known(
    tx: &Tx,
    no: SignalNo,
    webhook: &WebhookId,
    id: &SignalId,
    decision: &Decision,
) -> Result<(), StoreError> {
    let webhook = tx.webhook_no(webhook)?.ok_or(StoreError::Missing { what: "webhook" })?;
    decide_row(tx, no, webhook, id, decision)
}

fn decide_row(
    tx: &Tx,
    no: SignalNo,
    webhook: i64,
    id: &SignalId,
    decision: &Decision,
) -> Result<(), StoreError> {
    let waited = tx.prepared("DELETE FROM signal_queue WHERE signal = ?1")?.execute([no.get()])?;
    if waited == 0 {
        let known = tx.prepared("SELECT 1 FROM signals WHERE id = ?1")?.exists([no.get()])?;
        let missing = StoreError::Missing { what: "signal" };
        return Err(if known { StoreError::Decided { id: id.clone() } } else { missing });
    }
    tx.counts().note(webhook, SignalStatus::Received, -1, 0);
    tx.counts().note(webhook, decision.status, 1, 0);
    row::insert_decision(
        tx,
        no,
        webhook,
        &row::Outcome {
            status: decision.status,
            reason_code: decision.reason_code,
            reason: decision.reason.as_deref(),
            details: decision.details.as_deref(),
            timings: decision.timings.as_deref(),
            checks: decision.checks.as_deref(),
        },
    )
}

/// Counts one more refused request on the row that stands for its like.
///
/// # Errors
/// [`StoreError::Missing`] when the row is gone.
pub fn count_refused(tx: &Tx, id: &SignalId, more: u32) -> Result<(), StoreError> {
    let changed = tx
        .prepared("UPDATE signals SET refused_count = refused_count + :more WHERE uid = :uid")?
        .execute(named_params! {":uid": id.as_str(), ":more": more})?;
    if changed == 0 { Err(StoreError::Missing { what: "signal" }) } else { Ok(()) }
}

/// The newest refused signal of a webhook with this code since `since`: the row on which its like are counted.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn refused_since(
    view: &View,
    webhook: &WebhookId,
    code: ReasonCode,
    since: Timestamp,
) -> Result<Option<SignalId>, StoreError> {
    view.prepared(
        "SELECT uid FROM (SELECT signal, reason_code FROM signal_decisions
           WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook) AND status = 'rejected'
           ORDER BY signal DESC LIMIT 1000) d CROSS JOIN signals s ON s.id = d.signal
         WHERE d.reason_code = :code AND received_at >= :since ORDER BY d.signal DESC LIMIT 1",
    )?
    .query_row(
        named_params! {":webhook": webhook.as_str(), ":code": code.as_str(), ":since": since.as_micros()},
        |row| Ok(crate::column::text(row, "uid")),
    )
    .optional()?
    .transpose()
}

/// Everything about one signal.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: &SignalId) -> Result<Option<SignalDetail>, StoreError> {
    view.prepared(row::select!(
        ", s.content_type, s.headers, s.canonical, d.checks, s.raw_body, r.config
         FROM signals s JOIN webhooks w ON w.no = s.webhook
         LEFT JOIN signal_decisions d ON d.signal = s.id
         LEFT JOIN webhook_revisions r ON r.id = s.revision WHERE s.uid = :uid"
    ))?
    .query_row(named_params! {":uid": id.as_str()}, |row| Ok(row::read_detail(row)))
    .optional()?
    .transpose()
}

/// The rejected ones among the newest `limit` signals of a symbol, from webhooks that now trade on the account; newest
/// first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn refused_of_symbol(
    view: &View,
    account: &AccountId,
    symbol: &Symbol,
    limit: u32,
) -> Result<Vec<Refused>, StoreError> {
    view.prepared(
        "SELECT p.received_at, p.canonical, d.checks FROM (
           SELECT id, webhook, received_at, canonical FROM signals WHERE symbol = :symbol ORDER BY id DESC LIMIT :limit
         ) p JOIN webhooks w ON w.no = p.webhook JOIN signal_decisions d ON d.signal = p.id
         WHERE d.status = 'rejected' AND w.account_id = :account ORDER BY p.id DESC",
    )?
    .query_and_then(
        named_params! {":account": account.as_str(), ":symbol": symbol.as_str(), ":limit": limit},
        |row| {
            Ok(Refused {
                received_at: crate::column::time(row, "received_at")?,
                canonical: crate::column::plain(row, "canonical")?,
                checks: crate::column::plain(row, "checks")?,
            })
        },
    )?
    .collect()
}

/// The replays of a signal, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn replays_of(view: &View, id: &SignalId) -> Result<Vec<SignalId>, StoreError> {
    view.prepared("SELECT uid FROM signals WHERE replay_of = :uid ORDER BY id")?
        .query_and_then(named_params! {":uid": id.as_str()}, |row| crate::column::text(row, "uid"))?
        .collect()
}

/// The other signals of the body whose first signal this is, by leg.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn siblings_of(view: &View, first: &SignalId) -> Result<Vec<SignalId>, StoreError> {
    view.prepared("SELECT uid FROM signals WHERE parent_uid = :uid ORDER BY leg")?
        .query_and_then(named_params! {":uid": first.as_str()}, |row| crate::column::text(row, "uid"))?
        .collect()
}
