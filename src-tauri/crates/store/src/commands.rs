//! Table `commands`: how another process asks the worker to do something, and learns how it went.
//!
//! The worker finishes a command in the transaction that does what it asks for, so it is done once or not at all.

use crate::column::{Stored, plain, text, time, time_opt};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE commands (
  id          INTEGER PRIMARY KEY AUTOINCREMENT,
  kind        TEXT NOT NULL,
  payload     TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status = 'queued' OR status = 'done' OR status = 'failed'),
  result      TEXT,
  created_at  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX commands_queued ON commands (id) WHERE status = 'queued';
CREATE TRIGGER commands_finished_is_final BEFORE UPDATE ON commands WHEN old.status <> 'queued'
  BEGIN SELECT RAISE (ABORT, 'a command is finished once'); END;
";

/// The number of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommandId(i64);

/// Where a command stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandStatus {
    /// Waits for the worker.
    Queued,
    /// Done; the result is what it brought.
    Done,
    /// Refused or failed; the result says why.
    Failed,
}

impl CommandStatus {
    fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl Stored for CommandStatus {
    fn from_text(text: &str) -> Option<Self> {
        [Self::Queued, Self::Done, Self::Failed].into_iter().find(|s| s.as_str() == text)
    }
}

/// Something that the worker is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandRow {
    /// Its number.
    pub id: CommandId,
    /// What is asked.
    pub kind: String,
    /// The particulars, JSON.
    pub payload: String,
    /// Where it stands.
    pub status: CommandStatus,
    /// How it went, JSON.
    pub result: Option<String>,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it was finished.
    pub finished_at: Option<Timestamp>,
}

/// Asks the worker for something.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn enqueue(tx: &Tx, kind: &str, payload: &str, at: Timestamp) -> Result<CommandId, StoreError> {
    let id = tx
        .prepared(
            "INSERT INTO commands (kind, payload, status, created_at) VALUES (:kind, :payload, 'queued', :at)",
        )?
        .insert(named_params! {":kind": kind, ":payload": payload, ":at": at.as_micros()})?;
    Ok(CommandId(id))
}

/// What waits, oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn queued(view: &View, limit: u32) -> Result<Vec<CommandRow>, StoreError> {
    view.prepared("SELECT * FROM commands WHERE status = 'queued' ORDER BY id LIMIT :limit")?
        .query_and_then(named_params! {":limit": limit}, read)?
        .collect()
}

/// The command.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: CommandId) -> Result<Option<CommandRow>, StoreError> {
    view.prepared("SELECT * FROM commands WHERE id = :id")?
        .query_row(named_params! {":id": id.0}, |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// Finishes a command with its result: `Ok` done, `Err` failed, both JSON.
///
/// # Errors
/// [`StoreError::Missing`] when it does not wait.
pub fn finish(tx: &Tx, id: CommandId, result: Result<&str, &str>, at: Timestamp) -> Result<(), StoreError> {
    let (status, text) = match result {
        Ok(text) => (CommandStatus::Done, text),
        Err(text) => (CommandStatus::Failed, text),
    };
    let changed = tx
        .prepared(
            "UPDATE commands SET status = :status, result = :result, finished_at = :at
             WHERE id = :id AND status = 'queued'",
        )?
        .execute(named_params! {
            ":id": id.0, ":status": status.as_str(), ":result": text, ":at": at.as_micros(),
        })?;
    if changed == 0 { Err(StoreError::Missing { what: "waiting command" }) } else { Ok(()) }
}

/// Forgets commands that were finished before `before`, up to [`crate::signals::CHUNK_MAX`], and says how many.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn forget_finished(tx: &Tx, before: Timestamp) -> Result<u32, StoreError> {
    let forgotten = tx
        .prepared(
            "DELETE FROM commands WHERE id IN (SELECT id FROM commands
               WHERE status <> 'queued' AND finished_at < :before ORDER BY id LIMIT :limit)",
        )?
        .execute(named_params! {":before": before.as_micros(), ":limit": crate::signals::CHUNK_MAX})?;
    Ok(u32::try_from(forgotten).unwrap_or(crate::signals::CHUNK_MAX))
}

fn read(row: &Row<'_>) -> Result<CommandRow, StoreError> {
    Ok(CommandRow {
        id: CommandId(plain(row, "id")?),
        kind: plain(row, "kind")?,
        payload: plain(row, "payload")?,
        status: text(row, "status")?,
        result: plain(row, "result")?,
        created_at: time(row, "created_at")?,
        finished_at: time_opt(row, "finished_at")?,
    })
}
