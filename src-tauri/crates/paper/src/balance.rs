//! The figures of an account that people look at, and the sums over its positions and orders that they come from.
//!
//! A sum is never computed anew when one symbol changes: what the symbol contributed is taken out and what it
//! contributes now is put in, which is exact because nothing here is ever rounded.

use crate::config::Config;
use crate::exact::{self, Overflow};
use crate::instrument::Instrument;
use crate::order::Order;
use crate::position::Position;
use crate::sizing::Cost;
use crate::state::Funds;
use domain::Money;
use rust_decimal::Decimal;

/// The figures of an account, in its currency. `equity = balance + unrealized` and
/// `balance = capital + realized_gross - fees`, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balances {
    /// Money at hand; a short's proceeds are inside, so show it for spot accounts only.
    pub cash: Money,
    /// Capital plus realised profit less fees.
    pub balance: Money,
    /// What the account is worth at the newest marks.
    pub equity: Money,
    /// What new entries can use: equity less margin, less what resting entries reserve.
    pub available: Money,
    /// Profit of open positions at the newest marks, fees not included.
    pub unrealized: Money,
    /// Profit realised, fees not included.
    pub realized_gross: Money,
    /// Fees paid.
    pub fees: Money,
    /// What open positions tie up.
    pub margin: Money,
    /// What resting entries reserve: margin and fee at their prices.
    pub reserved: Money,
}

impl Balances {
    pub(crate) fn of(funds: &Funds, sums: &Sums) -> Result<Self, Overflow> {
        let capital = funds.capital()?.get();
        let balance = exact::sub(exact::add(capital, funds.realized_gross.get())?, funds.fees.get())?;
        let equity = exact::add(funds.cash.get(), sums.value)?;
        let available = exact::sub(exact::sub(equity, sums.margin)?, sums.reserved)?;
        Ok(Self {
            cash: funds.cash,
            balance: Money::new(balance),
            equity: Money::new(equity),
            available: Money::new(available),
            unrealized: Money::new(exact::sub(sums.value, sums.cost)?),
            realized_gross: funds.realized_gross,
            fees: funds.fees,
            margin: Money::new(sums.margin),
            reserved: Money::new(sums.reserved),
        })
    }
}

/// What one symbol, or all of them, contribute to the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    /// Worth of the holdings at their marks, signed.
    pub(crate) value: Decimal,
    /// Their cost, signed.
    pub(crate) cost: Decimal,
    /// Their worth without signs.
    pub(crate) gross: Decimal,
    /// What they tie up.
    pub(crate) margin: Decimal,
    /// What resting entries reserve.
    pub(crate) reserved: Decimal,
    /// How many positions are open.
    pub(crate) open: u32,
}

impl Sums {
    /// What one symbol contributes.
    pub(crate) fn of(
        config: &Config,
        instrument: &Instrument,
        position: &Position,
        orders: &[Order],
    ) -> Result<Self, Overflow> {
        let mut reserved = Decimal::ZERO;
        for order in orders.iter().filter(|order| order.reserves()) {
            let cost = Cost::of(config, instrument, order.side.direction(), order.price_expected);
            reserved = exact::add(reserved, cost.need(order.remaining().get())?)?;
        }
        let Some(side) = position.net.side() else { return Ok(Self { reserved, ..Self::default() }) };
        let value = position.value(instrument.multiplier)?;
        let gross = value.abs();
        let margin = exact::mul(gross, instrument.margin_rate(side))?;
        Ok(Self { value, cost: position.cost.get(), gross, margin, reserved, open: 1 })
    }

    pub(crate) fn plus(&self, other: &Self) -> Result<Self, Overflow> {
        self.combined(other, exact::add, u32::saturating_add)
    }

    pub(crate) fn minus(&self, other: &Self) -> Result<Self, Overflow> {
        self.combined(other, exact::sub, u32::saturating_sub)
    }

    fn combined(
        &self,
        other: &Self,
        amounts: fn(Decimal, Decimal) -> Result<Decimal, Overflow>,
        counts: fn(u32, u32) -> u32,
    ) -> Result<Self, Overflow> {
        Ok(Self {
            value: amounts(self.value, other.value)?,
            cost: amounts(self.cost, other.cost)?,
            gross: amounts(self.gross, other.gross)?,
            margin: amounts(self.margin, other.margin)?,
            reserved: amounts(self.reserved, other.reserved)?,
            open: counts(self.open, other.open),
        })
    }
}
