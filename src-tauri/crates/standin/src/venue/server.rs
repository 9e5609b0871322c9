//! The server of a venue: one loopback port for REST and streams.

use super::dialect::{Exchange, Query};
use super::fault::Fault;
use super::market::Market;
use super::{rest, stream};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts, Query as AxumQuery, Request, State as AxumState, WebSocketUpgrade};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Requests that are remembered; of more, the newest.
const SEEN_MAX: usize = 2_000;

/// What the connections of a venue share.
pub(super) struct State {
    pub(super) exchange: Exchange,
    pub(super) market: Market,
    pub(super) cut: watch::Sender<u64>,
    fault: Mutex<Option<Fault>>,
    seen: Mutex<Vec<String>>,
}

impl State {
    pub(super) fn fault(&self) -> Option<Fault> {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, target: String) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= SEEN_MAX {
            seen.remove(0);
        }
        seen.push(target);
    }
}

/// A venue on a loopback port, until it is dropped.
pub struct VenueServer {
    address: SocketAddr,
    state: Arc<State>,
    serving: JoinHandle<()>,
}

impl std::fmt::Debug for VenueServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VenueServer").field("address", &self.address).finish_non_exhaustive()
    }
}

impl VenueServer {
    /// Starts a venue on a free port. Needs a tokio runtime.
    ///
    /// # Errors
    /// The system's own, when there is no free port.
    pub async fn start(exchange: Exchange, market: Market) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            exchange,
            market,
            cut: watch::Sender::new(0),
            fault: Mutex::new(None),
            seen: Mutex::new(Vec::new()),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&state));
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "a stand-in venue has stopped");
            }
        });
        Ok(Self { address, state, serving })
    }

    /// The base of its REST addresses.
    #[must_use]
    pub fn rest_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base of its streams.
    #[must_use]
    pub fn ws_url(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Orders a fault, or none. Streams that are open are cut where the fault would not have let them begin.
    pub fn order(&self, fault: Option<Fault>) {
        *self.state.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
        if rest::refusal(fault).is_some() || fault == Some(Fault::Disconnect) {
            self.state.cut.send_modify(|count| *count += 1);
        }
    }

    /// Path and query of every request and stream so far, oldest first; of more than 2000, the newest.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.state.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for VenueServer {
    fn drop(&mut self) {
        self.serving.abort();
        self.state.cut.send_modify(|count| *count += 1);
    }
}

async fn answer(AxumState(state): AxumState<Arc<State>>, request: Request<Body>) -> Response {
    let target = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
    let path = request.uri().path().to_owned();
    let (mut parts, _) = request.into_parts();
    state.note(target);
    let query =
        AxumQuery::<Query>::try_from_uri(&parts.uri).map(|AxumQuery(query)| query).unwrap_or_default();
    let fault = state.fault();
    if let Some(Fault::Slow(time)) = fault {
        tokio::time::sleep(time).await;
    }
    if let Ok(upgrade) = WebSocketUpgrade::from_request_parts(&mut parts, &state).await {
        return match rest::refusal(fault) {
            Some(refusal) => response(refusal),
            None => upgrade.on_upgrade(move |socket| stream::serve(socket, state, path, query)),
        };
    }
    if fault == Some(Fault::Disconnect) {
        return cut_off();
    }
    response(rest::answer(state.exchange.dialect(), &state.market, fault, &path, &query))
}

/// An answer that promises more than it sends.
fn cut_off() -> Response {
    let promised = [(header::CONTENT_LENGTH, "1000000")];
    (StatusCode::OK, promised, Body::from("{")).into_response()
}

fn response(reply: rest::Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, reply.body).into_response();
    if let Some(seconds) = reply.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}
