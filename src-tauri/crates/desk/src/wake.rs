//! Wakes the driver: a signal that is remembered when nobody waits, and many that count as one.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Debug, Default)]
pub(crate) struct Wake {
    called: Mutex<bool>,
    bell: Condvar,
}

impl Wake {
    /// Wakes the waiting thread, or the next one to wait.
    pub(crate) fn call(&self) {
        let mut called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        if !*called {
            *called = true;
            self.bell.notify_one();
        }
    }

    /// Waits for `time` whatever calls come; they are remembered.
    pub(crate) fn rest(&self, time: Duration) {
        let called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        let _rested = self.bell.wait_timeout_while(called, time, |_| true);
    }

    /// Waits until called, at most `limit`.
    pub(crate) fn wait(&self, limit: Duration) {
        let called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(called, limit, |called| !*called);
        let (mut called, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *called = false;
    }
}
