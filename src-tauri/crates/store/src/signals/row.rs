//! The row of a signal in its three sizes: for lists, for the driver, and whole.

use crate::column::InOrder;
use crate::error::StoreError;
use crate::view::Tx;
use crate::webhooks::{RevisionId, WebhookMode};
use domain::{DialectName, ReasonCode, SignalId, SignalStatus, Symbol, Timestamp, WebhookId};
use rusqlite::{Row, params};

/// The place of a signal in the order in which signals came; it only grows and never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignalNo(i64);

impl SignalNo {
    /// Before every signal.
    pub const ZERO: Self = Self(0);

    pub(crate) fn new(no: i64) -> Self {
        Self(no)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

/// A signal to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSignal<'a> {
    /// Its id.
    pub id: &'a SignalId,
    /// The webhook it came to.
    pub webhook_id: &'a WebhookId,
    /// The configuration that it was read with.
    pub revision: Option<RevisionId>,
    /// [`SignalStatus::Received`] when accepted, the decision when refused.
    pub status: SignalStatus,
    /// The webhook's mode at that time.
    pub mode: WebhookMode,
    /// The label of the sender, such as `tradingview`.
    pub source: &'a str,
    /// The sender's address.
    pub source_ip: Option<&'a str>,
    /// When the request was received.
    pub received_at: Timestamp,
    /// The format that was recognised.
    pub dialect: Option<DialectName>,
    /// What was repaired while reading, a JSON array.
    pub repairs: Option<&'a str>,
    /// The action as the message words it.
    pub action: Option<&'a str>,
    /// The symbol.
    pub symbol: Option<&'a Symbol>,
    /// Why it was refused.
    pub reason_code: Option<ReasonCode>,
    /// The reason in a sentence.
    pub reason: Option<&'a str>,
    /// The numbers behind it, JSON.
    pub details: Option<&'a str>,
    /// The canonical signal, JSON.
    pub canonical: Option<&'a str>,
    /// The bytes as they came, masked.
    pub raw_body: &'a [u8],
    /// The request's content type.
    pub content_type: Option<&'a str>,
    /// The request's headers without secrets, JSON.
    pub headers: Option<&'a str>,
    /// How long each step took, JSON.
    pub timings: Option<&'a str>,
    /// The signal of which this is a replay.
    pub replay_of: Option<&'a SignalId>,
    /// The first signal of the same body.
    pub parent: Option<&'a SignalId>,
    /// The place in the body, from 0.
    pub leg: u32,
    /// When the alert fired.
    pub alert_time: Option<Timestamp>,
    /// Milliseconds from `alert_time` to `received_at`.
    pub lag_ms: Option<i64>,
    /// Whether it is a test.
    pub test: bool,
}

/// A signal as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalRow {
    /// Its place in the order of arrival.
    pub no: SignalNo,
    /// Its id.
    pub id: SignalId,
    /// The webhook it came to.
    pub webhook_id: WebhookId,
    /// The present name of that webhook.
    pub webhook_name: String,
    /// The configuration that it was read with.
    pub revision: Option<RevisionId>,
    /// Where it stands.
    pub status: SignalStatus,
    /// The webhook's mode at that time.
    pub mode: WebhookMode,
    /// The label of the sender.
    pub source: String,
    /// The sender's address.
    pub source_ip: Option<String>,
    /// When the request was received.
    pub received_at: Timestamp,
    /// The format that was recognised.
    pub dialect: Option<DialectName>,
    /// What was repaired while reading, a JSON array.
    pub repairs: Option<String>,
    /// The action as the message words it.
    pub action: Option<String>,
    /// The symbol.
    pub symbol: Option<Symbol>,
    /// Why it was refused, denied or failed.
    pub reason_code: Option<ReasonCode>,
    /// The reason in a sentence.
    pub reason: Option<String>,
    /// The numbers behind it, JSON.
    pub details: Option<String>,
    /// How long each step took, JSON.
    pub timings: Option<String>,
    /// The signal of which this is a replay.
    pub replay_of: Option<SignalId>,
    /// The first signal of the same body.
    pub parent: Option<SignalId>,
    /// The place in the body, from 0.
    pub leg: u32,
    /// When the alert fired.
    pub alert_time: Option<Timestamp>,
    /// Milliseconds from `alert_time` to `received_at`.
    pub lag_ms: Option<i64>,
    /// Whether it is a test.
    pub test: bool,
    /// How many more refused requests this row stands for.
    pub refused_count: u32,
}

/// A signal that waits for its decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedSignal {
    /// The row.
    pub signal: SignalRow,
    /// The canonical signal, JSON.
    pub canonical: Option<String>,
}

/// Everything about a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalDetail {
    /// The row.
    pub signal: SignalRow,
    /// The bytes as they came, masked.
    pub raw_body: Vec<u8>,
    /// The request's content type.
    pub content_type: Option<String>,
    /// The request's headers without secrets, JSON.
    pub headers: Option<String>,
    /// The canonical signal, JSON.
    pub canonical: Option<String>,
    /// Each risk check with its figure, JSON.
    pub checks: Option<String>,
    /// The webhook's configuration of that time, JSON.
    pub config: Option<String>,
}

/// The columns of [`SignalRow`] from `signals s`, `signal_decisions d` and `webhooks w`, then whatever follows.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.id, s.uid, w.id AS webhook_id, w.name AS webhook_name, s.revision,
               coalesce(d.status, 'received') AS status, s.mode, s.source,
               s.source_ip, s.received_at, s.dialect, s.repairs, s.action, s.symbol, d.reason_code, d.reason,
               d.details, coalesce(d.timings, s.timings) AS timings, s.replay_of, s.parent_uid, s.leg,
               s.alert_time, s.lag_ms, s.test, s.refused_count ",
            $rest
        )
    };
}
pub(super) use select;

pub(super) fn insert(tx: &Tx, signal: &NewSignal<'_>) -> Result<SignalNo, StoreError> {
    let webhook = tx
        .webhook_no(signal.webhook_id)?
        .ok_or_else(|| StoreError::Conflict { message: format!("no webhook {}", signal.webhook_id) })?;
    // By place: looking up twenty names costs as much as writing the row.
    let no = SignalNo(tx.next_signal()?);
    tx.prepared(
        "INSERT INTO signals (uid, webhook, revision, mode, source, source_ip, received_at, dialect,
               action, symbol, repairs, replay_of, parent_uid, leg, alert_time, lag_ms, test,
               refused_count, id, timings, content_type, headers, canonical, raw_body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 0, ?18, ?19, ?20, ?21,
               ?22, ?23)",
    )?
    .execute(params![
        signal.id.as_str(),
        webhook,
        signal.revision.map(RevisionId::get),
        signal.mode.as_str(),
        signal.source,
        signal.source_ip,
        signal.received_at.as_micros(),
        signal.dialect.map(DialectName::as_str),
        signal.action,
        signal.symbol.map(Symbol::as_str),
        signal.repairs,
        signal.replay_of.map(SignalId::as_str),
        signal.parent.map(SignalId::as_str),
        signal.leg,
        signal.alert_time.map(Timestamp::as_micros),
        signal.lag_ms,
        signal.test,
        no.0,
        signal.timings,
        signal.content_type,
        signal.headers,
        signal.canonical,
        signal.raw_body,
    ])?;
    tx.counts().note(webhook, signal.status, 1, i64::from(signal.replay_of.is_some()));
    if signal.status == SignalStatus::Received {
        tx.prepared("INSERT INTO signal_queue (signal) VALUES (?1)")?.execute([no.0])?;
        return Ok(no);
    }
    let outcome = Outcome {
        status: signal.status,
        reason_code: signal.reason_code,
        reason: signal.reason,
        details: signal.details,
        timings: None,
        checks: None,
    };
    insert_decision(tx, no, webhook, &outcome)?;
    Ok(no)
}

/// What a decision's row says.
pub(super) struct Outcome<'a> {
    /// Anything but [`SignalStatus::Received`], which the table refuses.
    pub(super) status: SignalStatus,
    pub(super) reason_code: Option<ReasonCode>,
    pub(super) reason: Option<&'a str>,
    pub(super) details: Option<&'a str>,
    pub(super) timings: Option<&'a str>,
    pub(super) checks: Option<&'a str>,
}

/// Writes how a signal ended and why; a conflict when that is known already.
pub(super) fn insert_decision(
    tx: &Tx,
    no: SignalNo,
    webhook: i64,
    outcome: &Outcome<'_>,
) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO signal_decisions (signal, webhook, status, reason_code, reason, details, timings, checks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        no.get(),
        webhook,
        outcome.status.as_str(),
        outcome.reason_code.map(ReasonCode::as_str),
        outcome.reason,
        outcome.details,
        outcome.timings,
        outcome.checks
    ])?;
    Ok(())
}

pub(super) fn read(row: &Row<'_>) -> Result<SignalRow, StoreError> {
    read_next(&mut InOrder::of(row))
}

pub(super) fn read_received(row: &Row<'_>) -> Result<ReceivedSignal, StoreError> {
    let mut columns = InOrder::of(row);
    Ok(ReceivedSignal { signal: read_next(&mut columns)?, canonical: columns.plain("canonical")? })
}

pub(super) fn read_detail(row: &Row<'_>) -> Result<SignalDetail, StoreError> {
    let mut columns = InOrder::of(row);
    Ok(SignalDetail {
        signal: read_next(&mut columns)?,
        content_type: columns.plain("content_type")?,
        headers: columns.plain("headers")?,
        canonical: columns.plain("canonical")?,
        checks: columns.plain("checks")?,
        raw_body: columns.plain("raw_body")?,
        config: columns.plain("config")?,
    })
}

/// In the order of [`select`].
fn read_next(columns: &mut InOrder<'_, '_>) -> Result<SignalRow, StoreError> {
    Ok(SignalRow {
        no: SignalNo(columns.plain("id")?),
        id: columns.text("uid")?,
        webhook_id: columns.text("webhook_id")?,
        webhook_name: columns.plain("webhook_name")?,
        revision: columns.plain::<Option<i64>>("revision")?.map(RevisionId::new),
        status: columns.text("status")?,
        mode: columns.text("mode")?,
        source: columns.plain("source")?,
        source_ip: columns.plain("source_ip")?,
        received_at: columns.time("received_at")?,
        dialect: columns.text_opt("dialect")?,
        repairs: columns.plain("repairs")?,
        action: columns.plain("action")?,
        symbol: columns.text_opt("symbol")?,
        reason_code: columns.text_opt("reason_code")?,
        reason: columns.plain("reason")?,
        details: columns.plain("details")?,
        timings: columns.plain("timings")?,
        replay_of: columns.text_opt("replay_of")?,
        parent: columns.text_opt("parent_uid")?,
        leg: columns.plain("leg")?,
        alert_time: columns.time_opt("alert_time")?,
        lag_ms: columns.plain("lag_ms")?,
        test: columns.plain("test")?,
        refused_count: columns.plain("refused_count")?,
    })
}
