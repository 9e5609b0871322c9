//! The row of an order, read and written by column name.

use crate::column::{Stored, plain, text, text_opt, time, time_opt};
use crate::error::StoreError;
use crate::view::Tx;
use domain::{
    AccountId, OrderId, OrderSide, OrderType, Price, Quantity, SignalId, Symbol, TimeInForce, Timestamp,
    Trail, TrailUnit, WebhookId, parse_decimal,
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

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_done(self) -> bool {
        match self {
            Self::Filled | Self::Cancelled | Self::Expired | Self::Rejected => true,
            Self::Held | Self::Working | Self::Triggered | Self::PartiallyFilled => false,
        }
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
    /// The how manieth order of the account's run it is; children of a bracket have their parent's number.
    pub number: u64,
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
    /// The stop; of a trailing stop, where it stands now.
    pub stop: Option<Price>,
    /// What a trailing stop trails by.
    pub trail: Option<Trail>,
    /// The price that it waits for before it begins to trail.
    pub activation: Option<Price>,
    /// The best price since it began to trail.
    pub watermark: Option<Price>,
    /// When a day order ends.
    pub expires_at: Option<Timestamp>,
    /// The price that it was sized with.
    pub price_expected: Price,
    /// Whether it moves only when an alert for its symbol comes.
    pub waits_for_alert: bool,
    /// Where it stands.
    pub status: OrderStatus,
    /// Why it was denied or cancelled.
    pub reason_code: Option<String>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order to whose bracket it belongs.
    pub parent_id: Option<OrderId>,
    /// When it was placed.
    pub created_at: Timestamp,
    /// Since when it can be filled.
    pub working_since: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Writes an order that is not there yet, and otherwise nothing.
const INSERT: &str = "
    INSERT INTO orders (id, number, client_order_id, signal_id, webhook_id, account_id, symbol, side, type,
      time_in_force, quantity, filled, limit_price, stop_price, trail, trail_unit, activation, watermark, expires_at,
      price_expected, waits_for_alert, status, reason_code, reduce_only, parent_id, created_at, working_since,
      updated_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,
      ?24, ?25, ?26, ?27, ?28)
    ON CONFLICT (id) DO NOTHING";

/// Writes what may change of an order; all else of it never does.
const CHANGE: &str = "
    UPDATE orders SET quantity = ?2, filled = ?3, limit_price = ?4, stop_price = ?5, watermark = ?6, status = ?7,
      reason_code = ?8, working_since = ?9, updated_at = ?10
    WHERE id = ?1";

/// Two statements and not one that can do either: for that one SQLite would copy every page that it touches, in case
/// the trigger of a finished order refuses it, and most orders are written once.
pub(super) fn put(tx: &Tx, order: &OrderRow) -> Result<(), StoreError> {
    if insert(tx, order)? {
        return Ok(());
    }
    tx.prepared(CHANGE)?.execute(params![
        order.id.as_str(),
        order.quantity.to_string(),
        order.filled.to_string(),
        order.limit.map(|p| p.to_string()),
        order.stop.map(|p| p.to_string()),
        order.watermark.map(|p| p.to_string()),
        order.status.as_str(),
        order.reason_code,
        order.working_since.as_micros(),
        order.updated_at.as_micros()
    ])?;
    Ok(())
}

/// Whether the order is a new one.
fn insert(tx: &Tx, order: &OrderRow) -> Result<bool, StoreError> {
    let inserted = tx.prepared(INSERT)?.execute(params![
        order.id.as_str(),
        i64::try_from(order.number).unwrap_or(i64::MAX),
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
        order.trail.map(|t| t.value.to_string()),
        order.trail.map(|t| t.unit.as_str()),
        order.activation.map(|p| p.to_string()),
        order.watermark.map(|p| p.to_string()),
        order.expires_at.map(Timestamp::as_micros),
        order.price_expected.to_string(),
        order.waits_for_alert,
        order.status.as_str(),
        order.reason_code,
        order.reduce_only,
        order.parent_id.as_ref().map(OrderId::as_str),
        order.created_at.as_micros(),
        order.working_since.as_micros(),
        order.updated_at.as_micros()
    ])?;
    Ok(inserted > 0)
}

pub(super) fn read(row: &Row<'_>) -> Result<OrderRow, StoreError> {
    Ok(OrderRow {
        no: OrderNo(plain(row, "no")?),
        id: text(row, "id")?,
        number: u64::try_from(plain::<i64>(row, "number")?).unwrap_or(0),
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
        trail: read_trail(row)?,
        activation: text_opt(row, "activation")?,
        watermark: text_opt(row, "watermark")?,
        expires_at: time_opt(row, "expires_at")?,
        price_expected: text(row, "price_expected")?,
        waits_for_alert: plain(row, "waits_for_alert")?,
        status: text(row, "status")?,
        reason_code: plain(row, "reason_code")?,
        reduce_only: plain(row, "reduce_only")?,
        parent_id: text_opt(row, "parent_id")?,
        created_at: time(row, "created_at")?,
        working_since: time(row, "working_since")?,
        updated_at: time(row, "updated_at")?,
    })
}

fn read_trail(row: &Row<'_>) -> Result<Option<Trail>, StoreError> {
    let (value, unit) = (plain::<Option<String>>(row, "trail")?, plain::<Option<String>>(row, "trail_unit")?);
    let Some((value, unit)) = value.zip(unit) else { return Ok(None) };
    let trail = parse_decimal(&value).ok().zip(TrailUnit::parse(&unit));
    let (value, unit) =
        trail.ok_or_else(|| StoreError::Unreadable { column: "trail", text: format!("{value} {unit}") })?;
    Ok(Some(Trail { value, unit }))
}
