//! Changes of the tunnel, for whoever prints them.

use crate::tunnel::now::Seen;
use crate::wire::TunnelEvent;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// Changes of the tunnel of this process. One that is slow misses what lies between, never the newest.
#[derive(Debug)]
pub struct TunnelChanges(pub(crate) broadcast::Receiver<Seen>);

impl TunnelChanges {
    /// The next change; nothing once there will be no more.
    pub async fn next(&mut self) -> Option<TunnelEvent> {
        loop {
            match self.0.recv().await {
                Ok(seen) => return Some(event(seen)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn event(seen: Seen) -> TunnelEvent {
    TunnelEvent {
        event: "tunnel".to_owned(),
        state: seen.state,
        public_url: seen.public_url,
        reason: seen.reason,
        since: seen.since,
        retry_at: seen.retry_at,
    }
}
