//! WebSocket connections, plain (for loopback) and by TLS with the roots that the system trusts.

use crate::error::{MarketError, shown};
use crate::http::{CONNECT_MAX, refusal_without_body, seconds};
use crate::venue::Venue;
use reqwest::Url;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Error as WsError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

/// The longest frame that is read, in bytes.
const FRAME_MAX: usize = 1024 * 1024;

/// A connection, encrypted or not.
pub(crate) trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

pub(crate) type Socket = WebSocketStream<Box<dyn Wire>>;

/// How certificates are judged: as the system does. Where it trusts nobody, every encrypted connection fails and says
/// so; plain ones to this machine still work.
pub(crate) fn tls() -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("BUG: ring speaks TLS 1.2 and 1.3");
    match builder.clone().with_platform_verifier() {
        Ok(builder) => builder.with_no_client_auth(),
        Err(error) => {
            tracing::warn!(%error, "the system's root certificates cannot be used; no venue can be reached by TLS");
            builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth()
        }
    }
}

/// Opens a WebSocket.
pub(crate) async fn open(venue: Venue, url: &str, tls: Arc<ClientConfig>) -> Result<Socket, MarketError> {
    let timed = tokio::time::timeout(2 * CONNECT_MAX, shake_hands(venue, url, tls)).await;
    timed.unwrap_or_else(|_| {
        let cause = format!("no connection within {} s", 2 * CONNECT_MAX.as_secs());
        Err(MarketError::Unreachable { venue, cause })
    })
}

async fn shake_hands(venue: Venue, url: &str, tls: Arc<ClientConfig>) -> Result<Socket, MarketError> {
    let failed =
        |cause: &dyn std::fmt::Display| MarketError::Unreachable { venue, cause: shown(&cause.to_string()) };
    let parsed = Url::parse(url).map_err(|error| failed(&error))?;
    let host = parsed.host_str().ok_or_else(|| failed(&"the address has no host"))?.to_owned();
    let port = parsed.port().unwrap_or(if parsed.scheme() == "wss" { 443 } else { 80 });
    let stream =
        TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(|error| failed(&error))?;
    stream.set_nodelay(true).map_err(|error| failed(&error))?;
    let wire: Box<dyn Wire> = if parsed.scheme() == "wss" {
        let name = ServerName::try_from(host).map_err(|error| failed(&error))?;
        Box::new(TlsConnector::from(tls).connect(name, stream).await.map_err(|error| failed(&error))?)
    } else {
        Box::new(stream)
    };
    let config = WebSocketConfig::default().max_message_size(Some(FRAME_MAX)).max_frame_size(Some(FRAME_MAX));
    let opened = tokio_tungstenite::client_async_with_config(url, wire, Some(config)).await;
    opened.map(|(socket, _)| socket).map_err(|error| refused(venue, &error))
}

/// What a handshake that fails, or a connection that breaks, says.
pub(crate) fn refused(venue: Venue, error: &WsError) -> MarketError {
    if let WsError::Http(response) = error {
        let after = response.headers().get("retry-after").and_then(|value| value.to_str().ok());
        let status = response.status();
        let by_status = refusal_without_body(venue, status, after.and_then(seconds));
        return by_status
            .unwrap_or_else(|| MarketError::Unreachable { venue, cause: format!("HTTP {status}") });
    }
    MarketError::Unreachable { venue, cause: shown(&error.to_string()) }
}
