//! The operators of conditions, on numbers that may be na.

use indicators::TOLERANCE;
use std::fmt;

/// The most bars that `rising` and `falling` look back.
pub const TREND_MAX: usize = 100;

macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// Reads the word back.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words!(
    /// Compares two numbers of the same bar. Numbers that differ by no more than Pine's tolerance, 1e-10, are equal, so
    /// that of greater, equal and less exactly one is true.
    Comparison {
        /// Greater.
        Greater = ">",
        /// Greater or equal.
        AtLeast = ">=",
        /// Less.
        Less = "<",
        /// Less or equal.
        AtMost = "<=",
        /// Equal.
        Equal = "==",
    }
);

words!(
    /// Compares two series at this bar and at the last one before it where both were defined; exactly, as Pine's
    /// `ta.crossover` and `ta.crossunder` do.
    Crossing {
        /// Now above, before not above.
        Above = "crosses_above",
        /// Now below, before not below.
        Below = "crosses_below",
    }
);

words!(
    /// Whether each of the last n steps of a series went the same way, by more than the tolerance, as Pine's
    /// `ta.rising` and `ta.falling`.
    Slope {
        /// Each step up.
        Rising = "rising",
        /// Each step down.
        Falling = "falling",
    }
);

impl Comparison {
    pub(crate) fn holds(self, left: f64, right: f64) -> bool {
        let above = left - right;
        match self {
            Self::Greater => above > TOLERANCE,
            Self::AtLeast => above >= -TOLERANCE,
            Self::Less => above < -TOLERANCE,
            Self::AtMost => above <= TOLERANCE,
            Self::Equal => above.abs() <= TOLERANCE,
        }
    }
}

impl Crossing {
    /// Whether it happened at the last pair; nothing where that is not defined. The first defined pair crosses nothing.
    pub(crate) fn holds(
        self,
        mut pairs: impl DoubleEndedIterator<Item = Option<(f64, f64)>>,
    ) -> Option<bool> {
        let (left, right) = pairs.next_back()??;
        let Some((left_before, right_before)) = pairs.rev().flatten().next() else { return Some(false) };
        Some(match self {
            Self::Above => left > right && left_before <= right_before,
            Self::Below => left < right && left_before >= right_before,
        })
    }
}

impl Slope {
    /// Whether the last `steps` steps went this way; nothing where one of their values is na or missing.
    pub(crate) fn holds(self, values: &[Option<f64>], steps: usize) -> Option<bool> {
        let first = values.len().checked_sub(steps.checked_add(1)?)?;
        let last: Vec<f64> = values[first..].iter().copied().collect::<Option<_>>()?;
        let goes = |pair: &[f64]| match self {
            Self::Rising => pair[1] - pair[0] > TOLERANCE,
            Self::Falling => pair[0] - pair[1] > TOLERANCE,
        };
        Some(last.windows(2).all(goes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_greater_equal_and_less_exactly_one_is_true() {
        let check = |left: f64, right: f64, expected: &str| {
            let held = Comparison::ALL.iter().filter(|c| c.holds(left, right)).map(|c| c.as_str());
            assert_eq!(held.collect::<Vec<_>>().join(" "), expected, "{left} {right}");
        };
        check(2.0, 1.0, "> >=");
        check(1.0, 2.0, "< <=");
        check(1.0, 1.0, ">= <= ==");
        check(0.1 + 0.2, 0.3, ">= <= ==");
        check(1.0 + 0.9e-10, 1.0, ">= <= ==");
        check(1.0 + 1.2e-10, 1.0, "> >=");
        check(-1.0, 1.0, "< <=");
    }

    const NA: f64 = f64::NAN;

    fn defined(number: f64) -> Option<f64> {
        Some(number).filter(|n| !n.is_nan())
    }

    #[test]
    fn a_crossing_is_from_not_above_to_above() {
        let check = |left: &[f64], right: &[f64], above: Option<bool>, below: Option<bool>| {
            let pairs = || left.iter().zip(right).map(|(l, r)| defined(*l).zip(defined(*r)));
            assert_eq!(Crossing::Above.holds(pairs()), above, "{left:?} above {right:?}");
            assert_eq!(Crossing::Below.holds(pairs()), below, "{left:?} below {right:?}");
        };
        let (yes, no) = (Some(true), Some(false));
        check(&[1.0, 3.0], &[2.0, 2.0], yes, no);
        check(&[3.0, 1.0], &[2.0, 2.0], no, yes);
        check(&[2.0, 3.0], &[2.0, 2.0], yes, no);
        check(&[2.0, 1.0], &[2.0, 2.0], no, yes);
        check(&[1.0, 2.0], &[2.0, 2.0], no, no);
        check(&[3.0, 4.0], &[2.0, 2.0], no, no);
        // No tolerance: the smallest step crosses, and the smallest distance before keeps it from crossing.
        check(&[2.0, 2.0 + 5e-11], &[2.0, 2.0], yes, no);
        check(&[2.0 + 5e-11, 3.0], &[2.0, 2.0], no, no);
        // A gap is passed over, and the first defined bar crosses nothing.
        check(&[1.0, NA, 3.0], &[2.0, 2.0, 2.0], yes, no);
        check(&[1.0, 1.0, 3.0], &[NA, NA, 2.0], no, no);
        check(&[1.0, NA], &[2.0, 2.0], None, None);
        check(&[], &[], None, None);
        check(&[3.0], &[2.0], no, no);
    }

    #[test]
    fn a_slope_is_made_of_steps_that_all_go_one_way() {
        let check = |values: &[f64], steps: usize, rising: Option<bool>, falling: Option<bool>| {
            let values: Vec<Option<f64>> = values.iter().map(|n| defined(*n)).collect();
            assert_eq!(Slope::Rising.holds(&values, steps), rising, "{values:?} {steps}");
            assert_eq!(Slope::Falling.holds(&values, steps), falling, "{values:?} {steps}");
        };
        let (yes, no) = (Some(true), Some(false));
        check(&[1.0, 2.0, 3.0], 2, yes, no);
        check(&[9.0, 1.0, 2.0, 3.0], 2, yes, no);
        check(&[9.0, 1.0, 2.0, 3.0], 3, no, no);
        check(&[3.0, 2.0, 1.0], 2, no, yes);
        check(&[1.0, 3.0, 2.0], 2, no, no);
        check(&[1.0, 1.0, 2.0], 2, no, no);
        check(&[1.0, 1.0 + 5e-11], 1, no, no);
        check(&[1.0, NA, 3.0], 2, None, None);
        check(&[NA, 2.0, 3.0], 1, yes, no);
        check(&[2.0, 3.0], 2, None, None);
        check(&[], 1, None, None);
    }
}
