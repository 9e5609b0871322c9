//! Positions: a signed quantity with a signed cost, exact to the last digit.
//!
//! The average price is never stored: it is cost over quantity, for display only. A partial close takes its share of
//! the cost rounded half-even to eight decimals, the last close takes what is left, so that at flat the realised
//! profit is the sum of the sales less the sum of the purchases exactly.

use crate::exact::{self, Overflow};
use crate::price::{self, Observation, Quote, Reference, Seen};
use crate::trade::OpenTrade;
use domain::{Market, Money, NetQuantity, OrderSide, Price, Quantity, Timestamp};
use rust_decimal::Decimal;

/// All that is kept of a symbol: what is held and what was last seen of its price.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Position {
    /// What is held, signed.
    pub net: NetQuantity,
    /// What it cost, signed like the holding, fees not included; zero exactly when flat.
    pub cost: Money,
    /// Filled entries since the position was opened; zero when flat.
    pub entries: u32,
    /// Profit realised in this symbol over the account's life, fees not included.
    pub realized: Money,
    /// Fees paid in this symbol over the account's life.
    pub fees: Money,
    /// When the open position was opened; nothing when flat.
    pub opened_at: Option<Timestamp>,
    /// The newest observation of the price; there is always one while something is held.
    pub observation: Option<Observation>,
    /// The latest quote, which stays the reference for taking until the next quote, bar or alert price.
    pub quote: Option<Quote>,
    /// The round trip that the holding is in; nothing when flat.
    pub trade: Option<Box<OpenTrade>>,
    /// When the last losing round trip in this symbol was closed.
    pub last_loss_at: Option<Timestamp>,
    /// Decimals of the finest price seen.
    pub price_scale: u32,
    /// The kind of market, once a message has given evidence of it.
    pub market: Option<Market>,
}

/// What one fill does to a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Booked {
    /// How much of the holding it closes.
    pub(crate) closed: Quantity,
    /// How much it adds, or holds of the other side.
    pub(crate) opened: Quantity,
    /// Side times quantity times price times multiplier: above zero for a purchase.
    pub(crate) signed_notional: Decimal,
    /// By how much the cost changes.
    pub(crate) cost_change: Decimal,
    /// The profit realised, fees not included.
    pub(crate) realized: Decimal,
    /// What is held after it.
    pub(crate) net: NetQuantity,
    cost: Money,
    entries: u32,
    realized_total: Money,
    fees_total: Money,
    opened_at: Option<Timestamp>,
}

/// A fill as far as a position is concerned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Execution {
    pub(crate) side: OrderSide,
    pub(crate) quantity: Quantity,
    pub(crate) price: Price,
    pub(crate) multiplier: Decimal,
    pub(crate) fee: Money,
    pub(crate) at: Timestamp,
}

impl Position {
    /// Cost over quantity, in price units, to 28 digits; nothing when flat. For display, never for booking.
    #[must_use]
    pub fn price_average(&self, multiplier: Decimal) -> Option<Decimal> {
        self.cost.get().checked_div(self.net.get())?.checked_div(multiplier)
    }

    /// What the holding is worth at the newest mark, signed; zero when flat.
    pub(crate) fn value(&self, multiplier: Decimal) -> Result<Decimal, Overflow> {
        match (self.net.side(), &self.observation) {
            (None, _) => Ok(Decimal::ZERO),
            (Some(_), Some(seen)) => exact::mul3(self.net.get(), seen.mark()?.get(), multiplier),
            (Some(_), None) => Err(Overflow),
        }
    }

    /// The price that a market order of `side` starts from: the standing quote, else the newest observation.
    pub(crate) fn reference(&self, side: OrderSide) -> Option<Reference> {
        let standing = self.quote.as_ref().map(|quote| quote.reference(side));
        standing.or_else(|| self.observation.as_ref().map(|seen| seen.reference(side)))
    }

    /// Takes an observation.
    pub(crate) fn observe(&mut self, observation: Observation) {
        self.price_scale = self.price_scale.max(observation.scale());
        self.observation = Some(observation);
        match observation.seen {
            Seen::Quote { bid, ask } => self.quote = Some(Quote { bid, ask, at: observation.at }),
            Seen::Last(_) => {}
            Seen::Alert(_) | Seen::Bar(_) => self.quote = None,
        }
    }

    /// What a fill does to the position, and what is to be booked for it.
    pub(crate) fn after(&self, fill: &Execution) -> Result<Booked, Overflow> {
        let signed = |value| price::signed(fill.side, value);
        let held = self.net.magnitude().get();
        let same_side = self.net.side().is_none_or(|side| side.entry() == fill.side);
        let closed = if same_side { Decimal::ZERO } else { fill.quantity.get().min(held) };
        let opened = exact::sub(fill.quantity.get(), closed)?;
        let worth = |quantity: Decimal| exact::mul3(quantity, fill.price.get(), fill.multiplier);

        let cost_closed = self.cost_of(closed, held)?;
        // Closing a long sells: what comes in less what it cost. A short is mirrored.
        let realized = exact::sub(-signed(worth(closed)?), cost_closed)?;
        let cost_opened = signed(worth(opened)?);
        let cost_change = exact::sub(cost_opened, cost_closed)?;
        let net = NetQuantity::new(exact::add(self.net.get(), signed(fill.quantity.get()))?);
        let fresh = self.net.side().is_none() || closed == held;
        Ok(Booked {
            closed: Quantity::new(closed).ok_or(Overflow)?,
            opened: Quantity::new(opened).ok_or(Overflow)?,
            signed_notional: signed(worth(fill.quantity.get())?),
            cost_change,
            realized,
            net,
            cost: Money::new(exact::add(self.cost.get(), cost_change)?),
            entries: match (net.side(), fresh, opened.is_zero()) {
                (None, _, _) => 0,
                (Some(_), true, _) => 1,
                (Some(_), false, true) => self.entries,
                (Some(_), false, false) => self.entries.saturating_add(1),
            },
            realized_total: Money::new(exact::add(self.realized.get(), realized)?),
            fees_total: Money::new(exact::add(self.fees.get(), fill.fee.get())?),
            opened_at: net.side().and(if fresh { Some(fill.at) } else { self.opened_at }),
        })
    }

    /// Books a fill. The round trip is kept by whoever calls.
    pub(crate) fn book(&mut self, booked: &Booked) {
        self.net = booked.net;
        self.cost = booked.cost;
        self.entries = booked.entries;
        self.realized = booked.realized_total;
        self.fees = booked.fees_total;
        self.opened_at = booked.opened_at;
    }

    /// The share of the cost that closing `closed` of `held` takes out.
    fn cost_of(&self, closed: Decimal, held: Decimal) -> Result<Decimal, Overflow> {
        if closed.is_zero() {
            return Ok(Decimal::ZERO);
        }
        if closed == held {
            return Ok(self.cost.get());
        }
        let share = exact::div(exact::mul_near(self.cost.get(), closed)?, held)?;
        let rounded = exact::round8(share);
        // Of a cost below a hundred-millionth rounding may take all: something held always keeps a cost of its sign.
        Ok(if rounded.abs() < self.cost.get().abs() { rounded } else { exact::truncate8(share) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{at, d, price};

    /// Fills such as `+2 @ 10.01`; after each `net, cost, realised, entries`.
    fn check(multiplier: &str, fills: &[(&str, &str, [&str; 3], u32)]) {
        let mut position = Position::default();
        for (quantity, at_price, [net, cost, realized], entries) in fills {
            let side = if quantity.starts_with('-') { OrderSide::Sell } else { OrderSide::Buy };
            let fill = Execution {
                side,
                quantity: Quantity::new(d(quantity).abs()).unwrap(),
                price: price(at_price),
                multiplier: d(multiplier),
                fee: Money::ZERO,
                at: at(0),
            };
            let booked = position.after(&fill).unwrap();
            position.book(&booked);
            let found = (position.net.get(), position.cost.get(), position.realized.get(), position.entries);
            assert_eq!(found, (d(net), d(cost), d(realized), *entries), "{quantity} @ {at_price}");
            assert_eq!(position.opened_at.is_some(), position.net.side().is_some());
        }
    }

    #[test]
    fn cost_is_signed_and_the_last_close_takes_what_is_left() {
        // 30.02 / 3 = 10.00666667 (8 digits), 10.05 - 10.00666667 = 0.04333333, 20.10 - 20.01333333 = 0.08666667
        check(
            "1",
            &[
                ("+1", "10.00", ["1", "10", "0"], 1),
                ("+2", "10.01", ["3", "30.02", "0"], 2),
                ("-1", "10.05", ["2", "20.01333333", "0.04333333"], 2),
                ("-2", "10.05", ["0", "0", "0.13"], 0),
            ],
        );
        // a short of 10 at 200, half bought back at 180, the rest at 210: 100 - 50
        check(
            "1",
            &[
                ("-10", "200", ["-10", "-2000", "0"], 1),
                ("+5", "180", ["-5", "-1000", "100"], 1),
                ("+5", "210", ["0", "0", "50"], 0),
            ],
        );
        // two contracts of 50 a point through zero: 2 * 50 * 3 = 300, then one short at 103
        check("50", &[("+2", "100", ["2", "10000", "0"], 1), ("-3", "103", ["-1", "-5150", "300"], 1)]);
    }

    #[test]
    fn something_held_always_keeps_a_cost_of_its_sign() {
        // A cost of 0.00000001: nine tenths would round to all of it.
        check(
            "1",
            &[
                ("+10", "0.000000001", ["10", "0.00000001", "0"], 1),
                ("-9", "0.000000001", ["1", "0.00000001", "0.000000009"], 1),
                ("-1", "0.000000001", ["0", "0", "0"], 0),
            ],
        );
    }

    #[test]
    fn the_average_is_for_display() {
        let position =
            Position { net: NetQuantity::new(d("3")), cost: Money::new(d("1501")), ..Position::default() };
        assert_eq!(position.price_average(d("50")).map(|p| p.round_dp(8)), Some(d("10.00666667")));
        assert_eq!(Position::default().price_average(Decimal::ONE), None);
    }
}
