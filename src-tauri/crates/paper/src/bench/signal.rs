//! Signals of scripts: an action and words such as `qty=2 limit=99.5 tp=110@50 tp=3% sl=90 sltrail=2% tif=day
//! comment=EXIT_50 price=101 id=A1 dialect=octobot replay`.
//!
//! A level is a price, `3%`, `5abs` or `20pips` from the entry; `@50` is a take profit's portion; a trail is an
//! amount or a share.

use super::{Bench, d, price};
use crate::duplicate::{self, Message, Recorded, Verdict};
use crate::{SignalInput, WebhookRules};
use domain::{
    BracketLevel, DialectName, Intent, NetQuantity, OrderType, SellMode, Side, Signal, SignalId, Size,
    SizeUnit, StopLoss, Symbol, TakeProfit, TimeInForce, Timestamp, Trail, TrailUnit, WebhookId,
};

impl Bench {
    pub(crate) fn signal(&mut self, t: i64, action: &str, words: &[&str]) -> SignalInput {
        let symbol = self.symbol.clone();
        self.signal_of(&symbol, super::at(t), action, words)
    }

    pub(super) fn signal_of(
        &mut self,
        symbol: &Symbol,
        now: Timestamp,
        action: &str,
        words: &[&str],
    ) -> SignalInput {
        let field = |name: &str| words.iter().find_map(|w| w.strip_prefix(name)?.strip_prefix('='));
        let mode = self.broker.config().sell_mode;
        let mut signal = canonical(action, field("comment"), field("qty"), mode, symbol.clone());
        signal.price = field("price").map(price);
        signal.id = field("id").map(str::to_owned);
        signal.target_position = field("target").map(|text| NetQuantity::new(d(text)));
        orders(&mut signal, words);
        if let Some(size) = field("size") {
            let (value, unit) = size.split_once(':').unwrap();
            signal.size = Some(Size { value: d(value), unit: SizeUnit::parse(unit).unwrap() });
        }
        signal.leverage = field("leverage").map(d);
        self.signals += 1;
        let id = SignalId::parse(&format!("sig_{}", self.signals)).unwrap();
        let replay = words.contains(&"replay");
        // The window of messages without an id is `duplicate`'s own; scripts need not keep out of its way.
        let judged = signal.id.is_some() && !replay;
        let duplicate_of = if judged { self.judge(&signal, &id, now) } else { None };
        SignalInput {
            id,
            signal,
            dialect: field("dialect").and_then(DialectName::parse),
            rules: WebhookRules::default(),
            received_at: now,
            decided_at: now,
            duplicate_of,
            replay,
            kill_switch: self.killed,
            verdict: None,
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

/// Reads the words about the order and its bracket.
fn orders(signal: &mut Signal, words: &[&str]) {
    let mut stop = StopLoss { level: None, limit: None, trail: None };
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match name {
            "limit" => signal.order.limit = Some(price(value)),
            "stop" => signal.order.stop = Some(price(value)),
            "trail" => signal.order.trail = Some(trail(value)),
            "activation" => signal.order.activation = Some(price(value)),
            "tif" => signal.order.time_in_force = TimeInForce::parse(value),
            "tp" => {
                let (value, portion) = value.split_once('@').map_or((value, None), |(v, p)| (v, Some(d(p))));
                signal.take_profit.push(TakeProfit { level: level(value), portion_pct: portion });
            }
            "sl" => stop.level = Some(level(value)),
            "sllimit" => stop.limit = Some(price(value)),
            "sltrail" => stop.trail = Some(trail(value)),
            _ => {}
        }
    }
    let order = &mut signal.order;
    order.kind = match (order.limit, order.stop, order.trail) {
        (_, _, Some(_)) => OrderType::TrailingStop,
        (Some(_), Some(_), None) => OrderType::StopLimit,
        (Some(_), None, None) => OrderType::Limit,
        (None, Some(_), None) => OrderType::Stop,
        (None, None, None) => OrderType::Market,
    };
    if stop.level.is_some() || stop.trail.is_some() {
        signal.stop_loss = Some(stop);
    }
}

fn level(text: &str) -> BracketLevel {
    if let Some(share) = text.strip_suffix('%') {
        BracketLevel::Percent(d(share))
    } else if let Some(distance) = text.strip_suffix("abs") {
        BracketLevel::Absolute(d(distance))
    } else if let Some(pips) = text.strip_suffix("pips") {
        BracketLevel::Pips(d(pips))
    } else {
        BracketLevel::Price(price(text))
    }
}

fn trail(text: &str) -> Trail {
    match text.strip_suffix('%') {
        Some(share) => Trail { value: d(share), unit: TrailUnit::Percent },
        None => Trail { value: d(text), unit: TrailUnit::Absolute },
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
    let exits = Some(if buys { Side::Short } else { Side::Long });
    let (intent, side, size) = match (comment.as_deref(), action, mode) {
        (Some("EXIT_FINAL" | "EXIT_ALL"), ..) => (Intent::Close, exits, None),
        (Some(exit), ..) if exit.starts_with("EXIT_") => {
            let size = Size { value: d(&exit[5..]), unit: SizeUnit::PercentPosition };
            (Intent::Reduce, exits, Some(size))
        }
        (_, "buy", _) => (Intent::Open, Some(Side::Long), None),
        (_, "short", _) | (_, "sell", SellMode::Flip) => (Intent::Open, Some(Side::Short), None),
        (_, "sell", _) => (Intent::Close, Some(Side::Long), None),
        (_, "cover", _) => (Intent::Close, Some(Side::Short), None),
        (_, "close", _) => (Intent::Close, None, None),
        (_, "reverse-long", _) => (Intent::Reverse, Some(Side::Long), None),
        (_, "reverse-short", _) => (Intent::Reverse, Some(Side::Short), None),
        (_, "target", _) => (Intent::Target, None, None),
        (_, "cancel-all", _) => (Intent::Cancel, None, None),
        (_, "cancel-long", _) => (Intent::Cancel, Some(Side::Long), None),
        (_, "cancel-short", _) => (Intent::Cancel, Some(Side::Short), None),
        (_, other, _) => panic!("no such action on the bench: {other}"),
    };
    let named = quantity.map(|text| Size { value: d(text), unit: SizeUnit::Base });
    let intent = if intent == Intent::Close && named.is_some() { Intent::Reduce } else { intent };
    let mut signal = Signal::new(intent, side, action, symbol);
    signal.size = named.or(size);
    signal.comment = comment;
    signal
}
