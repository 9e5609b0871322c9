//! The tree of conditions.

use crate::operand::Operand;
use crate::operator::{Comparison, Crossing, Slope};
use domain::{Symbol, Timeframe};
use std::fmt;

/// A condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every one of these.
    All(Vec<Condition>),
    /// At least one of these.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A comparison.
    Leaf(Box<Leaf>),
}

/// A comparison on the candles of one timeframe.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// What is compared.
    pub left: Operand,
    /// With what, and how.
    pub test: Test,
    /// Whose candles; needed where an operand is an expression.
    pub timeframe: Option<Timeframe>,
    /// Whose candles, where it is not the signal's symbol.
    pub symbol: Option<Symbol>,
}

/// How a comparison is made.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// With another operand, at the same bar.
    Compare(Comparison, Operand),
    /// With another operand, at this bar and the one before.
    Cross(Crossing, Operand),
    /// With itself, over so many steps.
    Trend(Slope, usize),
    /// With a lowest and a highest, both allowed.
    Between(Operand, Operand),
}

impl Test {
    /// The word used in files.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Compare(comparison, _) => comparison.as_str(),
            Self::Cross(crossing, _) => crossing.as_str(),
            Self::Trend(slope, _) => slope.as_str(),
            Self::Between(..) => "between",
        }
    }

    /// The operands besides the left one.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        let (first, second) = match self {
            Self::Compare(_, right) | Self::Cross(_, right) => (Some(right), None),
            Self::Trend(..) => (None, None),
            Self::Between(low, high) => (Some(low), Some(high)),
        };
        first.into_iter().chain(second)
    }
}

impl Leaf {
    /// All its operands, the left one first.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        std::iter::once(&self.left).chain(self.test.operands())
    }
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.left, self.test.word())?;
        match &self.test {
            Test::Compare(_, right) | Test::Cross(_, right) => write!(f, " {right}"),
            Test::Trend(_, steps) => write!(f, " {steps}"),
            Test::Between(low, high) => write!(f, " {low} and {high}"),
        }
    }
}

impl Condition {
    /// Every leaf with its path below `path`, in the order of the tree.
    pub fn leaves(&self, path: &str) -> Vec<(String, &Leaf)> {
        let mut found = Vec::new();
        self.collect(path.to_owned(), &mut found);
        found
    }

    fn collect<'a>(&'a self, path: String, found: &mut Vec<(String, &'a Leaf)>) {
        match self {
            Self::All(conditions) => collect_group(conditions, &format!("{path}.all"), found),
            Self::Any(conditions) => collect_group(conditions, &format!("{path}.any"), found),
            Self::Not(condition) => condition.collect(format!("{path}.not"), found),
            Self::Leaf(leaf) => found.push((path, leaf)),
        }
    }
}

fn collect_group<'a>(conditions: &'a [Condition], path: &str, found: &mut Vec<(String, &'a Leaf)>) {
    for (index, condition) in conditions.iter().enumerate() {
        condition.collect(format!("{path}[{index}]"), found);
    }
}
