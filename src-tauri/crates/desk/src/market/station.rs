//! The thread of the market data: its own small runtime, a source per venue, and a feed per venue that is heard.

use super::board::Board;
use super::gather::{self, Order, Slot};
use super::inbox::Inbox;
use crate::clock::Clock;
use crate::context::Context;
use crate::random;
use crate::settings::Settings;
use ::market::{Endpoints, Event, Heard, MarketError, Now, Source, Venue, Wanted, follow};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

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
    sources: BTreeMap<Venue, Result<Arc<Source>, MarketError>>,
    feeds: BTreeMap<Venue, watch::Sender<Wanted>>,
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
            board,
            sources: BTreeMap::new(),
            feeds: BTreeMap::new(),
        })
    }

    /// Hears what is wanted; venues that are not named any more are left.
    pub(super) fn hear(&mut self, mut wanted: BTreeMap<Venue, Wanted>) {
        for venue in self.feeds.keys() {
            wanted.entry(*venue).or_default();
        }
        for (venue, wanted) in wanted {
            if !self.feeds.contains_key(&venue) && !wanted.is_empty() {
                self.feed(venue);
            }
            let Some(feed) = self.feeds.get(&venue) else { continue };
            let symbols: Vec<_> = wanted.tickers.iter().map(|listing| listing.symbol.clone()).collect();
            let changed = feed.send_if_modified(|known| {
                let differs = *known != wanted;
                *known = wanted;
                differs
            });
            if changed {
                self.board.wanted(venue, symbols.into_iter(), self.clock.now());
            }
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
                let _task = self.handle.spawn(gather::run(Arc::clone(context), sources, order, slot));
            }
            Err(error) => slot.fill(gather::Gathered::failed(&order, &error.to_string())),
        }
    }

    fn feed(&mut self, venue: Venue) {
        let Ok(source) = self.source(venue) else { return };
        let (sender, receiver) = watch::channel(Wanted::default());
        let (inbox, board, clock) = (Arc::clone(&self.inbox), Arc::clone(&self.board), self.clock.clone());
        let heard = move |heard: Heard| {
            board.heard(venue, &heard, clock.now());
            if let Heard::Event(Event::Ticker(ticker)) = heard {
                inbox.put(venue, ticker);
            }
        };
        let _task = self.handle.spawn(follow(source, receiver, heard, random::chance));
        self.feeds.insert(venue, sender);
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
