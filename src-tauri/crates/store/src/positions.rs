//! Table `positions`: what each account holds by symbol, flat ones too once they were traded.

use crate::column::{plain, text, text_opt, time_opt};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, NetQuantity, Price, Symbol, Timestamp};
use rusqlite::{Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE positions (
  account_id    TEXT NOT NULL REFERENCES accounts (id),
  symbol        TEXT NOT NULL,
  quantity      TEXT NOT NULL,
  cost          TEXT NOT NULL,
  price_average TEXT,
  mark          TEXT,
  mark_at       INTEGER,
  realized      TEXT NOT NULL,
  state         TEXT NOT NULL,
  PRIMARY KEY (account_id, symbol)
) STRICT, WITHOUT ROWID;
";

/// A holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionRow {
    /// The account.
    pub account_id: AccountId,
    /// The symbol.
    pub symbol: Symbol,
    /// Units held, signed.
    pub quantity: NetQuantity,
    /// What it cost, signed, without fees, in the account's currency.
    pub cost: Money,
    /// Average entry price, for display; nothing when flat.
    pub price_average: Option<Price>,
    /// The newest price seen.
    pub mark: Option<Price>,
    /// When it was seen.
    pub mark_at: Option<Timestamp>,
    /// Profit realised on the symbol, before fees, in the account's currency.
    pub realized: Money,
    /// The broker's state that is not in columns, JSON.
    pub state: String,
}

/// Writes a holding in place of what is known of it.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such account.
pub fn put(tx: &Tx, position: &PositionRow) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO positions (account_id, symbol, quantity, cost, price_average, mark, mark_at, realized, state)
         VALUES (:account_id, :symbol, :quantity, :cost, :price_average, :mark, :mark_at, :realized, :state)
         ON CONFLICT (account_id, symbol) DO UPDATE SET quantity = excluded.quantity, cost = excluded.cost,
           price_average = excluded.price_average, mark = excluded.mark, mark_at = excluded.mark_at,
           realized = excluded.realized, state = excluded.state",
    )?
    .execute(named_params! {
        ":account_id": position.account_id.as_str(),
        ":symbol": position.symbol.as_str(),
        ":quantity": position.quantity.to_string(),
        ":cost": position.cost.to_string(),
        ":price_average": position.price_average.map(|p| p.to_string()),
        ":mark": position.mark.map(|p| p.to_string()),
        ":mark_at": position.mark_at.map(Timestamp::as_micros),
        ":realized": position.realized.to_string(),
        ":state": position.state,
    })?;
    Ok(())
}

/// The holdings of one account or of all, by account and symbol.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn list(view: &View, account: Option<&AccountId>) -> Result<Vec<PositionRow>, StoreError> {
    view.prepared(
        "SELECT * FROM positions WHERE :account IS NULL OR account_id = :account ORDER BY account_id, symbol",
    )?
    .query_and_then(named_params! {":account": account.map(AccountId::as_str)}, read)?
    .collect()
}

/// Forgets the holdings of an account that begins anew.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn clear(tx: &Tx, account: &AccountId) -> Result<(), StoreError> {
    tx.prepared("DELETE FROM positions WHERE account_id = :account")?
        .execute(named_params! {":account": account.as_str()})?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<PositionRow, StoreError> {
    Ok(PositionRow {
        account_id: text(row, "account_id")?,
        symbol: text(row, "symbol")?,
        quantity: text(row, "quantity")?,
        cost: text(row, "cost")?,
        price_average: text_opt(row, "price_average")?,
        mark: text_opt(row, "mark")?,
        mark_at: time_opt(row, "mark_at")?,
        realized: text(row, "realized")?,
        state: plain(row, "state")?,
    })
}
