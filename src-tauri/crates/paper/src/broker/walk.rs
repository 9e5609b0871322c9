//! The inside of a closed bar: from the open along the path to the close, hit by hit.

use super::booking::Terms;
use super::draft::Draft;
use super::matching::{kind_now, reaches};
use crate::config::BarPath;
use crate::exact::{self, Overflow};
use crate::input::Bar;
use crate::order::Order;
use crate::price::{self, Observation, PriceSource, Reference, Seen, taking_price};
use domain::{OrderSide, OrderType, Price, Side, Timestamp};

impl Draft<'_> {
    /// Walks a closed bar. Orders that were accepted after it opened are not asked.
    pub(super) fn walk(&mut self, bar: &Bar, opened_at: Timestamp) -> Result<(), Overflow> {
        self.in_bar = true;
        self.working_since = opened_at;
        if let Some(trade) = &mut self.now.position.trade {
            trade.bars = trade.bars.saturating_add(1);
        }
        self.reach(bar.open)?;
        self.at_open(opened_at)?;
        self.ruin_if_used_up()?;
        let (first, second) = if self.low_first(bar)? { (bar.low, bar.high) } else { (bar.high, bar.low) };
        let mut from = bar.open;
        for to in [first, second, bar.close] {
            self.segment(from, to, opened_at)?;
            from = to;
        }
        self.in_bar = false;
        self.working_since = self.at;
        Ok(())
    }

    /// The price has come to `point`.
    fn reach(&mut self, point: Price) -> Result<(), Overflow> {
        self.observe(Observation { seen: Seen::Bar(point), at: self.at })
    }

    /// TradingView's rule is the nearer extreme first, on a tie the low.
    fn low_first(&self, bar: &Bar) -> Result<bool, Overflow> {
        let up = exact::sub(bar.high.get(), bar.open.get())?;
        let down = exact::sub(bar.open.get(), bar.low.get())?;
        let nearer = up >= down;
        Ok(match (self.broker.config.bar_path, self.now.position.net.side()) {
            (BarPath::TradingView, _) | (BarPath::Pessimistic, None) => nearer,
            (BarPath::Pessimistic, Some(Side::Long)) => true,
            (BarPath::Pessimistic, Some(Side::Short)) => false,
        })
    }

    /// Orders that the open has already reached: a stop takes the open, a limit gets it.
    fn at_open(&mut self, opened_at: Timestamp) -> Result<(), Overflow> {
        self.ratchet_all(None, opened_at)?;
        for index in 0..self.now.orders.len() {
            let order = &self.now.orders[index];
            if !is_asked(order, opened_at) {
                continue;
            }
            let Some(reference) = self.reference(order.side) else { continue };
            match (kind_now(order), order.limit, order.stop) {
                (OrderType::Limit, Some(limit), _)
                    if self.fills_limit(order.side, reference.price, limit) =>
                {
                    let better =
                        price::at_reference_on_tick(&reference, order.side, self.now.instrument.tick)?;
                    let better = price::capped(better, order.side, limit)?;
                    self.fill(index, &Terms::maker(better))?;
                }
                (OrderType::Stop | OrderType::TrailingStop, _, Some(stop))
                    if reaches(order.side, stop, reference.price) =>
                {
                    self.trigger(index);
                    self.take(index)?;
                }
                (OrderType::StopLimit, _, Some(stop)) if reaches(order.side, stop, reference.price) => {
                    self.trigger(index);
                    self.take_within_limit(index)?;
                }
                (
                    OrderType::Market
                    | OrderType::Limit
                    | OrderType::Stop
                    | OrderType::StopLimit
                    | OrderType::TrailingStop,
                    ..,
                ) => {}
            }
        }
        Ok(())
    }

    /// One stretch of the path. Hits come in order of distance, equal ones in order of creation.
    fn segment(&mut self, mut from: Price, to: Price, opened_at: Timestamp) -> Result<(), Overflow> {
        while let Some((index, level)) = self.next_hit(from, to, opened_at) {
            self.reach(level)?;
            self.hit(index, level)?;
            self.ruin_if_used_up()?;
            from = level;
        }
        self.reach(to)?;
        if from != to {
            // Stops that protect longs follow a rise, those that protect shorts a fall.
            self.ratchet_all(Some(if to > from { OrderSide::Sell } else { OrderSide::Buy }), opened_at)?;
        }
        self.ruin_if_used_up()
    }

    /// The nearest level on the way, and whose it is.
    fn next_hit(&self, from: Price, to: Price, opened_at: Timestamp) -> Option<(usize, Price)> {
        let mut nearest: Option<(usize, Price)> = None;
        for (index, order) in self.now.orders.iter().enumerate() {
            if !is_asked(order, opened_at) {
                continue;
            }
            let Some(level) = self.level_on_way(order, from, to) else { continue };
            let nearer = |other: Price| if to > from { level < other } else { level > other };
            if nearest.is_none_or(|(_, other)| nearer(other)) {
                nearest = Some((index, level));
            }
        }
        nearest
    }

    /// Where an order is hit between `from` and `to`: falling prices hit buy limits and sell stops, rising ones sell
    /// limits and buy stops.
    fn level_on_way(&self, order: &Order, from: Price, to: Price) -> Option<Price> {
        let rising = to > from;
        let (level, hit_rising) = match kind_now(order) {
            OrderType::Limit => (order.limit?, order.side == OrderSide::Sell),
            OrderType::Stop | OrderType::StopLimit | OrderType::TrailingStop => {
                (order.stop?, order.side == OrderSide::Buy)
            }
            OrderType::Market => return None,
        };
        let (low, high) = if rising { (from, to) } else { (to, from) };
        let within = (low..=high).contains(&level);
        let filled = kind_now(order) != OrderType::Limit || self.fills_limit(order.side, to, level);
        (from != to && rising == hit_rising && within && filled).then_some(level)
    }

    /// Executes the order that was hit.
    fn hit(&mut self, index: usize, level: Price) -> Result<(), Overflow> {
        let order = &self.now.orders[index];
        let side = order.side;
        match kind_now(order) {
            OrderType::Limit => self.fill(index, &Terms::maker(price::at_limit(level, self.at))),
            OrderType::StopLimit => {
                self.trigger(index);
                self.take_within_limit(index)
            }
            OrderType::Stop | OrderType::TrailingStop | OrderType::Market => {
                self.trigger(index);
                let reference = Reference { price: level, source: PriceSource::Stop, at: self.at };
                let taken = taking_price(&reference, side, &self.friction())?;
                self.fill(index, &Terms::taker(taken))
            }
        }
    }

    /// Moves trailing stops after the mark: those of `side`, or all.
    fn ratchet_all(&mut self, side: Option<OrderSide>, opened_at: Timestamp) -> Result<(), Overflow> {
        for index in 0..self.now.orders.len() {
            let order = &self.now.orders[index];
            let trails = order.kind == OrderType::TrailingStop && side.is_none_or(|side| side == order.side);
            if trails && is_asked(order, opened_at) {
                self.ratchet(index)?;
            }
        }
        Ok(())
    }
}

/// Whether an order is matched with a bar that opened at `opened_at`.
fn is_asked(order: &Order, opened_at: Timestamp) -> bool {
    order.is_open() && order.working_since <= opened_at
}
