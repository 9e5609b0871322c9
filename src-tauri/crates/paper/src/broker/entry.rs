//! Entries: the checks that only they go through, and their size.

use super::bracket::Bracket;
use super::decide::origin;
use super::draft::Draft;
use super::exit::{at_least, worth_at_least};
use super::limits::Wanted;
use super::place::Ticket;
use crate::check::{CheckList, CheckName, Passed, Reason};
use crate::input::SignalInput;
use crate::intent::EntryAmount;
use crate::sizing::{self, Cost, Measure};
use domain::{OrderType, Price, Quantity, ReasonCode, Side, Verdict};
use rust_decimal::Decimal;

/// The size of an entry and what it comes to.
struct Sized {
    units: Decimal,
    notional: Decimal,
    per_unit: Decimal,
    /// Margin and fee.
    need: Decimal,
}

impl Draft<'_> {
    /// Places the entry of a signal.
    pub(super) fn enter(
        &mut self,
        input: &SignalInput,
        leg: u16,
        side: Side,
        amount: EntryAmount,
        checks: &mut CheckList,
    ) -> Result<(), Reason> {
        let request = &input.signal.order;
        self.see_levels(input);
        self.may_enter(side, checks)?;
        if let Some(verdict) = input.verdict {
            checks.judge(CheckName::Pipeline, pipeline(verdict))?;
        }
        self.order_tick(request, checks)?;
        let expected = self.expected(request, side.entry());
        let expected = expected.map_err(|reason| checks.fail(CheckName::Quantity, reason))?;
        let bracket = self.bracket(&input.signal, side, expected);
        let sized = match (self.size(input, side, amount, expected, bracket.as_ref()), &bracket) {
            (Ok(sized), _) => sized,
            // A size by risk has no stop to go by because the one named cannot be.
            (Err(reason), Err(invalid)) if reason.code == ReasonCode::StopRequired => {
                return Err(checks.fail(CheckName::Bracket, invalid.clone()));
            }
            (Err(reason), _) => return Err(fail_sizing(reason, checks)),
        };
        let quantity = self.entry_quantity(&sized, checks)?;
        let rests = request.kind != OrderType::Market
            || input.signal.stop_loss.is_some()
            || !input.signal.take_profit.is_empty();
        let Sized { units, notional, per_unit, need } = sized;
        self.limits(&Wanted { units, notional, per_unit, rests }, checks)?;
        checks.judge(CheckName::BuyingPower, self.affordable(need))?;
        let bracket = self.protected(bracket, checks)?;
        let place = |draft: &mut Self| {
            let children = bracket.children(quantity, draft.now.instrument.step)?;
            let ticket = Ticket { children, ..Ticket::of(request, side.entry(), quantity, expected, false) };
            draft.place(&origin(input), leg, &ticket)
        };
        place(self).map_err(|overflow| checks.fail(CheckName::BuyingPower, overflow.into()))
    }

    /// The checks of an entry that come before its strategy.
    pub(super) fn may_enter(&self, side: Side, checks: &mut CheckList) -> Result<(), Reason> {
        checks.judge(CheckName::Direction, self.direction(side))?;
        checks.judge(CheckName::MaxEntries, self.room())?;
        self.trading_hours(checks)
    }

    /// The account trades the direction, and the instrument can be sold short.
    fn direction(&self, side: Side) -> Result<Passed, Reason> {
        let directions = self.broker.config.risk.direction;
        if side == Side::Short && !self.now.instrument.shortable {
            Err(Reason::with(ReasonCode::ShortNotAllowed, Side::Long, side))
        } else if directions.allow(side) {
            Ok(Passed::with(directions.as_str(), side))
        } else {
            Err(Reason::with(ReasonCode::DirectionNotAllowed, directions.as_str(), side))
        }
    }

    fn room(&self) -> Result<Passed, Reason> {
        let (entries, max) = (self.now.position.entries, self.broker.config.max_entries);
        if entries >= max {
            Err(Reason::with(ReasonCode::MaxEntriesReached, max, entries))
        } else {
            Ok(Passed::with(max, entries))
        }
    }

    fn size(
        &self,
        input: &SignalInput,
        side: Side,
        amount: EntryAmount,
        expected: Price,
        bracket: Result<&Bracket, &Reason>,
    ) -> Result<Sized, Reason> {
        let cost = Cost::of(&self.broker.config, &self.now.instrument, side, expected);
        let stop_distance = match bracket {
            Ok(bracket) => self.stop_distance(bracket, side, expected)?,
            Err(_) => None,
        };
        let purse = self.purse(input, stop_distance);
        let measure = match amount {
            EntryAmount::Units(units) => Measure::Units(units),
            EntryAmount::Size(size) => sizing::measure(size, &purse)?,
            EntryAmount::Unsaid => {
                let sizing = input.rules.sizing.or(self.broker.config.sizing);
                sizing::measure_sizing(sizing::unsaid(sizing, input.dialect), &purse)?
            }
        };
        let units = cost.units(measure)?;
        Ok(Sized {
            units,
            notional: cost.notional(units)?,
            per_unit: cost.notional(Decimal::ONE)?,
            need: cost.need(units)?,
        })
    }

    /// The quantity and notional filters of the instrument.
    fn entry_quantity(&self, sized: &Sized, checks: &mut CheckList) -> Result<Quantity, Reason> {
        let instrument = &self.now.instrument;
        let found = match instrument.max_qty {
            Some(max) if sized.units > max => {
                Err(Reason::with(ReasonCode::QuantityExceedsMaximum, max, sized.units))
            }
            Some(_) | None => at_least(sized.units, instrument.min_qty),
        };
        checks.judge(CheckName::Quantity, found)?;
        checks.judge(CheckName::Notional, worth_at_least(sized.notional, instrument.min_notional))?;
        Quantity::new(sized.units).ok_or_else(|| Reason::bare(ReasonCode::QuantityBelowMinimum))
    }

    fn affordable(&self, need: Decimal) -> Result<Passed, Reason> {
        let available = self.now.balances.available;
        if need > available.get() {
            Err(Reason::with(ReasonCode::InsufficientBalance, available, need))
        } else {
            Ok(Passed::with(available, need))
        }
    }

    /// The bracket, where it can be and has what the account asks for.
    fn protected(&self, bracket: Result<Bracket, Reason>, checks: &mut CheckList) -> Result<Bracket, Reason> {
        let required = self.broker.config.risk.require_stop;
        let found = bracket.and_then(|bracket| {
            if required && !bracket.has_stop() {
                Err(Reason::with(ReasonCode::StopRequired, "a stop loss", "none"))
            } else {
                Ok(bracket)
            }
        });
        match found {
            Ok(bracket) => {
                checks.pass(CheckName::Bracket, Passed::default());
                Ok(bracket)
            }
            Err(reason) => Err(checks.fail(CheckName::Bracket, reason)),
        }
    }
}

pub(super) fn pipeline(verdict: Verdict) -> Result<Passed, Reason> {
    match verdict {
        Verdict::Confirm => Ok(Passed::actual("confirmed")),
        Verdict::Deny(code) | Verdict::DenyEntries(code) => Err(Reason::bare(code)),
    }
}

/// A size by risk without a stop fails the bracket check, one without any money the buying power; everything else that
/// cannot be computed fails the quantity.
pub(super) fn fail_sizing(reason: Reason, checks: &mut CheckList) -> Reason {
    let check = if reason.code == ReasonCode::StopRequired {
        CheckName::Bracket
    } else if reason.code == ReasonCode::InsufficientBalance {
        CheckName::BuyingPower
    } else {
        CheckName::Quantity
    };
    checks.fail(check, reason)
}
