//! The figures of an equity curve.

use super::convert::{nearest, number, shown};
use super::drawdown::{deepest, drawdown_curve, longest_underwater, ulcer_index};
use super::input::{EquityCurve, Settings};
use super::sample::Samples;
use super::statistic::{downside_deviation, finite, mean, quotient, sample_deviation};
use crate::exact::Overflow;
use domain::Money;

/// Figures of an equity curve. [`definitions`](super::definitions) says what each means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EquityFigures {
    /// Daily returns.
    pub n: u32,
    /// Last over opening equity minus 1.
    pub total_return: Option<f64>,
    /// The growth a year, compounded.
    pub cagr: Option<f64>,
    /// The spread of daily returns, a year.
    pub volatility: Option<f64>,
    /// Mean excess return over its spread, a year.
    pub sharpe: Option<f64>,
    /// Mean excess return over its spread below the risk-free rate, a year.
    pub sortino: Option<f64>,
    /// The deepest fall below a peak, as a fraction: zero or below.
    pub max_drawdown_pct: Option<f64>,
    /// The deepest fall below a peak, in the account's currency: zero or above.
    pub max_drawdown_abs: Money,
    /// CAGR over the deepest fall.
    pub calmar: Option<f64>,
    /// The most days in a row that ended below a peak.
    pub longest_underwater_periods: u32,
    /// Depth and length of the falls in one number.
    pub ulcer_index: Option<f64>,
}

impl EquityFigures {
    pub(super) fn of(curve: &EquityCurve, samples: &Samples, settings: Settings) -> Result<Self, Overflow> {
        let (deepest_fraction, max_drawdown_abs) = deepest(&drawdown_curve(curve)?);
        let periods = f64::from(settings.calendar().periods_per_year());
        let year = periods.sqrt();
        let returns = samples.returns();
        let free = (1.0 + settings.risk_free()).powf(1.0 / periods) - 1.0;
        let excess: Option<Vec<f64>> = returns.as_ref().map(|all| all.iter().map(|r| r - free).collect());
        // The mean excess return over one way of measuring its spread.
        let ratio = |spread: fn(&[f64]) -> Option<f64>| {
            let excess = excess.as_deref().filter(|all| all.len() > 1)?;
            finite(quotient(mean(excess)?, spread(excess)?)? * year)
        };
        let cagr = returns.as_ref().and_then(|_| cagr(samples, periods));
        Ok(Self {
            n: shown(samples.days.len()),
            total_return: finite(nearest(curve.last().equity.get()) / nearest(curve.base().get()) - 1.0),
            cagr,
            volatility: returns
                .as_deref()
                .and_then(sample_deviation)
                .and_then(|spread| finite(spread * year)),
            sharpe: ratio(sample_deviation),
            sortino: ratio(|excess| downside_deviation(excess, 0.0)),
            max_drawdown_pct: finite(deepest_fraction),
            max_drawdown_abs,
            calmar: cagr.and_then(|growth| quotient(growth, deepest_fraction.abs())),
            longest_underwater_periods: longest_underwater(samples),
            ulcer_index: ulcer_index(samples),
        })
    }
}

/// Nothing without returns, and nothing when it ends with a debt.
fn cagr(samples: &Samples, periods: f64) -> Option<f64> {
    let (_, end) = samples.days.last()?;
    let growth = end / samples.base;
    if growth < 0.0 {
        return None;
    }
    finite(growth.powf(periods / number(samples.days.len())) - 1.0)
}
