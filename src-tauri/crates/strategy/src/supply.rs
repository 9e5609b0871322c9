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
    closed: Vec<Candle>,
    running: Option<Candle>,
}

impl Candles {
    /// The closed candles, oldest first, without gaps being filled, and the one that is still running where it is
    /// known. Closed ones that do not open one after the other cannot be trusted, and are as good as none.
    #[must_use]
    pub fn new(closed: Vec<Candle>, running: Option<Candle>) -> Self {
        let is_ordered = closed.is_sorted_by(|one, next| one.opened_at < next.opened_at);
        Self { closed: if is_ordered { closed } else { Vec::new() }, running }
    }

    /// The closed ones as they were known at `at`.
    pub(crate) fn closed_by(&self, at: Timestamp, timeframe: Timeframe) -> &[Candle] {
        let is_closed = |candle: &Candle| closes_at(candle, timeframe) <= at;
        &self.closed[..self.closed.partition_point(is_closed)]
    }

    /// The one that is still running, where it is known.
    pub(crate) fn running(&self) -> Option<&Candle> {
        self.running.as_ref()
    }
}

/// When a candle closes.
pub(crate) fn closes_at(candle: &Candle, timeframe: Timeframe) -> Timestamp {
    candle.opened_at.plus_micros(timeframe.micros())
}
