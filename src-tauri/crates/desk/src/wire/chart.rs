//! The chart of a pipeline signal: the candles around its verdict, the strategy's indicators over them, and fills.

use super::market::Candle;
use super::order::Fill;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which signal's chart, and which of the series that its strategy looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ChartQuery {
    /// The signal; a strategy must have been asked about it.
    #[ts(optional = false)]
    pub id: String,
    /// Whose candles; when absent those of the first condition to blame, else of the first condition with candles.
    pub symbol: Option<String>,
    /// How long each; when absent as `symbol`.
    pub timeframe: Option<String>,
    /// Candles up to the judged one, that one among them: 1 to 500, 120 when absent.
    pub before: Option<u32>,
    /// Candles after the judged one: 0 to 500, 40 when absent.
    pub after: Option<u32>,
}

/// Candles that a strategy looks at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartSeries {
    /// Whose.
    pub symbol: String,
    /// How long each.
    pub timeframe: String,
}

/// An indicator of a strategy over the candles of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChartLine {
    /// The expression, such as `rsi(close,14)`.
    pub label: String,
    /// `price` where it belongs over the candles, `separate` where it needs a scale of its own.
    pub pane: String,
    /// Its value at each candle, a decimal; null while it is na.
    pub values: Vec<Option<String>>,
    /// The numbers that conditions compare it with, decimals in the order of the strategy.
    pub levels: Vec<String>,
}

/// What a verdict looks like on a chart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignalChart {
    /// The signal.
    pub signal_id: String,
    /// Whose candles: such as `binance`; null where no venue has them.
    pub venue: Option<String>,
    /// The symbol of these candles.
    pub symbol: String,
    /// How long each is.
    pub timeframe: String,
    /// All that the strategy looks at; each can be asked for.
    pub series: Vec<ChartSeries>,
    /// Closed candles, oldest first, gaps left as they are.
    pub candles: Vec<Candle>,
    /// When the candle opened that the strategy was asked about.
    pub judged: String,
    /// The strategy's indicators on these candles, in the order of its conditions.
    pub lines: Vec<ChartLine>,
    /// When the signal was received.
    pub received_at: String,
    /// The account's fills of the symbol from the first candle until an interval after the last one or after the
    /// signal, whichever is later; oldest first, the newest 1000.
    pub fills: Vec<Fill>,
    /// Why the judged candle is not among the candles, in a sentence; null when it is.
    pub missing: Option<String>,
}
