//! What makes a definition no strategy.

use crate::condition::{Condition, Leaf, Test};
use crate::operand::Operand;
use crate::operator::TREND_MAX;
use crate::strategy::{
    CANDLES_MAX, DEPTH_MAX, Definition, LEAVES_MAX, NAME_MAX, SERIES_MAX, TIMEFRAMES_MAX, candles_for,
};
use std::collections::BTreeSet;
use thiserror::Error;

/// Something wrong at a place of the definition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {problem}")]
pub struct Fault {
    /// Where, as a path such as `when.all[0].any[2].left`.
    pub path: String,
    /// What.
    pub problem: Problem,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// No name, or too long a one.
    #[error("a name has 1 to {NAME_MAX} characters")]
    Name,
    /// A group with nothing in it.
    #[error("the group is empty: put at least one condition into it")]
    EmptyGroup,
    /// Groups in groups, too deep.
    #[error("conditions are nested at most {DEPTH_MAX} deep")]
    TooDeep,
    /// More comparisons than are looked at.
    #[error("a strategy has at most {LEAVES_MAX} conditions, not {found}")]
    TooManyLeaves {
        /// How many there are.
        found: usize,
    },
    /// More timeframes than are looked at.
    #[error("a strategy looks at no more than {TIMEFRAMES_MAX} timeframes, not {found}")]
    TooManyTimeframes {
        /// How many there are.
        found: usize,
    },
    /// More series of candles than are fetched.
    #[error("a strategy looks at no more than {SERIES_MAX} pairs of symbol and timeframe, not {found}")]
    TooManySeries {
        /// How many there are.
        found: usize,
    },
    /// Candles are needed, but nobody knows which.
    #[error("a timeframe is missing: {expression} is computed from candles")]
    TimeframeMissing {
        /// What needs them.
        expression: String,
    },
    /// Numbers are compared with numbers.
    #[error("nothing here can change: compare an indicator or a field of the alert")]
    Constant,
    /// The trend of something that has none.
    #[error("{operand} has no past bars: only an indicator or a price of the candles rises or falls")]
    NoPast {
        /// What it is asked of.
        operand: String,
    },
    /// A trend over no bars or too many.
    #[error("n is a whole number of bars from 1 to {TREND_MAX}")]
    Steps,
    /// An indicator that needs more candles than are fetched.
    #[error(
        "{expression} needs {candles} candles before it agrees with a chart; at most {CANDLES_MAX} are fetched"
    )]
    TooManyCandles {
        /// Which.
        expression: String,
        /// How many it needs.
        candles: usize,
    },
}

/// Everything that is wrong with a definition.
pub(crate) fn faults(definition: &Definition) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut say = |path: &str, problem: Problem| faults.push(Fault { path: path.to_owned(), problem });
    if definition.name.trim().is_empty() || definition.name.chars().count() > NAME_MAX {
        say("name", Problem::Name);
    }
    groups(&definition.when, "when", 1, &mut say);
    let leaves = definition.when.leaves("when");
    if leaves.len() > LEAVES_MAX {
        say("when", Problem::TooManyLeaves { found: leaves.len() });
    }
    let timeframes: BTreeSet<_> = leaves.iter().filter_map(|(_, leaf)| leaf.timeframe).collect();
    if timeframes.len() > TIMEFRAMES_MAX {
        say("when", Problem::TooManyTimeframes { found: timeframes.len() });
    }
    let series: BTreeSet<_> =
        leaves.iter().filter_map(|(_, leaf)| Some((&leaf.symbol, leaf.timeframe?))).collect();
    if series.len() > SERIES_MAX {
        say("when", Problem::TooManySeries { found: series.len() });
    }
    for (path, leaf) in leaves {
        check_leaf(&path, leaf, &mut say);
    }
    faults
}

/// The groups of the tree; below the greatest depth nothing is looked at.
fn groups(condition: &Condition, path: &str, depth: usize, say: &mut impl FnMut(&str, Problem)) {
    if depth > DEPTH_MAX {
        say(path, Problem::TooDeep);
        return;
    }
    let (conditions, word) = match condition {
        Condition::All(conditions) => (conditions, "all"),
        Condition::Any(conditions) => (conditions, "any"),
        Condition::Not(condition) => return groups(condition, &format!("{path}.not"), depth + 1, say),
        Condition::Leaf(_) => return,
    };
    if conditions.is_empty() {
        say(&format!("{path}.{word}"), Problem::EmptyGroup);
    }
    for (index, condition) in conditions.iter().enumerate() {
        groups(condition, &format!("{path}.{word}[{index}]"), depth + 1, say);
    }
}

fn check_leaf(path: &str, leaf: &Leaf, say: &mut impl FnMut(&str, Problem)) {
    for expression in leaf.operands().filter_map(|operand| operand.expression()) {
        let Some(timeframe) = leaf.timeframe else {
            let expression = expression.to_string();
            say(&format!("{path}.timeframe"), Problem::TimeframeMissing { expression });
            break;
        };
        let candles = candles_for(expression.warm_up(), timeframe);
        if candles > CANDLES_MAX {
            say(path, Problem::TooManyCandles { expression: expression.to_string(), candles });
        }
    }
    if let Test::Trend(_, steps) = leaf.test {
        if !(1..=TREND_MAX).contains(&steps) {
            say(&format!("{path}.n"), Problem::Steps);
        }
        if leaf.left.expression().is_none() {
            say(&format!("{path}.left"), Problem::NoPast { operand: leaf.left.to_string() });
        }
    } else if leaf.operands().all(|operand| matches!(operand, Operand::Number(_))) {
        say(path, Problem::Constant);
    }
}
