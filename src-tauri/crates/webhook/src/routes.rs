//! The routes. Nothing else is ever served.

use crate::authenticate::Claim;
use crate::receive::Peer;
use crate::{Directory, Gate, SignalSink};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{Extension, RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::any;
use axum::{Router, http::Uri};
use std::sync::Arc;

/// Where signals may be sent, and whose shape it is.
const SIGNAL_ROUTES: [&str; 6] = [
    "/webhooks/{source}/{webhook}/{token}", // Pitwire, Vantixs
    "/webhooks/{source}/{webhook}",         // the same, signed
    "/webhooks/{webhook}",                  // Algo Trade Analytics; signed
    "/api/webhooks/{token}",                // StratOne
    "/api/webhooks/tradingview/{token}",    // StratOne
    "/api/v1/webhooks/{webhook}",           // Atomik; signed
];

/// The longest source label.
const SOURCE_MAX: usize = 40;

/// What a path says.
#[derive(Debug, Clone, Default)]
pub(crate) struct Route {
    /// The label before the webhook id.
    pub(crate) source: Option<Box<str>>,
    /// Who the sender claims to be.
    pub(crate) claim: Claim,
}

/// The router of a listener.
pub(crate) fn router<D: Directory, S: SignalSink>(gate: Arc<Gate<D, S>>) -> Router {
    let routes = SIGNAL_ROUTES.iter().fold(Router::new(), |r, path| r.route(path, any(signal::<D, S>)));
    routes.route("/healthz", any(health::<D, S>)).fallback(nowhere::<D, S>).with_state(gate)
}

async fn signal<D: Directory, S: SignalSink>(
    State(gate): State<Arc<Gate<D, S>>>,
    Extension(peer): Extension<Peer>,
    parameters: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let route = parameters.ok().and_then(|p| route_of(&p, request.uri()));
    gate.receive(peer, route, request).await
}

async fn health<D: Directory, S: SignalSink>(
    State(gate): State<Arc<Gate<D, S>>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    gate.health(peer, request).await
}

async fn nowhere<D: Directory, S: SignalSink>(
    State(gate): State<Arc<Gate<D, S>>>,
    Extension(peer): Extension<Peer>,
    request: Request,
) -> Response {
    gate.receive(peer, None, request).await
}

fn route_of(parameters: &RawPathParams, uri: &Uri) -> Option<Route> {
    let mut route = Route::default();
    for (name, value) in parameters {
        match name {
            "source" => route.source = Some(value.into()),
            "webhook" => route.claim.webhook = Some(value.into()),
            _ => route.claim.token = Some(value.into()),
        }
    }
    if route.source.as_deref().is_some_and(|s| !is_source(s)) {
        return None;
    }
    if route.claim.token.is_none() {
        route.claim.token = uri.query().and_then(secret_of).map(Into::into);
    }
    Some(route)
}

fn is_source(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= SOURCE_MAX && text.bytes().all(plain)
}

/// `secret=` of a query. Tokens have no character that needs escaping, so nothing is unescaped.
fn secret_of(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("secret="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_labels_are_plain() {
        for good in ["tradingview", "my-script-2", "a"] {
            assert!(is_source(good), "{good}");
        }
        for wrong in ["", "TradingView", "a_b", "a b", "é", &"a".repeat(41)] {
            assert!(!is_source(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_secret_of_a_query() {
        assert_eq!(secret_of("secret=abc"), Some("abc"));
        assert_eq!(secret_of("x=1&secret=abc&y=2"), Some("abc"));
        assert_eq!(secret_of("secret="), Some(""));
        assert_eq!(secret_of("mysecret=abc"), None);
        assert_eq!(secret_of(""), None);
    }
}
