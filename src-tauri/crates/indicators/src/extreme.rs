//! The highest and the lowest value of a stretch.

use crate::indicator::{Indicator, defined};
use crate::window::Window;

/// `highest(src, n)`: the greatest of the last n values. First value at bar n - 1; depends on n bars and no others.
/// Source: Pine's `ta.highest`.
#[derive(Debug, Clone)]
pub struct Highest {
    window: Window,
}

/// `lowest(src, n)`: the smallest of the last n values. First value at bar n - 1; depends on n bars and no others.
/// Source: Pine's `ta.lowest`.
#[derive(Debug, Clone)]
pub struct Lowest {
    window: Window,
}

impl Highest {
    /// The greatest of `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Lowest {
    /// The smallest of `length` values.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length) }
    }
}

impl Indicator for Highest {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let is_full = self.window.push(defined(input)?);
        is_full.then(|| self.window.numbers().fold(f64::NEG_INFINITY, f64::max))
    }
}

impl Indicator for Lowest {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let is_full = self.window.push(defined(input)?);
        is_full.then(|| self.window.numbers().fold(f64::INFINITY, f64::min))
    }
}
