//! Market orders: placed, filled and booked in one step.

use super::Broker;
use crate::balance::Balances;
use crate::check::Reason;
use crate::event::Event;
use crate::fee::Liquidity;
use crate::fill::Fill;
use crate::instrument::Instrument;
use crate::ledger::Transaction;
use crate::order::{ClientOrderId, Order, OrderEvent, OrderStatus, Origin};
use crate::position::{Position, Trade};
use crate::price::{Friction, NoTakingPrice, taking_price};
use crate::{Why, exact};
use domain::{FillId, Money, OrderSide, OrderType, Price, Quantity, ReasonCode, Symbol, Timestamp};

/// A market order that passed all checks.
#[derive(Debug)]
pub(super) struct MarketOrder<'a> {
    pub(super) origin: &'a Origin,
    pub(super) leg: u16,
    pub(super) symbol: &'a Symbol,
    /// The position with the newest price in it, which is booked together with the fill.
    pub(super) position: Position,
    pub(super) side: OrderSide,
    pub(super) quantity: Quantity,
    pub(super) reduce_only: bool,
    pub(super) at: Timestamp,
}

impl Broker {
    /// The price at which a market order fills now.
    pub(super) fn price_of(
        &self,
        symbol: &Symbol,
        position: &Position,
        side: OrderSide,
    ) -> Result<(Price, Why), Reason> {
        let Some(observation) = &position.observation else {
            return Err(Reason::bare(ReasonCode::PriceUnavailable));
        };
        let friction = Friction {
            slippage: self.config.slippage,
            spread_bps: self.config.spread_bps,
            tick: self.instrument_of(symbol, position).tick,
        };
        taking_price(observation, side, &friction).map_err(|error| match error {
            NoTakingPrice::BelowZero => Reason::bare(ReasonCode::PriceUnavailable),
            NoTakingPrice::Overflow => Reason::bare(ReasonCode::ArithmeticOverflow),
        })
    }

    /// The decimals of a fee.
    pub(super) fn fee_dp(&self, instrument: &Instrument) -> u32 {
        self.config.fees.dp.unwrap_or(instrument.fee_dp)
    }

    /// Places and fills a market order. On an error nothing has changed.
    pub(super) fn trade(&mut self, wanted: &MarketOrder<'_>, events: &mut Vec<Event>) -> Result<(), Reason> {
        let instrument = self.instrument_of(wanted.symbol, &wanted.position);
        let (price, why) = self.price_of(wanted.symbol, &wanted.position, wanted.side)?;
        let quantity = wanted.quantity;
        let notional = exact::mul3(quantity.get(), price.get(), instrument.multiplier)?;
        let fee = self.config.fees.fee(notional, Liquidity::Taker, self.fee_dp(&instrument))?;
        let trade = Trade {
            side: wanted.side,
            quantity,
            price,
            multiplier: instrument.multiplier,
            fee,
            at: wanted.at,
        };
        let booked = wanted.position.after(&trade)?;
        let cash_change = exact::sub(-booked.signed_notional, fee.get())?;
        let funds = self.state.funds.booked(cash_change, booked.realized, fee)?;
        let changed = Some((wanted.symbol, &booked.position));
        let balances = Balances::of(&self.config, &funds, &self.state.positions, changed)?;

        let order = wanted.placed();
        let fill = Fill {
            id: fill_id(&order.client_id),
            order_id: order.id.clone(),
            origin: wanted.origin.clone(),
            symbol: wanted.symbol.clone(),
            side: wanted.side,
            quantity,
            price,
            fee,
            liquidity: Liquidity::Taker,
            at: wanted.at,
            realized: Money::new(booked.realized),
            why,
        };
        let posted = Transaction::of_fill(&fill, cash_change, booked.cost_change);
        debug_assert!(posted.is_balanced(), "BUG: {posted:?} does not balance");

        self.state.funds = funds;
        self.state.positions.insert(wanted.symbol.clone(), booked.position);
        self.balances = balances;
        let filled =
            Order { filled: quantity, status: stepped(order.status, OrderEvent::FillRest), ..order.clone() };
        events.extend([
            Event::Order(Box::new(order)),
            Event::Filled(Box::new(fill)),
            Event::Posted(posted),
            Event::Order(Box::new(filled)),
        ]);
        Ok(())
    }
}

impl MarketOrder<'_> {
    /// The order as it is placed, working.
    fn placed(&self) -> Order {
        let client_id = ClientOrderId { origin: self.origin.clone(), leg: self.leg };
        Order {
            id: client_id.order_id(),
            client_id,
            symbol: self.symbol.clone(),
            side: self.side,
            kind: OrderType::Market,
            quantity: self.quantity,
            filled: Quantity::ZERO,
            limit: None,
            stop: None,
            reduce_only: self.reduce_only,
            parent: None,
            status: stepped(OrderStatus::New, OrderEvent::Accept),
            created_at: self.at,
        }
    }
}

/// The next status on the one way that a market order goes.
fn stepped(status: OrderStatus, event: OrderEvent) -> OrderStatus {
    status.after(event).expect("BUG: new, working, filled are in the table")
}

fn fill_id(order: &ClientOrderId) -> FillId {
    FillId::parse(&format!("fil_{}-1", order.tail())).expect("BUG: a tail is plain and short")
}
