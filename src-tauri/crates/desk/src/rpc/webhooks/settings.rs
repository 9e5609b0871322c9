//! What is said about a webhook, checked and applied to it: the same when it is made and when it is changed.
//!
//! Absent: the name, and everything that only Pitwire sets (token, generation, pause).

use crate::context::Context;
use crate::directory::{network, rate};
use crate::rpc::{store_error, strategies};
use crate::wire::{RpcError, WebhookSettings};
use domain::{AccountId, DialectName, SellMode, Side, Sizing, Symbol, Timestamp};
use store::webhooks::{Webhook, WebhookMode};
use webhook::Rate;

/// The longest description, in characters.
const DESCRIPTION_MAX: usize = 500;
/// The most entries of an allow-list.
const ALLOW_MAX: usize = 64;

/// Applies what a patch names; an empty text clears.
pub(super) fn apply(context: &Context, w: &mut Webhook, patch: &WebhookSettings) -> Result<(), RpcError> {
    if let Some(text) = &patch.description {
        if text.chars().count() > DESCRIPTION_MAX {
            return Err(RpcError::invalid("description", "The description may have 500 characters at most."));
        }
        w.description.clone_from(text);
    }
    mode(context, w, patch)?;
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
    let symbol = |t: &str| {
        Symbol::new(&t.trim().to_uppercase()).map_err(|e| format!("The symbol cannot be used: {e}."))
    };
    set(&mut w.symbol, patch.symbol.as_deref(), "symbol", symbol)?;
    let side = |t: &str| Side::parse(t).ok_or_else(|| "The side must be long or short.".to_owned());
    set(&mut w.default_side, patch.default_side.as_deref(), "default_side", side)?;
    if let Some(entries) = &patch.allow_ips {
        w.allow_list = allow_list(entries)?;
    }
    if let Some(text) = &patch.rate {
        w.rate = checked_rate(text)?;
    }
    times(w, patch, context.clock.now())
}

/// Direct mode asks no strategy; pipeline mode asks one that there is.
fn mode(context: &Context, w: &mut Webhook, patch: &WebhookSettings) -> Result<(), RpcError> {
    let named = patch.strategy_id.as_deref().filter(|id| !id.is_empty());
    let mode = match patch.mode.as_deref() {
        None => w.mode,
        Some(text) => WebhookMode::parse(text)
            .ok_or_else(|| RpcError::invalid("mode", "The mode must be direct or pipeline."))?,
    };
    match (mode, named) {
        (WebhookMode::Direct, Some(_)) => {
            let text = "A strategy goes with pipeline mode only: the webhook's mode is direct, which asks no strategy.";
            return Err(RpcError::invalid("strategy_id", text));
        }
        (WebhookMode::Direct, None) => w.strategy_id = None,
        (WebhookMode::Pipeline, Some(id)) => {
            w.strategy_id = Some(strategies::row_of(context, id)?.id.to_string());
        }
        (WebhookMode::Pipeline, None) if w.strategy_id.is_none() || patch.strategy_id.is_some() => {
            let text = "Pipeline mode asks a strategy: name it with strategy_id, or make one first.";
            return Err(RpcError::invalid("strategy_id", text));
        }
        (WebhookMode::Pipeline, None) => {}
    }
    w.mode = mode;
    Ok(())
}

fn checked_rate(text: &str) -> Result<String, RpcError> {
    let wanted = || RpcError::invalid("rate", "The rate must be like 30/min or 30/min,10/s, or off.");
    if let Rate::On { per_minute, per_second: Some(per_second) } = rate(text).ok_or_else(wanted)?
        && per_second > per_minute
    {
        let text = format!(
            "The rate allows {per_minute} a minute, so {per_second} in a second can never come through: raise the one or lower the other."
        );
        return Err(RpcError::invalid("rate", text));
    }
    Ok(text.trim().to_owned())
}

fn times(w: &mut Webhook, patch: &WebhookSettings, now: Timestamp) -> Result<(), RpcError> {
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
    if let Some(only) = patch.reduce_only {
        w.reduce_only = only;
    }
    let optional = |value: u32| (value > 0).then_some(value);
    if let Some(value) = patch.max_lag_s {
        w.max_lag_s = optional(bounded(value, "max_lag_s", 86_400)?);
    }
    let known = w.token_expires_at;
    let time = |t: &str| {
        let end = Timestamp::parse(t).map_err(|e| format!("The expiry is {e}."))?;
        if end > now || Some(end) == known {
            return Ok(end);
        }
        Err(format!("The expiry {end} has passed already; it is {now}. Name a later time, or none."))
    };
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
