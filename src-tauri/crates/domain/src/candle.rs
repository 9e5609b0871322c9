//! Candles: what a market traded at in a stretch of time.

use crate::price::Price;
use crate::timestamp::Timestamp;
use rust_decimal::Decimal;
use thiserror::Error;

/// Why four prices and a volume are no candle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CandleError {
    /// The high is below another of the prices.
    #[error("the high is below another price of the candle")]
    High,
    /// The low is above another of the prices.
    #[error("the low is above another price of the candle")]
    Low,
    /// The volume is below zero.
    #[error("the volume is below zero")]
    Volume,
}

/// A candle: the high is not below its other prices, the low not above them, the volume not below zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candle {
    open_time: Timestamp,
    open: Price,
    high: Price,
    low: Price,
    close: Price,
    volume: Decimal,
}

impl Candle {
    /// A candle that opened at `open_time`; the volume counts units of the base.
    ///
    /// # Errors
    /// [`CandleError`] saying which of its numbers contradicts the others.
    pub fn new(
        open_time: Timestamp,
        [open, high, low, close]: [Price; 4],
        volume: Decimal,
    ) -> Result<Self, CandleError> {
        if high < open.max(close).max(low) {
            return Err(CandleError::High);
        }
        if low > open.min(close) {
            return Err(CandleError::Low);
        }
        if volume < Decimal::ZERO {
            return Err(CandleError::Volume);
        }
        Ok(Self { open_time, open, high, low, close, volume })
    }

    /// When it opened.
    #[must_use]
    pub fn open_time(&self) -> Timestamp {
        self.open_time
    }

    /// The first price.
    #[must_use]
    pub fn open(&self) -> Price {
        self.open
    }

    /// The highest price.
    #[must_use]
    pub fn high(&self) -> Price {
        self.high
    }

    /// The lowest price.
    #[must_use]
    pub fn low(&self) -> Price {
        self.low
    }

    /// The last price.
    #[must_use]
    pub fn close(&self) -> Price {
        self.close
    }

    /// How many units of the base were traded.
    #[must_use]
    pub fn volume(&self) -> Decimal {
        self.volume
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradicting_prices_are_no_candle() {
        let check = |prices: [&str; 4], volume: i64, expected: Option<CandleError>| {
            let prices = prices.map(|p| Price::parse(p).unwrap());
            let made = Candle::new(Timestamp::from_seconds(0), prices, Decimal::from(volume));
            assert_eq!(made.err(), expected, "{prices:?}");
        };
        check(["10", "12", "9", "11"], 0, None);
        check(["10", "10", "10", "10"], 5, None);
        check(["10", "10.5", "9", "11"], 1, Some(CandleError::High));
        check(["13", "12", "9", "11"], 1, Some(CandleError::High));
        check(["9", "8", "9", "7"], 1, Some(CandleError::High));
        check(["10", "12", "10.5", "11"], 1, Some(CandleError::Low));
        check(["10", "12", "9", "8.9"], 1, Some(CandleError::Low));
        check(["10", "12", "9", "11"], -1, Some(CandleError::Volume));
    }
}
