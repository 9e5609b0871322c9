//! What a signal comes to against the position that is open: enter, exit, or close and turn round.
//!
//! Decided here and nowhere else; sizes, prices and money come later.

use crate::check::{CheckName, Reason};
use domain::{Intent, NetQuantity, OrderType, ReasonCode, SellMode, Side, Signal, Size, SizeUnit};
use rust_decimal::Decimal;

/// What is to be done with a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    /// Take from it; there is something to take from.
    Exit(ExitAmount),
    /// Open it, or add to it.
    Enter(Side, EntryAmount),
    /// Close it wholly, then open the other side: two orders.
    Turn(Side, EntryAmount),
}

impl Move {
    /// Whether it does nothing but take from a position.
    pub(crate) fn is_exit(self) -> bool {
        match self {
            Self::Exit(_) => true,
            Self::Enter(..) | Self::Turn(..) => false,
        }
    }
}

/// How much an exit takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitAmount {
    /// Everything.
    All,
    /// `part` of `whole` of the position, rounded up to the step.
    Share { part: Decimal, whole: Decimal },
    /// This many units, rounded down to the step.
    Units(Decimal),
    /// A size to be converted with price and balances.
    Size(Size),
}

/// How much an entry is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EntryAmount {
    /// What the message says.
    Size(Size),
    /// This many units.
    Units(Decimal),
    /// What webhook, account or dialect say.
    Unsaid,
}

/// A refusal and the check that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) check: CheckName,
    pub(crate) reason: Reason,
}

fn refuse<T>(check: CheckName, reason: Reason) -> Result<T, Refusal> {
    Err(Refusal { check, reason })
}

/// Reads a signal against the position `net`.
pub(crate) fn read(signal: &Signal, mode: SellMode, net: NetQuantity) -> Result<Move, Refusal> {
    let unsupported = || {
        refuse(
            CheckName::Action,
            Reason::with(
                ReasonCode::UnsupportedAction,
                "open, increase, reduce, close, reverse, target",
                signal.intent.as_str(),
            ),
        )
    };
    match signal.intent {
        Intent::Cancel | Intent::OrderUpdate | Intent::Pause | Intent::Resume | Intent::Trigger => {
            return unsupported();
        }
        Intent::Open
        | Intent::Increase
        | Intent::Reduce
        | Intent::Close
        | Intent::Reverse
        | Intent::Target => {}
    }
    if signal.order.kind != OrderType::Market {
        let kind = signal.order.kind.as_str();
        return refuse(CheckName::Action, Reason::with(ReasonCode::UnsupportedOrderType, "market", kind));
    }
    let by_target = mode == SellMode::Target || signal.intent == Intent::Target;
    let read = match (signal.intent, signal.side) {
        _ if by_target => to_target(signal.target_position, net)?,
        (Intent::Reduce | Intent::Close, side) => exit(signal, side, net)?,
        (_, None) => return unsupported(),
        (Intent::Reverse, Some(side)) => reverse(signal, side, net),
        (_, Some(side)) if signal.reduce_only => exit(signal, Some(side.opposite()), net)?,
        (_, Some(side)) => enter(signal, side, mode, net)?,
    };
    if !read.is_exit() && (signal.stop_loss.is_some() || !signal.take_profit.is_empty()) {
        // An entry without the protection that it asks for would be another trade than the one meant.
        let reason = Reason::with(ReasonCode::UnsupportedOrderType, "market", "market with a bracket");
        return refuse(CheckName::Action, reason);
    }
    Ok(read)
}

fn enter(signal: &Signal, side: Side, mode: SellMode, net: NetQuantity) -> Result<Move, Refusal> {
    let amount = signal.size.map_or(EntryAmount::Unsaid, EntryAmount::Size);
    match (net.side(), mode) {
        (Some(open), SellMode::Directional | SellMode::Target) if open != side => {
            let reason = Reason::with(ReasonCode::OppositePosition, side, net);
            refuse(CheckName::Position, reason)
        }
        (Some(open), SellMode::Flip) if open != side => Ok(Move::Turn(side, amount)),
        (Some(_) | None, _) => Ok(Move::Enter(side, amount)),
    }
}

/// A reversal's quantity is often that of the whole order, closing half included; the position after it is not.
fn reverse(signal: &Signal, side: Side, net: NetQuantity) -> Move {
    let amount = match (signal.size, signal.target_position) {
        (Some(_), Some(target)) => EntryAmount::Units(target.magnitude().get()),
        (Some(size), None) => EntryAmount::Size(size),
        (None, _) => EntryAmount::Unsaid,
    };
    if net.side() == Some(side.opposite()) { Move::Turn(side, amount) } else { Move::Enter(side, amount) }
}

fn exit(signal: &Signal, side: Option<Side>, net: NetQuantity) -> Result<Move, Refusal> {
    match net.side() {
        Some(open) if side.is_none_or(|side| side == open) => Ok(Move::Exit(exit_amount(signal))),
        Some(_) | None => {
            let wanted = side.map_or("long or short", Side::as_str);
            refuse(CheckName::Position, Reason::with(ReasonCode::NoPosition, wanted, net))
        }
    }
}

fn exit_amount(signal: &Signal) -> ExitAmount {
    match (signal.size, signal.previous_position, signal.target_position) {
        (Some(Size { value, unit: SizeUnit::PercentPosition }), _, _) => {
            ExitAmount::Share { part: value, whole: Decimal::ONE_HUNDRED }
        }
        (Some(Size { value, unit: SizeUnit::Base | SizeUnit::Contracts | SizeUnit::Lots }), _, _) => {
            ExitAmount::Units(value)
        }
        (Some(size), _, _) => ExitAmount::Size(size),
        (None, Some(before), Some(after))
            if before.side() == after.side() && after.magnitude() < before.magnitude() =>
        {
            let (whole, rest) = (before.magnitude().get(), after.magnitude().get());
            whole.checked_sub(rest).map_or(ExitAmount::All, |part| ExitAmount::Share { part, whole })
        }
        (None, _, _) => ExitAmount::All,
    }
}

fn to_target(target: Option<NetQuantity>, net: NetQuantity) -> Result<Move, Refusal> {
    let Some(target) = target else {
        return refuse(CheckName::Position, Reason::bare(ReasonCode::PositionFieldsMissing));
    };
    let (wanted, held) = (target.magnitude().get(), net.magnitude().get());
    let distance = || {
        let overflow =
            Refusal { check: CheckName::Quantity, reason: Reason::bare(ReasonCode::ArithmeticOverflow) };
        wanted.checked_sub(held).ok_or(overflow)
    };
    match (net.side(), target.side()) {
        (None, None) => refuse(CheckName::Position, Reason::with(ReasonCode::NoPosition, target, net)),
        (None, Some(side)) => Ok(Move::Enter(side, EntryAmount::Units(wanted))),
        (Some(_), None) => Ok(Move::Exit(ExitAmount::All)),
        (Some(open), Some(side)) if open != side => Ok(Move::Turn(side, EntryAmount::Units(wanted))),
        (Some(_), Some(side)) if wanted > held => Ok(Move::Enter(side, EntryAmount::Units(distance()?))),
        // Already there is an exit of nothing, which the quantity check names.
        (Some(_), Some(_)) => Ok(Move::Exit(ExitAmount::Units(-distance()?))),
    }
}
