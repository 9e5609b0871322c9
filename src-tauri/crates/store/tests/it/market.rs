//! What venues said: candles within bounds, and rules of instruments.

use crate::support::TestStore;
use domain::{Candle, Price, Quantity, Symbol, Timeframe, Timestamp};
use store::candles::{self, KEPT_MAX, Series};
use store::instruments::{self, InstrumentRow};

fn series(venue: &str, timeframe: Timeframe) -> Series {
    Series { venue: venue.to_owned(), symbol: Symbol::new("BTCUSDT").unwrap(), timeframe }
}

fn candle(minute: i64, close: &str) -> Candle {
    let close = Price::parse(close).unwrap();
    let opened_at = Timestamp::from_seconds(60 * minute);
    Candle { opened_at, open: close, high: close, low: close, close, volume: Quantity::ZERO }
}

#[test]
fn candles_are_read_back_in_order_a_later_word_counts_and_old_ones_go() {
    let test = TestStore::new();
    let own = series("binance", Timeframe::M1);
    let put = |series: &Series, candles: Vec<Candle>| {
        let series = series.clone();
        test.writer().run(move |tx| candles::put(tx, &series, &candles)).unwrap();
    };
    let newest =
        |series: &Series, limit| test.reader().read(|view| candles::newest(view, series, limit)).unwrap();
    put(&own, vec![candle(2, "3"), candle(0, "1"), candle(1, "2")]);
    put(&series("kraken", Timeframe::M1), vec![candle(9, "9")]);
    put(&series("binance", Timeframe::M5), vec![candle(5, "5")]);
    assert_eq!(newest(&own, 10), [candle(0, "1"), candle(1, "2"), candle(2, "3")]);
    assert_eq!(newest(&own, 2), [candle(1, "2"), candle(2, "3")]);
    let around = |at: i64, before, after| {
        let at = Timestamp::from_seconds(at);
        let read = test.reader().read(|view| candles::around(view, &own, at, before, after)).unwrap();
        read.iter().map(|candle| candle.opened_at.as_seconds() / 60).collect::<Vec<_>>()
    };
    assert_eq!(around(60, 10, 10), [0, 1, 2]);
    assert_eq!(around(119, 1, 1), [1, 2]);
    assert_eq!(around(59, 10, 0), [0]);
    assert_eq!((around(-1, 9, 1), around(999, 1, 9)), (vec![0], vec![2]));
    put(&own, vec![candle(2, "67123.450000000004")]);
    assert_eq!(newest(&own, 1), [candle(2, "67123.450000000004")]);
    let follow = |candle: Candle| {
        let series = own.clone();
        test.writer().run(move |tx| candles::follow(tx, &series, &candle)).unwrap()
    };
    // The next one, one that is known, one after a hole, and one from before the first.
    assert_eq!((follow(candle(3, "4")), follow(candle(3, "5"))), (true, true));
    assert_eq!((follow(candle(5, "6")), follow(candle(-1, "6"))), (false, false));
    assert_eq!(newest(&own, 2), [candle(2, "67123.450000000004"), candle(3, "5")]);
    let many = i64::from(KEPT_MAX) + 100;
    put(&own, (0..many).map(|minute| candle(minute, "7")).collect());
    let kept = newest(&own, u32::MAX);
    assert_eq!((kept.len(), kept[0]), (5_000, candle(100, "7")));
    let before = Timestamp::from_seconds(60 * 10);
    assert_eq!(test.writer().run(move |tx| candles::forget_unused(tx, before)).unwrap(), 2);
    assert_eq!(newest(&series("kraken", Timeframe::M1), 1), []);
    let gone = own.clone();
    test.writer().run(move |tx| candles::forget(tx, &gone)).unwrap();
    assert_eq!(newest(&own, 1), []);
}

#[test]
fn the_newest_rules_of_an_instrument_count() {
    let test = TestStore::new();
    let row = |venue: &str, step: &str, at| InstrumentRow {
        venue: venue.to_owned(),
        symbol: Symbol::new("BTCUSDT").unwrap(),
        tick: Some("0.01".to_owned()),
        step: Some(step.to_owned()),
        min_qty: None,
        max_qty: Some("9000".to_owned()),
        min_notional: None,
        fetched_at: Timestamp::from_seconds(at),
    };
    for one in [row("binance", "0.1", 1), row("okx", "0.2", 2), row("binance", "0.001", 3)] {
        test.writer().run(move |tx| instruments::put(tx, &one)).unwrap();
    }
    let of = |venue: &str| test.reader().read(|view| instruments::of_venue(view, venue)).unwrap();
    assert_eq!(of("binance"), [row("binance", "0.001", 3)]);
    assert_eq!((of("okx"), of("kraken")), (vec![row("okx", "0.2", 2)], vec![]));
}
