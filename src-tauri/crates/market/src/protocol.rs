//! How a venue is asked and what its answers mean: paths and pure functions, one implementation per venue in
//! `venues/`. Deliberately absent: connections, limits and retries, which are the same for all of them.

use crate::error::{MarketError, ReadError};
use crate::listing::Listing;
use crate::observed::{Candles, Closed, Rules, Ticker};
use crate::venue::Venue;
use crate::venues::{binance::Binance, bybit::Bybit, coinbase::Coinbase, kraken::Kraken, okx::Okx};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A page of candles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many, at most [`Protocol::page_max`].
    pub(crate) limit: u32,
    /// Only candles that opened before this; nothing for the newest.
    pub(crate) before: Option<Timestamp>,
    /// Now.
    pub(crate) now: Timestamp,
}

/// What is to be heard of a venue's streams.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// Instruments whose prices are wanted.
    pub tickers: BTreeSet<Listing>,
    /// Instruments whose candles are wanted.
    pub candles: BTreeSet<(Listing, Timeframe)>,
}

impl Wanted {
    /// Whether nothing is wanted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tickers.is_empty() && self.candles.is_empty()
    }
}

/// One connection and what is said on it at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stream {
    /// What follows the base of the venue's WebSocket addresses.
    pub(crate) path: String,
    /// The frames that subscribe.
    pub(crate) hello: Vec<String>,
    /// The symbols by the names that they have in its frames.
    pub(crate) symbols: BTreeMap<String, Symbol>,
    /// Those whose prices come from it, to be asked for by REST while it is down.
    pub(crate) tickers: Vec<Listing>,
}

impl Stream {
    /// What it is called: its path, and whether it is the one for candles there.
    pub(crate) fn name(&self) -> String {
        if self.tickers.is_empty() { format!("{} candles", self.path) } else { self.path.clone() }
    }
}

/// Something that a frame tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    /// A price.
    Ticker(Ticker),
    /// A candle, closed or not as far as the venue says.
    Candle(Symbol, Timeframe, Candle, Closed),
}

pub(crate) trait Protocol: Sync {
    /// The timeframes that there are and their names.
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)];
    /// The most candles in an answer.
    fn page_max(&self) -> u32;
    /// Whether older candles than those of the newest page can be had.
    fn has_older_pages(&self) -> bool {
        true
    }
    /// Where the price of an instrument is.
    fn ticker_path(&self, listing: &Listing) -> String;
    /// Where its candles are.
    fn candles_path(&self, listing: &Listing, timeframe: (Timeframe, &str), page: Page) -> String;
    /// Where its rules are.
    fn rules_path(&self, listing: &Listing) -> String;
    /// Reads the answer of [`Protocol::ticker_path`].
    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError>;
    /// Reads the answer of [`Protocol::candles_path`].
    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError>;
    /// Reads the answer of [`Protocol::rules_path`].
    fn read_rules(&self, listing: &Listing, body: &[u8]) -> Result<Rules, ReadError>;
    /// Whether its streams have candles of this length.
    fn streams_candles(&self, timeframe: Timeframe) -> bool {
        self.timeframes().iter().any(|(known, _)| *known == timeframe)
    }
    /// The connections that are needed to hear what is wanted.
    fn streams(&self, wanted: &Wanted) -> Vec<Stream>;
    /// Reads a frame; one that tells nothing of a market is empty.
    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError>;
    /// What keeps a quiet connection open; nothing where the venue sees to it.
    fn ping(&self) -> Option<&'static str> {
        None
    }

    /// The venue's name of a timeframe.
    fn interval(&self, venue: Venue, timeframe: Timeframe) -> Result<&'static str, MarketError> {
        let known = self.timeframes().iter().find(|(known, _)| *known == timeframe);
        known.map(|(_, name)| *name).ok_or_else(|| {
            let has =
                self.timeframes().iter().map(|(known, _)| known.as_str()).collect::<Vec<_>>().join(", ");
            MarketError::Timeframe { venue, timeframe, has }
        })
    }

    /// The timeframe of a venue's name.
    fn timeframe(&self, interval: &str) -> Option<Timeframe> {
        self.timeframes().iter().find(|(_, name)| *name == interval).map(|(timeframe, _)| *timeframe)
    }
}

/// How `venue` is asked.
pub(crate) fn of(venue: Venue) -> &'static dyn Protocol {
    match venue {
        Venue::Binance => &Binance,
        Venue::Kraken => &Kraken,
        Venue::Coinbase => &Coinbase,
        Venue::Bybit => &Bybit,
        Venue::Okx => &Okx,
    }
}

impl Venue {
    /// The timeframes of its candles, shortest first.
    #[must_use]
    pub fn timeframes(self) -> Vec<Timeframe> {
        of(self).timeframes().iter().map(|(timeframe, _)| *timeframe).collect()
    }

    /// Whether its streams have candles of this length.
    #[must_use]
    pub fn streams_candles(self, timeframe: Timeframe) -> bool {
        of(self).streams_candles(timeframe)
    }
}
