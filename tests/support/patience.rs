//! Waiting for a state, never for a time: the state is looked at again and again until it is there or patience ends.

use std::time::{Duration, Instant};

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// How long to look away between two looks.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// Looks until there is something, and returns it.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(started.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}");
        pause();
    }
}

/// A moment between two looks at the same thing.
pub(crate) fn pause() {
    std::thread::park_timeout(BETWEEN_LOOKS);
}
