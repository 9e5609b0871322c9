//! Pine's laws, worked by hand on short series: every expected number can be checked on paper.

use crate::{Bar, Expression};
use domain::Timestamp;

/// Bars of the hour from `open high low close volume`.
fn bars(rows: &[[f64; 5]]) -> Vec<Bar> {
    let bar = |(index, [open, high, low, close, volume]): (usize, &[f64; 5])| Bar {
        opened_at: Timestamp::from_seconds(3_600 * i64::try_from(index).unwrap()),
        open: *open,
        high: *high,
        low: *low,
        close: *close,
        volume: *volume,
    };
    rows.iter().enumerate().map(bar).collect()
}

/// Bars of which only the close matters.
fn closes(closes: &[f64]) -> Vec<Bar> {
    bars(&closes.iter().map(|c| [*c, *c, *c, *c, 1.0]).collect::<Vec<_>>())
}

/// `expected` has one number for every bar, `NaN` for na.
#[track_caller]
fn check(text: &str, bars: &[Bar], expected: &[f64]) {
    let mut study = Expression::parse_single(text).unwrap().study();
    let found: Vec<Option<f64>> = bars.iter().map(|bar| study.next_single(bar)).collect();
    assert_eq!(found.len(), expected.len(), "{text}");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let is_same = match found {
            None => expected.is_nan(),
            Some(found) => (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        };
        assert!(is_same, "{text} at {index}: {found:?}, not {expected}");
    }
}

const NA: f64 = f64::NAN;

#[test]
fn averages() {
    let series = closes(&[1.0, 2.0, 6.0, 3.0, 8.0]);
    check("sma(close,3)", &series, &[NA, NA, 3.0, 11.0 / 3.0, 17.0 / 3.0]);
    // Begins with (1 + 2 + 6) / 3, then half of the way to the next.
    check("ema(close,3)", &series, &[NA, NA, 3.0, 3.0, 5.5]);
    // Begins the same, then a third of the way.
    check("rma(close,3)", &series, &[NA, NA, 3.0, 3.0, 3.0 + 5.0 / 3.0]);
    check("wma(close,3)", &series, &[NA, NA, 23.0 / 6.0, 23.0 / 6.0, 36.0 / 6.0]);
    check("ema(close,1)", &series, &[1.0, 2.0, 6.0, 3.0, 8.0]);
    check("rma(close,1)", &series, &[1.0, 2.0, 6.0, 3.0, 8.0]);
}

#[test]
fn spreads_and_extremes() {
    let series = closes(&[1.0, 2.0, 6.0, 3.0, 3.0, 3.0]);
    // Of 1, 2, 6: the mean square 41/3 less the square 9 of the mean.
    let (first, second) = ((14.0_f64 / 3.0).sqrt(), (49.0_f64 / 3.0 - 121.0 / 9.0).sqrt());
    check("stdev(close,3)", &series, &[NA, NA, first, second, 2.0_f64.sqrt(), 0.0]);
    check("bb(close,3,2).basis", &series, &[NA, NA, 3.0, 11.0 / 3.0, 4.0, 3.0]);
    check(
        "bb(close,3,2).upper",
        &series,
        &[NA, NA, 3.0 + 2.0 * first, 11.0 / 3.0 + 2.0 * second, 4.0 + 8.0_f64.sqrt(), 3.0],
    );
    check(
        "bb(close,3,2).lower",
        &series,
        &[NA, NA, 3.0 - 2.0 * first, 11.0 / 3.0 - 2.0 * second, 4.0 - 8.0_f64.sqrt(), 3.0],
    );
    check("highest(close,3)", &series, &[NA, NA, 6.0, 6.0, 6.0, 3.0]);
    check("lowest(close,3)", &series, &[NA, NA, 1.0, 2.0, 3.0, 3.0]);
    check("roc(close,2)", &series, &[NA, NA, 500.0, 50.0, -50.0, 0.0]);
    // Of 1, 2, 6: 3 above the mean, and 2 away from it on average.
    check(
        "cci(close,3)",
        &series,
        &[NA, NA, 3.0 / 0.03, (-2.0 / 3.0) / (0.015 * 14.0 / 9.0), -1.0 / (0.015 * 4.0 / 3.0), NA],
    );
}

#[test]
fn rsi_is_wilders_average_of_rises_over_falls() {
    // Changes 1, -2, 3, -1: the first averages of two are 0.5 and 1, then (0.5 + 3) / 2 and 1 / 2, then 0.875 and 0.75.
    let series = closes(&[10.0, 11.0, 9.0, 12.0, 11.0]);
    let after = |up: f64, down: f64| 100.0 - 100.0 / (1.0 + up / down);
    check("rsi(close,2)", &series, &[NA, NA, after(0.5, 1.0), after(1.75, 0.5), after(0.875, 0.75)]);
    check("rsi(close,2)", &closes(&[5.0; 4]), &[NA, NA, 100.0, 100.0]);
    check("rsi(close,2)", &closes(&[1.0, 2.0, 3.0, 4.0]), &[NA, NA, 100.0, 100.0]);
    check("rsi(close,2)", &closes(&[4.0, 3.0, 2.0, 1.0]), &[NA, NA, 0.0, 0.0]);
}

#[test]
fn macd_begins_each_average_with_its_own_mean() {
    // fast (2): 1.5 from bar 1, then + 2/3 of the distance; slow (3): 7/3 at bar 2, then + 1/2 of the distance.
    let series = closes(&[1.0, 2.0, 4.0, 4.0, 10.0]);
    let fast = [1.5 + 2.5 * 2.0 / 3.0, 0.0, 0.0];
    let fast = [fast[0], fast[0] + (4.0 - fast[0]) * 2.0 / 3.0, 0.0];
    let fast = [fast[0], fast[1], fast[1] + (10.0 - fast[1]) * 2.0 / 3.0];
    let slow = [7.0 / 3.0, 19.0 / 6.0, 79.0 / 12.0];
    let line = [fast[0] - slow[0], fast[1] - slow[1], fast[2] - slow[2]];
    check("macd(close,2,3,2).macd", &series, &[NA, NA, line[0], line[1], line[2]]);
    let first = (line[0] + line[1]) / 2.0;
    let second = first + (line[2] - first) * 2.0 / 3.0;
    check("macd(close,2,3,2).signal", &series, &[NA, NA, NA, first, second]);
    check("macd(close,2,3,2).hist", &series, &[NA, NA, NA, line[1] - first, line[2] - second]);
    // With the usual lengths the line is there from bar 25, the signal from bar 33.
    let long = closes(&[7.0; 35]);
    let from = |bar: usize| [vec![NA; bar], vec![0.0; 35 - bar]].concat();
    check("macd(close,12,26,9).macd", &long, &from(25));
    check("macd(close,12,26,9).signal", &long, &from(33));
}

/// Up, up with a gap, down, inside.
fn path() -> Vec<Bar> {
    bars(&[
        [10.0, 11.0, 9.0, 10.0, 100.0],
        [10.0, 12.0, 10.0, 12.0, 200.0],
        [15.0, 16.0, 14.0, 15.0, 300.0],
        [15.0, 15.0, 11.0, 12.0, 100.0],
        [12.0, 13.0, 12.0, 13.0, 0.0],
    ])
}

#[test]
fn atr_counts_the_first_bar() {
    // True ranges 2, 2, 4 (from 12 up to 16), 4, 1: the mean of two, then half of the way.
    check("atr(2)", &path(), &[NA, 2.0, 3.0, 3.5, 2.25]);
    check("atr(1)", &path(), &[2.0, 2.0, 4.0, 4.0, 1.0]);
}

#[test]
fn dmi_begins_with_the_second_bar() {
    // Ranges 2, 4, 4, 1; upward 1, 4, 0, 0; downward 0, 0, 3, 0. Averages of two from bar 2 on:
    // ranges 3, 3.5, 2.25; up 2.5, 1.25, 0.625; down 0, 1.5, 0.75.
    let plus = [250.0 / 3.0, 125.0 / 3.5, 62.5 / 2.25];
    let minus = [0.0, 150.0 / 3.5, 75.0 / 2.25];
    check("dmi(2,2).plus", &path(), &[NA, NA, plus[0], plus[1], plus[2]]);
    check("dmi(2,2).minus", &path(), &[NA, NA, minus[0], minus[1], minus[2]]);
    // 100 at bar 2, then 25/275 and 12.5/137.5, which are both 1/11.
    let first = (100.0 + 100.0 / 11.0) / 2.0;
    check("dmi(2,2).adx", &path(), &[NA, NA, NA, first, (first + 100.0 / 11.0) / 2.0]);
}

#[test]
fn equal_movements_are_none_though_their_floats_differ() {
    // Up by 0.1 and down by 0.1, which is 0.09999999999999998 and 0.10000000000000009 in floating point.
    let rows = [[1.0, 1.1, 1.0, 1.05, 1.0], [1.0, 1.2, 0.9, 1.05, 1.0], [1.0, 1.3, 0.8, 1.05, 1.0]];
    check("dmi(1,1).plus", &bars(&rows), &[NA, 0.0, 0.0]);
    check("dmi(1,1).minus", &bars(&rows), &[NA, 0.0, 0.0]);
    check("dmi(1,1).adx", &bars(&rows), &[NA, 0.0, 0.0]);
}

#[test]
fn supertrend_follows_a_band_until_a_close_is_beyond_it() {
    let path = bars(&[
        [10.0, 11.0, 9.0, 10.0, 1.0],
        [10.0, 12.0, 10.0, 12.0, 1.0],
        [12.0, 16.0, 12.0, 16.0, 1.0],
        [16.0, 17.0, 15.0, 15.5, 1.0],
        [15.0, 15.0, 9.0, 9.0, 1.0],
    ]);
    // atr(1): 2, 2, 4, 2, 6.5. Bands of one range: 8..12, 9..13, 10..18, 14..18, 5.5..18.5.
    // Bar 0 is downward at 12. Bar 1: the upper band stays at 12, a close at 12 is not above it. Bar 2: 16 is above 12,
    // upward at 10. Bar 3: up to 14. Bar 4: a close at 9 is below 14, downward at the upper band; that band was 18
    // since the close at 16 had been above 12, and 15.5 was not above 18.
    check("supertrend(1,1).direction", &path, &[1.0, 1.0, -1.0, -1.0, 1.0]);
    check("supertrend(1,1).value", &path, &[12.0, 12.0, 10.0, 14.0, 18.0]);
    check("supertrend(3,10).direction", &closes(&[5.0; 11]), &[NA, NA, NA, NA, NA, NA, NA, NA, NA, 1.0, 1.0]);
    check("supertrend(3,10).value", &closes(&[5.0; 11]), &[NA, NA, NA, NA, NA, NA, NA, NA, NA, 5.0, 5.0]);
}

#[test]
fn volume_and_place() {
    check("obv()", &path(), &[NA, 200.0, 500.0, 400.0, 400.0]);
    // hlc3 10, 34/3, 15, 38/3, 38/3; the first flows both ways.
    let flow = [1_000.0, 200.0 * 34.0 / 3.0, 4_500.0, 100.0 * 38.0 / 3.0, 0.0];
    let after = |up: f64, down: f64| 100.0 - 100.0 / (1.0 + up / down);
    check(
        "mfi(hlc3,2)",
        &path(),
        &[NA, after(1_000.0 + flow[1], 1_000.0), 100.0, after(flow[2], flow[3]), 0.0],
    );
    let volume = [100.0, 300.0, 600.0, 700.0, 700.0];
    let sums = [flow[0], flow[0] + flow[1], flow[0] + flow[1] + flow[2]];
    let last = (sums[2] + flow[3]) / volume[3];
    check("vwap()", &path(), &[10.0, sums[1] / volume[1], sums[2] / volume[2], last, last]);
    check("stoch(close,high,low,2)", &path(), &[NA, 100.0, 500.0 / 6.0, 20.0, 50.0]);
    check("wpr(2)", &path(), &[NA, 0.0, -100.0 / 6.0, -80.0, -50.0]);
}

#[test]
fn a_session_ends_at_midnight() {
    let mut series = path();
    for (bar, hour) in series.iter_mut().zip([22, 23, 24, 25, 48]) {
        bar.opened_at = Timestamp::from_seconds(3_600 * hour);
    }
    // Nothing was traded in the last session.
    let hlc3 = [10.0, 34.0 / 3.0, 15.0, 38.0 / 3.0];
    let second = (hlc3[0] + 2.0 * hlc3[1]) / 3.0;
    check("vwap()", &series, &[10.0, second, 15.0, (3.0 * hlc3[2] + hlc3[3]) / 4.0, NA]);
}

#[test]
fn a_flat_series_is_flat() {
    let flat = closes(&[0.1; 40]);
    let last = |text: &str| {
        let mut study = Expression::parse_single(text).unwrap().study();
        flat.iter().map(|bar| study.next_single(bar)).last().unwrap()
    };
    for text in ["sma(close,7)", "ema(close,7)", "rma(close,7)", "wma(close,7)", "vwap()"] {
        let found = last(text).unwrap();
        assert!((found - 0.1).abs() < 1e-15, "{text}: {found}");
    }
    for (text, expected) in [
        ("sma(close,7)", Some(0.1)),
        ("ema(close,7)", Some(0.1)),
        ("rma(close,7)", Some(0.1)),
        ("bb(close,20,2).upper", Some(0.1)),
        ("bb(close,20,2).lower", Some(0.1)),
        ("stdev(close,20)", Some(0.0)),
        ("macd(close,12,26,9).hist", Some(0.0)),
        ("atr(14)", Some(0.0)),
        ("roc(close,5)", Some(0.0)),
        ("rsi(close,14)", Some(100.0)),
        ("mfi(hlc3,14)", Some(100.0)),
        ("obv()", Some(0.0)),
        ("supertrend(3,10).value", Some(0.1)),
        ("supertrend(3,10).direction", Some(1.0)),
        ("stoch(close,high,low,14)", None),
        ("wpr(14)", None),
        ("cci(close,14)", None),
        ("dmi(14,14).plus", None),
        ("dmi(14,14).adx", None),
    ] {
        assert_eq!(last(text), expected, "{text}");
    }
}

#[test]
fn na_is_skipped_whole() {
    let with = closes(&[1.0, 2.0, NA, 6.0, f64::INFINITY, 3.0, 1e101, 8.0]);
    check("sma(close,3)", &with, &[NA, NA, NA, 3.0, NA, 11.0 / 3.0, NA, 17.0 / 3.0]);
    check("ema(close,3)", &with, &[NA, NA, NA, 3.0, NA, 3.0, NA, 5.5]);
    check("sma(close[1],2)", &closes(&[1.0, 2.0, 6.0]), &[NA, NA, 1.5]);
    // Only what uses the volume misses it.
    let mut without = path();
    without[2].volume = NA;
    check("obv()", &without, &[NA, 200.0, NA, 200.0, 200.0]);
    check("atr(2)", &without, &[NA, 2.0, 3.0, 3.5, 2.25]);
    assert!(matches!(Expression::parse("close").unwrap().study().next(&with[2]), [None, None, None]));
}

#[test]
fn bars_ago_count_bars_and_fields_are_read_off() {
    check("close[2]", &closes(&[1.0, 2.0, 3.0, 4.0]), &[NA, NA, 1.0, 2.0]);
    check("sma(close,2)[1]", &closes(&[1.0, 2.0, 3.0, 4.0]), &[NA, NA, 1.5, 2.5]);
    let bar = bars(&[[1.0, 8.0, 2.0, 5.0, 9.0]]);
    for (text, expected) in [
        ("open", 1.0),
        ("high", 8.0),
        ("low", 2.0),
        ("close", 5.0),
        ("volume", 9.0),
        ("hl2", 5.0),
        ("hlc3", 5.0),
        ("ohlc4", 4.0),
        ("hlcc4", 5.0),
    ] {
        check(text, &bar, &[expected]);
    }
}
