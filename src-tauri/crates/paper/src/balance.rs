//! The figures of an account that people look at, computed from its state.

use crate::config::Config;
use crate::exact::{self, Overflow};
use crate::position::Position;
use crate::state::Funds;
use domain::{Money, Symbol};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

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
    /// What new entries can use: equity less margin.
    pub available: Money,
    /// Profit of open positions at the newest marks, fees not included.
    pub unrealized: Money,
    /// Profit realised, fees not included.
    pub realized_gross: Money,
    /// Fees paid.
    pub fees: Money,
    /// What open positions tie up.
    pub margin: Money,
}

impl Balances {
    /// Computes the figures of an account with these `funds`, and with `changed` standing in for the position of that
    /// symbol.
    pub(crate) fn of(
        config: &Config,
        funds: &Funds,
        positions: &BTreeMap<Symbol, Position>,
        changed: Option<(&Symbol, &Position)>,
    ) -> Result<Self, Overflow> {
        let mut open = Open::default();
        for (symbol, position) in positions {
            if changed.is_none_or(|(other, _)| other != symbol) {
                open.add(config, symbol, position)?;
            }
        }
        if let Some((symbol, position)) = changed {
            open.add(config, symbol, position)?;
        }
        let capital = funds.capital()?.get();
        let balance = exact::sub(exact::add(capital, funds.realized_gross.get())?, funds.fees.get())?;
        let equity = exact::add(funds.cash.get(), open.value)?;
        Ok(Self {
            cash: funds.cash,
            balance: Money::new(balance),
            equity: Money::new(equity),
            available: Money::new(exact::sub(equity, open.margin)?),
            unrealized: Money::new(exact::sub(open.value, open.cost)?),
            realized_gross: funds.realized_gross,
            fees: funds.fees,
            margin: Money::new(open.margin),
        })
    }
}

/// Sums over open positions.
#[derive(Default)]
struct Open {
    value: Decimal,
    cost: Decimal,
    margin: Decimal,
}

impl Open {
    fn add(&mut self, config: &Config, symbol: &Symbol, position: &Position) -> Result<(), Overflow> {
        let Some(side) = position.net.side() else { return Ok(()) };
        let instrument = config.instrument(symbol, position.market, position.price_scale);
        let value = position.value(instrument.multiplier)?;
        self.value = exact::add(self.value, value)?;
        self.cost = exact::add(self.cost, position.cost.get())?;
        let margin = exact::mul(value.abs(), instrument.margin_rate(side))?;
        self.margin = exact::add(self.margin, margin)?;
        Ok(())
    }
}
