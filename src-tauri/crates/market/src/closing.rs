//! Tells when a streamed candle is closed where the venue does not: when the next one begins.

use crate::observed::{Closed, Event};
use domain::{Candle, Symbol, Timeframe};
use std::collections::BTreeMap;

/// The newest candle of each instrument and timeframe of one connection.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    newest: BTreeMap<(Symbol, Timeframe), Seen>,
}

#[derive(Debug)]
struct Seen {
    candle: Candle,
    is_closed: bool,
}

impl Closing {
    /// Takes a candle and returns what can be said now. One that is older than the newest says nothing.
    pub(crate) fn hear(
        &mut self,
        symbol: Symbol,
        timeframe: Timeframe,
        candle: Candle,
        flag: Closed,
    ) -> Vec<Event> {
        let event = |candle, closed| Event::Candle { symbol: symbol.clone(), timeframe, candle, closed };
        let closed = flag == Closed::Flag(true);
        let key = (symbol.clone(), timeframe);
        let mut events = Vec::new();
        match self.newest.get(&key) {
            Some(seen) if seen.candle.opened_at > candle.opened_at => return events,
            Some(seen) if seen.candle.opened_at == candle.opened_at && seen.is_closed => return events,
            Some(seen) if seen.candle.opened_at < candle.opened_at && !seen.is_closed => {
                events.push(event(seen.candle, true));
            }
            Some(_) | None => {}
        }
        events.push(event(candle, closed));
        self.newest.insert(key, Seen { candle, is_closed: closed });
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Quantity, Timestamp};

    /// Candles as minute, close and flag, against minute, close and closed.
    fn check(heard: &[(i64, &str, Closed)], expected: &[(i64, &str, bool)]) {
        let mut closing = Closing::default();
        let symbol = Symbol::new("BTCUSD").unwrap();
        let mut told = Vec::new();
        for (minute, close, flag) in heard {
            let close = Price::parse(close).unwrap();
            let opened_at = Timestamp::from_seconds(60 * minute);
            let candle =
                Candle { opened_at, open: close, high: close, low: close, close, volume: Quantity::ZERO };
            told.extend(closing.hear(symbol.clone(), Timeframe::M1, candle, *flag));
        }
        let shown = |event: &Event| match event {
            Event::Candle { candle, closed, .. } => {
                (candle.opened_at.as_seconds() / 60, candle.close.to_string(), *closed)
            }
            Event::Ticker(_) => panic!("no ticker was heard"),
        };
        let found: Vec<_> = told.iter().map(shown).collect();
        let expected: Vec<_> = expected.iter().map(|(m, c, closed)| (*m, (*c).to_owned(), *closed)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_candle_is_closed_by_its_flag_or_by_the_next_one_and_only_once() {
        let (unsaid, yes, no) = (Closed::Unsaid, Closed::Flag(true), Closed::Flag(false));
        check(&[(0, "1", unsaid), (0, "2", unsaid)], &[(0, "1", false), (0, "2", false)]);
        check(&[(0, "1", unsaid), (1, "5", unsaid)], &[(0, "1", false), (0, "1", true), (1, "5", false)]);
        check(
            &[(0, "1", no), (0, "2", yes), (1, "5", no)],
            &[(0, "1", false), (0, "2", true), (1, "5", false)],
        );
        // A flag that never comes, and one that comes late.
        check(&[(0, "1", no), (1, "5", no)], &[(0, "1", false), (0, "1", true), (1, "5", false)]);
        check(&[(0, "1", yes), (0, "9", no), (0, "9", yes)], &[(0, "1", true)]);
        check(&[(1, "5", no), (0, "1", yes)], &[(1, "5", false)]);
        // After a gap only what was seen is closed.
        check(&[(0, "1", unsaid), (7, "5", unsaid)], &[(0, "1", false), (0, "1", true), (7, "5", false)]);
    }
}
