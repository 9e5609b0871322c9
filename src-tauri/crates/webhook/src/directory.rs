//! What the listener knows about webhooks.

use dialect::Settings;
use domain::{Timestamp, WebhookId};
use ipnet::IpNet;
use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::Arc;
use vault::TokenDigest;

/// Where the listener looks webhooks up.
///
/// A snapshot may be a little old. Before the listener refuses anything because of one it asks for a newer one, and
/// an arrival that was judged by an old one is sent back by the sink, so a change holds from the next request on.
pub trait Directory: Send + Sync + 'static {
    /// The newest snapshot at hand; called for every request, so it must only clone an `Arc`.
    fn snapshot(&self) -> Arc<Snapshot>;

    /// Looks whether there is a newer snapshot, and says whether the one at hand has changed. Called at most as
    /// often as [`crate::Limits::refreshes_per_second`] says, whatever strangers send.
    fn refresh(&self) -> impl Future<Output = bool> + Send;
}

/// Every webhook at one moment.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The `config_generation` of the database that it was read at.
    pub generation: u64,
    /// Hosts besides the localhost forms that requests may be for: the tunnel's, one's own. Lower case, no port.
    pub hosts: Vec<Box<str>>,
    /// The webhooks.
    pub entries: HashMap<WebhookId, Arc<Entry>>,
}

/// What is to be known about a webhook before its message is read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The digest of its token.
    pub token: TokenDigest,
    /// When the token expires; nothing for never.
    pub token_expires: Option<Timestamp>,
    /// The generation of its signing secret.
    pub signing_generation: u32,
    /// Whether signal receiving is paused.
    pub paused: bool,
    /// Its strategy, in pipeline mode.
    pub strategy: StrategyState,
    /// Who may send; empty for everybody.
    pub allow: Vec<IpNet>,
    /// How much it takes.
    pub rate: Rate,
    /// What its messages are read with.
    pub settings: Settings,
}

/// The strategy of a webhook, as far as the listener is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StrategyState {
    /// Direct mode: there is none.
    #[default]
    None,
    /// It judges signals.
    Active,
    /// It is disabled: 400.
    Inactive,
    /// It takes no webhook signals: 403.
    TakesNoSignals,
}

/// The rate limit of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rate {
    /// No limit.
    Off,
    /// A bucket of `per_minute`, refilled at `per_minute` a minute, and at most `per_second` in any second.
    On {
        /// Capacity and refill of the bucket.
        per_minute: NonZeroU32,
        /// The most in any second; nothing for no such limit.
        per_second: Option<NonZeroU32>,
    },
}

impl Default for Rate {
    /// 30 a minute, 10 in any second.
    fn default() -> Self {
        Self::On {
            per_minute: NonZeroU32::MIN.saturating_add(29),
            per_second: Some(NonZeroU32::MIN.saturating_add(9)),
        }
    }
}
