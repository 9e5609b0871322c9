//! Webhooks: made, changed, paused, given a new token, deleted.

mod reading;
mod settings;

use super::{Runtime, drift, name, status::counts_of, store_error};
use crate::context::Context;
use crate::intake::json;
use crate::tunnel::now;
use crate::wire::{
    Drift, LastSignal, NewWebhook, RpcError, Webhook as Shown, WebhookCreated, WebhookPatch, WebhookRef,
};
use crate::{chores, random, silence};
use domain::{AccountId, DialectName, SellMode, Side, Symbol, Timestamp, WebhookId};
use std::sync::Arc;
use store::signals::SignalFilter;
use store::webhooks::{Webhook, WebhookMode, WebhookRow};
use store::{StoreError, Tx, View};
use vault::{SigningKey, Token};

pub(crate) use reading::Kept;

/// The rate of a webhook that names none.
const RATE: &str = "30/min,10/s";
/// TradingView's own meter, in microseconds: it stops an alert that fires more than [`METER_MAX`] times in this time.
const METER_US: i64 = 180 * 1_000_000;
/// How often an alert may fire in that time.
const METER_MAX: usize = 15;
/// From how many alerts on the meter warns.
const METER_WARNS: usize = METER_MAX - 3;
/// The newest signals that are looked at for the meter: enough to see it run over.
const METER_ROWS: u32 = 60;

pub(crate) fn list(context: &Context, runtime: &Runtime) -> Result<Vec<Shown>, RpcError> {
    let urls = Urls::of(context, runtime)?;
    let now = context.clock.now();
    let rows = context
        .store
        .reader()
        .read(|view| {
            store::webhooks::list(view)?
                .into_iter()
                .map(|row| gather(view, row, now))
                .collect::<Result<Vec<_>, _>>()
        })
        .map_err(|e| store_error(&e))?;
    Ok(rows.into_iter().map(|gathered| shown(context, gathered, &urls)).collect())
}

/// One webhook as its card shows it.
pub(crate) fn one(context: &Context, runtime: &Runtime, id: &WebhookId) -> Result<Shown, RpcError> {
    let urls = Urls::of(context, runtime)?;
    let now = context.clock.now();
    let gathered = context
        .store
        .reader()
        .read(|view| store::webhooks::get(view, id)?.map(|row| gather(view, row, now)).transpose())
        .map_err(|e| store_error(&e))?
        .ok_or_else(|| RpcError::not_found("webhook", id.as_str()))?;
    Ok(shown(context, gathered, &urls))
}

pub(crate) fn id_of(text: &str) -> Result<WebhookId, RpcError> {
    WebhookId::parse(text).map_err(|_| RpcError::not_found("webhook", text))
}

/// The row of a webhook.
pub(crate) fn row_of(context: &Context, text: &str) -> Result<WebhookRow, RpcError> {
    let id = id_of(text)?;
    let row =
        context.store.reader().read(|view| store::webhooks::get(view, &id)).map_err(|e| store_error(&e))?;
    row.ok_or_else(|| RpcError::not_found("webhook", text))
}

struct Gathered {
    row: WebhookRow,
    last: Option<LastSignal>,
    counts: store::counts::SignalCounts,
    recent: usize,
    silent: bool,
    drift: Vec<Drift>,
}

fn gather(view: &View, row: WebhookRow, now: Timestamp) -> Result<Gathered, StoreError> {
    let filter = SignalFilter { webhook: Some(row.webhook.id.clone()), ..SignalFilter::default() };
    let newest = store::signals::list(view, &filter, None, METER_ROWS)?.signals;
    let since = now.plus_micros(-METER_US);
    let alerts = || newest.iter().filter(|s| is_alert(s));
    let recent = alerts().filter(|s| s.received_at >= since).count();
    let silent = silence::is_silent(&row.webhook, alerts().next().map(|s| s.received_at), now);
    let last = newest.first().map(|s| LastSignal {
        id: s.id.to_string(),
        at: s.received_at.to_string(),
        status: s.status.as_str().to_owned(),
    });
    let counts = store::counts::of_webhook(view, &row.webhook.id)?;
    let drift = drift::of_webhook(view, &row.webhook)?.into_iter().map(drift::shown).collect();
    Ok(Gathered { row, last, counts, recent, silent, drift })
}

/// Whether a signal came from outside, and not from the user's own hand.
pub(crate) fn is_alert(signal: &store::signals::SignalRow) -> bool {
    signal.replay_of.is_none() && !signal.test && signal.source != super::resync::SOURCE
}

fn shown(context: &Context, gathered: Gathered, urls: &Urls) -> Shown {
    let Gathered { row, last, counts, recent, silent, drift } = gathered;
    let w = row.webhook;
    let expired = w.token_expires_at.is_some_and(|at| at <= context.clock.now());
    let state = match (w.paused, expired) {
        (true, _) => "paused",
        (false, true) => "expired",
        (false, false) => "active",
    };
    let path = url_path(&w.id, "<token>");
    let kept = Kept::of(&w.settings);
    let sealed = context.vault.home() == vault::Home::Keychain && kept.sealed;
    Shown {
        id: w.id.to_string(),
        name: w.name,
        description: w.description,
        mode: w.mode.as_str().to_owned(),
        strategy_id: w.strategy_id,
        account_id: w.account_id.to_string(),
        dialect: w.dialect.map(|d| d.as_str().to_owned()),
        sizing: w.sizing.map(|s| s.to_string()),
        sell_mode: w.sell_mode.as_str().to_owned(),
        symbol: w.symbol.map(|s| s.to_string()),
        default_side: w.default_side.map(|s| s.as_str().to_owned()),
        units: kept.units,
        symbol_map: kept.symbol_map,
        allow_ips: split(&w.allow_list),
        rate: w.rate,
        dedupe_ms: w.dedupe_ms,
        hold_ms: w.hold_ms,
        max_lag_s: w.max_lag_s,
        delay_s: w.delay_s,
        remind_after_s: w.remind_after_s,
        token_preview: w.token_preview,
        token_expires_at: w.token_expires_at.map(|t| t.to_string()),
        token_sealed: sealed,
        state: state.to_owned(),
        paused: w.paused,
        reduce_only: w.reduce_only,
        created_at: w.created_at.to_string(),
        local_url: Urls::with(urls.local.as_ref(), &path),
        public_url: Urls::with(urls.public.as_ref(), &path),
        url_path: path,
        last_signal: last,
        counts: counts_of(counts),
        recent_3min: i64::try_from(recent).unwrap_or(i64::MAX),
        recent_warning: recent >= METER_WARNS,
        silent,
        drift,
    }
}

/// Where the listener is reached, on this machine and from the internet.
struct Urls {
    local: Option<String>,
    public: Option<String>,
}

impl Urls {
    fn of(context: &Context, runtime: &Runtime) -> Result<Self, RpcError> {
        let local = context.local_url().map_err(|e| store_error(&e))?;
        let public = now::public_url(context, &runtime.tunnel).map_err(|e| store_error(&e))?;
        Ok(Self { local, public })
    }

    fn with(base: Option<&String>, path: &str) -> Option<String> {
        base.map(|base| format!("{base}{path}"))
    }
}

/// The path of a webhook's URL with `token` in its place.
pub(crate) fn url_path(id: &WebhookId, token: &str) -> String {
    format!("/webhooks/tradingview/{id}/{token}")
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn create(
    context: &Arc<Context>,
    runtime: &Runtime,
    new: &NewWebhook,
) -> Result<WebhookCreated, RpcError> {
    let now = context.clock.now();
    let id = random::webhook_id();
    let token = Token::generate(&id, &mut random::fill).ok_or_else(RpcError::internal)?;
    let mut webhook = Webhook {
        id: id.clone(),
        name: name(&new.name)?,
        description: String::new(),
        mode: WebhookMode::Direct,
        strategy_id: None,
        account_id: first_account(context)?,
        dialect: None,
        sizing: None,
        sell_mode: SellMode::default(),
        symbol: None,
        default_side: None,
        settings: Kept::default().text(),
        digest: *context.vault.key().digest(token.expose()).as_bytes(),
        token_preview: token.preview(),
        token_expires_at: None,
        signing_generation: 1,
        paused: false,
        reduce_only: false,
        allow_list: String::new(),
        rate: RATE.to_owned(),
        dedupe_ms: paper::duplicate::WINDOW_MS_DEFAULT,
        hold_ms: None,
        max_lag_s: None,
        delay_s: None,
        remind_after_s: None,
        position: now.as_micros(),
        created_at: now,
        updated_at: now,
    };
    settings::apply(context, &mut webhook, &new.settings)?;
    note_sealed(context, &mut webhook, &token);
    let max = u32::try_from(context.settings().whole("limits.max_webhooks")).unwrap_or(u32::MAX);
    let row = webhook.clone();
    let inserted =
        context.store.writer().run(move |tx| insert(tx, &row, max)).map_err(|e| store_error(&e))?;
    if !inserted {
        forget_sealed(context, &id);
        let text = format!(
            "There are {max} webhooks already, as many as allowed. Delete one, or raise limits.max_webhooks in the settings."
        );
        return Err(RpcError::new("TOO_MANY_WEBHOOKS", text));
    }
    context.directory.reload().map_err(|e| store_error(&e))?;
    created(context, runtime, &webhook, &token)
}

fn insert(tx: &Tx, webhook: &Webhook, max: u32) -> Result<bool, StoreError> {
    if store::webhooks::count(tx)? >= max {
        return Ok(false);
    }
    store::webhooks::insert(tx, webhook, &config_text(webhook)).map(|_| true)
}

fn first_account(context: &Context) -> Result<AccountId, RpcError> {
    let all = context.store.reader().read(store::accounts::list).map_err(|e| store_error(&e))?;
    let first = all.into_iter().find(|a| a.archived_at.is_none());
    first.map(|a| a.id).ok_or_else(|| RpcError::not_found("account", "default"))
}

/// The answer that shows the secrets, the only time.
fn created(
    context: &Context,
    runtime: &Runtime,
    webhook: &Webhook,
    token: &Token,
) -> Result<WebhookCreated, RpcError> {
    let shown = one(context, runtime, &webhook.id)?;
    let signing = SigningKey::derive(context.vault.key(), &webhook.id, webhook.signing_generation);
    let path = url_path(&webhook.id, token.expose());
    let urls = Urls::of(context, runtime)?;
    Ok(WebhookCreated {
        webhook: shown,
        token: token.expose().to_owned(),
        local_url: Urls::with(urls.local.as_ref(), &path),
        public_url: Urls::with(urls.public.as_ref(), &path),
        url_path: path,
        signing_secret: signing.secret().expose().to_owned(),
    })
}

/// Seals the token where there is a keychain and the user has not said no; says whether it is sealed.
fn seal(context: &Context, token: &Token) -> bool {
    if context.vault.home() != vault::Home::Keychain
        || context.settings().text("secrets.seal_tokens") == "off"
    {
        return false;
    }
    match context.vault.seal_token(token) {
        Ok(()) => true,
        Err(error) => {
            tracing::warn!(%error, "a token could not be sealed; its URL cannot be copied later");
            false
        }
    }
}

fn forget_sealed(context: &Context, id: &WebhookId) {
    if context.vault.home() == vault::Home::Keychain
        && let Err(error) = context.vault.forget_token(id)
    {
        tracing::warn!(%error, "a sealed token could not be taken out of the keychain");
    }
}

fn note_sealed(context: &Context, webhook: &mut Webhook, token: &Token) {
    let sealed = seal(context, token);
    webhook.settings = Kept { sealed, ..Kept::of(&webhook.settings) }.text();
}

/// What `signal show` says of the webhook at the time of a signal; no digest, no token.
pub(crate) fn config_text(w: &Webhook) -> String {
    let kept = Kept::of(&w.settings);
    json(&serde_json::json!({
        "name": w.name,
        "mode": w.mode.as_str(),
        "strategy_id": w.strategy_id,
        "account_id": w.account_id.as_str(),
        "dialect": w.dialect.map(DialectName::as_str),
        "sizing": w.sizing.map(|s| s.to_string()),
        "sell_mode": w.sell_mode.as_str(),
        "symbol": w.symbol.as_ref().map(Symbol::as_str),
        "default_side": w.default_side.map(Side::as_str),
        "units": kept.units,
        "symbol_map": kept.symbol_map,
        "allow_ips": split(&w.allow_list),
        "rate": w.rate,
        "reduce_only": w.reduce_only,
        "dedupe_ms": w.dedupe_ms,
        "hold_ms": w.hold_ms,
        "max_lag_s": w.max_lag_s,
        "delay_s": w.delay_s,
        "remind_after_s": w.remind_after_s,
        "token_preview": w.token_preview,
    }))
}

pub(crate) fn edit(context: &Context, runtime: &Runtime, patch: &WebhookPatch) -> Result<Shown, RpcError> {
    let mut webhook = row_of(context, &patch.id)?.webhook;
    if let Some(text) = &patch.name {
        webhook.name = name(text)?;
    }
    settings::apply(context, &mut webhook, &patch.settings)?;
    update(context, webhook.clone())?;
    one(context, runtime, &webhook.id)
}

fn update(context: &Context, mut webhook: Webhook) -> Result<(), RpcError> {
    webhook.updated_at = context.clock.now();
    let config = config_text(&webhook);
    let write = move |tx: &Tx| store::webhooks::update(tx, &webhook, &config).map(|_| ());
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e)).map(|_| ())
}

pub(crate) fn pause(
    context: &Context,
    runtime: &Runtime,
    which: &WebhookRef,
    paused: bool,
) -> Result<Shown, RpcError> {
    let id = id_of(&which.id)?;
    let (row, at) = (id.clone(), context.clock.now());
    let write = move |tx: &Tx| store::webhooks::set_paused(tx, &row, paused, at);
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e))?;
    one(context, runtime, &id)
}

/// A new token and signing secret; the old ones are dead from the next request on.
pub(crate) fn rotate(
    context: &Context,
    runtime: &Runtime,
    which: &WebhookRef,
) -> Result<WebhookCreated, RpcError> {
    let mut webhook = row_of(context, &which.id)?.webhook;
    let token = Token::generate(&webhook.id, &mut random::fill).ok_or_else(RpcError::internal)?;
    webhook.digest = *context.vault.key().digest(token.expose()).as_bytes();
    webhook.token_preview = token.preview();
    webhook.signing_generation = webhook.signing_generation.saturating_add(1);
    note_sealed(context, &mut webhook, &token);
    let expired = webhook.token_expires_at.is_some_and(|at| at <= context.clock.now());
    if expired {
        webhook.token_expires_at = None;
    }
    update(context, webhook.clone())?;
    created(context, runtime, &webhook, &token)
}

/// Deletes a webhook with its signals; what it traded stays in the account.
pub(crate) fn delete(context: &Context, which: WebhookRef) -> Result<WebhookRef, RpcError> {
    let id = id_of(&which.id)?;
    let (row, at) = (id.clone(), context.clock.now());
    let write = move |tx: &Tx| store::webhooks::mark_deleted(tx, &row, at);
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e))?;
    forget_sealed(context, &id);
    // The rest of a long history is removed by the worker's chores, or by the next start.
    chores::remove(context, &id, 5).map_err(|e| store_error(&e))?;
    Ok(which)
}
