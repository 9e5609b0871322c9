//! Keeps the cache of candles current with what a venue's streams tell, so that a signal finds it ready.
//!
//! A candle that the venue says is closed is written if it follows the newest one that is known. Everything else is
//! healed by REST: a series that begins to be heard, a connection that was lost, candles that are missing between, and
//! a candle that is over without the venue's word. What cannot be had is tried again later; a signal that comes
//! meanwhile asks by itself.

use super::following::Series;
use super::gather::SeriesOrder;
use super::series::Cache;
use ::market::{Event, Heard, Listing, Source, Standing};
use domain::{Candle, Timeframe};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// What may wait to be kept; of more, the newest are lost, and healed as a gap.
pub(super) const WAITING_MAX: usize = 1_024;
/// When something that could not be had is tried again.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// What a stream tells of candles.
#[derive(Debug)]
pub(super) enum Told {
    /// A candle, closed by the venue's word.
    Closed(domain::Symbol, Timeframe, Candle),
    /// A candle is over; its prices are to be asked for.
    Over(domain::Symbol, Timeframe),
    /// A connection was made; what was told before is not known.
    Connected,
}

impl Told {
    /// What of the things heard concerns closed candles.
    pub(super) fn of(heard: &Heard) -> Option<Self> {
        match heard {
            Heard::Event(Event::Candle { symbol, timeframe, candle, standing }) => match standing {
                Standing::Running => None,
                Standing::Over => Some(Self::Over(symbol.clone(), *timeframe)),
                Standing::Closed => Some(Self::Closed(symbol.clone(), *timeframe, *candle)),
            },
            Heard::Up { .. } => Some(Self::Connected),
            Heard::Event(Event::Ticker(_))
            | Heard::Down { .. }
            | Heard::Complaint(_)
            | Heard::Left { .. } => None,
        }
    }
}

type Key = (Listing, Timeframe);

struct Keeper {
    cache: Cache,
    source: Arc<Source>,
    series: Series,
    /// What is to be asked for.
    due: BTreeSet<Key>,
    again_at: Option<Instant>,
}

/// Keeps the series of a venue until their sender is gone.
pub(super) async fn keep(
    cache: Cache,
    source: Arc<Source>,
    mut series: watch::Receiver<Series>,
    mut told: mpsc::Receiver<Told>,
) {
    let mut keeper = Keeper { cache, source, series: Series::new(), due: BTreeSet::new(), again_at: None };
    loop {
        let again_at = keeper.again_at;
        let again = async {
            match again_at {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = series.changed() => match changed {
                Ok(()) => keeper.wants(series.borrow_and_update().clone()),
                Err(_) => return,
            },
            one = told.recv() => match one {
                Some(one) => keeper.hears(one).await,
                None => return,
            },
            () = again => {}
        }
        while let Ok(one) = told.try_recv() {
            keeper.hears(one).await;
        }
        keeper.heal().await;
    }
}

impl Keeper {
    fn wants(&mut self, series: Series) {
        self.due.retain(|key| series.contains_key(key));
        self.due.extend(series.keys().filter(|key| !self.series.contains_key(key)).cloned());
        self.series = series;
    }

    async fn hears(&mut self, told: Told) {
        match told {
            Told::Connected => {
                self.again_at = None;
                self.due.extend(self.series.keys().cloned());
            }
            Told::Over(symbol, timeframe) => self.due.extend(self.key(&symbol, timeframe)),
            Told::Closed(symbol, timeframe, candle) => {
                let Some((listing, _)) = self.key(&symbol, timeframe) else { return };
                match self.cache.follow(&listing, timeframe, candle).await {
                    Ok(true) => {}
                    Ok(false) => self.due.extend([(listing, timeframe)]),
                    Err(error) => {
                        tracing::warn!(market.venue = %listing.venue, %error, "a candle could not be kept");
                        self.due.extend([(listing, timeframe)]);
                    }
                }
            }
        }
    }

    fn key(&self, symbol: &domain::Symbol, timeframe: Timeframe) -> Option<Key> {
        self.series.keys().find(|(listing, known)| listing.symbol == *symbol && *known == timeframe).cloned()
    }

    /// Asks for what is due. What fails stays due for later.
    async fn heal(&mut self) {
        if self.again_at.is_some_and(|at| at > Instant::now()) {
            return;
        }
        self.again_at = None;
        for (listing, timeframe) in self.due.clone() {
            let Some(count) = self.series.get(&(listing.clone(), timeframe)).copied() else { continue };
            let order = SeriesOrder { listing: listing.clone(), timeframe, count, running: false };
            match self.cache.closed(&self.source, &order).await {
                Ok(_) => {
                    self.due.remove(&(listing, timeframe));
                }
                Err(error) => {
                    tracing::info!(market.venue = %listing.venue, market.symbol = %listing.symbol, %error,
                        "candles cannot be had yet");
                    self.again_at = Some(Instant::now() + AGAIN_AFTER);
                    return;
                }
            }
        }
    }
}
