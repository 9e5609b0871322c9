//! Table `counts`: how many signals each webhook has by status, and how many of them are replays.
//!
//! Whatever changes the status of a signal notes it in the transaction, and the commit writes each sum once: a trigger
//! would cost every row a statement journal. `COUNT(*)` over millions of rows is never asked.

use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{SignalStatus, WebhookId};
use rusqlite::named_params;
use std::cell::RefCell;
use std::collections::BTreeMap;

pub(crate) const SCHEMA: &str = "
CREATE TABLE counts (
  webhook INTEGER NOT NULL,
  status  TEXT NOT NULL,
  n       INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (webhook, status)
) STRICT, WITHOUT ROWID;
";

/// Under which replays are counted, beside their status.
const REPLAYED: &str = "replayed";

/// Changes that the open transaction has made and not written yet.
#[derive(Debug, Default)]
pub(crate) struct Pending(RefCell<Vec<Change>>);

#[derive(Debug, Clone, Copy)]
struct Change {
    webhook: i64,
    status: &'static str,
    by: i64,
}

impl Pending {
    /// Notes `by` more signals (fewer, below zero) of a webhook with a status, as many of them replays as `replays`.
    pub(crate) fn note(&self, webhook: i64, status: SignalStatus, by: i64, replays: i64) {
        let mut changes = self.0.borrow_mut();
        changes.push(Change { webhook, status: status.as_str(), by });
        if replays != 0 {
            changes.push(Change { webhook, status: REPLAYED, by: replays });
        }
    }

    /// How much was noted; [`Pending::back_to`] forgets what comes later.
    pub(crate) fn mark(&self) -> usize {
        self.0.borrow().len()
    }

    /// Forgets what was noted after the mark: its rows were rolled back.
    pub(crate) fn back_to(&self, mark: usize) {
        self.0.borrow_mut().truncate(mark);
    }

    fn sum(&self) -> i64 {
        self.0.borrow().iter().filter(|c| c.status != REPLAYED).map(|c| c.by).sum()
    }
}

/// Writes what was noted; the last thing before a commit.
pub(crate) fn write_pending(tx: &Tx) -> Result<(), StoreError> {
    let mut sums: BTreeMap<(i64, &'static str), i64> = BTreeMap::new();
    for change in tx.counts().0.take() {
        *sums.entry((change.webhook, change.status)).or_default() += change.by;
    }
    for ((webhook, status), by) in sums {
        // An upsert would hold the negative number itself against the CHECK.
        let sql = if by < 0 {
            "UPDATE counts SET n = n + :by WHERE webhook = :webhook AND status = :status"
        } else {
            "INSERT INTO counts (webhook, status, n) VALUES (:webhook, :status, :by)
               ON CONFLICT (webhook, status) DO UPDATE SET n = n + excluded.n"
        };
        tx.prepared(sql)?.execute(named_params! {":webhook": webhook, ":status": status, ":by": by})?;
    }
    Ok(())
}

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

/// Signals in all, those of the open transaction among them.
pub(crate) fn total(tx: &Tx) -> Result<u64, StoreError> {
    Ok(all(tx)?.total().saturating_add_signed(tx.counts().sum()))
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
