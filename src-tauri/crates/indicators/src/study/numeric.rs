//! The indicators that make one number of one number.

use crate::cci::Cci;
use crate::ema::Ema;
use crate::extreme::{Highest, Lowest};
use crate::indicator::Indicator;
use crate::rma::Rma;
use crate::roc::Roc;
use crate::rsi::Rsi;
use crate::sma::Sma;
use crate::stdev::Stdev;
use crate::wma::Wma;

#[derive(Debug, Clone)]
pub(super) enum Numeric {
    Sma(Sma),
    Ema(Ema),
    Rma(Rma),
    Wma(Wma),
    Stdev(Stdev),
    Highest(Highest),
    Lowest(Lowest),
    Roc(Roc),
    Rsi(Rsi),
    Cci(Cci),
}

impl Indicator for Numeric {
    type Input = f64;
    type Output = f64;

    fn next(&mut self, input: f64) -> Option<f64> {
        match self {
            Self::Sma(sma) => sma.next(input),
            Self::Ema(ema) => ema.next(input),
            Self::Rma(rma) => rma.next(input),
            Self::Wma(wma) => wma.next(input),
            Self::Stdev(stdev) => stdev.next(input),
            Self::Highest(highest) => highest.next(input),
            Self::Lowest(lowest) => lowest.next(input),
            Self::Roc(roc) => roc.next(input),
            Self::Rsi(rsi) => rsi.next(input),
            Self::Cci(cci) => cci.next(input),
        }
    }
}
