//! Table `counts`: how many signals each webhook has by status, and how many of them are replays.
//!
//! Triggers keep it in the transaction of the change itself; `COUNT(*)` over millions of rows is never asked.

use crate::error::StoreError;
use crate::view::View;
use domain::WebhookId;
use rusqlite::{OptionalExtension, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE counts (
  webhook INTEGER NOT NULL,
  status  TEXT NOT NULL,
  n       INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (webhook, status)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER signals_count_insert AFTER INSERT ON signals BEGIN
  INSERT INTO counts (webhook, status, n) VALUES (new.webhook, new.status, 1)
    ON CONFLICT (webhook, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER signals_count_replay AFTER INSERT ON signals WHEN new.replay_of IS NOT NULL BEGIN
  INSERT INTO counts (webhook, status, n) VALUES (new.webhook, 'replayed', 1)
    ON CONFLICT (webhook, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER signals_count_update AFTER UPDATE OF status ON signals BEGIN
  UPDATE counts SET n = n - 1 WHERE webhook = old.webhook AND status = old.status;
  INSERT INTO counts (webhook, status, n) VALUES (new.webhook, new.status, 1)
    ON CONFLICT (webhook, status) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER signals_count_delete AFTER DELETE ON signals BEGIN
  UPDATE counts SET n = n - 1 WHERE webhook = old.webhook AND status = old.status;
  UPDATE counts SET n = n - 1
    WHERE old.replay_of IS NOT NULL AND webhook = old.webhook AND status = 'replayed';
END;
";

/// Signals by status. The four add up to all; replays are among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignalCounts {
    /// Waiting for their decision.
    pub received: u64,
    /// Orders were placed.
    pub executed: u64,
    /// A rule said no.
    pub rejected: u64,
    /// Something broke.
    pub failed: u64,
    /// Replays, whatever their status.
    pub replayed: u64,
}

impl SignalCounts {
    /// Signals in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.received + self.executed + self.rejected + self.failed
    }
}

/// Counts over every webhook.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn all(view: &View) -> Result<SignalCounts, StoreError> {
    let mut statement = view.prepared("SELECT status, sum(n) AS n FROM counts GROUP BY status")?;
    collect(statement.query([])?)
}

/// Counts of one webhook.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_webhook(view: &View, webhook: &WebhookId) -> Result<SignalCounts, StoreError> {
    let mut statement = view.prepared(
        "SELECT status, n FROM counts WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook)",
    )?;
    collect(statement.query(named_params! {":webhook": webhook.as_str()})?)
}

/// Signals in all.
pub(crate) fn total(view: &View) -> Result<u64, StoreError> {
    Ok(all(view)?.total())
}

pub(crate) fn webhook_no(view: &View, webhook: &WebhookId) -> Result<Option<i64>, StoreError> {
    let mut statement = view.prepared("SELECT no FROM webhooks WHERE id = :id")?;
    Ok(statement.query_row(named_params! {":id": webhook.as_str()}, |row| row.get("no")).optional()?)
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Result<SignalCounts, StoreError> {
    let mut counts = SignalCounts::default();
    while let Some(row) = rows.next()? {
        let n = row.get::<_, i64>("n")?.unsigned_abs();
        match row.get_ref("status")?.as_str().unwrap_or_default() {
            "received" => counts.received = n,
            "executed" => counts.executed = n,
            "rejected" => counts.rejected = n,
            "failed" => counts.failed = n,
            "replayed" => counts.replayed = n,
            other => return Err(StoreError::Unreadable { column: "status", text: other.to_owned() }),
        }
    }
    Ok(counts)
}
