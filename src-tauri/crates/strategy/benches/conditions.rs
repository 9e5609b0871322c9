//! Conditions a second on one core, and signals a second where they share their candles: `cargo bench -p strategy`.

use domain::{Candle, Intent, Price, Quantity, Side, Signal, Symbol, Timeframe, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Instant;
use strategy::{
    ApplyTo, Candles, Comparison, Condition, Crossing, Definition, Leaf, Moment, OnUnknown, Operand,
    SeriesKey, Strategy, Test,
};

const CANDLES: i64 = 1_600;

fn conditions() -> Option<Condition> {
    let leaf = |left: &str, test: Test| {
        let left = Operand::parse(left).ok()?;
        Some(Condition::Leaf(Box::new(Leaf { left, test, timeframe: Some(Timeframe::H1), symbol: None })))
    };
    Some(Condition::All(vec![
        leaf("rsi(close,14)", Test::Compare(Comparison::Less, Operand::Number(101.0)))?,
        leaf("close", Test::Compare(Comparison::Greater, Operand::parse("sma(close,50)").ok()?))?,
        leaf("ema(close,9)", Test::Cross(Crossing::Above, Operand::parse("ema(close,21)").ok()?))?,
        leaf("dmi(14,14).adx", Test::Compare(Comparison::AtLeast, Operand::Number(20.0)))?,
        leaf("alert.price", Test::Compare(Comparison::AtMost, Operand::parse("bb(close,20,2).upper").ok()?))?,
    ]))
}

/// A wave that never ends and never repeats within the bench.
fn candles() -> Option<Candles> {
    let price = |hundredths: i64| Price::new(Decimal::new(hundredths, 2));
    let candle = |index: i64| {
        let close = 10_000 + (index * 7_919) % 613 - (index * 104_729) % 577;
        Some(Candle {
            opened_at: Timestamp::from_seconds(3_600 * index),
            open: price(close - 20)?,
            high: price(close + 35)?,
            low: price(close - 45)?,
            close: price(close)?,
            volume: Quantity::new(Decimal::from(100 + index % 17))?,
        })
    };
    Some(Candles::new((0..CANDLES).map(candle).collect::<Option<_>>()?, None))
}

#[expect(clippy::print_stdout, reason = "a benchmark measures and prints")]
fn main() {
    let (Some(when), Some(candles)) = (conditions(), candles()) else {
        println!("the conditions or candles of the benchmark cannot be made");
        return;
    };
    let Condition::All(parts) = &when else { return };
    let leaves = u32::try_from(parts.len()).unwrap_or(1);
    let definition = Definition {
        name: "Bench".to_owned(),
        apply_to: ApplyTo::Entries,
        moment: Moment::OnClose,
        on_unknown: OnUnknown::Reject,
        source: None,
        when,
    };
    let (Ok(strategy), Ok(symbol)) = (Strategy::new(definition), Symbol::new("BTCUSDT")) else { return };
    let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", symbol.clone());
    signal.price = Price::new(Decimal::from(100));
    let supply = BTreeMap::from([(SeriesKey { symbol: symbol.clone(), timeframe: Timeframe::H1 }, candles)]);
    let at = Timestamp::from_seconds(3_600 * CANDLES);
    let Ok(observed) = strategy.observe(&symbol, at, &supply) else { return };

    let rounds = 2_000;
    let started = Instant::now();
    for _ in 0..rounds {
        let Ok(observed) = strategy.observe(&symbol, black_box(at), &supply) else { return };
        black_box(strategy.judge(&observed, &signal));
    }
    let fresh = f64::from(rounds * leaves) / started.elapsed().as_secs_f64();
    let started = Instant::now();
    for _ in 0..rounds * 50 {
        black_box(strategy.judge(black_box(&observed), &signal));
    }
    let shared = f64::from(rounds * 50) / started.elapsed().as_secs_f64();
    println!("conditions a second, each computed anew over 500 candles: {fresh:.0}");
    println!("signals a second of {leaves} conditions that share their candles: {shared:.0}");
}
