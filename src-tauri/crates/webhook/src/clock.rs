//! Time, as it is handed in.

use domain::Timestamp;

/// The two clocks that the listener reads.
pub trait Clock: Send + Sync + 'static {
    /// The time of day; it may jump.
    fn now(&self) -> Timestamp;

    /// Microseconds since any fixed point; never goes back.
    fn monotonic_us(&self) -> u64;
}
