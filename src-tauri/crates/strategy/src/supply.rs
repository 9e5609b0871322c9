//! Candles that a strategy needs and gets.

use domain::{Candle, Symbol, Timeframe, Timestamp};
use std::fmt;

/// Which candles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// Whose.
    pub symbol: Symbol,
    /// How long each.
    pub timeframe: Timeframe,
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.symbol, self.timeframe)
    }
}

/// Candles that a strategy needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Which.
    pub key: SeriesKey,
    /// How many closed ones, the newest; with fewer there is no verdict.
    pub candles: usize,
}

/// Candles of one series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candles {
    /// The closed ones, oldest first, without gaps being filled.
    pub closed: Vec<Candle>,
    /// The one that is still running, where it is known.
    pub running: Option<Candle>,
}

impl Candles {
    /// The closed ones as they were known at `at`.
    pub(crate) fn closed_by(&self, at: Timestamp, timeframe: Timeframe) -> &[Candle] {
        let is_closed = |candle: &Candle| closes_at(candle, timeframe) <= at;
        &self.closed[..self.closed.partition_point(is_closed)]
    }

    /// Whether every candle opens after the one before it.
    pub(crate) fn is_ordered(&self) -> bool {
        self.closed.is_sorted_by(|one, next| one.opened_at < next.opened_at)
    }
}

/// When a candle closes.
pub(crate) fn closes_at(candle: &Candle, timeframe: Timeframe) -> Timestamp {
    candle.opened_at.plus_micros(timeframe.micros())
}
