//! The checks of `doctor`: each says what it found and, where something is wrong, what to do about it.

pub(crate) mod books;

use crate::context::Context;
use crate::rpc::Runtime;
use crate::rpc::status::outage_sentence;
use crate::wire::{CheckOutcome, DoctorCheck, ListenerState, TunnelLevel, TunnelState, VenueStatus};
use ::market::Venue;
use domain::Timestamp;
use std::collections::BTreeSet;
use std::net::TcpListener;
use vault::Home;

/// A write-ahead log above this is worth a warning, in bytes.
const WAL_WARN: u64 = 64 * 1024 * 1024;
/// A clock before this build's year is wrong: 2026-01-01T00:00:00Z in seconds.
const CLOCK_MIN_S: i64 = 1_767_225_600;

pub(crate) fn checks(context: &Context, runtime: &Runtime) -> Vec<DoctorCheck> {
    vec![
        port(context, runtime),
        database(context),
        disk(context),
        books::ledger(context),
        secrets(context),
        market(context),
        clock(context.clock.now()),
        tunnel(context, runtime),
        refused(runtime),
    ]
}

fn found(name: &str, outcome: CheckOutcome, finding: impl Into<String>, fix: Option<&str>) -> DoctorCheck {
    DoctorCheck { name: name.to_owned(), outcome, finding: finding.into(), fix: fix.map(str::to_owned) }
}

fn port(context: &Context, runtime: &Runtime) -> DoctorCheck {
    let name = "port";
    match runtime.listener() {
        ListenerState::Listening { url } => {
            return found(name, CheckOutcome::Ok, format!("listening at {url}"), None);
        }
        ListenerState::Failed { error, .. } => {
            let fix = "Choose another port: pitwire config set listen.port 8790";
            return found(name, CheckOutcome::Error, error, Some(fix));
        }
        ListenerState::Off => {}
    }
    if let Ok(Some(url)) = context.local_url() {
        return found(name, CheckOutcome::Ok, format!("another Pitwire listens at {url}"), None);
    }
    let settings = context.settings();
    let address = format!("{}:{}", settings.text("listen.bind"), settings.text("listen.port"));
    match TcpListener::bind(&address) {
        Ok(_) => found(name, CheckOutcome::Ok, format!("{address} is free"), None),
        Err(error) => {
            let fix = "Close the program that uses it, or: pitwire config set listen.port 8790";
            found(name, CheckOutcome::Warning, format!("{address} cannot be used: {error}"), Some(fix))
        }
    }
}

fn database(context: &Context) -> DoctorCheck {
    let name = "database";
    if let Err(error) = context.store.writer().run_repeatable(store::probe) {
        let fix =
            error.outage().map_or("Close what else uses the data directory and try again.", outage_sentence);
        return found(name, CheckOutcome::Error, error.to_string(), Some(fix));
    }
    match context.store.quick_check() {
        Ok(()) => found(name, CheckOutcome::Ok, format!("{} is sound", context.store.path().display()), None),
        Err(error) => {
            let fix = "Restore the newest backup: pitwire restore FILE";
            found(name, CheckOutcome::Error, error.to_string(), Some(fix))
        }
    }
}

fn disk(context: &Context) -> DoctorCheck {
    let name = "disk";
    let info = match context.store.file_info() {
        Ok(info) => info,
        Err(error) => {
            return found(
                name,
                CheckOutcome::Error,
                error.to_string(),
                Some("Check the disk of the data directory."),
            );
        }
    };
    let megabytes = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let finding = format!("database {} MB, log {} MB", megabytes(info.bytes), megabytes(info.wal_bytes));
    if info.wal_bytes > WAL_WARN {
        let fix = "A long read keeps the log from being folded in; restart Pitwire.";
        return found(name, CheckOutcome::Warning, finding, Some(fix));
    }
    found(name, CheckOutcome::Ok, finding, None)
}

fn secrets(context: &Context) -> DoctorCheck {
    let name = "keychain";
    match context.vault.home() {
        Home::Keychain => found(name, CheckOutcome::Ok, "the app key is in the system's keychain", None),
        Home::File => {
            let finding = "there is no keychain in use, so the app key is in the file app.key, readable by you alone; \
                           Copy URL cannot fill in tokens";
            let fix = "On a desktop, install and unlock a keyring (gnome-keyring or KWallet) before the first start.";
            found(name, CheckOutcome::Warning, finding, Some(fix))
        }
    }
}

/// The venues of the accounts and of pipelines, as the worker last saw them.
fn market(context: &Context) -> DoctorCheck {
    let name = "market";
    let accounts = match context.store.reader().read(store::accounts::list) {
        Ok(accounts) => accounts,
        Err(error) => {
            return found(name, CheckOutcome::Error, error.to_string(), Some("Check the database."));
        }
    };
    let open = accounts.iter().filter(|account| account.archived_at.is_none());
    let used: BTreeSet<&str> = open.map(|a| a.venue.as_str()).filter(|v| Venue::parse(v).is_some()).collect();
    let venues = crate::rpc::market::status(context).map(|market| market.venues).unwrap_or_default();
    let heard: Vec<_> = venues.iter().filter(|venue| !venue.candles.is_empty()).collect();
    if used.is_empty() && heard.is_empty() {
        return found(name, CheckOutcome::Ok, "no account is on a venue; prices come from the alerts", None);
    }
    let is_used = |venue: &VenueStatus| used.contains(venue.venue.as_str()) || !venue.candles.is_empty();
    let down = venues.iter().find(|venue| venue.state == "down" && is_used(venue));
    match down {
        Some(venue) => {
            let error = venue.error.as_deref().unwrap_or("it is down");
            found(name, CheckOutcome::Warning, format!("{}: {error}", venue.title), venue.fix.as_deref())
        }
        None => {
            let series = |venue: &&VenueStatus| format!("{} series of {}", venue.candles.len(), venue.title);
            let series: Vec<String> = heard.iter().map(series).collect();
            let names = used.into_iter().collect::<Vec<_>>().join(", ");
            let parts = [
                (!names.is_empty()).then(|| format!("accounts are on {names}")),
                (!series.is_empty()).then(|| format!("candles are heard: {}", series.join(", "))),
                Some("no trouble is known".to_owned()),
            ];
            let finding = parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
            found(name, CheckOutcome::Ok, finding, None)
        }
    }
}

fn tunnel(context: &Context, runtime: &Runtime) -> DoctorCheck {
    let name = "tunnel";
    let status = match crate::rpc::tunnel::status(context, runtime) {
        Ok(status) => status,
        Err(error) => return found(name, CheckOutcome::Error, error.error, None),
    };
    let reason = status.reason.as_ref();
    let sentence = reason.map(|r| r.sentence.clone()).unwrap_or_default();
    let fix = reason.map(|r| r.fix.as_str());
    match status.state {
        TunnelState::Online => {
            let url = status.public_url.unwrap_or_default();
            if status.quota.level == TunnelLevel::Ok {
                return found(name, CheckOutcome::Ok, format!("online at {url}"), None);
            }
            let fix = "Take a larger plan, or let TradingView send fewer alerts.";
            found(name, CheckOutcome::Warning, status.quota.sentence, Some(fix))
        }
        TunnelState::Off => {
            let is_meant = reason.is_none_or(|r| {
                matches!(r.code.as_str(), "SWITCHED_OFF" | "NOT_WANTED" | "NOT_RUNNING" | "NO_AUTHTOKEN")
            });
            let outcome = if is_meant { CheckOutcome::Ok } else { CheckOutcome::Warning };
            found(name, outcome, format!("off: {sentence}"), fix.filter(|_| !is_meant))
        }
        TunnelState::Connecting | TunnelState::Reconnecting => {
            found(name, CheckOutcome::Warning, format!("not online yet: {sentence}"), fix)
        }
        TunnelState::Failed => found(name, CheckOutcome::Error, sentence, fix),
    }
}

fn clock(now: Timestamp) -> DoctorCheck {
    if now.as_seconds() < CLOCK_MIN_S {
        let fix = "Set the machine's clock; signed requests are refused when it is off by five minutes.";
        return found("clock", CheckOutcome::Error, format!("the clock says {now}"), Some(fix));
    }
    found("clock", CheckOutcome::Ok, format!("{now}"), None)
}

fn refused(runtime: &Runtime) -> DoctorCheck {
    let (total, newest) = runtime.refused.unknown();
    match newest {
        None => found("strangers", CheckOutcome::Ok, "no requests for unknown webhooks", None),
        Some(request) => {
            let finding = format!(
                "{total} requests for unknown webhooks since the start, the newest from {} at {} ({})",
                request.remote, request.at, request.code
            );
            let fix = "If they are yours, copy the webhook's URL into the alert again.";
            found("strangers", CheckOutcome::Warning, finding, Some(fix))
        }
    }
}
