//! Tables `strategies` and `strategy_revisions`: the conditions that signals are asked to meet, and what they were
//! before each change.
//!
//! A change is a new revision; none is ever altered or removed, since verdicts name theirs. A deleted strategy keeps its
//! rows and is not listed. The file is text that only `desk` understands.

use crate::column::{plain, text, time};
use crate::error::StoreError;
use crate::settings::bump_generation;
use crate::view::{Tx, View};
use domain::{StrategyId, Timestamp};
use rusqlite::{OptionalExtension, Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE strategies (
  no         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL,
  enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  revision   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE TABLE strategy_revisions (
  strategy   INTEGER NOT NULL REFERENCES strategies (no),
  number     INTEGER NOT NULL,
  file       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (strategy, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER strategy_revisions_stay_as_they_are BEFORE UPDATE ON strategy_revisions
  BEGIN SELECT RAISE (ABORT, 'a revision stays as it is'); END;
";

/// A strategy with its newest revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrategyRow {
    /// Its id.
    pub id: StrategyId,
    /// The name given by the user.
    pub name: String,
    /// Whether it may be asked.
    pub enabled: bool,
    /// The number of its newest revision, from 1.
    pub revision: u32,
    /// The file of that revision, JSON.
    pub file: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// A revision without its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RevisionRow {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT s.*, r.file FROM strategies s
             JOIN strategy_revisions r ON r.strategy = s.no AND r.number = s.revision
             WHERE s.deleted_at IS NULL ",
            $rest
        )
    };
}

/// Every strategy that was not deleted, in the order in which they were made.
///
/// # Errors
/// [`StoreError`] when one cannot be read.
pub fn list(view: &View) -> Result<Vec<StrategyRow>, StoreError> {
    view.prepared(select!("ORDER BY s.no"))?.query_and_then([], read)?.collect()
}

/// The strategy, unless it was deleted.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: &StrategyId) -> Result<Option<StrategyRow>, StoreError> {
    let mut statement = view.prepared(select!("AND s.id = :id"))?;
    statement.query_row(named_params! {":id": id.as_str()}, |row| Ok(read(row))).optional()?.transpose()
}

/// The file of a revision, of a deleted strategy too.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn file_of(view: &View, id: &StrategyId, revision: u32) -> Result<Option<String>, StoreError> {
    let mut statement = view.prepared(
        "SELECT file FROM strategy_revisions
         WHERE strategy = (SELECT no FROM strategies WHERE id = :id) AND number = :number",
    )?;
    let of = named_params! {":id": id.as_str(), ":number": revision};
    Ok(statement.query_row(of, |row| row.get("file")).optional()?)
}

/// The revisions of a strategy, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn revisions(view: &View, id: &StrategyId) -> Result<Vec<RevisionRow>, StoreError> {
    view.prepared(
        "SELECT number, created_at FROM strategy_revisions
         WHERE strategy = (SELECT no FROM strategies WHERE id = :id) ORDER BY number",
    )?
    .query_and_then(named_params! {":id": id.as_str()}, |row| {
        Ok(RevisionRow { number: plain(row, "number")?, created_at: time(row, "created_at")? })
    })?
    .collect()
}

/// Adds an enabled strategy with its first revision, and begins a new generation.
///
/// # Errors
/// [`StoreError::Conflict`] when the id exists.
pub fn insert(tx: &Tx, id: &StrategyId, name: &str, file: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO strategies (id, name, enabled, revision, created_at, updated_at)
         VALUES (:id, :name, 1, 0, :at, :at)",
    )?
    .execute(named_params! {":id": id.as_str(), ":name": name, ":at": at.as_micros()})?;
    revise(tx, id, name, file, at)
}

/// Gives a strategy a new revision, and begins a new generation.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such strategy.
pub fn revise(tx: &Tx, id: &StrategyId, name: &str, file: &str, at: Timestamp) -> Result<(), StoreError> {
    let at = at.as_micros();
    let changed = tx
        .prepared(
            "UPDATE strategies SET name = :name, revision = revision + 1, updated_at = :at
             WHERE id = :id AND deleted_at IS NULL",
        )?
        .execute(named_params! {":id": id.as_str(), ":name": name, ":at": at})?;
    must_exist(changed)?;
    tx.prepared(
        "INSERT INTO strategy_revisions (strategy, number, file, created_at)
         SELECT no, revision, :file, :at FROM strategies WHERE id = :id",
    )?
    .execute(named_params! {":id": id.as_str(), ":file": file, ":at": at})?;
    bump_generation(tx)
}

/// Lets a strategy be asked, or not, and begins a new generation.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such strategy.
pub fn set_enabled(tx: &Tx, id: &StrategyId, enabled: bool, at: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepared(
            "UPDATE strategies SET enabled = :enabled, updated_at = :at WHERE id = :id AND deleted_at IS NULL",
        )?
        .execute(named_params! {":id": id.as_str(), ":enabled": enabled, ":at": at.as_micros()})?;
    must_exist(changed)?;
    bump_generation(tx)
}

/// Puts a strategy away, and begins a new generation.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such strategy.
pub fn delete(tx: &Tx, id: &StrategyId, at: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepared("UPDATE strategies SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL")?
        .execute(named_params! {":id": id.as_str(), ":at": at.as_micros()})?;
    must_exist(changed)?;
    bump_generation(tx)
}

fn must_exist(changed: usize) -> Result<(), StoreError> {
    if changed == 0 { Err(StoreError::Missing { what: "strategy" }) } else { Ok(()) }
}

fn read(row: &Row<'_>) -> Result<StrategyRow, StoreError> {
    Ok(StrategyRow {
        id: text(row, "id")?,
        name: plain(row, "name")?,
        enabled: plain(row, "enabled")?,
        revision: plain(row, "revision")?,
        file: plain(row, "file")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}
