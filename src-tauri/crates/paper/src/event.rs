//! What the broker did, as data: the caller writes it down and shows it.

use crate::balance::Balances;
use crate::check::{Checks, Reason};
use crate::fill::Fill;
use crate::ledger::Transaction;
use crate::order::{Order, Origin};
use crate::position::Position;
use crate::trade::Trade;
use domain::{SignalId, SignalStatus, Symbol, Timestamp};

/// Something that the broker did. All events of one input belong into one database transaction, orders before fills.
///
/// Whenever an input causes anything but `Decided`, `CommandDenied` and `InputRefused`, what [`State`](crate::State)
/// holds beside orders and positions may have changed too: write it along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// An order was placed or changed: write the row with its id as it now is. At most once per order and input;
    /// parents come before their children.
    Order(Box<Order>),
    /// An order was filled.
    Filled(Box<Fill>),
    /// A round trip is over: append it.
    Trade(Box<Trade>),
    /// Money moved: append the entries to the ledger.
    Posted(Transaction),
    /// A symbol's holding or price changed: write its row as it now is. At most once per symbol and input.
    Position {
        /// Which symbol.
        symbol: Symbol,
        /// What is kept of it now.
        position: Box<Position>,
    },
    /// The account's figures changed: also a point of the equity curve. At most once per input.
    Balances {
        /// The figures now.
        balances: Box<Balances>,
        /// Since when.
        at: Timestamp,
    },
    /// A signal was decided. Exactly once per signal, and the last event of its input.
    Decided(Box<Decision>),
    /// The account lost all its money: everything was closed at its mark, and no signal is accepted any more.
    Liquidated {
        /// When.
        at: Timestamp,
    },
    /// A command of the user was denied and changed nothing.
    CommandDenied {
        /// Which.
        origin: Origin,
        /// Why.
        reason: Reason,
    },
    /// A price or a setting was refused and changed nothing, because the account could not be valued with it.
    InputRefused {
        /// Why.
        reason: Reason,
        /// When it was given.
        at: Timestamp,
    },
}

/// What became of a signal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub signal: SignalId,
    /// Executed or rejected.
    pub status: SignalStatus,
    /// Why it was rejected. On an executed signal: why the opening half of a reversal was denied after the closing
    /// half was filled.
    pub reason: Option<Reason>,
    /// Every check that was made, in order, with its figures.
    pub checks: Checks,
}
