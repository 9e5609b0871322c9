//! Paper accounts and what they hold.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A paper account; amounts in its currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Account {
    /// `acc_…`.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// The settlement currency.
    pub currency: String,
    /// Where prices come from: `alert` for the alert itself.
    pub venue: String,
    /// The opening cash, with deposits and withdrawals since.
    pub opening: String,
    /// Cash.
    pub cash: String,
    /// Opening + realised - fees.
    pub balance: String,
    /// Balance + unrealised.
    pub equity: String,
    /// Equity - margin - reserved.
    pub available: String,
    /// Profit of closed parts before fees.
    pub realized_gross: String,
    /// Profit of open positions at their marks.
    pub unrealized: String,
    /// All fees paid.
    pub fees: String,
    /// Held as margin.
    pub margin: String,
    /// Equity over opening, as a fraction: 0.024 is +2.4 %.
    pub total_return: Option<f64>,
    /// How many positions are open.
    pub positions: u32,
    /// How many orders are live, held ones too.
    pub orders_live: u32,
    /// `active`, `reduce_only` (takes exits only) or `liquidated` (all its money is lost; takes nothing).
    pub state: String,
    /// When it lost all its money.
    pub liquidated_at: Option<String>,
    /// The settings, dotted keys.
    pub settings: BTreeMap<String, String>,
    /// When it was made.
    pub created_at: String,
    /// When its present run began: when it was made or last reset. Figures and reports count from here.
    pub opened_at: String,
}

/// A new account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct NewAccount {
    /// 1 to 80 characters.
    #[ts(optional = false)]
    pub name: String,
    /// Opening cash, above zero.
    #[ts(optional = false)]
    pub cash: String,
    /// `USD` when absent.
    pub currency: Option<String>,
    /// `alert` when absent.
    pub venue: Option<String>,
    /// Settings, dotted keys.
    pub settings: Option<BTreeMap<String, String>>,
}

/// Names an account; the first one when absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct AccountRef {
    /// The account.
    pub account_id: Option<String>,
}

/// Settings to change on an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// The account.
    pub account_id: String,
    /// Dotted keys (see `accounts.keys`) and their new values, all of them or none; `name` too. `off` unsets.
    pub settings: BTreeMap<String, String>,
}

/// An amount paid in or out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The account.
    pub account_id: String,
    /// Above zero, in the account's currency.
    pub amount: String,
}

/// An open position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Position {
    /// The account.
    pub account_id: String,
    /// The symbol.
    pub symbol: String,
    /// Signed: long above zero.
    pub quantity: String,
    /// The average entry price.
    pub price_average: String,
    /// The newest price known.
    pub mark: Option<String>,
    /// When that price was seen.
    pub mark_at: Option<String>,
    /// Profit at the mark.
    pub unrealized: Option<String>,
    /// Profit of closed parts before fees.
    pub realized: String,
    /// When the open position was opened.
    pub opened_at: Option<String>,
    /// Its stop loss, where one is working: the nearest.
    pub stop_loss: Option<String>,
    /// Its take profit, where one is working: the nearest.
    pub take_profit: Option<String>,
}

/// Names a position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PositionRef {
    /// The account; the first one when absent.
    pub account_id: Option<String>,
    /// The symbol.
    #[ts(optional = false)]
    pub symbol: String,
}
