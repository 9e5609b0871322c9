//! What is wanted of the tunnel.

use crate::Fault;
use bytes::Bytes;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;
use zeroize::Zeroizing;

/// What is wanted. A supervisor that is given an equal plan changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plan {
    /// No tunnel, and why.
    Off(Fault),
    /// An ngrok session.
    Ngrok(NgrokPlan),
    /// A port for a reverse proxy.
    OwnUrl(OwnUrlPlan),
}

/// An ngrok session.
#[derive(Clone, PartialEq, Eq)]
pub struct NgrokPlan {
    /// What the session is signed in with.
    pub authtoken: Zeroizing<String>,
    /// The domain; nothing for the one that the account was given.
    pub domain: Option<String>,
    /// Another edge than ngrok's own, as `host:port`.
    pub server_addr: Option<String>,
    /// The certificates, PEM, that the edge is trusted by; nothing for ngrok's own.
    pub root_cas: Option<Bytes>,
    /// The only addresses that pass the edge; empty for all.
    pub allow: Vec<IpAddr>,
    /// The version of Pitwire, shown in the dashboard.
    pub version: String,
    /// How patient it is.
    pub timing: Timing,
}

impl fmt::Debug for NgrokPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NgrokPlan")
            .field("domain", &self.domain)
            .field("server_addr", &self.server_addr)
            .field("allow", &self.allow)
            .field("timing", &self.timing)
            .finish_non_exhaustive()
    }
}

/// A port for a reverse proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnUrlPlan {
    /// The address that the reverse proxy is reached at, such as `https://alerts.example.com`.
    pub url: String,
    /// The port on 127.0.0.1 that it points at.
    pub port: u16,
    /// How patient it is.
    pub timing: Timing,
}

/// How patient the supervisor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// The longest wait between two attempts.
    pub backoff_max: Duration,
    /// Between two heartbeats. Silence of three of them ends a session.
    pub heartbeat: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self { backoff_max: Duration::from_secs(30), heartbeat: Duration::from_secs(10) }
    }
}

impl Timing {
    /// How long an attempt may take; the edge may take the connection and say nothing.
    pub const CONNECT_MAX: Duration = Duration::from_secs(20);
    /// How often the clock is looked at.
    pub const LOOK_EVERY: Duration = Duration::from_secs(5);
    /// The machine was asleep when the clock is further than expected by more than this.
    pub const JUMP: Duration = Duration::from_secs(15);

    /// How long the edge may be silent.
    #[must_use]
    pub fn silence_max(self) -> Duration {
        self.heartbeat * 3
    }
}

impl Plan {
    /// How patient the supervisor is with it.
    #[must_use]
    pub(crate) fn timing(&self) -> Timing {
        match self {
            Self::Off(_) => Timing::default(),
            Self::Ngrok(plan) => plan.timing,
            Self::OwnUrl(plan) => plan.timing,
        }
    }

    /// Whether the edge answers heartbeats.
    pub(crate) fn has_heartbeats(&self) -> bool {
        matches!(self, Self::Ngrok(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_printed_without_its_token() {
        let plan = NgrokPlan {
            authtoken: Zeroizing::new("2abc_hunter2".to_owned()),
            domain: Some("name.ngrok-free.app".to_owned()),
            server_addr: None,
            root_cas: None,
            allow: Vec::new(),
            version: "0".to_owned(),
            timing: Timing::default(),
        };
        let printed = format!("{:?}", Plan::Ngrok(plan));
        assert!(printed.contains("name.ngrok-free.app") && !printed.contains("hunter2"), "{printed}");
    }
}
