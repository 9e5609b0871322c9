//! Table `verdicts`: what a strategy said of a signal, with everything that it was judged by.
//!
//! Only signals that a strategy was asked about have one. It is written with the signal's decision and is as final.
//! The report is text that only `desk` understands; it is complete in itself and needs no strategy to be read.

use crate::column::{plain, text};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{SignalId, StrategyId};
use rusqlite::{OptionalExtension, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE verdicts (
  signal   INTEGER PRIMARY KEY REFERENCES signals (id) ON DELETE CASCADE,
  strategy TEXT NOT NULL,
  revision INTEGER NOT NULL,
  verdict  TEXT NOT NULL CHECK (verdict = 'confirm' OR verdict = 'deny' OR verdict = 'unknown'),
  report   TEXT NOT NULL
) STRICT;
CREATE TRIGGER verdicts_are_final BEFORE UPDATE ON verdicts
  BEGIN SELECT RAISE (ABORT, 'a verdict is final'); END;
";

/// What a strategy said of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictRow {
    /// The strategy.
    pub strategy: StrategyId,
    /// The revision of it that was asked.
    pub revision: u32,
    /// `confirm`, `deny` or `unknown`.
    pub verdict: String,
    /// Every condition with its values, JSON.
    pub report: String,
}

/// Writes a verdict.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such signal, [`StoreError::Conflict`] when it has its verdict.
pub fn insert(tx: &Tx, signal: &SignalId, verdict: &VerdictRow) -> Result<(), StoreError> {
    let written = tx
        .prepared(
            "INSERT INTO verdicts (signal, strategy, revision, verdict, report)
             SELECT id, :strategy, :revision, :verdict, :report FROM signals WHERE uid = :uid",
        )?
        .execute(named_params! {
            ":uid": signal.as_str(),
            ":strategy": verdict.strategy.as_str(),
            ":revision": verdict.revision,
            ":verdict": verdict.verdict,
            ":report": verdict.report,
        })?;
    if written == 0 { Err(StoreError::Missing { what: "signal" }) } else { Ok(()) }
}

/// The verdict of a signal.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn of_signal(view: &View, signal: &SignalId) -> Result<Option<VerdictRow>, StoreError> {
    let mut statement =
        view.prepared("SELECT v.* FROM verdicts v JOIN signals s ON s.id = v.signal WHERE s.uid = :uid")?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(VerdictRow {
            strategy: text(row, "strategy")?,
            revision: plain(row, "revision")?,
            verdict: plain(row, "verdict")?,
            report: plain(row, "report")?,
        })
    };
    statement.query_row(named_params! {":uid": signal.as_str()}, |row| Ok(read(row))).optional()?.transpose()
}
