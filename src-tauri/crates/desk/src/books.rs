//! The broker's books and their rows: an account is read from the database here and nowhere else.
//!
//! What [`open`] reads back is the state that was written, to the last digit; `books/account.rs`, `position.rs` and
//! `order.rs` have the form of each kind of row.

mod account;
mod order;
mod position;

use domain::{AccountId, Money, Symbol, parse_decimal};
use paper::{Broker, Config, InstrumentSettings, Order, Position, State};
use std::collections::BTreeMap;
use store::accounts::AccountRow;
use store::orders::OrderRow;
use store::positions::PositionRow;
use store::{StoreError, View};
use thiserror::Error;

/// Why the books of an account cannot be opened.
#[derive(Debug, Error)]
pub(crate) enum BookError {
    /// The database cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such account, or it was put away.
    #[error("there is no account {0}")]
    Missing(AccountId),
    /// The rows contradict themselves; nothing may be traded on them.
    #[error("the books of account {account} cannot be trusted: {finding}")]
    Damaged {
        /// The account.
        account: AccountId,
        /// What does not hold.
        finding: String,
    },
}

pub(crate) use account::AccountState;
pub(crate) use order::order_row;
pub(crate) use position::position_row;

/// Opens the books of an account that is not archived.
pub(crate) fn open(view: &View, id: &AccountId) -> Result<(AccountRow, Broker), BookError> {
    let row = store::accounts::get(view, id)?
        .filter(|row| row.archived_at.is_none())
        .ok_or_else(|| BookError::Missing(id.clone()))?;
    let positions = store::positions::list(view, Some(id))?;
    let damaged = |finding: String| BookError::Damaged { account: id.clone(), finding };
    let orders = store::orders::live(view, id)?;
    let of_venue = of_venue(view, &row.venue)?;
    let broker = assemble(&row, of_venue, &positions, &orders).map_err(damaged)?;
    Ok((row, broker))
}

/// What a venue is known to demand of instruments; nothing where the prices come from alerts.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub(crate) fn of_venue(view: &View, venue: &str) -> Result<BTreeMap<Symbol, InstrumentSettings>, StoreError> {
    let rows = store::instruments::of_venue(view, venue)?;
    Ok(rows.iter().map(|row| (row.symbol.clone(), crate::market::settings_of(row))).collect())
}

fn assemble(
    row: &AccountRow,
    of_venue: BTreeMap<Symbol, InstrumentSettings>,
    positions: &[PositionRow],
    orders: &[OrderRow],
) -> Result<Broker, String> {
    let config = Config { of_venue, ..read_config(&row.config)? };
    let mut state = account::read(row).map_err(|e| format!("state: {e}"))?;
    state.positions = read_positions(positions)?;
    state.orders = read_orders(orders)?;
    Broker::restore(config, state).map_err(|e| e.to_string())
}

fn read_positions(rows: &[PositionRow]) -> Result<BTreeMap<Symbol, Position>, String> {
    let read = |row: &PositionRow| {
        let position = position::read(row).map_err(|e| format!("position {}: {e}", row.symbol))?;
        Ok((row.symbol.clone(), position))
    };
    rows.iter().map(read).collect()
}

/// The live orders of each symbol in the order in which they are matched.
fn read_orders(rows: &[OrderRow]) -> Result<BTreeMap<Symbol, Vec<Order>>, String> {
    let mut orders: BTreeMap<Symbol, Vec<Order>> = BTreeMap::new();
    for row in rows {
        let order = order::read(row).map_err(|e| format!("order {}: {e}", row.id))?;
        orders.entry(row.symbol.clone()).or_default().push(order);
    }
    for of_symbol in orders.values_mut() {
        of_symbol.sort_by_key(|order| (order.number, order.client_id.role));
    }
    Ok(orders)
}

/// The state of an account that begins with `opening`, as text.
pub(crate) fn fresh_state_text(opening: Money) -> String {
    AccountState::of(&State::opened(opening)).text()
}

/// The settings of an account from their text in the database.
pub(crate) fn read_config(text: &str) -> Result<Config, String> {
    let entries: BTreeMap<String, String> =
        serde_json::from_str(text).map_err(|e| format!("settings: {e}"))?;
    Config::from_entries(entries.iter().map(|(k, v)| (k.as_str(), v.as_str()))).map_err(|e| e.to_string())
}

/// The settings of an account as their text in the database.
pub(crate) fn config_text(config: &Config) -> String {
    let entries: BTreeMap<String, String> = config.entries().into_iter().collect();
    serde_json::to_string(&entries).expect("BUG: a map of texts is always JSON")
}

fn money(text: &str) -> Result<Money, String> {
    if text.is_empty() {
        return Ok(Money::ZERO);
    }
    parse_decimal(text).map(Money::new).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests;
