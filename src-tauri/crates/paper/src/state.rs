//! Everything of an account that must survive a restart, as plain data.

use crate::exact::{self, Overflow};
use crate::ledger::LedgerTotals;
use crate::order::{Order, OrderStatus};
use crate::position::Position;
use crate::risk::RiskState;
use domain::{Money, OrderId, Symbol, Timestamp};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use thiserror::Error;

/// What the books say of an account's money, in its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Funds {
    /// The capital that the account was opened with.
    pub opening: Money,
    /// Money put in later, less money taken out.
    pub transferred: Money,
    /// Money at hand; below zero never, except after losses on a short.
    pub cash: Money,
    /// Profit realised over the account's life, fees not included.
    pub realized_gross: Money,
    /// Fees paid over the account's life.
    pub fees: Money,
}

/// An account at rest. What is absent can be computed from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct State {
    /// Its money.
    pub funds: Funds,
    /// Every symbol that was ever priced or held; most are flat.
    pub positions: BTreeMap<Symbol, Position>,
    /// The live orders of each symbol that has any, in the order in which they are matched: by number, then by role.
    pub orders: BTreeMap<Symbol, Vec<Order>>,
    /// How many orders were ever placed, children of brackets not counted: the number of the newest.
    pub orders_placed: u64,
    /// What the limits on risk look back on.
    pub risk: RiskState,
    /// When the account was ruined; from then on every signal is refused.
    pub liquidated_at: Option<Timestamp>,
}

/// A state that no broker can have left behind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StateError {
    /// Cash plus cost less profit plus fees is not the capital.
    #[error("the books do not balance: capital is {capital}, cash, inventory, profit and fees make {found}")]
    Unbalanced {
        /// Opening balance and transfers.
        capital: Decimal,
        /// What the other figures make of it.
        found: Decimal,
    },
    /// Something is held without a cost, a price or an entry, or the other way round.
    #[error("the position in {symbol} contradicts itself")]
    Position {
        /// Which.
        symbol: Symbol,
    },
    /// A live order is none, stands in the wrong place, or protects nothing.
    #[error("the order {id} contradicts itself or the position")]
    Order {
        /// Which.
        id: OrderId,
    },
    /// A figure is too large.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Funds {
    /// The opening balance and what was transferred since.
    ///
    /// # Errors
    /// [`Overflow`] when the sum cannot be held exactly.
    pub fn capital(&self) -> Result<Money, Overflow> {
        exact::add(self.opening.get(), self.transferred.get()).map(Money::new)
    }

    /// The funds after money came in (above zero) or went out (below).
    pub(crate) fn transferred(self, amount: Money) -> Result<Self, Overflow> {
        let sum = |a: Money| exact::add(a.get(), amount.get()).map(Money::new);
        let after = Self { transferred: sum(self.transferred)?, cash: sum(self.cash)?, ..self };
        after.capital()?;
        Ok(after)
    }

    /// The funds after a fill.
    pub(crate) fn booked(
        self,
        cash_change: Decimal,
        realized: Decimal,
        fee: Money,
    ) -> Result<Self, Overflow> {
        let sum = |a: Money, change: Decimal| exact::add(a.get(), change).map(Money::new);
        Ok(Self {
            cash: sum(self.cash, cash_change)?,
            realized_gross: sum(self.realized_gross, realized)?,
            fees: sum(self.fees, fee.get())?,
            ..self
        })
    }
}

impl State {
    /// An account that was just opened.
    #[must_use]
    pub fn opened(opening: Money) -> Self {
        Self {
            funds: Funds { opening, cash: opening, ..Funds::default() },
            risk: RiskState::opened(opening),
            ..Self::default()
        }
    }

    /// Checks what must hold after every input: `cash + cost - realised + fees = capital`, and flat exactly where
    /// nothing is booked.
    ///
    /// # Errors
    /// [`StateError`] naming what does not hold.
    pub fn audit(&self) -> Result<(), StateError> {
        let mut cost = Decimal::ZERO;
        for (symbol, position) in &self.positions {
            if !is_consistent(position) {
                return Err(StateError::Position { symbol: symbol.clone() });
            }
            cost = exact::add(cost, position.cost.get())?;
        }
        for (symbol, orders) in &self.orders {
            self.audit_orders(symbol, orders)?;
        }
        let capital = self.funds.capital()?.get();
        let gross = exact::sub(exact::add(self.funds.cash.get(), cost)?, self.funds.realized_gross.get())?;
        let found = exact::add(gross, self.funds.fees.get())?;
        if found == capital { Ok(()) } else { Err(StateError::Unbalanced { capital, found }) }
    }

    fn audit_orders(&self, symbol: &Symbol, orders: &[Order]) -> Result<(), StateError> {
        let net = self.positions.get(symbol).map(|position| position.net).unwrap_or_default();
        let mut before = None;
        for order in orders {
            let place = (order.number, order.client_id.role);
            let in_place = before.is_none_or(|before| before < place) && order.number <= self.orders_placed;
            before = Some(place);
            // What works to reduce has something to reduce, and no more than is held.
            let covered = !order.reduce_only
                || order.status == OrderStatus::Held
                || (net.side().is_some_and(|side| side.exit() == order.side)
                    && order.remaining() <= net.magnitude());
            let sound = order.is_live() && order.symbol == *symbol && !order.remaining().is_zero();
            if !(in_place && covered && sound) {
                return Err(StateError::Order { id: order.id.clone() });
            }
        }
        Ok(())
    }

    /// Whether the ledger's sums say the same as this state.
    #[must_use]
    pub fn agrees_with(&self, ledger: &LedgerTotals) -> bool {
        let inventory: BTreeMap<&Symbol, Money> = self
            .positions
            .iter()
            .map(|(s, p)| (s, p.cost))
            .filter(|(_, cost)| *cost != Money::ZERO)
            .collect();
        self.funds.capital() == Ok(ledger.capital)
            && self.funds.cash == ledger.cash
            && self.funds.realized_gross == ledger.realized_gross
            && self.funds.fees == ledger.fees
            && inventory == ledger.inventory.iter().map(|(s, cost)| (s, *cost)).collect()
    }
}

/// Flat exactly where nothing is booked, and priced where something is held.
fn is_consistent(position: &Position) -> bool {
    if position.net.side().is_none() {
        return position.cost == Money::ZERO && position.entries == 0 && position.trade.is_none();
    }
    let signed_alike = position.cost.get().is_sign_negative() == position.net.get().is_sign_negative();
    position.cost != Money::ZERO && signed_alike && position.observation.is_some()
}
