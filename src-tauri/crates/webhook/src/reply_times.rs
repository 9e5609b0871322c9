//! How long answers take.

use std::sync::atomic::{AtomicU64, Ordering};

/// Buckets per doubling; a quantile is at most a quarter above the truth.
const STEPS: usize = 4;
/// Doublings: from 1 µs to over an hour.
const DOUBLINGS: usize = 32;

/// A histogram of reply times since the start, in microseconds. Recording is one atomic addition.
pub struct ReplyTimes {
    buckets: [AtomicU64; STEPS * DOUBLINGS],
}

/// What the window's footer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReplyQuantiles {
    /// How many answers were given.
    pub count: u64,
    /// Half of them took at most this long, in microseconds.
    pub p50_us: u64,
    /// 99 of 100 took at most this long, in microseconds.
    pub p99_us: u64,
}

impl Default for ReplyTimes {
    fn default() -> Self {
        Self { buckets: [const { AtomicU64::new(0) }; STEPS * DOUBLINGS] }
    }
}

impl ReplyTimes {
    /// Counts an answer.
    pub(crate) fn record(&self, micros: u64) {
        if let Some(bucket) = self.buckets.get(bucket_of(micros)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The quantiles of all answers so far; all zero before the first.
    #[must_use]
    pub fn quantiles(&self) -> ReplyQuantiles {
        let counts: Vec<u64> = self.buckets.iter().map(|b| b.load(Ordering::Relaxed)).collect();
        let count: u64 = counts.iter().sum();
        let at = |rank: u64| {
            let mut seen = 0;
            let bucket = counts.iter().position(|n| {
                seen += n;
                seen >= rank
            });
            bucket.map_or(0, upper_end)
        };
        if count == 0 {
            return ReplyQuantiles::default();
        }
        ReplyQuantiles { count, p50_us: at(count.div_ceil(2)), p99_us: at((count * 99).div_ceil(100)) }
    }
}

/// Values below `STEPS` have a bucket each; above, the top bit names the doubling and the next two bits the step.
fn bucket_of(micros: u64) -> usize {
    let small = usize::try_from(micros).unwrap_or(usize::MAX);
    if small < STEPS {
        return small;
    }
    let doubling = usize::try_from(micros.ilog2()).unwrap_or(0);
    let step = (small >> (doubling - 2)) & (STEPS - 1);
    ((doubling - 1) * STEPS + step).min(STEPS * DOUBLINGS - 1)
}

/// The largest value of a bucket.
fn upper_end(bucket: usize) -> u64 {
    if bucket < STEPS {
        return u64::try_from(bucket).unwrap_or(0);
    }
    let (doubling, step) = (bucket / STEPS + 1, bucket % STEPS);
    let end = (STEPS + step + 1) << (doubling - 2);
    u64::try_from(end).unwrap_or(u64::MAX) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_the_bucket_whose_end_is_at_most_a_quarter_above() {
        for value in (0..5_000).chain([10_000, 65_535, 65_536, 1_000_000, 2_500_000, 3_600_000_000]) {
            let end = upper_end(bucket_of(value));
            assert!(end >= value && end <= value + value / 4, "{value} in a bucket up to {end}");
        }
    }

    #[test]
    fn quantiles_count_from_the_fastest() {
        let times = ReplyTimes::default();
        assert_eq!(times.quantiles(), ReplyQuantiles::default());
        // 98 answers of 3 µs and two of 1000 µs: the 50th is 3, the 99th is 1000, in the bucket 896..=1023.
        for _ in 0..98 {
            times.record(3);
        }
        times.record(1000);
        times.record(1000);
        assert_eq!(times.quantiles(), ReplyQuantiles { count: 100, p50_us: 3, p99_us: 1023 });
    }
}
