//! Numbers of any size and any number of digits: refused or booked exactly, never a panic.

use super::*;
use crate::{Broker, Config, Event};

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

fn trail() -> impl Strategy<Value = Trail> {
    (number(), prop::sample::select(TrailUnit::ALL)).prop_map(|(value, unit)| Trail { value, unit })
}

fn level() -> BoxedStrategy<BracketLevel> {
    prop_oneof![
        price().prop_map(BracketLevel::Price),
        number().prop_map(BracketLevel::Percent),
        number().prop_map(BracketLevel::Absolute),
        number().prop_map(BracketLevel::Pips),
    ]
    .boxed()
}

fn order() -> BoxedStrategy<OrderRequest> {
    let kind = prop::sample::select(OrderType::ALL);
    let time = prop::option::of(prop::sample::select(TimeInForce::ALL));
    let option = || prop::option::weighted(0.8, price());
    (kind, option(), option(), prop::option::of(trail()), option(), time)
        .prop_map(|(kind, limit, stop, trail, activation, time_in_force)| OrderRequest {
            kind,
            limit,
            stop,
            trail,
            activation,
            time_in_force,
        })
        .boxed()
}

fn signal() -> BoxedStrategy<SignalInput> {
    let numbers = (number(), number(), number(), prop::option::of(price()));
    let stop = (prop::option::of(level()), prop::option::of(price()), prop::option::of(trail()))
        .prop_map(|(level, limit, trail)| StopLoss { level, limit, trail });
    let target = (level(), prop::option::of(number()))
        .prop_map(|(level, portion_pct)| TakeProfit { level, portion_pct });
    let bracket = (prop::collection::vec(target, 0..12), prop::option::of(stop));
    let unit = prop::sample::select(SizeUnit::ALL);
    (signal_op(), numbers, unit, bracket, order(), -1_000_000_i64..1_000_000)
        .prop_map(|(op, (value, leverage, target, price), unit, (take_profit, stop_loss), order, time)| {
            let now = at(i64::MAX);
            let mut input = signal_of(symbol(1), 0, now, &op);
            input.signal.size = op.size.map(|_| Size { value, unit });
            input.signal.leverage = Some(leverage);
            input.signal.target_position = op.target.map(|_| NetQuantity::new(target));
            input.signal.previous_position = op.target.map(|_| NetQuantity::new(value));
            input.signal.price = price;
            input.signal.take_profit = take_profit;
            input.signal.stop_loss = stop_loss;
            input.signal.order = order;
            input.signal.alert_time = Some(at(time));
            input.signal.max_lag_s = Some(u32::MAX);
            input
        })
        .boxed()
}

fn input() -> BoxedStrategy<Input> {
    let now = at(i64::MAX);
    let bar = (price(), price(), price(), price()).prop_map(|(a, b, c, d)| {
        let (low, high) = (a.min(b).min(c).min(d), a.max(b).max(c).max(d));
        Bar { open: a, high, low, close: d }
    });
    prop_oneof![
        6 => signal().prop_map(|signal| Input::Signal(Box::new(signal))),
        2 => price().prop_map(move |price| Input::Last { symbol: symbol(1), price, at: now }),
        1 => (price(), price()).prop_map(move |(bid, ask)| Input::Quote { symbol: symbol(1), bid, ask, at: now }),
        2 => bar.prop_map(move |bar| Input::Bar { symbol: symbol(1), bar, opened_at: now, at: now }),
        1 => Just(Input::Flatten { command: "c".into(), at: now }),
        1 => Just(Input::KillSwitch { at: now }),
        1 => number().prop_map(move |n| Input::Deposit { command: "c".into(), amount: Money::new(n), at: now }),
        1 => number().prop_map(move |n| Input::Withdraw { command: "c".into(), amount: Money::new(n), at: now }),
    ]
        .boxed()
}

fn config() -> impl Strategy<Value = Config> {
    let keys: Vec<&'static str> = Config::keys().iter().map(|key| key.key).collect();
    let entry = (prop::sample::select(keys), number());
    prop::collection::vec(entry, 0..12).prop_map(|entries| {
        let mut config = Config { max_entries: 9, ..Config::default() };
        for (key, value) in entries {
            // What the settings refuse never reaches the broker.
            let _refused = config.set(key, &value.to_string());
        }
        config
    })
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn no_number_panics_or_unbalances_the_books(
        config in config(),
        opening in number(),
        inputs in prop::collection::vec(input(), 1..16),
    ) {
        let mut broker = Broker::new(config, Money::new(opening));
        for input in inputs {
            let before = broker.clone();
            let events = broker.apply(input);
            prop_assert_eq!(broker.state().audit(), Ok(()));
            let state = broker.state();
            let restored = Broker::restore(broker.config().clone(), state.clone());
            prop_assert_eq!(restored.as_ref(), Ok(&broker));
            let changed = |e: &Event| matches!(e, Event::Position { .. } | Event::Posted(_) | Event::Order(_));
            prop_assert!(events.iter().any(changed) || before == broker);
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

    #[test]
    fn any_value_of_a_setting_is_answered(
        key in prop::sample::select(Config::keys().iter().map(|key| key.key).collect::<Vec<_>>()),
        value in "[-0-9a-zA-Z%:., /]{0,24}",
    ) {
        let mut config = Config::default();
        let before = config.clone();
        match config.set(key, &value) {
            Err(_) => prop_assert_eq!(config, before),
            Ok(()) => {
                let entries = config.entries();
                let pairs = entries.iter().map(|(k, v)| (k.as_str(), v.as_str()));
                prop_assert_eq!(Config::from_entries(pairs), Ok(config));
            }
        }
    }
}
