//! Bollinger bands.

use crate::indicator::Indicator;
use crate::sma::Sma;
use crate::stdev::Stdev;

/// `bb(src, n, mult)`: the simple average of n values, and `mult` biased standard deviations above and below it. First
/// value at bar n - 1; depends on n bars and no others. Source: Pine's `ta.bb`.
#[derive(Debug, Clone)]
pub struct Bollinger {
    multiplier: f64,
    basis: Sma,
    deviation: Stdev,
}

/// The three lines.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Above the basis.
    pub upper: f64,
    /// The average.
    pub basis: f64,
    /// Below the basis.
    pub lower: f64,
}

impl Bollinger {
    /// Bands over `length` values, `multiplier` deviations away.
    #[must_use]
    pub fn new(length: usize, multiplier: f64) -> Self {
        Self { multiplier, basis: Sma::new(length), deviation: Stdev::new(length) }
    }
}

impl Indicator for Bollinger {
    type Input = f64;
    type Output = Bands;

    fn next(&mut self, input: f64) -> Option<Bands> {
        let basis = self.basis.next(input);
        let deviation = self.deviation.next(input);
        let (basis, width) = (basis?, self.multiplier * deviation?);
        Some(Bands { upper: basis + width, basis, lower: basis - width })
    }
}
