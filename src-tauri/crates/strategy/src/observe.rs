//! The operands of a strategy, computed over candles.

use crate::condition::Leaf;
use crate::judgement::{Judgement, Unknown, UnknownCause};
use crate::operand::{AlertField, Operand};
use crate::strategy::{Moment, Strategy};
use crate::supply::{Candles, Need, SeriesKey, closes_at};
use domain::{Candle, Signal, Symbol, Timestamp};
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

/// The candles of every series that is looked at, the newest last.
struct Chosen<'a> {
    series: Vec<(SeriesKey, &'a [Candle], Option<&'a Candle>)>,
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
        self.choose(symbol, at, candles).map(|chosen| self.compute(symbol, &chosen))
    }

    /// The operands of a signal of `symbol` without any candles.
    pub(crate) fn observe_nothing(&self, symbol: &Symbol) -> Observed {
        self.compute(symbol, &Chosen { series: Vec::new() })
    }

    fn choose<'a>(
        &self,
        symbol: &Symbol,
        at: Timestamp,
        candles: &'a BTreeMap<SeriesKey, Candles>,
    ) -> Result<Chosen<'a>, Unknown> {
        let mut found = Vec::new();
        for need in self.needs(symbol) {
            let series = candles.get(&need.key);
            let closed = series.map(|series| series.closed_by(at, need.key.timeframe)).unwrap_or_default();
            let running = series.and_then(|series| self.running(series, &need, at));
            found.push((need, closed, running));
        }
        // What is wrong with one series hides what is less wrong with another: missing, too old, too few.
        for judge in [available, fresh, warm] {
            for (need, closed, _) in &found {
                judge(closed, need, at).map_err(|cause| Unknown { key: need.key.clone(), cause })?;
            }
        }
        let newest = |(need, closed, running): (Need, &'a [Candle], _)| {
            (need.key, &closed[closed.len() - need.candles..], running)
        };
        Ok(Chosen { series: found.into_iter().map(newest).collect() })
    }

    fn compute(&self, symbol: &Symbol, chosen: &Chosen<'_>) -> Observed {
        let bars = |(key, closed, running): &(SeriesKey, &[Candle], Option<&Candle>)| {
            (key.clone(), closed.iter().chain(*running).map(Bar::from).collect::<Vec<Bar>>())
        };
        let bars: BTreeMap<SeriesKey, Vec<Bar>> = chosen.series.iter().map(bars).collect();
        let leaves = self.definition.when.leaves("");
        let observe = |(_, leaf): &(String, &Leaf)| observe_leaf(leaf, symbol, &bars);
        Observed { leaves: leaves.iter().map(observe).collect() }
    }

    /// The running candle, where the strategy looks at it and it is running at `at`.
    fn running<'a>(&self, candles: &'a Candles, need: &Need, at: Timestamp) -> Option<&'a Candle> {
        let is_running =
            |candle: &&Candle| candle.opened_at <= at && at < closes_at(candle, need.key.timeframe);
        let looks = self.definition.moment == Moment::Intrabar;
        candles.running().filter(|_| looks).filter(is_running)
    }
}

/// Judges many signals of one strategy: those that share their candles share what is computed of them. Signals in the
/// order of time share the most, since only the last computation is kept.
#[derive(Debug, Default)]
pub struct Observer {
    last: Option<Seen>,
}

/// What was computed last, and over the candles up to which.
#[derive(Debug)]
struct Seen {
    newest: Vec<(SeriesKey, Option<Timestamp>)>,
    observed: Observed,
}

impl Observer {
    /// What the strategy, always the same one, says of a signal at `at` by these candles, always the same ones.
    pub fn judge(
        &mut self,
        strategy: &Strategy,
        signal: &Signal,
        at: Timestamp,
        candles: &BTreeMap<SeriesKey, Candles>,
    ) -> Judgement {
        let chosen = match strategy.choose(&signal.symbol, at, candles) {
            Ok(chosen) => chosen,
            Err(unknown) => return strategy.without_verdict(unknown, signal),
        };
        let newest = |(key, closed, running): &(SeriesKey, &[Candle], Option<&Candle>)| {
            (key.clone(), running.or(closed.last()).map(|candle| candle.opened_at))
        };
        let newest: Vec<_> = chosen.series.iter().map(newest).collect();
        match &self.last {
            Some(seen) if seen.newest == newest => strategy.judge(&seen.observed, signal),
            Some(_) | None => {
                let observed = strategy.compute(&signal.symbol, &chosen);
                let judgement = strategy.judge(&observed, signal);
                self.last = Some(Seen { newest, observed });
                judgement
            }
        }
    }
}

fn available(closed: &[Candle], _need: &Need, _at: Timestamp) -> Result<(), UnknownCause> {
    if closed.is_empty() { Err(UnknownCause::Unavailable) } else { Ok(()) }
}

fn warm(closed: &[Candle], need: &Need, _at: Timestamp) -> Result<(), UnknownCause> {
    let found = closed.len();
    if found < need.candles { Err(UnknownCause::WarmingUp { needed: need.candles, found }) } else { Ok(()) }
}

fn fresh(closed: &[Candle], need: &Need, at: Timestamp) -> Result<(), UnknownCause> {
    let Some(newest) = closed.last() else { return Err(UnknownCause::Unavailable) };
    let closed_at = closes_at(newest, need.key.timeframe);
    if at.micros_since(closed_at) > STALE_INTERVALS * need.key.timeframe.micros() {
        return Err(UnknownCause::Stale { newest: newest.opened_at });
    }
    Ok(())
}

fn observe_leaf(leaf: &Leaf, symbol: &Symbol, bars: &BTreeMap<SeriesKey, Vec<Bar>>) -> ObservedLeaf {
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
