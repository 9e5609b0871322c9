//! The tunnel as the window and the command line ask for it.

mod timeline;

pub(crate) use timeline::timeline;

use super::{Runtime, store_error};
use crate::context::Context;
use crate::settings::Settings;
use crate::tunnel::now::{self, SLEEP, Seen, SleepSeen};
use crate::tunnel::plan::TOKEN_NAME;
use crate::tunnel::quota::{self, Counted};
use crate::tunnel::{address, plan, reason_of, selftest, upkeep};
use crate::wire::{
    NewTunnelToken, RpcError, TunnelQuota, TunnelReplies, TunnelState, TunnelStatus, TunnelTest, TunnelToken,
};
use ::tunnel::{Cause, Fault, Wish};
use domain::Timestamp;
use store::StoreError;
use vault::{Secret, VaultError};

/// The longest text that is taken for an authtoken, in characters.
const TOKEN_MAX: usize = 200;
/// How long a token must be before its last four characters are shown.
const HINT_FROM: usize = 20;
/// What TradingView waits for an answer, in microseconds.
const REPLY_LIMIT_US: i64 = 3_000_000;
/// A day in microseconds.
const DAY_US: i64 = 86_400 * 1_000_000;

/// Where the tunnel stands and what is known about it.
///
/// # Errors
/// The database's own.
pub(crate) fn status(context: &Context, runtime: &Runtime) -> Result<TunnelStatus, RpcError> {
    let settings = context.reload_settings().map_err(|e| store_error(&e))?;
    assembled(context, runtime, &settings).map_err(|e| store_error(&e))
}

fn assembled(context: &Context, runtime: &Runtime, settings: &Settings) -> Result<TunnelStatus, StoreError> {
    let own = runtime.tunnel.seen();
    let elsewhere = if own.is_none() { now::elsewhere(context)? } else { None };
    let is_elsewhere = elsewhere.is_some();
    let sleep = if is_elsewhere { sleep_elsewhere(context)? } else { runtime.tunnel.sleep() };
    let seen = match own.or(elsewhere) {
        Some(seen) => seen,
        None => nobody(context, settings)?,
    };
    let domain = Some(settings.text("tunnel.domain").to_owned()).filter(|d| !d.is_empty());
    Ok(TunnelStatus {
        mode: settings.text("tunnel.mode").to_owned(),
        state: seen.state,
        reason: seen.reason,
        public_url: seen.public_url,
        domain,
        since: seen.since,
        attempts: seen.attempts,
        retry_at: seen.retry_at,
        elsewhere: is_elsewhere,
        token: token_shown(context),
        only_tradingview: settings.text("tunnel.only_tradingview") == "on",
        quota: counted(context, settings)?,
        replies: replies(runtime),
        last_test: selftest::last(context)?,
        address_change: address::shown(context)?,
        sleep: sleep.shown(settings.text("tunnel.prevent_sleep") == "on"),
    })
}

/// No process has a tunnel: off, because it is wanted so or because nothing runs.
fn nobody(context: &Context, settings: &Settings) -> Result<Seen, StoreError> {
    let newest = context.store.reader().read(|view| store::tunnel::page(view, None, 1))?.into_iter().next();
    let since = newest.map_or_else(|| context.clock.now(), |row| row.at);
    let is_off = settings.text("tunnel.mode") == "off";
    let cause = if is_off { Cause::SwitchedOff } else { Cause::NotRunning };
    Ok(Seen {
        state: TunnelState::Off,
        reason: Some(reason_of(&Fault::of(cause))),
        public_url: None,
        since: since.to_string(),
        attempts: 0,
        retry_at: None,
    })
}

fn sleep_elsewhere(context: &Context) -> Result<SleepSeen, StoreError> {
    let text = context.store.reader().read(|view| store::tunnel::fact(view, SLEEP))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Requests of this month against what the plan allows.
fn counted(context: &Context, settings: &Settings) -> Result<TunnelQuota, StoreError> {
    let now = context.clock.now();
    let day = |at: Timestamp| at.to_string().chars().take(10).collect::<String>();
    let today = day(now);
    let month: String = today.chars().take(7).collect();
    let (first, week_ago) = (format!("{month}-01"), day(now.plus_micros(-6 * DAY_US)));
    let (requests, week) = context.store.reader().read(|view| {
        let requests = store::tunnel::requests_since(view, &first)?;
        Ok((requests, store::tunnel::requests_since(view, &week_ago)?))
    })?;
    let date: Option<jiff::civil::Date> = today.parse().ok();
    let days_left = date.map_or(0, |d| i64::from(d.days_in_month()) - i64::from(d.day()));
    let limit = i64::try_from(settings.whole("tunnel.monthly_requests")).ok().filter(|n| *n > 0);
    let limit = limit.filter(|_| settings.text("tunnel.mode") == "ngrok");
    Ok(quota::of(Counted { month, requests, week, days_left, limit }))
}

fn replies(runtime: &Runtime) -> TunnelReplies {
    let times = runtime.reply_times().filter(|q| q.count > 0);
    let whole = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    TunnelReplies {
        count: times.map_or(0, |q| whole(q.count)),
        p50_us: times.map(|q| whole(q.p50_us)),
        p99_us: times.map(|q| whole(q.p99_us)),
        limit_us: REPLY_LIMIT_US,
    }
}

fn token_shown(context: &Context) -> TunnelToken {
    let found = plan::token(context).unwrap_or_else(|error| {
        tracing::warn!(%error, "the keychain did not give the authtoken");
        None
    });
    TunnelToken {
        present: found.is_some(),
        hint: found.as_ref().and_then(|(secret, _)| hint(secret.expose())),
        source: found.map(|(_, source)| source.to_owned()),
        can_be_kept: context.vault.home() == vault::Home::Keychain,
    }
}

/// What may be seen of a token: its end, where that says little.
fn hint(token: &str) -> Option<String> {
    let length = token.chars().count();
    (length >= HINT_FROM).then(|| format!("…{}", token.chars().skip(length - 4).collect::<String>()))
}

/// Keeps an authtoken in the keychain.
///
/// # Errors
/// `INVALID_FIELD` for what is no token, `NO_KEYCHAIN` where there is nothing to keep it in, and the keychain's own.
pub(crate) fn set_token(
    context: &Context,
    runtime: &Runtime,
    new: NewTunnelToken,
) -> Result<TunnelStatus, RpcError> {
    let token = Secret::new(new.token);
    let text = token.expose().trim();
    let is_word = |c: char| c.is_ascii_graphic();
    if text.is_empty() || text.len() > TOKEN_MAX || !text.chars().all(is_word) {
        return Err(RpcError::invalid(
            "token",
            "The authtoken must be the one word that dashboard.ngrok.com shows under Your Authtoken.",
        ));
    }
    context.vault.keep(TOKEN_NAME, &Secret::new(text.to_owned())).map_err(|e| vault_error(&e))?;
    changed(context)?;
    status(context, runtime)
}

/// Forgets the authtoken of the keychain; one of the environment stays.
///
/// # Errors
/// The keychain's own.
pub(crate) fn clear_token(context: &Context, runtime: &Runtime) -> Result<TunnelStatus, RpcError> {
    context.vault.forget(TOKEN_NAME).map_err(|e| vault_error(&e))?;
    changed(context)?;
    status(context, runtime)
}

/// Tells the worker, whichever process it is, that something beside the settings has changed.
fn changed(context: &Context) -> Result<(), RpcError> {
    context.store.writer().run(store::settings::bump_generation).map_err(|e| store_error(&e))
}

fn vault_error(error: &VaultError) -> RpcError {
    match error {
        VaultError::NoKeychain => RpcError::new(
            "NO_KEYCHAIN",
            "There is no keychain to keep the authtoken in, and it is written into no file. Start Pitwire with the \
             variable NGROK_AUTHTOKEN set to it instead.",
        ),
        VaultError::Keychain(_)
        | VaultError::OtherHome { .. }
        | VaultError::KeyGone { .. }
        | VaultError::OtherKey { .. }
        | VaultError::Damaged { .. }
        | VaultError::FileOpenToOthers { .. }
        | VaultError::File { .. } => RpcError::new("KEYCHAIN_FAILED", format!("{error}.")),
    }
}

/// Connects anew at once, whichever process has the tunnel.
///
/// # Errors
/// `TUNNEL_OFF` when no tunnel is wanted anywhere.
pub(crate) fn reconnect(context: &Context, runtime: &Runtime) -> Result<TunnelStatus, RpcError> {
    let before = status(context, runtime)?;
    if before.state == TunnelState::Off {
        let reason = before.reason.map(|r| format!("{} {}", r.sentence, r.fix));
        return Err(RpcError::new("TUNNEL_OFF", reason.unwrap_or_else(|| selftest::off().error)));
    }
    if !runtime.tunnel.wish(Wish::Reconnect) {
        let wish = crate::random::command_id();
        let written = context.store.writer().run(move |tx| {
            store::tunnel::set_fact(tx, upkeep::WISH, Some(&wish))?;
            store::settings::bump_generation(tx)
        });
        written.map_err(|e| store_error(&e))?;
    }
    status(context, runtime)
}

/// Follows a request from the internet to the queue.
///
/// # Errors
/// `TUNNEL_OFF` when there is no public address.
pub(crate) fn test(context: &Context, runtime: &Runtime) -> Result<TunnelTest, RpcError> {
    context.reload_settings().map_err(|e| store_error(&e))?;
    selftest::run(context, runtime)
}

/// The changed address is known to the user.
///
/// # Errors
/// The database's own.
pub(crate) fn acknowledge(context: &Context, runtime: &Runtime) -> Result<TunnelStatus, RpcError> {
    address::acknowledge(context).map_err(|e| store_error(&e))?;
    runtime.tunnel.touch();
    status(context, runtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_shows_the_end_of_a_long_token_and_nothing_of_a_short_one() {
        for (token, expected) in [
            ("2abcDEFghiJKLmnoPQRstu_5vwXYZ", Some("…wXYZ")),
            ("12345678901234567890", Some("…7890")),
            ("1234567890123456789", None),
            ("", None),
        ] {
            assert_eq!(hint(token).as_deref(), expected, "{token}");
        }
    }
}
