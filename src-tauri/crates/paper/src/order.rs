//! Orders and their life as one transition table.
//!
//! The table has every state that the broker will ever use; market orders pass through `Working` to `Filled`.

use domain::{OrderId, OrderSide, OrderType, Price, Quantity, ReasonCode, SignalId, Symbol, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt;
use thiserror::Error;

/// Who asked for an order: the only source of its identity, so the same input always makes the same ids.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// A signal.
    Signal(SignalId),
    /// A command of the user, by the caller's unique id of it.
    Command(Box<str>),
}

impl Origin {
    /// The signal behind it, if there is one.
    #[must_use]
    pub fn signal(&self) -> Option<&SignalId> {
        match self {
            Self::Signal(id) => Some(id),
            Self::Command(_) => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(id) => write!(f, "{id}"),
            Self::Command(id) => write!(f, "command {id}"),
        }
    }
}

/// What makes an order unique for ever: who asked for it and which leg it is (1 for the first). The database keeps
/// its text under a UNIQUE index, so that an input applied twice cannot trade twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientOrderId {
    /// Who asked.
    pub origin: Origin,
    /// 1, 2, …: a reversal closes with leg 1 and opens with leg 2.
    pub leg: u16,
}

impl ClientOrderId {
    /// The public id of the order: the same for the same client order id.
    #[must_use]
    pub fn order_id(&self) -> OrderId {
        OrderId::parse(&format!("ord_{}", self.tail())).expect("BUG: a tail is plain and short")
    }

    /// What the ids of the order and of its fills end in. It begins like the signal's id, so that rows that come
    /// together lie together in an index.
    pub(crate) fn tail(&self) -> String {
        let plain = match &self.origin {
            Origin::Signal(id) => id.as_str().strip_prefix("sig_").map(str::to_owned),
            Origin::Command(_) => None,
        };
        let plain = plain.filter(|text| text.len() <= TAIL_MAX);
        plain.map_or_else(|| short_hash(&self.to_string()), |text| format!("{text}-{}", self.leg))
    }
}

impl fmt::Display for ClientOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}#{}", self.origin, self.leg)
    }
}

/// The longest signal id that is taken over into other ids as it is, in bytes without its prefix.
const TAIL_MAX: usize = 40;

/// 96 bits of the text's SHA-256 in lower hexadecimal.
fn short_hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its public id.
    pub id: OrderId,
    /// What makes it unique.
    pub client_id: ClientOrderId,
    /// What is traded.
    pub symbol: Symbol,
    /// The direction.
    pub side: OrderSide,
    /// How it wants to be filled.
    pub kind: OrderType,
    /// How much is wanted, above zero.
    pub quantity: Quantity,
    /// How much was filled; never above `quantity`.
    pub filled: Quantity,
    /// The limit price, for limit and stop-limit orders.
    pub limit: Option<Price>,
    /// The stop price, for stop and stop-limit orders.
    pub stop: Option<Price>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order that it protects.
    pub parent: Option<OrderId>,
    /// Where it stands.
    pub status: OrderStatus,
    /// When it was placed.
    pub created_at: Timestamp,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderStatus {
    /// Made, not yet looked at by risk.
    New,
    /// Live.
    Working,
    /// Its stop was touched.
    Triggered,
    /// Filled in part.
    PartiallyFilled,
    /// Filled wholly. Terminal.
    Filled,
    /// A bracket leg whose parent is not filled yet.
    Held,
    /// Denied. Terminal.
    Rejected(ReasonCode),
    /// Taken back. Terminal.
    Cancelled(CancelReason),
    /// Its time in force ended. Terminal.
    Expired,
}

/// Why an order was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CancelReason {
    /// The user said so.
    UserCancelled,
    /// The other leg of its bracket was filled.
    OcoSiblingFilled,
    /// The order it protected was cancelled.
    ParentCancelled,
    /// The position it protected is closed.
    PositionClosed,
    /// A reversal came first.
    ReplacedByReversal,
    /// The kill switch was thrown.
    KillSwitch,
}

impl CancelReason {
    /// Every reason.
    pub const ALL: [Self; 6] = [
        Self::UserCancelled,
        Self::OcoSiblingFilled,
        Self::ParentCancelled,
        Self::PositionClosed,
        Self::ReplacedByReversal,
        Self::KillSwitch,
    ];

    /// The code used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserCancelled => "USER_CANCELLED",
            Self::OcoSiblingFilled => "OCO_SIBLING_FILLED",
            Self::ParentCancelled => "PARENT_CANCELLED",
            Self::PositionClosed => "POSITION_CLOSED",
            Self::ReplacedByReversal => "REPLACED_BY_REVERSAL",
            Self::KillSwitch => "KILL_SWITCH",
        }
    }

    /// Reads the code back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

/// What may happen to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderEvent {
    /// Risk denied it.
    Deny(ReasonCode),
    /// Risk passed it.
    Accept,
    /// Risk passed it; it waits for its parent.
    Hold,
    /// Its parent was filled.
    ParentFilled,
    /// Its stop was touched.
    Trigger,
    /// A part of it was filled, something is left.
    FillPart,
    /// All that was left was filled.
    FillRest,
    /// It was taken back.
    Cancel(CancelReason),
    /// Its time in force ended.
    Expire,
}

/// A change that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an order that is {from:?} cannot be changed by {event:?}")]
pub struct OrderStatusError {
    /// Where the order stood.
    pub from: OrderStatus,
    /// What was asked.
    pub event: OrderEvent,
}

impl OrderStatus {
    /// The word used in JSON and the database; the reason stands beside it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Working => "working",
            Self::Triggered => "triggered",
            Self::PartiallyFilled => "partially_filled",
            Self::Filled => "filled",
            Self::Held => "held",
            Self::Rejected(_) => "rejected",
            Self::Cancelled(_) => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The reason code beside the word, for rejected and cancelled orders.
    #[must_use]
    pub fn reason(self) -> Option<&'static str> {
        match self {
            Self::Rejected(code) => Some(code.as_str()),
            Self::Cancelled(reason) => Some(reason.as_str()),
            Self::New
            | Self::Working
            | Self::Triggered
            | Self::PartiallyFilled
            | Self::Filled
            | Self::Held
            | Self::Expired => None,
        }
    }

    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Filled | Self::Rejected(_) | Self::Cancelled(_) | Self::Expired => true,
            Self::New | Self::Working | Self::Triggered | Self::PartiallyFilled | Self::Held => false,
        }
    }

    /// The status after `event`.
    ///
    /// # Errors
    /// [`OrderStatusError`] when the table has no such change; terminal states have none.
    pub fn after(self, event: OrderEvent) -> Result<Self, OrderStatusError> {
        use OrderEvent as E;
        match (self, event) {
            (Self::New, E::Deny(code)) => Ok(Self::Rejected(code)),
            (Self::New, E::Accept) | (Self::Held, E::ParentFilled) => Ok(Self::Working),
            (Self::New, E::Hold) => Ok(Self::Held),
            (Self::Working, E::Trigger) => Ok(Self::Triggered),
            (Self::Working | Self::Triggered | Self::PartiallyFilled, E::FillPart) => {
                Ok(Self::PartiallyFilled)
            }
            (Self::Working | Self::Triggered | Self::PartiallyFilled, E::FillRest) => Ok(Self::Filled),
            (Self::Working | Self::Triggered | Self::Held | Self::PartiallyFilled, E::Cancel(reason)) => {
                Ok(Self::Cancelled(reason))
            }
            (Self::Working | Self::Triggered | Self::Held | Self::PartiallyFilled, E::Expire) => {
                Ok(Self::Expired)
            }
            (
                Self::New
                | Self::Working
                | Self::Triggered
                | Self::PartiallyFilled
                | Self::Filled
                | Self::Held
                | Self::Rejected(_)
                | Self::Cancelled(_)
                | Self::Expired,
                _,
            ) => Err(OrderStatusError { from: self, event }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: OrderEvent = OrderEvent::Deny(ReasonCode::InsufficientBalance);
    const CANCEL: OrderEvent = OrderEvent::Cancel(CancelReason::UserCancelled);
    const EVENTS: [OrderEvent; 9] = [
        DENY,
        OrderEvent::Accept,
        OrderEvent::Hold,
        OrderEvent::ParentFilled,
        OrderEvent::Trigger,
        OrderEvent::FillPart,
        OrderEvent::FillRest,
        CANCEL,
        OrderEvent::Expire,
    ];

    /// `row` is the word of the resulting status per event in the order of `EVENTS`; a dash is a refusal.
    fn check(from: OrderStatus, row: [&str; 9]) {
        for (event, expected) in EVENTS.into_iter().zip(row) {
            match from.after(event) {
                Ok(to) => assert_eq!(to.as_str(), expected, "{from:?} {event:?}"),
                Err(error) => {
                    assert_eq!(expected, "-", "{from:?} {event:?}");
                    assert_eq!(error, OrderStatusError { from, event });
                }
            }
        }
    }

    #[test]
    fn the_transition_table_is_complete() {
        const C: &str = "cancelled";
        const P: &str = "partially_filled";
        check(OrderStatus::New, ["rejected", "working", "held", "-", "-", "-", "-", "-", "-"]);
        check(OrderStatus::Working, ["-", "-", "-", "-", "triggered", P, "filled", C, "expired"]);
        check(OrderStatus::Triggered, ["-", "-", "-", "-", "-", P, "filled", C, "expired"]);
        check(OrderStatus::PartiallyFilled, ["-", "-", "-", "-", "-", P, "filled", C, "expired"]);
        check(OrderStatus::Held, ["-", "-", "-", "working", "-", "-", "-", C, "expired"]);
        for terminal in [
            OrderStatus::Filled,
            OrderStatus::Rejected(ReasonCode::NoPosition),
            OrderStatus::Cancelled(CancelReason::KillSwitch),
            OrderStatus::Expired,
        ] {
            assert!(terminal.is_terminal());
            check(terminal, ["-"; 9]);
        }
    }

    #[test]
    fn ids_follow_from_the_origin_and_the_leg_alone() {
        let id = |signal: &str, leg| ClientOrderId {
            origin: Origin::Signal(SignalId::parse(signal).unwrap()),
            leg,
        };
        assert_eq!(id("sig_a", 1).to_string(), "sig_a#1");
        assert_eq!(id("sig_a", 1).order_id(), id("sig_a", 1).order_id());
        assert_ne!(id("sig_a", 1).order_id(), id("sig_a", 2).order_id());
        assert_ne!(id("sig_a", 1).order_id(), id("replayed-a", 1).order_id());
    }

    #[test]
    fn cancel_reasons_are_read_back() {
        for reason in CancelReason::ALL {
            assert_eq!(CancelReason::parse(reason.as_str()), Some(reason));
        }
    }
}
