//! The self-test: a signed request to the public address, at most one in five minutes and none while alerts arrive.

use super::now::{TunnelNow, public_url};
use super::upkeep::ARRIVED_AT;
use super::{hops, plan};
use crate::context::Context;
use crate::intake::json;
use crate::random;
use crate::rpc::{Runtime, store_error};
use crate::wire::{HopOutcome, RpcError, TunnelState, TunnelTest};
use ::tunnel::{ProbeRequest, Probed};
use bytes::Bytes;
use domain::Timestamp;
use store::webhooks::Webhook;
use store::{StoreError, Tx};
use vault::SigningKey;

/// Between two probes, in microseconds. At one in five minutes they are 8,640 of the 20,000 requests of a free month.
const PROBE_EVERY_US: i64 = 300 * 1_000_000;
/// The fact that says when the last probe was begun, in microseconds; what holds all processes to the limit.
const PROBED_AT: &str = "probed_at";
/// The fact that is the last self-test.
const LAST_TEST: &str = "last_test";

/// The newest self-test, by whichever process.
pub(crate) fn last(context: &Context) -> Result<Option<TunnelTest>, StoreError> {
    let text = context.store.reader().read(|view| store::tunnel::fact(view, LAST_TEST))?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// Tests the way, or says what the last test or the last alert has shown within five minutes.
pub(crate) fn run(context: &Context, runtime: &Runtime) -> Result<TunnelTest, RpcError> {
    let url = public_url(context, &runtime.tunnel).map_err(|e| store_error(&e))?;
    let url = url.ok_or_else(off)?;
    let now = context.clock.now();
    if let Some(arrived) = time_fact(context, ARRIVED_AT)?
        && is_recent(arrived, now)
    {
        return keep(context, &runtime.tunnel, by_an_alert(arrived));
    }
    let begun = context.store.writer().run(move |tx| begin(tx, now)).map_err(|e| store_error(&e))?;
    if !begun && let Some(last) = last(context).map_err(|e| store_error(&e))? {
        return Ok(TunnelTest { fresh: false, ..last });
    }
    let test = probed(context, url, now)?;
    keep(context, &runtime.tunnel, test)
}

/// What the worker does by itself: a test after `tunnel.probe_min` minutes without one and without an alert.
pub(super) fn run_when_due(context: &Context, runtime: &Runtime) -> Result<(), RpcError> {
    let every_min = i64::try_from(context.settings().whole("tunnel.probe_min")).unwrap_or(0);
    let is_online = runtime.tunnel.seen().is_some_and(|seen| seen.state == TunnelState::Online);
    if every_min == 0 || !is_online {
        return Ok(());
    }
    let now = context.clock.now();
    let newest =
        [time_fact(context, ARRIVED_AT)?, time_fact(context, PROBED_AT)?].into_iter().flatten().max();
    let every_us = (every_min * 60 * 1_000_000).max(PROBE_EVERY_US);
    let is_due = newest.is_none_or(|at| now.as_micros().saturating_sub(at.as_micros()) >= every_us);
    if is_due {
        let test = run(context, runtime)?;
        if !test.ok {
            tracing::warn!(tunnel.test = json(&test.hops), "the way from the internet is broken");
        }
    }
    Ok(())
}

/// Marks the beginning of a probe, unless one began within five minutes.
fn begin(tx: &Tx, now: Timestamp) -> Result<bool, StoreError> {
    let last = store::tunnel::fact(tx, PROBED_AT)?.and_then(|text| text.parse().ok());
    if last.is_some_and(|at| is_recent(Timestamp::from_micros(at), now)) {
        return Ok(false);
    }
    store::tunnel::set_fact(tx, PROBED_AT, Some(&now.as_micros().to_string()))?;
    Ok(true)
}

/// Within the last five minutes; a time to come, after the clock was set back, is none.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    (0..PROBE_EVERY_US).contains(&now.as_micros().saturating_sub(at.as_micros()))
}

fn time_fact(context: &Context, key: &'static str) -> Result<Option<Timestamp>, RpcError> {
    let text = context.store.reader().read(|view| store::tunnel::fact(view, key));
    let text = text.map_err(|e| store_error(&e))?;
    Ok(text.and_then(|text| text.parse().ok()).map(Timestamp::from_micros))
}

fn by_an_alert(at: Timestamp) -> TunnelTest {
    TunnelTest {
        at: at.to_string(),
        by: "signal".to_owned(),
        ok: true,
        hops: hops::by_an_alert(),
        reply_us: None,
        fresh: true,
        next_at: at.plus_micros(PROBE_EVERY_US).to_string(),
    }
}

fn probed(context: &Context, url: String, now: Timestamp) -> Result<TunnelTest, RpcError> {
    let rows = context.store.reader().read(store::webhooks::list).map_err(|e| store_error(&e))?;
    let webhook = rows.into_iter().map(|row| row.webhook).next();
    let settings = context.settings();
    let way = hops::Way {
        is_ngrok: settings.text("tunnel.mode") == "ngrok",
        only_tradingview: settings.text("tunnel.only_tradingview") == "on",
        has_webhook: webhook.is_some(),
    };
    let (path, headers) = match &webhook {
        Some(webhook) => (format!("/healthz?webhook={}", webhook.id), signed(context, webhook, now, b"")),
        None => ("/healthz".to_owned(), Vec::new()),
    };
    let probed = send(context, url, path, headers, Bytes::new())?;
    let hops = hops::read(way, &probed);
    let is_answered = matches!(probed.reached, ::tunnel::Reached::Answered { .. });
    Ok(TunnelTest {
        at: now.to_string(),
        by: "probe".to_owned(),
        ok: hops.iter().all(|hop| hop.outcome != HopOutcome::Failed),
        hops,
        reply_us: is_answered.then(|| i64::try_from(probed.took.as_micros()).unwrap_or(i64::MAX)),
        fresh: true,
        next_at: now.plus_micros(PROBE_EVERY_US).to_string(),
    })
}

/// The headers of Standard Webhooks over `body`.
pub(crate) fn signed(
    context: &Context,
    webhook: &Webhook,
    now: Timestamp,
    body: &[u8],
) -> Vec<(String, String)> {
    let key = SigningKey::derive(context.vault.key(), &webhook.id, webhook.signing_generation);
    let (id, at_s) = (random::command_id(), now.as_seconds());
    let signature = key.sign_standard(&id, at_s, body);
    vec![
        ("webhook-id".to_owned(), id),
        ("webhook-timestamp".to_owned(), at_s.to_string()),
        ("webhook-signature".to_owned(), signature),
    ]
}

/// Sends a request to the public address and waits for its answer; three seconds at most.
pub(crate) fn send(
    context: &Context,
    url: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
) -> Result<Probed, RpcError> {
    let root_cas = plan::root_cas(&context.settings())
        .map_err(|fault| RpcError::new(fault.cause.code(), format!("{fault} {}", fault.cause.fix())))?;
    let request = ProbeRequest { url, path, headers, body, root_cas };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        tracing::error!(%error, "no runtime for a request");
        RpcError::internal()
    })?;
    Ok(runtime.block_on(::tunnel::probe(&request)))
}

fn keep(context: &Context, own: &TunnelNow, test: TunnelTest) -> Result<TunnelTest, RpcError> {
    let text = json(&test);
    let kept = context.store.writer().run(move |tx| store::tunnel::set_fact(tx, LAST_TEST, Some(&text)));
    kept.map_err(|e| store_error(&e))?;
    own.touch();
    Ok(test)
}

/// The refusal of what needs a public address.
pub(crate) fn off() -> RpcError {
    RpcError::new(
        "TUNNEL_OFF",
        "There is no public address to try: no tunnel is online. `pitwire tunnel status` says why.",
    )
}
