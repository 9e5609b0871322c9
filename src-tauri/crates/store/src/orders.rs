//! Table `orders`: what was asked of the paper broker. An order that is done never changes again; a trigger sees to it.
//!
//! The signal stands as text and without a foreign key: when it is deleted, the text is its tombstone.

mod row;

use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, OrderId, SignalId, Timestamp};
use rusqlite::{OptionalExtension, named_params};

pub use row::{OrderNo, OrderRow, OrderStatus};

/// An order that can still be filled, in the words of its index; SQLite takes an index for part of a table only where a
/// statement says the same.
macro_rules! live {
    () => {
        "(status = 'held' OR status = 'working' OR status = 'triggered' OR status = 'partially_filled')"
    };
}

pub(crate) const SCHEMA: &str = "
CREATE TABLE orders (
  no              INTEGER PRIMARY KEY,
  id              TEXT NOT NULL UNIQUE,
  number          INTEGER NOT NULL,
  client_order_id TEXT NOT NULL UNIQUE,
  signal_id       TEXT,
  webhook_id      TEXT,
  account_id      TEXT NOT NULL REFERENCES accounts (id),
  symbol          TEXT NOT NULL,
  side            TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  type            TEXT NOT NULL,
  time_in_force   TEXT NOT NULL,
  quantity        TEXT NOT NULL,
  filled          TEXT NOT NULL,
  limit_price     TEXT,
  stop_price      TEXT,
  trail           TEXT,
  trail_unit      TEXT,
  activation      TEXT,
  watermark       TEXT,
  expires_at      INTEGER,
  price_expected  TEXT NOT NULL,
  waits_for_alert INTEGER NOT NULL CHECK (waits_for_alert IN (0, 1)),
  status          TEXT NOT NULL CHECK (
    status = 'held' OR status = 'working' OR status = 'triggered' OR status = 'partially_filled'
    OR status = 'filled' OR status = 'cancelled' OR status = 'expired' OR status = 'rejected'),
  reason_code     TEXT,
  reduce_only     INTEGER NOT NULL CHECK (reduce_only IN (0, 1)),
  parent_id       TEXT,
  created_at      INTEGER NOT NULL,
  working_since   INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_account ON orders (account_id, no);
CREATE INDEX orders_signal ON orders (signal_id) WHERE signal_id IS NOT NULL;
CREATE INDEX orders_live ON orders (account_id, no)
  WHERE status = 'held' OR status = 'working' OR status = 'triggered' OR status = 'partially_filled';
CREATE TRIGGER orders_done_is_final BEFORE UPDATE ON orders
  WHEN old.status = 'filled' OR old.status = 'cancelled' OR old.status = 'expired' OR old.status = 'rejected'
  BEGIN SELECT RAISE (ABORT, 'an order that is done does not change'); END;
";

/// Writes an order as it now is: a new one, or the changes of a live one.
///
/// # Errors
/// [`StoreError::Conflict`] when it is done, or when its client order id exists under another id: the signal was
/// executed before.
pub fn put(tx: &Tx, order: &OrderRow) -> Result<(), StoreError> {
    row::put(tx, order)
}

/// Writes every live order of an account as cancelled.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn cancel_live(tx: &Tx, account: &AccountId, reason: &str, at: Timestamp) -> Result<(), StoreError> {
    tx.prepared(concat!(
        "UPDATE orders SET status = 'cancelled', reason_code = :reason, updated_at = :at
         WHERE account_id = :account AND ",
        live!()
    ))?
    .execute(named_params! {":reason": reason, ":at": at.as_micros(), ":account": account.as_str()})?;
    Ok(())
}

/// The accounts with live orders whose time is over at `now`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn accounts_with_expired(view: &View, now: Timestamp) -> Result<Vec<AccountId>, StoreError> {
    view.prepared(concat!("SELECT DISTINCT account_id FROM orders WHERE expires_at <= :now AND ", live!()))?
        .query_and_then(named_params! {":now": now.as_micros()}, |row| {
            crate::column::text(row, "account_id")
        })?
        .collect()
}

/// The order.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(view: &View, id: &OrderId) -> Result<Option<OrderRow>, StoreError> {
    view.prepared("SELECT * FROM orders WHERE id = :id")?
        .query_row(named_params! {":id": id.as_str()}, |r| Ok(row::read(r)))
        .optional()?
        .transpose()
}

/// The orders of a signal, in the order in which they were placed.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_signal(view: &View, signal: &SignalId) -> Result<Vec<OrderRow>, StoreError> {
    view.prepared("SELECT * FROM orders WHERE signal_id = :signal ORDER BY no")?
        .query_and_then(named_params! {":signal": signal.as_str()}, row::read)?
        .collect()
}

/// The orders of an account that are not done, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn live(view: &View, account: &AccountId) -> Result<Vec<OrderRow>, StoreError> {
    view.prepared(concat!("SELECT * FROM orders WHERE account_id = :account AND ", live!(), " ORDER BY no"))?
        .query_and_then(named_params! {":account": account.as_str()}, row::read)?
        .collect()
}

/// Orders older than `before` (nothing: the newest), newest first, at most `limit`; of one account or of all.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn list(
    view: &View,
    account: Option<&AccountId>,
    before: Option<OrderNo>,
    limit: u32,
) -> Result<Vec<OrderRow>, StoreError> {
    let sql = match account {
        Some(_) => {
            "SELECT * FROM orders WHERE account_id = :account AND no < :before ORDER BY no DESC LIMIT :limit"
        }
        None => "SELECT * FROM orders WHERE :account IS NULL AND no < :before ORDER BY no DESC LIMIT :limit",
    };
    view.prepared(sql)?
        .query_and_then(
            named_params! {
                ":account": account.map(AccountId::as_str),
                ":before": before.map_or(i64::MAX, OrderNo::get),
                ":limit": limit,
            },
            row::read,
        )?
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn live_orders_are_found_by_their_index() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection.execute_batch(crate::accounts::SCHEMA).unwrap();
        connection.execute_batch(super::SCHEMA).unwrap();
        let plan = |sql: &str| {
            let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let lines = statement.query_map([], |row| row.get::<_, String>(3)).unwrap();
            lines.collect::<Result<Vec<_>, _>>().unwrap().join(" ")
        };
        for sql in [
            concat!("SELECT * FROM orders WHERE account_id = 'a' AND ", live!(), " ORDER BY no"),
            concat!("SELECT DISTINCT account_id FROM orders WHERE expires_at <= 1 AND ", live!()),
            concat!("UPDATE orders SET status = 'cancelled' WHERE account_id = 'a' AND ", live!()),
        ] {
            assert!(plan(sql).contains("orders_live"), "{sql}: {}", plan(sql));
        }
    }
}
