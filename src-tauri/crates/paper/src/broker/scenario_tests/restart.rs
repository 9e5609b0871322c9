//! What lives goes on after a restart as if there had been none: the bench compares after every step. Here are the
//! states that no broker leaves behind.

use crate::bench::{Bench, d, script};
use crate::{Broker, Event, LedgerTotals, Order, OrderStatus, Position, State, StateError};
use domain::{Money, Quantity, Symbol};

fn resting() -> Bench {
    script(
        "set max_entries 2
         0 last 100
         1 buy qty=2 tp=110 sltrail=5
         2 buy qty=1 limit=90 sl=80 tif=day
         3 last 103
         86400000 tick                  -> o2 expired, o2.sl cancelled:PARENT_CANCELLED
         86400001 last 103
         86400002 buy qty=1 limit=90 sl=80",
    )
}

/// `change` makes the state impossible in the way of `expected`.
fn check(expected: &str, change: impl FnOnce(&mut State, &Symbol)) {
    let bench = resting();
    let mut state = bench.broker.state().clone();
    change(&mut state, &bench.symbol);
    let found = Broker::restore(bench.broker.config().clone(), state);
    assert_eq!(found.map(|_| ()).map_err(|error| error.to_string()), Err(expected.to_owned()));
}

fn order<'a>(state: &'a mut State, symbol: &Symbol, index: usize) -> &'a mut Order {
    &mut state.orders.get_mut(symbol).unwrap()[index]
}

#[test]
fn an_impossible_state_is_not_opened() {
    let wrong = |id: &str| format!("the order {id} contradicts itself or the position");
    check(&wrong("ord_1-1-tp"), |s, symbol| order(s, symbol, 0).status = OrderStatus::Filled);
    check(&wrong("ord_1-1-tp"), |s, symbol| order(s, symbol, 0).quantity = Quantity::parse("3").unwrap());
    check(&wrong("ord_1-1-tp"), |s, symbol| order(s, symbol, 0).filled = Quantity::parse("2").unwrap());
    check(&wrong("ord_1-1-tp"), |s, symbol| order(s, symbol, 0).side = domain::OrderSide::Buy);
    check(&wrong("ord_1-1-tp"), |s, symbol| order(s, symbol, 0).symbol = Symbol::new("MSFT").unwrap());
    check(&wrong("ord_1-1-tp"), |s, symbol| s.orders.get_mut(symbol).unwrap().swap(0, 1));
    check(&wrong("ord_1-1-tp"), |s, symbol| {
        let orders = s.orders.get_mut(symbol).unwrap();
        orders.insert(0, orders[0].clone());
    });
    check(&wrong("ord_3-1"), |s, _| s.orders_placed = 2);
    let position = "the position in AAPL contradicts itself";
    check(position, |s, symbol| s.positions.get_mut(symbol).unwrap().observation = None);
    check("the position in MSFT contradicts itself", |s, _| {
        let flat = Position { entries: 1, ..Position::default() };
        s.positions.insert(Symbol::new("MSFT").unwrap(), flat);
    });
    let unbalanced =
        "the books do not balance: capital is 10000, cash, inventory, profit and fees make 10001.00";
    check(unbalanced, |s, _| s.funds.cash = Money::new(d("9801")));
    let bench = resting();
    let same = Broker::restore(bench.broker.config().clone(), bench.broker.state().clone());
    assert!(!matches!(same, Err(StateError::Unbalanced { .. })));
    assert_eq!(same.as_ref(), Ok(&bench.broker));
}

/// Two bought at 100 without fees: 200 of the 10,000 are stock.
#[test]
fn a_ledger_agrees_in_every_sum_or_not_at_all() {
    let bench = script("0 last 100\n1 buy qty=2");
    let money = |text: &str| Money::new(d(text));
    let totals = LedgerTotals {
        cash: money("9800"),
        inventory: [(bench.symbol.clone(), money("200"))].into(),
        realized_gross: Money::ZERO,
        fees: Money::ZERO,
        capital: money("10000"),
    };
    let state = bench.broker.state();
    assert!(state.agrees_with(&totals));
    let off = |change: fn(&mut LedgerTotals)| {
        let mut totals = totals.clone();
        change(&mut totals);
        !state.agrees_with(&totals)
    };
    assert!(off(|totals| totals.cash = Money::ZERO));
    assert!(off(|totals| totals.inventory.clear()));
    assert!(off(|totals| totals.realized_gross = totals.cash));
    assert!(off(|totals| totals.fees = totals.cash));
    assert!(off(|totals| totals.capital = totals.cash));
}

/// Without its beginning a round trip has neither an entry price nor a result; the next one has its record again.
#[test]
fn a_holding_whose_beginning_is_not_known_has_no_record() {
    let mut bench = script("set max_entries 2\n0 last 100\n1 buy qty=2");
    let mut state = bench.broker.state().clone();
    state.positions.get_mut(&bench.symbol).unwrap().trade = None;
    bench.broker = Broker::restore(bench.broker.config().clone(), state).unwrap();
    let mut records = |steps: [&str; 2]| {
        let events = steps.map(|step| bench.step(step)).concat();
        events.iter().filter(|event| matches!(event, Event::Trade(_))).count()
    };
    assert_eq!(records(["2 buy qty=1", "3 sell"]), 0);
    assert_eq!(records(["4 buy qty=1", "5 sell"]), 1);
}
