//! A probe of the way to the queue: `/healthz?webhook=wh_…`, signed as a message of that webhook would be.
//!
//! It proves that the listener is ours, that the webhook's secret is known to it, and that a signal would be stored, and
//! leaves nothing behind. Without a right signature it says no more than that the listener is there.

use crate::answer;
use crate::authenticate::{Claim, Evidence, authenticate};
use crate::{Directory, Gate, SignalSink};
use axum::response::Response;
use domain::WebhookId;
use http::request::Parts;
use tokio::time::timeout;

/// The webhook that a probe is about.
pub(crate) fn webhook_of(head: &Parts) -> Option<WebhookId> {
    let named = head.uri.query()?.split('&').find_map(|pair| pair.strip_prefix("webhook="))?;
    WebhookId::parse(named).ok()
}

impl<D: Directory, S: SignalSink> Gate<D, S> {
    /// Answers a probe.
    pub(crate) async fn probed(&self, head: &Parts, webhook: WebhookId) -> Response {
        let claim = Claim { webhook: Some(webhook.as_str().into()), token: None };
        // The body is empty, and was dropped if it was not: the signature is over nothing.
        let evidence = Evidence { claim: &claim, headers: &head.headers, body: b"", now: self.clock.now() };
        let knows = || {
            let found = authenticate(&self.key, &self.directory.snapshot(), &evidence);
            found.is_ok_and(|sender| sender.signed.is_some())
        };
        let mut is_known = knows();
        // A webhook that was made a moment ago by another process is known after a look.
        if !is_known && self.refreshes.take(self.clock.monotonic_us()) && self.directory.refresh().await {
            is_known = knows();
        }
        if !is_known {
            return answer::probed(false, false);
        }
        let is_ready = timeout(self.limits.answer, self.sink.is_ready()).await.unwrap_or(false);
        answer::probed(true, is_ready)
    }
}
