//! What the user does without a signal: close, flatten, deposit, withdraw. The kill switch stops signals, not these.

use super::Broker;
use super::trade::MarketOrder;
use crate::balance::Balances;
use crate::check::Reason;
use crate::event::Event;
use crate::ledger::{Subject, Transaction};
use crate::order::Origin;
use domain::{Money, ReasonCode, Symbol, Timestamp};

impl Broker {
    /// Closes a position at the last price known, whatever its age: the user sees it and says so.
    pub(super) fn close(&mut self, command: Box<str>, symbol: Symbol, at: Timestamp) -> Vec<Event> {
        self.close_all(command, vec![symbol], at)
    }

    /// Closes every position, in the order of their symbols.
    pub(super) fn flatten(&mut self, command: Box<str>, at: Timestamp) -> Vec<Event> {
        let open = |(symbol, position): (&Symbol, &crate::Position)| {
            position.net.side().is_some().then(|| symbol.clone())
        };
        let symbols: Vec<Symbol> = self.state.positions.iter().filter_map(open).collect();
        if symbols.is_empty() {
            let reason = Reason::bare(ReasonCode::NoPosition);
            return vec![Event::CommandDenied { origin: Origin::Command(command), reason }];
        }
        self.close_all(command, symbols, at)
    }

    fn close_all(&mut self, command: Box<str>, symbols: Vec<Symbol>, at: Timestamp) -> Vec<Event> {
        let origin = Origin::Command(command);
        let before = self.balances;
        let mut events = Vec::new();
        let mut closed = Vec::new();
        for (leg, symbol) in (1_u16..).zip(symbols) {
            match self.close_one(&origin, leg, &symbol, at, &mut events) {
                Ok(()) => closed.push(symbol),
                Err(reason) => events.push(Event::CommandDenied { origin: origin.clone(), reason }),
            }
        }
        self.report(&closed, &before, at, &mut events);
        events
    }

    fn close_one(
        &mut self,
        origin: &Origin,
        leg: u16,
        symbol: &Symbol,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Result<(), Reason> {
        let position = self.position(symbol);
        let Some(open) = position.net.side() else { return Err(Reason::bare(ReasonCode::NoPosition)) };
        let order = MarketOrder {
            origin,
            leg,
            symbol,
            position,
            side: open.exit(),
            quantity: position.net.magnitude(),
            reduce_only: true,
            at,
        };
        self.trade(&order, events)
    }

    pub(super) fn deposit(&mut self, command: Box<str>, amount: Money, at: Timestamp) -> Vec<Event> {
        self.transfer(Subject::Deposit(command.clone()), command, amount, amount, at)
    }

    pub(super) fn withdraw(&mut self, command: Box<str>, amount: Money, at: Timestamp) -> Vec<Event> {
        let available = self.balances.available.min(self.balances.cash);
        if amount > available {
            let reason = Reason::with(ReasonCode::InsufficientBalance, available, amount);
            return vec![Event::CommandDenied { origin: Origin::Command(command), reason }];
        }
        let change = Money::new(-amount.get());
        self.transfer(Subject::Withdrawal(command.clone()), command, amount, change, at)
    }

    /// `amount` as the user gave it, `change` as it is booked.
    fn transfer(
        &mut self,
        subject: Subject,
        command: Box<str>,
        amount: Money,
        change: Money,
        at: Timestamp,
    ) -> Vec<Event> {
        let denied = |reason| vec![Event::CommandDenied { origin: Origin::Command(command), reason }];
        if amount <= Money::ZERO {
            return denied(Reason::with(ReasonCode::InvalidField, "above 0", amount));
        }
        let valued =
            self.state.funds.transferred(change).and_then(|funds| {
                Ok((funds, Balances::of(&self.config, &funds, &self.state.positions, None)?))
            });
        let (funds, balances) = match valued {
            Ok(valued) => valued,
            Err(overflow) => return denied(overflow.into()),
        };
        self.state.funds = funds;
        let before = std::mem::replace(&mut self.balances, balances);
        let mut events = vec![Event::Posted(Transaction::transfer(subject, change, at))];
        self.report(&[], &before, at, &mut events);
        events
    }
}
