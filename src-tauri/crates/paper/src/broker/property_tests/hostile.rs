//! Numbers of any size and any number of digits: refused or booked exactly, never a panic.

use super::*;
use crate::{Balances, Config};
use domain::StopLoss;

fn number() -> impl Strategy<Value = Decimal> {
    let any_decimal = (any::<u32>(), any::<u32>(), any::<u32>(), any::<bool>(), 0_u32..=28)
        .prop_map(|(lo, mid, hi, negative, scale)| Decimal::from_parts(lo, mid, hi, negative, scale));
    prop_oneof![
        3 => any_decimal,
        1 => Just(Decimal::MAX),
        1 => Just(Decimal::MIN),
        1 => Just(Decimal::ZERO),
        1 => Just(Decimal::from_parts(1, 0, 0, false, 28)),
        3 => (1_i64..1_000_000).prop_map(|n| Decimal::new(n, 2)),
    ]
}

fn price() -> impl Strategy<Value = Price> {
    number().prop_filter_map("above zero", |n| Price::new(n.abs()))
}

fn signal() -> impl Strategy<Value = SignalInput> {
    let numbers = (number(), number(), number(), prop::option::of(price()));
    (signal_op(), numbers, prop::sample::select(SizeUnit::ALL), any::<bool>(), -1_000_000_i64..1_000_000)
        .prop_map(|(op, (value, leverage, target, price), unit, stop, time)| {
            let mut input = signal_of(symbol(1), 0, &op);
            input.signal.size = op.size.map(|_| Size { value, unit });
            input.signal.leverage = Some(leverage);
            input.signal.target_position = op.target.map(|_| NetQuantity::new(target));
            input.signal.previous_position = op.target.map(|_| NetQuantity::new(value));
            input.signal.price = price;
            input.signal.stop_loss = stop.then_some(StopLoss { level: None, limit: None, trail: None });
            input.signal.alert_time = Some(at(time));
            input.signal.max_lag_s = Some(u32::MAX);
            input.received_at = at(i64::MAX);
            input.decided_at = at(i64::MAX);
            input
        })
}

fn input() -> impl Strategy<Value = Input> {
    let now = at(i64::MAX);
    prop_oneof![
        4 => signal().prop_map(|signal| Input::Signal(Box::new(signal))),
        2 => price().prop_map(move |price| Input::Last { symbol: symbol(1), price, at: now }),
        1 => (price(), price()).prop_map(move |(bid, ask)| Input::Quote { symbol: symbol(1), bid, ask, at: now }),
        1 => Just(Input::Flatten { command: "c".into(), at: now }),
        1 => number().prop_map(move |n| Input::Deposit { command: "c".into(), amount: Money::new(n), at: now }),
        1 => number().prop_map(move |n| Input::Withdraw { command: "c".into(), amount: Money::new(n), at: now }),
    ]
}

fn config() -> impl Strategy<Value = Config> {
    const KEYS: [&str; 12] = [
        "fees.taker_bps",
        "fees.maker_bps",
        "fees.min_fee",
        "fees.dp",
        "slippage.value",
        "spread_bps",
        "risk.max_price_deviation_bps",
        "instrument.tick",
        "instrument.step",
        "instrument.multiplier",
        "instrument.init_margin_long",
        "instrument.max_qty",
    ];
    let entry = (prop::sample::select(&KEYS[..]), number());
    prop::collection::vec(entry, 0..6).prop_map(|entries| {
        let mut config = Config { max_entries: 9, ..Config::default() };
        for (key, value) in entries {
            // What the settings refuse never reaches the broker.
            let _refused = config.set(key, &value.to_string());
        }
        config
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn no_number_panics_or_unbalances_the_books(
        config in config(),
        opening in number(),
        inputs in prop::collection::vec(input(), 1..12),
    ) {
        let mut broker = Broker::new(config, Money::new(opening));
        for input in inputs {
            let before = broker.clone();
            let events = broker.apply(input);
            prop_assert_eq!(broker.state().audit(), Ok(()));
            let state = broker.state();
            let valued: Balances = Balances::of(broker.config(), &state.funds, &state.positions, None).unwrap();
            prop_assert_eq!(valued, *broker.balances());
            let changed = events.iter().any(|e| matches!(e, Event::Position { .. } | Event::Posted(_)));
            prop_assert!(changed || before == broker);
        }
    }

    #[test]
    fn any_setting_text_is_answered(key in "[a-z._A-Z0-9!]{0,24}", value in ".{0,24}") {
        let mut config = Config::default();
        let before = config.clone();
        if config.set(&key, &value).is_err() {
            prop_assert_eq!(config, before);
        }
    }
}
