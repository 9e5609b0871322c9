//! The ruin rule: an account whose equity is used up is closed out at the marks, and refuses everything from then on.

use super::Broker;
use super::booking::Terms;
use super::draft::Draft;
use super::place::Ticket;
use crate::event::Event;
use crate::exact::Overflow;
use crate::order::{CancelReason, Origin};
use crate::price::{self, PriceSource, Reference};
use domain::{Money, OrderType, Symbol, Timestamp};

impl Draft<'_> {
    /// Closes the symbol out where the equity is zero or below while something is held anywhere.
    pub(super) fn ruin_if_used_up(&mut self) -> Result<(), Overflow> {
        if self.ruined || self.now.balances.equity > Money::ZERO || self.sums()?.open == 0 {
            return Ok(());
        }
        self.ruined = true;
        self.close_out()
    }

    /// Cancels every order and closes the position at its mark, rounded to the tick against the trader.
    pub(super) fn close_out(&mut self) -> Result<(), Overflow> {
        for index in 0..self.now.orders.len() {
            if self.now.orders[index].is_live() {
                self.cancel(index, CancelReason::Liquidated)?;
            }
        }
        let position = &self.now.position;
        let (Some(held), Some(seen)) = (position.net.side(), &position.observation) else { return Ok(()) };
        let (side, mark) = (held.exit(), seen.mark()?);
        let reference = Reference { price: mark, source: PriceSource::Mark, at: seen.at };
        let (price, why) = price::at_reference_on_tick(&reference, side, self.now.instrument.tick)?;
        let opened_by = position.trade.as_ref().map(|trade| trade.opened_by.as_str().to_owned());
        let opened_by = opened_by.unwrap_or_else(|| format!("{} {}", self.symbol, self.at.as_micros()));
        let origin = Origin::Liquidation(opened_by.into());
        let ticket = Ticket::exit(OrderType::Market, side, position.net.magnitude(), price);
        let index = self.enlist(&origin, 1, &ticket);
        self.fill(index, &Terms::taker((price, why)))
    }
}

impl Broker {
    /// Closes out every other symbol of a ruined account.
    pub(super) fn liquidate(&mut self, at: Timestamp, events: &mut Vec<Event>) -> Result<(), Overflow> {
        let symbols: Vec<Symbol> = self.busy_symbols().collect();
        for symbol in symbols {
            let mut draft = Draft::open(self, &symbol, at);
            draft.ruined = true;
            draft.close_out()?;
            let sums = draft.sums()?;
            let changes = draft.finish(sums);
            self.commit(changes, events);
        }
        self.state.liquidated_at = Some(at);
        events.push(Event::Liquidated { at });
        Ok(())
    }
}
