//! A venue beside the desk: a real loopback server over a market whose prices a test sets.

use super::TestDesk;
use super::real_time::unix_millis;
use standin::venue::{Exchange, Fault, Market, VenueServer};
use tokio::runtime::Runtime;

/// A venue that lists `BTCUSDT` and `BTCUSD`; its book stands still at 100.00 and 100.10 until it is moved.
pub(crate) struct TestVenue {
    exchange: Exchange,
    market: Market,
    server: VenueServer,
    _runtime: Runtime,
}

impl TestVenue {
    /// Starts a venue.
    pub(crate) fn start(exchange: Exchange) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let market = Market::new(1, unix_millis).listing("BTCUSDT", 10_000).listing("BTCUSD", 10_000);
        let server = runtime.block_on(VenueServer::start(exchange, market.clone())).unwrap();
        let venue = Self { exchange, market, server, _runtime: runtime };
        venue.quote("100.00", "100.10");
        venue
    }

    /// Its word in settings.
    pub(crate) fn name(&self) -> &'static str {
        self.exchange.as_str()
    }

    /// Moves the book of both symbols.
    pub(crate) fn quote(&self, bid: &str, ask: &str) {
        for symbol in ["BTCUSDT", "BTCUSD"] {
            self.market.set(symbol, bid, ask);
        }
    }

    /// Orders a fault, or none.
    pub(crate) fn order(&self, fault: Option<Fault>) {
        self.server.order(fault);
    }

    /// Path and query of every request so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.server.seen()
    }

    /// A desk that knows where this venue is.
    pub(crate) fn known_to(&self, desk: TestDesk) -> TestDesk {
        let variable = |what: &str| format!("PITWIRE_MARKET_{}_{what}_URL", self.name().to_uppercase());
        desk.with(&variable("REST"), &self.server.rest_url()).with(&variable("WS"), &self.server.ws_url())
    }
}
