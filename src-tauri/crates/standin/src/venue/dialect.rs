//! How the stand-ins of the venues differ: addresses, names and forms of answers.

use super::market::{Bar, Book};
use super::{binance, bybit, coinbase, kraken, okx};
use std::collections::BTreeMap;

/// Which venue is stood in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    /// Binance spot.
    Binance,
    /// Kraken spot.
    Kraken,
    /// Coinbase Advanced Trade.
    Coinbase,
    /// Bybit v5.
    Bybit,
    /// OKX v5.
    Okx,
}

impl Exchange {
    /// Every venue.
    pub const ALL: [Self; 5] = [Self::Binance, Self::Kraken, Self::Coinbase, Self::Bybit, Self::Okx];

    /// The word in Pitwire's settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Kraken => "kraken",
            Self::Coinbase => "coinbase",
            Self::Bybit => "bybit",
            Self::Okx => "okx",
        }
    }

    pub(super) fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Binance => &binance::Binance,
            Self::Kraken => &kraken::Kraken,
            Self::Coinbase => &coinbase::Coinbase,
            Self::Bybit => &bybit::Bybit,
            Self::Okx => &okx::Okx,
        }
    }
}

/// What is asked for by REST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    Ticker(String),
    Candles { symbol: String, minutes: u32, limit: usize, before: Option<i64> },
    Rules(String),
}

/// What is subscribed to: the market's symbol, the venue's name of it, and the length of candles in minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Topic {
    pub(super) symbol: String,
    pub(super) code: String,
    /// Nothing: prices.
    pub(super) minutes: Option<u32>,
}

/// Rows of candles in the venue's own order, with whether each is closed where the venue says so.
pub(super) struct Rows {
    pub(super) code: String,
    /// Oldest first, but for a fault.
    pub(super) bars: Vec<Bar>,
    /// Those that opened up to then are closed, Unix seconds.
    pub(super) closed_until: i64,
    /// Whether closed ones are marked.
    pub(super) flagged: bool,
}

pub(super) type Query = BTreeMap<String, String>;

pub(super) trait Dialect: Sync {
    /// What is asked for; nothing for an address that the venue does not have.
    fn question(&self, path: &str, query: &Query) -> Option<Question>;
    /// Status and body for a symbol that is not listed.
    fn unknown(&self) -> (u16, String);
    fn ticker(&self, symbol: &str, book: &Book, now: i64) -> String;
    fn candles(&self, rows: &Rows) -> String;
    fn rules(&self, symbol: &str) -> String;
    /// The subscriptions that the address of a stream names.
    fn topics_of_path(&self, _path: &str, _query: &Query) -> Vec<Topic> {
        Vec::new()
    }
    /// The subscriptions of a frame of the client, and the answer to it.
    fn topics_of_frame(&self, path: &str, frame: &str) -> (Vec<Topic>, Option<String>);
    fn ticker_frame(&self, topic: &Topic, book: &Book, now: i64) -> String;
    fn candle_frame(&self, topic: &Topic, minutes: u32, bar: &Bar, closed: Option<bool>) -> String;
}

/// A query parameter that is a number.
pub(super) fn number<T: std::str::FromStr>(query: &Query, key: &str) -> Option<T> {
    query.get(key)?.parse().ok()
}
