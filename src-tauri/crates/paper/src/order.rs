//! Orders: market, limit, stop, stop-limit and trailing stop, and the children of brackets.
//!
//! An order is plain data; its life is the table of [`OrderStatus::after`]. Matching is the broker's.

mod id;
mod status;

use domain::{OrderId, OrderSide, OrderType, Price, Quantity, Symbol, TimeInForce, Timestamp, Trail};
use rust_decimal::Decimal;

pub use id::{ClientOrderId, Origin, Role};
pub use status::{CancelReason, OrderEvent, OrderStatus, OrderStatusError};

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its public id.
    pub id: OrderId,
    /// What makes it unique.
    pub client_id: ClientOrderId,
    /// The how manieth order of the account it is, from 1; children of a bracket have their parent's number. Orders
    /// are matched in this order.
    pub number: u64,
    /// What is traded.
    pub symbol: Symbol,
    /// The direction.
    pub side: OrderSide,
    /// How it wants to be filled.
    pub kind: OrderType,
    /// How much is wanted; what a reduction of the position took from it is gone. Above zero, except on a cancelled
    /// order of which nothing was left.
    pub quantity: Quantity,
    /// How much was filled; never above `quantity`.
    pub filled: Quantity,
    /// The limit price of limit and stop-limit orders.
    pub limit: Option<Price>,
    /// The stop price of stop and stop-limit orders, and where a trailing stop stands now.
    pub stop: Option<Price>,
    /// What a trailing stop trails by.
    pub trailing: Option<Trailing>,
    /// How long it stays.
    pub time_in_force: TimeInForce,
    /// When it expires; set for day orders only.
    pub expires_at: Option<Timestamp>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order that it protects.
    pub parent: Option<OrderId>,
    /// The price that it was sized with; a resting entry reserves its margin and fee at this price.
    pub price_expected: Price,
    /// Whether the newest price was an alert's when it was placed: without a market's prices it moves only when an
    /// alert for the symbol comes.
    pub waits_for_alert: bool,
    /// Where it stands.
    pub status: OrderStatus,
    /// When it was placed.
    pub created_at: Timestamp,
    /// Since when it can be filled: bars that opened before are not asked.
    pub working_since: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// What a trailing stop trails by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trailing {
    /// The distance.
    pub trail: Trail,
    /// The mark that it waits for before it begins to trail.
    pub activation: Option<Price>,
    /// The best mark since it began to trail; nothing before that.
    pub watermark: Option<Price>,
}

impl Order {
    /// What is left to be filled.
    #[must_use]
    pub fn remaining(&self) -> Quantity {
        if self.filled.is_zero() {
            return self.quantity;
        }
        let left = self.quantity.get().checked_sub(self.filled.get()).unwrap_or(Decimal::ZERO);
        Quantity::new(left.max(Decimal::ZERO)).unwrap_or(Quantity::ZERO)
    }

    /// Whether something can still happen to it.
    #[must_use]
    pub fn is_live(&self) -> bool {
        !self.status.is_terminal()
    }

    /// Whether it can be filled now: live, and not waiting for its parent.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.is_live() && self.status != OrderStatus::Held
    }

    /// Whether it ties up buying power: an entry that can be filled.
    #[must_use]
    pub fn reserves(&self) -> bool {
        self.is_open() && !self.reduce_only
    }

    /// Takes the step of the table that `event` is.
    pub(crate) fn step(&mut self, event: OrderEvent, at: Timestamp) {
        self.status = self.status.after(event).expect("BUG: the broker takes only steps of the table");
        self.updated_at = at;
    }
}
