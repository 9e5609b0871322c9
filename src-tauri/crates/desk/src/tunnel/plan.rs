//! What is wanted of the tunnel, from the settings, the environment and the keychain.

use crate::context::Context;
use crate::settings::Settings;
use ::tunnel::{Cause, Fault, NgrokPlan, OwnUrlPlan, Plan, Timing};
use bytes::Bytes;
use std::net::IpAddr;
use std::time::Duration;
use vault::{Secret, VaultError};
use zeroize::Zeroizing;

/// The name of the authtoken in the keychain.
pub(crate) const TOKEN_NAME: &str = "ngrok-authtoken";
/// The variable that gives an authtoken where there is no keychain; it wins over the keychain.
pub(crate) const TOKEN_VARIABLE: &str = "NGROK_AUTHTOKEN";
/// The largest file of certificates, in bytes.
const ROOT_CAS_MAX: u64 = 1024 * 1024;

/// The authtoken in force, and where it comes from.
pub(crate) fn token(context: &Context) -> Result<Option<(Secret, &'static str)>, VaultError> {
    let given = std::env::var(TOKEN_VARIABLE).ok().map(|text| text.trim().to_owned());
    if let Some(text) = given.filter(|text| !text.is_empty()) {
        return Ok(Some((Secret::new(text), "environment")));
    }
    Ok(context.vault.named(TOKEN_NAME)?.map(|secret| (secret, "keychain")))
}

/// The plan. May wait for the keychain and for a file.
pub(super) fn of(context: &Context, is_wanted: bool) -> Plan {
    let settings = context.settings();
    let mode = settings.text("tunnel.mode");
    if !is_wanted {
        return Plan::Off(Fault::of(Cause::NotWanted));
    }
    let planned = match mode {
        "off" => Err(Fault::of(Cause::SwitchedOff)),
        "own-url" => own_url(&settings),
        _ => ngrok(context, &settings),
    };
    planned.unwrap_or_else(Plan::Off)
}

fn timing(settings: &Settings) -> Timing {
    Timing {
        backoff_max: Duration::from_secs(settings.whole("tunnel.backoff_max_s")),
        heartbeat: Duration::from_secs(settings.whole("tunnel.heartbeat_s").max(1)),
    }
}

fn own_url(settings: &Settings) -> Result<Plan, Fault> {
    let url = given(settings, "tunnel.own_url").ok_or_else(|| Fault::of(Cause::NoOwnUrl))?;
    let port = settings.text("tunnel.listen_port").parse().unwrap_or(8788);
    Ok(Plan::OwnUrl(OwnUrlPlan { url, port, timing: timing(settings) }))
}

fn ngrok(context: &Context, settings: &Settings) -> Result<Plan, Fault> {
    let found = token(context).map_err(|error| Fault::with(Cause::KeychainSilent, &error.to_string()))?;
    let (secret, _) = found.ok_or_else(|| Fault::of(Cause::NoAuthtoken))?;
    let only_tradingview = settings.text("tunnel.only_tradingview") == "on";
    let allow = if only_tradingview {
        webhook::TRADINGVIEW_ADDRESSES.iter().map(|a| IpAddr::V4(*a)).collect()
    } else {
        Vec::new()
    };
    Ok(Plan::Ngrok(NgrokPlan {
        authtoken: Zeroizing::new(secret.expose().to_owned()),
        domain: given(settings, "tunnel.domain"),
        server_addr: given(settings, "tunnel.server_addr"),
        root_cas: root_cas(settings)?,
        allow,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        timing: timing(settings),
    }))
}

/// The certificates of `tunnel.root_cas`; nothing where none is named.
pub(super) fn root_cas(settings: &Settings) -> Result<Option<Bytes>, Fault> {
    let Some(path) = given(settings, "tunnel.root_cas") else { return Ok(None) };
    let unusable = |error: &dyn std::fmt::Display| Fault::with(Cause::RootCas, &format!("{path}: {error}"));
    let size = std::fs::metadata(&path).map_err(|e| unusable(&e))?.len();
    if size > ROOT_CAS_MAX {
        return Err(unusable(&"it is larger than 1 MiB"));
    }
    std::fs::read(&path).map(|bytes| Some(Bytes::from(bytes))).map_err(|e| unusable(&e))
}

fn given(settings: &Settings, key: &str) -> Option<String> {
    Some(settings.text(key).to_owned()).filter(|text| !text.is_empty())
}
