//! Tables `tunnel_timeline`, `tunnel_requests` and `tunnel_facts`: what the tunnel went through, how many requests came
//! through it a day, and what else one process tells the others about it.
//!
//! None of these begins a new generation of the configuration: they change while alerts come in.

use crate::column::{plain, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE tunnel_timeline (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  state        TEXT NOT NULL CHECK (state = 'off' OR state = 'connecting' OR state = 'online'
    OR state = 'reconnecting' OR state = 'failed'),
  code         TEXT,
  service_code TEXT,
  detail       TEXT,
  public_url   TEXT
) STRICT;
CREATE INDEX tunnel_timeline_online ON tunnel_timeline (id) WHERE state = 'online';
CREATE TABLE tunnel_requests (
  day      TEXT PRIMARY KEY,
  requests INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tunnel_facts (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
";

/// The most rows of the timeline that are kept; at one a minute about two weeks, at one an hour two years.
pub const TIMELINE_MAX: i64 = 20_000;

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimelineRow {
    /// Its number; larger is later. Ignored when it is written.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// `off`, `connecting`, `online`, `reconnecting` or `failed`.
    pub state: String,
    /// Why.
    pub code: Option<String>,
    /// The service's own code.
    pub service_code: Option<String>,
    /// The service's own words.
    pub detail: Option<String>,
    /// The public address.
    pub public_url: Option<String>,
}

/// Appends a change of state, and forgets the oldest beyond [`TIMELINE_MAX`].
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn append(tx: &Tx, row: &TimelineRow) -> Result<i64, StoreError> {
    let id = tx
        .prepared(
            "INSERT INTO tunnel_timeline (at, state, code, service_code, detail, public_url)
             VALUES (:at, :state, :code, :service_code, :detail, :public_url)",
        )?
        .insert(named_params! {
            ":at": row.at.as_micros(), ":state": row.state, ":code": row.code,
            ":service_code": row.service_code, ":detail": row.detail, ":public_url": row.public_url,
        })?;
    tx.prepared("DELETE FROM tunnel_timeline WHERE id <= :id")?
        .execute(named_params! {":id": id - TIMELINE_MAX})?;
    Ok(id)
}

/// The newest rows before the row `before`, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn page(view: &View, before: Option<i64>, limit: u32) -> Result<Vec<TimelineRow>, StoreError> {
    view.prepared("SELECT * FROM tunnel_timeline WHERE id < :before ORDER BY id DESC LIMIT :limit")?
        .query_and_then(named_params! {":before": before.unwrap_or(i64::MAX), ":limit": limit}, read)?
        .collect()
}

/// The rows from `id` on, oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn from(view: &View, id: i64, limit: u32) -> Result<Vec<TimelineRow>, StoreError> {
    view.prepared("SELECT * FROM tunnel_timeline WHERE id >= :id ORDER BY id LIMIT :limit")?
        .query_and_then(named_params! {":id": id, ":limit": limit}, read)?
        .collect()
}

/// Counts requests of a day (`2026-11-25`).
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn count_requests(tx: &Tx, day: &str, requests: i64) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO tunnel_requests (day, requests) VALUES (:day, :requests)
         ON CONFLICT (day) DO UPDATE SET requests = requests + excluded.requests",
    )?
    .execute(named_params! {":day": day, ":requests": requests})?;
    Ok(())
}

/// Requests from the day `from` on.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn requests_since(view: &View, from: &str) -> Result<i64, StoreError> {
    let mut statement =
        view.prepared("SELECT coalesce(sum(requests), 0) AS sum FROM tunnel_requests WHERE day >= :from")?;
    Ok(statement.query_row(named_params! {":from": from}, |row| row.get("sum"))?)
}

/// A fact, if there is one.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn fact(view: &View, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = view.prepared("SELECT value FROM tunnel_facts WHERE key = :key")?;
    Ok(statement.query_row(named_params! {":key": key}, |row| row.get("value")).optional()?)
}

/// Writes a fact; nothing forgets it.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn set_fact(tx: &Tx, key: &str, value: Option<&str>) -> Result<(), StoreError> {
    match value {
        Some(value) => tx
            .prepared(
                "INSERT INTO tunnel_facts (key, value) VALUES (:key, :value)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute(named_params! {":key": key, ":value": value})?,
        None => {
            tx.prepared("DELETE FROM tunnel_facts WHERE key = :key")?.execute(named_params! {":key": key})?
        }
    };
    Ok(())
}

/// How many decided signals came to a webhook from `from` to `to`, replays and tests left out; of the newest `of_newest`
/// of each status only, so that the answer costs the same however long the history is.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn signals_between(
    view: &View,
    webhook: &domain::WebhookId,
    from: Timestamp,
    to: Timestamp,
    of_newest: u32,
) -> Result<i64, StoreError> {
    let newest = |status: &str| {
        format!(
            "SELECT signal FROM (SELECT signal FROM signal_decisions
               WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook) AND status = '{status}'
               ORDER BY signal DESC LIMIT :of_newest)"
        )
    };
    let decided = ["executed", "rejected", "failed"].map(newest).join(" UNION ALL ");
    let mut statement = view.prepared(&format!(
        "SELECT count(*) AS found FROM ({decided}) AS decided JOIN signals AS s ON s.id = decided.signal
         WHERE s.received_at >= :from AND s.received_at <= :to AND s.replay_of IS NULL AND s.test = 0"
    ))?;
    Ok(statement.query_row(
        named_params! {
            ":webhook": webhook.as_str(), ":from": from.as_micros(), ":to": to.as_micros(),
            ":of_newest": of_newest,
        },
        |row| row.get("found"),
    )?)
}

fn read(row: &Row<'_>) -> Result<TimelineRow, StoreError> {
    Ok(TimelineRow {
        id: plain(row, "id")?,
        at: time(row, "at")?,
        state: plain(row, "state")?,
        code: plain(row, "code")?,
        service_code: plain(row, "service_code")?,
        detail: plain(row, "detail")?,
        public_url: plain(row, "public_url")?,
    })
}
