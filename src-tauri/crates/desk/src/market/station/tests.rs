//! Candles from streams into the cache, against the stand-ins of all five venues over real sockets, in a time that the
//! test sets.

use super::*;
use crate::market::SeriesOrder;
use domain::{Candle, Symbol, Timestamp};
use standin::venue::{Exchange, Fault, Market, VenueServer};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use store::candles::Series as Stored;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// 70 s into a candle of five minutes.
const START_S: i64 = 1_700_000_170;
const FIVE_MINUTES_S: i64 = 300;
/// Candles that are needed.
const COUNT: u32 = 40;
/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A venue whose candles are heard.
struct Scene {
    exchange: Exchange,
    now: Arc<AtomicI64>,
    station: Station,
    server: VenueServer,
    listing: Listing,
    context: Context,
    runtime: Runtime,
    _folder: TempDir,
}

impl Scene {
    fn start(exchange: Exchange) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let now = Arc::new(AtomicI64::new(START_S));
        let (of_market, of_desk) = (Arc::clone(&now), Arc::clone(&now));
        let market = Market::new(1, move || of_market.load(Ordering::SeqCst) * 1_000);
        let market = market.listing("BTCUSDT", 10_000);
        let server = runtime.block_on(VenueServer::start(exchange, market)).unwrap();
        let clock = Clock::of(move || Timestamp::from_seconds(of_desk.load(Ordering::SeqCst)));
        let folder = tempfile::tempdir().unwrap();
        let context = Context::open(folder.path(), clock).unwrap();
        let venue = Venue::parse(exchange.as_str()).unwrap();
        let endpoints = Endpoints { rest: server.rest_url(), ws: server.ws_url() };
        let elsewhere = BTreeMap::from([(venue, endpoints)]);
        let mut station = Station::start(&context, elsewhere, Arc::default(), Arc::default()).unwrap();
        let listing = Listing::of(venue, &Symbol::new("BTCUSDT").unwrap()).unwrap();
        let series = Series::from([((listing.clone(), Timeframe::M5), COUNT)]);
        station.hear(BTreeMap::from([(venue, Hearing { series, ..Hearing::default() })]));
        let scene = Self { exchange, now, station, server, listing, context, runtime, _folder: folder };
        scene.eventually("the series is there", |scene| scene.is_kept());
        scene.eventually("the running candle is heard", |scene| {
            let now = scene.context.clock.now();
            scene.station.cache.running.at(&scene.listing, Timeframe::M5, now).is_some()
        });
        scene
    }

    #[track_caller]
    fn eventually(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !is_so(self) {
            assert!(began.elapsed() < PATIENCE, "{:?}: waited in vain until {what}", self.exchange);
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// A candle later.
    fn later(&self) {
        self.now.fetch_add(FIVE_MINUTES_S, Ordering::SeqCst);
    }

    fn kept(&self) -> Vec<Candle> {
        self.cached(COUNT)
    }

    fn cached(&self, limit: u32) -> Vec<Candle> {
        let series = Stored {
            venue: self.exchange.as_str().to_owned(),
            symbol: self.listing.symbol.clone(),
            timeframe: Timeframe::M5,
        };
        self.context.store.reader().read(|view| store::candles::newest(view, &series, limit)).unwrap()
    }

    /// Whether the newest closed candle is in the cache and none is missing before it.
    fn is_kept(&self) -> bool {
        let now = self.now.load(Ordering::SeqCst);
        let newest = now - now % FIVE_MINUTES_S - FIVE_MINUTES_S;
        let kept = self.kept();
        let places = (0..).zip(kept.iter().rev());
        kept.len() == 40 && { places }
            .all(|(place, candle)| candle.opened_at.as_seconds() == newest - place * FIVE_MINUTES_S)
    }

    /// Questions for candles so far.
    fn asked(&self) -> usize {
        let paths = ["/api/v3/klines", "/0/public/OHLC", "/v5/market/kline", "/api/v5/market/candles"];
        let is_question = |path: &String| {
            paths.iter().any(|known| path.starts_with(known)) || path.contains("/BTC-USDT/candles?")
        };
        self.server.seen().iter().filter(|path| is_question(path)).count()
    }

    fn source(&self) -> Source {
        let endpoints = Endpoints { rest: self.server.rest_url(), ws: self.server.ws_url() };
        let clock = self.context.clock.clone();
        Source::new(self.listing.venue, endpoints, Arc::new(move || clock.now())).unwrap()
    }

    /// What the venue says of the same candles by REST.
    fn said(&self) -> Vec<Candle> {
        let said = self.source();
        self.runtime.block_on(said.candles(&self.listing, Timeframe::M5, COUNT)).unwrap().closed
    }

    /// When the running candle opened, for a strategy that looks at it.
    fn running(&self, cache: &Cache) -> Option<i64> {
        let (listing, timeframe) = (self.listing.clone(), Timeframe::M5);
        let order = SeriesOrder { listing, timeframe, count: COUNT, running: true };
        let candles = self.runtime.block_on(cache.closed(&self.source(), &order)).unwrap();
        candles.running.map(|running| running.opened_at.as_seconds())
    }
}

#[test]
fn a_candle_comes_from_the_stream_where_the_venue_says_that_it_is_closed_and_by_rest_else() {
    for exchange in Exchange::ALL {
        let scene = Scene::start(exchange);
        let mut without_asking = 0;
        for _ in 0..4 {
            let before = scene.asked();
            scene.later();
            scene.eventually("the next candle is there", |scene| scene.is_kept());
            without_asking += usize::from(scene.asked() == before);
        }
        assert_eq!(scene.kept(), scene.said(), "{exchange:?}");
        match exchange {
            Exchange::Binance | Exchange::Bybit | Exchange::Okx => {
                assert!(without_asking >= 3, "{exchange:?}: {without_asking} of 4 came by the stream alone");
            }
            Exchange::Kraken | Exchange::Coinbase => assert_eq!(without_asking, 0, "{exchange:?}"),
        }
    }
}

#[test]
fn the_running_candle_is_the_streams_and_asked_for_where_there_is_none() {
    let scene = Scene::start(Exchange::Binance);
    let opened = Some(START_S - START_S % FIVE_MINUTES_S);
    let asked = scene.asked();
    assert_eq!((scene.running(&scene.station.cache), scene.asked()), (opened, asked));
    let deaf = Cache { running: Arc::default(), ..scene.station.cache.clone() };
    assert_eq!((scene.running(&deaf), scene.asked()), (opened, asked + 1));
}

#[test]
fn what_does_not_join_up_takes_the_place_of_what_was_known() {
    let scene = Scene::start(Exchange::Kraken);
    scene.server.order(Some(Fault::Location));
    scene.eventually("the stream is lost", |scene| {
        scene.station.board.rows().iter().any(|row| row.error.is_some())
    });
    // More candles later than are needed, so that nobody asks for those between.
    scene.now.fetch_add(3 * i64::from(COUNT) * FIVE_MINUTES_S, Ordering::SeqCst);
    scene.server.order(None);
    scene.eventually("the newest are there", |scene| scene.is_kept());
    let all = scene.cached(u32::MAX);
    let follows =
        |pair: &[Candle]| pair[1].opened_at.micros_since(pair[0].opened_at) == Timeframe::M5.micros();
    assert!(all.windows(2).all(follows), "a hole is left: {all:?}");
}

/// What a stream of this fault does: whether candles still reach the cache while it lasts.
fn goes_on(fault: Fault) -> bool {
    match fault {
        Fault::Slow(_) | Fault::WrongOrder | Fault::Unflagged => true,
        Fault::Gap
        | Fault::TooManyRequests { .. }
        | Fault::Banned { .. }
        | Fault::Location
        | Fault::Garbage
        | Fault::Disconnect => false,
    }
}

#[track_caller]
fn heals_on(exchange: Exchange) {
    std::thread::scope(|scope| {
        for fault in Fault::ALL {
            scope.spawn(move || {
                let scene = Scene::start(exchange);
                scene.server.order(Some(fault));
                scene.later();
                if goes_on(fault) {
                    scene.eventually(&format!("{fault:?} goes on"), |scene| scene.is_kept());
                } else if fault != Fault::Gap {
                    scene.eventually(&format!("{fault:?} is known"), |scene| {
                        scene.station.board.rows().iter().any(|row| row.error.is_some())
                    });
                    assert!(!scene.is_kept(), "{exchange:?} {fault:?}");
                }
                scene.server.order(None);
                scene.later();
                scene.eventually(&format!("{fault:?} is healed"), |scene| scene.is_kept());
                assert_eq!(scene.kept(), scene.said(), "{exchange:?} {fault:?}");
            });
        }
    });
}

#[test]
fn every_fault_of_binances_stream_is_healed() {
    heals_on(Exchange::Binance);
}

#[test]
fn every_fault_of_krakens_stream_is_healed() {
    heals_on(Exchange::Kraken);
}

#[test]
fn every_fault_of_coinbases_stream_is_healed() {
    heals_on(Exchange::Coinbase);
}

#[test]
fn every_fault_of_bybits_stream_is_healed() {
    heals_on(Exchange::Bybit);
}

#[test]
fn every_fault_of_okxs_stream_is_healed() {
    heals_on(Exchange::Okx);
}
