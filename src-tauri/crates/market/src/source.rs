//! One venue to ask: tickers, candles and rules by REST, never more than it wants to be asked.

use crate::error::{MarketError, ReadError};
use crate::http::{Http, PAUSE};
use crate::listing::Listing;
use crate::observed::{Candles, Rules, Ticker};
use crate::protocol::{self, Page, Protocol};
use crate::venue::Venue;
use bytes::Bytes;
use domain::{Candle, Timeframe, Timestamp};
use rustls::ClientConfig;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Requests to one venue at a time.
const AT_ONCE_MAX: usize = 4;
/// Pages of candles that one question may take.
const PAGES_MAX: usize = 10;

/// Tells the time; cheap to clone.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Where a venue is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The base of its REST addresses, such as `https://api.kraken.com`.
    pub rest: String,
    /// The base of its WebSocket addresses, such as `wss://ws.kraken.com`.
    pub ws: String,
}

impl Endpoints {
    /// The venue's own.
    #[must_use]
    pub fn of(venue: Venue) -> Self {
        Self { rest: venue.rest_url().to_owned(), ws: venue.ws_url().to_owned() }
    }
}

/// A venue to ask.
pub struct Source {
    venue: Venue,
    endpoints: Endpoints,
    http: Http,
    pub(crate) tls: Arc<ClientConfig>,
    pub(crate) now: Now,
    slots: Semaphore,
    pause: Mutex<Option<Pause>>,
}

/// A time in which the venue wants to hear nothing.
#[derive(Debug, Clone, Copy)]
struct Pause {
    until: Instant,
    banned: bool,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("venue", &self.venue).field("endpoints", &self.endpoints).finish()
    }
}

impl Source {
    /// A venue at these addresses.
    ///
    /// # Errors
    /// [`MarketError::Unreachable`] when this machine cannot make encrypted connections at all.
    pub fn new(venue: Venue, endpoints: Endpoints, now: Now) -> Result<Self, MarketError> {
        let http = Http::new().map_err(|error| MarketError::Unreachable {
            venue,
            cause: crate::error::shown(&error.to_string()),
        })?;
        Ok(Self {
            venue,
            endpoints,
            http,
            tls: Arc::new(crate::connect::tls()),
            now,
            slots: Semaphore::new(AT_ONCE_MAX),
            pause: Mutex::new(None),
        })
    }

    /// Which venue.
    #[must_use]
    pub fn venue(&self) -> Venue {
        self.venue
    }

    /// The price of an instrument now.
    ///
    /// # Errors
    /// [`MarketError`] saying why there is none.
    pub async fn ticker(&self, listing: &Listing) -> Result<Ticker, MarketError> {
        let protocol = protocol::of(self.venue);
        let body = self.get(&protocol.ticker_path(listing)).await?;
        self.read(protocol.read_ticker(listing, &body, (self.now)()))
    }

    /// The newest `count` closed candles of an instrument, or as many as the venue has, and the running one. Older
    /// pages are asked for as far as needed, ten pages at most.
    ///
    /// # Errors
    /// [`MarketError`] saying why there are none.
    pub async fn candles(
        &self,
        listing: &Listing,
        timeframe: Timeframe,
        count: u32,
    ) -> Result<Candles, MarketError> {
        let protocol = protocol::of(self.venue);
        let interval = protocol.interval(self.venue, timeframe)?;
        let mut found = Candles::default();
        let mut before = None;
        for _ in 0..PAGES_MAX {
            let have = u32::try_from(found.closed.len()).unwrap_or(u32::MAX);
            let limit = count.saturating_sub(have).saturating_add(1).min(protocol.page_max());
            let page = Page { limit, before, now: (self.now)() };
            let body = self.get(&protocol.candles_path(listing, (timeframe, interval), page)).await?;
            let older = self.read(protocol.read_candles(&body, timeframe, (self.now)()))?;
            if before.is_none() {
                found.running = older.running;
            }
            let oldest = found.closed.first().map(|candle| candle.opened_at);
            let new: Vec<Candle> = older_than(older, oldest);
            let is_last = new.is_empty() || !protocol.has_older_pages();
            before = new.first().map(|candle| candle.opened_at);
            found.closed.splice(0..0, new);
            if is_last || found.closed.len() >= usize::try_from(count).unwrap_or(usize::MAX) {
                break;
            }
        }
        let surplus = found.closed.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX));
        found.closed.drain(..surplus);
        Ok(found)
    }

    /// What the venue demands of orders in an instrument.
    ///
    /// # Errors
    /// [`MarketError`] saying why it is not known.
    pub async fn rules(&self, listing: &Listing) -> Result<Rules, MarketError> {
        let protocol = protocol::of(self.venue);
        let body = self.get(&protocol.rules_path(listing)).await?;
        self.read(protocol.read_rules(listing, &body))
    }

    /// How the venue is asked.
    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        protocol::of(self.venue)
    }

    /// The address of a stream.
    pub(crate) fn ws_url(&self, path: &str) -> String {
        joined(&self.endpoints.ws, path)
    }

    async fn get(&self, path: &str) -> Result<Bytes, MarketError> {
        self.is_open()?;
        let _slot = self.slots.acquire().await;
        // It may have closed while this request waited for its turn.
        self.is_open()?;
        let answered = self.http.get(self.venue, &joined(&self.endpoints.rest, path)).await;
        if let Err(MarketError::TooManyRequests { wait, banned, .. }) = &answered {
            self.pause(*wait, *banned);
        }
        answered
    }

    fn is_open(&self) -> Result<(), MarketError> {
        let pause = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let left = pause.map(|pause| (pause.until.saturating_duration_since(Instant::now()), pause.banned));
        match left {
            Some((wait, banned)) if !wait.is_zero() => {
                Err(MarketError::TooManyRequests { venue: self.venue, wait, banned })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Asks nothing for a while.
    pub(crate) fn pause(&self, wait: Duration, banned: bool) {
        let until = Instant::now() + wait;
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner) = Some(Pause { until, banned });
    }

    pub(crate) fn read<T>(&self, read: Result<T, ReadError>) -> Result<T, MarketError> {
        let venue = self.venue;
        read.map_err(|error| match error {
            ReadError::Garbage(finding) => MarketError::Garbage { venue, finding },
            ReadError::Refused(said) => MarketError::Refused { venue, said },
            ReadError::TooManyRequests => {
                self.pause(PAUSE, false);
                MarketError::TooManyRequests { venue, wait: PAUSE, banned: false }
            }
        })
    }
}

/// The candles of a page that are not known yet. A running one of an older page is closed: a newer one is known.
fn older_than(page: Candles, oldest: Option<Timestamp>) -> Vec<Candle> {
    let Some(oldest) = oldest else { return page.closed };
    page.closed.into_iter().chain(page.running).filter(|candle| candle.opened_at < oldest).collect()
}

/// Base and path, where the base may have the beginning of the path already, or all of it.
fn joined(base: &str, path: &str) -> String {
    let base = base.trim_end_matches('/');
    let host_end = base.find("://").map_or(0, |scheme| scheme + 3);
    let of_base = base[host_end..].find('/').map_or("", |slash| &base[host_end + slash..]);
    match path.strip_prefix(of_base) {
        Some(rest) if rest.is_empty() || rest.starts_with(['/', '?']) => format!("{base}{rest}"),
        Some(_) | None => format!("{base}{path}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_may_have_a_slash_or_the_path_already() {
        for (base, path, expected) in [
            ("wss://ws.kraken.com", "/v2", "wss://ws.kraken.com/v2"),
            ("wss://ws.kraken.com/", "/v2", "wss://ws.kraken.com/v2"),
            ("wss://ws.kraken.com/v2", "/v2", "wss://ws.kraken.com/v2"),
            ("wss://advanced-trade-ws.coinbase.com", "", "wss://advanced-trade-ws.coinbase.com"),
            ("http://127.0.0.1:1/a", "/v2", "http://127.0.0.1:1/a/v2"),
            ("ws://127.0.0.1:1/ws", "/ws/btcusdt@bookTicker", "ws://127.0.0.1:1/ws/btcusdt@bookTicker"),
            ("ws://127.0.0.1:1/w", "/ws/btcusdt@bookTicker", "ws://127.0.0.1:1/w/ws/btcusdt@bookTicker"),
            ("http://h/api/v3", "/api/v3/klines?symbol=X", "http://h/api/v3/klines?symbol=X"),
            ("http://h", "/api/v3/klines?symbol=X", "http://h/api/v3/klines?symbol=X"),
        ] {
            assert_eq!(joined(base, path), expected);
        }
    }
}
