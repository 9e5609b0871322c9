//! What holds for every strategy, every candle and every signal.

use crate::tests::{btc, definition, hours, leaf, now, signal};
use crate::{ApplyTo, Candles, Condition, Moment, OnUnknown, Outcome, SeriesKey, Strategy};
use domain::{Candle, Price, Quantity, Timeframe, Timestamp, Verdict};
use proptest::prelude::*;
use proptest::strategy::Strategy as Generate;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

const LEAVES: &[&str] = &[
    "close > sma(close,20)",
    "rsi(close,14) < 30",
    "ema(close,9) crosses_above ema(close,21)",
    "close crosses_below alert.price",
    "macd(close,12,26,9).hist rising 2",
    "close[3] falling 1",
    "dmi(14,14).adx >= 25",
    "supertrend(3,10).direction == -1",
    "stoch(close,high,low,14) between 20 80",
    "alert.confidence >= 50",
    "alert.nothing <= alert.price",
    "obv() > 0",
    "volume > sma(volume,20)",
];

fn tree() -> impl Generate<Value = Condition> {
    let leaves = prop::sample::select(LEAVES).prop_map(leaf);
    leaves.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::All),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Condition::Any),
            inner.prop_map(|condition| Condition::Not(Box::new(condition))),
        ]
    })
}

fn candle(opened_at: Timestamp, prices: [u64; 4], volume: u64) -> Candle {
    let price = |n: u64| Price::new(Decimal::new(i64::try_from(n).unwrap_or(i64::MAX).max(1), 2)).unwrap();
    let [open, high, low, close] = prices;
    Candle {
        opened_at,
        open: price(open),
        high: price(high.max(open).max(low).max(close)),
        low: price(low.min(open).min(high).min(close)),
        close: price(close),
        volume: Quantity::new(Decimal::from(volume)).unwrap_or(Quantity::ZERO),
    }
}

fn candles() -> impl Generate<Value = Vec<Candle>> {
    let price = || prop_oneof![1_u64..1_000, Just(500), any::<u64>()];
    let four = [price(), price(), price(), price()];
    let row = (four, any::<u64>(), prop_oneof![9 => Just(1_i64), 1 => -2..5_i64]);
    prop::collection::vec(row, 0..700).prop_map(|rows| {
        let mut hour = 0;
        let mut made: Vec<Candle> = Vec::new();
        for (prices, volume, step) in rows.into_iter().rev() {
            made.push(candle(now().plus_micros(-3_600_000_000 * (hour + 1)), prices, volume));
            hour += step;
        }
        made.reverse();
        made
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn no_candles_and_no_tree_panic_and_only_truth_confirms(
        when in tree(), closed in candles(), running in any::<bool>(), late in -2_000_000_000_i64..20_000_000_000,
    ) {
        let running = running.then(|| candle(now(), [100, 300, 50, 200], 7));
        let mut definition = definition(when);
        definition.moment = if running.is_some() { Moment::Intrabar } else { Moment::OnClose };
        let Ok(strategy) = Strategy::new(definition) else { return Ok(()) };
        let key = SeriesKey { symbol: btc(), timeframe: Timeframe::H1 };
        let supply = BTreeMap::from([(key, Candles::new(closed, running))]);
        match strategy.observe(&btc(), now().plus_micros(late), &supply) {
            Err(unknown) => {
                let judgement = strategy.without_verdict(unknown, &signal());
                let verdict = judgement.verdict(OnUnknown::Reject, ApplyTo::All);
                prop_assert!(matches!(verdict, Some(Verdict::Deny(_))));
                prop_assert!(judgement.leaves.iter().any(|leaf| leaf.missing.is_some()));
            }
            Ok(observed) => {
                let judgement = strategy.judge(&observed, &signal());
                prop_assert_eq!(&judgement, &strategy.judge(&observed, &signal()));
                let leaves = judgement.leaves.len();
                prop_assert_eq!(leaves, strategy.definition().when.leaves("when").len());
                if let Outcome::Deny { first_failing } = &judgement.outcome {
                    prop_assert!(judgement.leaves.iter().any(|leaf| &leaf.path == first_failing));
                }
            }
        }
    }

    #[test]
    fn what_is_true_is_not_so_when_negated(when in tree()) {
        let supply = || BTreeMap::from([(
            SeriesKey { symbol: btc(), timeframe: Timeframe::H1 },
            hours(&[101, 99, 104, 103, 107], 500),
        )]);
        let outcome = |when: Condition| {
            let strategy = Strategy::new(definition(when)).ok()?;
            let observed = strategy.observe(&btc(), now(), &supply()).ok()?;
            Some(strategy.judge(&observed, &signal()).outcome)
        };
        let (plain, negated) = (outcome(when.clone()), outcome(Condition::Not(Box::new(when))));
        let confirmed = |o: &Option<Outcome>| *o == Some(Outcome::Confirm);
        prop_assert!(!(confirmed(&plain) && confirmed(&negated)));
    }
}
