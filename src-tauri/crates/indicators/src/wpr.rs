//! Williams %R.

use crate::bar::Bar;
use crate::extreme::{Highest, Lowest};
use crate::indicator::{Indicator, quotient};

/// `wpr(n)`: `100 * (close - highest high) / (highest high - lowest low)` of n bars. -100 to 0; na where the two are
/// equal. First value at bar n - 1; depends on n bars and no others. Source: Pine's `ta.wpr`.
#[derive(Debug, Clone)]
pub struct Wpr {
    highest: Highest,
    lowest: Lowest,
}

impl Wpr {
    /// Over `length` bars.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { highest: Highest::new(length), lowest: Lowest::new(length) }
    }
}

impl Indicator for Wpr {
    type Input = Bar;
    type Output = f64;

    fn next(&mut self, bar: Bar) -> Option<f64> {
        let [high, low, close] = bar.range()?;
        let highest = self.highest.next(high);
        let lowest = self.lowest.next(low);
        let (highest, lowest) = (highest?, lowest?);
        quotient(100.0 * (close - highest), highest - lowest)
    }
}
