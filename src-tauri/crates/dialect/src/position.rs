//! The strategy's position before and after the order, under TradingView's own placeholder names.

use crate::error::ReadError;
use crate::fields::Fields;
use domain::{NetQuantity, ReasonCode, Side};
use rust_decimal::Decimal;

const WORD: &[&str] = &["market_position", "strategy.market_position", "marketPosition"];
const SIZE: &[&str] = &["market_position_size", "strategy.market_position_size", "marketPositionSize"];
const PREVIOUS_WORD: &[&str] =
    &["prev_market_position", "strategy.prev_market_position", "prevMarketPosition"];
const PREVIOUS_SIZE: &[&str] =
    &["prev_market_position_size", "strategy.prev_market_position_size", "prevMarketPositionSize"];
const SIGNED: &[&str] = &["position_size", "strategy.position_size", "positionSize"];

/// A position that a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    /// Nothing when flat.
    pub(crate) side: Option<Side>,
    /// Without a sign; nothing when the message names the side alone.
    pub(crate) size: Option<Decimal>,
}

impl Position {
    const FLAT: Self = Self { side: None, size: Some(Decimal::ZERO) };

    /// The signed size, where it is known.
    pub(crate) fn net(self) -> Option<NetQuantity> {
        let size = self.size?;
        Some(NetQuantity::new(if self.side == Some(Side::Short) { -size } else { size }))
    }
}

/// The positions that a message names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Positions {
    pub(crate) previous: Option<Position>,
    pub(crate) target: Option<Position>,
}

/// Reads the position fields; absent ones are no error, contradicting ones are.
pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Positions, ReadError> {
    let previous = described(fields, PREVIOUS_WORD, PREVIOUS_SIZE)?;
    let described = described(fields, WORD, SIZE)?;
    let signed = fields.decimal(SIGNED)?.map(|size| {
        let side = if size < Decimal::ZERO { Side::Short } else { Side::Long };
        if size.is_zero() { Position::FLAT } else { Position { side: Some(side), size: Some(size.abs()) } }
    });
    let target = match (described, signed) {
        (Some(word), Some(number)) => {
            let sizes_agree = word.size.is_none_or(|size| Some(size) == number.size);
            if word.side != number.side || !sizes_agree {
                return Err(fields.invalid(SIGNED[0], "contradicts market_position"));
            }
            Some(number)
        }
        (word, number) => number.or(word),
    };
    Ok(Positions { previous, target })
}

/// `long`, `short` or `flat` with a size that has no sign.
fn described(
    fields: &mut Fields<'_>,
    words: &'static [&'static str],
    sizes: &'static [&'static str],
) -> Result<Option<Position>, ReadError> {
    let word = fields.word(words)?;
    let size = fields.decimal(sizes)?;
    if size.is_some_and(|size| size < Decimal::ZERO) {
        return Err(fields.invalid(sizes[0], "must not be negative: the position's side says its direction"));
    }
    let Some(word) = word else {
        return match size {
            Some(size) if size.is_zero() => Ok(Some(Position::FLAT)),
            Some(_) => Err(fields.missing(words[0])),
            None => Ok(None),
        };
    };
    let side = match word.to_ascii_lowercase().as_str() {
        "flat" => None,
        "long" => Some(Side::Long),
        "short" => Some(Side::Short),
        _ => return Err(fields.invalid(words[0], "must be long, short or flat")),
    };
    match (side, size) {
        (None, Some(size)) if !size.is_zero() => {
            Err(contradiction("The position is flat, but its size is not 0.", sizes))
        }
        (Some(_), Some(size)) if size.is_zero() => {
            Err(contradiction("The position is not flat, but its size is 0.", sizes))
        }
        (None, _) => Ok(Some(Position::FLAT)),
        (Some(_), _) => Ok(Some(Position { side, size })),
    }
}

fn contradiction(sentence: &str, sizes: &[&str]) -> ReadError {
    ReadError::new(ReasonCode::InvalidField, sentence).at_field(sizes[0])
}
