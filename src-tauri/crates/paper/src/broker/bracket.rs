//! Take profits and stop losses: from the levels of a message to the legs of a bracket.
//!
//! Levels are resolved against the expected entry when the signal is decided, and stay where they are whatever the
//! fill is. A level that a message states as a price must be on the tick. One that is computed from a distance is
//! rounded to the tick away from the entry.

use super::draft::Draft;
use super::place::Child;
use crate::check::Reason;
use crate::exact::{self, Overflow};
use crate::instrument::Instrument;
use crate::intent::check_trail;
use crate::order::Role;
use crate::price::{against_trader, signed};
use domain::{
    BracketLevel, OrderSide, OrderType, Price, Quantity, ReasonCode, Side, Signal, StopLoss, TakeProfit,
    Trail,
};
use rust_decimal::Decimal;

/// The most take profits of a bracket.
const TAKE_PROFITS_MAX: usize = 10;

/// A bracket with its levels as prices.
#[derive(Debug, Clone, Default)]
pub(super) struct Bracket {
    take_profits: Vec<(Price, Decimal)>,
    stop: Option<Stop>,
}

#[derive(Debug, Clone, Copy)]
struct Stop {
    level: Option<Price>,
    limit: Option<Price>,
    trail: Option<Trail>,
}

impl Bracket {
    pub(super) fn has_stop(&self) -> bool {
        self.stop.is_some()
    }

    /// The legs for an entry of `quantity`. Portions are rounded down to the step; a last one that completes the
    /// whole takes what is left.
    pub(super) fn children(&self, quantity: Quantity, step: Decimal) -> Result<Vec<Child>, Overflow> {
        let mut children = Vec::with_capacity(self.take_profits.len() + 1);
        let (mut left, mut portions) = (quantity.get(), Decimal::ZERO);
        for (number, (level, portion)) in (1_u8..).zip(&self.take_profits) {
            portions = exact::add(portions, *portion)?;
            let share = exact::div(exact::mul_near(quantity.get(), *portion)?, Decimal::ONE_HUNDRED)?;
            let taken = if portions == Decimal::ONE_HUNDRED { left } else { exact::floor_step(share, step)? };
            left = exact::sub(left, taken)?;
            let Some(quantity) = Quantity::new(taken).filter(|taken| !taken.is_zero()) else { continue };
            let role = Role::TakeProfit(number);
            children.push(Child {
                role,
                kind: OrderType::Limit,
                quantity,
                limit: Some(*level),
                stop: None,
                trail: None,
            });
        }
        if let Some(stop) = self.stop {
            let kind = match (stop.trail, stop.limit) {
                (Some(_), _) => OrderType::TrailingStop,
                (None, Some(_)) => OrderType::StopLimit,
                (None, None) => OrderType::Stop,
            };
            let limit = stop.limit.filter(|_| kind == OrderType::StopLimit);
            let (stop, trail) = (stop.level, stop.trail);
            children.push(Child { role: Role::StopLoss, kind, quantity, limit, stop, trail });
        }
        Ok(children)
    }
}

impl Draft<'_> {
    /// The bracket of an entry that is expected at `entry`.
    ///
    /// # Errors
    /// `BRACKET_INVALID`, `PRICE_NOT_ON_TICK`, `INVALID_FIELD` for a trail that is none, `ARITHMETIC_OVERFLOW`.
    pub(super) fn bracket(&self, signal: &Signal, side: Side, entry: Price) -> Result<Bracket, Reason> {
        let levels = Levels { instrument: &self.now.instrument, side, entry };
        if signal.take_profit.len() > TAKE_PROFITS_MAX {
            let limit = "at most 10 take profits";
            return Err(Reason::with(
                ReasonCode::BracketInvalid,
                limit,
                signal.take_profit.len().to_string(),
            ));
        }
        let portions = portions(&signal.take_profit)?;
        let steps = signal.take_profit.iter().zip(portions);
        let take_profits = steps.map(|(step, portion)| Ok((levels.take_profit(step)?, portion)));
        Ok(Bracket {
            take_profits: take_profits.collect::<Result<_, Reason>>()?,
            stop: signal.stop_loss.as_ref().map(|stop| self.stop_loss(&levels, stop)).transpose()?,
        })
    }

    fn stop_loss(&self, levels: &Levels<'_>, stop: &StopLoss) -> Result<Stop, Reason> {
        let exit = levels.side.exit();
        let level = stop.level.map(|level| levels.resolve(level, exit)).transpose()?;
        let begins_at = match (level, stop.trail) {
            (Some(level), _) => level,
            (None, Some(trail)) => {
                check_trail(trail)?;
                let level = self.trail_level(exit, trail, levels.entry)?;
                level.ok_or_else(|| Reason::with(ReasonCode::BracketInvalid, levels.entry, trail.value))?
            }
            (None, None) => {
                return Err(Reason::with(ReasonCode::BracketInvalid, "a level or a trail", "neither"));
            }
        };
        if let Some(trail) = stop.trail {
            check_trail(trail)?;
        }
        levels.beyond(begins_at, exit)?;
        if let Some(limit) = stop.limit {
            on_tick(limit, levels.instrument.tick)?;
        }
        Ok(Stop { level, limit: stop.limit, trail: stop.trail })
    }

    /// How far from the entry the stop loss is, for sizes by risk.
    pub(super) fn stop_distance(
        &self,
        bracket: &Bracket,
        side: Side,
        entry: Price,
    ) -> Result<Option<Decimal>, Overflow> {
        let Some(stop) = bracket.stop else { return Ok(None) };
        let level = match (stop.level, stop.trail) {
            (Some(level), _) => Some(level),
            (None, Some(trail)) => self.trail_level(side.exit(), trail, entry)?,
            (None, None) => None,
        };
        level.map(|level| exact::sub(entry.get(), level.get()).map(|distance| distance.abs())).transpose()
    }
}

/// The portions of take profits, in percent: those without one share equally what the others leave, to four decimals;
/// the last takes the rest.
///
/// # Errors
/// `BRACKET_INVALID` where one is nothing or all of them are more than everything.
fn portions(steps: &[TakeProfit]) -> Result<Vec<Decimal>, Reason> {
    let (mut left, mut open) = (Decimal::ONE_HUNDRED, steps.len());
    for portion in steps.iter().filter_map(|step| step.portion_pct) {
        left = exact::sub(left, portion)?;
        open -= 1;
    }
    let share = exact::div(left, Decimal::from(open.max(1)))?.trunc_with_scale(4);
    let mut portions = Vec::with_capacity(steps.len());
    for step in steps {
        let portion = match step.portion_pct {
            Some(portion) => portion,
            None => {
                open -= 1;
                let portion = if open == 0 { left } else { share };
                left = exact::sub(left, portion)?;
                portion
            }
        };
        if portion <= Decimal::ZERO || left < Decimal::ZERO {
            let limit = "portions above 0 and of 100 % at most together";
            return Err(Reason::with(ReasonCode::BracketInvalid, limit, portion));
        }
        portions.push(portion);
    }
    Ok(portions)
}

/// What levels are resolved against.
struct Levels<'a> {
    instrument: &'a Instrument,
    side: Side,
    entry: Price,
}

impl Levels<'_> {
    fn take_profit(&self, step: &TakeProfit) -> Result<Price, Reason> {
        let target = self.side.entry();
        let level = self.resolve(step.level, target)?;
        self.beyond(level, target)?;
        Ok(level)
    }

    /// A level as a price. `towards` is `Buy` for one above the entry and `Sell` for one below.
    fn resolve(&self, level: BracketLevel, towards: OrderSide) -> Result<Price, Reason> {
        let distance = match level {
            BracketLevel::Price(price) => {
                on_tick(price, self.instrument.tick)?;
                return Ok(price);
            }
            BracketLevel::Percent(share) => {
                exact::div(exact::mul_near(self.entry.get(), share)?, Decimal::ONE_HUNDRED)?
            }
            BracketLevel::Absolute(distance) => distance,
            BracketLevel::Pips(pips) => exact::mul(pips, self.instrument.pip)?,
        };
        let raw = exact::add(self.entry.get(), signed(towards, distance))?;
        let rounded = against_trader(raw, towards, self.instrument.tick)?;
        Price::new(rounded).ok_or_else(|| Reason::with(ReasonCode::BracketInvalid, self.entry, rounded))
    }

    /// A level is strictly on its side of the entry.
    fn beyond(&self, level: Price, towards: OrderSide) -> Result<(), Reason> {
        let right = match towards {
            OrderSide::Buy => level > self.entry,
            OrderSide::Sell => level < self.entry,
        };
        if right { Ok(()) } else { Err(Reason::with(ReasonCode::BracketInvalid, self.entry, level)) }
    }
}

/// A price that a message states is a multiple of the tick.
pub(super) fn on_tick(price: Price, tick: Decimal) -> Result<(), Reason> {
    if exact::floor_step(price.get(), tick)? == price.get() {
        Ok(())
    } else {
        Err(Reason::with(ReasonCode::PriceNotOnTick, tick, price))
    }
}
