//! Simple moving average.

use crate::indicator::{Indicator, defined};
use crate::window::Window;

/// `sma(src, n)`: the mean of the last n values. First value at bar n - 1; depends on n bars and no others.
/// Source: Pine's `ta.sma`.
#[derive(Debug, Clone)]
pub struct Sma {
    window: Window,
}

impl Sma {
    /// An average over `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Indicator for Sma {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let is_full = self.window.push(defined(input)?);
        if is_full { self.window.mean() } else { None }
    }
}
