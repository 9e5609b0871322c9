//! Analytics: what an equity curve and a list of closed trades say about a way of trading.
//!
//! [`report`] is the whole of it; [`drawdown_curve`] is the series behind the drawdown figures, for charts, and
//! [`definitions`] says in one line each what the figures mean. Inputs are exact decimals, and so are sums of money:
//! gross and net profit, fees, the drawdown as an amount. Statistics are `f64`, because roots and powers have no exact
//! decimal value, nobody books them, and the libraries that the figures are compared with compute in `f64` too. What
//! is not defined is `None`; no figure is ever NaN or infinite.
//!
//! Deliberately absent: where the points and the trades come from, files, JSON, deposits and withdrawals (a change of
//! equity counts as profit or loss, whatever its cause). The caller is `desk`.

mod convert;
mod definition;
mod drawdown;
mod equity;
mod input;
mod sample;
mod statistic;
#[cfg(test)]
mod tests;
mod trades;
mod tradingview;

pub use definition::{Definition, Group, Unit, definitions};
pub use drawdown::{DrawdownPoint, drawdown_curve};
pub use equity::EquityFigures;
pub use input::{Calendar, ClosedTrade, CurveError, EquityCurve, EquityPoint, Settings, SettingsError};
pub use trades::TradeFigures;
pub use tradingview::{Period, TradingViewFigures};

use crate::exact::Overflow;
use domain::Timestamp;
use sample::Samples;

/// Every figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Of the equity curve.
    pub equity: EquityFigures,
    /// Of the closed trades; nothing when no list of trades was given.
    pub trades: Option<TradeFigures>,
    /// The same account by TradingView's own definitions.
    pub tradingview: TradingViewFigures,
    /// Why some figures are undefined.
    pub caveats: Vec<Caveat>,
}

/// Why figures are undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caveat {
    /// Fewer than two daily returns: nothing can be said about how they spread.
    FewReturns {
        /// How many there are.
        returns: u32,
    },
    /// A return on nothing, or on a debt, is not defined.
    NotPositive {
        /// The end of the first day that closed at zero or below and was followed by another.
        at: Timestamp,
    },
}

/// Computes every figure.
///
/// # Errors
/// [`Overflow`] when a sum of money cannot be held exactly.
pub fn report(
    curve: &EquityCurve,
    trades: Option<&[ClosedTrade]>,
    settings: Settings,
) -> Result<Report, Overflow> {
    let samples = Samples::of(curve, settings.calendar());
    let equity = EquityFigures::of(curve, &samples, settings)?;
    let trades = trades.map(TradeFigures::of).transpose()?;
    let tradingview =
        TradingViewFigures::of(&samples, settings.calendar(), trades.as_ref(), equity.max_drawdown_abs);
    let few = (equity.n < 2).then_some(Caveat::FewReturns { returns: equity.n });
    let ruin = samples.not_positive_at().map(|at| Caveat::NotPositive { at });
    let caveats = few.into_iter().chain(ruin).collect();
    Ok(Report { equity, trades, tradingview, caveats })
}
