//! Orders, fills and round trips.

use super::canonical::Measure;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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
    /// The stop price; of a trailing stop, where it stands now.
    pub stop: Option<String>,
    /// What a trailing stop trails by: `abs` or `pct`.
    pub trail: Option<Measure>,
    /// The price that a trailing stop waits for before it begins to trail.
    pub activation: Option<String>,
    /// The best price since it began to trail.
    pub watermark: Option<String>,
    /// `gtc`, `day` or `ioc`.
    pub time_in_force: String,
    /// When a day order ends.
    pub expires_at: Option<String>,
    /// Whether no market prices this symbol: it moves only when an alert for the symbol comes.
    pub waits_for_alert: bool,
    /// `held`, `working`, `triggered`, `partially_filled`, `filled`, `cancelled`, `expired` or `rejected`.
    pub status: String,
    /// Whether it can still change; only then can it be cancelled.
    pub live: bool,
    /// Why it was rejected or cancelled.
    pub reason_code: Option<String>,
    /// Whether it may only take from a position.
    pub reduce_only: bool,
    /// The order whose bracket it belongs to.
    pub parent_id: Option<String>,
    /// The how manieth order of the account's present run it is; children have their parent's number.
    pub number: u64,
    /// What it is within its bracket: `main`, `tp`, `tp2`, … or `sl`.
    pub role: String,
    /// Number and role for people: `12`, `12 tp`, `12 sl`.
    pub label: String,
    /// When it was placed.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
}

/// How price and fee of a fill came about.
///
/// `price = reference + spread + slippage + rounding + cap`, each part signed as it was added;
/// `fee = max(round(notional * fee_bps / 10000, fee_dp), fee_minimum)`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct FillWhy {
    /// The price it started from.
    pub reference: String,
    /// Where that price came from: `quote`, `last`, `alert`, `bar`, `limit`, `stop` or `mark`.
    pub source: String,
    /// When that price was observed.
    pub observed_at: Option<String>,
    /// The half-spread added against the trader, as a price.
    pub spread: String,
    /// The slippage added against the trader, as a price.
    pub slippage: String,
    /// The rounding to the tick against the trader, as a price.
    pub rounding: String,
    /// What the order's own limit took back of it, as a price.
    pub cap: String,
    /// Quantity times price times multiplier.
    pub notional: String,
    /// The fee's rate in basis points; below zero is a rebate.
    pub fee_bps: String,
    /// The decimals that the fee is rounded to.
    pub fee_dp: u32,
    /// The least that a fill costs; zero for none.
    pub fee_minimum: String,
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
    /// The account.
    pub account_id: String,
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
    /// Profit that it realised, before fees.
    pub realized: String,
    /// `taker` or `maker`.
    pub liquidity: String,
    /// When.
    pub at: String,
    /// How price and fee came about.
    pub why: FillWhy,
}

/// A round trip that is over: a position from flat to flat. Money in the account's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Trade {
    /// `trd_…`.
    pub id: String,
    /// The account.
    pub account_id: String,
    /// The webhook that opened it; null for a click or a command.
    pub webhook_id: Option<String>,
    /// The signal that opened it; null for a click or a command.
    pub signal_id: Option<String>,
    /// The symbol.
    pub symbol: String,
    /// `long` or `short`.
    pub direction: String,
    /// The most that was held.
    pub quantity_max: String,
    /// The average price of the entries.
    pub price_entry: String,
    /// The average price of the exits.
    pub price_exit: String,
    /// Profit before fees.
    pub gross: String,
    /// Its fees.
    pub fees: String,
    /// Profit after fees.
    pub net: String,
    /// What its stop losses put at risk when it was entered; null where the first entry had none.
    pub risk: Option<String>,
    /// Net profit over that risk.
    pub r: Option<String>,
    /// The lowest open profit, before fees.
    pub mae: String,
    /// The highest open profit, before fees.
    pub mfe: String,
    /// Closed bars while it was open.
    pub bars: u32,
    /// What closed it: `signal`, `take_profit`, `stop_loss`, `trailing_stop`, `reversal`, `user`, `liquidation`.
    pub exit_reasons: Vec<String>,
    /// When it was opened.
    pub opened_at: String,
    /// When it was closed.
    pub closed_at: String,
    /// The order whose fill opened it.
    pub opened_by: String,
    /// The order whose fill closed it.
    pub closed_by: String,
}

/// A page of a list of an account, or of all accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PageQuery {
    /// Only of this account.
    pub account_id: Option<String>,
    /// At most this many (1 to 500, 100 when absent).
    pub limit: Option<u32>,
    /// The cursor of the page before.
    pub before: Option<String>,
}

/// Which orders are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct OrderQuery {
    /// Only of this account.
    pub account_id: Option<String>,
    /// Only those that can still change; all of them in one page, whatever `limit` says.
    pub live: Option<bool>,
    /// At most this many (1 to 500, 100 when absent).
    pub limit: Option<u32>,
    /// The cursor of the page before.
    pub before: Option<String>,
}

/// Names an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderRef {
    /// The order.
    pub id: String,
}

/// Which round trips are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct TradeQuery {
    /// Only of this account.
    pub account_id: Option<String>,
    /// Only those that this webhook opened.
    pub webhook_id: Option<String>,
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

/// A page of round trips.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TradePage {
    /// The last closed first.
    pub trades: Vec<Trade>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
}
