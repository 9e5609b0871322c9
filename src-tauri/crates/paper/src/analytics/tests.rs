//! Whole reports against hand arithmetic, and any input against the promise that a figure is finite or nothing.

mod property_tests;

use super::*;
use domain::{Money, Timestamp, parse_decimal};
use rust_decimal::Decimal;

pub(super) fn money(text: &str) -> Money {
    Money::new(decimal(text))
}

fn decimal(text: &str) -> Decimal {
    parse_decimal(text).unwrap()
}

/// A day (its beginning) or a time.
fn time(text: &str) -> Timestamp {
    let whole = if text.len() == 10 { format!("{text}T00:00:00Z") } else { text.to_owned() };
    Timestamp::parse(&whole).unwrap()
}

fn points(points: &[(&str, &str)]) -> Vec<EquityPoint> {
    points.iter().map(|(at, equity)| EquityPoint { at: time(at), equity: money(equity) }).collect()
}

pub(super) fn curve(list: &[(&str, &str)]) -> EquityCurve {
    EquityCurve::new(None, points(list)).unwrap()
}

pub(super) fn opened(opening: &str, list: &[(&str, &str)]) -> EquityCurve {
    EquityCurve::new(Some(money(opening)), points(list)).unwrap()
}

/// One mark a day from 2026-01-01 on.
fn daily(values: &[&str]) -> EquityCurve {
    let day = |i: usize| Timestamp::from_seconds(1_767_225_600 + 86_400 * i64::try_from(i).unwrap());
    let points = values.iter().enumerate().map(|(i, v)| EquityPoint { at: day(i), equity: money(v) });
    EquityCurve::new(None, points.collect()).unwrap()
}

fn plain(curve: &EquityCurve) -> Report {
    report(curve, None, Settings::default()).unwrap()
}

#[track_caller]
fn close(what: &str, found: Option<f64>, expected: Option<f64>) {
    match (found, expected) {
        (None, None) => {}
        (Some(f), Some(e)) if (f - e).abs() <= 1e-12 * e.abs().max(1.0) => {}
        _ => panic!("{what}: {found:?} instead of {expected:?}"),
    }
}

#[test]
fn calendars_and_units_are_told_by_their_words() {
    assert_eq!(Calendar::from_periods_per_year(365), Some(Calendar::EveryDay));
    assert_eq!(Calendar::from_periods_per_year(252), Some(Calendar::Weekdays));
    assert_eq!(Calendar::from_periods_per_year(250), None);
    let unit = |key: &str| definitions().iter().find(|d| d.field == key).map(|d| d.unit.as_str());
    assert_eq!(unit("sharpe"), Some("ratio"));
    assert_eq!(unit("max_drawdown_pct"), Some("fraction"));
    assert_eq!([Period::Month, Period::Day].map(Period::as_str), ["month", "day"]);
}

/// 100, 110, 99, 99, 118.8: returns +10 %, -10 %, 0, +20 %.
/// Mean 0.05. Squares of the distances: 0.05² + 0.15² + 0.05² + 0.15² = 0.05, so the variance is 0.05 / 3.
/// Below zero: 0.1² = 0.01 over four returns. Drawdown: 99 / 110 - 1 = -0.1 on two days, 11 in money.
#[test]
fn a_curve_of_four_returns() {
    let found = plain(&daily(&["100", "110", "99", "99", "118.8"])).equity;
    let year = 365.0_f64.sqrt();
    let growth = 1.188_f64.powf(365.0 / 4.0) - 1.0;
    assert_eq!((found.n, found.longest_underwater_periods), (4, 2));
    assert_eq!(found.max_drawdown_abs, money("11"));
    close("total_return", found.total_return, Some(0.188));
    close("volatility", found.volatility, Some((0.05_f64 / 3.0).sqrt() * year));
    close("sharpe", found.sharpe, Some(0.05 / (0.05_f64 / 3.0).sqrt() * year));
    close("sortino", found.sortino, Some(0.05 / 0.05 * year));
    close("cagr", found.cagr, Some(growth));
    close("max_drawdown_pct", found.max_drawdown_pct, Some(-0.1));
    close("calmar", found.calmar, Some(growth / 0.1));
    close("ulcer_index", found.ulcer_index, Some((0.02_f64 / 3.0).sqrt()));
}

/// The same returns at 252 periods and a risk-free rate of 1.001^252 - 1 a year, which is 0.1 % a day: the mean falls
/// to 0.049, the spread stays, and below zero are 0.101 and 0.001.
#[test]
fn periods_and_the_risk_free_rate_are_brought_to_the_day() {
    let weekdays = Settings::new(Calendar::Weekdays, 1.001_f64.powi(252) - 1.0).unwrap();
    // Monday to Friday, so that no day lies between two marks.
    let week = [
        ("2026-01-05", "100"),
        ("2026-01-06", "110"),
        ("2026-01-07", "99"),
        ("2026-01-08", "99"),
        ("2026-01-09", "118.8"),
    ];
    let found = report(&curve(&week), None, weekdays).unwrap().equity;
    let year = 252.0_f64.sqrt();
    let below = (0.101_f64.powi(2) + 0.001_f64.powi(2)) / 4.0;
    close("sharpe", found.sharpe, Some(0.049 / (0.05_f64 / 3.0).sqrt() * year));
    close("sortino", found.sortino, Some(0.049 / below.sqrt() * year));
    close("volatility", found.volatility, Some((0.05_f64 / 3.0).sqrt() * year));
    close("cagr", found.cagr, Some(1.188_f64.powf(63.0) - 1.0));
}

/// Which figures are undefined, by what there is to compute from.
#[test]
fn what_is_undefined_is_nothing() {
    type Figures = fn(&EquityFigures) -> [(&'static str, Option<f64>); 7];
    let all: Figures = |e| {
        [
            ("total_return", e.total_return),
            ("cagr", e.cagr),
            ("volatility", e.volatility),
            ("sharpe", e.sharpe),
            ("sortino", e.sortino),
            ("calmar", e.calmar),
            ("ulcer_index", e.ulcer_index),
        ]
    };
    let check = |values: &[&str], undefined: &[&str]| {
        let found = plain(&daily(values)).equity;
        let nothing: Vec<&str> =
            all(&found).iter().filter(|(_, value)| value.is_none()).map(|(name, _)| *name).collect();
        assert_eq!(nothing, undefined, "{values:?}");
    };
    // One mark: no return. Two: one return, which has no spread.
    check(&["100"], &["cagr", "volatility", "sharpe", "sortino", "calmar", "ulcer_index"]);
    check(&["100", "90"], &["volatility", "sharpe", "sortino", "ulcer_index"]);
    // Nothing moves; it grows evenly; it only rises.
    check(&["100", "100", "100"], &["sharpe", "sortino", "calmar"]);
    check(&["100", "101", "102.01", "103.0301"], &["sharpe", "sortino", "calmar"]);
    check(&["100", "101", "103"], &["sortino", "calmar"]);
    check(&["100", "101", "99", "104"], &[]);
    // Ruin at the end is a return of -100 %; a debt has no growth rate; after ruin there are no returns.
    check(&["100", "101", "0"], &[]);
    check(&["100", "101", "-1"], &["cagr", "calmar"]);
    check(&["100", "101", "0", "5"], &["cagr", "volatility", "sharpe", "sortino", "calmar"]);
}

#[test]
fn caveats_say_why() {
    let check = |values: &[&str], expected: &[Caveat]| {
        assert_eq!(plain(&daily(values)).caveats, expected, "{values:?}");
    };
    check(&["100", "101", "99"], &[]);
    check(&["100", "101"], &[Caveat::FewReturns { returns: 1 }]);
    check(&["100", "101", "0", "5"], &[Caveat::NotPositive { at: time("2026-01-04") }]);
}

/// The drawdown looks at every mark, the returns at the last of a day, and the opening capital is the first peak.
#[test]
fn drawdown_is_of_every_mark() {
    let dip = curve(&[
        ("2026-01-01T00:00:00Z", "100"),
        ("2026-01-02T09:00:00Z", "120"),
        ("2026-01-02T10:00:00Z", "90"),
        ("2026-01-02T20:00:00Z", "121"),
        ("2026-01-03T20:00:00Z", "96.8"),
    ]);
    let found = plain(&dip).equity;
    // 90 / 120 - 1; the days closed at 121 and 96.8, which is -20 %.
    close("max_drawdown_pct", found.max_drawdown_pct, Some(-0.25));
    assert_eq!(found.max_drawdown_abs, money("30"));
    assert_eq!(found.longest_underwater_periods, 1);
    close("ulcer_index", found.ulcer_index, Some(0.2));
    let series: Vec<(Money, Money)> =
        drawdown_curve(&dip).unwrap().iter().map(|p| (p.peak, p.amount)).collect();
    let expected = [("100", "0"), ("120", "0"), ("120", "30"), ("121", "0"), ("121", "24.2")];
    assert_eq!(series, expected.map(|(peak, amount)| (money(peak), money(amount))));
    // With 200 to begin with, the first mark is already half under water, and the first day has a return.
    let found = plain(&opened("200", &[("2026-01-01", "100"), ("2026-01-02", "150")])).equity;
    assert_eq!((found.n, found.longest_underwater_periods), (2, 2));
    close("max_drawdown_pct", found.max_drawdown_pct, Some(-0.5));
    close("total_return", found.total_return, Some(-0.25));
}

#[test]
fn a_curve_is_checked() {
    let check = |list: &[(&str, &str)], opening: Option<&str>, expected: CurveError| {
        assert_eq!(EquityCurve::new(opening.map(money), points(list)), Err(expected));
    };
    check(&[], None, CurveError::Empty);
    check(&[("2026-01-01", "0")], None, CurveError::OpeningNotPositive);
    check(&[("2026-01-01", "1")], Some("-1"), CurveError::OpeningNotPositive);
    check(
        &[("2026-01-01", "1"), ("2026-01-02", "1"), ("2026-01-01", "1")],
        None,
        CurveError::Unordered { index: 2 },
    );
    assert!(EquityCurve::new(Some(money("5")), points(&[("2026-01-01", "-1")])).is_ok());
    for (rate, allowed) in [(0.0, true), (-0.5, true), (0.99, true), (1.0, false), (f64::NAN, false)] {
        assert_eq!(Settings::new(Calendar::EveryDay, rate).is_ok(), allowed, "{rate}");
    }
}

/// A trade closed on a day of January 2026.
fn trade(day: u32, net: &str, fees: &str, r: Option<&str>) -> ClosedTrade {
    ClosedTrade {
        closed_at: time(&format!("2026-01-{day:02}")),
        net: money(net),
        fees: money(fees),
        r: r.map(decimal),
        mae: None,
        mfe: None,
    }
}

/// A trade without profit or loss ends a run of either kind and belongs to none.
#[test]
fn runs_of_trades() {
    let nets = ["1", "1", "1", "0", "0", "0", "0", "1", "-1", "-1", "0", "-1"];
    let list: Vec<ClosedTrade> = nets
        .iter()
        .enumerate()
        .map(|(day, net)| trade(u32::try_from(day).unwrap() + 1, net, "0", None))
        .collect();
    let found = TradeFigures::of(&list).unwrap();
    assert_eq!((found.max_consecutive_wins, found.max_consecutive_losses), (3, 2));
}

/// Net +30, -10, 0, +20, -20, -10: wins 2 of 6, gross 50 and 40.
/// R +3, -1, +2 (three trades with a stop): mean 4/3, squares 25/9 + 49/9 + 4/9 = 78/9, variance 39/9.
#[test]
fn six_trades() {
    let list = [
        trade(6, "-10", "0.1", None),
        trade(1, "30", "1", Some("3")),
        trade(2, "-10.00", "0.25", Some("-1")),
        trade(3, "0", "0.5", None),
        ClosedTrade { mae: Some(money("-4")), mfe: Some(money("25")), ..trade(4, "20", "0", Some("2")) },
        ClosedTrade { mae: Some(money("-21")), mfe: Some(money("1")), ..trade(5, "-20", "0", None) },
    ];
    let found = TradeFigures::of(&list).unwrap();
    assert_eq!((found.trades, found.wins, found.losses, found.breakeven), (6, 2, 3, 1));
    assert_eq!((found.max_consecutive_wins, found.max_consecutive_losses), (1, 2));
    assert_eq!((found.gross_profit, found.gross_loss), (money("50"), money("40")));
    assert_eq!((found.net_profit, found.total_fees), (money("10"), money("1.85")));
    assert_eq!((found.largest_win, found.largest_loss), (Some(money("30")), Some(money("20"))));
    let (win, loss) = (25.0, 40.0 / 3.0);
    for (what, figure, expected) in [
        ("win_rate", found.win_rate, 2.0 / 6.0),
        ("win_rate_ex_breakeven", found.win_rate_ex_breakeven, 2.0 / 5.0),
        ("profit_factor", found.profit_factor, 1.25),
        ("avg_trade", found.avg_trade, 10.0 / 6.0),
        ("avg_win", found.avg_win, win),
        ("avg_loss", found.avg_loss, loss),
        ("payoff_ratio", found.payoff_ratio, win / loss),
        ("expectancy", found.expectancy, 2.0 / 6.0 * win - 3.0 / 6.0 * loss),
        ("expectancy_r", found.expectancy_r, 4.0 / 3.0),
        ("kelly", found.kelly, 2.0 / 6.0 - (3.0 / 6.0) / (win / loss)),
        ("sqn", found.sqn, 4.0 / 3.0 / (39.0_f64 / 9.0).sqrt() * 3.0_f64.sqrt()),
        ("avg_mae", found.avg_mae, -12.5),
        ("avg_mfe", found.avg_mfe, 13.0),
    ] {
        close(what, figure, Some(expected));
    }
}

#[test]
fn trades_of_one_kind_leave_figures_open() {
    let check = |nets: &[&str], defined: &[&str]| {
        let list: Vec<ClosedTrade> = nets.iter().map(|net| trade(1, net, "0", None)).collect();
        let f = TradeFigures::of(&list).unwrap();
        let figures = [
            ("win_rate", f.win_rate),
            ("win_rate_ex_breakeven", f.win_rate_ex_breakeven),
            ("profit_factor", f.profit_factor),
            ("avg_trade", f.avg_trade),
            ("avg_win", f.avg_win),
            ("avg_loss", f.avg_loss),
            ("payoff_ratio", f.payoff_ratio),
            ("kelly", f.kelly),
            ("sqn", f.sqn),
        ];
        let found: Vec<&str> = figures.iter().filter(|(_, v)| v.is_some()).map(|(name, _)| *name).collect();
        assert_eq!(found, defined, "{nets:?}");
    };
    check(&[], &[]);
    check(&["0"], &["win_rate", "avg_trade"]);
    check(&["5", "6"], &["win_rate", "win_rate_ex_breakeven", "avg_trade", "avg_win"]);
    check(&["-5"], &["win_rate", "win_rate_ex_breakeven", "profit_factor", "avg_trade", "avg_loss"]);
}

#[test]
fn sums_that_cannot_be_held_are_refused() {
    let most = "79228162514264337593543950335";
    let list = [trade(1, most, "0", None), trade(2, "1", "0", None)];
    assert_eq!(TradeFigures::of(&list), Err(Overflow));
    let wide = curve(&[("2026-01-01", most), ("2026-01-02", "0.1")]);
    assert_eq!(report(&wide, None, Settings::default()), Err(Overflow));
}

/// Months end at 110, 99 and 108.9: returns +10 %, -10 %, +10 %, mean 1/30. Distances 2/30, 4/30, 2/30, whose squares
/// sum to 24/900: the variance over three is 8/900. The rate is 0.02 / 12; only -10 % is below it.
#[test]
fn the_tradingview_column_takes_months_where_it_can() {
    let months =
        curve(&[("2025-12-31", "100"), ("2026-01-31", "110"), ("2026-02-28", "99"), ("2026-03-31", "108.9")]);
    let found = plain(&months).tradingview;
    let free = 0.02 / 12.0;
    let excess = 1.0 / 30.0 - free;
    assert_eq!((found.period, found.n), (Some(Period::Month), 3));
    assert_eq!(found.max_drawdown, money("11"));
    close("sharpe", found.sharpe, Some(excess / (8.0_f64 / 900.0).sqrt()));
    close("sortino", found.sortino, Some(excess / ((0.1 + free).powi(2) / 3.0).sqrt()));
    assert_eq!((found.net_profit, found.percent_profitable), (None, None));
}

/// The returns of `a_curve_of_four_returns`: mean 0.05, variance over four 0.05 / 4.
#[test]
fn the_tradingview_column_takes_days_where_there_are_no_months() {
    let check = |values: &[&str], expected: Option<(u32, f64)>| {
        let found = plain(&daily(values)).tradingview;
        assert_eq!(found.period, expected.map(|_| Period::Day), "{values:?}");
        assert_eq!(found.n, expected.map_or(0, |(n, _)| n), "{values:?}");
        close("sharpe", found.sharpe, expected.map(|(_, sharpe)| sharpe));
    };
    let free = 0.02 / 365.0;
    check(&["100", "110", "99", "99", "118.8"], Some((4, (0.05 - free) / (0.05_f64 / 4.0).sqrt())));
    check(&["100", "110", "99"], None);
    let trades = [trade(1, "30", "0", None), trade(2, "-10", "0", None), trade(3, "0", "0", None)];
    let report = report(&daily(&["100", "101"]), Some(&trades), Settings::default()).unwrap();
    assert_eq!(report.tradingview.net_profit, Some(money("20")));
    close("percent_profitable", report.tradingview.percent_profitable, Some(100.0 / 3.0));
    close("profit_factor", report.tradingview.profit_factor, Some(3.0));
}
