//! What the user does without a signal: cancel, close, flatten, deposit, withdraw, and throw the kill switch. The kill
//! switch stops signals, not these.

use super::Broker;
use super::draft::Draft;
use super::place::Ticket;
use crate::balance::Balances;
use crate::check::Reason;
use crate::event::Event;
use crate::exact::{self, Overflow};
use crate::ledger::{Subject, Transaction};
use crate::order::{CancelReason, Origin};
use crate::risk::RiskState;
use domain::{Money, OrderId, OrderRequest, OrderType, ReasonCode, Symbol, Timestamp};

fn denied(command: Box<str>, reason: Reason) -> Option<Event> {
    Some(Event::CommandDenied { origin: Origin::Command(command), reason })
}

impl Broker {
    /// Cancels the resting entries of every symbol; what protects a position stays.
    pub(super) fn kill(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Option<Event> {
        let symbols: Vec<Symbol> = self.state.orders.keys().cloned().collect();
        for symbol in symbols {
            let drafted = self.drafted(&symbol, at, |draft| {
                draft.cancel_all(|order| order.reserves(), CancelReason::KillSwitch)
            });
            match drafted {
                Ok(changes) => self.commit(changes, events),
                Err(overflow) => return Some(Event::InputRefused { reason: overflow.into(), at }),
            }
        }
        None
    }

    /// Cancels one live order.
    pub(super) fn cancel(
        &mut self,
        command: Box<str>,
        order: &OrderId,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        let place = self.state.orders.iter().find_map(|(symbol, orders)| {
            let index = orders.iter().position(|live| live.id == *order)?;
            Some((symbol.clone(), index))
        });
        let Some((symbol, index)) = place else {
            let asked =
                Reason { actual: Some(order.to_string().into()), ..Reason::bare(ReasonCode::OrderNotLive) };
            return denied(command, asked);
        };
        match self.drafted(&symbol, at, |draft| draft.cancel(index, CancelReason::UserCancelled)) {
            Ok(changes) => {
                self.commit(changes, events);
                None
            }
            Err(overflow) => denied(command, overflow.into()),
        }
    }

    /// Closes a position at the last price known, whatever its age: the user sees it and says so.
    pub(super) fn close(
        &mut self,
        command: Box<str>,
        symbol: &Symbol,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        let open = self.state.positions.get(symbol).is_some_and(|position| position.net.side().is_some());
        if !open {
            return denied(command, Reason::bare(ReasonCode::NoPosition));
        }
        let origin = Origin::Command(command);
        self.close_one(&origin, 1, symbol, false, at, events)
    }

    /// Cancels every resting entry and closes every position, in the order of their symbols.
    pub(super) fn flatten(
        &mut self,
        command: Box<str>,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        let symbols: Vec<Symbol> = self.busy_symbols().collect();
        if symbols.is_empty() {
            return denied(command, Reason::bare(ReasonCode::NoPosition));
        }
        let origin = Origin::Command(command);
        for (leg, symbol) in (1_u16..).zip(symbols) {
            let refused = self.close_one(&origin, leg, &symbol, true, at, events);
            events.extend(refused);
        }
        None
    }

    fn close_one(
        &mut self,
        origin: &Origin,
        leg: u16,
        symbol: &Symbol,
        entries_too: bool,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        let mut draft = Draft::open(self, symbol, at);
        let drafted = (|| {
            if entries_too {
                draft.cancel_all(|order| order.reserves(), CancelReason::UserCancelled)?;
            }
            draft.close_at_market(origin, leg)?;
            Ok(draft.sums()?)
        })();
        match drafted {
            Ok(sums) => {
                let changes = draft.finish(sums);
                self.commit(changes, events);
                None
            }
            Err(reason) => Some(Event::CommandDenied { origin: origin.clone(), reason }),
        }
    }

    pub(super) fn deposit(
        &mut self,
        command: Box<str>,
        amount: Money,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        self.transfer(Subject::Deposit(command.clone()), command, amount, amount, at, events)
    }

    pub(super) fn withdraw(
        &mut self,
        command: Box<str>,
        amount: Money,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        let available = self.balances.available.min(self.balances.cash);
        if amount > available {
            return denied(command, Reason::with(ReasonCode::InsufficientBalance, available, amount));
        }
        let change = Money::new(-amount.get());
        self.transfer(Subject::Withdrawal(command.clone()), command, amount, change, at, events)
    }

    /// `amount` as the user gave it, `change` as it is booked. It is no profit and no loss: what losses are measured
    /// from moves along.
    fn transfer(
        &mut self,
        subject: Subject,
        command: Box<str>,
        amount: Money,
        change: Money,
        at: Timestamp,
        events: &mut Vec<Event>,
    ) -> Option<Event> {
        if amount <= Money::ZERO {
            return denied(command, Reason::with(ReasonCode::InvalidField, "above 0", amount));
        }
        let valued = || {
            let funds = self.state.funds.transferred(change)?;
            let moved = |money: Money| exact::add(money.get(), change.get()).map(Money::new);
            let risk = self.risk_at(at);
            let risk = RiskState {
                equity_day_start: moved(risk.equity_day_start)?,
                equity_peak: moved(risk.equity_peak)?,
                ..risk
            };
            Ok((funds, risk, Balances::of(&funds, &self.sums)?))
        };
        match valued() {
            Ok((funds, risk, balances)) => {
                (self.state.funds, self.state.risk, self.balances) = (funds, risk, balances);
                events.push(Event::Posted(Transaction::transfer(subject, change, at)));
                None
            }
            Err(overflow @ Overflow) => denied(command, overflow.into()),
        }
    }
}

impl Draft<'_> {
    /// Closes what is held at what the market gives, if anything is.
    fn close_at_market(&mut self, origin: &Origin, leg: u16) -> Result<(), Reason> {
        let net = self.now.position.net;
        let Some(open) = net.side() else { return Ok(()) };
        let expected = self.expected(&OrderRequest::MARKET, open.exit())?;
        let ticket = Ticket::exit(OrderType::Market, open.exit(), net.magnitude(), expected);
        Ok(self.place(origin, leg, &ticket)?)
    }
}
