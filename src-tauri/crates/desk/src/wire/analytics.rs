//! Figures of an equity curve and of closed trades, and what each of them means.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The figures of an account or of a file; null is undefined. Fractions are of 1: -0.1 is -10 %.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Analytics {
    /// How many daily returns.
    pub n: u32,
    /// Last over opening equity minus 1.
    pub total_return: Option<f64>,
    /// The growth a year, compounded.
    pub cagr: Option<f64>,
    /// The spread of daily returns, a year.
    pub volatility: Option<f64>,
    /// The Sharpe ratio.
    pub sharpe: Option<f64>,
    /// The Sortino ratio.
    pub sortino: Option<f64>,
    /// The deepest fall below a peak; zero or below.
    pub max_drawdown_pct: Option<f64>,
    /// The deepest fall below a peak as an amount; zero or above.
    pub max_drawdown_abs: String,
    /// CAGR over the deepest fall.
    pub calmar: Option<f64>,
    /// The most days in a row that ended below a peak.
    pub longest_underwater_periods: u32,
    /// The ulcer index.
    pub ulcer_index: Option<f64>,
    /// The periods a year that figures are brought to: 365 or 252.
    pub periods_per_year: u32,
    /// The risk-free rate a year.
    pub risk_free: f64,
    /// Of closed trades; null when none were given.
    pub trades: Option<TradeAnalytics>,
    /// By TradingView's own definitions.
    pub tradingview: TradingViewAnalytics,
    /// Why figures are null, as sentences.
    pub notes: Vec<String>,
}

/// The figures of closed trades, after fees. Losses are amounts above zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TradeAnalytics {
    /// All closed trades.
    pub trades: u32,
    /// With a net profit.
    pub wins: u32,
    /// With a net loss.
    pub losses: u32,
    /// With neither.
    pub breakeven: u32,
    /// Wins over all trades.
    pub win_rate: Option<f64>,
    /// Wins over wins and losses.
    pub win_rate_ex_breakeven: Option<f64>,
    /// The profits of winning trades.
    pub gross_profit: String,
    /// The losses of losing trades.
    pub gross_loss: String,
    /// Gross profit minus gross loss.
    pub net_profit: String,
    /// Gross profit over gross loss.
    pub profit_factor: Option<f64>,
    /// Net profit over trades.
    pub avg_trade: Option<f64>,
    /// Gross profit over wins.
    pub avg_win: Option<f64>,
    /// Gross loss over losses.
    pub avg_loss: Option<f64>,
    /// Average win over average loss.
    pub payoff_ratio: Option<f64>,
    /// What a trade brings on average.
    pub expectancy: Option<f64>,
    /// What a trade brings on average, in multiples of its risk.
    pub expectancy_r: Option<f64>,
    /// The largest net profit.
    pub largest_win: Option<String>,
    /// The largest net loss.
    pub largest_loss: Option<String>,
    /// The longest run of wins.
    pub max_consecutive_wins: u32,
    /// The longest run of losses.
    pub max_consecutive_losses: u32,
    /// The fraction of the capital that Kelly's formula would risk.
    pub kelly: Option<f64>,
    /// The system quality number.
    pub sqn: Option<f64>,
    /// All fees.
    pub total_fees: String,
    /// The mean of the lowest open profits.
    pub avg_mae: Option<f64>,
    /// The mean of the highest open profits.
    pub avg_mfe: Option<f64>,
}

/// Figures as TradingView's strategy report has them: ratios of months or days, not annualised, 2 % risk-free.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TradingViewAnalytics {
    /// `month` or `day`: of what the returns are.
    pub period: Option<String>,
    /// How many returns.
    pub n: u32,
    /// The Sharpe ratio.
    pub sharpe: Option<f64>,
    /// The Sortino ratio.
    pub sortino: Option<f64>,
    /// Gross profit minus gross loss.
    pub net_profit: Option<String>,
    /// Winners over all closed trades, in percent: 40 is 40 %.
    pub percent_profitable: Option<f64>,
    /// Gross profit over gross loss.
    pub profit_factor: Option<f64>,
    /// The largest loss from a peak of equity.
    pub max_drawdown: String,
}

/// A point of the chart of equity and drawdown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EquityMark {
    /// When.
    pub at: String,
    /// The equity.
    pub equity: String,
    /// Equity over the highest equity so far minus 1: zero or below.
    pub drawdown: f64,
}

/// What a figure means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FigureDefinition {
    /// `trades` or `tradingview`; null for a figure at the top.
    pub group: Option<String>,
    /// The key in the JSON.
    pub field: String,
    /// The name for people.
    pub name: String,
    /// `fraction`, `percent`, `money`, `ratio`, `count`, `periods` or `word`.
    pub unit: String,
    /// How it is computed, in one line.
    pub meaning: String,
}
