//! Stochastic.

use crate::extreme::{Highest, Lowest};
use crate::indicator::{Indicator, defined, quotient};

/// `stoch(src, high, low, n)`: where the source stands between the lowest low and the highest high of n bars, in
/// percent, unsmoothed. 0 to 100 where the source is between them; na where they are equal. First value at bar n - 1;
/// depends on n bars and no others. Source: Pine's `ta.stoch`.
#[derive(Debug, Clone)]
pub struct Stoch {
    highest: Highest,
    lowest: Lowest,
}

/// What a stochastic is given for every bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StochInput {
    /// What is placed.
    pub source: f64,
    /// Whose highest is the top.
    pub high: f64,
    /// Whose lowest is the bottom.
    pub low: f64,
}

impl Stoch {
    /// Over `length` bars.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { highest: Highest::new(length), lowest: Lowest::new(length) }
    }
}

impl Indicator for Stoch {
    type Input = StochInput;
    type Output = f64;

    fn next(&mut self, input: StochInput) -> Option<f64> {
        let (source, high, low) = (defined(input.source)?, defined(input.high)?, defined(input.low)?);
        let highest = self.highest.next(high);
        let lowest = self.lowest.next(low);
        let (highest, lowest) = (highest?, lowest?);
        quotient(100.0 * (source - lowest), highest - lowest)
    }
}
