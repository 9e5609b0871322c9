//! Closed candles of a series: from the cache as far as they are there, from the venue for the rest.

use super::board::Board;
use super::gather::SeriesOrder;
use super::running::RunningCandles;
use crate::clock::Clock;
use ::market::{Candles, Listing, MarketError, Source};
use domain::{Candle, Timeframe, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::candles::Series;
use store::{Reader, StoreError, Writer};
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

/// The cache, with what is needed to fill it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Cache {
    pub(super) reader: Reader,
    pub(super) writer: Writer,
    pub(super) clock: Clock,
    pub(super) board: Arc<Board>,
    pub(super) running: Arc<RunningCandles>,
}

impl Cache {
    /// The newest closed candles, and the running one where it is heard or the venue was asked.
    pub(super) async fn closed(&self, source: &Source, order: &SeriesOrder) -> Result<Candles, SeriesError> {
        let SeriesOrder { listing, timeframe, count, running: wants_running } = order;
        let series = series_of(listing, *timeframe);
        let mut known = self.cached(&series, *count).await?;
        let mut running = self.running.at(listing, *timeframe, self.clock.now());
        for again in 0..=AGAIN_MAX {
            let now = self.clock.now();
            let ask_running = (*wants_running && running.is_none() && again == 0).then_some(2);
            let Some(missing) = missing(&known, *timeframe, *count, now).or(ask_running) else { break };
            if again > 0 {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
            let mut fetched = self.ask(source, order, missing).await?;
            let mut fits = is_joined(&known, &fetched.closed, *timeframe);
            if !fits && missing < *count {
                // What lies between is not known, so all of it is asked for.
                fetched = self.ask(source, order, *count).await?;
                fits = is_joined(&known, &fetched.closed, *timeframe);
            }
            running = fetched.running.or(running);
            self.write(&series, &fetched.closed, fits).await?;
            let before = known.last().map(|candle| candle.opened_at);
            known = if fits { joined(known, fetched.closed) } else { fetched.closed };
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

    /// Writes a candle that a stream says is closed, and says whether it follows what is known.
    pub(super) async fn follow(
        &self,
        listing: &Listing,
        timeframe: Timeframe,
        candle: Candle,
    ) -> Result<bool, SeriesError> {
        let (writer, series) = (self.writer.clone(), series_of(listing, timeframe));
        let written = tokio::task::spawn_blocking(move || {
            writer.run(move |tx| store::candles::follow(tx, &series, &candle))
        });
        finished(written.await)
    }

    async fn ask(&self, source: &Source, order: &SeriesOrder, count: u32) -> Result<Candles, SeriesError> {
        let fetched = source.candles(&order.listing, order.timeframe, count).await;
        self.board.asked(order.listing.venue, fetched.as_ref().err(), self.clock.now());
        Ok(fetched?)
    }

    async fn cached(&self, series: &Series, count: u32) -> Result<Vec<Candle>, SeriesError> {
        let (reader, series) = (self.reader.clone(), series.clone());
        let read = tokio::task::spawn_blocking(move || {
            reader.read(|view| store::candles::newest(view, &series, count))
        });
        finished(read.await)
    }

    /// Writes candles, in place of the whole series where they do not join up with it.
    async fn write(&self, series: &Series, candles: &[Candle], fits: bool) -> Result<(), SeriesError> {
        let (writer, series, candles) = (self.writer.clone(), series.clone(), candles.to_vec());
        let written = tokio::task::spawn_blocking(move || {
            writer.run(move |tx| {
                if !fits {
                    store::candles::forget(tx, &series)?;
                }
                store::candles::put(tx, &series, &candles)
            })
        });
        finished(written.await)
    }
}

fn series_of(listing: &Listing, timeframe: Timeframe) -> Series {
    Series { venue: listing.venue.as_str().to_owned(), symbol: listing.symbol.clone(), timeframe }
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

/// Whether fetched candles have one in common with the known ones, or begin right after them. Where they do not, what
/// lies between is not known, and the known ones are given up.
fn is_joined(known: &[Candle], fetched: &[Candle], timeframe: Timeframe) -> bool {
    match (known.last(), fetched.first()) {
        (Some(last), Some(first)) => first.opened_at <= last.opened_at.plus_micros(timeframe.micros()),
        (None, _) | (_, None) => true,
    }
}

/// Known and fetched candles as one series.
fn joined(known: Vec<Candle>, fetched: Vec<Candle>) -> Vec<Candle> {
    let Some(first) = fetched.first().map(|first| first.opened_at) else { return known };
    let mut joined: Vec<Candle> = known.into_iter().take_while(|candle| candle.opened_at < first).collect();
    joined.extend(fetched);
    joined
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
        let check = |known: &[i64], fetched: &[i64], expected: Option<&[i64]>| {
            let (known, fetched) = (candles(known), candles(fetched));
            let fits = is_joined(&known, &fetched, Timeframe::M1);
            assert_eq!(fits.then(|| joined(known, fetched)), expected.map(candles));
        };
        check(&[1, 2, 3], &[3, 4], Some(&[1, 2, 3, 4]));
        check(&[1, 2, 3], &[4, 5], Some(&[1, 2, 3, 4, 5]));
        check(&[1, 2, 3], &[5, 6], None);
        check(&[1, 2, 3], &[0, 1, 2, 3, 4], Some(&[0, 1, 2, 3, 4]));
        check(&[1, 2, 3], &[], Some(&[1, 2, 3]));
        check(&[], &[5], Some(&[5]));
    }
}
