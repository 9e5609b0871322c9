//! A desk that shows itself: a synthetic market of stand-ins in this process, accounts on it, webhooks, and alerts that
//! go through the real listener. In a data directory of its own, which is marked, so that it is never anybody's real one.

mod alerts;

use crate::wire::{
    Account, NewAccount, NewWebhook, RpcError, Strategy, Webhook, WebhookCreated, WebhookSettings,
};
use crate::worker::WorkError;
use crate::{Clock, Desk, ListenError, ListenOptions, OpenError, Worker};
use ::market::{Endpoints, Venue};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standin::venue::{Exchange, Market, VenueServer};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The setting that marks a data directory as a demo's; not one of the user's.
pub(crate) const MARK: &str = "runtime.demo";
/// The same market every time.
const SEED: u64 = 20_260_508;
/// What is listed, and around which price it moves, in hundredths.
const LISTED: [(&str, i64); 5] = [
    ("BTCUSDT", 6_700_000),
    ("ETHUSDT", 350_000),
    ("SOLUSDT", 15_000),
    ("BTCUSD", 6_700_000),
    ("ETHUSD", 350_000),
];

/// What the webhook in pipeline mode asks: how sure the alert is, and what the market does.
const STRATEGY: &str = r#"{
  "name": "Demo: momentum, if the alert is sure",
  "format": 1,
  "apply_to": "entries",
  "when": {"all": [
    {"left": "alert.confidence", "op": ">=", "right": 60},
    {"any": [
      {"left": "close", "op": ">", "right": "ema(close,9)", "timeframe": "1m"},
      {"left": "rsi(close,14)", "op": "<", "right": 45, "timeframe": "1m"}
    ]},
    {"left": "rsi(close,14)", "op": "between", "right": [20, 80], "timeframe": "5m"}
  ]}
}"#;

/// Why there is no demo.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The data directory is somebody's real one.
    #[error(
        "{0} holds a desk that is not the demo's; leave --data-dir and PITWIRE_DATA_DIR out, or name an empty directory"
    )]
    NotADemo(PathBuf),
    /// The data directory cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Another process is the worker, or the worker cannot start.
    #[error(transparent)]
    Work(#[from] WorkError),
    /// The listener cannot start.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The stand-ins cannot listen.
    #[error("the synthetic market cannot listen on this machine: {0}")]
    Market(#[from] std::io::Error),
    /// The desk refused what the demo asked of it.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

/// The demo's data directory where nobody says otherwise: beside the real one.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "pitwire-demo").map(|dirs| dirs.data_dir().to_owned())
}

/// A desk that shows itself, until it is dropped or its worker is stopped.
pub struct Demo {
    /// The desk.
    pub desk: Desk,
    /// Its worker, which has its listener.
    pub worker: Worker,
    /// Where it listens.
    pub url: String,
}

/// Opens the demo's data directory, starts the synthetic market and a worker on it, and fires alerts from then on.
/// Needs a tokio runtime, which the market lives on.
///
/// # Errors
/// [`DemoError`] saying which part cannot be had; a directory that is not a demo's is left untouched.
pub async fn start(data_dir: &Path, clock: Clock, options: ListenOptions) -> Result<Demo, DemoError> {
    let desk = marked(data_dir, clock.clone())?;
    let market =
        LISTED.iter().fold(Market::new(SEED, move || clock.now().as_millis()), |market, (symbol, base)| {
            market.listing(symbol, *base)
        });
    let mut servers = Vec::new();
    for exchange in Exchange::ALL {
        let server = VenueServer::start(exchange, market.clone()).await?;
        if let Some(venue) = Venue::parse(exchange.as_str()) {
            let endpoints = Endpoints { rest: server.rest_url(), ws: server.ws_url() };
            desk.context.market.reach(venue, endpoints);
        }
        servers.push(server);
    }
    let mut worker = desk.work()?;
    let stage = stage(&desk)?;
    worker.publish();
    let url = worker.listen(options).await?;
    let _firing = tokio::spawn(alerts::fire(url.clone(), stage, market, servers));
    Ok(Demo { desk, worker, url })
}

/// Opens a directory that is the demo's, or empty and becomes the demo's.
fn marked(data_dir: &Path, clock: Clock) -> Result<Desk, DemoError> {
    let is_new = !data_dir.join("pitwire.db").exists();
    let desk = Desk::open(data_dir, clock)?;
    let store = &desk.context.store;
    if is_new {
        store.writer().run(|tx| store::settings::note(tx, MARK, "on")).map_err(OpenError::Store)?;
    }
    let mark = store.reader().read(|view| store::settings::get(view, MARK)).map_err(OpenError::Store)?;
    if mark.as_deref() != Some("on") {
        return Err(DemoError::NotADemo(data_dir.to_owned()));
    }
    desk.context.is_demo.store(true, std::sync::atomic::Ordering::Release);
    Ok(desk)
}

/// The paths that alerts are sent to, by the name of their webhook.
pub(crate) type Stage = BTreeMap<&'static str, String>;

/// Makes the accounts, webhooks and the strategy where there are none yet, and new tokens, since old ones are not known any more.
fn stage(desk: &Desk) -> Result<Stage, DemoError> {
    let accounts: Vec<Account> = call(desk, "accounts.list", &json!({}))?;
    let webhooks: Vec<Webhook> = call(desk, "webhooks.list", &json!({}))?;
    let strategy = strategy(desk)?;
    let mut stage = Stage::new();
    for (name, venue, settings) in [
        (
            alerts::TREND,
            "binance",
            vec![("max_entries", "3"), ("fees.taker_bps", "10"), ("fees.maker_bps", "10")],
        ),
        (alerts::BRACKETS, "kraken", vec![("fees.taker_bps", "26"), ("fees.maker_bps", "16")]),
        (alerts::FILTERED, "okx", vec![("fees.taker_bps", "10"), ("fees.maker_bps", "8")]),
        (alerts::STOCKS, "alert", vec![]),
    ] {
        let account = match accounts.iter().find(|account| account.name == name) {
            Some(account) => account.id.clone(),
            None => {
                let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
                let new = NewAccount {
                    name: name.to_owned(),
                    cash: "100000".to_owned(),
                    venue: Some(venue.to_owned()),
                    settings: Some(settings.collect()),
                    ..NewAccount::default()
                };
                call::<Account>(desk, "accounts.create", &json!(new))?.id
            }
        };
        let made: WebhookCreated = match webhooks.iter().find(|webhook| webhook.name == name) {
            Some(webhook) => call(desk, "webhooks.rotate", &json!({"id": webhook.id}))?,
            None => {
                let asked = (name == alerts::FILTERED).then(|| strategy.clone());
                let settings = WebhookSettings {
                    account_id: Some(account),
                    mode: asked.as_ref().map(|_| "pipeline".to_owned()),
                    strategy_id: asked,
                    ..WebhookSettings::default()
                };
                call(desk, "webhooks.create", &json!(NewWebhook { name: name.to_owned(), settings }))?
            }
        };
        stage.insert(name, made.url_path);
    }
    Ok(stage)
}

/// The id of the demo's strategy.
fn strategy(desk: &Desk) -> Result<String, DemoError> {
    let known: Vec<Strategy> = call(desk, "strategies.list", &json!({}))?;
    match known.into_iter().find(|strategy| strategy.name.starts_with("Demo: ")) {
        Some(strategy) => Ok(strategy.id),
        None => Ok(call::<Strategy>(desk, "strategies.add", &json!({"file": STRATEGY}))?.id),
    }
}

fn call<T: DeserializeOwned>(desk: &Desk, method: &str, params: &Value) -> Result<T, RpcError> {
    let answer = desk.call(method, params.clone())?;
    serde_json::from_value(answer).map_err(|error| {
        tracing::error!(%error, method, "an answer cannot be read back");
        RpcError::internal()
    })
}
