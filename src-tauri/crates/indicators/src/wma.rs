//! Linearly weighted moving average.

use crate::indicator::{Indicator, count, defined};
use crate::window::Window;

/// `wma(src, n)`: the mean of the last n values with the weights 1 (oldest) to n (newest). First value at bar n - 1;
/// depends on n bars and no others. Source: Pine's `ta.wma`.
#[derive(Debug, Clone)]
pub struct Wma {
    window: Window,
}

impl Wma {
    /// An average over `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Indicator for Wma {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let origin = defined(input)?;
        if !self.window.push(origin) {
            return None;
        }
        let length = count(self.window.length());
        let mut weight = 0.0;
        let mut sum = 0.0;
        for x in self.window.numbers() {
            weight += 1.0;
            sum += weight * (x - origin);
        }
        Some(origin + sum / (length * (length + 1.0) / 2.0))
    }
}
