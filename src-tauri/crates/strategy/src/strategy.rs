//! A strategy as a whole: its conditions, when they are asked, and what they need.

use crate::check::{self, Fault};
use crate::condition::Condition;
use crate::operator::words;
use crate::supply::{Need, SeriesKey};
use domain::{Symbol, Timeframe};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The longest name, in characters.
pub const NAME_MAX: usize = 80;
/// The most comparisons in a strategy.
pub const LEAVES_MAX: usize = 50;
/// How deep conditions may be nested.
pub const DEPTH_MAX: usize = 8;
/// The most timeframes in a strategy.
pub const TIMEFRAMES_MAX: usize = 3;
/// The most series of candles, of whatever symbols, in a strategy.
pub const SERIES_MAX: usize = 6;
/// The fewest candles that are asked for, however few would do.
pub const CANDLES_MIN: usize = 500;
/// The most candles that are asked for.
pub const CANDLES_MAX: usize = 5_000;

words!(
    /// Which signals a strategy is asked about.
    ApplyTo {
        /// Those that open or add to a position; exits pass by.
        Entries = "entries",
        /// All.
        All = "all",
    }
);

words!(
    /// Which candle a strategy looks at.
    Moment {
        /// The newest closed one.
        OnClose = "on_close",
        /// The one that is still running, where it is known.
        Intrabar = "intrabar",
    }
);

words!(
    /// What becomes of a signal when there is no verdict.
    OnUnknown {
        /// It is rejected.
        Reject = "reject",
        /// It goes on as if there were no strategy.
        SkipPipeline = "skip_pipeline",
    }
);

/// What a strategy is made of, before it is checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// What it is called.
    pub name: String,
    /// Which signals it is asked about.
    pub apply_to: ApplyTo,
    /// Which candle it looks at.
    pub moment: Moment,
    /// What becomes of a signal when there is no verdict.
    pub on_unknown: OnUnknown,
    /// The venue whose candles are taken where neither the signal nor the account names one.
    pub source: Option<String>,
    /// The conditions.
    pub when: Condition,
}

/// A strategy that can be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Strategy {
    pub(crate) definition: Definition,
}

impl Strategy {
    /// Checks a definition.
    ///
    /// # Errors
    /// Every [`Fault`] that there is, with its path.
    pub fn new(definition: Definition) -> Result<Self, Vec<Fault>> {
        let faults = check::faults(&definition);
        if faults.is_empty() { Ok(Self { definition }) } else { Err(faults) }
    }

    /// What it is made of.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The candles that are needed to judge a signal of `symbol`, in the order of symbol and timeframe.
    #[must_use]
    pub fn needs(&self, symbol: &Symbol) -> Vec<Need> {
        let mut most: BTreeMap<SeriesKey, usize> = BTreeMap::new();
        for (_, leaf) in self.definition.when.leaves("") {
            let Some(timeframe) = leaf.timeframe else { continue };
            for expression in leaf.operands().filter_map(|operand| operand.expression()) {
                let key = SeriesKey { symbol: leaf.symbol.as_ref().unwrap_or(symbol).clone(), timeframe };
                let candles = candles_for(expression.warm_up(), timeframe);
                most.entry(key).and_modify(|most| *most = candles.max(*most)).or_insert(candles);
            }
        }
        most.into_iter().map(|(key, candles)| Need { key, candles }).collect()
    }

    /// The timeframes it looks at.
    #[must_use]
    pub fn timeframes(&self) -> BTreeSet<Timeframe> {
        self.definition.when.leaves("").into_iter().filter_map(|(_, leaf)| leaf.timeframe).collect()
    }
}

/// How many candles make a value that agrees with a chart, whose history is longer.
pub(crate) fn candles_for(warm_up: indicators::WarmUp, timeframe: Timeframe) -> usize {
    warm_up.bars(timeframe).max(CANDLES_MIN)
}
