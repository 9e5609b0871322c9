//! What comes through the tunnel: how many requests, and when an alert last did.

use crate::Via;
use domain::Timestamp;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// Counters since the start.
#[derive(Debug, Default)]
pub struct Traffic {
    requests: AtomicU64,
    arrived_us: AtomicI64,
}

impl Traffic {
    /// Requests through the tunnel's listener, refused ones too: what its service counts.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// When an alert last came through the tunnel and was stored.
    #[must_use]
    pub fn arrived_at(&self) -> Option<Timestamp> {
        let at = self.arrived_us.load(Ordering::Relaxed);
        (at > 0).then(|| Timestamp::from_micros(at))
    }

    pub(crate) fn count(&self, via: Via) {
        match via {
            Via::Local => {}
            Via::Tunnel => {
                self.requests.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    pub(crate) fn arrived(&self, via: Via, at: Timestamp) {
        match via {
            Via::Local => {}
            Via::Tunnel => {
                self.arrived_us.fetch_max(at.as_micros(), Ordering::Relaxed);
            }
        }
    }
}
