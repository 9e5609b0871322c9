//! Closed candles of a series: from the cache as far as they are there, from the venue for the rest.

use super::gather::SeriesOrder;
use crate::context::Context;
use ::market::{Candles, MarketError, Source};
use domain::{Candle, Timeframe, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::StoreError;
use store::candles::Series;
use thiserror::Error;

/// How often a candle that should be closed by now is asked for again.
const AGAIN_MAX: u32 = 3;
/// How long between.
const AGAIN_AFTER: Duration = Duration::from_millis(700);

/// Why a series is not to be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum SeriesError {
    /// The venue's reason.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// The cache cannot be used.
    #[error("the cache of candles cannot be used: {0}")]
    Cache(String),
}

impl SeriesError {
    /// What to do about it, in a sentence.
    pub(crate) fn fix(&self) -> &'static str {
        match self {
            Self::Market(error) => error.fix(),
            Self::Cache(_) => "Check the disk of the data directory.",
        }
    }
}

/// The newest closed candles, and the running one where the venue was asked.
pub(super) async fn closed(
    context: &Arc<Context>,
    source: &Source,
    order: &SeriesOrder,
) -> Result<Candles, SeriesError> {
    let SeriesOrder { listing, timeframe, count } = order;
    let series = Series {
        venue: listing.venue.as_str().to_owned(),
        symbol: listing.symbol.clone(),
        timeframe: *timeframe,
    };
    let mut known = cached(context, &series, *count).await?;
    let mut running = None;
    for again in 0..=AGAIN_MAX {
        let now = context.clock.now();
        let Some(missing) = missing(&known, *timeframe, *count, now) else { break };
        if again > 0 {
            tokio::time::sleep(AGAIN_AFTER).await;
        }
        let fetched = source.candles(listing, *timeframe, missing).await;
        context.market.board.asked(listing.venue, fetched.as_ref().err(), now);
        let fetched = fetched?;
        running = fetched.running;
        write(context, &series, &fetched.closed).await?;
        let before = known.last().map(|candle| candle.opened_at);
        known = joined(known, fetched.closed, *timeframe);
        if known.last().map(|candle| candle.opened_at) == before && again > 0 {
            break;
        }
        // What the venue does not have, no repetition brings.
        if is_current(&known, *timeframe, now) {
            break;
        }
    }
    let surplus = known.len().saturating_sub(usize::try_from(*count).unwrap_or(usize::MAX));
    known.drain(..surplus);
    Ok(Candles { closed: known, running })
}

/// Whether the candle before the running one is there.
fn is_current(known: &[Candle], timeframe: Timeframe, now: Timestamp) -> bool {
    let newest = timeframe.open_of(now).plus_micros(-timeframe.micros());
    known.last().is_some_and(|candle| candle.opened_at >= newest)
}

/// How many candles are to be asked for; nothing when the newest is there and enough of those before it.
fn missing(known: &[Candle], timeframe: Timeframe, count: u32, now: Timestamp) -> Option<u32> {
    let enough = known.len() >= usize::try_from(count).unwrap_or(usize::MAX);
    match known.last() {
        Some(_) if enough && is_current(known, timeframe, now) => None,
        Some(last) if enough => {
            // The closed ones since the last known, and that one again: it shows that there is no hole between.
            let since = timeframe.open_of(now).micros_since(last.opened_at) / timeframe.micros();
            Some(u32::try_from(since).unwrap_or(count).clamp(2, count.max(2)))
        }
        Some(_) | None => Some(count),
    }
}

/// Known and fetched candles as one series; without a common candle or neighbours the known ones are given up, since
/// what lies between is not known.
fn joined(known: Vec<Candle>, fetched: Vec<Candle>, timeframe: Timeframe) -> Vec<Candle> {
    let (Some(last), Some(first)) = (known.last(), fetched.first()) else {
        return if fetched.is_empty() { known } else { fetched };
    };
    if first.opened_at > last.opened_at.plus_micros(timeframe.micros()) {
        return fetched;
    }
    let first = first.opened_at;
    let mut joined: Vec<Candle> = known.into_iter().take_while(|candle| candle.opened_at < first).collect();
    joined.extend(fetched);
    joined
}

async fn cached(context: &Arc<Context>, series: &Series, count: u32) -> Result<Vec<Candle>, SeriesError> {
    let (context, series) = (Arc::clone(context), series.clone());
    let read = tokio::task::spawn_blocking(move || {
        context.store.reader().read(|view| store::candles::newest(view, &series, count))
    });
    finished(read.await)
}

async fn write(context: &Arc<Context>, series: &Series, candles: &[Candle]) -> Result<(), SeriesError> {
    let (context, series, candles) = (Arc::clone(context), series.clone(), candles.to_vec());
    let written = tokio::task::spawn_blocking(move || {
        context.store.writer().run(move |tx| store::candles::put(tx, &series, &candles))
    });
    finished(written.await)
}

fn finished<T>(work: Result<Result<T, StoreError>, tokio::task::JoinError>) -> Result<T, SeriesError> {
    let done = work.map_err(|error| SeriesError::Cache(error.to_string()))?;
    done.map_err(|error| SeriesError::Cache(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Price, Quantity};

    fn candles(minutes: &[i64]) -> Vec<Candle> {
        let one = Price::parse("1").unwrap();
        let candle = |minute: &i64| Candle {
            opened_at: Timestamp::from_seconds(60 * minute),
            open: one,
            high: one,
            low: one,
            close: one,
            volume: Quantity::ZERO,
        };
        minutes.iter().map(candle).collect()
    }

    #[test]
    fn only_what_is_missing_is_asked_for() {
        let check = |known: &[i64], count: u32, now: i64, expected: Option<u32>| {
            let found = missing(&candles(known), Timeframe::M1, count, Timestamp::from_seconds(now));
            assert_eq!(found, expected, "{known:?} {now}");
        };
        check(&[], 100, 600, Some(100));
        check(&[7, 8, 9], 3, 600, None);
        check(&[7, 8, 9], 3, 659, None);
        check(&[7, 8, 9], 3, 660, Some(2));
        check(&[7, 8, 9], 3, 720, Some(3));
        check(&[7, 8, 9], 3, 6_000, Some(3));
        // The history is too short for what is asked now.
        check(&[7, 8, 9], 4, 600, Some(4));
    }

    #[test]
    fn what_has_a_hole_between_is_not_joined() {
        let check = |known: &[i64], fetched: &[i64], expected: &[i64]| {
            assert_eq!(joined(candles(known), candles(fetched), Timeframe::M1), candles(expected));
        };
        check(&[1, 2, 3], &[3, 4], &[1, 2, 3, 4]);
        check(&[1, 2, 3], &[4, 5], &[1, 2, 3, 4, 5]);
        check(&[1, 2, 3], &[5, 6], &[5, 6]);
        check(&[1, 2, 3], &[0, 1, 2, 3, 4], &[0, 1, 2, 3, 4]);
        check(&[1, 2, 3], &[], &[1, 2, 3]);
        check(&[], &[5], &[5]);
    }
}
