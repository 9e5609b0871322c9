//! An expression that is being computed, bar by bar.

mod numeric;

use crate::atr::Atr;
use crate::bar::{Bar, Field};
use crate::bollinger::Bollinger;
use crate::cci::Cci;
use crate::dmi::Dmi;
use crate::ema::Ema;
use crate::expression::{Node, Series};
use crate::extreme::{Highest, Lowest};
use crate::function::Function;
use crate::indicator::{Indicator, defined};
use crate::macd::Macd;
use crate::mfi::Mfi;
use crate::obv::Obv;
use crate::rma::Rma;
use crate::roc::Roc;
use crate::rsi::Rsi;
use crate::sma::Sma;
use crate::stdev::Stdev;
use crate::stoch::{Stoch, StochInput};
use crate::supertrend::Supertrend;
use crate::vwap::Vwap;
use crate::wma::Wma;
use crate::wpr::Wpr;
use numeric::Numeric;
use std::collections::VecDeque;

/// The most outputs that an expression has.
pub const OUTPUTS_MAX: usize = 3;

/// What an expression says of one bar, output by output; those beyond [`Expression::outputs`] are na.
///
/// [`Expression::outputs`]: crate::Expression::outputs
pub type Values = [Option<f64>; OUTPUTS_MAX];

const NA: Values = [None; OUTPUTS_MAX];

/// An expression over a series of bars. A clone that is given the running bar peeks at its value.
#[derive(Debug, Clone)]
pub struct Study {
    calculation: Calculation,
    output: Option<usize>,
    past: Option<Past>,
}

/// The values of the last bars.
#[derive(Debug, Clone)]
struct Past {
    ago: usize,
    values: VecDeque<Values>,
}

#[derive(Debug, Clone)]
enum Calculation {
    Field(Field),
    Numeric(Box<Study>, Numeric),
    Mfi(Box<Study>, Mfi),
    Macd(Box<Study>, Macd),
    Bollinger(Box<Study>, Bollinger),
    Stoch(Box<[Study; 3]>, Stoch),
    Atr(Atr),
    Dmi(Dmi),
    Supertrend(Supertrend),
    Vwap(Vwap),
    Obv(Obv),
    Wpr(Wpr),
}

impl Study {
    pub(crate) fn of(node: &Node) -> Self {
        let calculation = match &node.series {
            Series::Field(field) => Calculation::Field(*field),
            Series::Call { function, sources, lengths, factor } => {
                Calculation::of(*function, sources, lengths, *factor)
            }
        };
        let past = (node.ago > 0).then(|| Past { ago: node.ago, values: VecDeque::new() });
        Self { calculation, output: node.output, past }
    }

    /// Takes the next bar.
    pub fn next(&mut self, bar: &Bar) -> Values {
        let all = self.calculation.next(bar).map(|value| value.and_then(defined));
        let chosen = match self.output {
            None => all,
            Some(index) => [all.get(index).copied().flatten(), None, None],
        };
        match &mut self.past {
            None => chosen,
            Some(past) => past.exchange(chosen),
        }
    }

    /// Takes the next bar, of an expression with one output.
    pub fn next_single(&mut self, bar: &Bar) -> Option<f64> {
        self.next(bar)[0]
    }
}

impl Past {
    /// Takes the newest values in and gives those of so many bars ago.
    fn exchange(&mut self, newest: Values) -> Values {
        self.values.push_back(newest);
        if self.values.len() > self.ago { self.values.pop_front().unwrap_or(NA) } else { NA }
    }
}

impl Calculation {
    fn of(function: Function, sources: &[Node], lengths: &[usize], factor: f64) -> Self {
        let length = |index: usize| lengths.get(index).copied().unwrap_or(1);
        let study = |index: usize| {
            Study::of(sources.get(index).expect("BUG: the parser leaves no function without its sources"))
        };
        let source = || Box::new(study(0));
        let numeric = |numeric: Numeric| Self::Numeric(source(), numeric);
        let n = length(0);
        match function {
            Function::Sma => numeric(Numeric::Sma(Sma::new(n))),
            Function::Ema => numeric(Numeric::Ema(Ema::new(n))),
            Function::Rma => numeric(Numeric::Rma(Rma::new(n))),
            Function::Wma => numeric(Numeric::Wma(Wma::new(n))),
            Function::Stdev => numeric(Numeric::Stdev(Stdev::new(n))),
            Function::Highest => numeric(Numeric::Highest(Highest::new(n))),
            Function::Lowest => numeric(Numeric::Lowest(Lowest::new(n))),
            Function::Roc => numeric(Numeric::Roc(Roc::new(n))),
            Function::Rsi => numeric(Numeric::Rsi(Rsi::new(n))),
            Function::Cci => numeric(Numeric::Cci(Cci::new(n))),
            Function::Mfi => Self::Mfi(source(), Mfi::new(n)),
            Function::Macd => Self::Macd(source(), Macd::new(n, length(1), length(2))),
            Function::Bb => Self::Bollinger(source(), Bollinger::new(n, factor)),
            Function::Stoch => Self::Stoch(Box::new([study(0), study(1), study(2)]), Stoch::new(n)),
            Function::Atr => Self::Atr(Atr::new(n)),
            Function::Dmi => Self::Dmi(Dmi::new(n, length(1))),
            Function::Supertrend => Self::Supertrend(Supertrend::new(factor, n)),
            Function::Vwap => Self::Vwap(Vwap::default()),
            Function::Obv => Self::Obv(Obv::default()),
            Function::Wpr => Self::Wpr(Wpr::new(n)),
        }
    }

    fn next(&mut self, bar: &Bar) -> Values {
        match self {
            Self::Field(field) => [field.of(bar), None, None],
            Self::Numeric(source, numeric) => {
                [source.next_single(bar).and_then(|x| numeric.next(x)), None, None]
            }
            Self::Mfi(source, mfi) => {
                [source.next_single(bar).and_then(|x| mfi.next([x, bar.volume])), None, None]
            }
            Self::Macd(source, macd) => match source.next_single(bar).and_then(|x| macd.next(x)) {
                Some(lines) => [Some(lines.macd), lines.signal, lines.histogram],
                None => NA,
            },
            Self::Bollinger(source, bollinger) => {
                match source.next_single(bar).and_then(|x| bollinger.next(x)) {
                    Some(bands) => [Some(bands.upper), Some(bands.basis), Some(bands.lower)],
                    None => NA,
                }
            }
            Self::Stoch(sources, stoch) => {
                let [source, high, low] = sources.each_mut().map(|study| study.next_single(bar));
                let input = source.zip(high).zip(low);
                let input = input.map(|((source, high), low)| StochInput { source, high, low });
                [input.and_then(|input| stoch.next(input)), None, None]
            }
            Self::Atr(atr) => [atr.next(*bar), None, None],
            Self::Dmi(dmi) => match dmi.next(*bar) {
                Some(movement) => [Some(movement.plus), Some(movement.minus), movement.adx],
                None => NA,
            },
            Self::Supertrend(supertrend) => match supertrend.next(*bar) {
                Some(trend) => [Some(trend.value), Some(trend.direction), None],
                None => NA,
            },
            Self::Vwap(vwap) => [vwap.next(*bar), None, None],
            Self::Obv(obv) => [obv.next(*bar), None, None],
            Self::Wpr(wpr) => [wpr.next(*bar), None, None],
        }
    }
}
