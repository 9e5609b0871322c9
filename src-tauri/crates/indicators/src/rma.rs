//! Wilder's moving average.

use crate::ema::Seeded;
use crate::indicator::{Indicator, count};

/// `rma(src, n)`: begins with the mean of the first n values, then `(prev * (n - 1) + x) / n`, computed as
/// `prev + (x - prev) / n` so that equal values stay exactly equal. First value at bar n - 1; a different beginning has
/// decayed below one millionth after about 13.8 n bars more. Source: Pine's `ta.rma`.
#[derive(Debug, Clone)]
pub struct Rma {
    length: f64,
    average: Seeded,
}

impl Rma {
    /// An average of `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { length: count(length.max(1)), average: Seeded::new(length) }
    }
}

impl Indicator for Rma {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let length = self.length;
        self.average.next(input, |previous, x| previous + (x - previous) / length)
    }
}
