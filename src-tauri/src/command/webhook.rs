//! `webhook`: made, shown, changed, tested, deleted.

use super::Place;
use crate::terminal::{Column, Done, Failure};
use anyhow::Context;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Subcommand};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Webhook {
    /// Make a webhook; its token is shown once.
    Add(Box<Add>),
    /// Every webhook.
    List,
    /// One webhook.
    Show {
        /// The webhook.
        id: String,
    },
    /// Change what is named; an empty text clears.
    Edit(Box<Edit>),
    /// Refuse signals for now.
    Pause {
        /// The webhook.
        id: String,
    },
    /// Take signals again.
    Resume {
        /// The webhook.
        id: String,
    },
    /// A new token and signing secret; the old ones are dead at once.
    Rotate {
        /// The webhook.
        id: String,
    },
    /// Delete a webhook with its signal history.
    Delete {
        /// The webhook.
        id: String,
    },
    /// The alert message to paste into TradingView.
    Template {
        /// The webhook.
        id: String,
        /// What fires the alert.
        #[arg(long, default_value = "strategy", value_parser = ["strategy", "indicator"])]
        kind: String,
        /// Another format than the webhook's.
        #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(desk::dialect_names()))]
        dialect: Option<String>,
    },
    /// Bring the account to where the webhook's strategies say they stand.
    Resync {
        /// The webhook.
        id: String,
        /// Only this symbol.
        #[arg(long, value_name = "S")]
        symbol: Option<String>,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Send a signed test signal through the real listener.
    Test {
        /// The webhook.
        id: String,
        /// The body to send.
        #[arg(long, value_name = "FILE")]
        payload: Option<PathBuf>,
        /// Send it to the public address, through the tunnel.
        #[arg(long, conflicts_with = "dry_run")]
        public: bool,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// What to call it.
    #[arg(long)]
    name: String,
    #[command(flatten)]
    rest: Parts,
}

#[derive(Debug, Args)]
pub(super) struct Edit {
    /// The webhook.
    id: String,
    /// What to call it.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    rest: Parts,
}

#[derive(Debug, Args)]
struct Parts {
    /// A note.
    #[arg(long, value_name = "T")]
    description: Option<String>,
    /// `direct` or `pipeline`.
    #[arg(long, value_parser = ["direct", "pipeline"])]
    mode: Option<String>,
    /// The strategy, with `--mode pipeline` only.
    #[arg(long, value_name = "ID")]
    strategy: Option<String>,
    /// The account that trades.
    #[arg(long, value_name = "ID")]
    account: Option<String>,
    /// The only format to take.
    #[arg(long, value_name = "NAME", value_parser = or_nothing(&desk::dialect_names()))]
    dialect: Option<String>,
    /// `fixed:QTY`, `notional:AMT`, `pct-balance:P`, `pct-equity:P` or `risk-pct:P`.
    #[arg(long)]
    sizing: Option<String>,
    /// `directional`, `flip` or `target`.
    #[arg(long, value_parser = ["directional", "flip", "target"])]
    sell_mode: Option<String>,
    /// The symbol of messages that name none.
    #[arg(long)]
    symbol: Option<String>,
    /// The side of messages that name none: `long` or `short`.
    #[arg(long, value_parser = or_nothing(&["long", "short"]))]
    default_side: Option<String>,
    /// What a bare number of messages counts: `unit.risk=lots`, `unit.sl=pips`, …; an empty word clears it.
    #[arg(long, value_name = "unit.KEY=WORD", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Trade another symbol than messages name: `XBTUSD=BTCUSD`; nothing after the last `=` takes it out.
    #[arg(long, value_name = "FROM=TO", value_parser = pair_of_symbols)]
    map: Vec<(String, String)>,
    /// Addresses and networks that may send; `tradingview` stands for its four.
    #[arg(long, value_name = "ADDR", value_delimiter = ',', num_args = 0..)]
    allow_ip: Option<Vec<String>>,
    /// `N/min`, `N/min,M/s` with M of N at most, or `off`.
    #[arg(long)]
    rate: Option<String>,
    /// Milliseconds in which a repeated message counts once.
    #[arg(long, value_name = "N")]
    dedupe_ms: Option<u32>,
    /// Milliseconds to hold a signal for its pair; `default`: 750 for those that name the positions before and after.
    #[arg(long, value_name = "N|default", value_parser = hold_of)]
    hold_ms: Option<Hold>,
    /// The greatest age of an alert in seconds.
    #[arg(long, value_name = "S")]
    max_lag: Option<u32>,
    /// Seconds to wait before executing.
    #[arg(long, value_name = "S")]
    delay: Option<u32>,
    /// Seconds of silence after which to be reminded; 0 for never.
    #[arg(long, value_name = "S")]
    remind_after: Option<u32>,
    /// Whether it takes exits only.
    #[arg(long, value_name = "true|false")]
    reduce_only: Option<bool>,
    /// When the token stops working, RFC 3339; a time to come.
    #[arg(long, value_name = "TIME")]
    expires: Option<String>,
}

/// A hold window; nothing is the default.
#[derive(Debug, Clone, Copy)]
struct Hold(Option<u32>);

fn hold_of(text: &str) -> Result<Hold, String> {
    if text == "default" {
        return Ok(Hold(None));
    }
    text.parse().map(|ms| Hold(Some(ms))).map_err(|_| "write milliseconds, or default".to_owned())
}

impl Parts {
    /// What was named, under the names of the wire.
    fn into_params(self) -> Value {
        let mut params = json!({
            "description": self.description,
            "mode": self.mode,
            "strategy_id": self.strategy,
            "account_id": self.account,
            "dialect": self.dialect,
            "sizing": self.sizing,
            "sell_mode": self.sell_mode,
            "symbol": self.symbol,
            "default_side": self.default_side,
            "units": table(self.set),
            "symbol_map": table(self.map),
            "allow_ips": self.allow_ip,
            "rate": self.rate,
            "dedupe_ms": self.dedupe_ms,
            "hold_ms": self.hold_ms.and_then(|hold| hold.0),
            "hold_default": self.hold_ms.filter(|hold| hold.0.is_none()).map(|_| true),
            "max_lag_s": self.max_lag,
            "delay_s": self.delay,
            "remind_after_s": self.remind_after,
            "reduce_only": self.reduce_only,
            "token_expires_at": self.expires,
        });
        if let Some(object) = params.as_object_mut() {
            object.retain(|_, value| !value.is_null());
        }
        params
    }
}

/// `KEY=VALUE`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write KEY=VALUE, for example unit.sl=pips")?;
    Ok((key.trim().to_owned(), value.trim().to_owned()))
}

/// `FROM=TO`; the name of a symbol may itself have an equals sign.
fn pair_of_symbols(text: &str) -> Result<(String, String), String> {
    let (from, to) = text.rsplit_once('=').ok_or("write FROM=TO, for example XBTUSD=BTCUSD")?;
    Ok((from.trim().to_owned(), to.trim().to_owned()))
}

/// The pairs as one object, or nothing when none was named.
fn table(pairs: Vec<(String, String)>) -> Option<BTreeMap<String, String>> {
    (!pairs.is_empty()).then(|| pairs.into_iter().collect())
}

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("STATE", "state"),
    ("MODE", "mode"),
    ("SIZING", "sizing"),
    ("TOKEN", "token_preview"),
    ("SIGNALS", "counts.all"),
    ("LAST", "last_signal.at"),
];

impl Webhook {
    pub(super) fn run(self, place: &Place) -> Done {
        let terminal = place.terminal;
        match self {
            Self::Add(add) => {
                let mut params = add.rest.into_params();
                params["name"] = json!(add.name);
                created(place, &place.desk()?.call("webhooks.create", params)?)
            }
            Self::List => {
                terminal.list("webhooks", &place.desk()?.call("webhooks.list", json!({}))?, COLUMNS)
            }
            Self::Show { id } => terminal.object("webhook", &known(&place.desk()?, &id)?),
            Self::Edit(edit) => {
                let mut params = edit.rest.into_params();
                params["id"] = json!(edit.id);
                if let Some(name) = edit.name {
                    params["name"] = json!(name);
                }
                if params.as_object().is_some_and(|named| named.len() == 1) {
                    names_nothing();
                }
                terminal.object("webhook", &place.desk()?.call("webhooks.edit", params)?)
            }
            Self::Pause { id } => {
                terminal.object("webhook", &place.desk()?.call("webhooks.pause", json!({"id": id}))?)
            }
            Self::Resume { id } => {
                terminal.object("webhook", &place.desk()?.call("webhooks.resume", json!({"id": id}))?)
            }
            Self::Rotate { id } => {
                terminal.confirm(
                    "The old token and signing secret stop working at once; alerts that use them fail.",
                )?;
                created(place, &place.desk()?.call("webhooks.rotate", json!({"id": id}))?)
            }
            Self::Delete { id } => {
                terminal.confirm("The webhook goes with its whole signal history; what it traded stays.")?;
                terminal.object("webhook", &place.desk()?.call("webhooks.delete", json!({"id": id}))?)
            }
            Self::Template { id, kind, dialect } => {
                let params = json!({"id": id, "kind": kind, "dialect": dialect});
                let template = place.desk()?.call("webhooks.template", params)?;
                if terminal.json {
                    return terminal.value(&json!({ "template": template }));
                }
                terminal.line(template["message"].as_str().unwrap_or_default())
            }
            Self::Resync { id, symbol, dry_run } => resync(place, &id, symbol.as_deref(), dry_run),
            Self::Test { id, payload, public, dry_run } => {
                test(place, &id, payload, json!({"dry_run": dry_run, "public": public}))
            }
        }
    }
}

/// Ends the program as for any other mistake in its arguments: an edit says what is to be changed.
fn names_nothing() -> ! {
    let sentence = "name what to change, such as --name or --rate; see `pitwire webhook edit --help`";
    super::Cli::command().error(ErrorKind::MissingRequiredArgument, sentence).exit()
}

/// A webhook that is there.
pub(super) fn known(desk: &desk::Desk, id: &str) -> Result<Value, Failure> {
    let all = desk.call("webhooks.list", json!({}))?;
    let found = all.as_array().and_then(|all| all.iter().find(|webhook| webhook["id"] == id));
    Ok(found.cloned().ok_or_else(|| desk::wire::RpcError::not_found("webhook", id))?)
}

/// Words that may be given, and nothing, which clears.
fn or_nothing(words: &[&'static str]) -> PossibleValuesParser {
    let words = words.iter().map(PossibleValue::new);
    words.chain([PossibleValue::new("").hide(true)]).collect::<Vec<_>>().into()
}

/// The only answer with secrets in it.
fn created(place: &Place, answer: &Value) -> Done {
    let terminal = place.terminal;
    if terminal.json {
        return terminal.value(answer);
    }
    let text = |key: &str| answer[key].as_str().unwrap_or("-").to_owned();
    terminal.line(&format!(
        "webhook         {} ({})",
        answer["webhook"]["id"].as_str().unwrap_or("-"),
        text_of(answer)
    ))?;
    terminal.line(&format!("token           {}", text("token")))?;
    terminal.line(&format!("signing secret  {}", text("signing_secret")))?;
    terminal.line(&format!("path            {}", text("url_path")))?;
    if let Some(url) = answer["local_url"].as_str() {
        terminal.line(&format!("local URL       {url}"))?;
    }
    if let Some(url) = answer["public_url"].as_str() {
        terminal.line(&format!("public URL      {url}"))?;
    }
    terminal.line("The token and the signing secret are not shown again.")
}

fn text_of(answer: &Value) -> &str {
    answer["webhook"]["name"].as_str().unwrap_or("-")
}

fn resync(place: &Place, id: &str, symbol: Option<&str>, dry_run: bool) -> Done {
    let mut params = json!({"id": id, "dry_run": dry_run});
    if let Some(symbol) = symbol {
        params["symbol"] = json!(symbol);
    }
    let desk = place.desk()?;
    if !dry_run {
        place.terminal.confirm("The account trades to where the strategy says that it stands.")?;
    }
    super::signal::print_page(place.terminal, &desk.call("webhooks.resync", params)?)
}

fn test(place: &Place, id: &str, payload: Option<PathBuf>, mut params: Value) -> Done {
    let body = payload
        .map(|file| {
            std::fs::read_to_string(&file)
                .with_context(|| format!("{} cannot be read as text", file.display()))
        })
        .transpose()?;
    params["id"] = json!(id);
    let dry_run = params["dry_run"] == true;
    if let Some(body) = body {
        params["body"] = json!(body);
    }
    let sent = place.desk()?.call("webhooks.test", params)?;
    if dry_run && !place.terminal.json {
        return super::signal::print_trials(place.terminal, &sent["trials"]);
    }
    place.terminal.object("test", &sent)?;
    let status = sent["http_status"].as_u64().unwrap_or(0);
    if dry_run || (200..300).contains(&status) {
        return Ok(());
    }
    let code = sent["answer"]["code"].as_str().unwrap_or("REFUSED");
    let error = sent["answer"]["error"].as_str().unwrap_or("The listener refused the test signal.");
    Err(Failure::Refused(desk::wire::RpcError::new(code, error)))
}
