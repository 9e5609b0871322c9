//! The life of a signal as one transition table.

use std::fmt;
use thiserror::Error;

/// Where a signal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignalStatus {
    /// On disk, waiting for its decision.
    Received,
    /// Its orders were placed, filled or not.
    Executed,
    /// A rule said no.
    Rejected,
    /// Pitwire or a venue broke.
    Failed,
}

/// What may happen to a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusEvent {
    /// Its orders were placed.
    Execute,
    /// A rule denied it.
    Reject,
    /// Something broke, or it was too old when work resumed after a crash.
    Fail,
}

/// A change that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a signal that is {from} cannot be changed by {event:?}")]
pub struct StatusError {
    /// Where the signal stood.
    pub from: SignalStatus,
    /// What was asked.
    pub event: StatusEvent,
}

impl SignalStatus {
    /// Every status, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Received, Self::Executed, Self::Rejected, Self::Failed];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Executed => "executed",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// The status after `event`.
    ///
    /// # Errors
    /// [`StatusError`] when the signal is already decided: a decision is final.
    pub fn after(self, event: StatusEvent) -> Result<Self, StatusError> {
        match (self, event) {
            (Self::Received, StatusEvent::Execute) => Ok(Self::Executed),
            (Self::Received, StatusEvent::Reject) => Ok(Self::Rejected),
            (Self::Received, StatusEvent::Fail) => Ok(Self::Failed),
            (Self::Executed | Self::Rejected | Self::Failed, _) => Err(StatusError { from: self, event }),
        }
    }
}

impl fmt::Display for SignalStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_final() {
        for event in [StatusEvent::Execute, StatusEvent::Reject, StatusEvent::Fail] {
            assert!(SignalStatus::Received.after(event).is_ok());
            for decided in [SignalStatus::Executed, SignalStatus::Rejected, SignalStatus::Failed] {
                assert_eq!(decided.after(event), Err(StatusError { from: decided, event }));
            }
        }
    }

    #[test]
    fn words_are_read_back() {
        for status in SignalStatus::ALL {
            assert_eq!(SignalStatus::parse(status.as_str()), Some(status));
        }
        assert_eq!(SignalStatus::parse("replayed"), None);
    }
}
