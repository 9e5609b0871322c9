//! Prices that come in, and settings that change how they count.

use super::Broker;
use crate::balance::Balances;
use crate::check::Reason;
use crate::config::Config;
use crate::event::Event;
use crate::exact::Overflow;
use crate::price::{Observation, Seen};
use domain::{ReasonCode, Symbol, Timestamp};

impl Broker {
    /// Takes a price of the market; refused where the account could not be valued with it.
    pub(super) fn observe(&mut self, symbol: Symbol, observation: Observation) -> Vec<Event> {
        match self.try_observe(&symbol, observation) {
            Ok(before) => {
                let mut events = Vec::new();
                self.report(&[symbol], &before, observation.at, &mut events);
                events
            }
            Err(reason) => vec![Event::InputRefused { reason, at: observation.at }],
        }
    }

    fn try_observe(&mut self, symbol: &Symbol, observation: Observation) -> Result<Balances, Reason> {
        if let Seen::Quote { bid, ask } = observation.seen
            && bid > ask
        {
            return Err(Reason::with(ReasonCode::InvalidField, ask, bid));
        }
        observation.mark()?;
        let position = self.position(symbol).observed(observation);
        let balances =
            Balances::of(&self.config, &self.state.funds, &self.state.positions, Some((symbol, &position)))?;
        self.state.positions.insert(symbol.clone(), position);
        Ok(std::mem::replace(&mut self.balances, balances))
    }

    /// Changes the settings; refused where the account could not be valued with them.
    pub(super) fn configure(&mut self, config: Config, at: Timestamp) -> Vec<Event> {
        match Balances::of(&config, &self.state.funds, &self.state.positions, None) {
            Ok(balances) => {
                self.config = config;
                let before = std::mem::replace(&mut self.balances, balances);
                let mut events = Vec::new();
                self.report(&[], &before, at, &mut events);
                events
            }
            Err(overflow @ Overflow) => vec![Event::InputRefused { reason: overflow.into(), at }],
        }
    }
}
