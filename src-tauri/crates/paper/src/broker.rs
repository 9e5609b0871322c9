//! One paper account: takes inputs one at a time and returns what came of them.
//!
//! An input is applied wholly or not at all: everything is computed before anything is changed. The one exception is
//! meant: the closing half of a reversal stands when its opening half is denied.

mod command;
mod decide;
mod gate;
mod observe;
mod trade;

use crate::balance::Balances;
use crate::config::Config;
use crate::event::Event;
use crate::input::Input;
use crate::instrument::Instrument;
use crate::position::Position;
use crate::price::{Observation, Seen};
use crate::state::{State, StateError};
use domain::{Money, Symbol, Timestamp};

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
        Self { config, state: State::opened(opening), balances }
    }

    /// An account as it was left.
    ///
    /// # Errors
    /// [`StateError`] when the state contradicts itself.
    pub fn restore(config: Config, state: State) -> Result<Self, StateError> {
        state.audit()?;
        let balances = Balances::of(&config, &state.funds, &state.positions, None)?;
        Ok(Self { config, state, balances })
    }

    /// Applies one input and returns what came of it, in order.
    pub fn apply(&mut self, input: Input) -> Vec<Event> {
        match input {
            Input::Signal(signal) => self.decide(&signal),
            Input::Last { symbol, price, at } => {
                self.observe(symbol, Observation { seen: Seen::Last(price), at })
            }
            Input::Quote { symbol, bid, ask, at } => {
                self.observe(symbol, Observation { seen: Seen::Quote { bid, ask }, at })
            }
            Input::Close { command, symbol, at } => self.close(command, symbol, at),
            Input::Flatten { command, at } => self.flatten(command, at),
            Input::Deposit { command, amount, at } => self.deposit(command, amount, at),
            Input::Withdraw { command, amount, at } => self.withdraw(command, amount, at),
            Input::Configure { config, at } => self.configure(*config, at),
        }
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
        self.instrument_of(symbol, &self.position(symbol))
    }

    fn instrument_of(&self, symbol: &Symbol, position: &Position) -> Instrument {
        self.config.instrument(symbol, position.market, position.price_scale)
    }

    /// What is kept of a symbol; nothing seen and nothing held for a new one.
    fn position(&self, symbol: &Symbol) -> Position {
        self.state.positions.get(symbol).copied().unwrap_or_default()
    }

    /// Ends the events of an input with the rows that changed.
    fn report(&self, symbols: &[Symbol], before: &Balances, at: Timestamp, events: &mut Vec<Event>) {
        for symbol in symbols {
            events
                .push(Event::Position { symbol: symbol.clone(), position: Box::new(self.position(symbol)) });
        }
        if *before != self.balances {
            events.push(Event::Balances { balances: Box::new(self.balances), at });
        }
    }
}

#[cfg(test)]
mod gate_tests;
#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod scenario_tests;
