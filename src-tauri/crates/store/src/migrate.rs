//! The format of the file: an append-only list of migrations, applied all or not at all.
//!
//! A released migration is never edited; the next one is added below it. The table files hold the text of the
//! format in which they were introduced.

use crate::error::StoreError;
use crate::{
    accounts, candles, commands, counts, dedupe, equity_points, fills, instruments, ledger, orders,
    positions, settings, signals, stated_positions, strategies, trades, tunnel, verdicts, webhooks,
};
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// `PWIR`: tells our files from other SQLite files, for `file` and for ourselves.
pub(crate) const APPLICATION_ID: i64 = 0x5057_4952;

/// The texts of each format, the oldest first.
type Migrations = [&'static [&'static str]];

const MIGRATIONS: &Migrations = &[FIRST];

const FIRST: &[&str] = &[
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
    stated_positions::SCHEMA,
    candles::SCHEMA,
    instruments::SCHEMA,
    strategies::SCHEMA,
    verdicts::SCHEMA,
    tunnel::SCHEMA,
];

/// The newest format.
pub(crate) fn newest() -> i64 {
    newest_of(MIGRATIONS)
}

fn newest_of(migrations: &Migrations) -> i64 {
    i64::try_from(migrations.len()).unwrap_or(i64::MAX)
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
    format_among(MIGRATIONS, connection, path)
}

fn format_among(migrations: &Migrations, connection: &Connection, path: &Path) -> Result<Format, StoreError> {
    let known = newest_of(migrations);
    // In one statement, so that another process which makes the file meanwhile is seen either whole or not at all.
    let (application, version, things): (i64, i64, i64) = connection.query_row(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
           (SELECT count(*) FROM sqlite_schema)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if application != APPLICATION_ID {
        let empty = application == 0 && version == 0 && things == 0;
        return if empty { Ok(Format::Empty) } else { Err(StoreError::Foreign { path: path.to_owned() }) };
    }
    if version > known {
        return Err(StoreError::Newer { found: version, known });
    }
    Ok(Format::Version(version))
}

/// Brings the file to the newest format in one transaction.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate_by(MIGRATIONS, connection, path)
}

fn migrate_by(migrations: &Migrations, connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let newest = newest_of(migrations);
    if format_among(migrations, connection, path)? == Format::Version(newest) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again under the lock: another process may have been faster.
    let from = match format_among(migrations, &transaction, path)? {
        Format::Empty => 0,
        Format::Version(version) => usize::try_from(version).unwrap_or(0),
    };
    for migration in migrations.iter().skip(from) {
        for part in *migration {
            transaction.execute_batch(part)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", newest)?;
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

    const NOTES: &[&str] = &["CREATE TABLE notes (text TEXT NOT NULL) STRICT"];
    const STARS: &[&str] =
        &["ALTER TABLE notes ADD COLUMN stars INTEGER", "UPDATE notes SET stars = length(text)"];
    const BROKEN: &[&str] = &["CREATE TABLE more (a) STRICT", "DROP TABLE nothing"];

    /// A file that was made by a program whose only format was the first.
    fn of_the_first_format() -> (Connection, &'static Path) {
        let (mut connection, path) = (Connection::open_in_memory().unwrap(), Path::new("notes.db"));
        migrate_by(&[NOTES], &mut connection, path).unwrap();
        connection.execute("INSERT INTO notes VALUES ('three')", []).unwrap();
        (connection, path)
    }

    #[test]
    fn a_file_of_an_older_format_is_brought_to_the_newest_with_what_is_in_it() {
        let (mut connection, path) = of_the_first_format();
        for _ in 0..2 {
            migrate_by(&[NOTES, STARS], &mut connection, path).unwrap();
        }
        let stars = "SELECT stars FROM notes WHERE text = 'three'";
        assert_eq!(connection.query_row(stars, [], |row| row.get::<_, i64>(0)).unwrap(), 5);
        assert_eq!(format_among(&[NOTES, STARS], &connection, path).unwrap(), Format::Version(2));
        let older = migrate_by(&[NOTES], &mut connection, path).unwrap_err();
        assert!(matches!(older, StoreError::Newer { found: 2, known: 1 }), "{older:?}");
    }

    #[test]
    fn a_migration_that_fails_changes_nothing() {
        let (mut connection, path) = of_the_first_format();
        let before = schema_of(&connection).unwrap();
        assert!(migrate_by(&[NOTES, STARS, BROKEN], &mut connection, path).is_err());
        assert_eq!(schema_of(&connection).unwrap(), before);
        assert_eq!(format_among(&[NOTES], &connection, path).unwrap(), Format::Version(1));
    }

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
