//! Fills: what one changes in position, money and round trip, and what it means for the orders beside it.

use super::draft::Draft;
use crate::event::Event;
use crate::exact::{self, Overflow};
use crate::fee::Liquidity;
use crate::fill::{FeeParts, Fill, Why};
use crate::ledger::Transaction;
use crate::order::{CancelReason, Order, OrderEvent, OrderStatus, Origin, Role};
use crate::position::{Booked, Execution};
use crate::trade::{self, ExitReason, ExitReasons, OpenTrade, Trade};
use domain::{Money, OrderId, OrderType, Price, Quantity};
use rust_decimal::Decimal;

/// The price of a fill and how it came about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms {
    pub(super) price: Price,
    pub(super) why: Why,
    pub(super) liquidity: Liquidity,
}

impl Terms {
    pub(super) fn taker((price, why): (Price, Why)) -> Self {
        Self { price, why, liquidity: Liquidity::Taker }
    }

    pub(super) fn maker((price, why): (Price, Why)) -> Self {
        Self { price, why, liquidity: Liquidity::Maker }
    }
}

impl Draft<'_> {
    /// Fills all that is left of an order.
    pub(super) fn fill(&mut self, index: usize, terms: &Terms) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        let (quantity, multiplier) = (order.remaining(), self.now.instrument.multiplier);
        let notional = exact::mul3(quantity.get(), terms.price.get(), multiplier)?;
        let fees = &self.broker.config.fees;
        let dp = fees.dp.unwrap_or(self.now.instrument.fee_dp);
        let fee = fees.fee(notional, terms.liquidity, dp)?;
        let fee_parts = FeeParts {
            notional: Money::new(notional),
            bps: fees.bps(terms.liquidity),
            dp,
            minimum: fees.min_fee,
        };
        let execution =
            Execution { side: order.side, quantity, price: terms.price, multiplier, fee, at: self.at };
        let booked = self.now.position.after(&execution)?;
        let cash_change = exact::sub(-booked.signed_notional, fee.get())?;
        self.now.funds = self.now.funds.booked(cash_change, booked.realized, fee)?;

        let fill = Fill {
            id: order.client_id.fill_id(),
            order_id: order.id.clone(),
            origin: order.client_id.origin.clone(),
            symbol: self.symbol.clone(),
            side: execution.side,
            quantity,
            price: terms.price,
            fee,
            liquidity: terms.liquidity,
            at: self.at,
            realized: Money::new(booked.realized),
            why: terms.why,
            fee_parts,
        };
        let posted = Transaction::of_fill(&fill, cash_change, booked.cost_change);
        debug_assert!(posted.is_balanced(), "BUG: {posted:?} does not balance");
        self.log.push(Event::Filled(Box::new(fill)));
        self.log.push(Event::Posted(posted));
        self.round_trip(index, &booked, &execution, dp)?;
        self.now.position.book(&booked);

        let (at, order) = (self.at, &mut self.now.orders.to_mut()[index]);
        order.filled = order.quantity;
        order.step(OrderEvent::FillRest, at);
        self.settle()?;
        self.excursion()?;
        self.after_fill(index, quantity, !booked.closed.is_zero())
    }

    /// Keeps the record of the round trip: closes the one that was open, opens the next.
    fn round_trip(
        &mut self,
        index: usize,
        booked: &Booked,
        fill: &Execution,
        fee_dp: u32,
    ) -> Result<(), Overflow> {
        let fee_closed = share(fill.fee.get(), booked.closed, fill.quantity, fee_dp)?;
        let fee_opened = exact::sub(fill.fee.get(), fee_closed)?;
        let worth = |quantity: Quantity| exact::mul3(quantity.get(), fill.price.get(), fill.multiplier);
        let order = &self.now.orders[index];
        if !booked.closed.is_zero()
            && let Some(trade) = &mut self.now.position.trade
        {
            trade.exit_quantity = plus(trade.exit_quantity, booked.closed)?;
            trade.exit_notional = sum(trade.exit_notional, worth(booked.closed)?)?;
            trade.gross = sum(trade.gross, booked.realized)?;
            trade.fees = sum(trade.fees, fee_closed)?;
            trade.exits = trade.exits.with(exit_reason(order));
            let over = booked.net.side().is_none() || !booked.opened.is_zero();
            if over && let Some(trade) = self.now.position.trade.take() {
                self.close_trade(*trade, &order.id.clone(), fill)?;
            }
        }
        if booked.opened.is_zero() {
            return Ok(());
        }
        let risk = self.risk_of(index, booked.opened, fill)?;
        let order = &self.now.orders[index];
        let held = booked.net.magnitude();
        match &mut self.now.position.trade {
            Some(trade) => {
                trade.quantity_max = trade.quantity_max.max(held);
                trade.entry_quantity = plus(trade.entry_quantity, booked.opened)?;
                trade.entry_notional = sum(trade.entry_notional, worth(booked.opened)?)?;
                trade.fees = sum(trade.fees, fee_opened)?;
                trade.risk = match (trade.risk, risk) {
                    (Some(so_far), Some(more)) => Some(sum(so_far, more)?),
                    (so_far, _) => so_far,
                };
            }
            // A holding whose beginning is not known has no record.
            None if self.now.position.net.side().is_some() && booked.closed.is_zero() => {}
            None => {
                // The entry's own observation is the first extreme.
                let first = unrealized(self, booked, fill)?;
                let worth = worth(booked.opened)?;
                let trade = opened(&order.id, booked.opened, worth, fee_opened, risk, fill, first);
                self.now.position.trade = Some(Box::new(trade));
            }
        }
        Ok(())
    }

    fn close_trade(
        &mut self,
        trade: OpenTrade,
        closed_by: &OrderId,
        fill: &Execution,
    ) -> Result<(), Overflow> {
        let net = Money::new(exact::sub(trade.gross.get(), trade.fees.get())?);
        let multiplier = fill.multiplier;
        let risk = trade.risk.filter(|risk| *risk > Money::ZERO);
        let record = Trade {
            symbol: self.symbol.clone(),
            direction: fill.side.direction().opposite(),
            opened_by: trade.opened_by,
            closed_by: closed_by.clone(),
            quantity_max: trade.quantity_max,
            price_entry: trade::price_average(trade.entry_notional, trade.entry_quantity, multiplier),
            price_exit: trade::price_average(trade.exit_notional, trade.exit_quantity, multiplier),
            gross: trade.gross,
            fees: trade.fees,
            net,
            risk,
            r: risk.and_then(|risk| net.get().checked_div(risk.get())),
            mae: trade.mae,
            mfe: trade.mfe,
            opened_at: trade.opened_at,
            closed_at: self.at,
            bars: trade.bars,
            exits: trade.exits,
        };
        self.log.push(Event::Trade(Box::new(record)));
        self.now.risk = self.now.risk.closed(net, self.at);
        if net < Money::ZERO {
            self.now.position.last_loss_at = Some(self.at);
        }
        Ok(())
    }

    /// What the stop loss of an entry puts at risk.
    fn risk_of(&self, index: usize, opened: Quantity, fill: &Execution) -> Result<Option<Decimal>, Overflow> {
        let entry = &self.now.orders[index];
        let protects = |order: &&Order| {
            order.client_id.role == Role::StopLoss && order.parent.as_ref() == Some(&entry.id)
        };
        let Some(stop) = self.now.orders[index + 1..].iter().find(protects) else { return Ok(None) };
        let level = match (stop.stop, stop.trailing) {
            (Some(level), _) => Some(level),
            (None, Some(trailing)) => self.trail_level(stop.side, trailing.trail, fill.price)?,
            (None, None) => None,
        };
        let Some(level) = level else { return Ok(None) };
        exact::mul3(trade::distance(fill.price, level), opened.get(), fill.multiplier).map(Some)
    }

    /// What a fill means for the orders beside it: first its siblings, then what may only reduce, then its children.
    fn after_fill(&mut self, index: usize, quantity: Quantity, reduced: bool) -> Result<(), Overflow> {
        if self.now.orders.len() == 1 {
            return Ok(());
        }
        let order = &self.now.orders[index];
        let (id, role, parent) = (order.id.clone(), order.client_id.role, order.parent.clone());
        if let Some(parent) = parent {
            self.relieve_siblings(index, role, &parent, quantity)?;
        }
        if reduced {
            self.clamp()?;
        }
        self.wake_children(&id)
    }

    /// Takes a fill of one leg of a bracket from the others; nothing left is cancelled.
    fn relieve_siblings(
        &mut self,
        index: usize,
        role: Role,
        parent: &OrderId,
        quantity: Quantity,
    ) -> Result<(), Overflow> {
        let sibling = |order: &Order| order.is_live() && order.parent.as_ref() == Some(parent);
        let stop_left = match role {
            Role::StopLoss => None,
            Role::Main | Role::TakeProfit(_) => {
                let stop = self.now.orders.iter().find(|o| sibling(o) && o.client_id.role == Role::StopLoss);
                let Some(stop) = stop else { return Ok(()) };
                Some(minus(stop.remaining(), quantity)?)
            }
        };
        for other in 0..self.now.orders.len() {
            if other == index || !sibling(&self.now.orders[other]) {
                continue;
            }
            let order = &self.now.orders[other];
            let left = match stop_left {
                Some(left) if order.client_id.role == Role::StopLoss => left,
                Some(left) => order.remaining().min(left),
                None => minus(order.remaining(), quantity)?,
            };
            self.leave(other, left, CancelReason::OcoSiblingFilled)?;
        }
        Ok(())
    }

    /// Brings every order that may only reduce down to what is held; what has nothing to reduce is cancelled.
    pub(super) fn clamp(&mut self) -> Result<(), Overflow> {
        let net = self.now.position.net;
        for index in 0..self.now.orders.len() {
            let order = &self.now.orders[index];
            if !order.reduce_only || !order.is_open() {
                continue;
            }
            let held = if net.side().is_some_and(|side| side.exit() == order.side) {
                net.magnitude()
            } else {
                Quantity::ZERO
            };
            let left = order.remaining().min(held);
            self.leave(index, left, CancelReason::PositionClosed)?;
        }
        Ok(())
    }

    /// Leaves `left` of an order to be filled, and cancels it where that is nothing.
    fn leave(&mut self, index: usize, left: Quantity, reason: CancelReason) -> Result<(), Overflow> {
        if left.is_zero() {
            return self.cancel(index, reason);
        }
        if left != self.now.orders[index].remaining() {
            let (at, order) = (self.at, &mut self.now.orders.to_mut()[index]);
            order.quantity = plus(order.filled, left)?;
            order.updated_at = at;
        }
        Ok(())
    }

    /// Wakes the children of an entry that was filled. One that can be filled at once is.
    fn wake_children(&mut self, parent: &OrderId) -> Result<(), Overflow> {
        for index in 0..self.now.orders.len() {
            let order = &self.now.orders[index];
            if order.status != OrderStatus::Held || order.parent.as_ref() != Some(parent) {
                continue;
            }
            let (at, since) = (self.at, self.working_since);
            let order = &mut self.now.orders.to_mut()[index];
            order.step(OrderEvent::ParentFilled, at);
            order.working_since = since;
            self.clamp()?;
            if self.now.orders[index].is_open() {
                self.arrive(index)?;
            }
        }
        Ok(())
    }

    /// Cancels a live order, and with it the held children of its bracket.
    pub(super) fn cancel(&mut self, index: usize, reason: CancelReason) -> Result<(), Overflow> {
        self.end(index, OrderEvent::Cancel(reason))
    }

    /// Ends a live order, and cancels the held children of its bracket.
    pub(super) fn end(&mut self, index: usize, event: OrderEvent) -> Result<(), Overflow> {
        let at = self.at;
        let orders = self.now.orders.to_mut();
        orders[index].step(event, at);
        let parent = orders[index].id.clone();
        for child in orders.iter_mut().skip(index + 1) {
            if child.status == OrderStatus::Held && child.parent.as_ref() == Some(&parent) {
                child.step(OrderEvent::Cancel(CancelReason::ParentCancelled), at);
            }
        }
        self.settle()
    }
}

fn opened(
    order: &OrderId,
    quantity: Quantity,
    notional: Decimal,
    fee: Decimal,
    risk: Option<Decimal>,
    fill: &Execution,
    unrealized: Money,
) -> OpenTrade {
    OpenTrade {
        opened_by: order.clone(),
        opened_at: fill.at,
        quantity_max: quantity,
        entry_quantity: quantity,
        entry_notional: Money::new(notional),
        exit_quantity: Quantity::ZERO,
        exit_notional: Money::ZERO,
        gross: Money::ZERO,
        fees: Money::new(fee),
        risk: risk.map(Money::new),
        mae: unrealized,
        mfe: unrealized,
        bars: 0,
        exits: ExitReasons::default(),
    }
}

/// The unrealised profit of what a fill opened, at the mark of its own observation.
fn unrealized(draft: &Draft<'_>, booked: &Booked, fill: &Execution) -> Result<Money, Overflow> {
    let mark = draft.now.position.observation.as_ref().ok_or(Overflow)?.mark()?;
    let moved = exact::sub(mark.get(), fill.price.get())?;
    exact::mul3(moved, booked.net.get(), fill.multiplier).map(Money::new)
}

fn exit_reason(order: &Order) -> ExitReason {
    match (&order.client_id.origin, order.client_id.role) {
        (_, Role::TakeProfit(_)) => ExitReason::TakeProfit,
        (_, Role::StopLoss) if order.kind == OrderType::TrailingStop => ExitReason::TrailingStop,
        (_, Role::StopLoss) => ExitReason::StopLoss,
        (Origin::Command(_), Role::Main) => ExitReason::User,
        (Origin::Liquidation(_), Role::Main) => ExitReason::Liquidation,
        (Origin::Signal(_), Role::Main) if order.reduce_only => ExitReason::Signal,
        (Origin::Signal(_), Role::Main) => ExitReason::Reversal,
    }
}

/// The part of a fee that falls to `closed` of `quantity`, rounded half away from zero.
fn share(fee: Decimal, closed: Quantity, quantity: Quantity, dp: u32) -> Result<Decimal, Overflow> {
    if closed.is_zero() {
        return Ok(Decimal::ZERO);
    }
    if closed == quantity {
        return Ok(fee);
    }
    let part = exact::div(exact::mul_near(fee, closed.get())?, quantity.get())?;
    Ok(exact::round_away(part, dp))
}

fn sum(amount: Money, more: Decimal) -> Result<Money, Overflow> {
    exact::add(amount.get(), more).map(Money::new)
}

fn plus(quantity: Quantity, more: Quantity) -> Result<Quantity, Overflow> {
    Quantity::new(exact::add(quantity.get(), more.get())?).ok_or(Overflow)
}

/// The difference, or nothing.
fn minus(quantity: Quantity, less: Quantity) -> Result<Quantity, Overflow> {
    Ok(Quantity::new(exact::sub(quantity.get(), less.get())?).unwrap_or(Quantity::ZERO))
}
