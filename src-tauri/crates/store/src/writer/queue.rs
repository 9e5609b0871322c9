//! The bounded queue before the writer: putting never waits, taking takes all that is there up to a group.

use super::job::Work;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use thiserror::Error;

/// The most jobs that wait.
pub const QUEUE_MAX: usize = 4_096;

/// The most jobs that one transaction takes.
pub const GROUP_MAX: usize = 256;

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

#[derive(Default)]
struct State {
    jobs: VecDeque<Box<dyn Work>>,
    closed: bool,
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
        drop(state);
        self.arrived.notify_one();
        Ok(())
    }

    /// The next group, once there is a job; nothing when the queue is closed and empty.
    pub(super) fn take(&self) -> Option<Vec<Box<dyn Work>>> {
        let mut state = self.state();
        while state.jobs.is_empty() {
            if state.closed {
                return None;
            }
            state = self.arrived.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let group = state.jobs.len().min(GROUP_MAX);
        Some(state.jobs.drain(..group).collect())
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
