//! `position`, `order` and `fill`: what an account holds and did.

use super::Place;
use crate::terminal::{Column, Done};
use anyhow::Context;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Listing {
    /// Only of this account.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// `csv` for a file instead of a table.
    #[arg(long, value_parser = ["table", "csv"])]
    format: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Position {
    /// Every open position.
    List(Listing),
    /// Close a position at the last price known.
    Close {
        /// The symbol.
        symbol: String,
        /// The account; the first one when absent.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
    },
    /// Close every position.
    Flatten {
        /// Only of this account.
        #[arg(long, value_name = "ID")]
        account: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Order {
    /// Orders, newest first.
    List(Listing),
}

#[derive(Debug, Subcommand)]
pub(super) enum Fill {
    /// Fills, newest first.
    List(Listing),
}

const POSITIONS: &[Column] = &[
    ("SYMBOL", "symbol"),
    ("QUANTITY", "quantity"),
    ("AVERAGE", "price_average"),
    ("MARK", "mark"),
    ("MARK AT", "mark_at"),
    ("UNREALISED", "unrealized"),
    ("REALISED", "realized"),
    ("ACCOUNT", "account_id"),
];
const ORDERS: &[Column] = &[
    ("TIME", "created_at"),
    ("SYMBOL", "symbol"),
    ("SIDE", "side"),
    ("TYPE", "type"),
    ("QUANTITY", "quantity"),
    ("FILLED", "filled"),
    ("PRICE", "price_average"),
    ("STATUS", "status"),
    ("SIGNAL", "signal_id"),
    ("ID", "id"),
];
const FILLS: &[Column] = &[
    ("TIME", "at"),
    ("SYMBOL", "symbol"),
    ("SIDE", "side"),
    ("QUANTITY", "quantity"),
    ("PRICE", "price"),
    ("FEE", "fee"),
    ("LIQUIDITY", "liquidity"),
    ("SIGNAL", "signal_id"),
    ("ID", "id"),
];

impl Position {
    pub(super) fn run(self, place: &Place) -> Done {
        match self {
            Self::List(listing) => {
                let rows = place.desk()?.call("positions.list", json!({"account_id": listing.account}))?;
                listing.print(place, "positions", &rows, POSITIONS)
            }
            Self::Close { symbol, account } => {
                let params = json!({"account_id": account, "symbol": symbol});
                place.terminal.list("orders", &place.desk()?.call("positions.close", params)?, ORDERS)
            }
            Self::Flatten { account } => {
                place.terminal.confirm("Every position is closed at the last price known.")?;
                let orders = place.desk()?.call("positions.flatten", json!({"account_id": account}))?;
                place.terminal.list("orders", &orders, ORDERS)
            }
        }
    }
}

impl Order {
    pub(super) fn run(self, place: &Place) -> Done {
        let Self::List(listing) = self;
        let rows = pages(place, "orders.list", "orders", listing.account.as_deref())?;
        listing.print(place, "orders", &rows, ORDERS)
    }
}

impl Fill {
    pub(super) fn run(self, place: &Place) -> Done {
        let Self::List(listing) = self;
        let rows = pages(place, "fills.list", "fills", listing.account.as_deref())?;
        listing.print(place, "fills", &rows, FILLS)
    }
}

/// Every page of a list.
fn pages(
    place: &Place,
    method: &str,
    name: &str,
    account: Option<&str>,
) -> Result<Value, crate::terminal::Failure> {
    let desk = place.desk()?;
    let mut rows: Vec<Value> = Vec::new();
    let mut before = Value::Null;
    loop {
        let page = desk.call(method, json!({"account_id": account, "limit": 500, "before": before}))?;
        rows.extend(page[name].as_array().cloned().unwrap_or_default());
        if page["next"].is_null() {
            return Ok(Value::Array(rows));
        }
        before = page["next"].clone();
    }
}

impl Listing {
    fn print(&self, place: &Place, name: &str, rows: &Value, columns: &[Column]) -> Done {
        match self.format.as_deref() {
            Some("csv") => csv(rows, columns),
            Some(_) | None => place.terminal.list(name, rows, columns),
        }
    }
}

fn csv(rows: &Value, columns: &[Column]) -> Done {
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    out.write_record(columns.iter().map(|(_, key)| *key)).context("stdout cannot be written")?;
    for row in rows.as_array().into_iter().flatten() {
        let text = |key: &str| row[key].as_str().map_or_else(String::new, str::to_owned);
        out.write_record(columns.iter().map(|(_, key)| text(key))).context("stdout cannot be written")?;
    }
    out.flush().context("stdout cannot be written")?;
    Ok(())
}
