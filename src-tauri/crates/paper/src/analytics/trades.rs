//! The figures of a list of closed trades.

use super::convert::{nearest, number, shown};
use super::input::ClosedTrade;
use super::statistic::{finite, mean, quotient, sample_deviation};
use crate::exact::{self, Overflow};
use domain::Money;
use rust_decimal::Decimal;

/// Figures of closed trades, all after fees; amounts in the account's currency, losses as amounts above zero.
/// [`definitions`](super::definitions) says what each means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeFigures {
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
    pub gross_profit: Money,
    /// The losses of losing trades, above zero.
    pub gross_loss: Money,
    /// Gross profit minus gross loss.
    pub net_profit: Money,
    /// Gross profit over gross loss.
    pub profit_factor: Option<f64>,
    /// Net profit over trades.
    pub avg_trade: Option<f64>,
    /// Gross profit over wins.
    pub avg_win: Option<f64>,
    /// Gross loss over losses, above zero.
    pub avg_loss: Option<f64>,
    /// Average win over average loss.
    pub payoff_ratio: Option<f64>,
    /// What a trade brings on average.
    pub expectancy: Option<f64>,
    /// What a trade brings on average, in multiples of its risk.
    pub expectancy_r: Option<f64>,
    /// The largest net profit.
    pub largest_win: Option<Money>,
    /// The largest net loss, above zero.
    pub largest_loss: Option<Money>,
    /// The longest run of wins.
    pub max_consecutive_wins: u32,
    /// The longest run of losses.
    pub max_consecutive_losses: u32,
    /// The fraction of the capital that Kelly's formula would risk.
    pub kelly: Option<f64>,
    /// Van Tharp's system quality number.
    pub sqn: Option<f64>,
    /// All fees.
    pub total_fees: Money,
    /// The mean of the lowest open profits.
    pub avg_mae: Option<f64>,
    /// The mean of the highest open profits.
    pub avg_mfe: Option<f64>,
}

impl TradeFigures {
    pub(super) fn of(trades: &[ClosedTrade]) -> Result<Self, Overflow> {
        let nets: Vec<Decimal> = trades.iter().map(|trade| trade.net.get()).collect();
        let won: Vec<Decimal> = nets.iter().copied().filter(|net| *net > Decimal::ZERO).collect();
        let lost: Vec<Decimal> = nets.iter().filter(|net| **net < Decimal::ZERO).map(|net| -net).collect();
        let (gross_profit, gross_loss) = (sum(won.iter().copied())?, sum(lost.iter().copied())?);
        let net_profit = exact::sub(gross_profit, gross_loss)?;
        let average = |total: Decimal, count: usize| quotient(nearest(total), number(count));
        let avg_trade = average(net_profit, nets.len());
        let (avg_win, avg_loss) = (average(gross_profit, won.len()), average(gross_loss, lost.len()));
        let payoff_ratio = avg_win.zip(avg_loss).and_then(|(win, loss)| quotient(win, loss));
        let rate = |count: usize, of: usize| quotient(number(count), number(of));
        let win_rate = rate(won.len(), nets.len());
        let kelly = win_rate.zip(rate(lost.len(), nets.len())).zip(payoff_ratio);
        let risks: Vec<f64> = trades.iter().filter_map(|trade| trade.r).map(nearest).collect();
        let excursions = |of: fn(&ClosedTrade) -> Option<Money>| {
            let seen: Vec<f64> = trades.iter().filter_map(of).map(|money| nearest(money.get())).collect();
            mean(&seen)
        };
        Ok(Self {
            trades: shown(nets.len()),
            wins: shown(won.len()),
            losses: shown(lost.len()),
            breakeven: shown(nets.len() - won.len() - lost.len()),
            win_rate,
            win_rate_ex_breakeven: rate(won.len(), won.len() + lost.len()),
            gross_profit: Money::new(gross_profit),
            gross_loss: Money::new(gross_loss),
            net_profit: Money::new(net_profit),
            profit_factor: quotient(nearest(gross_profit), nearest(gross_loss)),
            avg_trade,
            avg_win,
            avg_loss,
            payoff_ratio,
            expectancy: avg_trade,
            expectancy_r: mean(&risks),
            largest_win: won.iter().max().copied().map(Money::new),
            largest_loss: lost.iter().max().copied().map(Money::new),
            max_consecutive_wins: longest_run(trades, |net| net > Money::ZERO),
            max_consecutive_losses: longest_run(trades, |net| net < Money::ZERO),
            kelly: kelly.and_then(|((win, loss), payoff)| finite(win - loss / payoff)),
            sqn: system_quality(&risks),
            total_fees: Money::new(sum(trades.iter().map(|trade| trade.fees.get()))?),
            avg_mae: excursions(|trade| trade.mae),
            avg_mfe: excursions(|trade| trade.mfe),
        })
    }
}

fn sum(mut amounts: impl Iterator<Item = Decimal>) -> Result<Decimal, Overflow> {
    amounts.try_fold(Decimal::ZERO, exact::add)
}

fn system_quality(risks: &[f64]) -> Option<f64> {
    finite(quotient(mean(risks)?, sample_deviation(risks)?)? * number(risks.len()).sqrt())
}

/// The longest run in the order of closing. A trade without profit or loss ends runs of both.
fn longest_run(trades: &[ClosedTrade], counts: fn(Money) -> bool) -> u32 {
    let mut ordered: Vec<&ClosedTrade> = trades.iter().collect();
    ordered.sort_by_key(|trade| trade.closed_at);
    let runs = ordered.chunk_by(|a, b| counts(a.net) == counts(b.net));
    let counted = runs.filter(|run| run.iter().all(|trade| counts(trade.net)));
    shown(counted.map(<[&ClosedTrade]>::len).max().unwrap_or(0))
}
