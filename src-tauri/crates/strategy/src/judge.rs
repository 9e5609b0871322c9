//! Judges a signal by what was observed.

use crate::condition::{Condition, Leaf, Test};
use crate::judgement::{Judgement, LeafReport, Outcome, Unknown, Value};
use crate::observe::{Observed, ObservedLeaf, Track};
use crate::operator::Comparison;
use crate::strategy::Strategy;
use crate::supply::SeriesKey;
use domain::Signal;
use std::iter;

impl Strategy {
    /// Judges a signal. Every condition is looked at, whatever the others say, so that the report is complete.
    #[must_use]
    pub fn judge(&self, observed: &Observed, signal: &Signal) -> Judgement {
        let leaves = self.definition.when.leaves("when");
        let report = |((path, leaf), seen): ((String, &Leaf), &ObservedLeaf)| LeafReport {
            path,
            text: leaf.to_string(),
            passed: holds(&leaf.test, seen, signal),
            symbol: seen.key.as_ref().map(|key| key.symbol.clone()),
            timeframe: seen.key.as_ref().map(|key| key.timeframe),
            opened_at: seen.opened_at,
            values: leaf
                .operands()
                .zip(&seen.operands)
                .map(|(operand, track)| track.report(operand.to_string(), signal))
                .collect(),
            missing: None,
        };
        let leaves: Vec<LeafReport> = leaves.into_iter().zip(&observed.leaves).map(report).collect();
        let passed: Vec<Option<bool>> = leaves.iter().map(|leaf| leaf.passed).collect();
        let outcome = match Tree::of(&self.definition.when, &mut passed.iter().copied().enumerate()) {
            Tree { truth: Some(true), .. } => Outcome::Confirm,
            Tree { against, .. } => {
                let first = against.and_then(|index| leaves.get(index)).or(leaves.first());
                Outcome::Deny { first_failing: first.map(|leaf| leaf.path.clone()).unwrap_or_default() }
            }
        };
        Judgement { outcome, leaves }
    }

    /// Says of a signal that there is no verdict, and of every condition on the candles in question that these are
    /// missing.
    #[must_use]
    pub fn without_verdict(&self, unknown: Unknown, signal: &Signal) -> Judgement {
        let mut judgement = self.judge(&self.observe_nothing(&signal.symbol), signal);
        for leaf in &mut judgement.leaves {
            let key = leaf.symbol.clone().zip(leaf.timeframe);
            let is_of = key.is_some_and(|(symbol, timeframe)| unknown.key == SeriesKey { symbol, timeframe });
            leaf.missing = is_of.then(|| unknown.clone());
        }
        Judgement { outcome: Outcome::Unknown(unknown), ..judgement }
    }
}

impl Track {
    /// The values of the last bars, the newest last. What has no bars was always what it is now.
    fn values(&self, bars: usize, signal: &Signal) -> Vec<Option<f64>> {
        match self {
            Self::Always(number) => vec![Some(*number); bars],
            Self::Alert(field) => vec![field.of(signal); bars],
            Self::Bars(values) => values.clone(),
        }
    }

    fn now(&self, signal: &Signal) -> Option<f64> {
        match self {
            Self::Always(number) => Some(*number),
            Self::Alert(field) => field.of(signal),
            Self::Bars(values) => values.last().copied().flatten(),
        }
    }

    fn report(&self, operand: String, signal: &Signal) -> Value {
        let before = match self {
            Self::Always(_) | Self::Alert(_) => None,
            Self::Bars(values) => values.iter().rev().nth(1).copied().flatten(),
        };
        Value { operand, value: self.now(signal), before }
    }

    /// How many bars it has, where it has any.
    fn bars(&self) -> Option<usize> {
        match self {
            Self::Always(_) | Self::Alert(_) => None,
            Self::Bars(values) => Some(values.len()),
        }
    }
}

/// Whether a comparison holds; nothing where an operand is na.
fn holds(test: &Test, seen: &ObservedLeaf, signal: &Signal) -> Option<bool> {
    let now = |index: usize| seen.operands.get(index).and_then(|track| track.now(signal));
    match test {
        Test::Compare(comparison, _) => Some(comparison.holds(now(0)?, now(1)?)),
        Test::Between(..) => {
            let (value, low, high) = (now(0)?, now(1)?, now(2)?);
            Some(Comparison::AtLeast.holds(value, low) && Comparison::AtMost.holds(value, high))
        }
        Test::Trend(slope, steps) => match seen.operands.first()? {
            Track::Bars(values) => slope.holds(values, *steps),
            Track::Always(_) | Track::Alert(_) => None,
        },
        Test::Cross(crossing, _) => {
            let bars = seen.operands.iter().find_map(Track::bars).unwrap_or(1);
            let series = |index: usize| seen.operands.get(index).map(|track| track.values(bars, signal));
            let (left, right) = (series(0)?, series(1)?);
            crossing.holds(iter::zip(left, right).map(|(left, right)| left.zip(right)))
        }
    }
}

/// What a part of the tree comes to.
struct Tree {
    /// Nothing where it hangs on what is na.
    truth: Option<bool>,
    /// The first leaf that keeps it from being true.
    against: Option<usize>,
    /// The first leaf that keeps it from being false: to blame when this is what must not be.
    for_it: Option<usize>,
}

impl Tree {
    /// Takes the leaves in the order of the tree.
    fn of(condition: &Condition, leaves: &mut impl Iterator<Item = (usize, Option<bool>)>) -> Self {
        match condition {
            Condition::Leaf(_) => {
                let (index, truth) = leaves.next().map_or((0, None), |leaf| leaf);
                Self {
                    truth,
                    against: (truth != Some(true)).then_some(index),
                    for_it: (truth != Some(false)).then_some(index),
                }
            }
            Condition::Not(condition) => {
                let Self { truth, against, for_it } = Self::of(condition, leaves);
                Self { truth: truth.map(|truth| !truth), against: for_it, for_it: against }
            }
            Condition::All(conditions) => {
                let parts: Vec<Self> = conditions.iter().map(|c| Self::of(c, leaves)).collect();
                Self {
                    truth: parts.iter().map(|part| part.truth).fold(Some(true), and),
                    against: parts.iter().find(|p| p.truth != Some(true)).and_then(|p| p.against),
                    for_it: parts.iter().find_map(|part| part.for_it),
                }
            }
            Condition::Any(conditions) => {
                let parts: Vec<Self> = conditions.iter().map(|c| Self::of(c, leaves)).collect();
                let none = parts.iter().map(|part| part.truth.map(|truth| !truth)).fold(Some(true), and);
                Self {
                    truth: none.map(|none| !none),
                    against: parts.iter().find_map(|part| part.against),
                    for_it: parts.iter().find(|p| p.truth != Some(false)).and_then(|p| p.for_it),
                }
            }
        }
    }
}

/// False where one is false, else na where one is na.
fn and(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}
