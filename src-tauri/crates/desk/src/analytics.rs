//! Figures of an account or of files, as JSON.
//!
//! The computing is `paper::analytics`; here its inputs are read from CSV files and its results put into words.
//! Deliberately absent: the database; the caller that has an account's points and trades hands them to [`analyze`].
//! `pitwire analyze` calls [`analyze_files`].

mod equity_file;
pub(crate) mod table;
mod trades_file;

use crate::wire::{Analytics, EquityMark, FigureDefinition, RpcError, TradeAnalytics, TradingViewAnalytics};
use domain::{Money, ReasonCode};
use paper::Overflow;
use paper::analytics::{
    Calendar, Caveat, ClosedTrade, CurveError, Definition, EquityCurve, Report, Settings, TradeFigures,
    TradingViewFigures, drawdown_curve, report,
};

/// The largest file that is read, in bytes: about two million marks.
pub const FILE_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A CSV file that has been read.
#[derive(Debug, Clone, Copy)]
pub struct CsvFile<'a> {
    /// What errors call it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Computes every figure.
///
/// # Errors
/// `ARITHMETIC_OVERFLOW` when a sum cannot be held exactly.
pub fn analyze(
    curve: &EquityCurve,
    trades: Option<&[ClosedTrade]>,
    settings: Settings,
) -> Result<Analytics, RpcError> {
    Ok(shown(report(curve, trades, settings).map_err(overflow)?, settings))
}

/// Computes every figure from an equity file (`time,equity`) and a trades file
/// (`entry_time,exit_time,direction,quantity,entry_price,exit_price,fees,net`).
///
/// # Errors
/// What is wrong in a file, with its line and column; `INVALID_FIELD` for `periods` other than 365 and 252, and for a
/// rate that is not between -1 and 1.
pub fn analyze_files(
    equity: CsvFile<'_>,
    trades: Option<CsvFile<'_>>,
    periods: u32,
    risk_free: f64,
) -> Result<Analytics, RpcError> {
    let settings = settings(periods, risk_free)?;
    let points = equity_file::read(equity)?;
    let trades = trades.map(trades_file::read).transpose()?;
    let curve = EquityCurve::new(None, points).map_err(no_curve)?;
    analyze(&curve, trades.as_deref(), settings)
}

/// The settings with that many periods a year and that risk-free rate.
///
/// # Errors
/// `INVALID_FIELD` for periods other than 365 and 252, and for a rate that is not between -1 and 1.
pub fn settings(periods: u32, risk_free: f64) -> Result<Settings, RpcError> {
    let calendar = Calendar::from_periods_per_year(periods)
        .ok_or_else(|| RpcError::invalid("periods", "The periods a year must be 365 or 252."))?;
    let rate = |e| RpcError::invalid("rf", format!("The rate cannot be used: {e}."));
    Settings::new(calendar, risk_free).map_err(rate)
}

/// Equity and drawdown at every mark, for charts.
///
/// # Errors
/// `ARITHMETIC_OVERFLOW` when a drawdown cannot be held exactly.
pub fn series(curve: &EquityCurve) -> Result<Vec<EquityMark>, RpcError> {
    let points = drawdown_curve(curve).map_err(overflow)?;
    let mark = |p: &paper::analytics::DrawdownPoint| EquityMark {
        at: p.at.to_string(),
        equity: p.equity.to_string(),
        drawdown: p.fraction,
    };
    Ok(points.iter().map(mark).collect())
}

/// What each figure means, in the order in which they are shown.
#[must_use]
pub fn definitions() -> Vec<FigureDefinition> {
    let shown = |d: &Definition| FigureDefinition {
        group: d.group.key().map(str::to_owned),
        field: d.field.to_owned(),
        name: d.name.to_owned(),
        unit: d.unit.as_str().to_owned(),
        meaning: d.meaning.to_owned(),
    };
    paper::analytics::definitions().iter().map(shown).collect()
}

fn shown(report: Report, settings: Settings) -> Analytics {
    let e = report.equity;
    Analytics {
        n: e.n,
        total_return: e.total_return,
        cagr: e.cagr,
        volatility: e.volatility,
        sharpe: e.sharpe,
        sortino: e.sortino,
        max_drawdown_pct: e.max_drawdown_pct,
        max_drawdown_abs: e.max_drawdown_abs.to_string(),
        calmar: e.calmar,
        longest_underwater_periods: e.longest_underwater_periods,
        ulcer_index: e.ulcer_index,
        periods_per_year: settings.calendar().periods_per_year(),
        risk_free: settings.risk_free(),
        trades: report.trades.map(trades_shown),
        tradingview: tradingview_shown(report.tradingview),
        notes: report.caveats.into_iter().map(sentence).collect(),
    }
}

fn trades_shown(t: TradeFigures) -> TradeAnalytics {
    let text = |money: Option<Money>| money.map(|m| m.to_string());
    TradeAnalytics {
        trades: t.trades,
        wins: t.wins,
        losses: t.losses,
        breakeven: t.breakeven,
        win_rate: t.win_rate,
        win_rate_ex_breakeven: t.win_rate_ex_breakeven,
        gross_profit: t.gross_profit.to_string(),
        gross_loss: t.gross_loss.to_string(),
        net_profit: t.net_profit.to_string(),
        profit_factor: t.profit_factor,
        avg_trade: t.avg_trade,
        avg_win: t.avg_win,
        avg_loss: t.avg_loss,
        payoff_ratio: t.payoff_ratio,
        expectancy: t.expectancy,
        expectancy_r: t.expectancy_r,
        largest_win: text(t.largest_win),
        largest_loss: text(t.largest_loss),
        max_consecutive_wins: t.max_consecutive_wins,
        max_consecutive_losses: t.max_consecutive_losses,
        kelly: t.kelly,
        sqn: t.sqn,
        total_fees: t.total_fees.to_string(),
        avg_mae: t.avg_mae,
        avg_mfe: t.avg_mfe,
    }
}

fn tradingview_shown(t: TradingViewFigures) -> TradingViewAnalytics {
    TradingViewAnalytics {
        period: t.period.map(|period| period.as_str().to_owned()),
        n: t.n,
        sharpe: t.sharpe,
        sortino: t.sortino,
        net_profit: t.net_profit.map(|m| m.to_string()),
        percent_profitable: t.percent_profitable,
        profit_factor: t.profit_factor,
        max_drawdown: t.max_drawdown.to_string(),
    }
}

fn sentence(caveat: Caveat) -> String {
    match caveat {
        Caveat::FewReturns { returns } => format!(
            "The number of daily returns is {returns}; figures about how returns spread need two or more."
        ),
        Caveat::NotPositive { at } => format!(
            "Equity was at zero or below at {at}; what follows has no return, so figures made of returns are \
             undefined."
        ),
    }
}

fn overflow(_: Overflow) -> RpcError {
    RpcError::reason(ReasonCode::ArithmeticOverflow)
}

fn no_curve(error: CurveError) -> RpcError {
    RpcError::new("NO_EQUITY_CURVE", format!("There is no equity curve: {error}."))
}

#[cfg(test)]
mod tests;
