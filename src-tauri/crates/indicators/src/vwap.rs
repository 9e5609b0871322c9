//! Volume-weighted average price.

use crate::bar::{Bar, Field};
use crate::indicator::{Indicator, defined, quotient};

/// `vwap()`: the mean of hlc3 weighted by volume since the session began, which is 00:00 UTC. na until something was
/// traded in the session. Depends on the bars of its session and no others. Source: Pine's `ta.vwap`, of a market that
/// never closes.
#[derive(Debug, Clone, Default)]
pub struct Vwap {
    day: Option<i64>,
    money: f64,
    volume: f64,
}

const DAY_S: i64 = 86_400;

impl Indicator for Vwap {
    type Input = Bar;
    type Output = f64;

    fn next(&mut self, bar: Bar) -> Option<f64> {
        let (price, volume) = (Field::Hlc3.of(&bar)?, defined(bar.volume)?);
        let day = bar.opened_at.as_seconds().div_euclid(DAY_S);
        if self.day.replace(day) != Some(day) {
            self.money = 0.0;
            self.volume = 0.0;
        }
        self.money += price * volume;
        self.volume += volume;
        quotient(self.money, self.volume)
    }
}
