//! What venues say: tickers, candles, rules of instruments, and events of streams.

use crate::error::ReadError;
use crate::json::Number;
use domain::{Candle, Price, Symbol, Timeframe, Timestamp};
use rust_decimal::Decimal;

/// What a venue says of a price. At least one of the three is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticker {
    /// Whose.
    pub symbol: Symbol,
    /// What a sale gets.
    pub bid: Option<Price>,
    /// What a purchase costs.
    pub ask: Option<Price>,
    /// The price of the last trade.
    pub last: Option<Price>,
    /// When it was observed: the venue's time, or ours where it gives none; never later than ours.
    pub at: Timestamp,
}

/// What of a ticker can be traded on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usable {
    /// Both sides of the book; `bid` is not above `ask`.
    Quote {
        /// What a sale gets.
        bid: Price,
        /// What a purchase costs.
        ask: Price,
    },
    /// The price of the last trade.
    Last(Price),
}

impl Ticker {
    /// Puts a ticker together, with the time that counts.
    ///
    /// # Errors
    /// [`ReadError::Garbage`] when it has no price at all.
    pub(crate) fn new(
        symbol: &Symbol,
        [bid, ask, last]: [Option<Price>; 3],
        of_venue: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Self, ReadError> {
        if bid.or(ask).or(last).is_none() {
            return Err(ReadError::garbage("a ticker has no price"));
        }
        let at = of_venue.map_or(now, |at| at.min(now));
        Ok(Self { symbol: symbol.clone(), bid, ask, last, at })
    }

    /// The quote where both sides are there and not crossed, else the last price, else nothing.
    #[must_use]
    pub fn usable(&self) -> Option<Usable> {
        match (self.bid, self.ask) {
            (Some(bid), Some(ask)) if bid <= ask => Some(Usable::Quote { bid, ask }),
            _ => self.last.map(Usable::Last),
        }
    }
}

/// Candles of one instrument and timeframe.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candles {
    /// Those that are closed, oldest first, none twice.
    pub closed: Vec<Candle>,
    /// The one that may still change.
    pub running: Option<Candle>,
}

/// How a venue says that a candle is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It says so with each.
    Flag(bool),
    /// It does not say.
    Unsaid,
}

impl Candles {
    /// Puts the rows of an answer in order, of whatever order they came in, and tells the closed ones from the
    /// running one. Without a flag a candle is closed once its time is over and a newer one is there.
    pub(crate) fn sorted(mut rows: Vec<(Candle, Closed)>, timeframe: Timeframe, now: Timestamp) -> Self {
        rows.sort_by_key(|(candle, _)| candle.opened_at);
        // Of a candle that came twice the later row counts.
        rows.reverse();
        rows.dedup_by_key(|(candle, _)| candle.opened_at);
        rows.reverse();
        let newest = rows.last().map(|(candle, _)| candle.opened_at);
        let mut candles = Self::default();
        for (candle, closed) in rows {
            let over = candle.opened_at.plus_micros(timeframe.micros()) <= now;
            let is_closed = match closed {
                Closed::Flag(flag) => flag,
                Closed::Unsaid => over && newest.is_some_and(|newest| newest > candle.opened_at),
            };
            if is_closed {
                candles.closed.push(candle);
            } else {
                candles.running = Some(candle);
            }
        }
        candles
    }
}

/// What a venue demands of orders in an instrument; what it does not demand is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// The smallest price change.
    pub tick: Option<Decimal>,
    /// The smallest quantity change.
    pub step: Option<Decimal>,
    /// The smallest quantity.
    pub min_qty: Option<Decimal>,
    /// The largest quantity.
    pub max_qty: Option<Decimal>,
    /// The least that an order is worth, in the quote currency.
    pub min_notional: Option<Decimal>,
}

/// A rule that is set; zero disables it.
pub(crate) fn rule(value: Decimal) -> Option<Decimal> {
    (value > Decimal::ZERO).then(|| value.normalize())
}

/// The same of a number that may be absent.
pub(crate) fn rule_opt(number: Option<Number>) -> Option<Decimal> {
    number.and_then(|number| rule(number.0))
}

/// Something that a stream tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A price.
    Ticker(Ticker),
    /// A candle as it is now.
    Candle {
        /// Whose.
        symbol: Symbol,
        /// How long it runs.
        timeframe: Timeframe,
        /// Its prices so far.
        candle: Candle,
        /// Whether they are its last.
        standing: Standing,
    },
}

/// What is known of a candle of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may still change.
    Running,
    /// The next one has begun, and the venue has not said that these are its last prices: it is to be asked for.
    Over,
    /// The venue says that it changes no more.
    Closed,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Quantity;

    fn candle(seconds: i64, close: &str) -> Candle {
        let close = Price::parse(close).unwrap();
        let opened_at = Timestamp::from_seconds(seconds);
        Candle { opened_at, open: close, high: close, low: close, close, volume: Quantity::ZERO }
    }

    fn check(rows: &[(i64, &str, Closed)], now: i64, closed: &[(i64, &str)], running: Option<i64>) {
        let rows = rows.iter().map(|(at, close, flag)| (candle(*at, close), *flag)).collect();
        let found = Candles::sorted(rows, Timeframe::M1, Timestamp::from_seconds(now));
        let expected: Vec<Candle> = closed.iter().map(|(at, close)| candle(*at, close)).collect();
        assert_eq!(found.closed, expected);
        assert_eq!(found.running.map(|c| c.opened_at.as_seconds()), running);
    }

    #[test]
    fn closed_candles_are_told_from_the_running_one_in_any_order() {
        let (unsaid, yes, no) = (Closed::Unsaid, Closed::Flag(true), Closed::Flag(false));
        check(
            &[(0, "1", unsaid), (60, "2", unsaid), (120, "3", unsaid)],
            130,
            &[(0, "1"), (60, "2")],
            Some(120),
        );
        check(
            &[(120, "3", unsaid), (60, "2", unsaid), (0, "1", unsaid)],
            130,
            &[(0, "1"), (60, "2")],
            Some(120),
        );
        // Its time is over, but no newer one says so.
        check(&[(0, "1", unsaid), (60, "2", unsaid)], 500, &[(0, "1")], Some(60));
        // A newer one is there, but our clock says that it is not over.
        check(&[(0, "1", unsaid), (60, "2", unsaid)], 59, &[], Some(60));
        // A gap stays a gap.
        check(&[(0, "1", unsaid), (180, "2", unsaid)], 200, &[(0, "1")], Some(180));
        check(&[(0, "1", yes), (60, "2", yes)], 0, &[(0, "1"), (60, "2")], None);
        check(&[(60, "2", no), (0, "1", yes)], 500, &[(0, "1")], Some(60));
        check(&[(0, "1", yes), (0, "9", yes), (60, "2", no)], 90, &[(0, "9")], Some(60));
        check(&[], 0, &[], None);
    }

    #[test]
    fn a_crossed_or_one_sided_book_falls_back_on_the_last_price() {
        let price = |text: &str| (!text.is_empty()).then(|| Price::parse(text).unwrap());
        let check = |prices: [&str; 3], expected: Option<Usable>| {
            let now = Timestamp::from_seconds(9);
            let symbol = Symbol::new("BTCUSD").unwrap();
            let ticker =
                Ticker::new(&symbol, prices.map(price), Some(Timestamp::from_seconds(99)), now).unwrap();
            assert_eq!((ticker.usable(), ticker.at), (expected, now));
        };
        let (one, two) = (Price::parse("1").unwrap(), Price::parse("2").unwrap());
        check(["1", "2", ""], Some(Usable::Quote { bid: one, ask: two }));
        check(["1", "1", "2"], Some(Usable::Quote { bid: one, ask: one }));
        check(["2", "1", "2"], Some(Usable::Last(two)));
        check(["2", "1", ""], None);
        check(["1", "", "2"], Some(Usable::Last(two)));
    }
}
