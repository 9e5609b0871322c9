//! `position`, `order`, `fill` and `trade`: what an account holds and did.

use super::Place;
use crate::terminal::{Column, Done, Failure};
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
    List {
        #[command(flatten)]
        listing: Listing,
        /// Only those that can still change.
        #[arg(long)]
        live: bool,
    },
    /// Cancel a live order; what it held back goes with it.
    Cancel {
        /// The order.
        id: String,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Fill {
    /// Fills, newest first.
    List(Listing),
}

#[derive(Debug, Subcommand)]
pub(super) enum Trade {
    /// Round trips, from flat to flat, the last closed first.
    List {
        #[command(flatten)]
        listing: Listing,
        /// Only those that this webhook opened.
        #[arg(long, value_name = "ID")]
        webhook: Option<String>,
    },
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
    ("LIMIT", "limit"),
    ("STOP", "stop"),
    ("PRICE", "price_average"),
    ("STATUS", "status"),
    ("REASON", "reason_code"),
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

const TRADES: &[Column] = &[
    ("CLOSED", "closed_at"),
    ("SYMBOL", "symbol"),
    ("DIRECTION", "direction"),
    ("QUANTITY", "quantity_max"),
    ("ENTRY", "price_entry"),
    ("EXIT", "price_exit"),
    ("FEES", "fees"),
    ("NET", "net"),
    ("R", "r"),
    ("EXITS", "exit_reasons"),
    ("ID", "id"),
];

/// The columns of files; `a.b` is the field `b` of the field `a`.
const POSITIONS_CSV: &[&str] = &[
    "account_id",
    "symbol",
    "quantity",
    "price_average",
    "mark",
    "mark_at",
    "unrealized",
    "realized",
    "opened_at",
    "stop_loss",
    "take_profit",
];
const ORDERS_CSV: &[&str] = &[
    "id",
    "signal_id",
    "account_id",
    "symbol",
    "side",
    "type",
    "quantity",
    "filled",
    "limit",
    "stop",
    "status",
    "reason_code",
    "reduce_only",
    "parent_id",
    "created_at",
    "price_average",
    "trail.value",
    "trail.unit",
    "activation",
    "time_in_force",
    "expires_at",
    "label",
    "updated_at",
];
const FILLS_CSV: &[&str] = &[
    "id",
    "order_id",
    "signal_id",
    "symbol",
    "side",
    "quantity",
    "price",
    "fee",
    "liquidity",
    "at",
    "why.reference",
    "why.source",
    "why.spread",
    "why.slippage",
    "why.rounding",
    "why.cap",
    "why.notional",
    "why.fee_bps",
    "account_id",
    "realized",
];
const TRADES_CSV: &[&str] = &[
    "id",
    "symbol",
    "direction",
    "quantity_max",
    "price_entry",
    "price_exit",
    "gross",
    "fees",
    "net",
    "r",
    "mae",
    "mfe",
    "opened_at",
    "closed_at",
    "bars",
    "exit_reasons",
    "account_id",
    "webhook_id",
    "signal_id",
];

impl Position {
    pub(super) fn run(self, place: &Place) -> Done {
        match self {
            Self::List(listing) => {
                let rows = place.desk()?.call("positions.list", json!({"account_id": listing.account}))?;
                listing.print(place, "positions", &rows, POSITIONS, POSITIONS_CSV)
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
        match self {
            Self::List { listing, live } => {
                let query = json!({"account_id": listing.account, "live": live});
                listing.print(
                    place,
                    "orders",
                    &pages(place, "orders.list", "orders", query)?,
                    ORDERS,
                    ORDERS_CSV,
                )
            }
            Self::Cancel { id } => {
                place.terminal.object("order", &place.desk()?.call("orders.cancel", json!({"id": id}))?)
            }
        }
    }
}

impl Fill {
    pub(super) fn run(self, place: &Place) -> Done {
        let Self::List(listing) = self;
        let query = json!({"account_id": listing.account});
        listing.print(place, "fills", &pages(place, "fills.list", "fills", query)?, FILLS, FILLS_CSV)
    }
}

impl Trade {
    pub(super) fn run(self, place: &Place) -> Done {
        let Self::List { listing, webhook } = self;
        if let Some(id) = &webhook {
            super::webhook::known(&place.desk()?, id)?;
        }
        let query = json!({"account_id": listing.account, "webhook_id": webhook});
        listing.print(place, "trades", &pages(place, "trades.list", "trades", query)?, TRADES, TRADES_CSV)
    }
}

/// Every page of a list.
fn pages(place: &Place, method: &str, name: &str, mut query: Value) -> Result<Value, Failure> {
    let desk = place.desk()?;
    let mut rows: Vec<Value> = Vec::new();
    query["limit"] = json!(500);
    loop {
        let page = desk.call(method, query.clone())?;
        rows.extend(page[name].as_array().cloned().unwrap_or_default());
        if page["next"].is_null() {
            return Ok(Value::Array(rows));
        }
        query["before"] = page["next"].clone();
    }
}

impl Listing {
    fn print(&self, place: &Place, name: &str, rows: &Value, columns: &[Column], file: &[&str]) -> Done {
        match self.format.as_deref() {
            Some("csv") => csv(rows, file),
            Some(_) | None => place.terminal.list(name, rows, columns),
        }
    }
}

fn csv(rows: &Value, columns: &[&str]) -> Done {
    let mut out = csv::Writer::from_writer(std::io::stdout().lock());
    out.write_record(columns).context("stdout cannot be written")?;
    for row in rows.as_array().into_iter().flatten() {
        let cells = columns.iter().map(|path| text(path.split('.').fold(row, |value, key| &value[key])));
        out.write_record(cells).context("stdout cannot be written")?;
    }
    out.flush().context("stdout cannot be written")?;
    Ok(())
}

/// A value as one cell of a file: nothing for null, words of a list with `;` between.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(";"),
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}
