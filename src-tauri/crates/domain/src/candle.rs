//! Candles of a market.

use crate::price::Price;
use crate::quantity::Quantity;
use crate::timestamp::Timestamp;
use thiserror::Error;

/// What a market did in one interval. The high is not below the other prices, the low not above them. Whether it is
/// closed is known by whoever had it from the venue; its length is not kept in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candle {
    /// When its interval began.
    pub opened_at: Timestamp,
    /// The first price.
    pub open: Price,
    /// The highest.
    pub high: Price,
    /// The lowest.
    pub low: Price,
    /// The last.
    pub close: Price,
    /// What was traded, in units of the base asset.
    pub volume: Quantity,
}

/// Prices that no candle can have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the high of a candle is below its other prices, or its low above them")]
pub struct CandleError;

impl Candle {
    /// Checks that the prices are those of a candle.
    ///
    /// # Errors
    /// [`CandleError`] when open or close lie outside of low and high.
    pub fn checked(self) -> Result<Self, CandleError> {
        let inside = self.low..=self.high;
        if inside.contains(&self.open) && inside.contains(&self.close) { Ok(self) } else { Err(CandleError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_and_close_lie_between_low_and_high() {
        let check = |[open, high, low, close]: [&str; 4], expected: bool| {
            let price = |text: &str| Price::parse(text).unwrap();
            let (open, high, low, close) = (price(open), price(high), price(low), price(close));
            let opened_at = Timestamp::from_seconds(0);
            let candle = Candle { opened_at, open, high, low, close, volume: Quantity::ZERO };
            assert_eq!(candle.checked().is_ok(), expected, "{candle:?}");
        };
        check(["10", "12", "9", "11"], true);
        check(["10", "10", "10", "10"], true);
        check(["10", "9", "12", "11"], false);
        check(["8", "12", "9", "11"], false);
        check(["10", "12", "9", "13"], false);
    }
}
