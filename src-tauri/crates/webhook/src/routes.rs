//! The routes. Nothing else is ever served.

use crate::authenticate::Claim;
use crate::receive::Peer;
use crate::{Directory, Gate, SignalSink};
use axum::body::{Body, HttpBody};
use axum::extract::{Extension, Request, State};
use axum::response::Response;
use axum::routing::any;
use axum::{Router, http::Uri};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use std::sync::Arc;
use tower::ServiceExt;

/// The longest source label.
const SOURCE_MAX: usize = 40;

/// What a path says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Route {
    /// The label before the webhook id.
    pub(crate) source: Option<Box<str>>,
    /// Who the sender claims to be.
    pub(crate) claim: Claim,
}

/// The routes of a listener. Those of signals are told by hand, because every alert passes here and a router's boxes
/// and layers cost as much as reading the message; everything else goes through one.
pub(crate) struct Routes<D, S> {
    gate: Arc<Gate<D, S>>,
    others: Router,
}

impl<D: Directory, S: SignalSink> Routes<D, S> {
    pub(crate) fn new(gate: Arc<Gate<D, S>>) -> Self {
        let others = Router::new().route("/healthz", any(health::<D, S>)).fallback(nowhere::<D, S>);
        Self { others: others.with_state(Arc::clone(&gate)), gate }
    }

    /// Answers a request.
    pub(crate) async fn answer<B>(&self, peer: Peer, request: http::Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<axum::BoxError>,
    {
        if let Some(route) = signal_route(request.uri()) {
            return self.gate.receive(peer, Some(route), request).await;
        }
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let Ok(response) = self.others.clone().oneshot(request).await;
        response
    }
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

/// The route of a path to which signals may be sent; nothing for every other path.
fn signal_route(uri: &Uri) -> Option<Route> {
    let mut segments = [""; 4];
    let mut count = 0;
    for segment in uri.path().strip_prefix('/')?.split('/') {
        *segments.get_mut(count)? = segment;
        count += 1;
    }
    let (source, webhook, token) = match &segments[..count] {
        // Pitwire, Vantixs.
        ["webhooks", source, webhook, token] => (Some(*source), Some(*webhook), Some(*token)),
        // The same, signed.
        ["webhooks", source, webhook] => (Some(*source), Some(*webhook), None),
        // Algo Trade Analytics; signed. Atomik; signed.
        ["webhooks", webhook] | ["api", "v1", "webhooks", webhook] => (None, Some(*webhook), None),
        // StratOne.
        ["api", "webhooks", token] | ["api", "webhooks", "tradingview", token] => (None, None, Some(*token)),
        _ => return None,
    };
    if [source, webhook, token].into_iter().flatten().any(str::is_empty) {
        return None;
    }
    let source = plain(source)?;
    if source.as_deref().is_some_and(|s| !is_source(s)) {
        return None;
    }
    let mut claim = Claim { webhook: plain(webhook)?, token: plain(token)? };
    if claim.token.is_none() {
        claim.token = uri.query().and_then(secret_of).map(Into::into);
    }
    Some(Route { source, claim })
}

/// A segment without its escapes; `None` where they are no text.
fn plain(segment: Option<&str>) -> Option<Option<Box<str>>> {
    let Some(segment) = segment else { return Some(None) };
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    Some(Some(text.into()))
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
    fn the_paths_of_signals_say_who_sends_and_others_are_no_such_paths() {
        let check = |path: &str, expected: Option<(Option<&str>, Option<&str>, Option<&str>)>| {
            let route = expected.map(|(source, webhook, token)| Route {
                source: source.map(Into::into),
                claim: Claim { webhook: webhook.map(Into::into), token: token.map(Into::into) },
            });
            assert_eq!(signal_route(&path.parse().unwrap()), route, "{path}");
        };
        check("/webhooks/tradingview/wh_1/pw_1", Some((Some("tradingview"), Some("wh_1"), Some("pw_1"))));
        check("/webhooks/tradingview/wh_1", Some((Some("tradingview"), Some("wh_1"), None)));
        check("/webhooks/tradingview/wh_1?secret=s", Some((Some("tradingview"), Some("wh_1"), Some("s"))));
        check(
            "/webhooks/tradingview/wh_1/pw_1?secret=s",
            Some((Some("tradingview"), Some("wh_1"), Some("pw_1"))),
        );
        check("/webhooks/wh_1", Some((None, Some("wh_1"), None)));
        check("/api/webhooks/pw_1", Some((None, None, Some("pw_1"))));
        check("/api/webhooks/tradingview/pw_1", Some((None, None, Some("pw_1"))));
        check("/api/v1/webhooks/wh_1?secret=s", Some((None, Some("wh_1"), Some("s"))));
        check("/webhooks/a/wh%5F1/pw%5f1", Some((Some("a"), Some("wh_1"), Some("pw_1"))));
        for other in [
            "/",
            "/healthz",
            "/webhooks",
            "/webhooks/",
            "/webhooks/wh_1/",
            "/webhooks//wh_1",
            "//webhooks/wh_1",
            "/webhooks/a/wh_1/pw_1/",
            "/webhooks/a/wh_1/pw_1/x",
            "/webhooks/TradingView/wh_1/pw_1",
            "/webhooks/a/wh_1/%ff",
            "/Webhooks/a/wh_1",
            "/api/webhooks",
            "/api/webhooks/other/pw_1",
            "/api/v2/webhooks/wh_1",
        ] {
            check(other, None);
        }
    }

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
