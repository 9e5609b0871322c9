//! What a decision needs from a venue, asked for all at once and within a limit.

use super::rules::stored;
use super::series::{Cache, SeriesError};
use crate::context::Context;
use ::market::{Candles, Listing, ListingError, MarketError, Rules, Source, Ticker, Venue};
use domain::{Symbol, Timeframe, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a signal waits for a venue; then it is decided without what is missing.
pub(crate) const GATHER_MAX: Duration = Duration::from_secs(6);
/// How long the rules of an instrument hold until they are asked for again, in microseconds.
const RULES_KEPT_US: i64 = 24 * 3_600 * 1_000_000;

/// Candles that are needed of a series.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SeriesOrder {
    pub(crate) listing: Listing,
    pub(crate) timeframe: Timeframe,
    /// How many closed ones, the newest.
    pub(crate) count: u32,
    /// Whether the running one is needed too.
    pub(crate) running: bool,
}

/// What is asked of one venue for one signal.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    venue: Venue,
    symbol: Symbol,
    listing: Result<Listing, ListingError>,
    price: bool,
    rules: bool,
    candles: Vec<SeriesOrder>,
    /// Whose candles.
    candles_of: Venue,
}

impl Order {
    /// Nothing yet, of a symbol.
    pub(crate) fn of(venue: Venue, symbol: &Symbol) -> Self {
        let listing = Listing::of(venue, symbol);
        Self {
            venue,
            symbol: symbol.clone(),
            listing,
            price: false,
            rules: false,
            candles: Vec::new(),
            candles_of: venue,
        }
    }

    /// The price as well.
    pub(crate) fn with_price(self) -> Self {
        Self { price: true, ..self }
    }

    /// The rules as well, where those that are known are none or old.
    pub(crate) fn with_rules(self, known: Option<Timestamp>, now: Timestamp) -> Self {
        let rules = known.is_none_or(|at| now.micros_since(at) > RULES_KEPT_US);
        Self { rules, ..self }
    }

    /// The newest closed candles as well; all of one venue, which may be another than the price's.
    pub(crate) fn with_candles(mut self, series: SeriesOrder) -> Self {
        self.candles_of = series.listing.venue;
        self.candles.push(series);
        self
    }

    /// The candles that are asked for.
    pub(crate) fn candles(&self) -> &[SeriesOrder] {
        &self.candles
    }

    /// Whose candles are asked for.
    pub(crate) fn candles_of(&self) -> Venue {
        self.candles_of
    }

    /// Whether nothing is asked for.
    pub(crate) fn is_empty(&self) -> bool {
        !self.price && !self.rules && self.candles.is_empty()
    }

    /// Whether the rules are asked for.
    pub(crate) fn asks_rules(&self) -> bool {
        self.rules
    }

    pub(crate) fn venue(&self) -> Venue {
        self.venue
    }
}

/// What a venue answered; a part that was not asked for is absent.
#[derive(Debug, Clone)]
pub(crate) struct Gathered {
    pub(crate) venue: Venue,
    pub(crate) symbol: Symbol,
    pub(crate) price: Option<Result<Ticker, MarketError>>,
    pub(crate) rules: Option<Rules>,
    /// Whose candles were asked for.
    pub(crate) candles_of: Venue,
    pub(crate) candles: BTreeMap<(Symbol, Timeframe), Result<Candles, SeriesError>>,
}

impl Gathered {
    /// Everything that was asked for, failed for one reason.
    pub(crate) fn failed(order: &Order, cause: &str) -> Self {
        let error = MarketError::Unreachable { venue: order.venue, cause: cause.to_owned() };
        let candles = order.candles.iter().map(|series| {
            let key = (series.listing.symbol.clone(), series.timeframe);
            (key, Err(SeriesError::Market(error.clone())))
        });
        Self {
            venue: order.venue,
            symbol: order.symbol.clone(),
            price: order.price.then(|| Err(error.clone())),
            rules: None,
            candles_of: order.candles_of,
            candles: candles.collect(),
        }
    }
}

/// Where an answer is put.
#[derive(Debug, Clone, Default)]
pub(crate) struct Slot(Arc<Place>);

#[derive(Debug, Default)]
struct Place {
    answer: Mutex<Option<Gathered>>,
    bell: Condvar,
}

impl Slot {
    pub(super) fn fill(&self, gathered: Gathered) {
        *self.0.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(gathered);
        self.0.bell.notify_all();
    }

    /// The answer, once it is there.
    pub(crate) fn take(&self) -> Option<Gathered> {
        self.0.answer.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The answer, waited for no longer than `limit`; for callers that may wait, which the driver may not.
    pub(crate) fn wait(&self, limit: Duration) -> Option<Gathered> {
        let answer = self.0.answer.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.bell.wait_timeout_while(answer, limit, |answer| answer.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.take()
    }
}

/// The venues of one order, often the same one.
pub(super) struct Sources {
    pub(super) price: Arc<Source>,
    pub(super) candles: Arc<Source>,
}

/// Asks, puts the answer into the slot and calls the driver.
pub(super) async fn run(context: Arc<Context>, cache: Cache, sources: Sources, order: Order, slot: Slot) {
    let asked = tokio::time::timeout(GATHER_MAX, ask(&context, &cache, &sources, &order)).await;
    let gathered = asked.unwrap_or_else(|_| {
        let cause = format!("no answer within {} s", GATHER_MAX.as_secs());
        Gathered::failed(&order, &cause)
    });
    slot.fill(gathered);
    context.wake.call();
}

async fn ask(context: &Arc<Context>, cache: &Cache, sources: &Sources, order: &Order) -> Gathered {
    let source = &sources.price;
    let ticker = async {
        match (&order.listing, order.price) {
            (_, false) => None,
            (Err(error), true) => Some(Err(MarketError::Listing(error.clone()))),
            (Ok(listing), true) => {
                let ticker = source.ticker(listing).await;
                context.market.board.asked(order.venue, ticker.as_ref().err(), context.clock.now());
                Some(ticker)
            }
        }
    };
    let rules = async {
        match &order.listing {
            Ok(listing) if order.rules => rules(context, source, listing).await,
            Ok(_) | Err(_) => None,
        }
    };
    let candles = async {
        let mut found = BTreeMap::new();
        for one in &order.candles {
            let series = cache.closed(&sources.candles, one).await;
            found.insert((one.listing.symbol.clone(), one.timeframe), series);
        }
        found
    };
    let (price, rules, candles) = tokio::join!(ticker, rules, candles);
    let (venue, symbol, candles_of) = (order.venue, order.symbol.clone(), order.candles_of);
    Gathered { venue, symbol, price, rules, candles_of, candles }
}

/// The rules of an instrument, written down for the next start. Without them an order is judged as one of an account
/// without a venue; that is said in the log and is no reason to refuse it.
async fn rules(context: &Arc<Context>, source: &Source, listing: &Listing) -> Option<Rules> {
    let rules = match source.rules(listing).await {
        Ok(rules) => rules,
        Err(error) => {
            tracing::warn!(market.venue = %listing.venue, market.symbol = %listing.symbol, %error,
                "the rules of an instrument are not known");
            return None;
        }
    };
    let row = stored(listing.venue, &listing.symbol, &rules, context.clock.now());
    let to = Arc::clone(context);
    let written = tokio::task::spawn_blocking(move || {
        to.store.writer().run(move |tx| store::instruments::put(tx, &row))
    });
    if let Ok(Err(error)) = written.await {
        tracing::warn!(%error, "the rules of an instrument could not be written down");
    }
    Some(rules)
}
