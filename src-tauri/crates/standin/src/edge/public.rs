//! The public side: an HTTP proxy that says who sends.

use super::orders::{Bound, Orders};
use bytes::Bytes;
use http::header::{HOST, HeaderName, HeaderValue};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Says for a test where a request comes from.
const CLIENT: HeaderName = HeaderName::from_static("standin-client");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Takes the public until dropped.
pub(super) async fn serve(listener: TcpListener, tls: Option<Arc<ServerConfig>>, orders: Arc<Orders>) {
    loop {
        if let Ok((stream, peer)) = listener.accept().await {
            tokio::spawn(connection(stream, peer, tls.clone(), Arc::clone(&orders)));
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    orders: Arc<Orders>,
) {
    let _slower = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let orders = Arc::clone(&orders);
        async move { Ok::<_, Infallible>(forwarded(request, peer, &orders).await) }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.half_close(true);
    // However a client's connection ends, the next one is served.
    let _ended = match tls {
        None => http.serve_connection(TokioIo::new(stream), service).await.is_ok(),
        Some(tls) => match TlsAcceptor::from(tls).accept(stream).await {
            Ok(stream) => http.serve_connection(TokioIo::new(stream), service).await.is_ok(),
            Err(_) => false,
        },
    };
}

async fn forwarded(request: Request<Incoming>, peer: SocketAddr, orders: &Orders) -> Response<Full<Bytes>> {
    let host = request.headers().get(HOST).and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned();
    let Some(bound) = orders.serving(&host) else {
        return refused(StatusCode::NOT_FOUND, "ERR_NGROK_3200");
    };
    let named = request.headers().get(CLIENT).and_then(|c| c.to_str().ok()?.parse::<IpAddr>().ok());
    let client = named.map_or(peer, |ip| SocketAddr::new(ip, peer.port()));
    if bound.allow.as_ref().is_some_and(|allow| !allow.contains(&client.ip().to_string())) {
        return refused(StatusCode::FORBIDDEN, "ERR_NGROK_3205");
    }
    match exchanged(request, &bound, client, &host).await {
        Ok(response) => response,
        Err(error) => {
            tracing::debug!(%error, "the agent did not answer");
            refused(StatusCode::BAD_GATEWAY, "ERR_NGROK_3004")
        }
    }
}

async fn exchanged(
    request: Request<Incoming>,
    bound: &Bound,
    client: SocketAddr,
    host: &str,
) -> io::Result<Response<Full<Bytes>>> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    say_who(&mut head.headers, client, host);
    let pipe = bound.agent.proxy(&bound.tunnel_id, client).await?;
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(pipe)).await;
    let (mut sender, connection) = handshake.map_err(io::Error::other)?;
    let driving = tokio::spawn(connection);
    let response = sender.send_request(Request::from_parts(head, Full::new(body))).await;
    let (head, body) = response.map_err(io::Error::other)?.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    driving.abort();
    Ok(Response::from_parts(head, Full::new(body)))
}

/// Adds what the real edge adds: its own entry is the rightmost.
fn say_who(headers: &mut HeaderMap, client: SocketAddr, host: &str) {
    headers.remove(CLIENT);
    let claimed: Vec<&str> = headers.get_all(FORWARDED_FOR).iter().filter_map(|v| v.to_str().ok()).collect();
    let all = [claimed.join(", "), client.ip().to_string()];
    let all = all.iter().filter(|s| !s.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ");
    for (name, value) in [
        (FORWARDED_FOR, all.as_str()),
        (HeaderName::from_static("x-forwarded-proto"), "https"),
        (HeaderName::from_static("x-forwarded-host"), host),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

fn refused(status: StatusCode, code: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(format!("{code}\n"))));
    *response.status_mut() = status;
    if let Ok(code) = HeaderValue::from_str(code) {
        response.headers_mut().insert("ngrok-error-code", code);
    }
    response
}
