//! A second broker, written to be read: whole cents and whole units in plain integers, one symbol, last prices, no
//! fees. It shares nothing with the real one; both are given the same sequences and must say the same.

use super::*;
use crate::bench::Bench;
use crate::{Order, OrderStatus};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Ask {
    Price(i64),
    /// Quantity above zero buys; then kind 0 market, 1 limit, 2 stop and its price, target and stop loss.
    Enter(i64, u8, i64, Option<i64>, Option<i64>),
    /// Quantity, kind and price.
    Exit(i64, u8, i64),
    Cancel(usize),
    Kill,
}

#[derive(Debug, Clone, PartialEq)]
struct Toy {
    name: String,
    /// Above zero buys.
    quantity: i64,
    kind: u8,
    price: i64,
    entry: bool,
    parent: Option<usize>,
    state: &'static str,
}

#[derive(Debug, Default)]
struct ToyBroker {
    last: Option<i64>,
    held: i64,
    cash: i64,
    count: usize,
    toys: Vec<Toy>,
    log: Vec<String>,
}

impl ToyBroker {
    fn ask(&mut self, ask: &Ask) {
        match *ask {
            Ask::Price(price) => {
                self.last = Some(price);
                for n in 0..self.toys.len() {
                    self.look(n, false);
                }
            }
            Ask::Enter(quantity, kind, price, target, stop) => {
                self.enter(quantity, kind, price, target, stop)
            }
            Ask::Exit(quantity, kind, price) => {
                if self.last.is_some() && self.held != 0 {
                    let quantity = quantity.min(self.held.abs()) * -self.held.signum();
                    self.add(quantity, kind, price, false, None);
                    self.look(self.toys.len() - 1, true);
                }
            }
            Ask::Cancel(number) => {
                let name = format!("o{number}");
                if let Some(n) = self.toys.iter().position(|t| t.name == name && t.state == "live") {
                    self.end(n, "cancelled:USER_CANCELLED");
                }
            }
            Ask::Kill => {
                for n in 0..self.toys.len() {
                    if self.toys[n].entry && self.toys[n].state == "live" {
                        self.end(n, "cancelled:KILL_SWITCH");
                    }
                }
            }
        }
    }

    fn enter(&mut self, quantity: i64, kind: u8, price: i64, target: Option<i64>, stop: Option<i64>) {
        let Some(last) = self.last else { return };
        let side = quantity.signum();
        let at = if kind == 0 { last } else { price };
        let wrong =
            target.is_some_and(|t| (t - at) * side <= 0) || stop.is_some_and(|s| (at - s) * side <= 0);
        if self.held * side < 0 || wrong {
            return;
        }
        self.add(quantity, kind, price, true, None);
        let parent = self.toys.len() - 1;
        for (kind, level) in [(1, target), (2, stop)] {
            if let Some(level) = level {
                self.add(-quantity, kind, level, false, Some(parent));
            }
        }
        self.look(parent, true);
    }

    fn add(&mut self, quantity: i64, kind: u8, price: i64, entry: bool, parent: Option<usize>) {
        let name = match parent {
            None => {
                self.count += 1;
                format!("o{}", self.count)
            }
            Some(_) => format!("o{}.{}", self.count, if kind == 1 { "tp" } else { "sl" }),
        };
        let state = if parent.is_some() { "held" } else { "live" };
        self.toys.push(Toy { name, quantity, kind, price, entry, parent, state });
    }

    /// Fills an order if the last price lets it; `fresh` ones take the price that is there.
    fn look(&mut self, n: usize, fresh: bool) {
        let (toy, last) = (self.toys[n].clone(), self.last.unwrap_or(0));
        if toy.state != "live" {
            return;
        }
        let buys = toy.quantity > 0;
        let price = match toy.kind {
            0 => last,
            1 if (buys && last <= toy.price) || (!buys && last >= toy.price) => {
                if fresh {
                    last
                } else {
                    toy.price
                }
            }
            2 if (buys && last >= toy.price) || (!buys && last <= toy.price) => last,
            _ => return,
        };
        self.toys[n].state = "filled";
        let before = self.held;
        self.held += toy.quantity;
        self.cash -= toy.quantity * price;
        self.log.push(format!("{} {} @ {price}", toy.name, toy.quantity));
        if let Some(parent) = toy.parent {
            for other in 0..self.toys.len() {
                let sibling = &mut self.toys[other];
                let waits = sibling.state == "live" || sibling.state == "held";
                if other != n && sibling.parent == Some(parent) && waits {
                    sibling.quantity -= toy.quantity;
                    if sibling.quantity == 0 {
                        sibling.state = "cancelled:OCO_SIBLING_FILLED";
                    }
                }
            }
        }
        if before * toy.quantity < 0 {
            self.trim();
        }
        for child in 0..self.toys.len() {
            if self.toys[child].parent == Some(n) && self.toys[child].state == "held" {
                self.toys[child].state = "live";
                self.trim();
                self.look(child, true);
            }
        }
    }

    /// What may only reduce is no larger than what is held.
    fn trim(&mut self) {
        for toy in &mut self.toys {
            if toy.entry || toy.state != "live" {
                continue;
            }
            if toy.quantity * self.held >= 0 {
                toy.state = "cancelled:POSITION_CLOSED";
            } else if toy.quantity.abs() > self.held.abs() {
                toy.quantity = -self.held;
            }
        }
    }

    fn end(&mut self, n: usize, how: &'static str) {
        self.toys[n].state = how;
        for child in &mut self.toys {
            if child.parent == Some(n) && child.state == "held" {
                child.state = "cancelled:PARENT_CANCELLED";
            }
        }
    }
}

fn ask() -> impl Strategy<Value = Ask> {
    let price = || 9_900_i64..10_100;
    let enter =
        (1_i64..20, any::<bool>(), 0_u8..3, price(), prop::option::of(price()), prop::option::of(price()));
    prop_oneof![
        5 => price().prop_map(Ask::Price),
        4 => enter.prop_map(|(quantity, buys, kind, price, target, stop)| {
            Ask::Enter(if buys { quantity } else { -quantity }, kind, price, target, stop)
        }),
        2 => (1_i64..20, 0_u8..3, price()).prop_map(|(quantity, kind, price)| Ask::Exit(quantity, kind, price)),
        1 => (1_usize..8).prop_map(Ask::Cancel),
        1 => Just(Ask::Kill),
    ]
}

fn kind_of(kind: u8, price: i64) -> OrderOp {
    let kind = [OrderType::Market, OrderType::Limit, OrderType::Stop][usize::from(kind)];
    OrderOp { kind, limit: price, stop: price, ..MARKET }
}

/// The same for the real broker.
fn real(bench: &Bench, number: usize, ask: &Ask) -> Input {
    let now = at(i64::try_from(number).unwrap());
    let op = match *ask {
        Ask::Price(price) => return Input::Last { symbol: symbol(1), price: cents(price), at: now },
        Ask::Kill => return Input::KillSwitch { at: now },
        Ask::Cancel(wanted) => {
            let order = bench.orders.values().find(|o| o.number == wanted as u64 && o.parent.is_none());
            let order = order.map_or_else(|| domain::OrderId::parse("ord_none").unwrap(), |o| o.id.clone());
            return Input::Cancel { command: "c".into(), order, at: now };
        }
        Ask::Exit(quantity, kind, price) => SignalOp {
            side: None,
            order: kind_of(kind, price),
            ..SignalOp::plain(Intent::Reduce, Side::Long, quantity * 100)
        },
        Ask::Enter(quantity, kind, price, target, stop) => SignalOp {
            order: kind_of(kind, price),
            take_profits: target.into_iter().map(|target| (target, None)).collect(),
            stop: stop.map(|stop| (Some(stop), None)),
            ..SignalOp::plain(
                Intent::Open,
                if quantity > 0 { Side::Long } else { Side::Short },
                quantity.abs() * 100,
            )
        },
    };
    Input::Signal(Box::new(signal_of(symbol(1), number, now, &op)))
}

fn name(order: &Order) -> String {
    let role = order.client_id.role.to_string();
    if role.is_empty() { format!("o{}", order.number) } else { format!("o{}.{role}", order.number) }
}

fn status(order: &Order) -> String {
    match (order.status, order.status.reason()) {
        (OrderStatus::Working | OrderStatus::Triggered, _) => "live".to_owned(),
        (status, Some(reason)) => format!("{}:{reason}", status.as_str()),
        (status, None) => status.as_str().to_owned(),
    }
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn the_broker_and_its_naive_twin_agree(asks in prop::collection::vec(ask(), 1..60)) {
        let settings =
            [("instrument.step", "1"), ("instrument.tick", "0.01"), ("max_entries", "1000"), ("max_price_age_ms", "100000")];
        let mut bench = Bench::new("AAPL", "100000000", &settings);
        let mut toy = ToyBroker::default();
        for (number, ask) in asks.iter().enumerate() {
            let input = real(&bench, number, ask);
            bench.apply(input);
            toy.ask(ask);
            let net = bench.broker.state().positions.get(&symbol(1)).map(|p| p.net.get()).unwrap_or_default();
            prop_assert_eq!(net, Decimal::from(toy.held), "{:?}", ask);
            let cash = Decimal::from(100_000_000) + hundredths(toy.cash);
            prop_assert_eq!(bench.broker.balances().cash.get(), cash, "{:?}", ask);
            let fills: Vec<String> = bench.fills.iter().map(|f| {
                let sign = if f.side == domain::OrderSide::Buy { "" } else { "-" };
                let cents = (f.price.get() * Decimal::ONE_HUNDRED).normalize();
                format!("{} {sign}{} @ {cents}", name(&bench.orders[&f.order_id]), f.quantity)
            }).collect();
            prop_assert_eq!(&fills, &toy.log, "{:?}", ask);
            let states: BTreeMap<String, String> = bench.orders.values().map(|o| (name(o), status(o))).collect();
            let toys: BTreeMap<String, String> =
                toy.toys.iter().map(|t| (t.name.clone(), t.state.to_owned())).collect();
            prop_assert_eq!(states, toys, "{:?}", ask);
        }
    }
}
