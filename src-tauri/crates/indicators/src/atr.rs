//! True range and its average.

use crate::bar::Bar;
use crate::indicator::Indicator;
use crate::rma::Rma;

/// The true range: high - low, or the distance of either from the previous close where that is greater. On the first
/// bar it is high - low. Not below 0. Source: Pine's `ta.tr(true)`.
#[derive(Debug, Clone, Default)]
pub struct TrueRange {
    close: Option<f64>,
}

impl TrueRange {
    /// The range where there is a previous close, and nothing on the first bar: Pine's `ta.tr(false)`.
    pub(crate) fn after_the_first(&mut self, bar: &Bar) -> Option<f64> {
        let [high, low, close] = bar.range()?;
        let previous = self.close.replace(close)?;
        Some((high - low).max((high - previous).abs()).max((low - previous).abs()))
    }
}

impl Indicator for TrueRange {
    type Input = Bar;
    type Output = f64;

    fn next(&mut self, bar: Bar) -> Option<f64> {
        let [high, low, _] = bar.range()?;
        let is_first = self.close.is_none();
        let range = self.after_the_first(&bar);
        if is_first { Some(high - low) } else { range }
    }
}

/// `atr(n)`: Wilder's average of the true range, the first bar's among them. First value at bar n - 1 (libraries that
/// leave the first bar out: at bar n); decays as Wilder's average does; not below 0. Source: Pine's `ta.atr`.
#[derive(Debug, Clone)]
pub struct Atr {
    range: TrueRange,
    average: Rma,
}

impl Atr {
    /// An average over `length` bars.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { range: TrueRange::default(), average: Rma::new(length) }
    }
}

impl Indicator for Atr {
    type Input = Bar;
    type Output = f64;

    fn next(&mut self, bar: Bar) -> Option<f64> {
        let range = self.range.next(bar)?;
        self.average.next(range)
    }
}
