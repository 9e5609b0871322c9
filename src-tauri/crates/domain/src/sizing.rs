//! How large an order is when the message does not say, and what a plain sell means.

use crate::number::parse_decimal;
use rust_decimal::Decimal;
use std::fmt;
use thiserror::Error;

/// The size of an entry whose message names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sizing {
    /// A number of units of the instrument.
    FixedQuantity(Decimal),
    /// An amount in the account's currency; the fee comes on top.
    FixedNotional(Decimal),
    /// Percent (0 to 100) of the available balance, fee included.
    PercentBalance(Decimal),
    /// Percent (0 to 100) of equity, fee included.
    PercentEquity(Decimal),
    /// Percent (0 to 100) of equity that is lost when the stop is hit; needs a stop loss.
    RiskPercent(Decimal),
}

/// A sizing that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "sizing must be fixed:QTY, notional:AMOUNT, pct-balance:P, pct-equity:P or risk-pct:P; QTY and AMOUNT above 0, P above 0 and at most 100"
)]
pub struct SizingError;

impl Sizing {
    /// Reads `fixed:1`, `notional:500`, `pct-balance:5`, `pct-equity:5` or `risk-pct:0.5`.
    ///
    /// # Errors
    /// [`SizingError`] for any other form, for numbers at or below zero and for percentages over 100.
    pub fn parse(text: &str) -> Result<Self, SizingError> {
        let (kind, value) = text.split_once(':').ok_or(SizingError)?;
        let value = parse_decimal(value).ok().filter(|v| *v > Decimal::ZERO).ok_or(SizingError)?;
        let percent = || if value <= Decimal::ONE_HUNDRED { Ok(value) } else { Err(SizingError) };
        match kind {
            "fixed" => Ok(Self::FixedQuantity(value)),
            "notional" => Ok(Self::FixedNotional(value)),
            "pct-balance" => percent().map(Self::PercentBalance),
            "pct-equity" => percent().map(Self::PercentEquity),
            "risk-pct" => percent().map(Self::RiskPercent),
            _ => Err(SizingError),
        }
    }
}

impl fmt::Display for Sizing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FixedQuantity(v) => write!(f, "fixed:{v}"),
            Self::FixedNotional(v) => write!(f, "notional:{v}"),
            Self::PercentBalance(v) => write!(f, "pct-balance:{v}"),
            Self::PercentEquity(v) => write!(f, "pct-equity:{v}"),
            Self::RiskPercent(v) => write!(f, "risk-pct:{v}"),
        }
    }
}

/// What a plain `sell` (or `buy`) means where the message's own dialect leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SellMode {
    /// `sell` closes a long; shorts are opened by `short`.
    #[default]
    Directional,
    /// `buy` and `sell` turn the position round.
    Flip,
    /// The message's own position after the order is what counts.
    Target,
}

impl SellMode {
    /// Every mode.
    pub const ALL: [Self; 3] = [Self::Directional, Self::Flip, Self::Target];

    /// The word used in JSON, the database and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Directional => "directional",
            Self::Flip => "flip",
            Self::Target => "target",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizing_is_read_and_printed() {
        for text in ["fixed:1", "notional:500.50", "pct-balance:5", "pct-equity:100", "risk-pct:0.5"] {
            assert_eq!(Sizing::parse(text).unwrap().to_string(), text);
        }
        for wrong in ["", "fixed", "fixed:0", "fixed:-1", "pct-equity:101", "half:1", "fixed:x"] {
            assert_eq!(Sizing::parse(wrong), Err(SizingError), "{wrong:?}");
        }
    }
}
