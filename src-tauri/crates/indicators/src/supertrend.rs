//! Supertrend.

use crate::atr::Atr;
use crate::bar::Bar;
use crate::indicator::{Indicator, defined};

/// `supertrend(factor, n)`: bands `factor` average true ranges around hl2. The lower band moves up only, unless the
/// previous close was below it; the upper one mirrored. A close beyond the band that is followed turns the trend. The
/// first value is at bar n - 1: downward, at the upper band. How long the beginning is felt depends on the next turn;
/// counted is what the average range needs. Source: Pine's `ta.supertrend`.
#[derive(Debug, Clone)]
pub struct Supertrend {
    factor: f64,
    range: Atr,
    followed: Option<Followed>,
}

#[derive(Debug, Clone, Copy)]
struct Followed {
    close: f64,
    upper: f64,
    lower: f64,
    value: f64,
}

/// Where the trend stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// The band that is followed: the lower one of an upward trend, the upper one of a downward trend.
    pub value: f64,
    /// 1 of a downward trend, -1 of an upward one, as in Pine.
    pub direction: f64,
}

const DOWN: f64 = 1.0;
const UP: f64 = -1.0;

impl Supertrend {
    /// Bands `factor` average true ranges of `length` bars away.
    #[must_use]
    pub fn new(factor: f64, length: usize) -> Self {
        Self { factor, range: Atr::new(length), followed: None }
    }
}

impl Followed {
    /// The bands after those before, and the trend.
    fn after(self, close: f64, upper: f64, lower: f64) -> (f64, f64, f64) {
        let lower = if lower > self.lower || self.close < self.lower { lower } else { self.lower };
        let upper = if upper < self.upper || self.close > self.upper { upper } else { self.upper };
        let direction = match (self.is_downward(), close > upper, close < lower) {
            (true, true, _) | (false, _, false) => UP,
            (true, false, _) | (false, _, true) => DOWN,
        };
        (upper, lower, direction)
    }

    /// Pine tells the trend from the value: it is the very number of the upper band.
    #[expect(clippy::float_cmp, reason = "the value is a copy of one of the bands, so equal means the same")]
    fn is_downward(self) -> bool {
        self.value == self.upper
    }
}

impl Indicator for Supertrend {
    type Input = Bar;
    type Output = Trend;

    fn next(&mut self, bar: Bar) -> Option<Trend> {
        let [high, low, close] = bar.range()?;
        let width = self.factor * self.range.next(bar)?;
        let middle = (high + low) / 2.0;
        let (upper, lower) = (defined(middle + width)?, defined(middle - width)?);
        let (upper, lower, direction) = match self.followed {
            Some(followed) => followed.after(close, upper, lower),
            None => (upper, lower, DOWN),
        };
        let value = if direction > 0.0 { upper } else { lower };
        self.followed = Some(Followed { close, upper, lower, value });
        Some(Trend { value, direction })
    }
}
