//! One paper account: takes inputs one at a time and returns what came of them.
//!
//! An input is applied wholly or not at all: everything is computed before anything is changed. The one exception is
//! meant: the closing half of a reversal stands when its opening half is denied.

mod booking;
mod bracket;
mod command;
mod decide;
mod draft;
mod entry;
mod exit;
mod gate;
mod limits;
mod matching;
mod needs;
mod place;
mod prices;
mod ruin;
mod walk;

use crate::balance::{Balances, Sums};
use crate::config::Config;
use crate::event::Event;
use crate::exact::Overflow;
use crate::input::Input;
use crate::instrument::Instrument;
use crate::order::{Order, OrderEvent};
use crate::price::Seen;
use crate::risk::RiskState;
use crate::state::{State, StateError};
use domain::{Money, Symbol, Timestamp};
use draft::{Changes, Draft};
use std::collections::BTreeMap;

pub use needs::Needs;

/// A paper account.
///
/// ```
/// use domain::{Intent, Money, Price, Side, Signal, SignalId, SignalStatus, Symbol, Timestamp};
/// use paper::{Broker, Config, Event, Input, SignalInput, WebhookRules};
///
/// let mut broker = Broker::new(Config::default(), Money::new(10_000.into()));
/// let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", Symbol::new("AAPL").unwrap());
/// signal.price = Some(Price::parse("100").unwrap());
/// let now = Timestamp::from_seconds(0);
/// let events = broker.apply(Input::Signal(Box::new(SignalInput {
///     id: SignalId::parse("sig_1").unwrap(),
///     signal,
///     dialect: None,
///     rules: WebhookRules::default(),
///     received_at: now,
///     decided_at: now,
///     duplicate_of: None,
///     replay: false,
///     kill_switch: false,
///     verdict: None,
/// })));
/// let Some(Event::Decided(decision)) = events.last() else { panic!("a signal is always decided") };
/// assert_eq!(decision.status, SignalStatus::Executed);
/// assert_eq!(broker.balances().cash, Money::new(9_900.into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broker {
    config: Config,
    state: State,
    balances: Balances,
    /// What all symbols together contribute to the figures.
    sums: Sums,
    /// The instrument and the contribution of every symbol of the state.
    own: BTreeMap<Symbol, Own>,
    /// No day order expires before this; nothing when there is none.
    expires_next: Option<Timestamp>,
}

/// What follows from settings and state for one symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Own {
    instrument: Instrument,
    sums: Sums,
}

impl Broker {
    /// A new account with `opening` as its capital, in the currency of `config`. Its first ledger transaction is
    /// [`Transaction::opening`](crate::Transaction::opening).
    #[must_use]
    pub fn new(config: Config, opening: Money) -> Self {
        let balances = Balances {
            cash: opening,
            balance: opening,
            equity: opening,
            available: opening,
            ..Balances::default()
        };
        Self {
            config,
            state: State::opened(opening),
            balances,
            sums: Sums::default(),
            own: BTreeMap::new(),
            expires_next: None,
        }
    }

    /// An account as it was left.
    ///
    /// # Errors
    /// [`StateError`] when the state contradicts itself.
    pub fn restore(config: Config, mut state: State) -> Result<Self, StateError> {
        state.audit()?;
        let (own, sums, balances) = valued(&config, &state)?;
        state.risk.equity_peak = state.risk.equity_peak.max(balances.equity);
        let expires_next = first_expiry(state.orders.values().flatten());
        Ok(Self { config, state, balances, sums, own, expires_next })
    }

    /// Applies one input and returns what came of it, in order.
    pub fn apply(&mut self, input: Input) -> Vec<Event> {
        let mut events = Vec::with_capacity(8);
        self.apply_to(&input, &mut events);
        events
    }

    /// As [`Broker::apply`], for callers with many inputs: what came of this one is put behind what stands in `events`,
    /// and the input stays the caller's.
    pub fn apply_to(&mut self, input: &Input, events: &mut Vec<Event>) {
        let before = self.balances;
        let at = input.at();
        // A bar tells of a time that lies back: what lived then is asked before it expires.
        let lived_until = if let Input::Bar { opened_at, .. } = input { at.min(*opened_at) } else { at };
        self.expire(lived_until, events);
        let decision = match input {
            Input::Signal(signal) => Some(self.decide(signal, events)),
            Input::Last { symbol, price, .. } => self.price(symbol, Seen::Last(*price), at, events),
            Input::Quote { symbol, bid, ask, .. } => {
                self.price(symbol, Seen::Quote { bid: *bid, ask: *ask }, at, events)
            }
            Input::Bar { symbol, bar, opened_at, .. } => {
                self.bar(symbol, bar, *opened_at, at, events);
                self.expire(at, events);
                None
            }
            Input::Tick { .. } => None,
            Input::KillSwitch { .. } => self.kill(at, events),
            Input::Cancel { command, order, .. } => self.cancel(command.clone(), order, at, events),
            Input::Close { command, symbol, .. } => self.close(command.clone(), symbol, at, events),
            Input::Flatten { command, .. } => self.flatten(command.clone(), at, events),
            Input::Deposit { command, amount, .. } => self.deposit(command.clone(), *amount, at, events),
            Input::Withdraw { command, amount, .. } => self.withdraw(command.clone(), *amount, at, events),
            Input::Configure { config, .. } => self.configure(Config::clone(config), at),
        };
        if before != self.balances {
            events.push(Event::Balances { balances: Box::new(self.balances), at });
        }
        events.extend(decision);
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// All that must survive a restart.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The figures of the account at the newest marks.
    #[must_use]
    pub fn balances(&self) -> &Balances {
        &self.balances
    }

    /// The instrument behind a symbol, every question answered.
    #[must_use]
    pub fn instrument(&self, symbol: &Symbol) -> Instrument {
        let known = self.own.get(symbol).map(|own| own.instrument);
        known.unwrap_or_else(|| self.config.instrument(symbol, None, 0))
    }

    /// The memory of the limits on risk as it is at `at`: a new day begins with the present equity.
    fn risk_at(&self, at: Timestamp) -> RiskState {
        self.state.risk.on(self.config.risk.zone.day(at), self.balances.equity)
    }

    /// When a day order that is placed at `at` expires: with its trading session, else at midnight.
    fn day_order_ends(&self, at: Timestamp) -> Timestamp {
        let risk = &self.config.risk;
        let session = risk.hours.as_ref().and_then(|hours| hours.session_end(&risk.zone, at));
        session.unwrap_or_else(|| risk.zone.day_end(at))
    }

    /// The symbols in which something is held or ordered.
    fn busy_symbols(&self) -> impl Iterator<Item = Symbol> {
        let held = |symbol: &&Symbol| {
            self.state.orders.contains_key(*symbol)
                || self.state.positions.get(*symbol).is_some_and(|position| position.net.side().is_some())
        };
        self.state.positions.keys().filter(held).cloned().collect::<Vec<_>>().into_iter()
    }

    /// Makes a draft true, and tells of it.
    fn commit(&mut self, changes: Changes, events: &mut Vec<Event>) {
        let Changes { symbol, position, orders, own, sums, funds, risk, orders_placed, balances, log } =
            changes;
        if let Some(orders) = orders {
            self.commit_orders(&symbol, orders, events);
        }
        events.extend(log);
        self.sums = sums;
        self.balances = balances;
        self.state.funds = funds;
        self.state.orders_placed = orders_placed;
        self.state.risk = RiskState { equity_peak: risk.equity_peak.max(balances.equity), ..risk };
        match self.own.get_mut(&symbol) {
            Some(known) => *known = own,
            None => {
                self.own.insert(symbol.clone(), own);
            }
        }
        let known = self.state.positions.get_mut(&symbol);
        if known.as_ref().is_some_and(|known| **known == position) {
            return;
        }
        match known {
            Some(known) => *known = position.clone(),
            None => {
                self.state.positions.insert(symbol.clone(), position.clone());
            }
        }
        events.push(Event::Position { symbol, position: Box::new(position) });
    }

    /// Keeps what lives and tells of what changed; new orders stand behind the known ones.
    fn commit_orders(&mut self, symbol: &Symbol, orders: Vec<Order>, events: &mut Vec<Event>) {
        let known = self.state.orders.remove(symbol).unwrap_or_default();
        let mut live = Vec::new();
        for (index, order) in orders.into_iter().enumerate() {
            let is_live = order.is_live();
            if known.get(index) == Some(&order) {
                live.push(order);
            } else if is_live {
                events.push(Event::Order(Box::new(order.clone())));
                live.push(order);
            } else {
                events.push(Event::Order(Box::new(order)));
            }
        }
        let dated = first_expiry(known.iter().chain(&live)).is_some();
        if !live.is_empty() {
            self.state.orders.insert(symbol.clone(), live);
        }
        if dated {
            self.expires_next = first_expiry(self.state.orders.values().flatten());
        }
    }

    /// Expires the day orders whose time has come.
    fn expire(&mut self, at: Timestamp, events: &mut Vec<Event>) {
        if self.expires_next.is_none_or(|next| at < next) {
            return;
        }
        let is_due = |order: &Order| order.expires_at.is_some_and(|end| end <= at);
        let due =
            |(symbol, orders): (&Symbol, &Vec<Order>)| orders.iter().any(is_due).then(|| symbol.clone());
        let symbols: Vec<Symbol> = self.state.orders.iter().filter_map(due).collect();
        for symbol in symbols {
            let ended = self.drafted(&symbol, at, |draft| {
                for index in 0..draft.now.orders.len() {
                    if is_due(&draft.now.orders[index]) && draft.now.orders[index].is_live() {
                        draft.end(index, OrderEvent::Expire)?;
                    }
                }
                Ok(())
            });
            // Taking a reserve out of the sums cannot need more digits than putting it in did.
            if let Ok(changes) = ended {
                self.commit(changes, events);
            }
        }
        self.expires_next = first_expiry(self.state.orders.values().flatten());
    }

    /// What `work` makes of one symbol.
    fn drafted(
        &self,
        symbol: &Symbol,
        at: Timestamp,
        work: impl FnOnce(&mut Draft<'_>) -> Result<(), Overflow>,
    ) -> Result<Changes, Overflow> {
        let mut draft = Draft::open(self, symbol, at);
        work(&mut draft)?;
        let sums = draft.sums()?;
        Ok(draft.finish(sums))
    }
}

/// The figures of a state from the ground up.
fn valued(config: &Config, state: &State) -> Result<(BTreeMap<Symbol, Own>, Sums, Balances), Overflow> {
    let mut own = BTreeMap::new();
    let mut sums = Sums::default();
    for (symbol, position) in &state.positions {
        let instrument = config.instrument(symbol, position.market, position.price_scale);
        let orders = state.orders.get(symbol).map_or(&[][..], Vec::as_slice);
        let one = Sums::of(config, &instrument, position, orders)?;
        sums = sums.plus(&one)?;
        own.insert(symbol.clone(), Own { instrument, sums: one });
    }
    let balances = Balances::of(&state.funds, &sums)?;
    Ok((own, sums, balances))
}

fn first_expiry<'a>(orders: impl IntoIterator<Item = &'a Order>) -> Option<Timestamp> {
    orders.into_iter().filter_map(|order| order.expires_at).min()
}

#[cfg(test)]
mod gate_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod scenario_tests;
