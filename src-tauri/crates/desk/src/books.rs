//! The broker's books and their rows: an account is read from the database here and nowhere else.

use domain::{AccountId, Market, Money, NetQuantity, Price, Timestamp, parse_decimal};
use paper::{Broker, Config, Funds, Observation, Position, Seen, State};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::accounts::AccountRow;
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

/// What `accounts.state` holds: the figures without a column of their own.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AccountState {
    transferred: String,
}

/// What `positions.state` holds.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PositionState {
    entries: u32,
    fees: String,
    opened_at: Option<i64>,
    seen: Option<SeenState>,
    seen_at: Option<i64>,
    price_scale: u32,
    market: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum SeenState {
    Quote { bid: String, ask: String },
    Last(String),
    Alert(String),
    Bar(String),
}

/// Opens the books of an account that is not archived.
pub(crate) fn open(view: &View, id: &AccountId) -> Result<(AccountRow, Broker), BookError> {
    let row = store::accounts::get(view, id)?
        .filter(|row| row.archived_at.is_none())
        .ok_or_else(|| BookError::Missing(id.clone()))?;
    let positions = store::positions::list(view, Some(id))?;
    let damaged = |finding: String| BookError::Damaged { account: id.clone(), finding };
    let broker = assemble(&row, &positions).map_err(damaged)?;
    Ok((row, broker))
}

fn assemble(row: &AccountRow, positions: &[PositionRow]) -> Result<Broker, String> {
    let config = read_config(&row.config)?;
    let state: AccountState = serde_json::from_str(&row.state).map_err(|e| format!("state: {e}"))?;
    let mut books = BTreeMap::new();
    for position in positions {
        let read = read_position(position).map_err(|e| format!("position {}: {e}", position.symbol))?;
        books.insert(position.symbol.clone(), read);
    }
    let funds = Funds {
        opening: row.opening,
        transferred: money(&state.transferred)?,
        cash: row.cash,
        realized_gross: row.realized,
        fees: row.fees,
    };
    let state = State { funds, positions: books, ..State::default() };
    Broker::restore(config, state).map_err(|e| e.to_string())
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

/// The text of `accounts.state`.
pub(crate) fn account_state_text(transferred: Money) -> String {
    let state = AccountState { transferred: transferred.to_string() };
    serde_json::to_string(&state).expect("BUG: texts are always JSON")
}

fn money(text: &str) -> Result<Money, String> {
    if text.is_empty() {
        return Ok(Money::ZERO);
    }
    parse_decimal(text).map(Money::new).map_err(|e| e.to_string())
}

fn price(text: &str) -> Result<Price, String> {
    Price::parse(text).map_err(|e| e.to_string())
}

fn read_position(row: &PositionRow) -> Result<Position, String> {
    let state: PositionState = serde_json::from_str(&row.state).map_err(|e| e.to_string())?;
    let seen = match state.seen {
        Some(SeenState::Quote { bid, ask }) => Some(Seen::Quote { bid: price(&bid)?, ask: price(&ask)? }),
        Some(SeenState::Last(text)) => Some(Seen::Last(price(&text)?)),
        Some(SeenState::Alert(text)) => Some(Seen::Alert(price(&text)?)),
        Some(SeenState::Bar(text)) => Some(Seen::Bar(price(&text)?)),
        None => None,
    };
    let at = state.seen_at.map(Timestamp::from_micros);
    Ok(Position {
        net: row.quantity,
        cost: row.cost,
        entries: state.entries,
        realized: row.realized,
        fees: money(&state.fees)?,
        opened_at: state.opened_at.map(Timestamp::from_micros),
        observation: seen.zip(at).map(|(seen, at)| Observation { seen, at }),
        price_scale: state.price_scale,
        market: state.market.as_deref().and_then(Market::parse),
        ..Position::default()
    })
}

/// The row of a position as it now is.
pub(crate) fn position_row(
    account: &AccountId,
    symbol: &domain::Symbol,
    position: &Position,
    multiplier: Decimal,
) -> PositionRow {
    let average = position.price_average(multiplier).and_then(Price::new);
    let observation = position.observation.as_ref();
    let state = PositionState {
        entries: position.entries,
        fees: position.fees.to_string(),
        opened_at: position.opened_at.map(Timestamp::as_micros),
        seen: observation.map(|o| match o.seen {
            Seen::Quote { bid, ask } => SeenState::Quote { bid: bid.to_string(), ask: ask.to_string() },
            Seen::Last(price) => SeenState::Last(price.to_string()),
            Seen::Alert(price) => SeenState::Alert(price.to_string()),
            Seen::Bar(price) => SeenState::Bar(price.to_string()),
        }),
        seen_at: observation.map(|o| o.at.as_micros()),
        price_scale: position.price_scale,
        market: position.market.map(|m| m.as_str().to_owned()),
    };
    PositionRow {
        account_id: account.clone(),
        symbol: symbol.clone(),
        quantity: NetQuantity::new(position.net.get()),
        cost: position.cost,
        price_average: average,
        mark: observation.and_then(|o| o.mark().ok()),
        mark_at: observation.map(|o| o.at),
        realized: position.realized,
        state: serde_json::to_string(&state).expect("BUG: texts and numbers are always JSON"),
    }
}
