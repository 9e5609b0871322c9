//! Paper accounts, positions, orders and fills.

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
    /// The settings, dotted keys.
    pub settings: BTreeMap<String, String>,
    /// When it was opened.
    pub created_at: String,
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
    /// Dotted keys and their new values.
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

/// An order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Order {
    /// `ord_…`.
    pub id: String,
    /// The signal that asked for it; null for a click or a command.
    pub signal_id: Option<String>,
    /// The account.
    pub account_id: String,
    /// The symbol.
    pub symbol: String,
    /// `buy` or `sell`.
    pub side: String,
    /// `market`, `limit`, `stop`, `stop_limit` or `trailing_stop`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Ordered.
    pub quantity: String,
    /// Filled.
    pub filled: String,
    /// The average price of its fills.
    pub price_average: Option<String>,
    /// The limit price.
    pub limit: Option<String>,
    /// The stop price.
    pub stop: Option<String>,
    /// `working`, `filled`, `cancelled`, …
    pub status: String,
    /// Why it was rejected or cancelled.
    pub reason_code: Option<String>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order whose bracket it belongs to.
    pub parent_id: Option<String>,
    /// When it was placed.
    pub created_at: String,
}

/// How the price of a fill came about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FillWhy {
    /// The price it started from.
    pub reference: String,
    /// Where that price came from.
    pub source: String,
    /// The half-spread added against the trader, as a price.
    pub spread: String,
    /// The slippage added against the trader, as a price.
    pub slippage: String,
    /// The rounding to the tick against the trader, as a price.
    pub rounding: String,
}

/// A fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fill {
    /// `fil_…`.
    pub id: String,
    /// The order.
    pub order_id: String,
    /// The signal behind it.
    pub signal_id: Option<String>,
    /// The symbol.
    pub symbol: String,
    /// `buy` or `sell`.
    pub side: String,
    /// Filled.
    pub quantity: String,
    /// The price per unit.
    pub price: String,
    /// The fee in the account's currency.
    pub fee: String,
    /// `taker` or `maker`.
    pub liquidity: String,
    /// When.
    pub at: String,
    /// How the price came about.
    pub why: FillWhy,
}

/// A page of a list of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PageQuery {
    /// The account; the first one when absent.
    pub account_id: Option<String>,
    /// At most this many (1 to 500, 100 when absent).
    pub limit: Option<u32>,
    /// The cursor of the page before.
    pub before: Option<String>,
}

/// A page of fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FillPage {
    /// Newest first.
    pub fills: Vec<Fill>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
}

/// A page of orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderPage {
    /// Newest first.
    pub orders: Vec<Order>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
}
