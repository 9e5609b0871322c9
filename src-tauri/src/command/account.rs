//! `account`: paper accounts and their settings.

use super::Place;
use crate::terminal::{Column, Done, Failure};
use clap::Subcommand;
use desk::wire::RpcError;
use serde_json::{Map, Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Account {
    /// Open an account.
    Add {
        /// What to call it.
        #[arg(long)]
        name: String,
        /// Opening cash.
        #[arg(long, value_name = "AMT", allow_negative_numbers = true)]
        cash: String,
        /// The settlement currency.
        #[arg(long, default_value = "USD")]
        currency: String,
        /// Where prices come from.
        #[arg(long, default_value = "alert")]
        venue: String,
        /// Settings, such as `fees.taker_bps=5`.
        #[arg(long, value_name = "KEY=VALUE")]
        set: Vec<String>,
    },
    /// Every account.
    List,
    /// One account, and how much of its limits is used.
    Show {
        /// The account.
        id: String,
    },
    /// Every setting, with what it does and takes.
    Keys,
    /// Change settings; `account keys` lists them, `account show ID` prints those that have a value.
    Set {
        /// The account.
        id: String,
        /// Settings, such as `fees.taker_bps=5`.
        #[arg(required = true, value_name = "KEY=VALUE")]
        settings: Vec<String>,
    },
    /// Begin anew with the opening cash; the past stays in the history.
    Reset {
        /// The account.
        id: String,
    },
    /// Pay in.
    Deposit {
        /// The account.
        id: String,
        /// How much.
        #[arg(allow_negative_numbers = true)]
        amount: String,
    },
    /// Pay out.
    Withdraw {
        /// The account.
        id: String,
        /// How much.
        #[arg(allow_negative_numbers = true)]
        amount: String,
    },
    /// Put an account away; what it traded stays in the history.
    Delete {
        /// The account.
        id: String,
    },
}

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("CURRENCY", "currency"),
    ("EQUITY", "equity"),
    ("CASH", "cash"),
    ("AVAILABLE", "available"),
    ("POSITIONS", "positions"),
    ("STATE", "state"),
];
const RISK: &[Column] = &[
    ("LIMIT ON", "name"),
    ("LIMIT", "limit"),
    ("USED", "actual"),
    ("UNIT", "unit"),
    ("REFUSES", "refuses"),
    ("SETTING", "key"),
];
const KEYS: &[Column] =
    &[("KEY", "key"), ("DEFAULT", "default"), ("TAKES", "form"), ("WHAT IT DOES", "description")];

impl Account {
    pub(super) fn run(self, place: &Place) -> Done {
        let terminal = place.terminal;
        match self {
            Self::Add { name, cash, currency, venue, set } => {
                let params = json!({
                    "name": name, "cash": cash, "currency": currency, "venue": venue, "settings": pairs(&set)?,
                });
                terminal.object("account", &place.desk()?.call("accounts.create", params)?)
            }
            Self::List => {
                terminal.list("accounts", &place.desk()?.call("accounts.list", json!({}))?, COLUMNS)
            }
            Self::Show { id } => {
                let all = place.desk()?.call("accounts.list", json!({}))?;
                let found = all.as_array().and_then(|all| all.iter().find(|a| a["id"] == id.as_str()));
                let mut account = found.cloned().ok_or_else(|| RpcError::not_found("account", &id))?;
                let risk = place.desk()?.call("accounts.risk", json!({"account_id": id}))?;
                if terminal.json {
                    account["risk"] = risk;
                    return terminal.object("account", &account);
                }
                terminal.object("account", &account)?;
                terminal.line("")?;
                terminal.table(&risk, RISK)
            }
            Self::Keys => terminal.list("keys", &place.desk()?.call("accounts.keys", json!({}))?, KEYS),
            Self::Set { id, settings } => {
                let params = json!({"account_id": id, "settings": pairs(&settings)?});
                terminal.object("account", &place.desk()?.call("accounts.set", params)?)
            }
            Self::Reset { id } => {
                terminal.confirm(
                    "Positions, resting orders and profits of the account go; its past stays in the lists.",
                )?;
                terminal.object("account", &place.desk()?.call("accounts.reset", json!({"account_id": id}))?)
            }
            Self::Deposit { id, amount } => {
                let params = json!({"account_id": id, "amount": amount});
                terminal.object("account", &place.desk()?.call("accounts.deposit", params)?)
            }
            Self::Withdraw { id, amount } => {
                let params = json!({"account_id": id, "amount": amount});
                terminal.object("account", &place.desk()?.call("accounts.withdraw", params)?)
            }
            Self::Delete { id } => {
                terminal
                    .confirm("The account takes no more signals; what it traded stays in the history.")?;
                place.desk()?.call("accounts.archive", json!({"account_id": id}))?;
                terminal.object("account", &json!({ "id": id }))
            }
        }
    }
}

fn pairs(texts: &[String]) -> Result<Value, Failure> {
    let mut map = Map::new();
    for text in texts {
        let wanted = || RpcError::invalid("settings", format!("{text:?} is not of the form key=value."));
        let (key, value) = text.split_once('=').ok_or_else(wanted)?;
        map.insert(key.trim().to_owned(), json!(value.trim()));
    }
    Ok(Value::Object(map))
}
