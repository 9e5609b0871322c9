//! Standard deviation.

use crate::indicator::{Indicator, count, defined};
use crate::window::Window;

/// `stdev(src, n)`: the biased standard deviation of the last n values, `sqrt(max(0, Σx²/n - mean²))`, summed as
/// distances from the newest value so that it is exactly 0 where all are equal. First value at bar n - 1; depends on n
/// bars and no others; not below 0. Source: Pine's `ta.stdev` (biased, as it is unless told otherwise).
#[derive(Debug, Clone)]
pub struct Stdev {
    window: Window,
}

impl Stdev {
    /// The deviation of `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Indicator for Stdev {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let origin = defined(input)?;
        if !self.window.push(origin) {
            return None;
        }
        let length = count(self.window.length());
        let (sum, squares) = self.window.numbers().fold((0.0, 0.0), |(sum, squares), x| {
            let distance = x - origin;
            (sum + distance, squares + distance * distance)
        });
        let mean = sum / length;
        Some((squares / length - mean * mean).max(0.0).sqrt())
    }
}
