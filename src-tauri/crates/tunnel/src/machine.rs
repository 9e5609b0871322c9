//! The states of the tunnel and what leads from one to the next: pure, so that every way can be tried without a clock.
//!
//! ```text
//!            wanted            connected            lost
//! off ──────────────▶ connecting ────────▶ online ────────▶ reconnecting ──connected──▶ online
//!  ▲                      │  ▲                                  │   ▲
//!  └── no longer wanted   ▼  │ due                              ▼   │ due
//!      (from anywhere)   failed, when only the user can help ──────┘
//! ```

use crate::{Backoff, Cause, Fault, Standing, State};
use std::time::Duration;

/// What can happen to a tunnel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Happened {
    /// Another plan, which wants a tunnel.
    Wanted {
        /// The longest wait between attempts.
        backoff: Backoff,
    },
    /// No tunnel is wanted any more.
    Unwanted(Fault),
    /// An attempt went well.
    Connected {
        /// The public address.
        url: String,
    },
    /// An attempt went wrong.
    Refused(Fault),
    /// The link is gone.
    Lost(Fault),
    /// The wait is over.
    Due,
    /// It is to be connected anew at once.
    Anew(Fault),
}

/// What is to be done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// Nothing until another plan comes.
    Rest,
    /// Make an attempt now.
    Connect,
    /// Watch the link.
    Watch,
    /// Wait, then say that it is due.
    Wait(Duration),
}

/// The state, and what it takes to leave it.
#[derive(Debug)]
pub(crate) struct Machine {
    standing: Standing,
    backoff: Backoff,
    /// Whether this plan has been online before.
    was_online: bool,
    /// Attempts that failed since it was last online.
    failed: u32,
}

impl Machine {
    pub(crate) fn new(fault: Fault) -> Self {
        let backoff = Backoff { max: crate::Timing::default().backoff_max };
        Self { standing: Standing::off(fault), backoff, was_online: false, failed: 0 }
    }

    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// Takes in what happened and says what is to be done. `chance` is from 0 to 1.
    pub(crate) fn take(&mut self, happened: Happened, chance: f64) -> Next {
        match happened {
            Happened::Wanted { backoff } => {
                self.backoff = backoff;
                // A changed plan interrupts what was online; the time until it is again is a gap like any other.
                if self.standing.state == State::Online {
                    self.failed = 0;
                    return self.attempt(State::Reconnecting, Some(Fault::of(Cause::Changed)));
                }
                self.failed = 0;
                let state = if self.was_online { State::Reconnecting } else { State::Connecting };
                self.attempt(state, None)
            }
            Happened::Unwanted(fault) => {
                self.was_online = false;
                self.failed = 0;
                self.standing = Standing::off(fault);
                Next::Rest
            }
            Happened::Connected { url } => {
                self.was_online = true;
                self.failed = 0;
                self.standing = Standing {
                    state: State::Online,
                    fault: None,
                    public_url: Some(url),
                    attempts: 0,
                    retry_in: None,
                };
                Next::Watch
            }
            Happened::Refused(fault) => self.refused(fault, chance),
            Happened::Lost(fault) => self.lost(fault, chance),
            Happened::Due => self.attempt(self.standing.state, self.standing.fault.clone()),
            Happened::Anew(fault) => {
                if self.standing.state == State::Off {
                    return Next::Rest;
                }
                self.failed = 0;
                let state = if self.was_online { State::Reconnecting } else { State::Connecting };
                self.attempt(state, Some(fault))
            }
        }
    }

    fn refused(&mut self, fault: Fault, chance: f64) -> Next {
        self.failed = self.failed.saturating_add(1);
        let wait = if fault.cause == Cause::EndpointTaken {
            self.backoff.while_taken(chance)
        } else if fault.cause == Cause::RateLimited || fault.cause.needs_the_user() {
            self.backoff.patient(chance)
        } else {
            self.backoff.after(self.failed, chance)
        };
        let state = match (fault.cause.needs_the_user(), self.was_online) {
            (true, _) => State::Failed,
            (false, true) => State::Reconnecting,
            (false, false) => State::Connecting,
        };
        self.wait(state, fault, wait)
    }

    fn lost(&mut self, fault: Fault, chance: f64) -> Next {
        self.failed = 0;
        if fault.cause == Cause::StoppedInDashboard {
            self.standing = Standing {
                state: State::Failed,
                fault: Some(fault),
                public_url: None,
                attempts: 0,
                retry_in: None,
            };
            return Next::Rest;
        }
        if fault.cause.needs_the_user() {
            return self.wait(State::Failed, fault, self.backoff.patient(chance));
        }
        self.wait(State::Reconnecting, fault, self.backoff.after(1, chance))
    }

    fn wait(&mut self, state: State, fault: Fault, wait: Duration) -> Next {
        self.standing = Standing {
            state,
            fault: Some(fault),
            public_url: None,
            attempts: self.failed,
            retry_in: Some(wait),
        };
        Next::Wait(wait)
    }

    fn attempt(&mut self, state: State, fault: Option<Fault>) -> Next {
        self.standing = Standing { state, fault, public_url: None, attempts: self.failed, retry_in: None };
        Next::Connect
    }
}

#[cfg(test)]
mod tests;
