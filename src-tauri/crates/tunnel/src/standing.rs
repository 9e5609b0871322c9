//! What the tunnel says about itself.

use crate::Fault;
use std::time::Duration;

/// Where the tunnel stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Not wanted or not configured.
    Off,
    /// It has not been online since it was wanted, and is about to be.
    Connecting,
    /// Alerts can come in.
    Online,
    /// It was online and will be again by itself.
    Reconnecting,
    /// Waiting alone does not help; it is tried again all the same.
    Failed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Off, Self::Connecting, Self::Online, Self::Reconnecting, Self::Failed];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Connecting => "connecting",
            Self::Online => "online",
            Self::Reconnecting => "reconnecting",
            Self::Failed => "failed",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// The state with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// Why; nothing while nothing is to be said.
    pub fault: Option<Fault>,
    /// The public address, such as `https://name.ngrok-free.app`; only while online.
    pub public_url: Option<String>,
    /// Attempts since it was last online or anew wanted.
    pub attempts: u32,
    /// How long it is until the next attempt, from the moment this was said.
    pub retry_in: Option<Duration>,
}

impl Standing {
    /// Off, for a reason.
    #[must_use]
    pub fn off(fault: Fault) -> Self {
        Self { state: State::Off, fault: Some(fault), public_url: None, attempts: 0, retry_in: None }
    }
}
