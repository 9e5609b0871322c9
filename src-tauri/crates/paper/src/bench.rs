//! A broker on a test bench: a script of steps in a line of text each, with what must come of them.
//!
//! ```text
//! set instrument.shortable true          a setting, before the first step
//! cash 1000                              the opening cash, 10000 where nothing is said
//! 0 quote 100.00 100.02                  a step: milliseconds and what happens
//! 1 buy qty=10 -> executed, o1 buys 10 at 100.02
//! = cash 8999.80                         what must be so now
//! # a comment; also at the end of any line
//! ```
//!
//! After `->` stands everything that the step did, in order: the decision, orders that changed and were not filled,
//! fills, round trips. Numbers compare as numbers. After every step the books are balanced, agree with the ledger, and
//! a broker restored from its state is the same broker. Signals are read by `signal`.

mod signal;

use crate::duplicate::Recorded;
use crate::{Bar, Broker, Config, Event, Fill, Input, LedgerTotals, Order, Trade, Transaction};
use domain::{Money, OrderId, Price, Symbol, Timestamp, parse_decimal};
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

/// Runs a script on a whole-share AAPL with a tick of a cent that cannot be sold short, unless it says otherwise.
pub(crate) fn script(text: &str) -> Bench {
    let mut settings = vec![
        ("instrument.tick", "0.01"),
        ("instrument.step", "1"),
        ("instrument.shortable", "false"),
        ("risk.max_price_deviation_bps", "off"),
    ];
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let (mut cash, mut symbol) = ("10000", "AAPL");
    for line in &lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["set", key, value] => settings.push((key, value)),
            ["set", key, value, more] => {
                settings.push((key, Box::leak(format!("{value} {more}").into_boxed_str())))
            }
            ["cash", amount] => cash = amount,
            ["symbol", name] => symbol = name,
            _ => {}
        }
    }
    let mut bench = Bench::new(symbol, cash, &settings);
    for line in lines {
        if !["set ", "cash ", "symbol "].iter().any(|word| line.starts_with(word)) {
            bench.line(line);
        }
    }
    bench
}

/// A broker, everything that it said, and a table of duplicates.
pub(crate) struct Bench {
    pub(crate) broker: Broker,
    pub(crate) symbol: Symbol,
    pub(crate) ledger: Vec<Transaction>,
    pub(crate) fills: Vec<Fill>,
    pub(crate) trades: Vec<Trade>,
    pub(crate) orders: BTreeMap<OrderId, Order>,
    pub(crate) decided: Vec<String>,
    recorded: BTreeMap<[u8; 32], Recorded>,
    signals: u32,
    commands: u32,
    killed: bool,
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
            trades: Vec::new(),
            orders: BTreeMap::new(),
            decided: Vec::new(),
            recorded: BTreeMap::new(),
            signals: 0,
            commands: 0,
            killed: false,
        }
    }

    fn line(&mut self, line: &str) {
        if let Some(expectation) = line.strip_prefix('=') {
            let (what, expected) = expectation.trim().split_once(' ').unwrap();
            let found = self.figure(what);
            assert_eq!(normal(&found), normal(expected), "{line}");
            return;
        }
        let (step, expected) = line.split_once("->").map_or((line, None), |(step, out)| (step, Some(out)));
        let events = self.step(step);
        if let Some(expected) = expected {
            assert_eq!(normal(&self.told(&events)), normal(expected), "{line}");
        }
        self.books_hold();
    }

    /// Runs one step.
    pub(crate) fn step(&mut self, line: &str) -> Vec<Event> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let other = words[1].strip_prefix("sym=").map(|name| Symbol::new(name).unwrap());
        let rest = &words[if other.is_some() { 2 } else { 1 }..];
        let (now, word, rest) = (at(words[0].parse().unwrap()), rest[0], &rest[1..]);
        let symbol = other.unwrap_or_else(|| self.symbol.clone());
        self.commands += 1;
        let command = format!("c{}", self.commands).into_boxed_str();
        let money = |text: &str| Money::new(d(text));
        let input = match word {
            "last" => Input::Last { symbol, price: price(rest[0]), at: now },
            "quote" => Input::Quote { symbol, bid: price(rest[0]), ask: price(rest[1]), at: now },
            "bar" => {
                let [open, high, low, close] = [0, 1, 2, 3].map(|n| price(rest[n]));
                let at = rest.get(4).map_or(now, |late| at(late.parse().unwrap()));
                Input::Bar { symbol, bar: Bar { open, high, low, close }, opened_at: now, at }
            }
            "tick" => Input::Tick { at: now },
            "kill" => {
                self.killed = true;
                Input::KillSwitch { at: now }
            }
            "resume" => {
                self.killed = false;
                return Vec::new();
            }
            "cancel" => Input::Cancel { command, order: self.named(rest[0]), at: now },
            "close-by-hand" => Input::Close { command, symbol, at: now },
            "flatten" => Input::Flatten { command, at: now },
            "deposit" => Input::Deposit { command, amount: money(rest[0]), at: now },
            "withdraw" => Input::Withdraw { command, amount: money(rest[0]), at: now },
            "set-now" => {
                let mut config = self.broker.config().clone();
                config.set(rest[0], &rest[1..].join(" ")).unwrap();
                Input::Configure { config: Box::new(config), at: now }
            }
            action => Input::Signal(Box::new(self.signal_of(&symbol, now, action, rest))),
        };
        self.apply(input)
    }

    /// Applies an input and keeps what it caused.
    pub(crate) fn apply(&mut self, input: Input) -> Vec<Event> {
        let events = self.broker.apply(input);
        for event in &events {
            match event {
                Event::Order(order) => {
                    self.orders.insert(order.id.clone(), Order::clone(order));
                }
                Event::Filled(fill) => self.fills.push(Fill::clone(fill)),
                Event::Trade(trade) => self.trades.push(Trade::clone(trade)),
                Event::Posted(transaction) => self.ledger.push(transaction.clone()),
                Event::Decided(decision) => {
                    let reason = decision.reason.as_ref().map(|r| format!(":{}", r.code)).unwrap_or_default();
                    self.decided.push(format!("{}{reason}", decision.status));
                }
                Event::Position { .. }
                | Event::Balances { .. }
                | Event::Liquidated { .. }
                | Event::CommandDenied { .. }
                | Event::InputRefused { .. } => {}
            }
        }
        events
    }

    /// What a step did, in words.
    pub(crate) fn told(&self, events: &[Event]) -> String {
        let mut decision = Vec::new();
        let mut rest = Vec::new();
        for event in events {
            match event {
                Event::Order(order) if order.status == crate::OrderStatus::Filled => {}
                Event::Order(order) => rest.push(self.order_line(order)),
                Event::Filled(fill) => {
                    let (name, how) = (self.name(&fill.order_id), fill.liquidity.as_str());
                    let how = if how == "maker" { " maker" } else { "" };
                    let fee =
                        if fill.fee == Money::ZERO { String::new() } else { format!(" fee {}", fill.fee) };
                    let line = format!("{name} {}s {} at {}{how}{fee}", fill.side, fill.quantity, fill.price);
                    rest.push(line);
                }
                Event::Trade(trade) => {
                    rest.push(format!("{} over {} by {}", trade.direction, trade.net, trade.exits));
                }
                Event::Decided(_) => decision.extend(self.decided.last().cloned()),
                Event::CommandDenied { reason, .. } => rest.push(format!("denied:{}", reason.code)),
                Event::InputRefused { reason, .. } => rest.push(format!("refused:{}", reason.code)),
                Event::Liquidated { .. } => rest.push("liquidated".to_owned()),
                Event::Posted(_) | Event::Position { .. } | Event::Balances { .. } => {}
            }
        }
        decision.extend(rest);
        if decision.is_empty() { "nothing".to_owned() } else { decision.join(", ") }
    }

    fn order_line(&self, order: &Order) -> String {
        let reason = order.status.reason().map(|r| format!(":{r}")).unwrap_or_default();
        let left = if order.is_live() && order.reduce_only {
            format!(" {}", order.remaining())
        } else {
            String::new()
        };
        let stop = match (order.trailing, order.stop) {
            (Some(_), Some(stop)) if order.is_live() => format!(" stop {stop}"),
            _ => String::new(),
        };
        format!("{} {}{reason}{left}{stop}", self.name(&order.id), order.status.as_str())
    }

    /// `o1`, `o1.tp`, …: by number and role.
    fn name(&self, id: &OrderId) -> String {
        let order = &self.orders[id];
        let role = order.client_id.role.to_string();
        if role.is_empty() { format!("o{}", order.number) } else { format!("o{}.{role}", order.number) }
    }

    fn named(&self, name: &str) -> OrderId {
        let found = self.orders.keys().find(|id| self.name(id) == name);
        found.cloned().unwrap_or_else(|| OrderId::parse("ord_nobody").unwrap())
    }

    /// A figure by its name, as text.
    fn figure(&self, what: &str) -> String {
        let position = self.broker.state().positions.get(&self.symbol).cloned().unwrap_or_default();
        let balances = self.broker.balances();
        let average = position.price_average(self.broker.instrument(&self.symbol).multiplier);
        match what {
            "position" => position.net.to_string(),
            "avg" => average.map_or("none".to_owned(), |p| p.round_dp(8).to_string()),
            "cash" => balances.cash.to_string(),
            "equity" => balances.equity.to_string(),
            "balance" => balances.balance.to_string(),
            "available" => balances.available.to_string(),
            "reserved" => balances.reserved.to_string(),
            "margin" => balances.margin.to_string(),
            "realized" => balances.realized_gross.to_string(),
            "unrealized" => balances.unrealized.to_string(),
            "fees" => balances.fees.to_string(),
            "trade" => self.trades.last().map_or("none".to_owned(), trade_line),
            order => {
                let line = self.order_line(&self.orders[&self.named(order)]);
                line.split_once(' ').map_or(String::new(), |(_, status)| status.to_owned())
            }
        }
    }

    /// What the ledger alone says.
    pub(crate) fn ledger_totals(&self) -> LedgerTotals {
        LedgerTotals::sum(self.ledger.iter().flat_map(Transaction::entries)).unwrap()
    }

    fn books_hold(&self) {
        let state = self.broker.state();
        assert_eq!(state.audit(), Ok(()));
        assert!(state.agrees_with(&self.ledger_totals()));
        let restored = Broker::restore(self.broker.config().clone(), state.clone());
        assert!(restored.as_ref() == Ok(&self.broker), "{state:?}");
    }
}

fn trade_line(trade: &Trade) -> String {
    let r = trade.r.map_or("none".to_owned(), |r| r.round_dp(8).to_string());
    let (entry, exit) = (trade.price_entry.round_dp(8), trade.price_exit.round_dp(8));
    format!(
        "{} {} from {entry} to {exit} gross {} fees {} net {} mae {} mfe {} r {r} bars {} by {}",
        trade.direction,
        trade.quantity_max,
        trade.gross,
        trade.fees,
        trade.net,
        trade.mae,
        trade.mfe,
        trade.bars,
        trade.exits
    )
}

/// Numbers without trailing zeros and single spaces, so that texts compare by what they say.
fn normal(text: &str) -> String {
    let word = |word: &str| {
        let (bare, comma) = word.strip_suffix(',').map_or((word, ""), |bare| (bare, ","));
        let number = parse_decimal(bare).map(|number| number.normalize().to_string());
        format!("{}{comma}", number.unwrap_or_else(|_| bare.to_owned()))
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}
