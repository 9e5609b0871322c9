//! Signals that wait for a venue: their lane waits with them, in order, and no other one does.
//!
//! What a decision needs is asked at its turn, on the books as they then are. The rows stay `received` while they wait, so
//! that a restart asks again. Used by the driver alone; absent: the network, which is `market`'s.

use crate::context::Context;
use crate::lanes::{LaneKey, WAITING_MAX};
use crate::market::{Board, Gathered, Order, SeriesOrder, Slot};
use crate::pipeline::{self, Supply, candles};
use crate::turn::Turn;
use ::market::{Ticker, Usable, Venue};
use domain::{Symbol, Timestamp};
use paper::{Broker, Event, Input, SignalInput};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::webhooks::Webhook;
use strategy::{Candles, SeriesKey};

/// Instruments of which it is remembered when their rules were asked for; of more, all are asked for again.
const RULES_MAX: usize = 10_000;

/// The lanes that wait.
#[derive(Debug, Default)]
pub(crate) struct Outside {
    lanes: BTreeMap<LaneKey, Lane>,
    rules_asked: HashMap<(Venue, Symbol), Timestamp>,
    /// Whether the board knows of what waits.
    told: bool,
}

#[derive(Debug)]
struct Lane {
    venue: Venue,
    first: Turn,
    slot: Slot,
    behind: Vec<Turn>,
}

impl Outside {
    /// Whether there is room for no more.
    pub(crate) fn is_full(&self) -> bool {
        self.lanes.values().map(|lane| 1 + lane.behind.len()).sum::<usize>() >= WAITING_MAX
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Forgets everything; the rows are read again.
    pub(crate) fn forget(&mut self) {
        self.lanes.clear();
        self.told = false;
    }

    /// Tells the board which lanes wait for which venue, where that has changed.
    pub(crate) fn tell(&mut self, board: &Board) {
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let mut waiting: BTreeMap<Venue, BTreeMap<LaneKey, u32>> = BTreeMap::new();
        for (key, lane) in &self.lanes {
            let signals = u32::try_from(1 + lane.behind.len()).unwrap_or(u32::MAX);
            waiting.entry(lane.venue).or_default().insert(key.clone(), signals);
        }
        board.waiting(waiting);
    }

    /// Takes out the lanes whose first signal has its answer, whole and in order.
    pub(crate) fn take_ready(&mut self) -> Vec<Turn> {
        let mut ready = Vec::new();
        self.lanes.retain(|_, lane| {
            let Some(gathered) = lane.slot.take() else { return true };
            ready.push(Turn { gathered: Some(gathered), ..lane.first.clone() });
            ready.append(&mut lane.behind);
            false
        });
        self.told &= ready.is_empty();
        ready
    }

    /// Lets a signal wait if it has to: behind another one of its lane, or for something that it needs. Says whether
    /// it waits.
    pub(crate) fn holds(
        &mut self,
        context: &Arc<Context>,
        lane: &LaneKey,
        turn: &Turn,
        webhook: &Webhook,
        broker: &Broker,
        input: &SignalInput,
    ) -> bool {
        if let Some(waiting) = self.lanes.get_mut(lane) {
            let no = turn.signal.no;
            let known = waiting.first.signal.no == no || waiting.behind.iter().any(|t| t.signal.no == no);
            if !known {
                waiting.behind.push(turn.clone());
                self.told = false;
            }
            return true;
        }
        if turn.gathered.is_some() {
            return false;
        }
        let Some(order) = self.needed(context, lane, webhook, broker, input) else { return false };
        let venue = order.venue();
        let slot = context.market.gather(context, order);
        self.lanes.insert(lane.clone(), Lane { venue, first: turn.clone(), slot, behind: Vec::new() });
        self.told = false;
        true
    }

    /// What is to be asked before the decision; nothing where the prices come from alerts, no strategy is asked, or
    /// what is known will do.
    fn needed(
        &mut self,
        context: &Context,
        lane: &LaneKey,
        webhook: &Webhook,
        broker: &Broker,
        input: &SignalInput,
    ) -> Option<Order> {
        let venue = context.market.venue_of(&lane.account);
        let series = series(context, venue, webhook, broker, input);
        if !series.is_empty() {
            context.market.following.note(&webhook.id, &input.signal);
        }
        let of_candles = || series.first().map(|series| series.listing.venue);
        let mut order = Order::of(venue.or_else(of_candles)?, &lane.symbol);
        if let Some(venue) = venue {
            order = self.with_price_and_rules(context, venue, lane, order, broker, input);
        }
        let order = series.into_iter().fold(order, Order::with_candles);
        (!order.is_empty()).then_some(order)
    }

    fn with_price_and_rules(
        &mut self,
        context: &Context,
        venue: Venue,
        lane: &LaneKey,
        mut order: Order,
        broker: &Broker,
        input: &SignalInput,
    ) -> Order {
        let price = broker.needs(input).price;
        let known = self.rules_asked.get(&(venue, lane.symbol.clone())).copied();
        if price {
            order = order.with_price();
        }
        if price || (known.is_none() && !broker.config().of_venue.contains_key(&lane.symbol)) {
            let now = context.clock.now();
            order = order.with_rules(known, now);
            if order.asks_rules() {
                if self.rules_asked.len() >= RULES_MAX {
                    self.rules_asked.clear();
                }
                self.rules_asked.insert((venue, lane.symbol.clone()), now);
            }
        }
        order
    }
}

/// What is to be asked for a dry run of a decision: as for a real one, and the rules only where none are known.
pub(crate) fn needed_for_trial(
    context: &Context,
    venue: Option<Venue>,
    webhook: &Webhook,
    broker: &Broker,
    input: &SignalInput,
) -> Option<Order> {
    let series = series(context, venue, webhook, broker, input);
    let symbol = &input.signal.symbol;
    let of_candles = || series.first().map(|series| series.listing.venue);
    let mut order = Order::of(venue.or_else(of_candles)?, symbol);
    if venue.is_some() && broker.needs(input).price {
        order = order.with_price();
        if !broker.config().of_venue.contains_key(symbol) {
            order = order.with_rules(None, context.clock.now());
        }
    }
    let order = series.into_iter().fold(order, Order::with_candles);
    (!order.is_empty()).then_some(order)
}

/// The candles that a strategy needs for its verdict, where one is asked.
fn series(
    context: &Context,
    venue: Option<Venue>,
    webhook: &Webhook,
    broker: &Broker,
    input: &SignalInput,
) -> Vec<SeriesOrder> {
    let strategies = context.directory.strategies();
    let Some(Some(known)) = pipeline::of_webhook(webhook, &strategies) else { return Vec::new() };
    if !known.is_asked(broker, input) {
        return Vec::new();
    }
    match candles::venue(&known.strategy, input.signal.exchange.as_deref(), venue) {
        Some(venue) => candles::orders(&known.strategy, &input.signal.symbol, venue),
        None => Vec::new(),
    }
}

/// The candles that were gathered, for the strategy.
pub(crate) fn supply(gathered: Option<&Gathered>) -> Supply {
    let Some(gathered) = gathered else { return Supply::default() };
    let known = gathered.candles.iter().filter_map(|((symbol, timeframe), candles)| {
        let candles = candles.as_ref().ok()?;
        let key = SeriesKey { symbol: symbol.clone(), timeframe: *timeframe };
        Some((key, Candles::new(candles.closed.clone(), candles.running)))
    });
    Supply { venue: (!gathered.candles.is_empty()).then_some(gathered.candles_of), series: known.collect() }
}

/// Lets the broker hear what a venue answered, before the signal that asked for it.
pub(crate) fn hear(gathered: &Gathered, broker: &mut Broker, now: Timestamp) -> Vec<Event> {
    let mut events = Vec::new();
    if let Some(rules) = gathered.rules.as_ref() {
        let row = crate::market::stored(gathered.venue, &gathered.symbol, rules, now);
        let settings = crate::market::settings_of(&row);
        let mut config = broker.config().clone();
        if config.of_venue.insert(gathered.symbol.clone(), settings) != Some(settings) {
            events.extend(broker.apply(Input::Configure { config: Box::new(config), at: now }));
        }
    }
    if let Some(Ok(ticker)) = &gathered.price {
        events.extend(observe(ticker, broker));
    }
    events
}

/// Lets the broker hear a price, unless it has heard a newer one.
pub(crate) fn observe(ticker: &Ticker, broker: &mut Broker) -> Vec<Event> {
    let known = broker.state().positions.get(&ticker.symbol).and_then(|position| position.observation);
    if known.is_some_and(|known| known.at > ticker.at) {
        return Vec::new();
    }
    let symbol = ticker.symbol.clone();
    let at = ticker.at;
    match ticker.usable() {
        Some(Usable::Quote { bid, ask }) => broker.apply(Input::Quote { symbol, bid, ask, at }),
        Some(Usable::Last(price)) => broker.apply(Input::Last { symbol, price, at }),
        None => Vec::new(),
    }
}

/// What is to be known of a decision for which a venue was asked in vain: its trouble, and what to do about it.
pub(crate) fn trouble(gathered: Option<&Gathered>) -> Option<String> {
    let gathered = gathered?;
    let price = gathered.price.as_ref().and_then(|price| price.as_ref().err());
    let candles = gathered.candles.values().find_map(|candles| candles.as_ref().err());
    price
        .map(|error| format!("{error}. {}", error.fix()))
        .or_else(|| candles.map(|error| format!("{error}. {}", error.fix())))
}
