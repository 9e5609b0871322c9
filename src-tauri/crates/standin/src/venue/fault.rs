//! What can go wrong with a venue.

use std::time::Duration;

/// A fault that a stand-in has until another one, or none, is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Every answer and every frame comes so late.
    Slow(Duration),
    /// Candles come in no order.
    WrongOrder,
    /// The newest candles are missing, and one in the middle; streams are silent.
    Gap,
    /// HTTP 429 with `Retry-After` in seconds.
    TooManyRequests {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// HTTP 418 with `Retry-After` in seconds.
    Banned {
        /// Seconds to wait.
        retry_after: u32,
    },
    /// HTTP 451, with the body that Binance sends.
    Location,
    /// HTTP 200 and frames with something that is no JSON.
    Garbage,
    /// Connections end without an answer; streams are cut after each frame.
    Disconnect,
    /// Candles do not say whether they are closed.
    Unflagged,
}

impl Fault {
    /// One of each, with short times.
    pub const ALL: [Self; 9] = [
        Self::Slow(Duration::from_millis(1_500)),
        Self::WrongOrder,
        Self::Gap,
        Self::TooManyRequests { retry_after: 1 },
        Self::Banned { retry_after: 1 },
        Self::Location,
        Self::Garbage,
        Self::Disconnect,
        Self::Unflagged,
    ];
}
