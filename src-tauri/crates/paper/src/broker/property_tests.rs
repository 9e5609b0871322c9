//! What must hold after any sequence of inputs. The numbers are those of the list of invariants in the comments.
//!
//! `PITWIRE_PROPERTY_CASES` sets how many sequences are tried; a failure prints its seed and the smallest sequence.

mod hostile;
mod invariants;
mod laws;
mod model;

use crate::bench::at;
use crate::{Bar, Input, SignalInput, WebhookRules, WebhookState};
use domain::{
    BracketLevel, Intent, Money, NetQuantity, OrderRequest, OrderType, Price, SellMode, Side, Signal,
    SignalId, Size, SizeUnit, Sizing, StopLoss, Symbol, TakeProfit, TimeInForce, Timestamp, Trail, TrailUnit,
    Verdict,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

/// Prices in cents on a grid of 0.05, quantities on a grid of 0.01.
const SETTINGS: &[(&str, &str)] = &[
    ("fees.taker_bps", "7.5"),
    ("fees.maker_bps", "-1"),
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

/// How many sequences to try.
fn cases(full: u32) -> ProptestConfig {
    let wanted = std::env::var("PITWIRE_PROPERTY_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: wanted.unwrap_or(full), ..ProptestConfig::default() }
}

#[derive(Debug, Clone)]
enum Op {
    Last(usize, i64),
    Quote(usize, i64, i64),
    /// Open, then how far the extremes are from it, then how far the close is above the low.
    Bar(usize, i64, i64, i64, i64),
    Signal(usize, Box<SignalOp>),
    /// The how manieth order that there ever was.
    Cancel(usize),
    Close(usize),
    Flatten,
    Kill,
    /// So many minutes pass.
    Wait(i64),
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
    verdict: Option<Verdict>,
    order: OrderOp,
    take_profits: Vec<(i64, Option<i64>)>,
    stop: Option<(Option<i64>, Option<i64>)>,
}

/// An order with its prices on the grid.
#[derive(Debug, Clone, Copy)]
struct OrderOp {
    kind: OrderType,
    limit: i64,
    stop: i64,
    trail: i64,
    activation: Option<i64>,
    time_in_force: Option<TimeInForce>,
}

const MARKET: OrderOp =
    OrderOp { kind: OrderType::Market, limit: 0, stop: 0, trail: 0, activation: None, time_in_force: None };

impl SignalOp {
    /// A plain market order.
    fn plain(intent: Intent, side: Side, quantity: i64) -> Self {
        Self {
            intent,
            side: Some(side),
            size: Some((SizeUnit::Base, quantity)),
            target: None,
            price: None,
            mode: SellMode::Directional,
            sizing: None,
            state: WebhookState::Active,
            reduce_only: false,
            kill: false,
            verdict: None,
            order: MARKET,
            take_profits: Vec::new(),
            stop: None,
        }
    }
}

fn hundredths(value: i64) -> Decimal {
    Decimal::new(value, 2)
}

fn cents(value: i64) -> Price {
    Price::new(hundredths(value)).unwrap()
}

/// A price on the grid of 0.05 between 90 and 110.
fn grid() -> impl Strategy<Value = i64> {
    (1_800_i64..2_200).prop_map(|n| n * 5)
}

fn order_op() -> BoxedStrategy<OrderOp> {
    let kind = prop_oneof![
        4 => Just(OrderType::Market),
        2 => Just(OrderType::Limit),
        2 => Just(OrderType::Stop),
        1 => Just(OrderType::StopLimit),
        1 => Just(OrderType::TrailingStop),
    ];
    let time = prop::option::of(prop::sample::select(TimeInForce::ALL));
    (kind, grid(), grid(), 1_i64..400, prop::option::of(grid()), time)
        .prop_map(|(kind, limit, stop, trail, activation, time_in_force)| OrderOp {
            kind,
            limit,
            stop,
            trail,
            activation,
            time_in_force,
        })
        .boxed()
}

fn signal_op() -> BoxedStrategy<SignalOp> {
    let intent = prop_oneof![
        6 => Just(Intent::Open),
        1 => Just(Intent::Increase),
        2 => Just(Intent::Reduce),
        2 => Just(Intent::Close),
        2 => Just(Intent::Reverse),
        1 => Just(Intent::Target),
        1 => Just(Intent::Cancel),
        1 => Just(Intent::Trigger),
    ];
    let side = prop_oneof![4 => Just(Some(Side::Long)), 4 => Just(Some(Side::Short)), 1 => Just(None)];
    let sizing = prop_oneof![
        Just(Sizing::PercentBalance(Decimal::ONE_HUNDRED)),
        Just(Sizing::PercentEquity(Decimal::TEN)),
        Just(Sizing::FixedNotional(Decimal::from(700))),
        Just(Sizing::RiskPercent(Decimal::ONE)),
    ];
    let state = prop_oneof![
        8 => Just(WebhookState::Active), 1 => Just(WebhookState::ReduceOnly), 1 => Just(WebhookState::Paused)
    ];
    let verdict = prop_oneof![
        8 => Just(None),
        1 => Just(Some(Verdict::Confirm)),
        1 => Just(Some(Verdict::DenyEntries(domain::ReasonCode::WarmingUp))),
        1 => Just(Some(Verdict::Deny(domain::ReasonCode::PipelineDenied)))
    ];
    let what = (
        intent,
        side,
        prop::option::of((prop::sample::select(SizeUnit::ALL), 1_i64..5_000)),
        prop::option::weighted(0.2, -3_000_i64..3_000),
        prop::option::weighted(0.3, 9_000_i64..11_000),
        verdict,
    );
    let how = (
        prop::sample::select(&SellMode::ALL[..2]),
        prop::option::of(sizing),
        state,
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.05),
    );
    let order = (
        order_op(),
        prop::collection::vec((grid(), prop::option::of(1_i64..=100)), 0..3),
        prop::option::of((prop::option::weighted(0.8, grid()), prop::option::weighted(0.3, 1_i64..300))),
    );
    (what, how, order)
        .prop_map(|(what, how, (order, take_profits, stop))| {
            let (intent, side, size, target, price, verdict) = what;
            let (mode, sizing, state, reduce_only, kill) = how;
            let mode = if intent == Intent::Target { SellMode::Target } else { mode };
            SignalOp {
                intent,
                side,
                size,
                target,
                price,
                mode,
                sizing,
                state,
                reduce_only,
                kill,
                verdict,
                order,
                take_profits,
                stop,
            }
        })
        .boxed()
}

fn op() -> BoxedStrategy<Op> {
    prop_oneof![
        4 => (0_usize..2, 9_000_i64..11_000).prop_map(|(s, p)| Op::Last(s, p)),
        2 => (0_usize..2, 9_000_i64..11_000, -1_i64..50).prop_map(|(s, p, w)| Op::Quote(s, p, w)),
        4 => (0_usize..2, 9_200_i64..10_800, 0_i64..150, 0_i64..150, 0_i64..300)
            .prop_map(|(s, o, up, down, close)| Op::Bar(s, o, up, down, close)),
        10 => (0_usize..2, signal_op()).prop_map(|(s, op)| Op::Signal(s, Box::new(op))),
        1 => (0_usize..12).prop_map(Op::Cancel),
        1 => (0_usize..2).prop_map(Op::Close),
        1 => Just(Op::Flatten),
        1 => Just(Op::Kill),
        1 => (1_i64..2_000).prop_map(Op::Wait),
        1 => (-5_i64..100_000).prop_map(Op::Deposit),
        1 => (-5_i64..100_000).prop_map(Op::Withdraw),
    ]
    .boxed()
}

fn symbol(index: usize) -> Symbol {
    Symbol::new(["BTCUSDT", "AAPL"][index]).unwrap()
}

fn signal_of(symbol: Symbol, number: usize, now: Timestamp, op: &SignalOp) -> SignalInput {
    let mut signal = Signal::new(op.intent, op.side, "any", symbol);
    signal.size = op.size.map(|(unit, value)| Size { value: hundredths(value), unit });
    signal.target_position = op.target.map(|value| NetQuantity::new(hundredths(value)));
    signal.price = op.price.map(cents);
    signal.reduce_only = op.reduce_only;
    let OrderOp { kind, limit, stop, trail, activation, time_in_force } = op.order;
    let distance = |value| Trail { value: hundredths(value), unit: TrailUnit::Absolute };
    signal.order = OrderRequest {
        kind,
        limit: (limit > 0).then(|| cents(limit)),
        stop: (stop > 0).then(|| cents(stop)),
        trail: (trail > 0).then(|| distance(trail)),
        activation: activation.map(cents),
        time_in_force,
    };
    let target = |(level, portion): &(i64, Option<i64>)| TakeProfit {
        level: BracketLevel::Price(cents(*level)),
        portion_pct: portion.map(Decimal::from),
    };
    signal.take_profit = op.take_profits.iter().map(target).collect();
    signal.stop_loss = op.stop.map(|(level, trail)| StopLoss {
        level: level.map(|level| BracketLevel::Price(cents(level))),
        limit: None,
        trail: trail.map(distance),
    });
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
        verdict: op.verdict,
    }
}

/// The inputs of a sequence: a second apart, but for the waits.
fn inputs(ops: &[Op]) -> Vec<Input> {
    let mut clock = 0_i64;
    let one = |(number, op): (usize, &Op)| {
        clock += if let Op::Wait(minutes) = op { minutes * 60_000 } else { 1_000 };
        input_of(number, at(clock), op)
    };
    ops.iter().enumerate().map(one).collect()
}

fn input_of(number: usize, now: Timestamp, op: &Op) -> Input {
    let command: Box<str> = format!("cmd_{number}").into();
    match op {
        Op::Last(s, p) => Input::Last { symbol: symbol(*s), price: cents(*p), at: now },
        Op::Quote(s, p, width) => {
            Input::Quote { symbol: symbol(*s), bid: cents(*p), ask: cents(p + width), at: now }
        }
        Op::Bar(s, open, up, down, close) => {
            let (high, low) = (open + up, open - down);
            let close = (low + close).min(high);
            let bar = Bar { open: cents(*open), high: cents(high), low: cents(low), close: cents(close) };
            Input::Bar { symbol: symbol(*s), bar, opened_at: now, at: now }
        }
        Op::Signal(s, op) => Input::Signal(Box::new(signal_of(symbol(*s), number, now, op))),
        // The id of an order follows from its signal: the first leg of the signal of that number.
        Op::Cancel(n) => {
            let order = domain::OrderId::parse(&format!("ord_{n}-1")).unwrap();
            Input::Cancel { command, order, at: now }
        }
        Op::Close(s) => Input::Close { command, symbol: symbol(*s), at: now },
        Op::Flatten => Input::Flatten { command, at: now },
        Op::Kill => Input::KillSwitch { at: now },
        Op::Wait(_) => Input::Tick { at: now },
        Op::Deposit(amount) => Input::Deposit { command, amount: Money::new(hundredths(*amount)), at: now },
        Op::Withdraw(amount) => Input::Withdraw { command, amount: Money::new(hundredths(*amount)), at: now },
    }
}
