//! One request to the public address, and how far it came.

use crate::trust;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// What TradingView waits, and so what a probe waits.
const PATIENCE: Duration = Duration::from_secs(3);
/// The longest answer that is read, in bytes.
const ANSWER_MAX: usize = 16 * 1024;

/// A request to be sent.
#[derive(Debug, Clone)]
pub struct ProbeRequest {
    /// The public address, such as `https://name.ngrok-free.app`.
    pub url: String,
    /// The path with its query.
    pub path: String,
    /// Headers beside `Host`, as text.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
    /// The certificates, PEM, that the address is trusted by; nothing for those of the system.
    pub root_cas: Option<Bytes>,
}

/// How far a request came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// The address could not be looked up or connected to.
    Nowhere {
        /// The system's own words.
        error: String,
    },
    /// Something took the connection, and then there was no HTTP.
    Connected {
        /// What went wrong.
        error: String,
    },
    /// Somebody answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The service's code, where it answered in our place (`ngrok-error-code`).
        service_code: Option<String>,
        /// The body, at most 16 KiB.
        body: Bytes,
    },
}

/// What a probe found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// How far it came.
    pub reached: Reached,
    /// How long it took in all.
    pub took: Duration,
}

/// Sends a request to the public address as TradingView would: over IPv4 where there is a choice, within three
/// seconds for the connection and three for the answer.
pub async fn probe(request: &ProbeRequest) -> Probed {
    let began = Instant::now();
    let reached = attempt(request).await;
    Probed { reached, took: began.elapsed() }
}

async fn attempt(request: &ProbeRequest) -> Reached {
    let Ok(uri) = request.url.parse::<Uri>() else {
        return Reached::Nowhere { error: format!("{} is no address", request.url) };
    };
    let Some(host) = uri.host().map(str::to_owned) else {
        return Reached::Nowhere { error: format!("{} names no host", request.url) };
    };
    let port = uri.port_u16().unwrap_or(443);
    let stream = match timeout(PATIENCE, connected(&host, port)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return Reached::Nowhere { error: format!("{host}: {error}") },
        Err(_late) => return Reached::Nowhere { error: format!("{host}: no connection {}", within()) },
    };
    match timeout(PATIENCE, answered_by(stream, host, &uri, request)).await {
        Ok(reached) => reached,
        Err(_late) => Reached::Connected { error: format!("no answer {}", within()) },
    }
}

fn within() -> String {
    format!("within {} s", PATIENCE.as_secs())
}

async fn answered_by(stream: TcpStream, host: String, uri: &Uri, request: &ProbeRequest) -> Reached {
    match secured(stream, host, request).await {
        Ok(stream) => exchanged(stream, uri, request).await,
        Err(error) => Reached::Connected { error },
    }
}

/// TradingView does not use IPv6, so an address of the older kind is tried first.
async fn connected(host: &str, port: u16) -> std::io::Result<TcpStream> {
    let mut addresses: Vec<_> = tokio::net::lookup_host((host, port)).await?.collect();
    addresses.sort_by_key(|a| a.is_ipv6());
    let mut last = std::io::Error::new(std::io::ErrorKind::NotFound, "the name has no address");
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn secured(
    stream: TcpStream,
    host: String,
    request: &ProbeRequest,
) -> Result<TlsStream<TcpStream>, String> {
    let config = trust::client(request.root_cas.as_ref()).map_err(|e| e.to_string())?;
    let name = ServerName::try_from(host).map_err(|e| e.to_string())?;
    TlsConnector::from(config).connect(name, stream).await.map_err(|e| format!("TLS: {e}"))
}

async fn exchanged(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    uri: &Uri,
    request: &ProbeRequest,
) -> Reached {
    let broke = |error: &dyn std::fmt::Display| Reached::Connected { error: format!("HTTP: {error}") };
    let (mut sender, connection) = match hyper::client::conn::http1::handshake(TokioIo::new(stream)).await {
        Ok(open) => open,
        Err(error) => return broke(&error),
    };
    let driving = tokio::spawn(connection);
    let authority = uri.authority().map_or("", |a| a.as_str());
    let mut built = Request::post(request.path.as_str()).header(HOST, authority);
    for (name, value) in &request.headers {
        built = built.header(name, value);
    }
    let reached = match built.body(Full::new(request.body.clone())) {
        Err(error) => broke(&error),
        Ok(sent) => match sender.send_request(sent).await {
            Err(error) => broke(&error),
            Ok(response) => {
                let (head, body) = response.into_parts();
                match Limited::new(body, ANSWER_MAX).collect().await {
                    Err(error) => broke(&error),
                    Ok(body) => answered(head.status, &head.headers, body.to_bytes()),
                }
            }
        },
    };
    driving.abort();
    reached
}

fn answered(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Reached {
    let code = headers.get("ngrok-error-code").and_then(|v| v.to_str().ok()).map(str::to_owned);
    Reached::Answered { status: status.as_u16(), service_code: code, body }
}
