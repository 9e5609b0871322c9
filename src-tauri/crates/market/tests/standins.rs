//! Sources and streams against the stand-ins of all five venues, over real loopback sockets.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

use domain::{Price, Symbol, Timeframe, Timestamp};
use market::{
    Endpoints, Event, Heard, Listing, MarketError, Source, Standing, Usable, Venue, Wanted, follow,
};
use standin::venue::{Bar, Exchange, Fault, Market, VenueServer};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Half a minute into a minute.
const NOW_S: i64 = 1_700_000_070;
/// No test waits longer than this for anything.
const PATIENCE: Duration = Duration::from_secs(30);

fn venue(exchange: Exchange) -> Venue {
    Venue::parse(exchange.as_str()).unwrap()
}

/// A venue whose book of `BTCUSDT` stands at 100.00 and 100.10.
async fn serving(exchange: Exchange) -> (Market, VenueServer, Arc<Source>, Listing) {
    let market = Market::new(3, || NOW_S * 1_000).listing("BTCUSDT", 10_000);
    market.set("BTCUSDT", "100.00", "100.10");
    let server = VenueServer::start(exchange, market.clone()).await.unwrap();
    let endpoints = Endpoints { rest: server.rest_url(), ws: server.ws_url() };
    let now = Arc::new(|| Timestamp::from_seconds(NOW_S));
    let source = Arc::new(Source::new(venue(exchange), endpoints, now).unwrap());
    let listing = Listing::of(venue(exchange), &Symbol::new("BTCUSDT").unwrap()).unwrap();
    (market, server, source, listing)
}

fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

#[tokio::test]
async fn every_venue_tells_its_book_its_rules_and_what_it_does_not_list() {
    for exchange in Exchange::ALL {
        let (_market, _server, source, listing) = serving(exchange).await;
        let ticker = source.ticker(&listing).await.unwrap();
        let quote = Usable::Quote { bid: price("100.00"), ask: price("100.10") };
        assert_eq!(
            (ticker.usable(), ticker.at),
            (Some(quote), Timestamp::from_seconds(NOW_S)),
            "{exchange:?}"
        );
        let rules = source.rules(&listing).await.unwrap();
        let shown = [rules.tick, rules.step, rules.min_qty].map(|rule| rule.unwrap().to_string());
        assert_eq!(shown, ["0.01", "0.001", "0.001"], "{exchange:?}");
        let other = Listing::of(venue(exchange), &Symbol::new("ETHUSDT").unwrap()).unwrap();
        let refused = source.ticker(&other).await;
        assert!(matches!(refused, Err(MarketError::Refused { .. })), "{exchange:?}: {refused:?}");
    }
}

#[tokio::test]
async fn candles_of_several_pages_are_one_series_and_the_running_one_is_none_of_them() {
    for exchange in Exchange::ALL {
        let (_market, server, source, listing) = serving(exchange).await;
        for fault in [None, Some(Fault::WrongOrder), Some(Fault::Unflagged)] {
            server.order(fault);
            let found = source.candles(&listing, Timeframe::M1, 700).await.unwrap();
            let newest = found.closed.last().unwrap().opened_at.as_seconds();
            let neighbours =
                found.closed.windows(2).all(|w| w[1].opened_at.micros_since(w[0].opened_at) == 60_000_000);
            let told = (found.closed.len(), newest, neighbours);
            assert_eq!(told, (700, NOW_S - 30 - 60, true), "{exchange:?} {fault:?}");
            assert_eq!(
                found.running.map(|c| c.opened_at.as_seconds()),
                Some(NOW_S - 30),
                "{exchange:?} {fault:?}"
            );
        }
        server.order(Some(Fault::Gap));
        let found = source.candles(&listing, Timeframe::M1, 50).await.unwrap();
        let newest = found.closed.last().unwrap().opened_at.as_seconds();
        assert!(newest < NOW_S - 240, "{exchange:?}: a gap is not filled");
    }
}

#[tokio::test]
async fn a_venue_that_wants_no_requests_gets_none_until_its_time_is_over() {
    let (_market, server, source, listing) = serving(Exchange::Binance).await;
    server.order(Some(Fault::TooManyRequests { retry_after: 3_600 }));
    for _ in 0..5 {
        let refused = source.ticker(&listing).await;
        assert!(matches!(refused, Err(MarketError::TooManyRequests { banned: false, .. })), "{refused:?}");
    }
    assert_eq!(server.seen().len(), 1);
    let (_market, server, source, listing) = serving(Exchange::Kraken).await;
    for (fault, expected) in [
        (Fault::Location, MarketError::Location { venue: Venue::Kraken }.to_string()),
        (Fault::Garbage, "Kraken answers something that cannot be read".to_owned()),
        (Fault::Disconnect, "Kraken cannot be reached".to_owned()),
        (Fault::Banned { retry_after: 9 }, "Kraken wants no more requests for 9 s".to_owned()),
    ] {
        server.order(Some(fault));
        let said = source.ticker(&listing).await.unwrap_err().to_string();
        assert!(said.starts_with(&expected), "{said}");
    }
}

/// Hears a venue's streams.
fn listening(source: Arc<Source>, wanted: Wanted) -> (watch::Sender<Wanted>, mpsc::UnboundedReceiver<Heard>) {
    let (sender, receiver) = watch::channel(wanted);
    let (heard, ears) = mpsc::unbounded_channel();
    tokio::spawn(follow(source, receiver, move |one| drop(heard.send(one)), || 1.0));
    (sender, ears)
}

/// Listens until everything was heard, in whatever order.
async fn until(who: Exchange, ears: &mut mpsc::UnboundedReceiver<Heard>, all: &[&dyn Fn(&Heard) -> bool]) {
    let mut left: Vec<&dyn Fn(&Heard) -> bool> = all.to_vec();
    let mut heard = Vec::new();
    let until = tokio::time::Instant::now() + PATIENCE;
    while !left.is_empty() {
        match tokio::time::timeout_at(until, ears.recv()).await {
            Ok(Some(one)) => {
                left.retain(|is_it| !is_it(&one));
                heard.push(one);
            }
            Ok(None) | Err(_) => panic!("{who:?}: {} of {} are missing in {heard:?}", left.len(), all.len()),
        }
    }
}

fn has_bid(heard: &Heard, bid: &str) -> bool {
    matches!(heard, Heard::Event(Event::Ticker(ticker)) if ticker.bid == Some(price(bid)))
}

#[tokio::test]
async fn streams_tell_prices_and_closed_candles_and_come_back_after_a_loss() {
    for exchange in Exchange::ALL {
        let (market, server, source, listing) = serving(exchange).await;
        let wanted =
            Wanted { tickers: [listing.clone()].into(), candles: [(listing.clone(), Timeframe::M5)].into() };
        let bar = |time: i64, close: &str| Bar {
            time,
            open: "100".into(),
            high: "200".into(),
            low: "50".into(),
            close: close.into(),
            volume: "1".into(),
        };
        let opened = NOW_S - 570;
        market.set_bars("BTCUSDT", 5, vec![bar(opened, "101")]);
        let (_keep, mut ears) = listening(source, wanted);
        let is_open =
            |heard: &Heard| matches!(heard, Heard::Event(Event::Candle { standing: Standing::Running, .. }));
        until(exchange, &mut ears, &[&|heard| has_bid(heard, "100.00"), &is_open]).await;
        market.set_bars("BTCUSDT", 5, vec![bar(opened, "102"), bar(opened + 300, "103")]);
        // Where no flag says so, the next candle says that it is over.
        let has_flag = matches!(exchange, Exchange::Binance | Exchange::Bybit | Exchange::Okx);
        let expected = if has_flag { Standing::Closed } else { Standing::Over };
        let is_closed = |heard: &Heard| {
            matches!(heard, Heard::Event(Event::Candle { candle, standing, .. })
                if candle.opened_at.as_seconds() == opened && *standing == expected)
        };
        until(exchange, &mut ears, &[&is_closed]).await;
        for fault in [Fault::Disconnect, Fault::Location, Fault::Garbage] {
            server.order(Some(fault));
            let is_trouble = |heard: &Heard| matches!(heard, Heard::Down { .. } | Heard::Complaint(_));
            until(exchange, &mut ears, &[&is_trouble]).await;
            server.order(None);
            let bid = if fault == Fault::Garbage { "97.00" } else { "99.00" };
            market.set("BTCUSDT", bid, "100.00");
            until(exchange, &mut ears, &[&|heard| has_bid(heard, bid)]).await;
            market.set("BTCUSDT", "98.00", "100.00");
        }
    }
}

#[tokio::test]
async fn prices_go_on_while_other_candles_are_wanted() {
    for exchange in Exchange::ALL {
        let (market, _server, source, listing) = serving(exchange).await;
        let prices = Wanted { tickers: [listing.clone()].into(), ..Wanted::default() };
        let (wanted, mut ears) = listening(source, prices.clone());
        until(exchange, &mut ears, &[&|heard| has_bid(heard, "100.00")]).await;
        wanted.send_replace(Wanted { candles: [(listing, Timeframe::M5)].into(), ..prices.clone() });
        let is_candle = |heard: &Heard| matches!(heard, Heard::Event(Event::Candle { .. }));
        let is_cut = |heard: &Heard| matches!(heard, Heard::Left { .. } | Heard::Down { .. });
        loop {
            let heard = tokio::time::timeout(PATIENCE, ears.recv()).await.unwrap().unwrap();
            assert!(!is_cut(&heard), "{exchange:?}: {heard:?}");
            if is_candle(&heard) {
                break;
            }
        }
        // The stream for candles is left, the one for prices is still the same.
        wanted.send_replace(prices);
        until(exchange, &mut ears, &[&|heard| matches!(heard, Heard::Left { .. })]).await;
        market.set("BTCUSDT", "98.00", "98.10");
        loop {
            let heard = tokio::time::timeout(PATIENCE, ears.recv()).await.unwrap().unwrap();
            assert!(!is_cut(&heard), "{exchange:?}: {heard:?}");
            if has_bid(&heard, "98.00") {
                break;
            }
        }
    }
}
