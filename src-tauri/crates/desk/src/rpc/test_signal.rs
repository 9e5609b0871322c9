//! A test signal that goes the whole way: signed, through the real listener of whichever process listens.

use super::trial::{Trial, read_all};
use super::webhooks::row_of;
use super::{Runtime, store_error};
use crate::context::Context;
use crate::random;
use crate::tunnel::{now, selftest};
use crate::wire::{ListenerState, RpcError, SignalDetail, TestRequest, TestSent};
use ::tunnel::Reached;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use store::webhooks::WebhookRow;
use vault::SigningKey;

/// How long the listener may take; it answers within 2.5 s by its own limit.
const PATIENCE: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const ANSWER_MAX: u64 = 64 * 1024;

/// How the signed id of a test begins, whatever its body says. Only who has the signing secret can send one.
pub(crate) const TEST_MARK: &str = "test_";

pub(crate) fn send(
    context: &Arc<Context>,
    runtime: &Runtime,
    request: &TestRequest,
) -> Result<TestSent, RpcError> {
    let row = row_of(context, &request.id)?;
    let webhook = &row.webhook;
    let body = request.body.clone().unwrap_or_else(|| sample(webhook, &random::command_id()));
    if request.dry_run.unwrap_or(false) {
        return dry_run(context, &row, &body);
    }
    if request.public.unwrap_or(false) {
        return through_the_tunnel(context, runtime, webhook, body);
    }
    let url = context.local_url().map_err(|e| store_error(&e))?;
    let not_listening = || {
        let sentence = match runtime.listener() {
            ListenerState::Failed { error, .. } => format!("Nothing listens for alerts. {error}"),
            ListenerState::Off | ListenerState::Listening { .. } => {
                "Nothing listens for alerts: open the window or run `pitwire serve` first.".to_owned()
            }
        };
        RpcError::new("NOT_LISTENING", sentence)
    };
    let address = url.as_deref().and_then(|u| u.strip_prefix("http://")).ok_or_else(not_listening)?;
    let address: SocketAddr = address.parse().map_err(|_| not_listening())?;
    let key = SigningKey::derive(context.vault.key(), &webhook.id, webhook.signing_generation);
    let now_s = context.clock.now().as_seconds();
    let message_id = format!("{TEST_MARK}{}", random::command_id());
    let signature = key.sign_standard(&message_id, now_s, body.as_bytes());
    let head = format!(
        "POST /webhooks/{} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         webhook-id: {message_id}\r\nwebhook-timestamp: {now_s}\r\nwebhook-signature: {signature}\r\n\
         Connection: close\r\n\r\n",
        webhook.id,
        address.port(),
        body.len(),
    );
    let answer = post(address, &head, &body).map_err(|error| {
        tracing::warn!(%error, "the test signal did not reach the listener");
        not_listening()
    })?;
    parse(&answer)
}

/// Says of every signal in the body what would become of it, and writes nothing.
fn dry_run(context: &Arc<Context>, row: &WebhookRow, body: &str) -> Result<TestSent, RpcError> {
    let now = context.clock.now();
    let mut trial = Trial::of(row, "tradingview", None, now);
    let mut run = |read| trial.run(context, &random::signal_id(now), body.as_bytes(), read);
    let mut trials: Vec<SignalDetail> = match read_all(body.as_bytes(), &row.webhook) {
        Ok(messages) => messages.iter().map(|message| run(Ok(message))).collect::<Result<_, _>>()?,
        Err(error) => vec![run(Err(&error))?],
    };
    trials.iter_mut().for_each(|tried| tried.row.test = true);
    let answer = trials.first().map(|tried| serde_json::to_value(&tried.row));
    let answer = answer.transpose().map_err(|_| RpcError::internal())?.unwrap_or_default();
    Ok(TestSent { http_status: 0, answer, signal_id: None, trials })
}

/// Sends the test signal to the public address, as TradingView would.
fn through_the_tunnel(
    context: &Context,
    runtime: &Runtime,
    webhook: &store::webhooks::Webhook,
    body: String,
) -> Result<TestSent, RpcError> {
    let url = now::public_url(context, &runtime.tunnel).map_err(|e| store_error(&e))?;
    let url = url.ok_or_else(selftest::off)?;
    let mut headers = selftest::signed(context, webhook, context.clock.now(), body.as_bytes());
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    let path = format!("/webhooks/{}", webhook.id);
    let not_reached = |text: String| RpcError::new("PUBLIC_URL_NOT_REACHED", text);
    let test = "`pitwire tunnel test` says which part of the way is broken.";
    match selftest::send(context, url, path, headers, body.into())?.reached {
        Reached::Nowhere { error } => {
            Err(not_reached(format!("The public address cannot be reached ({error}). {test}")))
        }
        Reached::Connected { error } => {
            Err(not_reached(format!("The public address does not answer ({error}). {test}")))
        }
        Reached::Answered { service_code: Some(code), .. } => {
            Err(not_reached(format!("The tunnel service answered in Pitwire's place ({code}). {test}")))
        }
        Reached::Answered { status, service_code: None, body } => {
            let answer = serde_json::from_slice(&body).map_err(|_| {
                not_reached(format!(
                    "Something else than Pitwire answers at the public address (HTTP {status}). {test}"
                ))
            })?;
            Ok(sent(status, answer))
        }
    }
}

fn sent(http_status: u16, answer: serde_json::Value) -> TestSent {
    let signal_id = answer.get("signalId").and_then(|v| v.as_str()).map(str::to_owned);
    TestSent { http_status, answer, signal_id, trials: Vec::new() }
}

/// A small order that any account can pay for.
fn sample(webhook: &store::webhooks::Webhook, id: &str) -> String {
    let symbol = webhook.symbol.as_ref().map_or("BTCUSDT", |s| s.as_str());
    let body = serde_json::json!({
        "action": "buy", "symbol": symbol, "price": "67000", "quantity": "0.01", "id": id, "test": true,
    });
    body.to_string()
}

/// One exchange over a loopback connection; plain HTTP, since the listener is on this machine.
pub(crate) fn post(address: SocketAddr, head: &str, body: &str) -> std::io::Result<String> {
    let reachable = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    let mut stream = TcpStream::connect_timeout(&reachable, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}

fn parse(answer: &str) -> Result<TestSent, RpcError> {
    let unclear = || RpcError::new("NOT_LISTENING", "Something else answers at the listener's address.");
    let http_status = answer.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(unclear)?;
    let (_, body) = answer.split_once("\r\n\r\n").ok_or_else(unclear)?;
    let answer: serde_json::Value = serde_json::from_str(body).map_err(|_| unclear())?;
    Ok(sent(http_status, answer))
}
