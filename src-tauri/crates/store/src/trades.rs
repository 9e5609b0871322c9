//! Table `trades`: round trips that are over, one row each. They never change.
//!
//! Signal and webhook of a round trip are those of the order that opened it.

use crate::column::{plain, text, text_opt, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{AccountId, Money, OrderId, Quantity, Side, SignalId, Symbol, Timestamp, WebhookId};
use rusqlite::{Row, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE trades (
  no           INTEGER PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES accounts (id),
  symbol       TEXT NOT NULL,
  direction    TEXT NOT NULL CHECK (direction IN ('long', 'short')),
  opened_by    TEXT NOT NULL,
  closed_by    TEXT NOT NULL UNIQUE,
  quantity_max TEXT NOT NULL,
  price_entry  TEXT NOT NULL,
  price_exit   TEXT NOT NULL,
  gross        TEXT NOT NULL,
  fees         TEXT NOT NULL,
  net          TEXT NOT NULL,
  risk         TEXT,
  r            TEXT,
  mae          TEXT NOT NULL,
  mfe          TEXT NOT NULL,
  bars         INTEGER NOT NULL,
  exits        TEXT NOT NULL,
  opened_at    INTEGER NOT NULL,
  closed_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX trades_account ON trades (account_id, no);
CREATE TRIGGER trades_do_not_change BEFORE UPDATE ON trades
  BEGIN SELECT RAISE (ABORT, 'a round trip does not change'); END;
CREATE TRIGGER trades_stay BEFORE DELETE ON trades
  BEGIN SELECT RAISE (ABORT, 'a round trip is not deleted'); END;
";

/// The place of a round trip among all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TradeNo(i64);

impl TradeNo {
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

/// A round trip that is over. Money in the account's currency; averages and `r` are decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TradeRow {
    /// Its place; ignored when written.
    pub no: TradeNo,
    /// The account.
    pub account_id: AccountId,
    /// The symbol.
    pub symbol: Symbol,
    /// Long or short.
    pub direction: Side,
    /// The order whose fill opened it.
    pub opened_by: OrderId,
    /// The order whose fill closed it.
    pub closed_by: OrderId,
    /// The most that was held.
    pub quantity_max: Quantity,
    /// The average price of the entries.
    pub price_entry: String,
    /// The average price of the exits.
    pub price_exit: String,
    /// Profit without fees.
    pub gross: Money,
    /// Its fees.
    pub fees: Money,
    /// Profit after fees.
    pub net: Money,
    /// What its stop losses put at risk.
    pub risk: Option<Money>,
    /// Net profit over risk.
    pub r: Option<String>,
    /// The least unrealised profit.
    pub mae: Money,
    /// The greatest unrealised profit.
    pub mfe: Money,
    /// Closed bars while it was open.
    pub bars: u32,
    /// What closed it, words with commas between.
    pub exits: String,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// The signal that opened it; ignored when written.
    pub signal_id: Option<SignalId>,
    /// The webhook that opened it; ignored when written.
    pub webhook_id: Option<WebhookId>,
}

/// Which round trips are wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct TradeFilter<'a> {
    /// Only of this account.
    pub account: Option<&'a AccountId>,
    /// Only those that this webhook opened.
    pub webhook: Option<&'a WebhookId>,
}

/// Appends a round trip.
///
/// # Errors
/// [`StoreError::Conflict`] when its closing order closed one before.
pub fn insert(tx: &Tx, trade: &TradeRow) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO trades (account_id, symbol, direction, opened_by, closed_by, quantity_max, price_entry,
           price_exit, gross, fees, net, risk, r, mae, mfe, bars, exits, opened_at, closed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    )?
    .execute(params![
        trade.account_id.as_str(),
        trade.symbol.as_str(),
        trade.direction.as_str(),
        trade.opened_by.as_str(),
        trade.closed_by.as_str(),
        trade.quantity_max.to_string(),
        trade.price_entry,
        trade.price_exit,
        trade.gross.to_string(),
        trade.fees.to_string(),
        trade.net.to_string(),
        trade.risk.map(|m| m.to_string()),
        trade.r,
        trade.mae.to_string(),
        trade.mfe.to_string(),
        trade.bars,
        trade.exits,
        trade.opened_at.as_micros(),
        trade.closed_at.as_micros()
    ])?;
    Ok(())
}

/// Round trips older than `before` (nothing: the newest), the last closed first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn list(
    view: &View,
    filter: TradeFilter<'_>,
    before: Option<TradeNo>,
    limit: u32,
) -> Result<Vec<TradeRow>, StoreError> {
    let of_account = if filter.account.is_some() { "t.account_id = :account" } else { ":account IS NULL" };
    let sql = format!(
        "SELECT t.*, o.signal_id, o.webhook_id FROM trades AS t LEFT JOIN orders AS o ON o.id = t.opened_by
         WHERE {of_account} AND (:webhook IS NULL OR o.webhook_id = :webhook) AND t.no < :before
         ORDER BY t.no DESC LIMIT :limit"
    );
    view.prepared(&sql)?
        .query_and_then(
            named_params! {
                ":account": filter.account.map(AccountId::as_str),
                ":webhook": filter.webhook.map(WebhookId::as_str),
                ":before": before.map_or(i64::MAX, TradeNo::get),
                ":limit": limit,
            },
            read,
        )?
        .collect()
}

fn read(row: &Row<'_>) -> Result<TradeRow, StoreError> {
    Ok(TradeRow {
        no: TradeNo(plain(row, "no")?),
        account_id: text(row, "account_id")?,
        symbol: text(row, "symbol")?,
        direction: text(row, "direction")?,
        opened_by: text(row, "opened_by")?,
        closed_by: text(row, "closed_by")?,
        quantity_max: text(row, "quantity_max")?,
        price_entry: plain(row, "price_entry")?,
        price_exit: plain(row, "price_exit")?,
        gross: text(row, "gross")?,
        fees: text(row, "fees")?,
        net: text(row, "net")?,
        risk: text_opt(row, "risk")?,
        r: plain(row, "r")?,
        mae: text(row, "mae")?,
        mfe: text(row, "mfe")?,
        bars: plain(row, "bars")?,
        exits: plain(row, "exits")?,
        opened_at: time(row, "opened_at")?,
        closed_at: time(row, "closed_at")?,
        signal_id: text_opt(row, "signal_id")?,
        webhook_id: text_opt(row, "webhook_id")?,
    })
}
