//! Market data: how the venues are, and candles.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a venue is doing, as far as this worker has asked or heard it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VenueStatus {
    /// Such as `binance`.
    pub venue: String,
    /// Such as `Binance`.
    pub title: String,
    /// `idle` (nothing is to be heard of it), `connecting`, `connected` or `down`.
    pub state: String,
    /// Since when.
    pub since: Option<String>,
    /// When it last said something.
    pub heard_at: Option<String>,
    /// The symbols whose prices are heard: those of positions and working orders.
    pub symbols: Vec<VenueSymbol>,
    /// The lanes whose first signal waits for its answer, the first hundred; each waits a few seconds at most.
    pub lanes: Vec<VenueLane>,
    /// How many signals wait for it, those behind the first one of their lane too.
    pub waiting: u32,
    /// The candles that are heard, such as `BTCUSDT 1h`: those that enabled pipelines need; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub candles: Vec<String>,
    /// What is wrong, in a sentence.
    pub error: Option<String>,
    /// What to do about it.
    pub fix: Option<String>,
    /// When it is tried again.
    pub retry_at: Option<String>,
}

/// A symbol whose prices are heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VenueSymbol {
    /// Such as `BTCUSDT`.
    pub symbol: String,
    /// When its last quote came; null before the first.
    pub quoted_at: Option<String>,
}

/// A lane that waits for a venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct VenueLane {
    /// Whose.
    pub account_id: String,
    /// Of what.
    pub symbol: String,
    /// How many signals wait in it.
    pub signals: u32,
}

/// How the venues are doing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarketStatus {
    /// Those that accounts are on, and those that were asked or heard since the start.
    pub venues: Vec<VenueStatus>,
}

/// Which candles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CandleQuery {
    /// Such as `binance`.
    pub venue: String,
    /// Such as `BTCUSDT`.
    pub symbol: String,
    /// Such as `1h`.
    pub timeframe: String,
    /// How many closed ones, the newest; 300 when absent, 1500 at most.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// A candle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candle {
    /// When it opened.
    pub opened_at: String,
    /// The first price.
    pub open: String,
    /// The highest.
    pub high: String,
    /// The lowest.
    pub low: String,
    /// The last.
    pub close: String,
    /// Units of the base traded.
    pub volume: String,
}

/// Candles of a venue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CandleSeries {
    /// Those that are closed, oldest first.
    pub closed: Vec<Candle>,
    /// The running one, where the venue was asked for it.
    pub running: Option<Candle>,
}

impl Candle {
    /// As the outside has it.
    pub(crate) fn of(candle: &domain::Candle) -> Self {
        Self {
            opened_at: candle.opened_at.to_string(),
            open: candle.open.to_string(),
            high: candle.high.to_string(),
            low: candle.low.to_string(),
            close: candle.close.to_string(),
            volume: candle.volume.to_string(),
        }
    }
}
