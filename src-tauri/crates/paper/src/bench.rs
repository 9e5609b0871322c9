//! A broker on a test bench: steps in a line of text each, and a snapshot of what came of them.
//!
//! `t` counts milliseconds. Steps: `0 last 100.00`, `0 quote 100.00 100.02`, and signals such as
//! `5001 sell qty=2 comment=EXIT_50 price=101 id=A1 replay`. Orders are named o1, o2, … as they come.

use crate::duplicate::{self, Message, Recorded, Verdict};
use crate::{
    Broker, Config, Event, Fill, Input, LedgerTotals, Order, SignalInput, Transaction, WebhookRules,
};
use domain::{
    Intent, Money, OrderId, Price, SellMode, Side, Signal, SignalId, Size, SizeUnit, Symbol, Timestamp,
    WebhookId, parse_decimal,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub(crate) fn d(text: &str) -> Decimal {
    parse_decimal(text).unwrap()
}

pub(crate) fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// A broker, everything that it said, and a table of duplicates.
pub(crate) struct Bench {
    pub(crate) broker: Broker,
    pub(crate) symbol: Symbol,
    pub(crate) ledger: Vec<Transaction>,
    pub(crate) fills: Vec<Fill>,
    pub(crate) orders: BTreeMap<OrderId, Order>,
    pub(crate) order_names: Vec<OrderId>,
    pub(crate) decided: Vec<String>,
    recorded: BTreeMap<[u8; 32], Recorded>,
    signals: u32,
}

impl Bench {
    pub(crate) fn new(symbol: &str, cash: &str, settings: &[(&str, &str)]) -> Self {
        let config = Config::from_entries(settings.iter().copied()).unwrap();
        let opening = Money::new(d(cash));
        Self {
            broker: Broker::new(config, opening),
            symbol: Symbol::new(symbol).unwrap(),
            ledger: vec![Transaction::opening(opening, at(0))],
            fills: Vec::new(),
            orders: BTreeMap::new(),
            order_names: Vec::new(),
            decided: Vec::new(),
            recorded: BTreeMap::new(),
            signals: 0,
        }
    }

    /// Runs one step.
    pub(crate) fn step(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (t, word, rest) = (words[0].parse().unwrap(), words[1], &words[2..]);
        match word {
            "last" => {
                let symbol = self.symbol.clone();
                self.apply(Input::Last { symbol, price: price(rest[0]), at: at(t) });
            }
            "quote" => {
                let (bid, ask) = (price(rest[0]), price(rest[1]));
                let symbol = self.symbol.clone();
                self.apply(Input::Quote { symbol, bid, ask, at: at(t) });
            }
            action => {
                let input = self.signal(t, action, rest);
                self.apply(Input::Signal(Box::new(input)));
            }
        }
    }

    /// Applies an input and keeps what it caused.
    pub(crate) fn apply(&mut self, input: Input) -> Vec<Event> {
        let events = self.broker.apply(input);
        for event in &events {
            match event {
                Event::Order(order) => {
                    if !self.order_names.contains(&order.id) {
                        self.order_names.push(order.id.clone());
                    }
                    self.orders.insert(order.id.clone(), Order::clone(order));
                }
                Event::Filled(fill) => self.fills.push(Fill::clone(fill)),
                Event::Posted(transaction) => self.ledger.push(transaction.clone()),
                Event::Decided(decision) => {
                    let reason = decision.reason.as_ref().map(|r| format!(":{}", r.code)).unwrap_or_default();
                    self.decided.push(format!("{}{reason}", decision.status));
                }
                Event::Position { .. }
                | Event::Balances { .. }
                | Event::CommandDenied { .. }
                | Event::InputRefused { .. } => {}
            }
        }
        events
    }

    /// The fills as `o1 buy 10 @ 100.02 fee 0`.
    pub(crate) fn fill_lines(&self) -> Vec<String> {
        let line = |fill: &Fill| {
            let number = self.order_names.iter().position(|id| *id == fill.order_id).unwrap() + 1;
            format!("o{number} {} {} @ {} fee {}", fill.side, fill.quantity, fill.price, fill.fee)
        };
        self.fills.iter().map(line).collect()
    }

    /// What the ledger alone says.
    pub(crate) fn ledger_totals(&self) -> LedgerTotals {
        LedgerTotals::sum(self.ledger.iter().flat_map(Transaction::entries)).unwrap()
    }

    pub(crate) fn signal(&mut self, t: i64, action: &str, words: &[&str]) -> SignalInput {
        let field = |name: &str| words.iter().find_map(|w| w.strip_prefix(name)?.strip_prefix('='));
        let mode = self.broker.config().sell_mode;
        let mut signal = canonical(action, field("comment"), field("qty"), mode, self.symbol.clone());
        signal.price = field("price").map(price);
        signal.id = field("id").map(str::to_owned);
        signal.target_position = field("target").map(|text| domain::NetQuantity::new(d(text)));
        self.signals += 1;
        let id = SignalId::parse(&format!("sig_{}", self.signals)).unwrap();
        let replay = words.contains(&"replay");
        let duplicate_of = if replay { None } else { self.judge(&signal, &id, at(t)) };
        SignalInput {
            id,
            signal,
            dialect: None,
            rules: WebhookRules::default(),
            received_at: at(t),
            decided_at: at(t),
            duplicate_of,
            replay,
            kill_switch: words.contains(&"killed"),
        }
    }

    fn judge(&mut self, signal: &Signal, id: &SignalId, now: Timestamp) -> Option<SignalId> {
        let webhook = WebhookId::parse("wh_bench").unwrap();
        let window_ms = duplicate::WINDOW_MS_DEFAULT;
        let keys = duplicate::keys(&Message { webhook: &webhook, body: b"", index: 0, signal, window_ms });
        match duplicate::judge(&keys, now, |key| self.recorded.get(&key.hash).cloned()) {
            Verdict::DuplicateOf(first) => Some(first),
            Verdict::New { record } => {
                for key in record {
                    self.recorded.insert(key.hash, Recorded { first_at: now, signal: id.clone() });
                }
                None
            }
        }
    }
}

/// The canonical form of a plain action, as a reader of messages makes it.
fn canonical(
    action: &str,
    comment: Option<&str>,
    quantity: Option<&str>,
    mode: SellMode,
    symbol: Symbol,
) -> Signal {
    let comment = comment.map(str::to_ascii_uppercase);
    let buys = matches!(action, "buy" | "cover");
    let (intent, side, size) = match (comment.as_deref(), action, mode) {
        (Some("EXIT_FINAL" | "EXIT_ALL"), ..) => {
            (Intent::Close, Some(if buys { Side::Short } else { Side::Long }), None)
        }
        (Some(exit), ..) if exit.starts_with("EXIT_") => {
            let size = Size { value: d(&exit[5..]), unit: SizeUnit::PercentPosition };
            (Intent::Reduce, Some(if buys { Side::Short } else { Side::Long }), Some(size))
        }
        (_, "buy", _) => (Intent::Open, Some(Side::Long), None),
        (_, "short", _) | (_, "sell", SellMode::Flip) => (Intent::Open, Some(Side::Short), None),
        (_, "sell", _) => (Intent::Close, Some(Side::Long), None),
        (_, "cover", _) => (Intent::Close, Some(Side::Short), None),
        (_, "close", _) => (Intent::Close, None, None),
        (_, "reverse-long", _) => (Intent::Reverse, Some(Side::Long), None),
        (_, "reverse-short", _) => (Intent::Reverse, Some(Side::Short), None),
        (_, "target", _) => (Intent::Target, None, None),
        (_, other, _) => panic!("no such action on the bench: {other}"),
    };
    let named = quantity.map(|text| Size { value: d(text), unit: SizeUnit::Base });
    let intent = if intent == Intent::Close && named.is_some() { Intent::Reduce } else { intent };
    let mut signal = Signal::new(intent, side, action, symbol);
    signal.size = named.or(size);
    signal.comment = comment;
    signal
}
