//! The gate: what every request is judged with.

use crate::allowance::{Failures, Refreshes, WebhookRates};
use crate::noted::Noted;
use crate::{Clock, Directory, Limits, ReplyTimes, SignalSink, Traffic};
use std::sync::Arc;
use vault::AppKey;

/// What a [`Gate`] is made of.
pub struct GateParts<D, S> {
    /// The key that tokens are digested with.
    pub key: AppKey,
    /// Where webhooks are looked up.
    pub directory: Arc<D>,
    /// Where requests go.
    pub sink: Arc<S>,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// The limits.
    pub limits: Limits,
}

/// Judges requests. One gate serves all listeners, so that limits hold across them.
pub struct Gate<D, S> {
    pub(crate) key: AppKey,
    pub(crate) directory: Arc<D>,
    pub(crate) sink: Arc<S>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) limits: Limits,
    pub(crate) rates: WebhookRates,
    pub(crate) failures: Failures,
    pub(crate) refreshes: Refreshes,
    pub(crate) noted: Noted,
    pub(crate) reply_times: ReplyTimes,
    pub(crate) traffic: Traffic,
}

impl<D: Directory, S: SignalSink> Gate<D, S> {
    /// A gate.
    #[must_use]
    pub fn new(parts: GateParts<D, S>) -> Arc<Self> {
        let GateParts { key, directory, sink, clock, limits } = parts;
        Arc::new(Self {
            rates: WebhookRates::default(),
            failures: Failures::new(limits.failures_per_minute),
            refreshes: Refreshes::new(limits.refreshes_per_second),
            noted: Noted::default(),
            reply_times: ReplyTimes::default(),
            traffic: Traffic::default(),
            key,
            directory,
            sink,
            clock,
            limits,
        })
    }

    /// How long answers took, from the end of a request's head.
    #[must_use]
    pub fn reply_times(&self) -> &ReplyTimes {
        &self.reply_times
    }

    /// What has come through the tunnel's listener.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }
}
