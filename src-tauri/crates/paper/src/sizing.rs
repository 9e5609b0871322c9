//! How many units an order is for.

use crate::check::Reason;
use crate::config::Config;
use crate::exact::{self, Overflow};
use crate::fee::FeeSchedule;
use crate::fee::Liquidity;
use crate::instrument::Instrument;
use crate::intent::ExitAmount;
use domain::{DialectName, NetQuantity, Price, ReasonCode, Side, Size, SizeUnit, Sizing};
use rust_decimal::Decimal;

/// The quantity of a StratOne message that names none, where neither webhook nor account do.
const STRATONE_QUANTITY: Decimal = Decimal::ONE_HUNDRED;

/// What a size is measured against.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purse {
    pub(crate) equity: Decimal,
    pub(crate) available: Decimal,
    pub(crate) net: NetQuantity,
    /// The message's leverage; 1 where it names none.
    pub(crate) leverage: Decimal,
    /// How far the stop loss is from the entry; nothing without one.
    pub(crate) stop_distance: Option<Decimal>,
}

/// How large an order is to be, before its price is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Units of the instrument.
    Units(Decimal),
    /// Quote currency; a fee comes on top.
    Notional(Decimal),
    /// Account currency that margin and fee have to fit into.
    Budget(Decimal),
    /// Account currency that is lost when the stop, this far away, is hit; fees not counted.
    Risk {
        /// The amount.
        amount: Decimal,
        /// The distance, in price units.
        distance: Decimal,
    },
}

/// The size of an entry whose message names none: the webhook's or the account's, else the dialect's.
pub(crate) fn unsaid(sizing: Option<Sizing>, dialect: Option<DialectName>) -> Sizing {
    let quantity = if dialect == Some(DialectName::StratOne) { STRATONE_QUANTITY } else { Decimal::ONE };
    sizing.unwrap_or(Sizing::FixedQuantity(quantity))
}

/// Measures a configured sizing.
///
/// # Errors
/// `STOP_REQUIRED` for a sizing by risk without a stop loss.
pub(crate) fn measure_sizing(sizing: Sizing, purse: &Purse) -> Result<Measure, Reason> {
    match sizing {
        Sizing::FixedQuantity(units) => Ok(Measure::Units(units)),
        Sizing::FixedNotional(amount) => Ok(Measure::Notional(amount)),
        Sizing::PercentBalance(percent) => Ok(Measure::Budget(percent_of(purse.available, percent)?)),
        Sizing::PercentEquity(percent) => Ok(Measure::Budget(percent_of(purse.equity, percent)?)),
        Sizing::RiskPercent(percent) => {
            risk(percent_of(purse.equity, percent)?, purse, || sizing.to_string())
        }
    }
}

/// Measures a size that the message names.
///
/// # Errors
/// `STOP_REQUIRED` for a size by risk without a stop loss.
pub(crate) fn measure(size: Size, purse: &Purse) -> Result<Measure, Reason> {
    let value = size.value;
    match size.unit {
        SizeUnit::Base | SizeUnit::Contracts | SizeUnit::Lots => Ok(Measure::Units(value)),
        SizeUnit::Quote => Ok(Measure::Notional(value)),
        SizeUnit::Margin => Ok(Measure::Notional(exact::mul_near(value, purse.leverage)?)),
        SizeUnit::PercentEquity => Ok(Measure::Budget(percent_of(purse.equity, value)?)),
        SizeUnit::PercentAvailable => Ok(Measure::Budget(percent_of(purse.available, value)?)),
        SizeUnit::PercentPosition => Ok(Measure::Units(percent_of(purse.net.magnitude().get(), value)?)),
        SizeUnit::RiskQuote => risk(value, purse, || shown(size)),
        SizeUnit::RiskPercent => risk(percent_of(purse.equity, value)?, purse, || shown(size)),
    }
}

fn shown(size: Size) -> String {
    format!("{} {}", size.value, size.unit.as_str())
}

fn risk(amount: Decimal, purse: &Purse, wanted: impl FnOnce() -> String) -> Result<Measure, Reason> {
    match purse.stop_distance {
        Some(distance) => Ok(Measure::Risk { amount, distance }),
        None => Err(Reason::with(ReasonCode::StopRequired, "a stop loss", wanted())),
    }
}

/// What an entry costs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost<'a> {
    pub(crate) instrument: &'a Instrument,
    pub(crate) fees: &'a FeeSchedule,
    pub(crate) fee_dp: u32,
    pub(crate) side: Side,
    /// The price expected, slippage included.
    pub(crate) price: Price,
}

impl<'a> Cost<'a> {
    pub(crate) fn of(config: &'a Config, instrument: &'a Instrument, side: Side, price: Price) -> Self {
        let fee_dp = config.fees.dp.unwrap_or(instrument.fee_dp);
        Self { instrument, fees: &config.fees, fee_dp, side, price }
    }

    /// What `units` are worth.
    pub(crate) fn notional(&self, units: Decimal) -> Result<Decimal, Overflow> {
        exact::mul3(units, self.price.get(), self.instrument.multiplier)
    }

    /// What an entry of `units` takes from the available balance: margin and fee.
    pub(crate) fn need(&self, units: Decimal) -> Result<Decimal, Overflow> {
        let notional = self.notional(units)?;
        let fee = self.fees.fee(notional, Liquidity::Taker, self.fee_dp)?;
        exact::add(exact::mul(notional, self.instrument.margin_rate(self.side))?, fee.get())
    }

    /// The units of an entry, on the step.
    ///
    /// # Errors
    /// `INSUFFICIENT_BALANCE` where there is no budget at all, `ARITHMETIC_OVERFLOW`.
    pub(crate) fn units(&self, measure: Measure) -> Result<Decimal, Reason> {
        if let Measure::Budget(amount) = measure
            && amount <= Decimal::ZERO
        {
            return Err(Reason::with(
                ReasonCode::InsufficientBalance,
                amount,
                self.need(self.instrument.min_qty)?,
            ));
        }
        Ok(self.sized(measure)?)
    }

    fn sized(&self, measure: Measure) -> Result<Decimal, Overflow> {
        let step = self.instrument.step;
        match measure {
            Measure::Units(units) => exact::floor_step(units, step),
            Measure::Notional(amount) => {
                exact::floor_step(exact::div(amount, self.notional(Decimal::ONE)?)?, step)
            }
            Measure::Risk { amount, distance } => {
                let per_unit = exact::mul_near(distance, self.instrument.multiplier)?;
                exact::floor_step(exact::div(amount, per_unit)?, step)
            }
            Measure::Budget(amount) => {
                let units = self.within(amount)?;
                if units <= Decimal::ZERO || self.need(units)? <= amount {
                    return Ok(units);
                }
                // The fee was rounded up, or raised to its minimum: leave room for that.
                let room = self.fees.min_fee.max(Decimal::new(1, self.fee_dp));
                self.within(exact::sub(amount, room)?)
            }
        }
    }

    /// `floor_step(amount / (price * multiplier * (margin rate + fee rate)))`.
    fn within(&self, amount: Decimal) -> Result<Decimal, Overflow> {
        let rate = exact::add(self.instrument.margin_rate(self.side), self.fees.rate(Liquidity::Taker)?)?;
        let per_unit = exact::mul_near(self.notional(Decimal::ONE)?, rate)?;
        exact::floor_step(exact::div(amount, per_unit)?, self.instrument.step)
    }
}

/// The units of an exit, on the step unless it takes everything; never more than is held.
///
/// # Errors
/// `STOP_REQUIRED` for a size by risk, `ARITHMETIC_OVERFLOW`.
pub(crate) fn exit_units(amount: ExitAmount, purse: &Purse, cost: &Cost<'_>) -> Result<Decimal, Reason> {
    let held = purse.net.magnitude().get();
    let step = cost.instrument.step;
    let units = match amount {
        ExitAmount::All => held,
        ExitAmount::Share { part, whole } => {
            exact::ceil_step(exact::div(exact::mul_near(held, part)?, whole)?, step)?
        }
        ExitAmount::Units(units) => exact::floor_step(units, step)?,
        ExitAmount::Size(size) => match measure(size, purse)? {
            Measure::Units(units) => exact::floor_step(units, step)?,
            Measure::Notional(amount) | Measure::Budget(amount) => {
                exact::floor_step(exact::div(amount, cost.notional(Decimal::ONE)?)?, step)?
            }
            Measure::Risk { .. } => cost.sized(measure(size, purse)?)?,
        },
    };
    Ok(units.min(held))
}

fn percent_of(base: Decimal, percent: Decimal) -> Result<Decimal, Overflow> {
    exact::div(exact::mul_near(base, percent)?, Decimal::ONE_HUNDRED)
}
