//! What holds for every series and every text.

use crate::function::{Function, Parameter};
use crate::{Bar, Expression, Study};
use domain::Timestamp;
use proptest::prelude::*;

/// Every function with these lengths, and their outputs.
fn expressions(n: usize, m: usize) -> Vec<Expression> {
    let mut texts = vec!["close[2]".to_owned(), format!("sma(rsi(hlc3,{n}),{m})[1]")];
    for function in Function::ALL {
        let signature = function.signature();
        let mut lengths = [n, m, 3].into_iter();
        let argument = |parameter: &Parameter| match *parameter {
            Parameter::Source("high") => "high".to_owned(),
            Parameter::Source("low") => "low".to_owned(),
            Parameter::Source(_) => "close".to_owned(),
            Parameter::Length(_) => lengths.next().unwrap_or(1).to_string(),
            Parameter::Factor(_) => "1.5".to_owned(),
        };
        let arguments: Vec<String> = signature.parameters.iter().map(argument).collect();
        texts.push(format!("{}({})", signature.name, arguments.join(",")));
    }
    texts.iter().map(|text| Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))).collect()
}

/// A price that may also be no price at all.
fn number() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        20 => 1.0..200.0_f64,
        4 => Just(100.0),
        1 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => -1e300..1e300_f64,
        1 => -1e-300..1e-300_f64,
    ]
}

fn series(number: impl Strategy<Value = f64> + Clone) -> impl Strategy<Value = Vec<Bar>> {
    let five = (number.clone(), number.clone(), number.clone(), number.clone(), number);
    prop::collection::vec(five, 0..120).prop_map(|rows| {
        let bar = |(index, (open, high, low, close, volume)): (usize, (f64, f64, f64, f64, f64))| Bar {
            opened_at: Timestamp::from_seconds(1_800 * i64::try_from(index).unwrap_or(0)),
            open,
            high,
            low,
            close,
            volume,
        };
        rows.into_iter().enumerate().map(bar).collect()
    })
}

/// Bars whose high and low hold their open and close.
fn market() -> impl Strategy<Value = Vec<Bar>> {
    series(1.0..200.0_f64).prop_map(|bars| {
        let whole = |bar: Bar| Bar {
            high: bar.open.max(bar.close).max(bar.high),
            low: bar.open.min(bar.close).min(bar.low),
            ..bar
        };
        bars.into_iter().map(whole).collect()
    })
}

fn bits(values: crate::Values) -> [Option<u64>; 3] {
    values.map(|value| value.map(f64::to_bits))
}

fn all(study: &mut Study, bars: &[Bar]) -> Vec<[Option<u64>; 3]> {
    bars.iter().map(|bar| bits(study.next(bar))).collect()
}

proptest! {
    #[test]
    fn no_series_panics_or_gives_what_is_no_number(bars in series(number()), n in 1_usize..20, m in 1_usize..20) {
        for expression in expressions(n, m) {
            let mut study = expression.study();
            for bar in &bars {
                for value in study.next(bar).into_iter().flatten() {
                    prop_assert!(value.is_finite(), "{expression}: {value}");
                }
            }
        }
    }

    #[test]
    fn a_stream_a_batch_and_a_restart_from_a_clone_agree_to_the_last_bit(
        bars in series(number()), cut in 0_usize..120, n in 1_usize..20, m in 1_usize..20,
    ) {
        let cut = cut.min(bars.len());
        for expression in expressions(n, m) {
            let batch = all(&mut expression.study(), &bars);
            let mut stream = expression.study();
            let mut found = all(&mut stream, &bars[..cut]);
            // A peek at any bar changes nothing.
            let mut peek = stream.clone();
            let peeked = bars.get(cut).map(|bar| bits(peek.next(bar)));
            found.extend(all(&mut stream.clone(), &bars[cut..]));
            prop_assert_eq!(peeked, batch.get(cut).copied());
            prop_assert_eq!(&found, &batch, "{}", expression);
        }
    }

    #[test]
    fn a_beginning_is_forgotten_after_the_warm_up(before in market(), after in market(), n in 1_usize..5) {
        // Supertrend and on-balance volume say themselves that theirs is not.
        let is_bound = |e: &Expression| !e.text().starts_with("supertrend") && !e.text().starts_with("obv");
        for expression in expressions(n, 2).into_iter().filter(is_bound) {
            let bars = expression.warm_up().first + expression.warm_up().decay;
            if expression.warm_up().session || after.len() < bars {
                continue;
            }
            let mut fresh = expression.study();
            let mut old = expression.study();
            for bar in &before {
                old.next(bar);
            }
            let pairs: Vec<_> = after.iter().map(|bar| (fresh.next(bar), old.next(bar))).collect();
            for (fresh, old) in &pairs[bars - 1..] {
                for (fresh, old) in fresh.iter().zip(old).filter_map(|(f, o)| f.zip(*o)) {
                    // The prices span 200, and what is made of them at most some thousands.
                    prop_assert!((fresh - old).abs() < 1e-3, "{expression}: {fresh} {old}");
                }
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_column(text in "[a-z0-9(),.\\[\\] ]{0,40}|\\PC{0,40}") {
        if let Err(error) = Expression::parse(&text) {
            prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1, "{error}");
        }
    }
}

#[test]
fn the_values_are_there_from_where_it_is_said() {
    let bar = |index: u32| {
        let close = 100.0 + 10.0 * f64::from(index).sin();
        Bar {
            opened_at: Timestamp::from_seconds(60 * i64::from(index)),
            open: close,
            high: close + 1.0,
            low: close - 1.0,
            close,
            volume: 1.0,
        }
    };
    let bars: Vec<Bar> = (0..60).map(bar).collect();
    for (n, m) in [(2, 1), (2, 2), (5, 2), (3, 7), (14, 14)] {
        for expression in expressions(n, m) {
            let (first, outputs) = (expression.warm_up().first, expression.outputs().len());
            let mut study = expression.study();
            let values: Vec<_> = bars.iter().map(|bar| study.next(bar)).collect();
            let missing = values.iter().skip(first - 1).position(|value| value[..outputs].contains(&None));
            assert_eq!(missing, None, "{expression}");
            // The money flow has a value one bar before it is sure of it.
            let early = values.iter().take(first - 1).any(|value| value[outputs - 1].is_some());
            assert_eq!(early, expression.text().starts_with("mfi"), "{expression}");
        }
    }
}
