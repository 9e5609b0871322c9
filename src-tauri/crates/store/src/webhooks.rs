//! Table `webhooks`: the addresses to which alerts are sent, and `webhook_revisions`: their configuration over
//! time, so that a signal refers to the settings of its day with a few bytes.
//!
//! No token is here, only a keyed digest of it. Every change begins a new [`crate::settings::config_generation`].

mod remove;
mod revision;
mod row;

use crate::error::StoreError;
use crate::settings::bump_generation;
use crate::view::{Tx, View};
use domain::{Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params};

pub use remove::{Removal, deleted, mark_deleted, remove_chunk};
pub use revision::{RevisionId, config_of};
pub use row::{Webhook, WebhookMode, WebhookRow};

pub(crate) const SCHEMA: &str = "
CREATE TABLE webhooks (
  no                 INTEGER PRIMARY KEY AUTOINCREMENT,
  id                 TEXT NOT NULL UNIQUE,
  name               TEXT NOT NULL,
  description        TEXT NOT NULL,
  mode               TEXT NOT NULL CHECK (mode IN ('direct', 'pipeline')),
  strategy_id        TEXT,
  account_id         TEXT NOT NULL,
  dialect            TEXT,
  sizing             TEXT,
  sell_mode          TEXT NOT NULL,
  symbol             TEXT,
  default_side       TEXT,
  settings           TEXT NOT NULL,
  digest             BLOB NOT NULL CHECK (length(digest) = 32),
  token_preview      TEXT NOT NULL,
  token_expires_at   INTEGER,
  signing_generation INTEGER NOT NULL,
  paused             INTEGER NOT NULL CHECK (paused IN (0, 1)),
  reduce_only        INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  allow_list         TEXT NOT NULL,
  rate               TEXT NOT NULL,
  dedupe_ms          INTEGER NOT NULL,
  hold_ms            INTEGER,
  max_lag_s          INTEGER,
  delay_s            INTEGER,
  remind_after_s     INTEGER,
  position           INTEGER NOT NULL,
  revision           INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  deleted_at         INTEGER
) STRICT;
CREATE TABLE webhook_revisions (
  id         INTEGER PRIMARY KEY,
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  config     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_revisions_webhook ON webhook_revisions (webhook);
";

/// The newest signal of webhook `w` that was decided so.
macro_rules! newest_with {
    ($status:literal) => {
        concat!(
            "SELECT max(signal) AS id FROM signal_decisions WHERE webhook = w.no AND status = '",
            $status,
            "'"
        )
    };
}

/// The newest signal is one step down an index for each status, so its time need not be written with every signal.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT w.*, (SELECT received_at FROM signals WHERE id = (SELECT max(id) FROM (",
            newest_with!("executed"),
            " UNION ALL ",
            newest_with!("rejected"),
            " UNION ALL ",
            newest_with!("failed"),
            " UNION ALL SELECT max(signal) AS id FROM signal_queue CROSS JOIN signals s ON s.id = signal
               WHERE s.webhook = w.no)))
               AS last_signal_at FROM webhooks w ",
            $rest
        )
    };
}

/// The webhook, unless it was deleted.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: &WebhookId) -> Result<Option<WebhookRow>, StoreError> {
    let mut statement = view.prepared(select!("WHERE w.id = :id AND w.deleted_at IS NULL"))?;
    statement.query_row(named_params! {":id": id.as_str()}, |r| Ok(row::read(r))).optional()?.transpose()
}

/// Every webhook that was not deleted, in the user's order.
///
/// # Errors
/// [`StoreError`] when one cannot be read.
pub fn list(view: &View) -> Result<Vec<WebhookRow>, StoreError> {
    view.prepared(select!("WHERE w.deleted_at IS NULL ORDER BY w.position, w.no"))?
        .query_and_then([], row::read)?
        .collect()
}

/// The number under which other tables know a webhook, also one that is being removed.
pub(crate) fn no_of(view: &View, id: &WebhookId) -> Result<Option<i64>, StoreError> {
    let mut statement = view.prepared("SELECT no FROM webhooks WHERE id = :id")?;
    Ok(statement.query_row(named_params! {":id": id.as_str()}, |row| row.get("no")).optional()?)
}

/// How many webhooks there are, deleted ones not counted.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn count(view: &View) -> Result<u32, StoreError> {
    let mut statement = view.prepared("SELECT count(*) AS n FROM webhooks WHERE deleted_at IS NULL")?;
    Ok(statement.query_row([], |row| row.get("n"))?)
}

/// Adds a webhook with its first revision; `config` is what `signal show` will say about it, JSON.
///
/// # Errors
/// [`StoreError::Conflict`] when the id exists.
pub fn insert(tx: &Tx, webhook: &Webhook, config: &str) -> Result<RevisionId, StoreError> {
    row::insert(tx, webhook)?;
    let revision = revision::insert(tx, &webhook.id, config, webhook.created_at)?;
    bump_generation(tx)?;
    Ok(revision)
}

/// Replaces everything of a webhook but its id, under a new revision.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such webhook.
pub fn update(tx: &Tx, webhook: &Webhook, config: &str) -> Result<RevisionId, StoreError> {
    row::update(tx, webhook)?;
    let revision = revision::insert(tx, &webhook.id, config, webhook.updated_at)?;
    bump_generation(tx)?;
    Ok(revision)
}

/// Pauses or resumes a webhook; no new revision, since it says nothing about how a signal is read.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such webhook.
pub fn set_paused(tx: &Tx, id: &WebhookId, paused: bool, at: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepared(
            "UPDATE webhooks SET paused = :paused, updated_at = :at WHERE id = :id AND deleted_at IS NULL",
        )?
        .execute(named_params! {":id": id.as_str(), ":paused": paused, ":at": at.as_micros()})?;
    if changed == 0 {
        return Err(StoreError::Missing { what: "webhook" });
    }
    bump_generation(tx)
}
