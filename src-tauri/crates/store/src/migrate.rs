//! The format of the file: an append-only list of migrations, applied all or not at all.
//!
//! A released migration is never edited; the next one is added below it. The table files hold the text of the
//! format in which they were introduced.

use crate::error::StoreError;
use crate::{
    accounts, commands, counts, dedupe, equity_points, fills, ledger, orders, positions, settings, signals,
    strategies, trades, verdicts, webhooks,
};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// `PWIR`: tells our files from other SQLite files, for `file` and for ourselves.
pub(crate) const APPLICATION_ID: i64 = 0x5057_4952;

const MIGRATIONS: &[&[&str]] = &[&[
    accounts::SCHEMA,
    webhooks::SCHEMA,
    signals::SCHEMA,
    signals::SEARCH_SCHEMA,
    counts::SCHEMA,
    dedupe::SCHEMA,
    orders::SCHEMA,
    fills::SCHEMA,
    trades::SCHEMA,
    ledger::SCHEMA,
    positions::SCHEMA,
    equity_points::SCHEMA,
    settings::SCHEMA,
    commands::SCHEMA,
    strategies::SCHEMA,
    verdicts::SCHEMA,
]];

/// The newest format.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// What a file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Nothing is in it yet.
    Empty,
    /// One of ours.
    Version(i64),
}

/// Reads the format without writing anything.
///
/// # Errors
/// [`StoreError::Foreign`] and [`StoreError::Newer`] for files that must be left alone.
pub(crate) fn format_of(connection: &Connection, path: &Path) -> Result<Format, StoreError> {
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application != APPLICATION_ID {
        let things: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let empty = application == 0 && version == 0 && things == 0;
        return if empty { Ok(Format::Empty) } else { Err(StoreError::Foreign { path: path.to_owned() }) };
    }
    if version > newest() {
        return Err(StoreError::Newer { found: version, known: newest() });
    }
    Ok(Format::Version(version))
}

/// Brings the file to the newest format in one transaction.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    if format_of(connection, path)? == Format::Version(newest()) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have been faster.
    let from = match format_of(&transaction, path)? {
        Format::Empty => 0,
        Format::Version(version) => usize::try_from(version).unwrap_or(0),
    };
    for migration in MIGRATIONS.iter().skip(from) {
        for part in *migration {
            transaction.execute_batch(part)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest())?;
    Ok(transaction.commit()?)
}

/// Every table, index, view and trigger with its text, by type and name.
pub(crate) fn schema_of(connection: &Connection) -> Result<Vec<String>, StoreError> {
    connection
        .prepare(
            "SELECT type || ' ' || name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY type, name",
        )?
        .query_and_then([], |row| Ok(row.get(0)?))?
        .collect()
}

/// What [`schema_of`] says of a file of the format `version` that nobody tampered with.
pub(crate) fn expected_schema(version: i64) -> Result<Vec<String>, StoreError> {
    let connection = Connection::open_in_memory()?;
    for migration in MIGRATIONS.iter().take(usize::try_from(version).unwrap_or(0)) {
        for part in *migration {
            connection.execute_batch(part)?;
        }
    }
    schema_of(&connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SQLite makes a table of more than two values for every statement that has to check one of them: 4 µs a row.
    #[test]
    fn no_check_and_no_index_looks_for_one_of_many_values() {
        for text in expected_schema(newest()).unwrap() {
            for list in text.split("IN (").skip(1) {
                let values = list.split(')').next().unwrap_or_default();
                let few = values.split(',').count() <= 2 || values.trim_start().starts_with("SELECT");
                assert!(few, "write `a = 'x' OR a = 'y' OR …` instead of IN ({values}) in {text}");
            }
            assert!(!text.contains(" IN\n"), "{text}");
        }
    }
}
