//! The tunnel as the window and the command line ask for it.

use super::{Runtime, store_error};
use crate::context::Context;
use crate::wire::{
    NewTunnelToken, RpcError, SleepGuard, Timeline, TimelineQuery, TunnelLevel, TunnelQuota, TunnelReplies,
    TunnelState, TunnelStatus, TunnelTest, TunnelToken,
};
use vault::{Secret, VaultError};

/// The name of the authtoken in the keychain.
const TOKEN_NAME: &str = "ngrok-authtoken";
/// The variable that gives an authtoken where there is no keychain; it wins over the keychain.
const TOKEN_VARIABLE: &str = "NGROK_AUTHTOKEN";
/// The longest text that is taken for an authtoken, in characters.
const TOKEN_MAX: usize = 200;
/// How long a token must be before its last four characters are shown.
const HINT_FROM: usize = 20;
/// What TradingView waits for an answer, in microseconds.
const REPLY_LIMIT_US: i64 = 3_000_000;

/// Where the tunnel stands and what is known about it.
///
/// # Errors
/// The database's own.
pub(crate) fn status(context: &Context, runtime: &Runtime) -> Result<TunnelStatus, RpcError> {
    let settings = context.reload_settings().map_err(|e| store_error(&e))?;
    let limit = Some(settings.whole("tunnel.monthly_requests")).filter(|n| *n > 0);
    let now = context.clock.now().to_string();
    let domain = Some(settings.text("tunnel.domain").to_owned()).filter(|d| !d.is_empty());
    Ok(TunnelStatus {
        mode: settings.text("tunnel.mode").to_owned(),
        state: TunnelState::Off,
        reason: None,
        public_url: None,
        domain,
        since: now.clone(),
        attempts: 0,
        retry_at: None,
        elsewhere: false,
        token: token_shown(context),
        only_tradingview: settings.text("tunnel.only_tradingview") == "on",
        quota: TunnelQuota {
            month: now.chars().take(7).collect(),
            requests: 0,
            limit: limit.and_then(|n| i64::try_from(n).ok()),
            expected: 0,
            level: TunnelLevel::Ok,
            sentence: "No requests have come through the tunnel this month.".to_owned(),
        },
        replies: replies(runtime),
        last_test: None,
        address_change: None,
        sleep: SleepGuard { wanted: settings.text("tunnel.prevent_sleep") == "on", held: false, error: None },
    })
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

/// The authtoken in force, and whether the environment gave it.
pub(crate) fn token(context: &Context) -> Result<Option<(Secret, &'static str)>, VaultError> {
    let given = std::env::var(TOKEN_VARIABLE).ok().map(|text| text.trim().to_owned());
    if let Some(text) = given.filter(|text| !text.is_empty()) {
        return Ok(Some((Secret::new(text), "environment")));
    }
    Ok(context.vault.named(TOKEN_NAME)?.map(|secret| (secret, "keychain")))
}

fn token_shown(context: &Context) -> TunnelToken {
    let found = token(context).unwrap_or_else(|error| {
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

/// The refusal of what needs a tunnel that is wanted.
fn off() -> RpcError {
    RpcError::new("TUNNEL_OFF", "No tunnel runs, so there is no public address to try.")
}

/// Connects anew at once.
///
/// # Errors
/// `TUNNEL_OFF` when no tunnel is wanted.
pub(crate) fn reconnect() -> Result<TunnelStatus, RpcError> {
    Err(off())
}

/// Follows a request from the internet to the queue.
///
/// # Errors
/// `TUNNEL_OFF` when there is no public address.
pub(crate) fn test() -> Result<TunnelTest, RpcError> {
    Err(off())
}

/// What the tunnel went through, newest first.
///
/// # Errors
/// `INVALID_FIELD` for the query.
pub(crate) fn timeline(query: &TimelineQuery) -> Result<Timeline, RpcError> {
    let limit = query.limit.unwrap_or(100);
    if !(1..=500).contains(&limit) {
        return Err(RpcError::invalid("limit", "The limit must be from 1 to 500."));
    }
    Ok(Timeline { rows: Vec::new(), gaps: Vec::new(), next: None })
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
