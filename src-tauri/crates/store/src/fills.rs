//! Table `fills`: every execution of the paper broker with the reason for its price. Fills never change. The webhook
//! behind a fill is its order's.

use crate::column::{plain, text, text_opt, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, FillId, Money, OrderId, OrderSide, Price, Quantity, SignalId, Symbol, Timestamp};
use rusqlite::{Row, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE fills (
  no         INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  order_id   TEXT NOT NULL REFERENCES orders (id),
  signal_id  TEXT,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  symbol     TEXT NOT NULL,
  side       TEXT NOT NULL CHECK (side IN ('buy', 'sell')),
  quantity   TEXT NOT NULL,
  price      TEXT NOT NULL,
  fee        TEXT NOT NULL,
  realized   TEXT NOT NULL,
  liquidity  TEXT NOT NULL CHECK (liquidity IN ('maker', 'taker')),
  at         INTEGER NOT NULL,
  why        TEXT NOT NULL
) STRICT;
CREATE INDEX fills_account ON fills (account_id, no);
CREATE INDEX fills_order ON fills (order_id);
CREATE TRIGGER fills_do_not_change BEFORE UPDATE ON fills
  BEGIN SELECT RAISE (ABORT, 'a fill does not change'); END;
CREATE TRIGGER fills_stay BEFORE DELETE ON fills
  BEGIN SELECT RAISE (ABORT, 'a fill is not deleted'); END;
";

/// The place of a fill among all fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FillNo(i64);

impl FillNo {
    /// The number, such as a cursor carried it outside.
    #[must_use]
    pub fn new(no: i64) -> Self {
        Self(no)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

/// An execution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillRow {
    /// Its place; ignored when written.
    pub no: FillNo,
    /// Its id.
    pub id: FillId,
    /// The order.
    pub order_id: OrderId,
    /// The signal behind it; it may have been deleted since.
    pub signal_id: Option<SignalId>,
    /// The account.
    pub account_id: AccountId,
    /// The symbol.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: OrderSide,
    /// How much, in units of the instrument.
    pub quantity: Quantity,
    /// Price per unit in the quote currency.
    pub price: Price,
    /// The fee, in the account's currency; not inside `price` or `realized`.
    pub fee: Money,
    /// Profit realised by it, before fees, in the account's currency.
    pub realized: Money,
    /// `maker` or `taker`.
    pub liquidity: String,
    /// When.
    pub at: Timestamp,
    /// Reference, source, spread, slippage and rounding, JSON.
    pub why: String,
}

/// Writes a fill.
///
/// # Errors
/// [`StoreError::Conflict`] when its id exists, or order or account do not.
pub fn insert(tx: &Tx, fill: &FillRow) -> Result<FillNo, StoreError> {
    let no = tx
        .prepared(
            "INSERT INTO fills (id, order_id, signal_id, account_id, symbol, side, quantity, price, fee, realized,
               liquidity, at, why)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .insert(params![
            fill.id.as_str(),
            fill.order_id.as_str(),
            fill.signal_id.as_ref().map(SignalId::as_str),
            fill.account_id.as_str(),
            fill.symbol.as_str(),
            fill.side.as_str(),
            fill.quantity.to_string(),
            fill.price.to_string(),
            fill.fee.to_string(),
            fill.realized.to_string(),
            fill.liquidity,
            fill.at.as_micros(),
            fill.why
        ])?;
    Ok(FillNo(no))
}

/// The fills of a signal, oldest first: those of its orders, which have an index by signal.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_signal(view: &View, signal: &SignalId) -> Result<Vec<FillRow>, StoreError> {
    view.prepared(
        "SELECT f.* FROM orders o CROSS JOIN fills f ON f.order_id = o.id WHERE o.signal_id = :signal ORDER BY f.no",
    )?
        .query_and_then(named_params! {":signal": signal.as_str()}, read)?
        .collect()
}

/// The fills of an order, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_order(view: &View, order: &OrderId) -> Result<Vec<FillRow>, StoreError> {
    view.prepared("SELECT * FROM fills WHERE order_id = :order ORDER BY no")?
        .query_and_then(named_params! {":order": order.as_str()}, read)?
        .collect()
}

/// The fills of an account after `after` (nothing: from the first), oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn history(
    view: &View,
    account: &AccountId,
    after: Option<FillNo>,
    limit: u32,
) -> Result<Vec<FillRow>, StoreError> {
    view.prepared("SELECT * FROM fills WHERE account_id = :account AND no > :after ORDER BY no LIMIT :limit")?
        .query_and_then(
            named_params! {
                ":account": account.as_str(),
                ":after": after.map_or(0, FillNo::get),
                ":limit": limit,
            },
            read,
        )?
        .collect()
}

/// Fills older than `before` (nothing: the newest), newest first, at most `limit`; of one account or of all.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn list(
    view: &View,
    account: Option<&AccountId>,
    before: Option<FillNo>,
    limit: u32,
) -> Result<Vec<FillRow>, StoreError> {
    let sql = match account {
        Some(_) => {
            "SELECT * FROM fills WHERE account_id = :account AND no < :before ORDER BY no DESC LIMIT :limit"
        }
        None => "SELECT * FROM fills WHERE :account IS NULL AND no < :before ORDER BY no DESC LIMIT :limit",
    };
    view.prepared(sql)?
        .query_and_then(
            named_params! {
                ":account": account.map(AccountId::as_str),
                ":before": before.map_or(i64::MAX, FillNo::get),
                ":limit": limit,
            },
            read,
        )?
        .collect()
}

/// The newest fills of a symbol in an account, newest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_symbol(
    view: &View,
    account: &AccountId,
    symbol: &Symbol,
    limit: u32,
) -> Result<Vec<FillRow>, StoreError> {
    view.prepared(
        "SELECT * FROM fills WHERE account_id = :account AND symbol = :symbol ORDER BY no DESC LIMIT :limit",
    )?
    .query_and_then(
        named_params! {":account": account.as_str(), ":symbol": symbol.as_str(), ":limit": limit},
        read,
    )?
    .collect()
}

/// The fills of a symbol in an account from `from` to before `to`, oldest first; of more than `limit` the newest.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn between(
    view: &View,
    account: &AccountId,
    symbol: &Symbol,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<FillRow>, StoreError> {
    let mut fills: Vec<FillRow> = view
        .prepared(
            "SELECT * FROM fills WHERE account_id = :account AND symbol = :symbol AND at >= :from AND at < :to
             ORDER BY no DESC LIMIT :limit",
        )?
        .query_and_then(
            named_params! {
                ":account": account.as_str(),
                ":symbol": symbol.as_str(),
                ":from": from.as_micros(),
                ":to": to.as_micros(),
                ":limit": limit,
            },
            read,
        )?
        .collect::<Result<_, _>>()?;
    fills.reverse();
    Ok(fills)
}

fn read(row: &Row<'_>) -> Result<FillRow, StoreError> {
    Ok(FillRow {
        no: FillNo(plain(row, "no")?),
        id: text(row, "id")?,
        order_id: text(row, "order_id")?,
        signal_id: text_opt(row, "signal_id")?,
        account_id: text(row, "account_id")?,
        symbol: text(row, "symbol")?,
        side: text(row, "side")?,
        quantity: text(row, "quantity")?,
        price: text(row, "price")?,
        fee: text(row, "fee")?,
        realized: text(row, "realized")?,
        liquidity: plain(row, "liquidity")?,
        at: time(row, "at")?,
        why: plain(row, "why")?,
    })
}
