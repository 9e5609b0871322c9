//! Any curve and any trades: finite or nothing, and exact where it is money.

use super::*;
use proptest::prelude::*;

fn amount() -> impl Strategy<Value = Money> {
    let usual = (-20_000_000_i64..200_000_000).prop_map(|n| (n, 2));
    let any = (any::<i64>(), 0_u32..=28);
    prop_oneof![4 => usual, 1 => any]
        .prop_map(|(n, scale)| Money::new(Decimal::from_i128_with_scale(i128::from(n), scale)))
}

fn any_curve() -> impl Strategy<Value = EquityCurve> {
    let step = prop_oneof![0_i64..3_600, 0_i64..400_000, Just(0)];
    (1_i64..1_000_000, proptest::collection::vec((step, amount()), 1..60)).prop_map(|(opening, steps)| {
        let mut at = 1_700_000_000;
        let points = steps.into_iter().map(|(step, equity)| {
            at += step;
            EquityPoint { at: Timestamp::from_seconds(at), equity }
        });
        EquityCurve::new(Some(Money::new(opening.into())), points.collect()).unwrap()
    })
}

fn any_trades() -> impl Strategy<Value = Vec<ClosedTrade>> {
    let one =
        (0_i64..1_000, amount(), amount(), any::<bool>()).prop_map(|(at, net, fees, seen)| ClosedTrade {
            closed_at: Timestamp::from_seconds(at),
            net,
            fees,
            r: seen.then(|| fees.get()),
            mae: seen.then_some(net),
            mfe: None,
        });
    proptest::collection::vec(one, 0..40)
}

/// Every figure that may be undefined.
fn figures(report: &Report) -> Vec<Option<f64>> {
    let (e, t) = (report.equity, report.tradingview);
    let mut all = vec![
        e.total_return,
        e.cagr,
        e.volatility,
        e.sharpe,
        e.sortino,
        e.max_drawdown_pct,
        e.calmar,
        e.ulcer_index,
        t.sharpe,
        t.sortino,
        t.percent_profitable,
        t.profit_factor,
    ];
    if let Some(t) = report.trades {
        all.extend([
            t.win_rate,
            t.win_rate_ex_breakeven,
            t.profit_factor,
            t.avg_trade,
            t.avg_win,
            t.avg_loss,
        ]);
        all.extend([t.payoff_ratio, t.expectancy, t.expectancy_r, t.kelly, t.sqn, t.avg_mae, t.avg_mfe]);
    }
    all
}

proptest! {
    #[test]
    fn a_figure_is_finite_or_nothing(
        curve in any_curve(), trades in any_trades(), weekdays in any::<bool>(), rate in -0.99..0.99_f64,
    ) {
        let calendar = if weekdays { Calendar::Weekdays } else { Calendar::EveryDay };
        let settings = Settings::new(calendar, rate).unwrap();
        if let Ok(report) = report(&curve, Some(&trades), settings) {
            prop_assert!(figures(&report).into_iter().flatten().all(f64::is_finite), "{report:?}");
            prop_assert!(report.equity.max_drawdown_abs >= Money::ZERO);
            prop_assert!(report.equity.max_drawdown_pct.is_some_and(|fall| fall <= 0.0));
            let sums = report.trades.unwrap();
            prop_assert_eq!(sums.wins + sums.losses + sums.breakeven, sums.trades);
            prop_assert_eq!(sums.gross_profit.checked_sub(sums.gross_loss), Some(sums.net_profit));
        }
    }

    /// A capital ten thousand times as large has the same returns.
    #[test]
    fn the_size_of_the_capital_changes_no_ratio(moves in proptest::collection::vec(-300_i64..330, 2..40)) {
        let curve = |scale: u32| {
            let mut equity = 10_000_i64;
            let points = moves.iter().enumerate().map(|(day, change)| {
                equity = (equity + change).max(1);
                let at = Timestamp::from_seconds(86_400 * i64::try_from(day).unwrap());
                EquityPoint { at, equity: Money::new(Decimal::new(equity, scale)) }
            });
            EquityCurve::new(None, points.collect()).unwrap()
        };
        let (small, large) = (plain(&curve(4)).equity, plain(&curve(0)).equity);
        prop_assert_eq!(small.longest_underwater_periods, large.longest_underwater_periods);
        for (a, b) in [
            (small.volatility, large.volatility),
            (small.max_drawdown_pct, large.max_drawdown_pct),
            (small.ulcer_index, large.ulcer_index),
        ] {
            close("scaled", a, b);
        }
    }
}
