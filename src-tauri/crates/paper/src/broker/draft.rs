//! What one input changes in one symbol, until it is committed: nothing of the account has changed before that.

use super::{Broker, Own};
use crate::balance::{Balances, Sums};
use crate::event::Event;
use crate::exact::{self, Overflow};
use crate::instrument::Instrument;
use crate::order::Order;
use crate::position::Position;
use crate::price::{Friction, Observation, Reference};
use crate::risk::RiskState;
use crate::state::Funds;
use domain::{Money, OrderSide, Price, Symbol, Timestamp};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// One symbol and the account's money while an input is worked on.
pub(super) struct Draft<'b> {
    pub(super) broker: &'b Broker,
    pub(super) symbol: &'b Symbol,
    /// The time of the input.
    pub(super) at: Timestamp,
    /// Since when orders that begin to work now do so: inside a bar, since it opened.
    pub(super) working_since: Timestamp,
    /// Whether resting orders are being matched, with the newest observation alone.
    pub(super) matching: bool,
    /// Whether a bar is being walked.
    pub(super) in_bar: bool,
    /// Whether the account's equity was used up.
    pub(super) ruined: bool,
    /// The alert's price that was heard.
    pub(super) heard: Option<Observation>,
    /// Whether more than that price may have changed something.
    pub(super) began: bool,
    /// What the other symbols contribute, or that it cannot be computed: who settles or commits is told.
    others: Result<Sums, Overflow>,
    pub(super) now: Core<'b>,
    /// Fills, postings and round trips, as they came.
    pub(super) log: Vec<Event>,
}

/// The part of a draft that can be put back.
#[derive(Clone)]
pub(super) struct Core<'b> {
    pub(super) position: Position,
    /// The live orders, and what became of them; new ones come at the end. Copied only when one changes.
    pub(super) orders: Cow<'b, [Order]>,
    pub(super) instrument: Instrument,
    pub(super) funds: Funds,
    pub(super) risk: RiskState,
    pub(super) orders_placed: u64,
    pub(super) own: Sums,
    pub(super) balances: Balances,
}

/// A point of a draft to go back to.
pub(super) struct Saved<'b> {
    core: Core<'b>,
    logged: usize,
}

/// A finished draft.
pub(super) struct Changes {
    pub(super) symbol: Symbol,
    pub(super) position: Position,
    pub(super) orders: Option<Vec<Order>>,
    pub(super) own: Own,
    pub(super) sums: Sums,
    pub(super) funds: Funds,
    pub(super) risk: RiskState,
    pub(super) orders_placed: u64,
    pub(super) balances: Balances,
    pub(super) log: Vec<Event>,
}

impl<'b> Draft<'b> {
    pub(super) fn open(broker: &'b Broker, symbol: &'b Symbol, at: Timestamp) -> Self {
        let state = &broker.state;
        let position = state.positions.get(symbol).cloned().unwrap_or_default();
        let orders = state.orders.get(symbol).map_or(&[][..], Vec::as_slice);
        let known = broker.own.get(symbol);
        let own = known.map(|own| own.sums).unwrap_or_default();
        let instrument = match known {
            Some(own) => own.instrument,
            None => broker.config.instrument(symbol, position.market, position.price_scale),
        };
        Self {
            broker,
            symbol,
            at,
            working_since: at,
            matching: false,
            in_bar: false,
            ruined: false,
            heard: None,
            began: false,
            others: broker.sums.minus(&own),
            now: Core {
                position,
                orders: Cow::Borrowed(orders),
                instrument,
                funds: state.funds,
                risk: broker.risk_at(at),
                orders_placed: state.orders_placed,
                own,
                balances: broker.balances,
            },
            log: Vec::new(),
        }
    }

    /// Computes the figures anew after something of this symbol changed.
    pub(super) fn settle(&mut self) -> Result<(), Overflow> {
        let now = &mut self.now;
        now.own = Sums::of(&self.broker.config, &now.instrument, &now.position, &now.orders)?;
        now.balances = Balances::of(&now.funds, &self.others?.plus(&now.own)?)?;
        Ok(())
    }

    /// Takes an observation: price and time, then the figures, then the extremes of the round trip.
    pub(super) fn observe(&mut self, observation: Observation) -> Result<(), Overflow> {
        let scale = self.now.position.price_scale;
        self.now.position.observe(observation);
        if self.now.position.price_scale != scale {
            self.refresh_instrument();
        }
        // What is not held has no worth that a price could change.
        if self.now.position.net.side().is_none() {
            return Ok(());
        }
        self.settle()?;
        self.excursion()
    }

    /// Counts the decimals of a price that the message names, which an instrument without a tick of its own takes as
    /// seen.
    pub(super) fn see_scale(&mut self, price: Price) {
        let position = &mut self.now.position;
        if price.get().scale() > position.price_scale {
            position.price_scale = price.get().normalize().scale().max(position.price_scale);
            self.refresh_instrument();
        }
    }

    pub(super) fn refresh_instrument(&mut self) {
        let position = &self.now.position;
        self.now.instrument =
            self.broker.config.instrument(self.symbol, position.market, position.price_scale);
    }

    /// Moves the extremes of the open round trip to the present unrealised profit.
    pub(super) fn excursion(&mut self) -> Result<(), Overflow> {
        let own = self.now.own;
        let Some(trade) = &mut self.now.position.trade else { return Ok(()) };
        let unrealized = Money::new(exact::sub(own.value, own.cost)?);
        trade.mae = trade.mae.min(unrealized);
        trade.mfe = trade.mfe.max(unrealized);
        Ok(())
    }

    /// The price that an order of `side` takes now: in matching the observation that came, else the standing quote
    /// where there is one.
    pub(super) fn reference(&self, side: OrderSide) -> Option<Reference> {
        if self.matching {
            self.now.position.observation.as_ref().map(|seen| seen.reference(side))
        } else {
            self.now.position.reference(side)
        }
    }

    /// What lies between a reference and a fill; inside a bar there is no spread.
    pub(super) fn friction(&self) -> Friction {
        let config = &self.broker.config;
        Friction {
            slippage: config.slippage,
            spread_bps: if self.in_bar { Decimal::ZERO } else { config.spread_bps },
            tick: self.now.instrument.tick,
        }
    }

    /// The figures of all symbols together.
    pub(super) fn sums(&self) -> Result<Sums, Overflow> {
        self.others?.plus(&self.now.own)
    }

    pub(super) fn save(&self) -> Saved<'b> {
        Saved { core: self.now.clone(), logged: self.log.len() }
    }

    pub(super) fn put_back(&mut self, saved: Saved<'b>) {
        self.now = saved.core;
        self.log.truncate(saved.logged);
    }

    /// What is to be committed; `sums` are the figures of all symbols together.
    pub(super) fn finish(self, sums: Sums) -> Changes {
        let Core { position, orders, instrument, funds, risk, orders_placed, own, balances } = self.now;
        Changes {
            symbol: self.symbol.clone(),
            position,
            orders: match orders {
                Cow::Owned(orders) => Some(orders),
                Cow::Borrowed(_) => None,
            },
            own: Own { instrument, sums: own },
            sums,
            funds,
            risk,
            orders_placed,
            balances,
            log: self.log,
        }
    }
}
