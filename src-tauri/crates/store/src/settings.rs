//! Table `settings`: the user's settings as text, the kill switch, and the generation of the configuration.
//!
//! The generation is what makes a change hold from the next request on: whoever judged a request with an older
//! generation finds out inside the accept transaction.

use crate::error::StoreError;
use crate::view::{Tx, View};
use rusqlite::{OptionalExtension, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE settings (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE config_generation (
  one        INTEGER PRIMARY KEY CHECK (one = 1),
  generation INTEGER NOT NULL
) STRICT;
INSERT INTO config_generation (one, generation) VALUES (1, 1);
";

const KILL_SWITCH: &str = "kill_switch";

/// The value of a setting, if it was set.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, key: &str) -> Result<Option<String>, StoreError> {
    let mut statement = view.prepared("SELECT value FROM settings WHERE key = :key")?;
    Ok(statement.query_row(named_params! {":key": key}, |row| row.get("value")).optional()?)
}

/// Every setting that was set, by key.
///
/// # Errors
/// [`StoreError`] when one cannot be read.
pub fn list(view: &View) -> Result<Vec<(String, String)>, StoreError> {
    view.prepared("SELECT key, value FROM settings ORDER BY key")?
        .query_and_then([], |row| Ok((row.get("key")?, row.get("value")?)))?
        .collect()
}

/// Sets a setting and begins a new generation.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn set(tx: &Tx, key: &str, value: &str) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO settings (key, value) VALUES (:key, :value)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute(named_params! {":key": key, ":value": value})?;
    bump_generation(tx)
}

/// Takes a setting back to its default and begins a new generation.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn unset(tx: &Tx, key: &str) -> Result<(), StoreError> {
    tx.prepared("DELETE FROM settings WHERE key = :key")?.execute(named_params! {":key": key})?;
    bump_generation(tx)
}

/// Whether the kill switch is on.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn kill_switch(view: &View) -> Result<bool, StoreError> {
    Ok(get(view, KILL_SWITCH)?.as_deref() == Some("on"))
}

/// Throws the kill switch and begins a new generation.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn set_kill_switch(tx: &Tx, on: bool) -> Result<(), StoreError> {
    set(tx, KILL_SWITCH, if on { "on" } else { "off" })
}

/// The generation of webhooks, limits and the kill switch; it only grows.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn config_generation(view: &View) -> Result<i64, StoreError> {
    let mut statement = view.prepared("SELECT generation FROM config_generation WHERE one = 1")?;
    Ok(statement.query_row([], |row| row.get("generation"))?)
}

/// The same inside a transaction, where every job of a group asks for it.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn generation_in(tx: &Tx) -> Result<i64, StoreError> {
    Ok(tx.generation()?)
}

/// Begins a new generation: what requests are judged by has changed.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn bump_generation(tx: &Tx) -> Result<(), StoreError> {
    tx.forget();
    Ok(tx.command("UPDATE config_generation SET generation = generation + 1")?)
}
