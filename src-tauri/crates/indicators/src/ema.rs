//! Exponential moving average.

use crate::indicator::{Indicator, count, defined};
use crate::sma::Sma;

/// `ema(src, n)`: begins with the mean of the first n values, then `prev + 2 / (n + 1) * (x - prev)`. First value at
/// bar n - 1; a different beginning has decayed below one millionth after about 6.9 n bars more.
/// Source: Pine's `ta.ema`, which begins with the simple average.
#[derive(Debug, Clone)]
pub struct Ema {
    alpha: f64,
    average: Seeded,
}

impl Ema {
    /// An average of `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { alpha: 2.0 / (count(length) + 1.0), average: Seeded::new(length) }
    }
}

impl Indicator for Ema {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let alpha = self.alpha;
        self.average.next(input, |previous, x| previous + alpha * (x - previous))
    }
}

/// A recursive average that begins with a simple one.
#[derive(Debug, Clone)]
pub(crate) enum Seeded {
    Seeding(Sma),
    Running(f64),
}

impl Seeded {
    pub(crate) fn new(length: usize) -> Self {
        Self::Seeding(Sma::new(length))
    }

    /// Takes the next value in by `step(previous, value)`, once there is a previous one.
    pub(crate) fn next(&mut self, input: f64, step: impl Fn(f64, f64) -> f64) -> Option<f64> {
        let x = defined(input)?;
        let average = match self {
            Self::Seeding(seed) => seed.next(x)?,
            Self::Running(previous) => step(*previous, x),
        };
        *self = Self::Running(average);
        Some(average)
    }
}
