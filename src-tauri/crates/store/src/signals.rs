//! Tables `signals`, `signal_messages`, `signal_decisions`: every alert that came, as it came, and what became of it.
//!
//! A row with status `received` is the queue. A decision is final and the evidence (body, time, webhook) cannot be
//! changed; keys and triggers see to both. The body is masked before it gets here.

mod list;
mod remove;
mod row;
mod search;

use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, ReasonCode, SignalId, SignalStatus, Symbol, Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params, params};

pub use list::{Cursor, PAGE_MAX, Page, SignalFilter, list};
pub(crate) use remove::delete_of_webhook;
pub use remove::{CHUNK_MAX, retain};
pub use row::{NewSignal, ReceivedSignal, SignalDetail, SignalNo, SignalRow};
pub(crate) use search::SCHEMA as SEARCH_SCHEMA;
pub use search::{Indexed, index_pending, rebuild_search};

/// Three tables, because the row of a signal is written twice and should be short: what came (`signal_messages`) and
/// why it ended as it did (`signal_decisions`) are written once.
///
/// `AUTOINCREMENT` because a number that came back would hide a new row behind an old cursor. The indexes by status
/// leave out what waits, so that a decision adds an entry and never moves one; the queue has its own.
pub(crate) const SCHEMA: &str = "
CREATE TABLE signals (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  uid           TEXT NOT NULL UNIQUE,
  webhook       INTEGER NOT NULL REFERENCES webhooks (no),
  revision      INTEGER,
  status        TEXT NOT NULL CHECK (status IN ('received', 'executed', 'rejected', 'failed')),
  mode          TEXT NOT NULL,
  source        TEXT NOT NULL,
  source_ip     TEXT,
  received_at   INTEGER NOT NULL,
  dialect       TEXT,
  action        TEXT,
  symbol        TEXT,
  reason_code   TEXT,
  repairs       TEXT,
  replay_of     TEXT,
  parent_uid    TEXT,
  leg           INTEGER NOT NULL,
  alert_time    INTEGER,
  lag_ms        INTEGER,
  test          INTEGER NOT NULL CHECK (test IN (0, 1)),
  refused_count INTEGER NOT NULL
) STRICT;
CREATE INDEX signals_waiting ON signals (id) WHERE status = 'received';
CREATE INDEX signals_webhook_status ON signals (webhook, status, id) WHERE status <> 'received';
CREATE INDEX signals_webhook ON signals (webhook, id);
CREATE INDEX signals_status ON signals (status, id) WHERE status <> 'received';
CREATE INDEX signals_symbol ON signals (symbol, id);
CREATE INDEX signals_replayed ON signals (id) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_replay_of ON signals (replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX signals_parent ON signals (parent_uid) WHERE parent_uid IS NOT NULL;
CREATE TRIGGER signals_decision_is_final BEFORE UPDATE OF status ON signals
  WHEN old.status <> 'received' BEGIN SELECT RAISE (ABORT, 'a decision is final'); END;
CREATE TRIGGER signals_evidence_is_fixed
  BEFORE UPDATE OF id, uid, webhook, revision, source, received_at, replay_of ON signals
  BEGIN SELECT RAISE (ABORT, 'a signal is evidence'); END;
CREATE TABLE signal_messages (
  signal       INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  timings      TEXT,
  content_type TEXT,
  headers      TEXT,
  canonical    TEXT,
  raw_body     BLOB NOT NULL
) STRICT;
CREATE TRIGGER signal_messages_are_fixed BEFORE UPDATE ON signal_messages
  BEGIN SELECT RAISE (ABORT, 'a message is evidence'); END;
CREATE TABLE signal_decisions (
  signal  INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  reason  TEXT,
  details TEXT,
  timings TEXT,
  checks  TEXT
) STRICT;
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

/// The signals that wait for their decision and came after `after`, oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn received(view: &View, after: SignalNo, limit: u32) -> Result<Vec<ReceivedSignal>, StoreError> {
    view.prepared(row::select!(
        ", m.canonical FROM signals s JOIN webhooks w ON w.no = s.webhook
         JOIN signal_messages m ON m.signal = s.id LEFT JOIN signal_decisions d ON d.signal = s.id
         WHERE s.status = 'received' AND s.id > :after ORDER BY s.id LIMIT :limit"
    ))?
    .query_and_then(named_params! {":after": after.get(), ":limit": limit}, row::read_received)?
    .collect()
}

/// Decides a signal that waits.
///
/// # Errors
/// [`StoreError::Decided`] when it has its decision, [`StoreError::Missing`] when it is gone.
pub fn decide(tx: &Tx, id: &SignalId, decision: &Decision) -> Result<(), StoreError> {
    // Not one statement with RETURNING, which keeps what it returns in a table of its own.
    let (no, webhook, waits): (i64, i64, bool) = tx
        .prepared("SELECT id, webhook, status = 'received' FROM signals WHERE uid = ?1")?
        .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?
        .ok_or(StoreError::Missing { what: "signal" })?;
    if !waits {
        return Err(StoreError::Decided { id: id.clone() });
    }
    let code = decision.reason_code.map(ReasonCode::as_str);
    tx.prepared("UPDATE signals SET status = ?2, reason_code = ?3 WHERE id = ?1")?.execute(params![
        no,
        decision.status.as_str(),
        code
    ])?;
    tx.counts().note(webhook, SignalStatus::Received, -1, 0);
    tx.counts().note(webhook, decision.status, 1, 0);
    row::insert_decision(
        tx,
        SignalNo::new(no),
        decision.reason.as_deref(),
        decision.details.as_deref(),
        decision.timings.as_deref(),
        decision.checks.as_deref(),
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
        "SELECT uid FROM (SELECT uid, reason_code, received_at FROM signals
           WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook) AND status = 'rejected'
           ORDER BY id DESC LIMIT 1000)
         WHERE reason_code = :code AND received_at >= :since LIMIT 1",
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
        ", m.content_type, m.headers, m.canonical, d.checks, m.raw_body, r.config
         FROM signals s JOIN webhooks w ON w.no = s.webhook
         JOIN signal_messages m ON m.signal = s.id LEFT JOIN signal_decisions d ON d.signal = s.id
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
        "SELECT p.received_at, m.canonical, d.checks FROM (
           SELECT id, webhook, status, received_at FROM signals WHERE symbol = :symbol ORDER BY id DESC LIMIT :limit
         ) p JOIN webhooks w ON w.no = p.webhook JOIN signal_messages m ON m.signal = p.id
         JOIN signal_decisions d ON d.signal = p.id
         WHERE p.status = 'rejected' AND w.account_id = :account ORDER BY p.id DESC",
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
