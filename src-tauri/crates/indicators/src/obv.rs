//! On-balance volume.

use crate::bar::Bar;
use crate::indicator::{Indicator, defined};

/// `obv()`: the volume of bars that closed higher less that of bars that closed lower, since the series began. na on
/// the first bar. Its level depends on where the series begins, for ever; only its changes can be compared with a
/// chart's. Source: Pine's `ta.obv`.
#[derive(Debug, Clone, Default)]
pub struct Obv {
    close: Option<f64>,
    sum: f64,
}

impl Indicator for Obv {
    type Input = Bar;
    type Output = f64;

    fn next(&mut self, bar: Bar) -> Option<f64> {
        let (close, volume) = (defined(bar.close)?, defined(bar.volume)?);
        let previous = self.close.replace(close)?;
        if close > previous {
            self.sum += volume;
        } else if close < previous {
            self.sum -= volume;
        }
        defined(self.sum)
    }
}
