//! What an account's pane shows beside its lists: the report, limits, instruments, settings and prices.

use super::analytics::{Analytics, EquityMark};
use super::order::Fill;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Of what a report is wanted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ReportQuery {
    /// The account; the first one when neither it nor a webhook is named.
    pub account_id: Option<String>,
    /// Only the round trips that this webhook opened; the curve is then their profit, added to the capital.
    pub webhook_id: Option<String>,
    /// Periods a year: 365 (when absent) or 252.
    pub periods: Option<u32>,
    /// The risk-free rate a year as a fraction; 0 when absent.
    pub risk_free: Option<f64>,
    /// At most this many points of the curve (2 to 5000, 1000 when absent).
    pub points: Option<u32>,
}

/// The figures and the curve of an account's present run, or of what a webhook made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Report {
    /// The account.
    pub account_id: String,
    /// The webhook, of a webhook's report.
    pub webhook_id: Option<String>,
    /// The account's currency.
    pub currency: String,
    /// When the run began.
    pub from: String,
    /// The newest mark.
    pub to: String,
    /// What the run was opened with.
    pub opening: String,
    /// Paid in less paid out since; no profit.
    pub transferred: String,
    /// The equity at the newest mark, transfers included.
    pub equity: String,
    /// The figures, with transfers taken out of the curve.
    pub analytics: Analytics,
    /// Equity and drawdown for a chart, with transfers taken out, oldest first. Extremes are kept when points are
    /// left out.
    pub curve: Vec<EquityMark>,
    /// Whether points were left out of `curve`.
    pub thinned: bool,
}

/// A limit of an account and how much of it is used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RiskUse {
    /// The setting, such as `risk.max_daily_loss`.
    pub key: String,
    /// What it limits, for people.
    pub name: String,
    /// What it means.
    pub meaning: String,
    /// The limit as the account has it (`200`, `2%`, `5`); null when off.
    pub limit: Option<String>,
    /// What of it is used now, in the unit of `unit`; null where there is nothing to count.
    pub actual: Option<String>,
    /// `money`, `percent`, `count`, `quantity`, `ms` or `word`.
    pub unit: String,
    /// Used over limit, 0 to 1 and above; null when off or not a number.
    pub used: Option<f64>,
    /// Whether it refuses entries now.
    pub refuses: bool,
}

/// An instrument as the account has it, every question answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Instrument {
    /// The account.
    pub account_id: String,
    /// The symbol.
    pub symbol: String,
    /// `spot`, `perpetual`, …; null without evidence.
    pub market: Option<String>,
    /// The smallest change of a price.
    pub tick: String,
    /// The smallest change of a quantity.
    pub step: String,
    /// The smallest quantity of an order.
    pub min_qty: String,
    /// The largest quantity of an entry.
    pub max_qty: Option<String>,
    /// The least that an order is worth.
    pub min_notional: String,
    /// What one unit gains when the price rises by 1.
    pub multiplier: String,
    /// The share of its worth that a long ties up.
    pub init_margin_long: String,
    /// The share of its worth that a short ties up.
    pub init_margin_short: String,
    /// One pip.
    pub pip: String,
    /// Whether it can be sold short.
    pub shortable: bool,
    /// The newest price known.
    pub mark: Option<String>,
    /// When it was seen.
    pub mark_at: Option<String>,
    /// What the account sets for this symbol alone, by the last part of its key: `tick`, `step`, … Change it through
    /// `accounts.set` with the key `instrument.<SYMBOL>.<field>`; `off` unsets.
    pub settings: BTreeMap<String, String>,
}

/// A setting of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigKey {
    /// The key. `instrument.<field>` is for all symbols, `instrument.<SYMBOL>.<field>` for one.
    pub key: String,
    /// What it does.
    pub description: String,
    /// What values it takes.
    pub form: String,
    /// Its value where nobody sets it; `off` for none.
    pub default: String,
}

/// Names the prices of a symbol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PriceQuery {
    /// The account; the first one when absent.
    pub account_id: Option<String>,
    /// The symbol.
    #[ts(optional = false)]
    pub symbol: String,
    /// At most this many newest prices (2 to 5000, 1000 when absent).
    pub limit: Option<u32>,
}

/// A price of a symbol that Pitwire has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PricePoint {
    /// When.
    pub at: String,
    /// The price.
    pub price: String,
    /// `alert`, `fill` or `mark` (the newest price known).
    pub source: String,
}

/// The prices of a symbol that Pitwire has seen, with what was traded at them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PriceSeries {
    /// The account.
    pub account_id: String,
    /// The symbol.
    pub symbol: String,
    /// Prices of alerts and fills, oldest first.
    pub points: Vec<PricePoint>,
    /// The account's fills in that time, oldest first.
    pub fills: Vec<Fill>,
}
