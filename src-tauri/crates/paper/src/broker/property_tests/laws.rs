//! Laws that compare one sequence with another.

use super::*;
use crate::bench::Bench;
use crate::{Broker, Event};

fn bench() -> Broker {
    Bench::new("AAPL", "10000", SETTINGS).broker
}

/// Runs signals of one symbol at prices, and returns what the account has gained.
fn run(cash: &str, settings: &[(&str, &str)], ops: &[Op]) -> Bench {
    let settings: Vec<(&str, &str)> =
        [("instrument.step", "0.01"), ("instrument.tick", "0.01"), ("max_entries", "100")]
            .into_iter()
            .chain(settings.iter().copied())
            .collect();
    let mut bench = Bench::new("AAPL", cash, &settings);
    for input in inputs(ops) {
        bench.apply(input);
    }
    bench
}

fn signal(op: SignalOp) -> Op {
    Op::Signal(1, Box::new(op))
}

/// A step of a path that is mirrored or scaled: prices are offsets from a centre.
#[derive(Debug, Clone)]
enum Step {
    Last(i64),
    Bar(i64, i64, i64, i64),
    /// Entering or leaving, the quantity, a kind and where its price is; how far away stop and target are.
    Order(bool, i64, u8, i64, Option<(i64, i64)>),
}

fn step() -> impl Strategy<Value = Step> {
    let bracket = prop::option::of((1_i64..150, 1_i64..150));
    prop_oneof![
        3 => (-400_i64..400).prop_map(Step::Last),
        // Distances that differ by an odd number: a tie is broken towards the low, which a mirror turns round.
        2 => (-200_i64..200, 0_i64..150, 0_i64..150, 0_i64..=100)
            .prop_map(|(open, up, down, close)| Step::Bar(open, 2 * up + 1, 2 * down, close)),
        5 => (any::<bool>(), 1_i64..300, 0_u8..3, -300_i64..300, bracket)
            .prop_map(|(enters, quantity, kind, offset, bracket)| Step::Order(enters, quantity, kind, offset, bracket)),
    ]
}

const CENTRE: i64 = 10_000;

/// The operation of a step on one side, with prices mirrored at the centre for shorts, and quantities times `scale`.
fn op_of(step: &Step, side: Side, scale: i64) -> Op {
    let sign = if side == Side::Long { 1 } else { -1 };
    let priced = |offset: i64| CENTRE + sign * offset;
    match step {
        Step::Last(offset) => Op::Last(1, priced(*offset)),
        Step::Bar(open, up, down, close) => {
            let close = (up + down) * close / 100;
            let (up, down, close) =
                if sign == 1 { (*up, *down, close) } else { (*down, *up, up + down - close) };
            Op::Bar(1, priced(*open), up, down, close)
        }
        Step::Order(enters, quantity, kind, offset, bracket) => {
            let intent = if *enters { Intent::Open } else { Intent::Reduce };
            let kind = [OrderType::Market, OrderType::Limit, OrderType::Stop][usize::from(*kind)];
            let (limit, stop) = (priced(*offset), priced(*offset));
            let order = OrderOp { kind, limit, stop, ..MARKET };
            let mut op = SignalOp { order, ..SignalOp::plain(intent, side, quantity * scale) };
            if let (Some((down, up)), true) = (bracket, *enters) {
                op.take_profits = vec![(priced(offset + up), None)];
                op.stop = Some((Some(priced(offset - down)), None));
            }
            signal(op)
        }
    }
}

proptest! {
    #![proptest_config(cases(1_000))]

    /// 12, and 13: a restart between any two inputs changes nothing, and a signal that comes again does nothing.
    #[test]
    fn the_same_inputs_make_the_same_events_across_a_restart(
        ops in prop::collection::vec(op(), 1..40),
        restart in 0_usize..40,
    ) {
        let (mut one, mut other) = (bench(), bench());
        for (number, input) in inputs(&ops).into_iter().enumerate() {
            if number == restart {
                other = Broker::restore(other.config().clone(), other.state().clone()).unwrap();
            }
            prop_assert_eq!(one.apply(input.clone()), other.apply(input.clone()));
            if let Input::Signal(signal) = input {
                let again = SignalInput { duplicate_of: Some(signal.id.clone()), ..*signal };
                let before = other.clone();
                let events = other.apply(Input::Signal(Box::new(again)));
                prop_assert!(matches!(&events[..], [Event::Decided(_)]), "13");
                prop_assert_eq!(&before, &other, "13");
            }
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
        let gain = |exits: &[i64]| {
            let mut ops = vec![
                Op::Last(1, entry),
                signal(SignalOp::plain(Intent::Open, Side::Long, all)),
                Op::Last(1, leave),
            ];
            ops.extend(exits.iter().map(|part| signal(SignalOp::plain(Intent::Reduce, Side::Long, *part))));
            let bench = run("1000000", &[], &ops);
            let net = bench.broker.state().positions[&symbol(1)].net;
            (bench.broker.balances().realized_gross, net, bench.fills.len(), bench.trades[0].net)
        };
        let (whole, in_parts) = (gain(&[all]), gain(&parts));
        prop_assert_eq!((whole.0, whole.1, whole.3), (in_parts.0, in_parts.1, in_parts.3));
        prop_assert_eq!((whole.2, in_parts.2), (2, parts.len() + 1));
    }

    /// 14: a long at p and a short at 2c - p earn the same without fees and slippage, through bars and brackets.
    #[test]
    fn long_and_short_mirror_each_other(path in prop::collection::vec(step(), 1..30)) {
        let gain = |side: Side| {
            let ops: Vec<Op> = path.iter().map(|step| op_of(step, side, 1)).collect();
            let bench = run("100000000", &[], &ops);
            let balances = *bench.broker.balances();
            let trades: Vec<_> = bench.trades.iter().map(|t| (t.net, t.mae, t.mfe, t.r, t.exits)).collect();
            (balances.realized_gross, balances.unrealized, balances.equity, bench.decided, trades)
        };
        prop_assert_eq!(gain(Side::Long), gain(Side::Short));
    }

    /// 16: k times the quantities and k times the cash earn k times as much.
    #[test]
    fn quantities_and_cash_scale_together(path in prop::collection::vec(step(), 1..30), k in 2_i64..50) {
        let gain = |scale: i64| {
            let ops: Vec<Op> = path.iter().map(|step| op_of(step, Side::Long, scale)).collect();
            let bench = run(&(1_000 * scale).to_string(), &[], &ops);
            let balances = *bench.broker.balances();
            (balances.realized_gross.get() , balances.unrealized.get(), bench.decided)
        };
        let (one, many) = (gain(1), gain(k));
        let k = Decimal::from(k);
        // Partial closes round their share of the cost to eight decimals.
        let near = |a: Decimal, b: Decimal| (a - b).abs() < Decimal::new(1, 5);
        prop_assert!(near(one.0 * k, many.0) && near(one.1 * k, many.1), "{one:?} {many:?}");
        prop_assert_eq!(one.2, many.2);
    }
}
