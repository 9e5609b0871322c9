//! What must hold after any sequence of inputs. The numbers are those of the list of invariants in the comments.

mod hostile;

use crate::bench::{Bench, at};
use crate::{Broker, Event, Input, SignalInput, State, WebhookRules, WebhookState};
use domain::{
    Intent, Money, NetQuantity, Price, SellMode, Side, Signal, SignalId, SignalStatus, Size, SizeUnit,
    Sizing, Symbol,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Prices in cents on a grid of 0.05 with two decimals, quantities in thousandths on a grid of 0.01.
const SETTINGS: &[(&str, &str)] = &[
    ("fees.taker_bps", "7.5"),
    ("fees.dp", "2"),
    ("fees.min_fee", "0.05"),
    ("slippage.kind", "bps"),
    ("slippage.value", "3"),
    ("spread_bps", "2"),
    ("max_entries", "3"),
    ("instrument.tick", "0.05"),
    ("instrument.step", "0.01"),
    ("instrument.multiplier", "2"),
    ("instrument.init_margin_short", "0.5"),
];

#[derive(Debug, Clone)]
enum Op {
    Last(usize, i64),
    Quote(usize, i64, i64),
    Signal(usize, SignalOp),
    Close(usize),
    Flatten,
    Deposit(i64),
    Withdraw(i64),
}

#[derive(Debug, Clone)]
struct SignalOp {
    intent: Intent,
    side: Option<Side>,
    size: Option<(SizeUnit, i64)>,
    target: Option<i64>,
    price: Option<i64>,
    mode: SellMode,
    sizing: Option<Sizing>,
    state: WebhookState,
    reduce_only: bool,
    kill: bool,
}

fn hundredths(value: i64) -> Decimal {
    Decimal::new(value, 2)
}

fn cents(value: i64) -> Price {
    Price::new(hundredths(value)).unwrap()
}

fn signal_op() -> impl Strategy<Value = SignalOp> {
    let intent = prop_oneof![
        4 => Just(Intent::Open),
        1 => Just(Intent::Increase),
        2 => Just(Intent::Reduce),
        2 => Just(Intent::Close),
        2 => Just(Intent::Reverse),
        1 => Just(Intent::Target),
        1 => Just(Intent::Cancel),
    ];
    let side = prop_oneof![Just(Some(Side::Long)), Just(Some(Side::Short)), Just(None)];
    let unit = prop::sample::select(SizeUnit::ALL);
    let sizing = prop_oneof![
        Just(Sizing::PercentBalance(Decimal::ONE_HUNDRED)),
        Just(Sizing::PercentEquity(Decimal::TEN)),
        Just(Sizing::FixedNotional(Decimal::from(700))),
        Just(Sizing::RiskPercent(Decimal::ONE)),
    ];
    let often_active = prop_oneof![
        8 => Just(WebhookState::Active), 1 => Just(WebhookState::ReduceOnly), 1 => Just(WebhookState::Paused)
    ];
    let what = (
        intent,
        side,
        prop::option::of((unit, 1_i64..5_000)),
        prop::option::of(-3_000_i64..3_000),
        prop::option::of(9_000_i64..11_000),
    );
    let how = (
        prop::sample::select(&SellMode::ALL[..]),
        prop::option::of(sizing),
        often_active,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.05),
    );
    (what, how).prop_map(|((intent, side, size, target, price), (mode, sizing, state, reduce_only, kill))| {
        SignalOp { intent, side, size, target, price, mode, sizing, state, reduce_only, kill }
    })
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => (0_usize..2, 9_000_i64..11_000).prop_map(|(s, p)| Op::Last(s, p)),
        2 => (0_usize..2, 9_000_i64..11_000, -1_i64..50).prop_map(|(s, p, w)| Op::Quote(s, p, w)),
        8 => (0_usize..2, signal_op()).prop_map(|(s, op)| Op::Signal(s, op)),
        1 => (0_usize..2).prop_map(Op::Close),
        1 => Just(Op::Flatten),
        1 => (-5_i64..100_000).prop_map(Op::Deposit),
        1 => (-5_i64..100_000).prop_map(Op::Withdraw),
    ]
}

fn symbol(index: usize) -> Symbol {
    Symbol::new(["BTCUSDT", "AAPL"][index]).unwrap()
}

fn signal_of(symbol: Symbol, number: usize, op: &SignalOp) -> SignalInput {
    let now = at(i64::try_from(number).unwrap());
    let mut signal = Signal::new(op.intent, op.side, "any", symbol);
    signal.size = op.size.map(|(unit, value)| Size { value: hundredths(value), unit });
    signal.target_position = op.target.map(|value| NetQuantity::new(hundredths(value)));
    signal.price = op.price.map(cents);
    signal.reduce_only = op.reduce_only;
    SignalInput {
        id: SignalId::parse(&format!("sig_{number}")).unwrap(),
        signal,
        dialect: None,
        rules: WebhookRules { state: op.state, sizing: op.sizing, sell_mode: Some(op.mode), max_lag_s: None },
        received_at: now,
        decided_at: now,
        duplicate_of: None,
        replay: false,
        kill_switch: op.kill,
    }
}

fn input_of(number: usize, op: &Op) -> Input {
    let now = at(i64::try_from(number).unwrap());
    let command: Box<str> = format!("cmd_{number}").into();
    match op {
        Op::Last(s, p) => Input::Last { symbol: symbol(*s), price: cents(*p), at: now },
        Op::Quote(s, p, width) => {
            Input::Quote { symbol: symbol(*s), bid: cents(*p), ask: cents(p + width), at: now }
        }
        Op::Signal(s, op) => Input::Signal(Box::new(signal_of(symbol(*s), number, op))),
        Op::Close(s) => Input::Close { command, symbol: symbol(*s), at: now },
        Op::Flatten => Input::Flatten { command, at: now },
        Op::Deposit(amount) => Input::Deposit { command, amount: Money::new(hundredths(*amount)), at: now },
        Op::Withdraw(amount) => Input::Withdraw { command, amount: Money::new(hundredths(*amount)), at: now },
    }
}

fn bench() -> Bench {
    Bench::new("AAPL", "10000", SETTINGS)
}

/// 1, 2, 3, 4 and 5 in the sums; the ledger says the same.
fn books_hold(bench: &Bench) {
    let (state, balances) = (bench.broker.state(), bench.broker.balances());
    let funds = state.funds;
    let capital = funds.capital().unwrap().get();
    let balance = capital + balances.realized_gross.get() - balances.fees.get();
    assert_eq!(balances.balance.get(), balance);
    assert_eq!(balances.equity.get(), balance + balances.unrealized.get(), "1");
    let mut cash = capital;
    for fill in &bench.fills {
        let notional = signed(fill) * fill.price.get() * Decimal::TWO;
        cash -= notional + fill.fee.get();
    }
    assert_eq!(funds.cash.get(), cash, "2");
    for (symbol, position) in &state.positions {
        let net: Decimal = bench.fills.iter().filter(|fill| fill.symbol == *symbol).map(signed).sum();
        assert_eq!(position.net.get(), net, "3");
    }
    assert_eq!(state.audit(), Ok(()), "4, 5");
    assert!(state.agrees_with(&bench.ledger_totals()));
    assert!(bench.ledger.iter().all(crate::Transaction::is_balanced));
    assert_eq!(
        Broker::restore(bench.broker.config().clone(), state.clone()).as_ref(),
        Ok(&bench.broker),
        "13"
    );
}

fn signed(fill: &crate::Fill) -> Decimal {
    match fill.side {
        domain::OrderSide::Buy => fill.quantity.get(),
        domain::OrderSide::Sell => -fill.quantity.get(),
    }
}

/// 6, 7 and 9 of the fills of one input, which started from `before`.
fn fills_hold(before: &State, bench: &Bench, events: &[Event]) {
    let mut net = before.positions.clone();
    for event in events {
        let Event::Filled(fill) = event else { continue };
        let instrument = bench.broker.instrument(&fill.symbol);
        assert!(fill.quantity.get() > Decimal::ZERO && fill.price.get() > Decimal::ZERO, "6");
        assert!((fill.price.get() % instrument.tick).is_zero(), "6");
        assert!((fill.quantity.get() % instrument.step).is_zero(), "6");
        let why = fill.why;
        let sum = why.reference.get() + why.spread + why.slippage + why.rounding;
        assert_eq!(fill.price.get(), sum);
        match fill.side {
            domain::OrderSide::Buy => assert!(fill.price >= why.reference, "7"),
            domain::OrderSide::Sell => assert!(fill.price <= why.reference, "7"),
        }
        let position = net.entry(fill.symbol.clone()).or_default();
        let after = position.net.get() + signed(fill);
        if bench.orders[&fill.order_id].reduce_only {
            assert!(after.abs() < position.net.get().abs(), "9");
            assert!(
                after.is_zero() || after.is_sign_negative() == position.net.get().is_sign_negative(),
                "9"
            );
        }
        position.net = NetQuantity::new(after);
    }
}

/// 11: a rejected signal leaves nothing but its decision.
fn refusals_hold(before: &Broker, bench: &Bench, events: &[Event]) {
    let Some(Event::Decided(decision)) = events.last() else { return };
    let failed = decision.checks.iter().filter(|c| c.outcome.as_str() == "fail").count();
    assert_eq!(failed, usize::from(decision.reason.is_some()), "{decision:?}");
    if decision.status == SignalStatus::Rejected {
        assert_eq!(events.len(), 1, "11");
        assert_eq!(*before, bench.broker, "11");
    } else {
        assert!(events.iter().any(|event| matches!(event, Event::Filled(_))), "{events:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_after_every_input(ops in prop::collection::vec(op(), 1..60)) {
        let mut bench = bench();
        for (number, op) in ops.iter().enumerate() {
            let before = bench.broker.clone();
            let events = bench.apply(input_of(number, op));
            fills_hold(before.state(), &bench, &events);
            refusals_hold(&before, &bench, &events);
            books_hold(&bench);
        }
    }

    /// 12, and 13: a restart between any two inputs changes nothing.
    #[test]
    fn the_same_inputs_make_the_same_events_across_a_restart(
        ops in prop::collection::vec(op(), 1..40),
        restart in 0_usize..40,
    ) {
        let (mut one, mut other) = (bench().broker, bench().broker);
        for (number, op) in ops.iter().enumerate() {
            if number == restart {
                other = Broker::restore(other.config().clone(), other.state().clone()).unwrap();
            }
            prop_assert_eq!(one.apply(input_of(number, op)), other.apply(input_of(number, op)));
        }
        prop_assert_eq!(one, other);
    }

    /// 15: an exit in parts at one price earns what one exit earns.
    #[test]
    fn an_exit_in_parts_earns_the_same(
        entry in 9_000_i64..11_000,
        leave in 9_000_i64..11_000,
        parts in prop::collection::vec(1_i64..500, 1..8),
    ) {
        let all: i64 = parts.iter().sum();
        let run = |exits: &[i64]| {
            let mut bench = Bench::new("AAPL", "1000000", &[("instrument.step", "0.01")]);
            let trade = |intent, value| SignalOp {
                intent, side: Some(Side::Long), size: Some((SizeUnit::Base, value)), target: None, price: None,
                mode: SellMode::Directional, sizing: None, state: WebhookState::Active, reduce_only: false,
                kill: false,
            };
            bench.apply(input_of(0, &Op::Last(1, entry)));
            bench.apply(input_of(1, &Op::Signal(1, trade(Intent::Open, all))));
            bench.apply(input_of(2, &Op::Last(1, leave)));
            for (number, part) in exits.iter().enumerate() {
                bench.apply(input_of(number + 3, &Op::Signal(1, trade(Intent::Reduce, *part))));
            }
            (bench.broker.balances().realized_gross, bench.broker.position(&symbol(1)).net, bench.fills.len())
        };
        let (whole, in_parts) = (run(&[all]), run(&parts));
        prop_assert_eq!((whole.0, whole.1), (in_parts.0, in_parts.1));
        prop_assert_eq!((whole.2, in_parts.2), (2, parts.len() + 1));
    }

    /// 14: a long at p and a short at 2c - p earn the same without fees and slippage.
    #[test]
    fn long_and_short_mirror_each_other(
        path in prop::collection::vec((1_i64..200, any::<bool>(), 1_i64..300), 1..20),
    ) {
        const CENTRE: i64 = 10_000;
        let run = |side: Side, mirror: bool| {
            let settings = [("instrument.step", "0.01"), ("max_entries", "100")];
            let mut bench = Bench::new("AAPL", "100000000", &settings);
            for (number, (offset, enters, size)) in path.iter().enumerate() {
                let price = if mirror { CENTRE - offset } else { CENTRE + offset };
                let op = SignalOp {
                    intent: if *enters { Intent::Open } else { Intent::Reduce },
                    side: Some(side), size: Some((SizeUnit::Base, *size)), target: None, price: None,
                    mode: SellMode::Directional, sizing: None, state: WebhookState::Active, reduce_only: false,
                    kill: false,
                };
                bench.apply(input_of(2 * number, &Op::Last(1, price)));
                bench.apply(input_of(2 * number + 1, &Op::Signal(1, op)));
            }
            let balances = *bench.broker.balances();
            (balances.realized_gross, balances.unrealized, balances.equity)
        };
        prop_assert_eq!(run(Side::Long, false), run(Side::Short, true));
    }
}
