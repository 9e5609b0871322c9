//! The operands of a strategy, computed over candles.

use crate::condition::Leaf;
use crate::judgement::{Unknown, UnknownCause};
use crate::operand::{AlertField, Operand};
use crate::strategy::{Moment, Strategy};
use crate::supply::{Candles, Need, SeriesKey, closes_at};
use domain::{Candle, Symbol, Timestamp};
use indicators::{Bar, Expression};
use std::collections::BTreeMap;

/// How many intervals the newest closed candle may have been closed for.
const STALE_INTERVALS: i64 = 2;

/// What a strategy's operands are on certain candles. It depends on these alone, not on the signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Leaf by leaf, in the order of the tree.
    pub(crate) leaves: Vec<ObservedLeaf>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ObservedLeaf {
    /// Whose candles, where there are any.
    pub(crate) key: Option<SeriesKey>,
    /// When the candle that is looked at opened.
    pub(crate) opened_at: Option<Timestamp>,
    /// Operand by operand, the left one first.
    pub(crate) operands: Vec<Track>,
}

/// What an operand is, bar by bar.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Track {
    Always(f64),
    Alert(AlertField),
    Bars(Vec<Option<f64>>),
}

impl Strategy {
    /// Computes the operands for a signal of `symbol` that is judged at `at`. Of the candles handed in only those count
    /// that were closed by then, and of these the newest as many as are needed, so that the same moment gives the same
    /// numbers whenever it is asked about.
    ///
    /// # Errors
    /// [`Unknown`] where candles are missing, too old or too few.
    pub fn observe(
        &self,
        symbol: &Symbol,
        at: Timestamp,
        candles: &BTreeMap<SeriesKey, Candles>,
    ) -> Result<Observed, Unknown> {
        let needs = self.needs(symbol);
        let unknown = |need: &Need, cause| Unknown { key: need.key.clone(), cause };
        for need in &needs {
            let found = candles.get(&need.key).filter(|c| c.is_ordered() && !c.closed.is_empty());
            found.ok_or_else(|| unknown(need, UnknownCause::Unavailable))?;
        }
        let mut series = BTreeMap::new();
        for need in &needs {
            let Some(found) = candles.get(&need.key) else { continue };
            series.insert(&need.key, found.closed_by(at, need.key.timeframe));
        }
        for need in &needs {
            fresh(series[&need.key], need, at).map_err(|cause| unknown(need, cause))?;
        }
        for need in &needs {
            let found = series[&need.key].len();
            if found < need.candles {
                return Err(unknown(need, UnknownCause::WarmingUp { needed: need.candles, found }));
            }
        }
        let mut bars = BTreeMap::new();
        for need in &needs {
            let closed = series[&need.key];
            let running = self.running(candles.get(&need.key), need, at);
            let newest = closed[closed.len() - need.candles..].iter().chain(running);
            bars.insert(&need.key, newest.map(Bar::from).collect::<Vec<Bar>>());
        }
        let leaves = self.definition.when.leaves("");
        let observe = |(_, leaf): &(String, &Leaf)| observe_leaf(leaf, symbol, &bars);
        Ok(Observed { leaves: leaves.iter().map(observe).collect() })
    }

    /// The running candle, where the strategy looks at it and it is running at `at`.
    fn running<'a>(&self, candles: Option<&'a Candles>, need: &Need, at: Timestamp) -> Option<&'a Candle> {
        let candles = candles.filter(|_| self.definition.moment == Moment::Intrabar)?;
        let is_running =
            |candle: &&Candle| candle.opened_at <= at && at < closes_at(candle, need.key.timeframe);
        candles.running.as_ref().filter(is_running)
    }
}

fn fresh(closed: &[Candle], need: &Need, at: Timestamp) -> Result<(), UnknownCause> {
    let Some(newest) = closed.last() else { return Err(UnknownCause::Unavailable) };
    let closed_at = closes_at(newest, need.key.timeframe);
    if at.micros_since(closed_at) > STALE_INTERVALS * need.key.timeframe.micros() {
        return Err(UnknownCause::Stale { newest: newest.opened_at });
    }
    Ok(())
}

fn observe_leaf(leaf: &Leaf, symbol: &Symbol, bars: &BTreeMap<&SeriesKey, Vec<Bar>>) -> ObservedLeaf {
    let key = leaf
        .timeframe
        .map(|timeframe| SeriesKey { symbol: leaf.symbol.as_ref().unwrap_or(symbol).clone(), timeframe });
    let bars = key.as_ref().and_then(|key| bars.get(key)).map_or(&[][..], Vec::as_slice);
    let track = |operand: &Operand| match operand {
        Operand::Number(number) => Track::Always(*number),
        Operand::Alert(field) => Track::Alert(field.clone()),
        Operand::Expression(expression) => Track::Bars(over(expression, bars)),
    };
    let operands = leaf.operands().map(track).collect();
    ObservedLeaf { opened_at: bars.last().map(|bar| bar.opened_at), key, operands }
}

fn over(expression: &Expression, bars: &[Bar]) -> Vec<Option<f64>> {
    let mut study = expression.study();
    bars.iter().map(|bar| study.next_single(bar)).collect()
}
