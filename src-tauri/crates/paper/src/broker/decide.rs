//! From a signal to its orders: the checks in their order, then what is left of it is placed.

use super::Broker;
use super::draft::Draft;
use super::gate;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::event::{Decision, Event};
use crate::exact::Overflow;
use crate::input::SignalInput;
use crate::intent::{self, Move, Refusal};
use crate::order::{CancelReason, Order, Origin};
use crate::price::taking_price;
use domain::{
    DialectName, OrderRequest, OrderSide, OrderType, Price, ReasonCode, SellMode, Side, SignalStatus,
    StatusEvent,
};

impl Broker {
    /// Decides a signal and executes what is left of it.
    pub(super) fn decide(&mut self, input: &SignalInput, events: &mut Vec<Event>) -> Event {
        let mut checks = CheckList::new();
        let outcome = self.act(input, &mut checks, events);
        let (event, reason) = match outcome {
            Ok(denied) => (StatusEvent::Execute, denied),
            Err(reason) => (StatusEvent::Reject, Some(reason)),
        };
        let status = SignalStatus::Received.after(event).expect("BUG: a received signal can be decided");
        let decision = Decision { signal: input.id.clone(), status, reason, checks: checks.into_records() };
        Event::Decided(Box::new(decision))
    }

    /// `Ok` carries why the opening half of a reversal was denied, if it was. What an alert's price did to the account
    /// stands whatever becomes of the alert.
    fn act(
        &mut self,
        input: &SignalInput,
        checks: &mut CheckList,
        events: &mut Vec<Event>,
    ) -> Result<Option<Reason>, Reason> {
        let (symbol, at) = (&input.signal.symbol, input.decided_at);
        let mut draft = Draft::open(self, symbol, at);
        let outcome = draft.act(input, checks);
        if outcome.is_err() {
            // Nothing of a rejected signal stays; it is heard anew where its price was.
            let Some(heard) = draft.heard else { return outcome };
            if draft.began {
                draft = Draft::open(self, symbol, at);
                draft.hear(heard)?;
            }
        }
        let ruined = draft.ruined;
        let committed = match draft.sums() {
            Ok(sums) => {
                let changes = draft.finish(sums);
                self.commit_or_liquidate(changes, ruined, at, events)
            }
            Err(overflow) => Err(overflow),
        };
        match committed {
            Ok(()) => outcome,
            Err(overflow) => Err(checks.fail(CheckName::Price, overflow.into())),
        }
    }
}

impl Draft<'_> {
    fn act(&mut self, input: &SignalInput, checks: &mut CheckList) -> Result<Option<Reason>, Reason> {
        let mut read = self.read(input);
        gate::admit(self, input, &read, checks)?;
        if !matches!(read, Ok(Move::Cancel(_))) {
            if let Some(heard) = gate::price(self, input, is_exit(&read, input), checks)? {
                self.hear(heard).map_err(|overflow| checks.fail(CheckName::Price, overflow.into()))?;
                self.heard = Some(heard);
                read = self.read(input);
                gate::standing(self, input, &read, checks)?;
            }
            gate::exit_percent(&input.signal, checks)?;
        }
        let wanted = read.map_err(|refusal| checks.fail(refusal.check, refusal.reason))?;
        self.execute(input, wanted, checks)
    }

    pub(super) fn read(&self, input: &SignalInput) -> Result<Move, Refusal> {
        intent::read(&input.signal, self.sell_mode(input), self.now.position.net)
    }

    /// An entry of a format whose own documents say that it closes the other side first turns the position round.
    fn sell_mode(&self, input: &SignalInput) -> SellMode {
        let set = input.rules.sell_mode.unwrap_or(self.broker.config.sell_mode);
        let turns = matches!(
            input.dialect,
            Some(DialectName::TradersPost | DialectName::TrendSpider | DialectName::PickMyTrade)
        );
        if turns && set == SellMode::Directional { SellMode::Flip } else { set }
    }

    fn execute(
        &mut self,
        input: &SignalInput,
        wanted: Move,
        checks: &mut CheckList,
    ) -> Result<Option<Reason>, Reason> {
        self.began = true;
        if self.now.position.market.is_none() && input.signal.market.is_some() {
            self.now.position.market = input.signal.market;
            self.refresh_instrument();
        }
        if let Move::Cancel(side) = wanted {
            return self.cancel_live(input, side, checks).map(|()| None);
        }
        checks.pass(CheckName::Position, Passed::actual(self.now.position.net));
        match wanted {
            Move::Exit(amount) => self.exit(input, amount, checks).map(|()| None),
            Move::Enter(side, amount) => self.enter(input, 1, side, amount, checks).map(|()| None),
            Move::Turn(side, amount) => {
                self.close_to_turn(input, checks)?;
                if let Err(reason) = gate::entries_allowed(self, input, checks) {
                    return Ok(Some(reason));
                }
                let saved = self.save();
                Ok(self
                    .enter(input, 2, side, amount, checks)
                    .map_err(|reason| (self.put_back(saved), reason).1)
                    .err())
            }
            Move::Cancel(_) => Ok(None),
        }
    }

    /// Cancels the live orders that are about a direction, or all.
    fn cancel_live(
        &mut self,
        input: &SignalInput,
        side: Option<Side>,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        // OctoBot's documents mean the orders that buy or sell, the others those about a long or a short.
        let by_order = input.dialect == Some(DialectName::OctoBot);
        let concerns = |order: &Order| {
            let exits = order.reduce_only && !by_order;
            let about = if exits { order.side.opposite() } else { order.side };
            order.is_live() && side.is_none_or(|side| about == side.entry())
        };
        let count = self.now.orders.iter().filter(|order| concerns(order)).count();
        if count == 0 {
            return Err(checks.fail(CheckName::Position, Reason::bare(ReasonCode::OrderNotLive)));
        }
        checks.pass(CheckName::Position, Passed::actual(count.to_string()));
        self.cancel_all(concerns, CancelReason::UserCancelled)
            .map_err(|overflow| checks.fail(CheckName::Position, overflow.into()))
    }

    /// Cancels every live order of which `concerns` is true; held children go with their parents.
    pub(super) fn cancel_all(
        &mut self,
        concerns: impl Fn(&Order) -> bool,
        reason: CancelReason,
    ) -> Result<(), Overflow> {
        for index in 0..self.now.orders.len() {
            if self.now.orders[index].is_live() && concerns(&self.now.orders[index]) {
                self.cancel(index, reason)?;
            }
        }
        Ok(())
    }

    /// The price that an order is sized with: its limit, its stop, or what it would take now.
    pub(super) fn expected(&self, order: &OrderRequest, side: OrderSide) -> Result<Price, Reason> {
        let level = match order.kind {
            OrderType::Limit | OrderType::StopLimit => order.limit,
            OrderType::Stop => order.stop,
            OrderType::Market | OrderType::TrailingStop => None,
        };
        if let Some(level) = level {
            return Ok(level);
        }
        let reference = self.reference(side).ok_or_else(|| Reason::bare(ReasonCode::PriceUnavailable))?;
        Ok(taking_price(&reference, side, &self.friction())?.0)
    }

    /// Counts the decimals of the prices that the message states.
    pub(super) fn see_levels(&mut self, input: &SignalInput) {
        let order = &input.signal.order;
        let bracket = input.signal.take_profit.iter().map(|step| Some(step.level));
        let stop = input.signal.stop_loss;
        let levels =
            bracket.chain([stop.and_then(|stop| stop.level)]).flatten().filter_map(|level| match level {
                domain::BracketLevel::Price(price) => Some(price),
                domain::BracketLevel::Percent(_)
                | domain::BracketLevel::Absolute(_)
                | domain::BracketLevel::Pips(_) => None,
            });
        let named = [order.limit, order.stop, order.activation, stop.and_then(|stop| stop.limit)];
        for price in named.into_iter().flatten().chain(levels) {
            self.see_scale(price);
        }
    }
}

/// Whether a signal adds nothing to a position, as far as it can be read.
pub(super) fn is_exit(read: &Result<Move, Refusal>, input: &SignalInput) -> bool {
    use domain::Intent;
    match read {
        Ok(read) => read.is_exit(),
        Err(_) => matches!(input.signal.intent, Intent::Reduce | Intent::Close),
    }
}

/// Who asks: the signal.
pub(super) fn origin(input: &SignalInput) -> Origin {
    Origin::Signal(input.id.clone())
}
