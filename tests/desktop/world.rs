//! What lies around the application: a venue and the edge of a tunnel, both real servers on loopback.

use crate::real_time::unix_millis;
use standin::Edge;
use standin::edge::AUTHTOKEN;
use standin::venue::{Exchange, Fault, Market, VenueServer};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// A venue that stands for Binance and lists `BTCUSDT`, and an edge that no agent has reached yet.
pub(crate) struct World {
    /// Where the tunnel goes.
    pub(crate) edge: Edge,
    market: Market,
    venue: VenueServer,
    files: TempDir,
    _runtime: Runtime,
}

impl World {
    pub(crate) fn start() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let market = Market::new(1, unix_millis).listing("BTCUSDT", 9_731_000);
        let venue = runtime.block_on(VenueServer::start(Exchange::Binance, market.clone())).unwrap();
        let edge = Edge::start(&["localhost"]).unwrap();
        let files = tempfile::tempdir().unwrap();
        std::fs::write(files.path().join("edge-ca.pem"), edge.ca_pem()).unwrap();
        let world = Self { edge, market, venue, files, _runtime: runtime };
        world.quote("97310.00", "97310.10");
        world
    }

    /// Moves the book.
    pub(crate) fn quote(&self, bid: &str, ask: &str) {
        self.market.set("BTCUSDT", bid, ask);
    }

    /// Orders a fault of the venue, or none.
    pub(crate) fn order(&self, fault: Option<Fault>) {
        self.venue.order(fault);
    }

    /// What an application finds its way by: the venue, and the edge where it has an authtoken for it.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let ca = self.files.path().join("edge-ca.pem");
        vec![
            ("PITWIRE_MARKET_BINANCE_REST_URL", self.venue.rest_url()),
            ("PITWIRE_MARKET_BINANCE_WS_URL", self.venue.ws_url()),
            ("PITWIRE_TUNNEL_SERVER_ADDR", self.edge.server_addr()),
            ("PITWIRE_TUNNEL_ROOT_CAS", ca.to_string_lossy().into_owned()),
            ("PITWIRE_TUNNEL_BACKOFF_MAX_S", "1".to_owned()),
            ("PITWIRE_TUNNEL_HEARTBEAT_S", "1".to_owned()),
            ("PITWIRE_TUNNEL_PROBE_MIN", "0".to_owned()),
            ("NGROK_AUTHTOKEN", AUTHTOKEN.to_owned()),
        ]
    }
}
