//! The synthetic market behind the venues: quotes that move by themselves or stand where a test puts them, and candles.

use super::walk;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// Points of the walk that make a candle.
const POINTS: i64 = 16;

/// Both sides of a book, decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// What a sale gets.
    pub bid: String,
    /// What a purchase costs.
    pub ask: String,
}

/// A candle, decimal text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// When it opened, Unix seconds.
    pub time: i64,
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

/// A market that several venues can share; copies are the same market.
#[derive(Clone)]
pub struct Market {
    seed: u64,
    /// Unix milliseconds.
    clock: Arc<dyn Fn() -> i64 + Send + Sync>,
    told: Arc<Mutex<Told>>,
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct Told {
    /// The price around which a listed symbol moves, in hundredths.
    listed: BTreeMap<String, i64>,
    books: BTreeMap<String, Book>,
    bars: BTreeMap<(String, u32), Vec<Bar>>,
}

impl std::fmt::Debug for Market {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Market").field("seed", &self.seed).finish_non_exhaustive()
    }
}

impl Market {
    /// A market without symbols. `clock` tells Unix milliseconds.
    pub fn new(seed: u64, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self { seed, clock: Arc::new(clock), told: Arc::default(), changed: watch::Sender::new(0) }
    }

    /// Lists a symbol such as `BTCUSDT` or `BTCUSDT.P` that moves around `base`, in hundredths of its quote currency.
    #[must_use]
    pub fn listing(self, symbol: &str, base: i64) -> Self {
        self.told().listed.insert(symbol.to_owned(), base.max(100));
        self
    }

    /// Puts the book of a listed symbol where it then stays.
    pub fn set(&self, symbol: &str, bid: &str, ask: &str) {
        let book = Book { bid: bid.to_owned(), ask: ask.to_owned() };
        self.told().books.insert(symbol.to_owned(), book);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Puts the candles of a symbol, oldest first, in place of those that the walk makes; the last one is running.
    pub fn set_bars(&self, symbol: &str, minutes: u32, bars: Vec<Bar>) {
        self.told().bars.insert((symbol.to_owned(), minutes), bars);
        self.changed.send_modify(|count| *count += 1);
    }

    /// Unix milliseconds.
    pub(super) fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Changes with every [`Market::set`].
    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The book of a symbol now; nothing for one that is not listed.
    #[must_use]
    pub fn book(&self, symbol: &str) -> Option<Book> {
        let told = self.told();
        let base = *told.listed.get(symbol)?;
        if let Some(book) = told.books.get(symbol) {
            return Some(book.clone());
        }
        let price = walk::price(self.seed, symbol, base, self.now().div_euclid(1_000));
        Some(Book { bid: hundredths(price), ask: hundredths(price + (base / 20_000).max(1)) })
    }

    /// The newest `count` candles that opened before `before` (Unix seconds), oldest first, the running one included;
    /// nothing for a symbol that is not listed.
    pub(super) fn bars(
        &self,
        symbol: &str,
        minutes: u32,
        count: usize,
        before: Option<i64>,
    ) -> Option<Vec<Bar>> {
        let told = self.told();
        let base = *told.listed.get(symbol)?;
        let now = self.now().div_euclid(1_000);
        let until = before.unwrap_or(i64::MAX).min(now + 1);
        if let Some(bars) = told.bars.get(&(symbol.to_owned(), minutes)) {
            let known: Vec<Bar> = bars.iter().filter(|bar| bar.time < until).cloned().collect();
            return Some(known[known.len().saturating_sub(count)..].to_vec());
        }
        let length = i64::from(minutes) * 60;
        let newest = (until - 1).div_euclid(length);
        let first = newest - i64::try_from(count).unwrap_or(0) + 1;
        Some((first..=newest).map(|index| self.walked(symbol, base, index * length, length, now)).collect())
    }

    fn walked(&self, symbol: &str, base: i64, time: i64, length: i64, now: i64) -> Bar {
        let end = (time + length).min(now.max(time + 1));
        let points = (0..=POINTS).map(|point| time + (end - time) * point / POINTS);
        let prices: Vec<i64> = points.map(|at| walk::price(self.seed, symbol, base, at)).collect();
        let close = prices.last().copied().unwrap_or(base);
        let volume = 100 + walk::hash(self.seed, &time.to_le_bytes()) % 900;
        Bar {
            time,
            open: hundredths(prices.first().copied().unwrap_or(close)),
            high: hundredths(prices.iter().copied().max().unwrap_or(close)),
            low: hundredths(prices.iter().copied().min().unwrap_or(close)),
            close: hundredths(close),
            volume: format!("{}.{:02}", volume / 100, volume % 100),
        }
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn hundredths(price: i64) -> String {
    format!("{}.{:02}", price / 100, price % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candles_join_up_and_older_pages_end_where_newer_ones_begin() {
        let market = Market::new(1, || 1_700_000_030_000).listing("BTCUSDT", 6_700_000);
        let bars = market.bars("BTCUSDT", 1, 100, None).unwrap();
        assert_eq!((bars.len(), bars[99].time), (100, 1_699_999_980 + 40 - 40));
        assert!(
            bars.windows(2).all(|pair| pair[0].close == pair[1].open && pair[0].time + 60 == pair[1].time)
        );
        let older = market.bars("BTCUSDT", 1, 10, Some(bars[0].time)).unwrap();
        assert_eq!(older[9].time + 60, bars[0].time);
        assert_eq!(market.bars("ETHUSDT", 1, 10, None), None);
        market.set("BTCUSDT", "1", "2");
        assert_eq!(market.book("BTCUSDT").unwrap().ask, "2");
    }
}
