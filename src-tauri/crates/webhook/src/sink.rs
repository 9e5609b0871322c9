//! Where requests go once they are judged.

use bytes::Bytes;
use dialect::Reading;
use domain::{DialectName, ReasonCode, SignalId, Timestamp, WebhookId};
use http::HeaderName;
use std::net::IpAddr;

/// What takes arrivals and refusals over.
///
/// The futures may be dropped when the answer takes longer than [`crate::Limits::answer`]; the sender is told 503
/// then. Work that was begun may still be finished: a signal that is stored though its sender was told otherwise is
/// found again by the rule for duplicates.
pub trait SignalSink: Send + Sync + 'static {
    /// Stores an arrival; answers after it is on disk.
    fn accept(&self, arrival: Arrival) -> impl Future<Output = AcceptAnswer> + Send;

    /// Stores an authenticated but refused request as a row of the log, and says its id; nothing when it could not be
    /// stored, which the sender is not told.
    fn refuse(&self, refusal: Refusal) -> impl Future<Output = Option<SignalId>> + Send;

    /// Whether a signal would be stored now: goes the way of [`SignalSink::accept`] to whoever writes and back with nothing
    /// in its hands. Called for probes with a right signature only.
    fn is_ready(&self) -> impl Future<Output = bool> + Send;

    /// Takes notice of an unauthenticated or rate-limited request. Must neither block nor wait for a disk: strangers
    /// decide how often it is called.
    fn note(&self, note: Note);
}

/// What became of an arrival.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptAnswer {
    /// On disk and queued; one id per signal of the body, in its order, never empty.
    Accepted {
        /// The ids.
        ids: Vec<SignalId>,
    },
    /// Received before: a row of its own, not to be executed.
    Duplicate {
        /// The row of this arrival.
        id: SignalId,
        /// The signal that it repeats.
        first: SignalId,
    },
    /// The signed id was used before with another message; stored as a refused row.
    SignedIdUsed {
        /// The row of this arrival.
        id: SignalId,
    },
    /// The configuration has changed since it was judged: it is judged again. Nothing was stored.
    Stale,
    /// The commit failed or the queue is full. Nothing was stored.
    Unavailable,
    /// No more work is taken. Nothing was stored.
    ShuttingDown,
}

/// A message that may be executed.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// Whose message it is.
    pub webhook: WebhookId,
    /// The generation of the snapshot that it was judged by.
    pub generation: u64,
    /// The request.
    pub request: Received,
    /// The message.
    pub reading: Reading,
    /// The signed id, which must not be used twice within the tolerance; nothing for unsigned requests.
    pub signed: Option<Signed>,
    /// How long it took so far.
    pub timings: Timings,
}

/// The id of a signed message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// `webhook-id`, or the signature itself where a request has no id. At most 256 bytes.
    pub id: String,
    /// The signed time, in Unix seconds; the id is to be remembered until the tolerance after it has passed.
    pub sent_at_s: i64,
}

/// A request as it may be stored: nothing in it is a secret.
#[derive(Debug, Clone)]
pub struct Received {
    /// The source label of the route (`tradingview`); nothing where the route has none.
    pub source: Option<Box<str>>,
    /// The sender; IPv4 addresses are never written as IPv6. Behind the tunnel it is the forwarded one.
    pub remote: IpAddr,
    /// The listener that it came through.
    pub via: Via,
    /// Content-Type, as sent, at most 256 bytes.
    pub content_type: Option<Box<str>>,
    /// The other headers without those that may hold secrets, masked; bounded in number and length.
    pub headers: Vec<(HeaderName, Box<str>)>,
    /// The body, masked; of a [`Note`] and of a body that was too large only the head.
    pub body: Bytes,
    /// How many bytes of body were received.
    pub body_bytes: usize,
    /// When the whole head of the request was there.
    pub received_at: Timestamp,
}

impl Received {
    /// Over 25 KiB: more than any alert needs, marked in the log.
    #[must_use]
    pub fn is_large(&self) -> bool {
        self.body_bytes > 25 * 1024
    }
}

/// The listener that a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The local one: the peer is the sender.
    Local,
    /// The tunnel's: the rightmost entry of `X-Forwarded-For` is the sender.
    Tunnel,
}

impl Via {
    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Tunnel => "tunnel",
        }
    }
}

/// How long the listener took, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timings {
    /// From the whole body to the authenticated sender.
    pub auth_us: u64,
    /// Reading the message.
    pub parse_us: u64,
}

/// A request that was refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The webhook; nothing when there is no such one.
    pub webhook: Option<WebhookId>,
    /// The generation of the snapshot that it was judged by.
    pub generation: u64,
    /// The request.
    pub request: Received,
    /// The HTTP status that is answered.
    pub status: u16,
    /// Why.
    pub code: ReasonCode,
    /// Why, in one sentence; it repeats no token.
    pub sentence: String,
    /// The line of an error in JSON or text, from 1.
    pub line: Option<u32>,
    /// The column of it, in characters, from 1.
    pub column: Option<u32>,
    /// The field that is missing or wrong.
    pub field: Option<String>,
    /// What the message was read as, where that was known.
    pub dialect: Option<DialectName>,
    /// How long it took.
    pub timings: Timings,
}

/// A refusal that is no row of its own.
#[derive(Debug, Clone)]
pub enum Note {
    /// The first of its webhook and code within a minute: in full, with the first 8 KiB of its body.
    Full(Box<Refusal>),
    /// Another one of the same webhook and code: to be counted on the one before.
    Repeated {
        /// The webhook; nothing when there is no such one.
        webhook: Option<WebhookId>,
        /// Why it was refused.
        code: ReasonCode,
        /// When.
        at: Timestamp,
    },
}
