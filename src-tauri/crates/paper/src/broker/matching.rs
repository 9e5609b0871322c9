//! Live orders against a price: when one is filled, and at what.
//!
//! Resting orders are matched with the observation that came, in order of creation; an order that arrives is matched
//! with what a market order would take. The inside of bars is `walk`.

use super::booking::Terms;
use super::draft::Draft;
use crate::config::LimitFill;
use crate::exact::{self, Overflow};
use crate::order::{Order, OrderEvent, OrderStatus};
use crate::price::{self, against_trader, capped, taking_price};
use domain::{OrderSide, OrderType, Price, TimeInForce, Trail, TrailUnit};
use rust_decimal::Decimal;

impl Draft<'_> {
    /// Matches the resting orders with the observation that has just come.
    pub(super) fn sweep(&mut self) -> Result<(), Overflow> {
        self.matching = true;
        for index in 0..self.now.orders.len() {
            if self.now.orders[index].is_open() {
                self.visit(index)?;
            }
        }
        self.matching = false;
        Ok(())
    }

    /// Matches one resting order.
    fn visit(&mut self, index: usize) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        match kind_now(order) {
            OrderType::Limit => {
                if let (Some(limit), Some(seen)) = (order.limit, self.reference(order.side))
                    && self.fills_limit(order.side, seen.price, limit)
                {
                    return self.fill(index, &Terms::maker(price::at_limit(limit, seen.at)));
                }
                Ok(())
            }
            OrderType::TrailingStop => {
                self.ratchet(index)?;
                self.trigger_if_beyond(index)
            }
            OrderType::Stop | OrderType::StopLimit => self.trigger_if_beyond(index),
            OrderType::Market => Ok(()),
        }
    }

    /// Matches an order that has just begun to work with what there is to take, and ends it where it cannot wait.
    pub(super) fn arrive(&mut self, index: usize) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        match order.kind {
            OrderType::Market => self.take(index)?,
            OrderType::Limit => self.take_within_limit(index)?,
            OrderType::Stop | OrderType::StopLimit => self.trigger_if_beyond(index)?,
            OrderType::TrailingStop => {
                self.ratchet(index)?;
                self.trigger_if_beyond(index)?;
            }
        }
        let order = &self.now.orders[index];
        if order.time_in_force == TimeInForce::Ioc && order.is_open() {
            return self.end(index, OrderEvent::Expire);
        }
        Ok(())
    }

    /// Fills an order at the price that there is to take.
    pub(super) fn take(&mut self, index: usize) -> Result<(), Overflow> {
        let side = self.now.orders[index].side;
        let reference = self.reference(side).ok_or(Overflow)?;
        let taken = taking_price(&reference, side, &self.friction())?;
        self.fill(index, &Terms::taker(taken))
    }

    /// Fills a limit order that can be filled at once, never beyond its limit.
    pub(super) fn take_within_limit(&mut self, index: usize) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        let side = order.side;
        let (Some(limit), Some(reference)) = (order.limit, self.reference(side)) else { return Ok(()) };
        if !reaches(side, reference.price, limit) {
            return Ok(());
        }
        let taken = capped(taking_price(&reference, side, &self.friction())?, side, limit)?;
        self.fill(index, &Terms::taker(taken))
    }

    /// Triggers a stop that the price has reached: it takes what there is, a stop-limit within its limit.
    fn trigger_if_beyond(&mut self, index: usize) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        let (Some(stop), Some(reference)) = (order.stop, self.reference(order.side)) else { return Ok(()) };
        // A buy stop waits above: it is reached from below.
        if !reaches(order.side, stop, reference.price) {
            return Ok(());
        }
        self.trigger(index);
        match self.now.orders[index].kind {
            OrderType::StopLimit => self.take_within_limit(index),
            OrderType::Market | OrderType::Limit | OrderType::Stop | OrderType::TrailingStop => {
                self.take(index)
            }
        }
    }

    pub(super) fn trigger(&mut self, index: usize) {
        let at = self.at;
        self.now.orders.to_mut()[index].step(OrderEvent::Trigger, at);
    }

    /// Moves a trailing stop after the mark: never back.
    pub(super) fn ratchet(&mut self, index: usize) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        let (Some(trailing), Some(seen)) = (order.trailing, &self.now.position.observation) else {
            return Ok(());
        };
        let (side, mark) = (order.side, seen.mark()?);
        let begun = trailing.watermark.is_some()
            || trailing.activation.is_none_or(|activation| reaches(side, mark, activation));
        if !begun {
            return Ok(());
        }
        let best = trailing.watermark.map_or(mark, |water| further(side, water, mark));
        if trailing.watermark == Some(best) {
            return Ok(());
        }
        let level = self.trail_level(side, trailing.trail, best)?;
        let stop = match (order.stop, level) {
            (Some(stop), Some(level)) => Some(further(side, stop, level)),
            (stop, level) => level.or(stop),
        };
        let at = self.at;
        let order = &mut self.now.orders.to_mut()[index];
        order.stop = stop;
        order.trailing = Some(crate::order::Trailing { watermark: Some(best), ..trailing });
        order.updated_at = at;
        Ok(())
    }

    /// Where a stop that trails `water` stands, rounded to the tick away from the market; nothing where no price is
    /// left.
    pub(super) fn trail_level(
        &self,
        side: OrderSide,
        trail: Trail,
        water: Price,
    ) -> Result<Option<Price>, Overflow> {
        let offset = match trail.unit {
            TrailUnit::Absolute => trail.value,
            TrailUnit::Percent => {
                exact::div(exact::mul_near(water.get(), trail.value)?, Decimal::ONE_HUNDRED)?
            }
        };
        let raw = exact::add(water.get(), price::signed(side, offset))?;
        Ok(Price::new(against_trader(raw, side, self.now.instrument.tick)?))
    }

    /// Whether a resting limit is filled at `seen`.
    pub(super) fn fills_limit(&self, side: OrderSide, seen: Price, limit: Price) -> bool {
        match self.broker.config.limit_fill {
            LimitFill::Touch => reaches(side, seen, limit),
            LimitFill::Through => reaches(side, seen, limit) && seen != limit,
        }
    }
}

/// How an order waits: a stop-limit that was triggered waits as a limit.
pub(super) fn kind_now(order: &Order) -> OrderType {
    match (order.kind, order.status) {
        (OrderType::StopLimit, OrderStatus::Triggered | OrderStatus::PartiallyFilled) => OrderType::Limit,
        (kind, _) => kind,
    }
}

/// Whether `price` is at `limit` or on the side of it that a buyer (or a seller) wants: at most it, or at least it.
pub(super) fn reaches(side: OrderSide, price: Price, limit: Price) -> bool {
    match side {
        OrderSide::Buy => price <= limit,
        OrderSide::Sell => price >= limit,
    }
}

/// The better mark for the position that a trailing stop of `side` protects: the higher one for a sell.
fn further(side: OrderSide, one: Price, other: Price) -> Price {
    match side {
        OrderSide::Buy => one.min(other),
        OrderSide::Sell => one.max(other),
    }
}
