//! The thread of the market data: its own small runtime, a source per venue, and a feed per venue that is heard.

use super::Hearing;
use super::board::Board;
use super::following::Series;
use super::gather::{self, Order, Slot};
use super::inbox::Inbox;
use super::keep::{self, Told, WAITING_MAX};
use super::running::RunningCandles;
use super::series::Cache;
use crate::clock::Clock;
use crate::context::Context;
use crate::random;
use crate::settings::Settings;
use ::market::{Endpoints, Event, Heard, Listing, MarketError, Now, Source, Standing, Venue, Wanted, follow};
use domain::Timeframe;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};

/// The running thread. Dropping it ends it.
pub(super) struct Station {
    handle: Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    clock: Clock,
    settings: Settings,
    elsewhere: BTreeMap<Venue, Endpoints>,
    inbox: Arc<Inbox>,
    board: Arc<Board>,
    cache: Cache,
    sources: BTreeMap<Venue, Result<Arc<Source>, MarketError>>,
    feeds: BTreeMap<Venue, Feed>,
}

/// What is heard of a venue, and what is kept of it.
struct Feed {
    wanted: watch::Sender<Wanted>,
    series: watch::Sender<Series>,
}

impl Station {
    pub(super) fn start(
        context: &Context,
        elsewhere: BTreeMap<Venue, Endpoints>,
        inbox: Arc<Inbox>,
        board: Arc<Board>,
    ) -> std::io::Result<Self> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(4).build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::Builder::new().name("market".into()).spawn(move || {
            // An error is the end of the sender, which is a stop as well.
            let _stopped = runtime.block_on(stopped);
            runtime.shutdown_background();
        })?;
        Ok(Self {
            handle,
            stop: Some(stop),
            thread: Some(thread),
            clock: context.clock.clone(),
            settings: context.settings(),
            elsewhere,
            inbox,
            cache: Cache {
                reader: context.store.reader().clone(),
                writer: context.store.writer().clone(),
                clock: context.clock.clone(),
                board: Arc::clone(&board),
                running: Arc::new(RunningCandles::default()),
            },
            board,
            sources: BTreeMap::new(),
            feeds: BTreeMap::new(),
        })
    }

    /// Hears what is wanted; venues that are not named any more are left.
    pub(super) fn hear(&mut self, mut hearing: BTreeMap<Venue, Hearing>) {
        for venue in self.feeds.keys() {
            hearing.entry(*venue).or_default();
        }
        for (venue, Hearing { tickers, series }) in hearing {
            let wanted = Wanted { tickers, candles: series.keys().cloned().collect() };
            if !self.feeds.contains_key(&venue) && !wanted.is_empty() {
                self.feed(venue);
            }
            let Some(feed) = self.feeds.get(&venue) else { continue };
            let symbols: Vec<_> = wanted.tickers.iter().map(|listing| listing.symbol.clone()).collect();
            let candle =
                |(listing, timeframe): &(Listing, Timeframe)| format!("{} {timeframe}", listing.symbol);
            let candles = wanted.candles.iter().map(candle).collect();
            if changed(&feed.wanted, wanted) {
                self.board.wanted(venue, symbols.into_iter(), candles, self.clock.now());
            }
            changed(&feed.series, series);
        }
    }

    /// Asks for what a signal needs.
    pub(super) fn gather(&mut self, context: &Arc<Context>, order: Order, slot: Slot) {
        let sources = self.source(order.venue()).and_then(|price| {
            let candles = self.source(order.candles_of())?;
            Ok(gather::Sources { price, candles })
        });
        match sources {
            Ok(sources) => {
                let _task = self.handle.spawn(gather::run(
                    Arc::clone(context),
                    self.cache.clone(),
                    sources,
                    order,
                    slot,
                ));
            }
            Err(error) => slot.fill(gather::Gathered::failed(&order, &error.to_string())),
        }
    }

    fn feed(&mut self, venue: Venue) {
        let Ok(source) = self.source(venue) else { return };
        let (wanted, to_hear) = watch::channel(Wanted::default());
        let (series, to_keep) = watch::channel(Series::new());
        let (told, of_candles) = mpsc::channel(WAITING_MAX);
        let (inbox, board, clock) = (Arc::clone(&self.inbox), Arc::clone(&self.board), self.clock.clone());
        let running = Arc::clone(&self.cache.running);
        let heard = move |heard: Heard| {
            board.heard(venue, &heard, clock.now());
            if let Some(of_candles) = Told::of(&heard) {
                // What finds no room is missing from the cache then, and healed as a gap.
                let _full = told.try_send(of_candles);
            }
            match heard {
                Heard::Event(Event::Ticker(ticker)) => inbox.put(venue, ticker),
                Heard::Event(Event::Candle { symbol, timeframe, candle, standing: Standing::Running }) => {
                    running.note(venue, symbol, timeframe, candle);
                }
                Heard::Down { .. } | Heard::Left { .. } => running.forget(venue),
                Heard::Event(Event::Candle { .. }) | Heard::Up { .. } | Heard::Complaint(_) => {}
            }
        };
        let _keeping =
            self.handle.spawn(keep::keep(self.cache.clone(), Arc::clone(&source), to_keep, of_candles));
        let _hearing = self.handle.spawn(follow(source, to_hear, heard, random::chance));
        self.feeds.insert(venue, Feed { wanted, series });
    }

    fn source(&mut self, venue: Venue) -> Result<Arc<Source>, MarketError> {
        let clock = self.clock.clone();
        let endpoints =
            self.elsewhere.get(&venue).cloned().unwrap_or_else(|| endpoints(&self.settings, venue));
        let made = self.sources.entry(venue).or_insert_with(|| {
            let now: Now = Arc::new(move || clock.now());
            Source::new(venue, endpoints, now).map(Arc::new)
        });
        made.clone()
    }
}

/// Sends a value on where it is another one, and says whether it is.
fn changed<T: PartialEq>(to: &watch::Sender<T>, value: T) -> bool {
    to.send_if_modified(|known| {
        let differs = *known != value;
        *known = value;
        differs
    })
}

/// Where a venue is reached: as the settings say, else at its own addresses.
fn endpoints(settings: &Settings, venue: Venue) -> Endpoints {
    Endpoints {
        rest: settings.text(&format!("market.{venue}.rest_url")).to_owned(),
        ws: settings.text(&format!("market.{venue}.ws_url")).to_owned(),
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread of the market data ended by a panic");
        }
    }
}

#[cfg(test)]
mod tests;
