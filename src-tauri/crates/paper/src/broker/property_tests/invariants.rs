//! The books, the fills and the orders after every input of any sequence.

use super::*;
use crate::bench::Bench;
use crate::{Broker, Event, Fill, Liquidity, Order, OrderStatus, PriceSource, Role, State};
use domain::{OrderId, OrderSide, Quantity, SignalStatus};
use std::collections::BTreeMap;

/// 1, 2, 3, 4 and 5 in the sums; the ledger and the round trips say the same.
fn books_hold(bench: &Bench) {
    let (state, balances) = (bench.broker.state(), bench.broker.balances());
    let capital = state.funds.capital().unwrap().get();
    let balance = capital + balances.realized_gross.get() - balances.fees.get();
    assert_eq!(balances.balance.get(), balance);
    assert_eq!(balances.equity.get(), balance + balances.unrealized.get(), "1");
    let available = balances.equity.get() - balances.margin.get() - balances.reserved.get();
    assert_eq!(balances.available.get(), available);
    let spent: Decimal =
        bench.fills.iter().map(|f| signed(f) * f.price.get() * Decimal::TWO + f.fee.get()).sum();
    assert_eq!(state.funds.cash.get(), capital - spent, "2");
    let (mut gross, mut fees) = (Decimal::ZERO, Decimal::ZERO);
    for (symbol, position) in &state.positions {
        let net: Decimal = bench.fills.iter().filter(|fill| fill.symbol == *symbol).map(signed).sum();
        assert_eq!(position.net.get(), net, "3");
        assert_eq!(position.trade.is_some(), position.net.side().is_some());
        if let Some(trade) = &position.trade {
            (gross, fees) = (gross + trade.gross.get(), fees + trade.fees.get());
            assert!(trade.mae <= trade.mfe);
        }
        let open = state.orders.get(symbol).into_iter().flatten().filter(|o| o.reduce_only && o.is_open());
        assert!(position.net.side().is_some() || open.count() == 0, "5");
    }
    for trade in &bench.trades {
        (gross, fees) = (gross + trade.gross.get(), fees + trade.fees.get());
        assert_eq!(trade.net.get(), trade.gross.get() - trade.fees.get());
        assert!(trade.mae <= trade.mfe);
    }
    assert_eq!((gross, fees), (balances.realized_gross.get(), balances.fees.get()));
    assert_eq!(state.audit(), Ok(()), "4, 5");
    assert!(state.agrees_with(&bench.ledger_totals()));
    assert!(bench.ledger.iter().all(crate::Transaction::is_balanced));
    let restored = Broker::restore(bench.broker.config().clone(), state.clone());
    assert!(restored.as_ref() == Ok(&bench.broker), "{:?}", bench.broker.state());
    assert!(state.risk.equity_peak >= balances.equity);
}

fn signed(fill: &Fill) -> Decimal {
    match fill.side {
        OrderSide::Buy => fill.quantity.get(),
        OrderSide::Sell => -fill.quantity.get(),
    }
}

/// 6, 7, 8 and 9 of the fills of one input, which started from `before`.
fn fills_hold(before: &State, bench: &Bench, events: &[Event]) {
    let mut net: BTreeMap<Symbol, Decimal> =
        before.positions.iter().map(|(s, position)| (s.clone(), position.net.get())).collect();
    for event in events {
        let Event::Filled(fill) = event else { continue };
        let (instrument, order) = (bench.broker.instrument(&fill.symbol), &bench.orders[&fill.order_id]);
        let (price, why) = (fill.price.get(), fill.why);
        assert!(fill.quantity.get() > Decimal::ZERO && price > Decimal::ZERO, "6");
        assert!((price % instrument.tick).is_zero(), "6: {fill:?}");
        assert!((fill.quantity.get() % instrument.step).is_zero(), "6");
        assert_eq!(price, why.reference.get() + why.spread + why.slippage + why.rounding + why.cap);
        let better = match fill.side {
            OrderSide::Buy => why.reference.get() - price,
            OrderSide::Sell => price - why.reference.get(),
        };
        assert!(better <= Decimal::ZERO || !why.cap.is_zero(), "7");
        if let Some(limit) = order.limit {
            match fill.side {
                OrderSide::Buy => assert!(fill.price <= limit, "8"),
                OrderSide::Sell => assert!(fill.price >= limit, "8"),
            }
        }
        let made = matches!(why.source, PriceSource::Limit);
        assert!(!made || fill.liquidity == Liquidity::Maker);
        let held = net.entry(fill.symbol.clone()).or_default();
        let after = *held + signed(fill);
        if order.reduce_only {
            assert!(after.abs() < held.abs(), "9");
            assert!(after.is_zero() || after.is_sign_negative() == held.is_sign_negative(), "9");
        }
        *held = after;
    }
}

/// 10: what is over stays as it is; what is filled adds up; a bracket takes out no more than its entry put in.
fn orders_hold(seen: &mut BTreeMap<OrderId, Order>, bench: &Bench, events: &[Event]) {
    let mut told = Vec::new();
    for event in events {
        let Event::Order(order) = event else { continue };
        assert!(!told.contains(&order.id), "an order is told once");
        told.push(order.id.clone());
        if let Some(known) = seen.get(&order.id) {
            assert!(known.is_live(), "10: {known:?}");
        }
        if let Some(parent) = &order.parent {
            assert!(bench.orders.contains_key(parent), "parents come first");
        }
        seen.insert(order.id.clone(), Order::clone(order));
    }
    let live: Vec<&Order> = bench.broker.state().orders.values().flatten().collect();
    for order in bench.orders.values() {
        let filled: Decimal =
            bench.fills.iter().filter(|f| f.order_id == order.id).map(|f| f.quantity.get()).sum();
        assert_eq!(order.filled.get(), filled);
        assert!(order.filled <= order.quantity);
        assert_eq!(order.status == OrderStatus::Filled, order.remaining().is_zero());
        assert_eq!(live.contains(&order), order.is_live());
        let children = bench.orders.values().filter(|child| child.parent.as_ref() == Some(&order.id));
        let out: Decimal = children.map(|child| child.filled.get()).sum();
        assert!(out <= order.filled.get());
    }
}

/// 11: a rejected signal leaves nothing but its decision and what its price did.
fn refusals_hold(before: &Broker, bench: &Bench, input: &Input, events: &[Event]) {
    let (Some(Event::Decided(decision)), Input::Signal(signal)) = (events.last(), input) else { return };
    let failed = decision.checks.made().iter().filter(|c| c.outcome.as_str() == "fail").count();
    assert_eq!(failed, usize::from(decision.reason.is_some()), "{decision:?}");
    let placed_before = before.state().orders_placed;
    if decision.status == SignalStatus::Executed {
        let did = events.iter().any(|event| matches!(event, Event::Order(_)));
        assert!(did, "{events:?}");
        return;
    }
    let liquidated = bench.broker.state().liquidated_at.is_some();
    assert!(liquidated || bench.broker.state().orders_placed == placed_before, "11");
    let expires = |event: &Event| matches!(event, Event::Order(o) if matches!(o.status, OrderStatus::Expired | OrderStatus::Cancelled(_)));
    if signal.signal.price.is_none() && !events.iter().any(expires) {
        assert_eq!(events.len(), 1, "11");
        assert!(*before == bench.broker, "11");
    }
}

/// Children are named after their entry and share its number.
fn brackets_hold(bench: &Bench) {
    for order in bench.orders.values() {
        let Some(parent) = &order.parent else {
            assert_eq!(order.client_id.role, Role::Main);
            continue;
        };
        let parent = &bench.orders[parent];
        assert_eq!(order.number, parent.number);
        assert!(order.reduce_only && order.side == parent.side.opposite());
        let waits = order.status == OrderStatus::Held;
        assert!(!waits || (parent.is_live() && parent.filled == Quantity::ZERO));
    }
}

fn hold(settings: &[(&str, &str)], ops: &[Op]) {
    let settings: Vec<(&str, &str)> = SETTINGS.iter().chain(settings).copied().collect();
    let mut bench = Bench::new("AAPL", "10000", &settings);
    let mut seen = BTreeMap::new();
    for input in inputs(ops) {
        let before = bench.broker.clone();
        let events = bench.apply(input.clone());
        fills_hold(before.state(), &bench, &events);
        orders_hold(&mut seen, &bench, &events);
        refusals_hold(&before, &bench, &input, &events);
        books_hold(&bench);
        brackets_hold(&bench);
    }
}

proptest! {
    #![proptest_config(cases(3_000))]

    #[test]
    fn invariants_hold_after_every_input(ops in prop::collection::vec(op(), 1..60)) {
        hold(&[], &ops);
    }

    #[test]
    fn invariants_hold_with_margin_and_a_cautious_broker(ops in prop::collection::vec(op(), 1..60)) {
        hold(
            &[
                ("instrument.init_margin_long", "0.02"),
                ("instrument.init_margin_short", "0.02"),
                ("bar_path", "pessimistic"),
                ("limit_fill", "through"),
                ("price_source", "alert"),
                ("risk.max_daily_loss", "20%"),
                ("risk.timezone", "America/New_York"),
            ],
            &ops,
        );
    }
}
