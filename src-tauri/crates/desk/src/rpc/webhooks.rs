//! Webhooks: made, changed, paused, given a new token, deleted.

use super::{name, status::counts_of, store_error};
use crate::context::Context;
use crate::directory::{network, rate};
use crate::intake::json;
use crate::wire::{
    LastSignal, NewWebhook, RpcError, Webhook as Shown, WebhookCreated, WebhookPatch, WebhookRef,
};
use crate::{chores, random};
use domain::{AccountId, DialectName, SellMode, Side, Sizing, Symbol, Timestamp, WebhookId};
use std::sync::Arc;
use store::signals::SignalFilter;
use store::webhooks::{Webhook, WebhookMode, WebhookRow};
use store::{StoreError, Tx, View};
use vault::{SigningKey, Token};

/// The rate of a webhook that names none.
const RATE: &str = "30/min,10/s";
/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 500;
/// The most entries of an allow-list.
const ALLOW_MAX: usize = 64;
/// TradingView's own meter, in microseconds: it stops an alert after 15 in this time.
const METER_US: i64 = 180 * 1_000_000;

pub(crate) fn list(context: &Context) -> Result<Vec<Shown>, RpcError> {
    let url = context.local_url().map_err(|e| store_error(&e))?;
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
    Ok(rows.into_iter().map(|gathered| shown(context, gathered, url.as_deref())).collect())
}

/// One webhook as its card shows it.
pub(crate) fn one(context: &Context, id: &WebhookId) -> Result<Shown, RpcError> {
    let url = context.local_url().map_err(|e| store_error(&e))?;
    let now = context.clock.now();
    let gathered = context
        .store
        .reader()
        .read(|view| store::webhooks::get(view, id)?.map(|row| gather(view, row, now)).transpose())
        .map_err(|e| store_error(&e))?
        .ok_or_else(|| RpcError::not_found("webhook", id.as_str()))?;
    Ok(shown(context, gathered, url.as_deref()))
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
    recent: i64,
}

fn gather(view: &View, row: WebhookRow, now: Timestamp) -> Result<Gathered, StoreError> {
    let filter = SignalFilter { webhook: Some(row.webhook.id.clone()), ..SignalFilter::default() };
    let newest = store::signals::list(view, &filter, None, 60)?.signals;
    let since = now.plus_micros(-METER_US);
    let recent = newest.iter().filter(|s| s.received_at >= since && s.replay_of.is_none()).count();
    let last = newest.first().map(|s| LastSignal {
        id: s.id.to_string(),
        at: s.received_at.to_string(),
        status: s.status.as_str().to_owned(),
    });
    let counts = store::counts::of_webhook(view, &row.webhook.id)?;
    Ok(Gathered { row, last, counts, recent: i64::try_from(recent).unwrap_or(i64::MAX) })
}

fn shown(context: &Context, gathered: Gathered, local_url: Option<&str>) -> Shown {
    let Gathered { row, last, counts, recent } = gathered;
    let w = row.webhook;
    let expired = w.token_expires_at.is_some_and(|at| at <= context.clock.now());
    let state = match (w.paused, expired) {
        (true, _) => "paused",
        (false, true) => "expired",
        (false, false) => "active",
    };
    let path = url_path(&w.id, "<token>");
    let sealed = context.vault.home() == vault::Home::Keychain && w.settings.contains("\"sealed\":true");
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
        allow_ips: split(&w.allow_list),
        rate: w.rate,
        dedupe_ms: w.dedupe_ms,
        hold_ms: (w.hold_ms > 0).then_some(w.hold_ms),
        max_lag_s: w.max_lag_s,
        delay_s: w.delay_s,
        token_preview: w.token_preview,
        token_expires_at: w.token_expires_at.map(|t| t.to_string()),
        token_sealed: sealed,
        state: state.to_owned(),
        paused: w.paused,
        created_at: w.created_at.to_string(),
        local_url: local_url.map(|url| format!("{url}{path}")),
        public_url: None,
        url_path: path,
        last_signal: last,
        counts: counts_of(counts),
        recent_3min: recent,
    }
}

/// The path of a webhook's URL with `token` in its place.
pub(crate) fn url_path(id: &WebhookId, token: &str) -> String {
    format!("/webhooks/tradingview/{id}/{token}")
}

fn split(list: &str) -> Vec<String> {
    list.split(',').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn create(context: &Arc<Context>, new: &NewWebhook) -> Result<WebhookCreated, RpcError> {
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
        settings: settings_text(false),
        digest: *context.vault.key().digest(token.expose()).as_bytes(),
        token_preview: token.preview(),
        token_expires_at: None,
        signing_generation: 1,
        paused: false,
        allow_list: String::new(),
        rate: RATE.to_owned(),
        dedupe_ms: paper::duplicate::WINDOW_MS_DEFAULT,
        hold_ms: 0,
        max_lag_s: None,
        delay_s: None,
        position: now.as_micros(),
        created_at: now,
        updated_at: now,
    };
    apply(context, &mut webhook, &patch_of(new))?;
    webhook.settings = settings_text(seal(context, &token));
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
    created(context, &webhook, &token)
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
fn created(context: &Context, webhook: &Webhook, token: &Token) -> Result<WebhookCreated, RpcError> {
    let shown = one(context, &webhook.id)?;
    let signing = SigningKey::derive(context.vault.key(), &webhook.id, webhook.signing_generation);
    let path = url_path(&webhook.id, token.expose());
    let local = context.local_url().map_err(|e| store_error(&e))?;
    Ok(WebhookCreated {
        webhook: shown,
        token: token.expose().to_owned(),
        local_url: local.map(|url| format!("{url}{path}")),
        url_path: path,
        signing_secret: signing.secret().expose().to_owned(),
        public_url: None,
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

fn settings_text(sealed: bool) -> String {
    json(&std::collections::BTreeMap::from([("sealed", sealed)]))
}

/// What `signal show` says of the webhook at the time of a signal; no digest, no token.
pub(crate) fn config_text(w: &Webhook) -> String {
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
        "allow_ips": split(&w.allow_list),
        "rate": w.rate,
        "dedupe_ms": w.dedupe_ms,
        "hold_ms": w.hold_ms,
        "max_lag_s": w.max_lag_s,
        "delay_s": w.delay_s,
        "token_preview": w.token_preview,
    }))
}

fn patch_of(new: &NewWebhook) -> WebhookPatch {
    let NewWebhook {
        name: _, description, mode, strategy_id, account_id, dialect, sizing, sell_mode, ..
    } = new.clone();
    WebhookPatch {
        description,
        mode,
        strategy_id,
        account_id,
        dialect,
        sizing,
        sell_mode,
        symbol: new.symbol.clone(),
        default_side: new.default_side.clone(),
        allow_ips: new.allow_ips.clone(),
        rate: new.rate.clone(),
        dedupe_ms: new.dedupe_ms,
        hold_ms: new.hold_ms,
        max_lag_s: new.max_lag_s,
        delay_s: new.delay_s,
        token_expires_at: new.token_expires_at.clone(),
        ..WebhookPatch::default()
    }
}

pub(crate) fn edit(context: &Context, patch: &WebhookPatch) -> Result<Shown, RpcError> {
    let mut webhook = row_of(context, &patch.id)?.webhook;
    if let Some(text) = &patch.name {
        webhook.name = name(text)?;
    }
    apply(context, &mut webhook, patch)?;
    update(context, webhook.clone())?;
    one(context, &webhook.id)
}

fn update(context: &Context, mut webhook: Webhook) -> Result<(), RpcError> {
    webhook.updated_at = context.clock.now();
    let config = config_text(&webhook);
    let write = move |tx: &Tx| store::webhooks::update(tx, &webhook, &config).map(|_| ());
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e)).map(|_| ())
}

/// Applies what a patch names; an empty text clears.
fn apply(context: &Context, w: &mut Webhook, patch: &WebhookPatch) -> Result<(), RpcError> {
    if let Some(text) = &patch.description {
        if text.chars().count() > DESCRIPTION_MAX {
            return Err(RpcError::invalid("description", "The description may have 500 characters at most."));
        }
        w.description.clone_from(text);
    }
    match patch.mode.as_deref() {
        None | Some("direct") => {}
        Some("pipeline") => {
            return Err(RpcError::invalid(
                "mode",
                "There are no strategies yet, so the mode must be direct.",
            ));
        }
        Some(_) => return Err(RpcError::invalid("mode", "The mode must be direct or pipeline.")),
    }
    if let Some(text) = &patch.account_id {
        w.account_id = account(context, text)?;
    }
    let unknown_dialect = || {
        let names: Vec<&str> = DialectName::ALL.iter().map(|d| d.as_str()).collect();
        format!("The dialect must be one of {}.", names.join(", "))
    };
    set(&mut w.dialect, patch.dialect.as_deref(), "dialect", |t| {
        DialectName::parse(t).ok_or_else(unknown_dialect)
    })?;
    set(&mut w.sizing, patch.sizing.as_deref(), "sizing", |t| {
        Sizing::parse(t).map_err(|e| format!("The {e}."))
    })?;
    if let Some(text) = &patch.sell_mode {
        let wanted = || RpcError::invalid("sell_mode", "The sell mode must be directional, flip or target.");
        w.sell_mode = SellMode::parse(text).ok_or_else(wanted)?;
    }
    let symbol = |t: &str| Symbol::new(&t.trim().to_uppercase()).map_err(|e| format!("{e}."));
    set(&mut w.symbol, patch.symbol.as_deref(), "symbol", symbol)?;
    let side = |t: &str| Side::parse(t).ok_or_else(|| "The side must be long or short.".to_owned());
    set(&mut w.default_side, patch.default_side.as_deref(), "default_side", side)?;
    if let Some(entries) = &patch.allow_ips {
        w.allow_list = allow_list(entries)?;
    }
    if let Some(text) = &patch.rate {
        let wanted = || RpcError::invalid("rate", "The rate must be like 30/min or 30/min,10/s, or off.");
        w.rate = rate(text).map(|_| text.trim().to_owned()).ok_or_else(wanted)?;
    }
    times(w, patch)
}

fn times(w: &mut Webhook, patch: &WebhookPatch) -> Result<(), RpcError> {
    let bounded = |value: u32, field: &str, max: u32| {
        let text = || format!("{field} may be {max} at most.");
        if value <= max { Ok(value) } else { Err(RpcError::invalid(field, text())) }
    };
    if let Some(value) = patch.dedupe_ms {
        w.dedupe_ms = bounded(value, "dedupe_ms", 86_400_000)?;
    }
    let not_yet = |value: Option<u32>, field: &str, what: &str| match value {
        None | Some(0) => Ok(()),
        Some(_) => {
            Err(RpcError::invalid(field, format!("This version cannot {what} signals yet; leave it at 0.")))
        }
    };
    not_yet(patch.hold_ms, "hold_ms", "hold")?;
    not_yet(patch.delay_s, "delay_s", "delay")?;
    let optional = |value: u32| (value > 0).then_some(value);
    if let Some(value) = patch.max_lag_s {
        w.max_lag_s = optional(bounded(value, "max_lag_s", 86_400)?);
    }
    let time = |t: &str| Timestamp::parse(t).map_err(|e| format!("{e}."));
    set(&mut w.token_expires_at, patch.token_expires_at.as_deref(), "token_expires_at", time)
}

/// Sets an optional part: nothing named leaves it, an empty text clears it.
fn set<T>(
    part: &mut Option<T>,
    text: Option<&str>,
    field: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<(), RpcError> {
    match text {
        None => {}
        Some("") => *part = None,
        Some(text) => *part = Some(parse(text).map_err(|e| RpcError::invalid(field, e))?),
    }
    Ok(())
}

fn account(context: &Context, text: &str) -> Result<AccountId, RpcError> {
    let missing = || RpcError::invalid("account_id", format!("There is no account {text:?}."));
    let id = AccountId::parse(text).map_err(|_| missing())?;
    let found =
        context.store.reader().read(|view| store::accounts::get(view, &id)).map_err(|e| store_error(&e))?;
    found.filter(|a| a.archived_at.is_none()).map(|a| a.id).ok_or_else(missing)
}

fn allow_list(entries: &[String]) -> Result<String, RpcError> {
    let mut networks: Vec<String> = Vec::new();
    let named = entries.iter().flat_map(|e| e.split(',')).map(str::trim).filter(|e| !e.is_empty());
    for entry in named {
        let expanded = if entry.eq_ignore_ascii_case("tradingview") {
            webhook::TRADINGVIEW_ADDRESSES.iter().map(ToString::to_string).collect()
        } else {
            vec![entry.to_owned()]
        };
        for text in &expanded {
            let found = network(text).map_err(|e| RpcError::invalid("allow_ips", format!("{e}.")))?;
            let shown = found.to_string();
            let shown =
                shown.strip_suffix("/32").or_else(|| shown.strip_suffix("/128")).unwrap_or(&shown).to_owned();
            if !networks.contains(&shown) {
                networks.push(shown);
            }
        }
    }
    if networks.len() > ALLOW_MAX {
        return Err(RpcError::invalid("allow_ips", "The allow-list may have 64 entries at most."));
    }
    Ok(networks.join(","))
}

pub(crate) fn pause(context: &Context, which: &WebhookRef, paused: bool) -> Result<Shown, RpcError> {
    let id = id_of(&which.id)?;
    let (row, at) = (id.clone(), context.clock.now());
    let write = move |tx: &Tx| store::webhooks::set_paused(tx, &row, paused, at);
    context.store.writer().run(write).map_err(|e| store_error(&e))?;
    context.directory.reload().map_err(|e| store_error(&e))?;
    one(context, &id)
}

/// A new token and signing secret; the old ones are dead from the next request on.
pub(crate) fn rotate(context: &Context, which: &WebhookRef) -> Result<WebhookCreated, RpcError> {
    let mut webhook = row_of(context, &which.id)?.webhook;
    let token = Token::generate(&webhook.id, &mut random::fill).ok_or_else(RpcError::internal)?;
    webhook.digest = *context.vault.key().digest(token.expose()).as_bytes();
    webhook.token_preview = token.preview();
    webhook.signing_generation = webhook.signing_generation.saturating_add(1);
    webhook.settings = settings_text(seal(context, &token));
    let expired = webhook.token_expires_at.is_some_and(|at| at <= context.clock.now());
    if expired {
        webhook.token_expires_at = None;
    }
    update(context, webhook.clone())?;
    created(context, &webhook, &token)
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
