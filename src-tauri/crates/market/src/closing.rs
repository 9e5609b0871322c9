//! Tells what a streamed candle is when it comes: running, closed by the venue's word, or over because the next one has
//! begun.

use crate::observed::{Closed, Event, Standing};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use std::collections::BTreeMap;

/// The newest candle of each instrument and timeframe of one connection.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    newest: BTreeMap<(Symbol, Timeframe), Seen>,
}

#[derive(Debug)]
struct Seen {
    candle: Candle,
    /// When the newest candle opened that the venue said is closed.
    closed: Option<Timestamp>,
}

impl Closing {
    /// Takes a candle and returns what can be said now. One that is older than the newest says nothing, unless it is
    /// only now said to be closed.
    pub(crate) fn hear(
        &mut self,
        symbol: Symbol,
        timeframe: Timeframe,
        candle: Candle,
        flag: Closed,
    ) -> Vec<Event> {
        let event = |candle, standing| Event::Candle { symbol: symbol.clone(), timeframe, candle, standing };
        let at = candle.opened_at;
        let seen = self.newest.entry((symbol.clone(), timeframe)).or_insert(Seen { candle, closed: None });
        if seen.closed.is_some_and(|closed| closed >= at) {
            return Vec::new();
        }
        if flag == Closed::Flag(true) {
            seen.closed = Some(at);
            if at >= seen.candle.opened_at {
                seen.candle = candle;
            }
            return vec![event(candle, Standing::Closed)];
        }
        let before = seen.candle;
        if before.opened_at > at {
            return Vec::new();
        }
        seen.candle = candle;
        let is_over = before.opened_at < at && seen.closed != Some(before.opened_at);
        let over = is_over.then(|| event(before, Standing::Over));
        over.into_iter().chain([event(candle, Standing::Running)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Quantity};

    /// Candles as minute, close and flag, against minute, close and what is known of it.
    fn check(heard: &[(i64, &str, Closed)], expected: &[(i64, &str, Standing)]) {
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
            Event::Candle { candle, standing, .. } => {
                (candle.opened_at.as_seconds() / 60, candle.close.to_string(), *standing)
            }
            Event::Ticker(_) => panic!("no ticker was heard"),
        };
        let found: Vec<_> = told.iter().map(shown).collect();
        let expected: Vec<_> = expected.iter().map(|(m, c, known)| (*m, (*c).to_owned(), *known)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_candle_is_closed_by_its_flag_and_only_once_and_over_when_the_next_one_begins() {
        let (unsaid, yes, no) = (Closed::Unsaid, Closed::Flag(true), Closed::Flag(false));
        let (running, over, closed) = (Standing::Running, Standing::Over, Standing::Closed);
        check(&[(0, "1", unsaid), (0, "2", unsaid)], &[(0, "1", running), (0, "2", running)]);
        check(&[(0, "1", unsaid), (1, "5", unsaid)], &[(0, "1", running), (0, "1", over), (1, "5", running)]);
        check(
            &[(0, "1", no), (0, "2", yes), (1, "5", no)],
            &[(0, "1", running), (0, "2", closed), (1, "5", running)],
        );
        // A flag that never comes, one that comes late, and one that comes twice.
        check(&[(0, "1", no), (1, "5", no)], &[(0, "1", running), (0, "1", over), (1, "5", running)]);
        check(
            &[(0, "1", no), (1, "5", no), (0, "2", yes), (1, "6", no)],
            &[(0, "1", running), (0, "1", over), (1, "5", running), (0, "2", closed), (1, "6", running)],
        );
        check(&[(0, "1", yes), (0, "9", no), (0, "9", yes)], &[(0, "1", closed)]);
        check(&[(1, "5", no), (0, "1", yes)], &[(1, "5", running), (0, "1", closed)]);
        check(&[(1, "5", unsaid), (0, "1", unsaid)], &[(1, "5", running)]);
        // After a gap only what was seen is over.
        check(&[(0, "1", unsaid), (7, "5", unsaid)], &[(0, "1", running), (0, "1", over), (7, "5", running)]);
        check(&[(0, "1", yes), (7, "5", yes)], &[(0, "1", closed), (7, "5", closed)]);
    }
}
