//! What scenarios come to, as JSON. Numbers that count something of the market or of money are texts.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;

/// The answers to a file of scenarios, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Results {
    /// One for each.
    pub results: Vec<Snapshot>,
}

/// An account after the last step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The scenario's id.
    pub id: Option<String>,
    /// The account's figures.
    #[serde(flatten)]
    pub figures: Figures,
    /// Every fill, in order.
    pub fills: Vec<FillSeen>,
    /// Every order by its name, in order, with its status and the reason beside it.
    #[serde(serialize_with = "in_order")]
    pub orders: Vec<(String, String)>,
    /// The status of every signal, with the reason beside it.
    pub signals: Vec<String>,
    /// The round trips that are over.
    pub trades: Vec<TradeSeen>,
}

/// What many steps came to, without their details.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The scenario's id.
    pub id: Option<String>,
    /// How many steps there were.
    pub steps: u64,
    /// How many of them were signals.
    pub signals: u64,
    /// How many of these were executed.
    pub executed: u64,
    /// How many were rejected.
    pub rejected: u64,
    /// How often each reason was given.
    pub reasons: BTreeMap<&'static str, u64>,
    /// How many orders were placed, children of brackets not counted.
    pub orders: u64,
    /// How many fills there were.
    pub fills: u64,
    /// How many round trips are over.
    pub trades: u64,
    /// The account's figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures of an account and of its instrument.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// What is held of the scenario's instrument, signed.
    pub position: String,
    /// What a unit of it cost on average, to 8 decimals; 0 when flat.
    pub avg_price: String,
    /// Money at hand.
    pub cash: String,
    /// What the account is worth at the newest marks.
    pub equity: String,
    /// Capital plus realised profit less fees.
    pub balance: String,
    /// What new entries can use.
    pub available: String,
    /// Profit realised, fees not included.
    pub realized_gross: String,
    /// Profit of what is open, fees not included.
    pub unrealized: String,
    /// Fees paid.
    pub fees: String,
}

/// A fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FillSeen {
    /// The name of its order.
    pub order: String,
    /// `buy` or `sell`.
    pub side: &'static str,
    /// How much.
    pub qty: String,
    /// At what price.
    pub price: String,
    /// The fee.
    pub fee: String,
    /// `taker` or `maker`.
    pub liquidity: &'static str,
    /// When, in milliseconds.
    pub t: i64,
}

/// A round trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TradeSeen {
    /// `long` or `short`.
    pub dir: &'static str,
    /// Profit without fees.
    pub gross: String,
    /// Its fees.
    pub fees: String,
    /// Profit less fees.
    pub net: String,
    /// The most that was held.
    pub max_qty: String,
    /// The least unrealised profit on the way.
    pub mae: String,
    /// The greatest unrealised profit on the way.
    pub mfe: String,
    /// The average price of the entries, to 8 decimals.
    pub entry_price: String,
    /// The average price of the exits, to 8 decimals.
    pub exit_price: String,
    /// Net profit over what the stop put at risk, to 8 decimals; null without a stop.
    pub r: Option<String>,
    /// Closed bars that it saw.
    pub bars: u32,
    /// When it was opened, in milliseconds.
    pub opened: i64,
    /// When it was closed.
    pub closed: i64,
    /// What closed it.
    pub exits: Vec<&'static str>,
}

fn in_order<S: Serializer>(pairs: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(pairs.len()))?;
    for (name, status) in pairs {
        map.serialize_entry(name, status)?;
    }
    map.end()
}
