//! Table `accounts`: paper accounts, with the broker's own state as text that only `desk` understands.

use crate::column::{plain, text, time, time_opt};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, Timestamp};
use rusqlite::{OptionalExtension, Row, ToSql, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE accounts (
  no          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL,
  currency    TEXT NOT NULL,
  venue       TEXT NOT NULL,
  opening     TEXT NOT NULL,
  config      TEXT NOT NULL,
  state       TEXT NOT NULL,
  cash        TEXT NOT NULL,
  realized    TEXT NOT NULL,
  fees        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  opened_at   INTEGER NOT NULL,
  archived_at INTEGER
) STRICT;
";

/// A paper account. All money is in `currency`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// Its id.
    pub id: AccountId,
    /// The name given by the user.
    pub name: String,
    /// Settlement currency, such as `USD`.
    pub currency: String,
    /// Where prices come from, such as `alert`.
    pub venue: String,
    /// Deposits less withdrawals since `opened_at`.
    pub opening: Money,
    /// The settings of the account, JSON.
    pub config: String,
    /// The broker's state that is not in columns, JSON.
    pub state: String,
    /// Cash, after fees.
    pub cash: Money,
    /// Realised profit, before fees.
    pub realized: Money,
    /// Fees paid.
    pub fees: Money,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its present run began: it was made or reset.
    pub opened_at: Timestamp,
    /// When it was put away; it takes no signals then.
    pub archived_at: Option<Timestamp>,
}

/// The part of an account that trading changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountBalances<'a> {
    /// The broker's state that is not in columns, JSON.
    pub state: &'a str,
    /// Cash, after fees.
    pub cash: Money,
    /// Realised profit, before fees.
    pub realized: Money,
    /// Fees paid.
    pub fees: Money,
}

/// The account.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: &AccountId) -> Result<Option<AccountRow>, StoreError> {
    let mut statement = view.prepared("SELECT * FROM accounts WHERE id = :id")?;
    statement.query_row(named_params! {":id": id.as_str()}, |row| Ok(read(row))).optional()?.transpose()
}

/// Every account in the order in which they were made, archived ones too.
///
/// # Errors
/// [`StoreError`] when one cannot be read.
pub fn list(view: &View) -> Result<Vec<AccountRow>, StoreError> {
    view.prepared("SELECT * FROM accounts ORDER BY no")?.query_and_then([], read)?.collect()
}

/// Adds an account.
///
/// # Errors
/// [`StoreError::Conflict`] when the id exists.
pub fn insert(tx: &Tx, account: &AccountRow) -> Result<(), StoreError> {
    let mut statement = tx.prepared(
        "INSERT INTO accounts (id, name, currency, venue, opening, config, state, cash, realized, fees,
           created_at, opened_at, archived_at)
         VALUES (:id, :name, :currency, :venue, :opening, :config, :state, :cash, :realized, :fees,
           :created_at, :opened_at, :archived_at)",
    )?;
    bound(account, |fields| statement.execute(fields))?;
    Ok(())
}

/// Replaces everything of an account but its id: settings, deposits, a reset, archiving.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such account.
pub fn update(tx: &Tx, account: &AccountRow) -> Result<(), StoreError> {
    let mut statement = tx.prepared(
        "UPDATE accounts SET name = :name, currency = :currency, venue = :venue, opening = :opening,
           config = :config, state = :state, cash = :cash, realized = :realized, fees = :fees,
           created_at = :created_at, opened_at = :opened_at, archived_at = :archived_at
         WHERE id = :id",
    )?;
    let changed = bound(account, |fields| statement.execute(fields))?;
    if changed == 0 { Err(StoreError::Missing { what: "account" }) } else { Ok(()) }
}

fn bound<R>(account: &AccountRow, run: impl FnOnce(&[(&str, &dyn ToSql)]) -> R) -> R {
    run(named_params! {
        ":id": account.id.as_str(),
        ":name": account.name,
        ":currency": account.currency,
        ":venue": account.venue,
        ":opening": account.opening.to_string(),
        ":config": account.config,
        ":state": account.state,
        ":cash": account.cash.to_string(),
        ":realized": account.realized.to_string(),
        ":fees": account.fees.to_string(),
        ":created_at": account.created_at.as_micros(),
        ":opened_at": account.opened_at.as_micros(),
        ":archived_at": account.archived_at.map(Timestamp::as_micros),
    })
}

/// Writes what trading changed.
///
/// # Errors
/// [`StoreError::Missing`] when there is no such account.
pub fn set_balances(tx: &Tx, id: &AccountId, balances: &AccountBalances<'_>) -> Result<(), StoreError> {
    let changed = tx
        .prepared(
            "UPDATE accounts SET state = :state, cash = :cash, realized = :realized, fees = :fees WHERE id = :id",
        )?
        .execute(named_params! {
            ":id": id.as_str(),
            ":state": balances.state,
            ":cash": balances.cash.to_string(),
            ":realized": balances.realized.to_string(),
            ":fees": balances.fees.to_string(),
        })?;
    if changed == 0 { Err(StoreError::Missing { what: "account" }) } else { Ok(()) }
}

fn read(row: &Row<'_>) -> Result<AccountRow, StoreError> {
    Ok(AccountRow {
        id: text(row, "id")?,
        name: plain(row, "name")?,
        currency: plain(row, "currency")?,
        venue: plain(row, "venue")?,
        opening: text(row, "opening")?,
        config: plain(row, "config")?,
        state: plain(row, "state")?,
        cash: text(row, "cash")?,
        realized: text(row, "realized")?,
        fees: text(row, "fees")?,
        created_at: time(row, "created_at")?,
        opened_at: time(row, "opened_at")?,
        archived_at: time_opt(row, "archived_at")?,
    })
}
