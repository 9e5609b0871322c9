//! Prices that come in from the market, and settings that change how they count.

use super::draft::{Changes, Draft};
use super::{Broker, valued};
use crate::check::Reason;
use crate::config::Config;
use crate::event::Event;
use crate::exact::Overflow;
use crate::input::Bar;
use crate::price::{Observation, Seen};
use domain::{ReasonCode, Symbol, Timestamp};

impl Draft<'_> {
    /// Takes an observation and matches the resting orders with it.
    pub(super) fn hear(&mut self, observation: Observation) -> Result<(), Overflow> {
        observation.mark()?;
        self.observe(observation)?;
        self.sweep()?;
        self.ruin_if_used_up()
    }
}

impl Broker {
    /// Takes a price of the market; refused where the account could not be valued with it.
    pub(super) fn price(
        &mut self,
        symbol: &Symbol,
        seen: Seen,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        if let Seen::Quote { bid, ask } = seen
            && bid > ask
        {
            let reason = Reason::with(ReasonCode::InvalidField, ask, bid);
            return Some(Event::InputRefused { reason, at });
        }
        self.heard(symbol, at, events, |draft| draft.hear(Observation { seen, at }))
    }

    /// Walks a closed bar.
    pub(super) fn bar(
        &mut self,
        symbol: &Symbol,
        bar: &Bar,
        opened_at: Timestamp,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) {
        let inside = bar.low..=bar.high;
        let refused = if inside.contains(&bar.open) && inside.contains(&bar.close) {
            self.heard(symbol, at, events, |draft| draft.walk(bar, opened_at))
        } else {
            let shown = format!("{} {} {} {}", bar.open, bar.high, bar.low, bar.close);
            let reason = Reason::with(ReasonCode::InvalidField, "open and close between low and high", shown);
            Some(Event::InputRefused { reason, at })
        };
        events.extend(refused);
    }

    fn heard(
        &mut self,
        symbol: &Symbol,
        at: Timestamp,
        events: &mut Vec<Event>,
        work: impl FnOnce(&mut Draft<'_>) -> Result<(), Overflow>,
    ) -> Option<Event> {
        let mut ruined = false;
        let drafted = self.drafted(symbol, at, |draft| {
            work(draft)?;
            ruined = draft.ruined;
            Ok(())
        });
        let done = drafted.and_then(|changes| self.commit_or_liquidate(changes, ruined, at, events));
        done.err().map(|overflow| Event::InputRefused { reason: overflow.into(), at })
    }

    /// Commits a draft, and closes everything else out where it ruined the account. On an error nothing has changed.
    pub(super) fn commit_or_liquidate(
        &mut self,
        changes: Changes,
        ruined: bool,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<(), Overflow> {
        if !ruined {
            self.commit(changes, events);
            return Ok(());
        }
        let (before, told) = (self.clone(), events.len());
        self.commit(changes, events);
        self.liquidate(at, events).inspect_err(|_| {
            events.truncate(told);
            *self = before;
        })
    }

    /// Changes the settings; refused where the account could not be valued with them.
    pub(super) fn configure(&mut self, config: Config, at: Timestamp) -> Option<Event> {
        match valued(&config, &self.state) {
            Ok((own, sums, balances)) => {
                self.config = config;
                (self.own, self.sums, self.balances) = (own, sums, balances);
                None
            }
            Err(overflow @ Overflow) => Some(Event::InputRefused { reason: overflow.into(), at }),
        }
    }
}
