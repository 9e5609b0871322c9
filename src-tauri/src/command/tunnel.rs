//! `tunnel`: where it stands, its authtoken, its self-test, what it went through.

use super::Place;
use crate::terminal::{Column, Done, Failure};
use anyhow::Context;
use clap::Subcommand;
use desk::wire::RpcError;
use serde_json::{Value, json};
use std::io::{IsTerminal, Read};

/// The longest input that is read for a token, in bytes.
const TOKEN_MAX: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(super) enum Tunnel {
    /// Where it stands, why, and its public address.
    Status,
    /// Keep an ngrok authtoken in the keychain; it is read from standard input.
    SetToken,
    /// Forget the authtoken in the keychain.
    ClearToken,
    /// Follow a request from the internet to the queue.
    Test,
    /// Connect anew at once.
    Reconnect,
    /// What it went through, newest first, and the times in which alerts were lost.
    Timeline {
        /// How many changes, 1 to 500.
        #[arg(long, default_value_t = 100)]
        limit: u32,
        /// The cursor of the page before.
        #[arg(long, value_name = "CURSOR")]
        before: Option<String>,
    },
    /// Take note that the public address has changed.
    Acknowledge,
}

const HOPS: &[Column] = &[("HOP", "name"), ("OUTCOME", "outcome"), ("FINDING", "finding"), ("FIX", "fix")];
const ROWS: &[Column] =
    &[("AT", "at"), ("STATE", "state"), ("WHY", "reason.code"), ("ADDRESS", "public_url")];
const GAPS: &[Column] =
    &[("DOWN FROM", "from"), ("TO", "to"), ("SECONDS", "seconds"), ("WHY", "reason.sentence")];

impl Tunnel {
    pub(super) fn run(self, place: &Place) -> Done {
        let desk = place.desk()?;
        match self {
            Self::Status => status(place, &desk.call("tunnel.status", json!({}))?),
            Self::SetToken => {
                let token = token_from_stdin()?;
                status(place, &desk.call("tunnel.set_token", json!({ "token": token }))?)
            }
            Self::ClearToken => status(place, &desk.call("tunnel.clear_token", json!({}))?),
            Self::Test => test(place, &desk.call("tunnel.test", json!({}))?),
            Self::Reconnect => status(place, &desk.call("tunnel.reconnect", json!({}))?),
            Self::Timeline { limit, before } => {
                let page = desk.call("tunnel.timeline", json!({ "limit": limit, "before": before }))?;
                timeline(place, &page)
            }
            Self::Acknowledge => status(place, &desk.call("tunnel.acknowledge", json!({}))?),
        }
    }
}

/// The first line of standard input. It is not taken from the arguments, where other users of the machine could read it.
fn token_from_stdin() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        // A prompt for people; the answer stays on their screen, as with any command that reads standard input.
        let mut err = std::io::stderr().lock();
        std::io::Write::write_all(&mut err, b"authtoken: ").context("stderr cannot be written")?;
        let mut line = String::new();
        std::io::stdin().read_line(&mut line).context("the authtoken cannot be read")?;
        return Ok(line.trim().to_owned());
    }
    let mut text = String::new();
    std::io::stdin().take(TOKEN_MAX).read_to_string(&mut text).context("the authtoken cannot be read")?;
    Ok(text.trim().to_owned())
}

fn status(place: &Place, status: &Value) -> Done {
    let terminal = place.terminal;
    if terminal.json {
        return terminal.value(&json!({ "tunnel": status }));
    }
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    terminal.line(&format!("state    {} since {}", text(&status["state"]), text(&status["since"])))?;
    terminal.line(&format!("address  {}", text(&status["public_url"])))?;
    if let Some(reason) = status["reason"].as_object() {
        let code = reason["service_code"].as_str().or(reason["code"].as_str()).unwrap_or("-");
        terminal.line(&format!("why      {} [{code}]", text(&reason["sentence"])))?;
        terminal.line(&format!("fix      {}", text(&reason["fix"])))?;
    }
    let token = match (status["token"]["source"].as_str(), status["token"]["hint"].as_str()) {
        (Some(source), Some(hint)) => format!("{hint}, from the {source}"),
        (Some(source), None) => format!("from the {source}"),
        (None, _) => "none".to_owned(),
    };
    terminal.line(&format!("token    {token}"))?;
    terminal.line(&format!("quota    {}", text(&status["quota"]["sentence"])))?;
    if let Some(change) = status["address_change"].as_object() {
        terminal.line(&format!(
            "The address has changed from {}: update these alerts.",
            text(&change["old_url"])
        ))?;
        for webhook in change["webhooks"].as_array().into_iter().flatten() {
            terminal.line(&format!("  {}  {}", text(&webhook["name"]), text(&webhook["new_url"])))?;
        }
    }
    Ok(())
}

fn test(place: &Place, test: &Value) -> Done {
    let terminal = place.terminal;
    if terminal.json {
        terminal.value(&json!({ "test": test }))?;
    } else {
        terminal.table(&test["hops"], HOPS)?;
        if test["fresh"] == false {
            let next = test["next_at"].as_str().unwrap_or("-");
            terminal.line(&format!("This is the last test; another one can be made at {next}."))?;
        }
    }
    let broken = test["hops"].as_array().and_then(|hops| hops.iter().find(|h| h["outcome"] == "failed"));
    let Some(hop) = broken else { return Ok(()) };
    let text = |key: &str| hop[key].as_str().unwrap_or_default();
    let sentence = format!("The way is broken at the {}: {} {}", text("name"), text("finding"), text("fix"));
    Err(Failure::Refused(RpcError::new("TUNNEL_BROKEN", sentence)))
}

fn timeline(place: &Place, page: &Value) -> Done {
    let terminal = place.terminal;
    if terminal.json {
        return terminal.value(page);
    }
    terminal.table(&page["rows"], ROWS)?;
    if page["gaps"].as_array().is_some_and(|gaps| !gaps.is_empty()) {
        terminal.line("")?;
        terminal.line("Alerts sent in these times were lost:")?;
        terminal.table(&page["gaps"], GAPS)?;
    }
    match page["next"].as_str() {
        Some(next) => terminal.line(&format!("more: --before {next}")),
        None => Ok(()),
    }
}
