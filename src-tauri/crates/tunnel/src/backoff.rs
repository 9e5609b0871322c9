//! How long to wait before the next attempt.

use std::time::Duration;

/// The steps, in seconds; from the last one on each wait is as long as the limit allows.
const STEPS_S: [u64; 5] = [1, 2, 5, 10, 30];
/// How much of a wait chance may take away, as a fraction.
const JITTER: f64 = 0.2;
/// No wait is shorter, so that a service that refuses at once is not asked more than once a second.
const SHORTEST: Duration = Duration::from_secs(1);
/// How often an address that is still taken is asked for again: the service gives up a dead session within half a
/// minute, and nothing but asking again tells when.
const TAKEN: Duration = Duration::from_secs(5);

/// The waits between attempts: 1, 2, 5, 10 and 30 s, up to a fifth shorter by chance, none above the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait.
    pub max: Duration,
}

impl Backoff {
    /// The wait after `failed` attempts in a row, from 1 on. `chance` is from 0 to 1.
    #[must_use]
    pub fn after(self, failed: u32, chance: f64) -> Duration {
        let step = usize::try_from(failed.saturating_sub(1)).unwrap_or(usize::MAX).min(STEPS_S.len() - 1);
        self.shaken(Duration::from_secs(STEPS_S[step]), chance)
    }

    /// The wait while the address is still taken by a session that is gone.
    #[must_use]
    pub fn while_taken(self, chance: f64) -> Duration {
        self.shaken(TAKEN, chance)
    }

    /// The wait when the service asked for patience or only the user can help.
    #[must_use]
    pub fn patient(self, chance: f64) -> Duration {
        self.shaken(self.max, chance)
    }

    fn shaken(self, wait: Duration, chance: f64) -> Duration {
        let kept = 1.0 - JITTER * chance.clamp(0.0, 1.0);
        wait.min(self.max).mul_f64(kept).max(SHORTEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(max_s: u64, failed: u32, chance: f64, expected_ms: u128) {
        let waited = Backoff { max: Duration::from_secs(max_s) }.after(failed, chance);
        assert_eq!(waited.as_millis(), expected_ms, "limit {max_s} s, attempt {failed}, chance {chance}");
    }

    #[test]
    fn waits_grow_to_the_limit_and_never_beyond() {
        for (failed, expected_ms) in [(1, 1_000), (2, 2_000), (3, 5_000), (4, 10_000), (5, 30_000)] {
            check(30, failed, 0.0, expected_ms);
        }
        check(30, 6, 0.0, 30_000);
        check(30, u32::MAX, 0.0, 30_000);
        check(30, 0, 0.0, 1_000);
    }

    #[test]
    fn chance_takes_away_a_fifth_at_most_and_no_wait_is_under_a_second() {
        check(30, 5, 1.0, 24_000);
        check(30, 3, 0.5, 4_500);
        check(30, 2, 1.0, 1_600);
        check(30, 1, 1.0, 1_000);
        check(1, 5, 1.0, 1_000);
        check(8, 5, 0.0, 8_000);
        check(30, 5, 7.0, 24_000);
    }
}
