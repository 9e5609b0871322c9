//! Every limit of the listener.

use std::time::Duration;

/// The limits; [`Limits::default`] is what is documented, tests use shorter times.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Connections at once; more wait in the system's backlog.
    pub connections_max: usize,
    /// Connections at once from one address that is not this machine; more are closed at once.
    pub connections_per_address_max: usize,
    /// From the opening of a connection, or the end of the last answer, to the end of a request's head.
    pub head: Duration,
    /// From the end of the head to the end of the body.
    pub body: Duration,
    /// From the end of the head to the answer, for a body that comes at once; 503 after it.
    pub answer: Duration,
    /// How long open requests may go on after the shutdown signal.
    pub drain: Duration,
    /// The largest body, in bytes.
    pub body_bytes_max: usize,
    /// How much of a body that is too large is read and dropped, so that its sender sees the answer.
    pub body_bytes_dropped_max: usize,
    /// The largest head, in bytes of names and values.
    pub header_bytes_max: usize,
    /// Failed authentications of one address: bucket and refill per minute. A right token is always let through.
    pub failures_per_minute: u32,
    /// How often [`crate::Directory::refresh`] may be called in all.
    pub refreshes_per_second: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 1024,
            connections_per_address_max: 64,
            head: Duration::from_secs(5),
            body: Duration::from_secs(5),
            answer: Duration::from_millis(2_400),
            drain: Duration::from_secs(5),
            body_bytes_max: 256 * 1024,
            body_bytes_dropped_max: 1024 * 1024,
            header_bytes_max: 16 * 1024,
            failures_per_minute: 120,
            refreshes_per_second: 20,
        }
    }
}
