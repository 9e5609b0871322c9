//! What a signal comes to against the position that is open: enter, exit, or close and turn round.
//!
//! Decided here and nowhere else; sizes, prices and money come later.

use crate::check::{CheckName, Reason};
use crate::exact::{self, Overflow};
use domain::{
    Intent, NetQuantity, OrderRequest, OrderType, ReasonCode, SellMode, Side, Signal, Size, SizeUnit, Trail,
    TrailUnit,
};
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
    /// Cancel the live orders of the symbol that are about this direction, or all.
    Cancel(Option<Side>),
}

impl Move {
    /// Whether it adds nothing to a position.
    pub(crate) fn is_exit(self) -> bool {
        match self {
            Self::Exit(_) | Self::Cancel(_) => true,
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
                "open, increase, reduce, close, reverse, target, cancel",
                signal.intent.as_str(),
            ),
        )
    };
    match signal.intent {
        Intent::OrderUpdate | Intent::Pause | Intent::Resume | Intent::Trigger => {
            return unsupported();
        }
        Intent::Open
        | Intent::Increase
        | Intent::Reduce
        | Intent::Close
        | Intent::Reverse
        | Intent::Target => {}
        Intent::Cancel => return Ok(Move::Cancel(signal.side)),
    }
    shape(&signal.order).map_err(|reason| Refusal { check: CheckName::Action, reason })?;
    let by_target = mode == SellMode::Target || signal.intent == Intent::Target;
    match (signal.intent, signal.side) {
        _ if by_target => to_target(signal.target_position, net),
        (Intent::Reduce | Intent::Close, side) => exit(signal, side, net),
        // Which side is added to or left is the position's, where the message does not say it.
        (Intent::Increase, None) => enter(signal, open_side(net)?, mode, net),
        (Intent::Reverse, None) => Ok(reverse(signal, open_side(net)?.opposite(), net)),
        (_, None) => unsupported(),
        (Intent::Reverse, Some(side)) => Ok(reverse(signal, side, net)),
        (_, Some(side)) if signal.reduce_only => exit(signal, Some(side.opposite()), net),
        (_, Some(side)) => enter(signal, side, mode, net),
    }
}

/// The side of the open position.
fn open_side(net: NetQuantity) -> Result<Side, Refusal> {
    let none = || Refusal {
        check: CheckName::Position,
        reason: Reason::with(ReasonCode::NoPosition, "an open position", net),
    };
    net.side().ok_or_else(none)
}

/// An order has the prices that its type needs.
fn shape(order: &OrderRequest) -> Result<(), Reason> {
    let missing = |field| Err(Reason::with(ReasonCode::MissingField, order.kind.as_str(), field));
    match order.kind {
        OrderType::Limit | OrderType::StopLimit if order.limit.is_none() => missing("limit"),
        OrderType::Stop | OrderType::StopLimit if order.stop.is_none() => missing("stop"),
        OrderType::TrailingStop => match order.trail {
            None => missing("trail"),
            Some(trail) => check_trail(trail),
        },
        OrderType::Market | OrderType::Limit | OrderType::Stop | OrderType::StopLimit => Ok(()),
    }
}

/// A trailing distance is above zero, and a share of the price below all of it.
pub(crate) fn check_trail(trail: Trail) -> Result<(), Reason> {
    let wanted = match trail.unit {
        _ if trail.value <= Decimal::ZERO => "a trail above 0",
        TrailUnit::Percent if trail.value >= Decimal::ONE_HUNDRED => "a trail below 100 %",
        TrailUnit::Percent | TrailUnit::Absolute => return Ok(()),
    };
    Err(Reason::with(ReasonCode::InvalidField, wanted, trail.value))
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
            exact::sub(whole, rest).map_or(ExitAmount::All, |part| ExitAmount::Share { part, whole })
        }
        (None, _, _) => ExitAmount::All,
    }
}

fn to_target(target: Option<NetQuantity>, net: NetQuantity) -> Result<Move, Refusal> {
    let Some(target) = target else {
        return refuse(CheckName::Position, Reason::bare(ReasonCode::PositionFieldsMissing));
    };
    let (wanted, held) = (target.magnitude().get(), net.magnitude().get());
    let between = |more: Decimal, less: Decimal| {
        let overflow = |_| Refusal { check: CheckName::Quantity, reason: Overflow.into() };
        exact::sub(more, less).map_err(overflow)
    };
    match (net.side(), target.side()) {
        (None, None) => refuse(CheckName::Position, Reason::with(ReasonCode::NoPosition, target, net)),
        (None, Some(side)) => Ok(Move::Enter(side, EntryAmount::Units(wanted))),
        (Some(_), None) => Ok(Move::Exit(ExitAmount::All)),
        (Some(open), Some(side)) if open != side => Ok(Move::Turn(side, EntryAmount::Units(wanted))),
        (Some(_), Some(side)) if wanted > held => {
            Ok(Move::Enter(side, EntryAmount::Units(between(wanted, held)?)))
        }
        // Already there is an exit of nothing, which the quantity check names.
        (Some(_), Some(_)) => Ok(Move::Exit(ExitAmount::Units(between(held, wanted)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::d;
    use Intent::{Close, Increase, Open, Reduce, Reverse, Target};
    use SellMode::{Directional, Flip};
    use domain::Symbol;

    const LONG: Option<Side> = Some(Side::Long);
    const SHORT: Option<Side> = Some(Side::Short);

    /// `shown` is `enter`, `turn` or `exit` with its side and amount, or the code of the refusal.
    fn check_signal(signal: &Signal, mode: SellMode, net: &str, expected: &str) {
        let amount = |amount: EntryAmount| match amount {
            EntryAmount::Size(size) => size.value.to_string(),
            EntryAmount::Units(units) => format!("{units} units"),
            EntryAmount::Unsaid => "unsaid".to_owned(),
        };
        let shown = match read(signal, mode, NetQuantity::new(d(net))) {
            Ok(Move::Enter(side, size)) => format!("enter {side} {}", amount(size)),
            Ok(Move::Turn(side, size)) => format!("turn {side} {}", amount(size)),
            Ok(Move::Exit(ExitAmount::All)) => "exit all".to_owned(),
            Ok(Move::Exit(ExitAmount::Share { part, whole })) => format!("exit {part} of {whole}"),
            Ok(Move::Exit(ExitAmount::Units(units))) => format!("exit {units} units"),
            Ok(Move::Exit(ExitAmount::Size(size))) => format!("exit {} {}", size.value, size.unit.as_str()),
            Ok(Move::Cancel(side)) => format!("cancel {}", side.map_or("all", Side::as_str)),
            Err(refusal) => refusal.reason.code.to_string(),
        };
        assert_eq!(shown, expected, "{:?} {:?} {mode:?} at {net}", signal.intent, signal.side);
    }

    fn check(intent: Intent, side: Option<Side>, mode: SellMode, net: &str, expected: &str) {
        let signal = Signal::new(intent, side, "any", Symbol::new("AAPL").unwrap());
        check_signal(&signal, mode, net, expected);
    }

    #[test]
    fn the_intent_table() {
        check(Open, LONG, Directional, "0", "enter long unsaid");
        check(Open, LONG, Directional, "1", "enter long unsaid");
        check(Open, LONG, Directional, "-1", "OPPOSITE_POSITION");
        check(Open, SHORT, Directional, "0", "enter short unsaid");
        check(Open, SHORT, Directional, "1", "OPPOSITE_POSITION");
        check(Open, LONG, Flip, "-1", "turn long unsaid");
        check(Open, SHORT, Flip, "1", "turn short unsaid");
        check(Open, SHORT, Flip, "-1", "enter short unsaid");
        check(Increase, LONG, Directional, "-1", "OPPOSITE_POSITION");
        check(Increase, LONG, Flip, "-1", "turn long unsaid");
        check(Close, LONG, Directional, "3", "exit all");
        check(Close, LONG, Directional, "-3", "NO_POSITION");
        check(Close, LONG, Flip, "0", "NO_POSITION");
        check(Close, SHORT, Flip, "-3", "exit all");
        check(Close, SHORT, Flip, "3", "NO_POSITION");
        check(Close, None, Directional, "3", "exit all");
        check(Close, None, Directional, "-3", "exit all");
        check(Close, None, Directional, "0", "NO_POSITION");
        check(Reduce, None, Flip, "-3", "exit all");
        check(Reverse, SHORT, Directional, "3", "turn short unsaid");
        check(Reverse, SHORT, Directional, "0", "enter short unsaid");
        check(Reverse, SHORT, Directional, "-3", "enter short unsaid");
        check(Reverse, None, Directional, "3", "turn short unsaid");
        check(Reverse, None, Directional, "-3", "turn long unsaid");
        check(Reverse, None, Flip, "0", "NO_POSITION");
        check(Increase, None, Directional, "-3", "enter short unsaid");
        check(Increase, None, Directional, "0", "NO_POSITION");
        check(Open, None, Directional, "3", "UNSUPPORTED_ACTION");
        check(Intent::Cancel, None, Directional, "0", "cancel all");
        check(Intent::Cancel, LONG, SellMode::Target, "-3", "cancel long");
        check(Intent::OrderUpdate, LONG, Directional, "3", "UNSUPPORTED_ACTION");
        check(Target, None, Directional, "3", "POSITION_FIELDS_MISSING");
        check(Open, LONG, SellMode::Target, "0", "POSITION_FIELDS_MISSING");
    }

    #[test]
    fn a_target_is_where_the_position_is_to_be() {
        let check = |target: &str, net: &str, expected: &str| {
            let mut signal = Signal::new(Open, SHORT, "sell", Symbol::new("AAPL").unwrap());
            signal.target_position = Some(NetQuantity::new(d(target)));
            check_signal(&signal, SellMode::Target, net, expected);
        };
        check("2", "0", "enter long 2 units");
        check("-2", "0", "enter short 2 units");
        check("5", "2", "enter long 3 units");
        check("-5", "-2", "enter short 3 units");
        check("2", "5", "exit 3 units");
        check("-2", "-5", "exit 3 units");
        check("0", "-5", "exit all");
        check("-2", "1", "turn short 2 units");
        check("0", "0", "NO_POSITION");
        check("2", "2", "exit 0 units");
    }

    #[test]
    fn sizes_and_positions_of_the_message_say_how_much() {
        let check = |intent, side, change: &dyn Fn(&mut Signal), net: &str, expected: &str| {
            let mut signal = Signal::new(intent, side, "any", Symbol::new("AAPL").unwrap());
            change(&mut signal);
            check_signal(&signal, Directional, net, expected);
        };
        let size =
            |value: &'static str, unit| move |s: &mut Signal| s.size = Some(Size { value: d(value), unit });
        let moved = |before: &'static str, after: &'static str| {
            move |s: &mut Signal| {
                s.previous_position = Some(NetQuantity::new(d(before)));
                s.target_position = Some(NetQuantity::new(d(after)));
            }
        };
        check(Reduce, LONG, &size("50", SizeUnit::PercentPosition), "3", "exit 50 of 100");
        check(Reduce, LONG, &size("5", SizeUnit::Lots), "3", "exit 5 units");
        check(Reduce, LONG, &size("500", SizeUnit::Quote), "3", "exit 500 quote");
        check(Close, LONG, &size("2", SizeUnit::Base), "3", "exit 2 units");
        // From 4 to 1 takes three quarters, whatever our own size is.
        check(Reduce, LONG, &moved("4", "1"), "100", "exit 3 of 4");
        check(Reduce, SHORT, &moved("-4", "-1"), "-100", "exit 3 of 4");
        check(Reduce, LONG, &moved("4", "-1"), "100", "exit all");
        // One that leaves the sender's position as it is says nothing of how much.
        check(Reduce, LONG, &moved("4", "4"), "100", "exit all");
        // A reversal's order of 3 turns 1 long into 2 short.
        let reversal = |s: &mut Signal| {
            size("3", SizeUnit::Base)(s);
            moved("1", "-2")(s);
        };
        check(Reverse, SHORT, &reversal, "1", "turn short 2 units");
        check(Reverse, SHORT, &moved("1", "-2"), "1", "turn short unsaid");
        check(Open, LONG, &|s: &mut Signal| s.reduce_only = true, "-2", "exit all");
        check(Open, LONG, &|s: &mut Signal| s.reduce_only = true, "2", "NO_POSITION");
    }
}
