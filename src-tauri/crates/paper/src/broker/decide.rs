//! From a signal to its orders.

use super::Broker;
use super::gate::Admitted;
use super::trade::MarketOrder;
use crate::balance::Balances;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::event::{Decision, Event};
use crate::exact;
use crate::input::{SignalInput, WebhookState};
use crate::instrument::Instrument;
use crate::intent::{EntryAmount, ExitAmount, Move};
use crate::order::Origin;
use crate::position::Position;
use crate::sizing::{self, Cost, Purse};
use domain::{Quantity, ReasonCode, Side, SignalStatus, StatusEvent};
use rust_decimal::Decimal;

impl Broker {
    /// Decides a signal and executes what is left of it.
    pub(super) fn decide(&mut self, input: &SignalInput) -> Vec<Event> {
        let before = self.balances;
        let mut checks = CheckList::new();
        let mut events = Vec::new();
        let (event, reason) = match self.act(input, &mut checks, &mut events) {
            Ok(denied) => (StatusEvent::Execute, denied),
            Err(reason) => (StatusEvent::Reject, Some(reason)),
        };
        if event == StatusEvent::Execute {
            let symbols = [input.signal.symbol.clone()];
            self.report(&symbols, &before, input.decided_at, &mut events);
        }
        let status = SignalStatus::Received.after(event).expect("BUG: a received signal can be decided");
        let decision = Decision { signal: input.id.clone(), status, reason, checks: checks.into_records() };
        events.push(Event::Decided(Box::new(decision)));
        events
    }

    /// Places the orders of a signal. Nothing has changed on an error; `Ok` carries why the opening half of a reversal
    /// was denied, if it was.
    fn act(
        &mut self,
        input: &SignalInput,
        checks: &mut CheckList,
        events: &mut Vec<Event>,
    ) -> Result<Option<Reason>, Reason> {
        let Admitted { r#move, position } = self.admit(input, checks)?;
        match r#move {
            Move::Exit(amount) => self.exit(input, position, amount, checks, events).map(|()| None),
            Move::Enter(side, amount) => {
                self.enter(input, 1, position, (side, amount), checks, events).map(|()| None)
            }
            Move::Turn(side, amount) => {
                self.exit(input, position, ExitAmount::All, checks, events)?;
                if input.rules.state == WebhookState::ReduceOnly {
                    let reason = Reason::with(ReasonCode::ReduceOnlyMode, "exits", "entry");
                    return Ok(Some(checks.fail(CheckName::WebhookState, reason)));
                }
                let position = self.position(&input.signal.symbol);
                Ok(self.enter(input, 2, position, (side, amount), checks, events).err())
            }
        }
    }

    fn exit(
        &mut self,
        input: &SignalInput,
        position: Position,
        amount: ExitAmount,
        checks: &mut CheckList,
        events: &mut Vec<Event>,
    ) -> Result<(), Reason> {
        let symbol = &input.signal.symbol;
        let Some(open) = position.net.side() else {
            return Err(checks.fail(CheckName::Position, Reason::bare(ReasonCode::NoPosition)));
        };
        let instrument = self.instrument_of(symbol, &position);
        let sized = self.exit_quantity(input, &position, open, amount, &instrument, checks);
        let quantity = sized?;
        let order = MarketOrder {
            origin: &Origin::Signal(input.id.clone()),
            leg: 1,
            symbol,
            position,
            side: open.exit(),
            quantity,
            reduce_only: true,
            at: input.decided_at,
        };
        self.trade(&order, events).map_err(|reason| checks.fail(CheckName::Quantity, reason))
    }

    fn exit_quantity(
        &self,
        input: &SignalInput,
        position: &Position,
        open: Side,
        amount: ExitAmount,
        instrument: &Instrument,
        checks: &mut CheckList,
    ) -> Result<Quantity, Reason> {
        let judged = (|| {
            let (price, _) = self.price_of(&input.signal.symbol, position, open.exit())?;
            let cost = self.cost(instrument, open, price);
            let units = sizing::exit_units(amount, &self.purse(input, position)?, &cost)?;
            Ok((units, cost.notional(units)?))
        })();
        let (units, notional): (Decimal, Decimal) = match judged {
            Ok(judged) => judged,
            Err(reason) => return Err(fail_sizing(reason, checks)),
        };
        let whole = units == position.net.magnitude().get();
        let min_qty = if whole { Decimal::ZERO } else { instrument.min_qty };
        checks.judge(CheckName::Quantity, at_least(units, min_qty))?;
        let min_notional = if whole { Decimal::ZERO } else { instrument.min_notional };
        checks.judge(CheckName::Notional, worth_at_least(notional, min_notional))?;
        Quantity::new(units).ok_or_else(|| Reason::bare(ReasonCode::QuantityBelowMinimum))
    }

    fn enter(
        &mut self,
        input: &SignalInput,
        leg: u16,
        position: Position,
        (side, amount): (Side, EntryAmount),
        checks: &mut CheckList,
        events: &mut Vec<Event>,
    ) -> Result<(), Reason> {
        let symbol = &input.signal.symbol;
        let instrument = self.instrument_of(symbol, &position);
        checks.judge(CheckName::Direction, direction(side, &instrument))?;
        checks.judge(CheckName::MaxEntries, room(position.entries, self.config.max_entries))?;
        let quantity = self.entry_quantity(input, &position, side, amount, &instrument, checks)?;
        let order = MarketOrder {
            origin: &Origin::Signal(input.id.clone()),
            leg,
            symbol,
            position,
            side: side.entry(),
            quantity,
            reduce_only: false,
            at: input.decided_at,
        };
        self.trade(&order, events).map_err(|reason| checks.fail(CheckName::BuyingPower, reason))
    }

    /// Sizes an entry and runs the checks on quantity, notional and buying power.
    fn entry_quantity(
        &self,
        input: &SignalInput,
        position: &Position,
        side: Side,
        amount: EntryAmount,
        instrument: &Instrument,
        checks: &mut CheckList,
    ) -> Result<Quantity, Reason> {
        let sized = (|| {
            let (price, _) = self.price_of(&input.signal.symbol, position, side.entry())?;
            let cost = self.cost(instrument, side, price);
            let purse = self.purse(input, position)?;
            let measure = match amount {
                EntryAmount::Units(units) => sizing::Measure::Units(units),
                EntryAmount::Size(size) => sizing::measure(size, &purse)?,
                EntryAmount::Unsaid => {
                    let sizing = input.rules.sizing.or(self.config.sizing);
                    sizing::measure_sizing(sizing::unsaid(sizing, input.dialect), &purse)?
                }
            };
            let units = cost.units(measure)?;
            Ok((units, cost.notional(units)?, cost.need(units)?, purse.available))
        })();
        let (units, notional, need, available): (Decimal, Decimal, Decimal, Decimal) = match sized {
            Ok(sized) => sized,
            Err(reason) => return Err(fail_sizing(reason, checks)),
        };
        let quantity_found = match instrument.max_qty {
            Some(max) if units > max => Err(Reason::with(ReasonCode::QuantityExceedsMaximum, max, units)),
            Some(_) | None => at_least(units, instrument.min_qty),
        };
        checks.judge(CheckName::Quantity, quantity_found)?;
        checks.judge(CheckName::Notional, worth_at_least(notional, instrument.min_notional))?;
        let affordable = if need > available {
            Err(Reason::with(ReasonCode::InsufficientBalance, available, need))
        } else {
            Ok(Passed::with(available, need))
        };
        checks.judge(CheckName::BuyingPower, affordable)?;
        Quantity::new(units).ok_or_else(|| Reason::bare(ReasonCode::QuantityBelowMinimum))
    }

    fn cost<'a>(&'a self, instrument: &'a Instrument, side: Side, price: domain::Price) -> Cost<'a> {
        Cost { instrument, fees: &self.config.fees, fee_dp: self.fee_dp(instrument), side, price }
    }

    /// What sizes are measured against, with the price of this decision counted in.
    fn purse(&self, input: &SignalInput, position: &Position) -> Result<Purse, exact::Overflow> {
        let changed = Some((&input.signal.symbol, position));
        let balances = Balances::of(&self.config, &self.state.funds, &self.state.positions, changed)?;
        Ok(Purse {
            equity: balances.equity.get(),
            available: balances.available.get(),
            net: position.net,
            leverage: input.signal.leverage.unwrap_or(Decimal::ONE),
        })
    }
}

/// A size by risk fails the bracket check; everything else that cannot be computed fails the quantity.
fn fail_sizing(reason: Reason, checks: &mut CheckList) -> Reason {
    let check =
        if reason.code == ReasonCode::StopRequired { CheckName::Bracket } else { CheckName::Quantity };
    checks.fail(check, reason)
}

fn direction(side: Side, instrument: &Instrument) -> Result<Passed, Reason> {
    match (side, instrument.shortable) {
        (Side::Short, false) => Err(Reason::with(ReasonCode::ShortNotAllowed, Side::Long, side)),
        (Side::Short, true) | (Side::Long, _) => Ok(Passed::actual(side)),
    }
}

fn room(entries: u32, max: u32) -> Result<Passed, Reason> {
    if entries >= max {
        Err(Reason::with(ReasonCode::MaxEntriesReached, max, entries))
    } else {
        Ok(Passed::with(max, entries))
    }
}

fn at_least(units: Decimal, min: Decimal) -> Result<Passed, Reason> {
    if units <= Decimal::ZERO || units < min {
        Err(Reason::with(ReasonCode::QuantityBelowMinimum, min, units))
    } else {
        Ok(Passed::with(min, units))
    }
}

fn worth_at_least(notional: Decimal, min: Decimal) -> Result<Passed, Reason> {
    if notional < min {
        Err(Reason::with(ReasonCode::NotionalBelowMinimum, min, notional))
    } else {
        Ok(Passed::with(min, notional))
    }
}
