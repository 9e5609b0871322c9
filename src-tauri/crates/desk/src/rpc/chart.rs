//! The chart of a pipeline signal: the candles that its strategy was asked about and those around them, the strategy's
//! indicators over them, and what the account traded meanwhile.
//!
//! Everything comes from the database: the verdict, the revision of the strategy that was asked, the cache of candles,
//! fills. No venue is asked; what the cache does not have is said.

use super::orders::shown_fill;
use super::{signals, store_error};
use crate::context::Context;
use crate::pipeline::candles;
use crate::wire::{
    Candle as ShownCandle, ChartLine, ChartQuery, ChartSeries, Fill, PipelineVerdict, RpcError, SignalChart,
    SignalDetail, SignalRef, strategy_file,
};
use ::market::Venue;
use domain::{AccountId, Candle, Signal, StrategyId, Symbol, Timeframe, Timestamp, WebhookId};
use indicators::{Bar, Expression};
use store::candles::Series;
use strategy::{Leaf, Need, Operand, SeriesKey, Strategy};

/// Candles up to the judged one where the question names no number.
const BEFORE: u32 = 120;
/// And candles after it.
const AFTER: u32 = 40;
/// The most of either.
const CANDLES_MAX: u32 = 500;
/// Fills of an answer at most.
const FILLS_MAX: u32 = 1_000;

pub(crate) fn chart(context: &Context, query: &ChartQuery) -> Result<SignalChart, RpcError> {
    let bounded = |field: &str, count: u32, least: u32| {
        let wanted =
            || RpcError::invalid(field, format!("Candles are counted from {least} to {CANDLES_MAX}."));
        if (least..=CANDLES_MAX).contains(&count) { Ok(count) } else { Err(wanted()) }
    };
    let before = bounded("before", query.before.unwrap_or(BEFORE), 1)?;
    let after = bounded("after", query.after.unwrap_or(AFTER), 0)?;
    let asked = Asked::read(context, &query.id)?;
    let need = asked.chosen(query)?;
    let judged = asked.judged(&need.key);
    let (candles, first) = asked.candles(context, &need, judged, (before, after))?;
    let shown = &candles[first..];
    let missing = shown.iter().all(|candle| candle.opened_at != judged).then(|| asked.missing(&need.key));
    let fills = match shown {
        [] => Vec::new(),
        [.., last] => {
            let until = asked.received_at.max(closes_at(last, need.key.timeframe));
            let until = until.plus_micros(need.key.timeframe.micros());
            asked.fills(context, &need.key.symbol, (shown[0].opened_at, until))?
        }
    };
    Ok(SignalChart {
        signal_id: query.id.clone(),
        venue: asked.venue.map(|venue| venue.as_str().to_owned()),
        symbol: need.key.symbol.to_string(),
        timeframe: need.key.timeframe.to_string(),
        series: asked.needs().iter().map(|need| shown_series(&need.key)).collect(),
        candles: shown.iter().map(ShownCandle::of).collect(),
        judged: judged.to_string(),
        lines: asked.lines(&need.key, &candles, first),
        received_at: asked.received_at.to_string(),
        fills,
        missing,
    })
}

/// A signal with the strategy that was asked about it.
struct Asked {
    signal: Signal,
    received_at: Timestamp,
    verdict: PipelineVerdict,
    strategy: Strategy,
    venue: Option<Venue>,
    account: Option<AccountId>,
}

impl Asked {
    fn read(context: &Context, id: &str) -> Result<Self, RpcError> {
        let SignalDetail { row, canonical, .. } = signals::show(context, &SignalRef { id: id.to_owned() })?;
        let unasked = || RpcError::new("NO_VERDICT", "No strategy was asked about this signal.");
        let verdict = row.pipeline.ok_or_else(unasked)?;
        let signal = canonical.and_then(|canonical| canonical.to_signal().ok()).ok_or_else(unasked)?;
        let strategy = strategy_of(context, &verdict)?;
        let webhooks = context.directory.rows();
        let webhook = WebhookId::parse(&row.webhook_id).ok().and_then(|id| webhooks.get(&id));
        let traded = row.orders.first().and_then(|order| AccountId::parse(&order.account_id).ok());
        let account = traded.or_else(|| Some(webhook?.webhook.account_id.clone()));
        let venue = match verdict.venue.as_deref().and_then(Venue::parse) {
            Some(venue) => Some(venue),
            None => candles::venue(
                &strategy,
                signal.exchange.as_deref(),
                account.as_ref().map(|account| venue_of(context, account)).transpose()?.flatten(),
            ),
        };
        let received_at = Timestamp::parse(&row.received_at).map_err(|_| RpcError::internal())?;
        Ok(Self { signal, received_at, verdict, strategy, venue, account })
    }

    fn needs(&self) -> Vec<Need> {
        self.strategy.needs(&self.signal.symbol)
    }

    /// The series that is asked for, or that says the most of the verdict.
    fn chosen(&self, query: &ChartQuery) -> Result<Need, RpcError> {
        let mut needs = self.needs();
        if needs.is_empty() {
            return Err(RpcError::new(
                "NO_CANDLES",
                "The strategy looks at no candles, so there is no chart.",
            ));
        }
        let blamed =
            self.verdict.leaves.iter().filter(|leaf| Some(&leaf.path) == self.verdict.first_failing.as_ref());
        let leaf = blamed.chain(&self.verdict.leaves).find(|leaf| leaf.symbol.is_some());
        let is_named = |key: &SeriesKey| match (&query.symbol, &query.timeframe, leaf) {
            (None, None, None) => true,
            (None, None, Some(leaf)) => {
                let named = (leaf.symbol.as_deref(), leaf.timeframe.as_deref());
                named == (Some(key.symbol.as_str()), Some(key.timeframe.as_str()))
            }
            (symbol, timeframe, _) => {
                let fits =
                    |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|wanted| wanted == is);
                fits(symbol, key.symbol.as_str()) && fits(timeframe, key.timeframe.as_str())
            }
        };
        let place = needs.iter().position(|need| is_named(&need.key)).ok_or_else(|| {
            let known: Vec<String> = needs.iter().map(|need| need.key.to_string()).collect();
            RpcError::invalid("timeframe", format!("The strategy looks at {}.", known.join(", ")))
        })?;
        Ok(needs.swap_remove(place))
    }

    /// When the candle opened that the strategy was asked about; where it was not asked for lack of candles, the one
    /// that was the newest closed one.
    fn judged(&self, key: &SeriesKey) -> Timestamp {
        let is_of = |symbol: &Option<String>, timeframe: &Option<String>| {
            (symbol.as_deref(), timeframe.as_deref())
                == (Some(key.symbol.as_str()), Some(key.timeframe.as_str()))
        };
        let leaf = self.verdict.leaves.iter().find(|leaf| is_of(&leaf.symbol, &leaf.timeframe));
        let opened_at = leaf.and_then(|leaf| Timestamp::parse(leaf.candle_opened_at.as_deref()?).ok());
        let newest = || key.timeframe.open_of(self.received_at).plus_micros(-key.timeframe.micros());
        opened_at.unwrap_or_else(newest)
    }

    /// The candles of the cache around the judged one, and the place of the first that is shown. Those before it are
    /// what the indicators were computed from, so that they come to the values of the verdict.
    fn candles(
        &self,
        context: &Context,
        need: &Need,
        judged: Timestamp,
        (before, after): (u32, u32),
    ) -> Result<(Vec<Candle>, usize), RpcError> {
        let Some(venue) = self.venue else { return Ok((Vec::new(), 0)) };
        let SeriesKey { symbol, timeframe } = need.key.clone();
        let series = Series { venue: venue.as_str().to_owned(), symbol, timeframe };
        let computed = u32::try_from(need.candles).unwrap_or(u32::MAX).max(before);
        let found = context
            .store
            .reader()
            .read(|view| store::candles::around(view, &series, judged, computed, after))
            .map_err(|e| store_error(&e))?;
        let earlier = found.partition_point(|candle| candle.opened_at <= judged);
        Ok((found, earlier.saturating_sub(usize::try_from(before).unwrap_or(usize::MAX))))
    }

    /// Every indicator that conditions on this series compare, over the candles from `first` on.
    fn lines(&self, key: &SeriesKey, candles: &[Candle], first: usize) -> Vec<ChartLine> {
        let bars: Vec<Bar> = candles.iter().map(Bar::from).collect();
        let mut lines: Vec<ChartLine> = Vec::new();
        for (_, leaf) in self.strategy.definition().when.leaves("") {
            let symbol = leaf.symbol.as_ref().unwrap_or(&self.signal.symbol);
            if leaf.timeframe != Some(key.timeframe) || symbol != &key.symbol {
                continue;
            }
            for expression in leaf.operands().filter_map(Operand::expression).filter(|e| !is_in_candles(e)) {
                let known = lines.iter().position(|line| line.label == expression.text());
                let place = known.unwrap_or_else(|| {
                    lines.push(line(expression, &bars, first));
                    lines.len() - 1
                });
                let levels = levels(leaf).filter(|level| !lines[place].levels.contains(level));
                let levels: Vec<String> = levels.collect();
                lines[place].levels.extend(levels);
            }
        }
        lines
    }

    fn fills(
        &self,
        context: &Context,
        symbol: &Symbol,
        window: (Timestamp, Timestamp),
    ) -> Result<Vec<Fill>, RpcError> {
        let Some(account) = &self.account else { return Ok(Vec::new()) };
        let read = |view: &store::View| store::fills::between(view, account, symbol, window, FILLS_MAX);
        let fills = context.store.reader().read(read).map_err(|e| store_error(&e))?;
        Ok(fills.into_iter().map(shown_fill).collect())
    }

    fn missing(&self, key: &SeriesKey) -> String {
        match self.venue {
            None => "Neither the signal, nor the account, nor the strategy names a venue that has candles."
                .to_owned(),
            Some(venue) => {
                format!("The cache has no candle of {key} at {} for the time of the verdict.", venue.title())
            }
        }
    }
}

/// The revision of the strategy that gave the verdict; a deleted strategy's are kept.
fn strategy_of(context: &Context, verdict: &PipelineVerdict) -> Result<Strategy, RpcError> {
    let gone = || RpcError::not_found("strategy", &verdict.strategy_id);
    let id = StrategyId::parse(&verdict.strategy_id).map_err(|_| gone())?;
    let file = context.store.reader().read(|view| store::strategies::file_of(view, &id, verdict.revision));
    let file = file.map_err(|e| store_error(&e))?.ok_or_else(gone)?;
    strategy_file::read(&file).map_err(|_| RpcError::internal())
}

/// The venue of an account, whether or not its books are open in this process.
fn venue_of(context: &Context, account: &AccountId) -> Result<Option<Venue>, RpcError> {
    let row = context.store.reader().read(|view| store::accounts::get(view, account));
    Ok(row.map_err(|e| store_error(&e))?.and_then(|row| Venue::parse(&row.venue)))
}

fn line(expression: &Expression, bars: &[Bar], first: usize) -> ChartLine {
    let mut study = expression.study();
    let values = bars.iter().map(|bar| study.next_single(bar)).skip(first);
    ChartLine {
        label: expression.text().to_owned(),
        pane: if expression.is_price() { "price" } else { "separate" }.to_owned(),
        // Written out in full, without an exponent.
        values: values.map(|value| value.map(|value| value.to_string())).collect(),
        levels: Vec::new(),
    }
}

/// The numbers that a condition compares with.
fn levels(leaf: &Leaf) -> impl Iterator<Item = String> {
    leaf.operands().filter_map(|operand| match operand {
        Operand::Number(number) => Some(number.to_string()),
        Operand::Expression(_) | Operand::Alert(_) => None,
    })
}

/// Whether the candles show it themselves.
fn is_in_candles(expression: &Expression) -> bool {
    matches!(expression.text(), "open" | "high" | "low" | "close")
}

fn closes_at(candle: &Candle, timeframe: Timeframe) -> Timestamp {
    candle.opened_at.plus_micros(timeframe.micros())
}

fn shown_series(key: &SeriesKey) -> ChartSeries {
    ChartSeries { symbol: key.symbol.to_string(), timeframe: key.timeframe.to_string() }
}
