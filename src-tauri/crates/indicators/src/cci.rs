//! Commodity channel index.

use crate::indicator::{Indicator, count, defined, quotient};
use crate::window::Window;

/// `cci(src, n)`: the distance from the mean of n values, over 0.015 of their mean absolute distance from it. Unbounded;
/// na where all are equal. First value at bar n - 1; depends on n bars and no others. Source: Pine's `ta.cci`.
#[derive(Debug, Clone)]
pub struct Cci {
    window: Window,
}

impl Cci {
    /// Over `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Indicator for Cci {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let x = defined(input)?;
        if !self.window.push(x) {
            return None;
        }
        let mean = self.window.mean()?;
        let distances: f64 = self.window.numbers().map(|x| (x - mean).abs()).sum();
        quotient(x - mean, 0.015 * distances / count(self.window.length()))
    }
}
