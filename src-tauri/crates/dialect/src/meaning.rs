//! What a message means: its action word, its comment, its quantity and the positions it names, made one intent.
//!
//! The strategy's own positions count most, then an exit comment, then the word. What the intent does to the book is
//! the broker's decision.

use crate::error::ReadError;
use crate::position::{Position, Positions};
use domain::{Intent, OrderSide, ReasonCode, SellMode, Side, Size, SizeUnit};
use rust_decimal::Decimal;

/// What the word of a message says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// Enter a position of this side.
    Enter(Side),
    /// Leave a position: of this side, or whatever is open.
    Leave(Option<Side>),
}

/// Everything in a message that bears on its intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Statement {
    /// What the word says.
    pub(crate) said: Said,
    /// Whether the word buys or sells; nothing for a word that does either, such as `close`.
    pub(crate) order_side: Option<OrderSide>,
    /// How much the comment says to leave, in percent.
    pub(crate) exit_percent: Option<Decimal>,
    /// The quantity named.
    pub(crate) size: Option<Size>,
    /// The positions named.
    pub(crate) positions: Positions,
    /// The webhook's sell mode; with `target` a reduction needs no size.
    pub(crate) sell_mode: SellMode,
}

/// The outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meaning {
    pub(crate) intent: Intent,
    pub(crate) side: Option<Side>,
    /// As named: on a reversal TradingView's quantity is the whole order, closing half included, and the position
    /// afterwards is what to open.
    pub(crate) size: Option<Size>,
}

/// Makes one intent of a statement.
pub(crate) fn of(statement: &Statement) -> Result<Meaning, ReadError> {
    match (statement.positions.previous, statement.positions.target) {
        (Some(previous), Some(target)) => derived(statement, previous, target),
        (None, Some(target)) => after_only(statement, target),
        (_, None) => Ok(plain(statement)),
    }
}

/// The intent without positions.
fn plain(statement: &Statement) -> Meaning {
    match (statement.exit_percent, statement.said) {
        (Some(percent), _) => exit(exited_by(statement.order_side), statement.size, percent),
        (None, Said::Leave(side)) => exit(side, statement.size, Decimal::ONE_HUNDRED),
        (None, Said::Enter(side)) => Meaning { intent: Intent::Open, side: Some(side), size: statement.size },
    }
}

/// An exit: a quantity wins over a percentage, and the whole is a close.
fn exit(side: Option<Side>, size: Option<Size>, percent: Decimal) -> Meaning {
    let share =
        (percent < Decimal::ONE_HUNDRED).then_some(Size { value: percent, unit: SizeUnit::PercentPosition });
    let whole = |size: &Size| size.unit == SizeUnit::PercentPosition && size.value >= Decimal::ONE_HUNDRED;
    match size.filter(|size| !whole(size)).or(share) {
        Some(size) => Meaning { intent: Intent::Reduce, side, size: Some(size) },
        None => close(side),
    }
}

fn close(side: Option<Side>) -> Meaning {
    Meaning { intent: Intent::Close, side, size: None }
}

/// The side of the position that an order takes from.
fn exited_by(order_side: Option<OrderSide>) -> Option<Side> {
    order_side.map(|side| side.direction().opposite())
}

/// The intent from the positions before and after.
fn derived(statement: &Statement, previous: Position, target: Position) -> Result<Meaning, ReadError> {
    let size = statement.size;
    let meaning = match (previous.side, target.side) {
        (None, None) => close(exited_by(statement.order_side)),
        (None, Some(side)) => Meaning { intent: Intent::Open, side: Some(side), size },
        (Some(side), None) => close(Some(side)),
        (Some(before), Some(side)) if before != side => {
            Meaning { intent: Intent::Reverse, side: Some(side), size }
        }
        (Some(side), Some(_)) => same_side(statement, side, previous, target)?,
    };
    let adds = matches!(meaning.intent, Intent::Open | Intent::Increase | Intent::Reverse);
    if adds && statement.exit_percent.is_some() {
        return Err(contradiction("The comment exits, but the positions before and after do not."));
    }
    let needed = match (meaning.intent, meaning.side) {
        (Intent::Close, Some(_)) if previous.side.is_none() => None,
        (Intent::Close | Intent::Reduce, Some(side)) => Some(side.exit()),
        (_, Some(side)) => Some(side.entry()),
        (_, None) => None,
    };
    match (statement.order_side, needed) {
        (Some(said), Some(needed)) if said != needed => Err(contradiction(&format!(
            "The message says {}, but its positions before and after ask for a {}.",
            said.as_str(),
            needed.as_str()
        ))),
        _ => Ok(meaning),
    }
}

fn same_side(
    statement: &Statement,
    side: Side,
    previous: Position,
    target: Position,
) -> Result<Meaning, ReadError> {
    let increase = Meaning { intent: Intent::Increase, side: Some(side), size: statement.size };
    match (previous.size, target.size, statement.order_side) {
        (Some(before), Some(after), _) if after > before => Ok(increase),
        (Some(before), Some(after), _) if after < before => reduce(statement, side, true),
        (Some(_), Some(_), _) => {
            Err(contradiction("The position is the same before and after, so there is nothing to do."))
        }
        (_, _, Some(order)) if order == side.entry() => Ok(increase),
        (_, _, _) => reduce(statement, side, false),
    }
}

/// A reduction by the quantity, by the comment's share, or without a size by the share that the strategy itself gives
/// up, which its two sizes say exactly and which fits whatever size the webhook trades in.
fn reduce(statement: &Statement, side: Side, sizes_known: bool) -> Result<Meaning, ReadError> {
    let percent = statement.exit_percent.filter(|percent| *percent < Decimal::ONE_HUNDRED);
    let share = percent.map(|value| Size { value, unit: SizeUnit::PercentPosition });
    let size = statement.size.or(share);
    let by_target = statement.sell_mode == SellMode::Target
        && statement.positions.target.is_some_and(|t| t.size.is_some());
    if size.is_none() && !sizes_known && !by_target {
        let sentence = "The message leaves a part of the position, but not how much: it names neither a quantity nor the position's size before and after.";
        return Err(ReadError::new(ReasonCode::MissingField, sentence).at_field("prev_market_position_size"));
    }
    Ok(Meaning { intent: Intent::Reduce, side: Some(side), size })
}

/// The intent when the message names the position after the order only.
fn after_only(statement: &Statement, target: Position) -> Result<Meaning, ReadError> {
    let Some(side) = target.side else { return Ok(close(exited_by(statement.order_side))) };
    match statement.order_side {
        Some(order) if order == side.exit() => reduce(statement, side, false),
        Some(_) if statement.exit_percent.is_none() => {
            Ok(Meaning { intent: Intent::Open, side: Some(side), size: statement.size })
        }
        Some(_) => Err(contradiction("The comment exits a position of the side that the message enters.")),
        None if statement.size.is_some() || statement.exit_percent.is_some() => {
            reduce(statement, side, false)
        }
        None => Err(contradiction("The message says close, but its position afterwards is not flat.")),
    }
}

fn contradiction(sentence: &str) -> ReadError {
    ReadError::new(ReasonCode::InvalidField, sentence).at_field("market_position")
}

#[cfg(test)]
mod tests;
