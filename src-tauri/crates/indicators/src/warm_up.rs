//! How many bars a value needs before it no longer depends on where the series began.

use crate::indicator::count;
use domain::Timeframe;

/// What is left of a different beginning when it counts as forgotten.
const FORGOTTEN: f64 = 1e-6;

/// The bars that an indicator needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarmUp {
    /// Bars until its first value, that bar among them.
    pub first: usize,
    /// Bars more until a different beginning has decayed below one millionth; 0 where nothing before the first ones
    /// is felt at all.
    pub decay: usize,
    /// Whether it needs the whole session, a UTC day, up to now.
    pub session: bool,
}

impl WarmUp {
    /// Nothing is felt but the last `first` bars.
    #[must_use]
    pub(crate) fn window(first: usize) -> Self {
        Self { first, decay: 0, session: false }
    }

    /// The same, with recursive averages whose weights of the newest value are given, one after the other.
    #[must_use]
    pub(crate) fn decaying(first: usize, weights: &[f64]) -> Self {
        Self { first, decay: weights.iter().map(|weight| decay(*weight)).sum(), session: false }
    }

    /// The bars of a source and then of what is computed of it.
    #[must_use]
    pub(crate) fn after(self, source: Self) -> Self {
        Self {
            first: source.first + self.first - 1,
            decay: source.decay + self.decay,
            session: source.session || self.session,
        }
    }

    /// Whichever needs more, part by part.
    #[must_use]
    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            first: self.first.max(other.first),
            decay: self.decay.max(other.decay),
            session: self.session || other.session,
        }
    }

    /// The same value, `bars` later.
    #[must_use]
    pub fn later(self, bars: usize) -> Self {
        Self { first: self.first + bars, ..self }
    }

    /// How many bars of this timeframe are needed in all.
    #[must_use]
    pub fn bars(self, timeframe: Timeframe) -> usize {
        let session = if self.session { bars_of_a_day(timeframe) } else { 0 };
        self.first + self.decay + session
    }
}

fn bars_of_a_day(timeframe: Timeframe) -> usize {
    const DAY_MIN: u32 = 1_440;
    usize::try_from(DAY_MIN.div_ceil(timeframe.minutes())).unwrap_or(usize::MAX)
}

/// The weight of the newest value in an exponential average.
#[must_use]
pub(crate) fn ema_weight(length: usize) -> f64 {
    2.0 / (count(length) + 1.0)
}

/// The weight of the newest value in Wilder's average.
#[must_use]
pub(crate) fn rma_weight(length: usize) -> f64 {
    1.0 / count(length)
}

/// Bars until `(1 - weight)^bars` is below one millionth.
fn decay(weight: f64) -> usize {
    let mut left = 1.0;
    let mut bars = 0;
    while left >= FORGOTTEN && weight > 0.0 {
        left *= 1.0 - weight;
        bars += 1;
    }
    bars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_decays_as_long_as_the_weights_say() {
        // ln(1e-6) / ln(1 - weight), rounded up.
        for (length, bars) in [(12, 83), (20, 139), (26, 180), (50, 346), (200, 1_382)] {
            assert_eq!(decay(ema_weight(length)), bars, "ema {length}");
        }
        assert_eq!(decay(rma_weight(14)), 187);
        assert_eq!(decay(rma_weight(1)), 1);
    }

    #[test]
    fn a_session_is_a_day_of_bars() {
        let session = WarmUp { session: true, ..WarmUp::window(1) };
        for (timeframe, bars) in [("1m", 1_441), ("1h", 25), ("8h", 4), ("1d", 2), ("1w", 2)] {
            assert_eq!(session.bars(Timeframe::parse(timeframe).unwrap()), bars, "{timeframe}");
        }
    }
}
