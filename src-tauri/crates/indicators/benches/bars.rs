//! Nanoseconds that each indicator takes for one bar: `cargo bench -p indicators`.

use domain::Timestamp;
use indicators::{Bar, Expression};
use std::hint::black_box;
use std::time::Instant;

const BARS: usize = 200_000;

const EXPRESSIONS: &[&str] = &[
    "close",
    "sma(close,20)",
    "sma(close,200)",
    "ema(close,20)",
    "rma(close,14)",
    "wma(close,20)",
    "stdev(close,20)",
    "highest(high,20)",
    "lowest(low,20)",
    "roc(close,10)",
    "rsi(close,14)",
    "cci(hlc3,20)",
    "mfi(hlc3,14)",
    "macd(close,12,26,9)",
    "bb(close,20,2)",
    "stoch(close,high,low,14)",
    "atr(14)",
    "dmi(14,14)",
    "supertrend(3,10)",
    "vwap()",
    "obv()",
    "wpr(14)",
    "sma(rsi(close,14),3)",
];

/// A walk that is the same in every run.
fn walk() -> Vec<Bar> {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut unit = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        f64::from(u32::try_from(seed >> 32).unwrap_or(0)) / f64::from(u32::MAX)
    };
    let mut close = 100.0;
    let bar = |index: usize| {
        let open = close;
        close = (close + unit() - 0.5_f64).max(1.0);
        Bar {
            opened_at: Timestamp::from_seconds(60 * i64::try_from(index).unwrap_or(0)),
            open,
            high: open.max(close) + unit(),
            low: open.min(close) - unit() / 2.0,
            close,
            volume: 1_000.0 * unit(),
        }
    };
    (0..BARS).map(bar).collect()
}

#[expect(clippy::print_stdout, reason = "a benchmark measures and prints")]
fn main() {
    let bars = walk();
    println!("{:<26} {:>9}", "expression", "ns a bar");
    for text in EXPRESSIONS {
        let Ok(expression) = Expression::parse(text) else {
            println!("{text}: cannot be read");
            continue;
        };
        let mut best = f64::INFINITY;
        for _ in 0..5 {
            let mut study = expression.study();
            let started = Instant::now();
            for bar in &bars {
                black_box(study.next(black_box(bar)));
            }
            best = best.min(started.elapsed().as_secs_f64());
        }
        println!("{text:<26} {:>9.1}", best * 1e9 / 200_000.0);
    }
}
