//! What each figure means, in one line: for the window, the command line and docs/ANALYTICS.md.

/// A figure and its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Where the figure stands in the JSON.
    pub group: Group,
    /// Its name in the JSON.
    pub field: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// What kind of number it is.
    pub unit: Unit,
    /// How it is computed.
    pub meaning: &'static str,
}

/// The part of the JSON that a figure stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// At the top: the equity curve.
    Equity,
    /// Under `trades`.
    Trades,
    /// Under `tradingview`.
    TradingView,
}

impl Group {
    /// The key in the JSON; nothing for the top.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        match self {
            Self::Equity => None,
            Self::Trades => Some("trades"),
            Self::TradingView => Some("tradingview"),
        }
    }
}

/// What kind of number a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A fraction of 1, shown in percent.
    Fraction,
    /// In percent already.
    Percent,
    /// In the account's currency.
    Money,
    /// A bare number.
    Ratio,
    /// How many.
    Count,
    /// How many periods.
    Periods,
    /// A word.
    Word,
}

impl Unit {
    /// The word used in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fraction => "fraction",
            Self::Percent => "percent",
            Self::Money => "money",
            Self::Ratio => "ratio",
            Self::Count => "count",
            Self::Periods => "periods",
            Self::Word => "word",
        }
    }
}

/// Every figure, in the order in which they are shown.
#[must_use]
pub fn definitions() -> &'static [Definition] {
    DEFINITIONS
}

macro_rules! table {
    ($($group:ident: { $($field:literal, $name:literal, $unit:ident, $meaning:literal;)+ })+) => {
        const DEFINITIONS: &[Definition] = &[$($(
            Definition {
                group: Group::$group, field: $field, name: $name, unit: Unit::$unit, meaning: $meaning,
            },
        )+)+];
    };
}

table! {
    Equity: {
        "n", "Daily returns", Count,
            "r = E / E of the day before - 1; E is the last mark of a UTC day, and on a day without marks the one before.";
        "total_return", "Total return", Fraction, "Last equity / opening equity - 1.";
        "cagr", "CAGR", Fraction, "(Last daily equity / first)^(periods a year / n) - 1.";
        "volatility", "Volatility", Fraction, "Standard deviation of r (divisor n - 1) · √periods a year.";
        "sharpe", "Sharpe ratio", Ratio,
            "Mean of (r - rf) / standard deviation of (r - rf) (divisor n - 1) · √periods a year; rf = (1 + risk-free)^(1 / periods a year) - 1.";
        "sortino", "Sortino ratio", Ratio,
            "Mean of (r - rf) / √(Σ min(0, r - rf)² / n) · √periods a year; n counts all returns, not only those below.";
        "max_drawdown_pct", "Maximum drawdown", Fraction,
            "Lowest value of equity / highest equity so far - 1, over all marks; the opening capital is the first peak.";
        "max_drawdown_abs", "Maximum drawdown, amount", Money,
            "Largest value of highest equity so far - equity, over all marks; may be at another time than the fraction.";
        "calmar", "Calmar ratio", Ratio, "CAGR / size of the maximum drawdown.";
        "longest_underwater_periods", "Longest time underwater", Periods,
            "Most days in a row that ended below the highest daily equity so far; a run that has not ended counts.";
        "ulcer_index", "Ulcer index", Fraction, "√(Σ daily drawdown² / (n - 1)).";
    }
    Trades: {
        "trades", "Closed trades", Count, "Round trips from flat to flat.";
        "wins", "Wins", Count, "Trades with a net profit above zero.";
        "losses", "Losses", Count, "Trades with a net profit below zero.";
        "breakeven", "Breakeven", Count, "Trades with a net profit of exactly zero.";
        "win_rate", "Win rate", Fraction, "Wins / all trades, breakeven ones included.";
        "win_rate_ex_breakeven", "Win rate without breakeven", Fraction, "Wins / (wins + losses).";
        "gross_profit", "Gross profit", Money, "Sum of net profits of winning trades.";
        "gross_loss", "Gross loss", Money, "Sum of net losses of losing trades, as an amount above zero.";
        "net_profit", "Net profit", Money, "Gross profit - gross loss; fees are inside.";
        "profit_factor", "Profit factor", Ratio, "Gross profit / gross loss; none without a loss.";
        "avg_trade", "Average trade", Money, "Net profit / trades.";
        "avg_win", "Average win", Money, "Gross profit / wins.";
        "avg_loss", "Average loss", Money, "Gross loss / losses, as an amount above zero.";
        "payoff_ratio", "Payoff ratio", Ratio, "Average win / average loss.";
        "expectancy", "Expectancy", Money,
            "Wins / trades · average win - losses / trades · average loss, which is the average trade.";
        "expectancy_r", "Expectancy in R", Ratio,
            "Mean of net profit / initial risk, of the trades that had a stop.";
        "largest_win", "Largest win", Money, "Largest net profit of a trade.";
        "largest_loss", "Largest loss", Money, "Largest net loss of a trade, as an amount above zero.";
        "max_consecutive_wins", "Wins in a row", Count, "Longest run of wins in the order of closing.";
        "max_consecutive_losses", "Losses in a row", Count,
            "Longest run of losses in the order of closing; a breakeven trade ends a run.";
        "kelly", "Kelly fraction", Fraction, "Win rate - (losses / trades) / payoff ratio.";
        "sqn", "System quality number", Ratio,
            "Mean of R / standard deviation of R (divisor n - 1) · √n, of the n trades that had a stop.";
        "total_fees", "Fees", Money, "Sum of the fees of all trades.";
        "avg_mae", "Average adverse excursion", Money,
            "Mean of the lowest open profit of each trade for which it was watched.";
        "avg_mfe", "Average favourable excursion", Money,
            "Mean of the highest open profit of each trade for which it was watched.";
    }
    TradingView: {
        "period", "Returns of a", Word,
            "Calendar month with three monthly returns or more, else day with three daily ones or more.";
        "n", "Returns", Count, "How many returns of that period; the first and the last month may be cut short.";
        "sharpe", "Sharpe ratio", Ratio,
            "(Mean return - rf) / standard deviation (divisor n), not annualised; rf = 2 % / periods a year.";
        "sortino", "Sortino ratio", Ratio,
            "(Mean return - rf) / √(Σ min(0, return - rf)² / n), not annualised.";
        "net_profit", "Net profit", Money, "Gross profit - gross loss, after commission.";
        "percent_profitable", "Percent profitable", Percent, "Winning trades / all closed trades · 100.";
        "profit_factor", "Profit factor", Ratio, "Gross profit / gross loss.";
        "max_drawdown", "Maximum drawdown", Money,
            "Largest loss from a peak of equity, open trades included, as far as marks show it.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_figure_is_defined_once_and_in_one_line() {
        let mut seen = Vec::new();
        for definition in definitions() {
            let place = (definition.group.key(), definition.field);
            assert!(!seen.contains(&place), "{place:?} is defined twice");
            seen.push(place);
            assert!(!definition.name.is_empty() && definition.name.len() <= 30, "{place:?}");
            assert!(definition.meaning.ends_with('.') && !definition.meaning.contains('\n'), "{place:?}");
        }
    }
}
