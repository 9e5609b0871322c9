//! Table `equity_points`: the value of each account over time, for the curve and the statistics.

use crate::column::{text, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, Timestamp};
use rusqlite::{Row, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE equity_points (
  account_id TEXT NOT NULL REFERENCES accounts (id),
  at         INTEGER NOT NULL,
  equity     TEXT NOT NULL,
  balance    TEXT NOT NULL,
  available  TEXT NOT NULL,
  PRIMARY KEY (account_id, at)
) STRICT, WITHOUT ROWID;
";

/// The value of an account at one time, in its currency, after fees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EquityPoint {
    /// The account.
    pub account_id: AccountId,
    /// When.
    pub at: Timestamp,
    /// Balance and what open positions are worth above their cost.
    pub equity: Money,
    /// Opening and realised profit, less fees.
    pub balance: Money,
    /// What new positions may use.
    pub available: Money,
}

/// Writes a point; a later one of the same microsecond takes its place.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such account.
pub fn put(tx: &Tx, point: &EquityPoint) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO equity_points (account_id, at, equity, balance, available)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account_id, at) DO UPDATE SET
           equity = excluded.equity, balance = excluded.balance, available = excluded.available",
    )?
    .execute(params![
        point.account_id.as_str(),
        point.at.as_micros(),
        point.equity.to_string(),
        point.balance.to_string(),
        point.available.to_string()
    ])?;
    Ok(())
}

/// The points of an account from `from` on, oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn history(
    view: &View,
    account: &AccountId,
    from: Timestamp,
    limit: u32,
) -> Result<Vec<EquityPoint>, StoreError> {
    view.prepared(
        "SELECT * FROM equity_points WHERE account_id = :account AND at >= :from ORDER BY at LIMIT :limit",
    )?
    .query_and_then(
        named_params! {":account": account.as_str(), ":from": from.as_micros(), ":limit": limit},
        read,
    )?
    .collect()
}

/// The newest points of an account, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn newest(view: &View, account: &AccountId, limit: u32) -> Result<Vec<EquityPoint>, StoreError> {
    view.prepared("SELECT * FROM equity_points WHERE account_id = :account ORDER BY at DESC LIMIT :limit")?
        .query_and_then(named_params! {":account": account.as_str(), ":limit": limit}, read)?
        .collect()
}

fn read(row: &Row<'_>) -> Result<EquityPoint, StoreError> {
    Ok(EquityPoint {
        account_id: text(row, "account_id")?,
        at: time(row, "at")?,
        equity: text(row, "equity")?,
        balance: text(row, "balance")?,
        available: text(row, "available")?,
    })
}
