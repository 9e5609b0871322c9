//! What an account's own row keeps of its state.

use super::money;
use domain::{Money, Timestamp};
use paper::{Funds, RiskState, State};
use serde::{Deserialize, Serialize};
use store::accounts::AccountRow;

/// What `accounts.state` holds: the figures without a column of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct AccountState {
    transferred: String,
    orders_placed: u64,
    day: Option<i64>,
    equity_day_start: String,
    orders_today: u32,
    losses_in_a_row: u32,
    equity_peak: String,
    last_loss_at: Option<i64>,
    liquidated_at: Option<i64>,
}

impl AccountState {
    pub(crate) fn of(state: &State) -> Self {
        let risk = &state.risk;
        Self {
            transferred: state.funds.transferred.to_string(),
            orders_placed: state.orders_placed,
            day: risk.day,
            equity_day_start: risk.equity_day_start.to_string(),
            orders_today: risk.orders_today,
            losses_in_a_row: risk.losses_in_a_row,
            equity_peak: risk.equity_peak.to_string(),
            last_loss_at: risk.last_loss_at.map(Timestamp::as_micros),
            liquidated_at: state.liquidated_at.map(Timestamp::as_micros),
        }
    }

    /// As the row keeps it.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).expect("BUG: texts and numbers are always JSON")
    }
}

/// The state without positions and orders.
pub(super) fn read(row: &AccountRow) -> Result<State, String> {
    let stored: AccountState = serde_json::from_str(&row.state).map_err(|e| e.to_string())?;
    let or_opening =
        |text: &str| -> Result<Money, String> { if text.is_empty() { Ok(row.opening) } else { money(text) } };
    Ok(State {
        funds: Funds {
            opening: row.opening,
            transferred: money(&stored.transferred)?,
            cash: row.cash,
            realized_gross: row.realized,
            fees: row.fees,
        },
        orders_placed: stored.orders_placed,
        risk: RiskState {
            day: stored.day,
            equity_day_start: or_opening(&stored.equity_day_start)?,
            orders_today: stored.orders_today,
            losses_in_a_row: stored.losses_in_a_row,
            equity_peak: or_opening(&stored.equity_peak)?,
            last_loss_at: stored.last_loss_at.map(Timestamp::from_micros),
        },
        liquidated_at: stored.liquidated_at.map(Timestamp::from_micros),
        ..State::default()
    })
}
