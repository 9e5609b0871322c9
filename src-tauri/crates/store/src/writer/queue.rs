//! The bounded queue before the writer: putting never waits, taking takes all that is there up to a group.
//!
//! Senders that were answered together send again together, a moment apart. Taking the first of them at once would
//! flush for it alone and let the others wait for a second flush; so where the last group was large, the next one is
//! given a moment to gather: half of what a flush takes here, because to wait longer would cost more than the second
//! flush. A lone job after lone jobs is taken at once.

use super::job::Work;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;

/// The most jobs that wait.
pub const QUEUE_MAX: usize = 4_096;

/// The most jobs that one transaction takes.
pub const GROUP_MAX: usize = 256;

/// How long a group gathers at the most, however slow the disk is.
const GATHER_MAX: Duration = Duration::from_millis(2);

/// A job that was not taken; it has not run and will not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Busy {
    /// [`QUEUE_MAX`] jobs wait already.
    #[error("too many writes are waiting")]
    QueueFull,
    /// The store is closing.
    #[error("the database is being closed")]
    ShuttingDown,
}

#[derive(Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    arrived: Condvar,
}

struct State {
    jobs: VecDeque<Box<dyn Work>>,
    closed: bool,
    /// How many jobs the writer waits for; it is not woken for fewer. Nothing while it does not wait: to ring is a call
    /// of the system even where nobody listens.
    wanted: Option<usize>,
    /// The size of the last groups, forgotten by an eighth with each: what the next one is likely to be.
    likely: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { jobs: VecDeque::new(), closed: false, wanted: None, likely: 1 }
    }
}

/// What the writer is to do next.
pub(super) enum Taken {
    /// These jobs, in one transaction.
    Group(Vec<Box<dyn Work>>),
    /// Whatever it does when nobody asks for anything.
    Idle,
    /// Nothing any more.
    Closed,
}

impl Queue {
    pub(super) fn put(&self, job: Box<dyn Work>) -> Result<(), Busy> {
        let mut state = self.state();
        if state.closed {
            return Err(Busy::ShuttingDown);
        }
        if state.jobs.len() >= QUEUE_MAX {
            return Err(Busy::QueueFull);
        }
        state.jobs.push_back(job);
        let waiting = state.jobs.len();
        let enough = state.wanted.take_if(|wanted| waiting >= *wanted);
        drop(state);
        if enough.is_some() {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// The next group, once there is a job; [`Taken::Idle`] when there was none for as long as `idle`. `flush` is how
    /// long a commit takes.
    pub(super) fn take(&self, idle: Option<Duration>, flush: Duration) -> Taken {
        let mut state = self.wait(self.state(), 1, idle);
        if state.jobs.is_empty() {
            return if state.closed { Taken::Closed } else { Taken::Idle };
        }
        let likely = state.likely;
        if state.jobs.len() < likely {
            state = self.wait(state, likely, Some(GATHER_MAX.min(flush / 2)));
        }
        let group = state.jobs.len().min(GROUP_MAX);
        state.likely = group.max(likely * 7 / 8);
        Taken::Group(state.jobs.drain(..group).collect())
    }

    /// Waits until there are `wanted` jobs, or no more can come, or `most` has passed.
    fn wait<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        wanted: usize,
        most: Option<Duration>,
    ) -> MutexGuard<'a, State> {
        state.wanted = Some(wanted);
        let short = |state: &mut State| state.jobs.len() < wanted && !state.closed;
        let mut state = match most {
            Some(most) => {
                let waited = self.arrived.wait_timeout_while(state, most, short);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.arrived.wait_while(state, short).unwrap_or_else(PoisonError::into_inner),
        };
        state.wanted = None;
        state
    }

    pub(super) fn close(&self) {
        self.state().closed = true;
        self.arrived.notify_all();
    }

    pub(super) fn waiting(&self) -> usize {
        self.state().jobs.len()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No job runs under this lock, so a panic cannot leave the list half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
