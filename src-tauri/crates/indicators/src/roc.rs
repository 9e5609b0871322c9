//! Rate of change.

use crate::indicator::{Indicator, defined, quotient};
use crate::window::Window;

/// `roc(src, n)`: the change over n bars in percent of the value n bars ago; na where that is 0. First value at bar n;
/// depends on n + 1 bars and no others. Source: Pine's `ta.roc`.
#[derive(Debug, Clone)]
pub struct Roc {
    window: Window,
}

impl Roc {
    /// The change over `length` bars.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { window: Window::new(length.saturating_add(1)) }
    }
}

impl Indicator for Roc {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let x = defined(input)?;
        if !self.window.push(x) {
            return None;
        }
        let before = self.window.oldest()?;
        quotient(100.0 * (x - before), before)
    }
}
