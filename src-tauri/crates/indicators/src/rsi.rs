//! Relative strength index.

use crate::indicator::{Indicator, TOLERANCE, defined};
use crate::rma::Rma;

/// `rsi(src, n)`: `100 - 100 / (1 + u / d)` of Wilder's averages u and d of the rises and falls. 0 to 100; first value
/// at bar n; decays as Wilder's average does. Without falls it is 100, on a completely flat series too; without rises
/// 0. An average within Pine's tolerance of zero counts as zero. Source: Pine's `ta.rsi`.
#[derive(Debug, Clone)]
pub struct Rsi {
    previous: Option<f64>,
    rises: Rma,
    falls: Rma,
}

impl Rsi {
    /// An index over `length` changes.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { previous: None, rises: Rma::new(length), falls: Rma::new(length) }
    }
}

impl Indicator for Rsi {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        let x = defined(input)?;
        let change = x - self.previous.replace(x)?;
        let rise = self.rises.next(change.max(0.0));
        let fall = self.falls.next((-change).max(0.0));
        let (rise, fall) = (rise?, fall?);
        if fall <= TOLERANCE {
            Some(100.0)
        } else if rise <= TOLERANCE {
            Some(0.0)
        } else {
            Some(100.0 - 100.0 / (1.0 + rise / fall))
        }
    }
}
