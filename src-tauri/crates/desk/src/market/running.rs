//! The candles that are running, as streams tell them: for strategies that look at these.

use ::market::{Listing, Venue};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The newest word of each series that is heard.
#[derive(Debug, Default)]
pub(super) struct RunningCandles(Mutex<BTreeMap<(Venue, Symbol, Timeframe), Candle>>);

impl RunningCandles {
    /// Notes what a stream says.
    pub(super) fn note(&self, venue: Venue, symbol: Symbol, timeframe: Timeframe, candle: Candle) {
        self.lines().insert((venue, symbol, timeframe), candle);
    }

    /// Forgets a venue, of which something is not heard any more.
    pub(super) fn forget(&self, venue: Venue) {
        self.lines().retain(|(known, ..), _| *known != venue);
    }

    /// The candle that runs at `now`, where it is heard.
    pub(super) fn at(&self, listing: &Listing, timeframe: Timeframe, now: Timestamp) -> Option<Candle> {
        let key = (listing.venue, listing.symbol.clone(), timeframe);
        self.lines().get(&key).copied().filter(|candle| candle.opened_at == timeframe.open_of(now))
    }

    fn lines(&self) -> MutexGuard<'_, BTreeMap<(Venue, Symbol, Timeframe), Candle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Quantity};

    #[test]
    fn a_candle_runs_within_its_time_and_while_its_venue_is_heard() {
        let running = RunningCandles::default();
        let listing = Listing::of(Venue::Okx, &Symbol::new("BTCUSDT").unwrap()).unwrap();
        let one = Price::parse("1").unwrap();
        let opened_at = Timestamp::from_seconds(120);
        let candle = Candle { opened_at, open: one, high: one, low: one, close: one, volume: Quantity::ZERO };
        running.note(Venue::Okx, listing.symbol.clone(), Timeframe::M1, candle);
        let at = |seconds| running.at(&listing, Timeframe::M1, Timestamp::from_seconds(seconds));
        assert_eq!([119, 120, 179, 180].map(|seconds| at(seconds).is_some()), [false, true, true, false]);
        assert_eq!(running.at(&listing, Timeframe::M5, Timestamp::from_seconds(130)), None);
        running.forget(Venue::Kraken);
        assert!(at(130).is_some());
        running.forget(Venue::Okx);
        assert!(at(130).is_none());
    }
}
