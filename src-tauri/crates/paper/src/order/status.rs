//! The life of an order as one transition table.

use domain::ReasonCode;
use thiserror::Error;

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
    /// The account was ruined.
    Liquidated,
}

impl CancelReason {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::UserCancelled,
        Self::OcoSiblingFilled,
        Self::ParentCancelled,
        Self::PositionClosed,
        Self::ReplacedByReversal,
        Self::KillSwitch,
        Self::Liquidated,
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
            Self::Liquidated => "LIQUIDATED",
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

    /// Reads word and reason code back.
    #[must_use]
    pub fn parse(word: &str, reason: Option<&str>) -> Option<Self> {
        match word {
            "new" => Some(Self::New),
            "working" => Some(Self::Working),
            "triggered" => Some(Self::Triggered),
            "partially_filled" => Some(Self::PartiallyFilled),
            "filled" => Some(Self::Filled),
            "held" => Some(Self::Held),
            "rejected" => ReasonCode::parse(reason?).ok().map(Self::Rejected),
            "cancelled" => CancelReason::parse(reason?).map(Self::Cancelled),
            "expired" => Some(Self::Expired),
            _ => None,
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
    fn statuses_and_cancel_reasons_are_read_back() {
        for reason in CancelReason::ALL {
            assert_eq!(CancelReason::parse(reason.as_str()), Some(reason));
            let status = OrderStatus::Cancelled(reason);
            assert_eq!(OrderStatus::parse(status.as_str(), status.reason()), Some(status));
        }
        let denied = OrderStatus::Rejected(ReasonCode::NoPosition);
        assert_eq!(OrderStatus::parse("rejected", Some("NO_POSITION")), Some(denied));
        for plain in ["new", "working", "triggered", "partially_filled", "filled", "held", "expired"] {
            assert_eq!(OrderStatus::parse(plain, None).map(OrderStatus::as_str), Some(plain));
        }
        assert_eq!(OrderStatus::parse("cancelled", None), None);
        assert_eq!(OrderStatus::parse("gone", None), None);
    }
}
