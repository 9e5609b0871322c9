//! What is to be heard of the venues: the prices of positions and working orders of accounts on them, the candles that
//! pipelines need, and nothing else. A pure function of the books.

use super::following::Series;
use ::market::{Listing, Venue};
use domain::Symbol;
use paper::State;
use std::collections::{BTreeMap, BTreeSet};

/// The books of an account on a venue.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding<'a> {
    pub(crate) venue: Venue,
    pub(crate) state: &'a State,
}

/// What is to be heard of a venue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Hearing {
    /// Instruments whose prices are heard.
    pub(crate) tickers: BTreeSet<Listing>,
    /// Candles that are heard and kept.
    pub(crate) series: Series,
}

impl Hearing {
    pub(crate) fn is_empty(&self) -> bool {
        self.tickers.is_empty() && self.series.is_empty()
    }
}

/// What is to be heard. What a venue does not list is left out; its signals are refused with the reason.
pub(crate) fn wanted<'a>(
    accounts: impl Iterator<Item = Holding<'a>>,
    candles: &BTreeMap<Venue, Series>,
) -> BTreeMap<Venue, Hearing> {
    let mut wanted: BTreeMap<Venue, Hearing> = BTreeMap::new();
    for (venue, series) in candles {
        wanted.entry(*venue).or_default().series.clone_from(series);
    }
    for Holding { venue, state } in accounts {
        let of_venue = wanted.entry(venue).or_default();
        let listings = needed(state).filter_map(|symbol| Listing::of(venue, symbol).ok());
        of_venue.tickers.extend(listings);
    }
    wanted
}

/// The symbols in which something is held or ordered.
pub(crate) fn needed(state: &State) -> impl Iterator<Item = &Symbol> {
    let held = state.positions.iter().filter(|(_, position)| position.net.side().is_some());
    held.map(|(symbol, _)| symbol).chain(state.orders.keys())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Intent, Money, OrderRequest, OrderType, Price, Side, Signal, SignalId, Timestamp};
    use paper::{Broker, Config, Input, SignalInput, WebhookRules};

    fn signal(id: &str, symbol: &str, limit: Option<&str>) -> Input {
        let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", Symbol::new(symbol).unwrap());
        signal.price = Some(Price::parse("100").unwrap());
        if let Some(limit) = limit {
            signal.order = OrderRequest {
                kind: OrderType::Limit,
                limit: Some(Price::parse(limit).unwrap()),
                ..signal.order
            };
        }
        let now = Timestamp::from_seconds(0);
        Input::Signal(Box::new(SignalInput {
            id: SignalId::parse(id).unwrap(),
            signal,
            dialect: None,
            rules: WebhookRules::default(),
            received_at: now,
            decided_at: now,
            duplicate_of: None,
            replay: false,
            kill_switch: false,
            verdict: None,
        }))
    }

    #[test]
    fn positions_and_working_orders_are_heard_and_nothing_else() {
        let mut broker = Broker::new(Config::default(), Money::new(1_000_000.into()));
        let codes = |broker: &Broker, venue| {
            let heard = wanted([Holding { venue, state: broker.state() }].into_iter(), &BTreeMap::new());
            heard[&venue].tickers.iter().map(|listing| listing.code.clone()).collect::<Vec<_>>()
        };
        assert_eq!(codes(&broker, Venue::Kraken), [""; 0]);
        // A position, an order that works, and what is only known by name.
        broker.apply(signal("sig_1", "BTCUSD", None));
        broker.apply(signal("sig_2", "ETHUSD", Some("90")));
        broker.apply(signal("sig_3", "AAPL", None));
        let symbol = Symbol::new("SOLUSD").unwrap();
        broker.apply(Input::Last {
            symbol,
            price: Price::parse("5").unwrap(),
            at: Timestamp::from_seconds(1),
        });
        assert_eq!(codes(&broker, Venue::Kraken), ["XBTUSD", "ETHUSD"]);
        assert_eq!(codes(&broker, Venue::Okx), ["BTC-USD", "ETH-USD"]);
        let flatten = Input::Flatten { command: "cmd_1".into(), at: Timestamp::from_seconds(2) };
        broker.apply(flatten);
        assert_eq!(codes(&broker, Venue::Kraken), [""; 0]);
    }
}
