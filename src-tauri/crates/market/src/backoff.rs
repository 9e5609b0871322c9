//! How long a lost connection is left alone: twice as long each time, at most a minute, with jitter, so that many
//! programs that lost a venue at once do not come back at once.

use std::time::Duration;

/// The first wait, in seconds.
const FIRST_S: f64 = 1.0;
/// The longest wait, in seconds.
const LONGEST_S: f64 = 60.0;

/// The wait after the `failures`th failure in a row, from half of 1, 2, 4 … 60 s up to all of it. `chance` is a random
/// number from 0 to 1.
pub(crate) fn wait(failures: u32, chance: f64) -> Duration {
    let doubled = FIRST_S * 2_f64.powi(i32::try_from(failures.clamp(1, 16)).unwrap_or(16) - 1);
    let chance = if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 };
    Duration::from_secs_f64(doubled.min(LONGEST_S) * (1.0 - chance / 2.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_minute_and_jitter_takes_at_most_half() {
        for (failures, longest) in [(0, 1), (1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (u32::MAX, 60)]
        {
            assert_eq!(wait(failures, 0.0), Duration::from_secs(longest), "{failures}");
            assert_eq!(wait(failures, 1.0), Duration::from_secs(longest) / 2, "{failures}");
            assert_eq!(wait(failures, f64::NAN), Duration::from_secs(longest), "{failures}");
        }
    }
}
