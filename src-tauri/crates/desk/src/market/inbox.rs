//! Prices that were heard and not yet taken by the driver, in order, symbol by symbol.

use ::market::{Ticker, Venue};
use domain::Symbol;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// Prices of one symbol that wait at most; of more, the oldest are given up. The driver takes them five times a second.
const WAITING_MAX: usize = 256;

/// The prices that wait.
#[derive(Debug, Default)]
pub(crate) struct Inbox(Mutex<BTreeMap<(Venue, Symbol), VecDeque<Ticker>>>);

impl Inbox {
    /// Puts a price in; one that says the same as the newest takes its place.
    pub(crate) fn put(&self, venue: Venue, ticker: Ticker) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_symbol = waiting.entry((venue, ticker.symbol.clone())).or_default();
        let same =
            |known: &Ticker| (known.bid, known.ask, known.last) == (ticker.bid, ticker.ask, ticker.last);
        if of_symbol.back().is_some_and(same) {
            of_symbol.pop_back();
        } else if of_symbol.len() >= WAITING_MAX {
            of_symbol.pop_front();
        }
        of_symbol.push_back(ticker);
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> BTreeMap<(Venue, Symbol), VecDeque<Ticker>> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Timestamp};

    #[test]
    fn prices_wait_in_order_and_within_bounds() {
        let inbox = Inbox::default();
        let symbol = Symbol::new("BTCUSD").unwrap();
        let ticker = |last: usize, at| Ticker {
            symbol: symbol.clone(),
            bid: None,
            ask: None,
            last: Some(Price::parse(&last.to_string()).unwrap()),
            at: Timestamp::from_seconds(at),
        };
        inbox.put(Venue::Okx, ticker(1, 1));
        inbox.put(Venue::Okx, ticker(1, 2));
        for last in 2..=300 {
            inbox.put(Venue::Kraken, ticker(last, 3));
        }
        let taken = inbox.take();
        assert_eq!(taken[&(Venue::Okx, symbol.clone())], [ticker(1, 2)]);
        let kraken = &taken[&(Venue::Kraken, symbol.clone())];
        assert_eq!((kraken.len(), &kraken[0], &kraken[255]), (WAITING_MAX, &ticker(45, 3), &ticker(300, 3)));
        assert!(inbox.take().is_empty());
    }
}
