//! The row of an order, read and written by column name.

use crate::column::{Stored, plain, text, text_opt, time};
use crate::error::StoreError;
use crate::view::Tx;
use domain::{
    AccountId, OrderId, OrderSide, OrderType, Price, Quantity, ReasonCode, SignalId, Symbol, TimeInForce,
    Timestamp, WebhookId,
};
use rusqlite::{Row, params};

/// The place of an order among all orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNo(i64);

impl OrderNo {
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

/// Where an order stands. The last four are final.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Waits for its parent's fill.
    Held,
    /// In the book.
    Working,
    /// Its stop was touched.
    Triggered,
    /// Filled in part.
    PartiallyFilled,
    /// Filled.
    Filled,
    /// Taken back.
    Cancelled,
    /// Ran out of time.
    Expired,
    /// Denied before it reached the book.
    Rejected,
}

impl OrderStatus {
    /// Every status.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Working,
        Self::Triggered,
        Self::PartiallyFilled,
        Self::Filled,
        Self::Cancelled,
        Self::Expired,
        Self::Rejected,
    ];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Working => "working",
            Self::Triggered => "triggered",
            Self::PartiallyFilled => "partially_filled",
            Self::Filled => "filled",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

impl Stored for OrderStatus {
    fn from_text(text: &str) -> Option<Self> {
        Self::parse(text)
    }
}

/// An order. Prices are per unit in the quote currency, quantities in units of the instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its place; ignored when written.
    pub no: OrderNo,
    /// Its id.
    pub id: OrderId,
    /// Signal and leg: what makes executing a signal twice impossible.
    pub client_order_id: String,
    /// The signal behind it; it may have been deleted since.
    pub signal_id: Option<SignalId>,
    /// The webhook behind it; it may have been deleted since.
    pub webhook_id: Option<WebhookId>,
    /// The account.
    pub account_id: AccountId,
    /// The symbol.
    pub symbol: Symbol,
    /// Buy or sell.
    pub side: OrderSide,
    /// How it wants to be filled.
    pub order_type: OrderType,
    /// How long it stays.
    pub time_in_force: TimeInForce,
    /// How much was ordered.
    pub quantity: Quantity,
    /// How much of it was filled.
    pub filled: Quantity,
    /// The limit.
    pub limit: Option<Price>,
    /// The stop.
    pub stop: Option<Price>,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it was denied, cancelled or expired.
    pub reason_code: Option<ReasonCode>,
    /// The numbers behind it, JSON.
    pub details: Option<String>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order to whose bracket it belongs.
    pub parent_id: Option<OrderId>,
    /// When it was placed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What may change of a live order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderChange {
    /// Where it stands now.
    pub status: OrderStatus,
    /// How much is filled now.
    pub filled: Quantity,
    /// How much is ordered now.
    pub quantity: Quantity,
    /// The limit now.
    pub limit: Option<Price>,
    /// The stop now.
    pub stop: Option<Price>,
    /// Why it was cancelled or expired.
    pub reason_code: Option<ReasonCode>,
    /// When this happened.
    pub updated_at: Timestamp,
}

/// The statement that writes an order, then whatever follows.
macro_rules! insert_into {
    ($rest:literal) => {
        concat!(
            "INSERT INTO orders (id, client_order_id, signal_id, webhook_id, account_id, symbol, side, type,
               time_in_force, quantity, filled, limit_price, stop_price, status, reason_code, details,
               reduce_only, parent_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)",
            $rest
        )
    };
}

pub(super) fn insert(tx: &Tx, order: &OrderRow) -> Result<OrderNo, StoreError> {
    write(tx, insert_into!(""), order)?;
    Ok(OrderNo(tx.connection().last_insert_rowid()))
}

pub(super) fn insert_new(tx: &Tx, order: &OrderRow) -> Result<bool, StoreError> {
    Ok(write(tx, insert_into!(" ON CONFLICT (id) DO NOTHING"), order)? == 1)
}

fn write(tx: &Tx, sql: &str, order: &OrderRow) -> Result<usize, StoreError> {
    Ok(tx.prepared(sql)?.execute(params![
        order.id.as_str(),
        order.client_order_id,
        order.signal_id.as_ref().map(SignalId::as_str),
        order.webhook_id.as_ref().map(WebhookId::as_str),
        order.account_id.as_str(),
        order.symbol.as_str(),
        order.side.as_str(),
        order.order_type.as_str(),
        order.time_in_force.as_str(),
        order.quantity.to_string(),
        order.filled.to_string(),
        order.limit.map(|p| p.to_string()),
        order.stop.map(|p| p.to_string()),
        order.status.as_str(),
        order.reason_code.map(ReasonCode::as_str),
        order.details,
        order.reduce_only,
        order.parent_id.as_ref().map(OrderId::as_str),
        order.created_at.as_micros(),
        order.updated_at.as_micros()
    ])?)
}

pub(super) fn read(row: &Row<'_>) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        no: OrderNo(plain(row, "no")?),
        id: text(row, "id")?,
        client_order_id: plain(row, "client_order_id")?,
        signal_id: text_opt(row, "signal_id")?,
        webhook_id: text_opt(row, "webhook_id")?,
        account_id: text(row, "account_id")?,
        symbol: text(row, "symbol")?,
        side: text(row, "side")?,
        order_type: text(row, "type")?,
        time_in_force: text(row, "time_in_force")?,
        quantity: text(row, "quantity")?,
        filled: text(row, "filled")?,
        limit: text_opt(row, "limit_price")?,
        stop: text_opt(row, "stop_price")?,
        status: text(row, "status")?,
        reason_code: text_opt(row, "reason_code")?,
        details: plain(row, "details")?,
        reduce_only: plain(row, "reduce_only")?,
        parent_id: text_opt(row, "parent_id")?,
        created_at: time(row, "created_at")?,
        updated_at: time(row, "updated_at")?,
    })
}
