//! Moving average convergence divergence.

use crate::ema::Ema;
use crate::indicator::Indicator;

/// `macd(src, fast, slow, signal)`: the fast exponential average less the slow one, each begun with its own simple
/// average (some libraries shift the fast one's beginning to that of the slow one), and the exponential average of that.
/// The line's first value is at bar slow - 1, the signal's at bar slow + signal - 2. Source: Pine's `ta.macd`.
#[derive(Debug, Clone)]
pub struct Macd {
    fast: Ema,
    slow: Ema,
    signal: Ema,
}

/// The lines, the signal once there is one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MacdLines {
    /// Fast less slow.
    pub macd: f64,
    /// The average of the line.
    pub signal: Option<f64>,
    /// The line less its average.
    pub histogram: Option<f64>,
}

impl Macd {
    /// With the lengths of the three averages.
    #[must_use]
    pub fn new(fast: usize, slow: usize, signal: usize) -> Self {
        Self { fast: Ema::new(fast), slow: Ema::new(slow), signal: Ema::new(signal) }
    }
}

impl Indicator for Macd {
    type Input = f64;
    type Output = MacdLines;

    fn next(&mut self, input: f64) -> Option<MacdLines> {
        let fast = self.fast.next(input);
        let slow = self.slow.next(input);
        let macd = fast? - slow?;
        let signal = self.signal.next(macd);
        Some(MacdLines { macd, signal, histogram: signal.map(|signal| macd - signal) })
    }
}
