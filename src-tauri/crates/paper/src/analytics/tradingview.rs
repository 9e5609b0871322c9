//! The figures as TradingView's strategy report defines them, for whoever compares the two.
//!
//! Its text: `SR = (MR - RFR) / SD` and Sortino `(MR - RFR) / DD`, with `MR` the mean return of a month where there
//! are three or more, otherwise of a day where there are three or more; `RFR` 2 % a year by default, brought to the
//! period; `DD = sqrt(Σ min(0, Xi - T)² / N)`; nothing is annualised. The text leaves three things open, decided here
//! so: `SD` divides by N, as Pine's `ta.stdev` does by default; `T` is `RFR`; a year has 12 months or the calendar's
//! number of days, and the rate is divided by it.

use super::convert::shown;
use super::input::Calendar;
use super::sample::Samples;
use super::statistic::{downside_deviation, mean, population_deviation, quotient};
use super::trades::TradeFigures;
use domain::Money;

/// A year, as a fraction.
const RISK_FREE: f64 = 0.02;
const PERIODS_MIN: usize = 3;
const MONTHS_A_YEAR: f64 = 12.0;

/// Of what length the returns are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A calendar month.
    Month,
    /// A day.
    Day,
}

impl Period {
    /// The word used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Day => "day",
        }
    }
}

/// Figures by TradingView's definitions.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TradingViewFigures {
    /// Of what the returns are; nothing when there are fewer than three days.
    pub period: Option<Period>,
    /// How many returns.
    pub n: u32,
    /// Mean excess return over its spread, not annualised.
    pub sharpe: Option<f64>,
    /// Mean excess return over its spread below the risk-free rate, not annualised.
    pub sortino: Option<f64>,
    /// Gross profit minus gross loss, after commission.
    pub net_profit: Option<Money>,
    /// Winners over all closed trades, in percent.
    pub percent_profitable: Option<f64>,
    /// Gross profit over gross loss.
    pub profit_factor: Option<f64>,
    /// The largest loss from a peak of equity, above zero.
    pub max_drawdown: Money,
}

impl TradingViewFigures {
    pub(super) fn of(
        samples: &Samples,
        calendar: Calendar,
        trades: Option<&TradeFigures>,
        max_drawdown: Money,
    ) -> Self {
        let figures = Self {
            net_profit: trades.map(|t| t.net_profit),
            percent_profitable: trades.and_then(|t| t.win_rate).map(|rate| rate * 100.0),
            profit_factor: trades.and_then(|t| t.profit_factor),
            max_drawdown,
            ..Self::default()
        };
        let enough = |returns: &Vec<f64>| returns.len() >= PERIODS_MIN;
        let days = f64::from(calendar.periods_per_year());
        let monthly = samples.monthly_returns().filter(enough).map(|r| (Period::Month, r, MONTHS_A_YEAR));
        let chosen = monthly.or_else(|| samples.returns().filter(enough).map(|r| (Period::Day, r, days)));
        let Some((period, returns, periods)) = chosen else { return figures };
        let free = RISK_FREE / periods;
        let over = |spread: Option<f64>| quotient(mean(&returns)? - free, spread?);
        Self {
            period: Some(period),
            n: shown(returns.len()),
            sharpe: over(population_deviation(&returns)),
            sortino: over(downside_deviation(&returns, free)),
            ..figures
        }
    }
}
