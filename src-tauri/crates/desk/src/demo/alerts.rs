//! The alerts of the demo: a short play that repeats itself, sent as TradingView would, to the real listener.

use super::Stage;
use crate::rpc::test_signal::post;
use domain::parse_decimal;
use rust_decimal::Decimal;
use standin::venue::{Market, VenueServer};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// An account on the synthetic Binance, and its webhook.
pub(super) const TREND: &str = "Demo: trend on Binance";
/// An account on the synthetic Kraken, and its webhook.
pub(super) const BRACKETS: &str = "Demo: brackets on Kraken";
/// An account that trades at the prices of its alerts, and its webhook.
pub(super) const STOCKS: &str = "Demo: stocks at alert prices";

/// An account on the synthetic OKX whose webhook asks a strategy.
pub(super) const FILTERED: &str = "Demo: filtered by a strategy on OKX";

/// Between two alerts.
const EVERY: Duration = Duration::from_secs(3);
/// After so many alerts the play begins again.
const SCENES: u64 = 15;

/// Fires alerts until its runtime ends. It keeps the venues, so that the market ends with it.
pub(super) async fn fire(url: String, stage: Stage, market: Market, venues: Vec<VenueServer>) {
    let Some(address) = url.strip_prefix("http://").and_then(|address| address.parse::<SocketAddr>().ok())
    else {
        return;
    };
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut turn = 0;
    loop {
        tick.tick().await;
        let eth = market.book("ETHUSD").and_then(|book| parse_decimal(&book.bid).ok());
        if let Some((name, body)) = alert(turn, eth.unwrap_or(Decimal::ONE_THOUSAND))
            && let Some(path) = stage.get(name).cloned()
        {
            let sent = tokio::task::spawn_blocking(move || send(address, &path, &body)).await;
            if let Ok(Err(error)) = sent {
                tracing::warn!(%error, venues = venues.len(), "an alert of the demo did not reach the listener");
            }
        }
        turn += 1;
    }
}

fn send(address: SocketAddr, path: &str, body: &str) -> std::io::Result<String> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        address.port(),
        body.len(),
    );
    post(address, &head, body)
}

/// The alert of a turn: for which webhook, and what it says. `eth` is the price around which its brackets stand.
fn alert(turn: u64, eth: Decimal) -> Option<(&'static str, String)> {
    let near = |percent: i64| {
        let factor = Decimal::ONE_HUNDRED + Decimal::new(percent, 2);
        eth.checked_mul(factor).map(|scaled| (scaled / Decimal::ONE_HUNDRED).round_dp(2))
    };
    let stock = 190 + i64::try_from(turn % 7).unwrap_or(0);
    let body = match turn % SCENES {
        0 => (
            TREND,
            r#"{"action":"buy","symbol":"BTCUSDT","quantity":"0.05","comment":"trend up"}"#.to_owned(),
        ),
        // The strategy looks at the market for this one, and the next one is not sure enough of itself.
        1 => (FILTERED, confident("ETHUSDT", "1", 80)),
        8 => (FILTERED, confident("SOLUSDT", "20", 40)),
        13 => (FILTERED, r#"{"action":"sell","symbol":"ETHUSDT"}"#.to_owned()),
        2 => {
            // A limit just below the market, with its bracket.
            let (limit, stop, target) = (near(-2)?, near(-60)?, near(40)?);
            let body = format!(
                r#"{{"action":"buy","symbol":"ETHUSD","quantity":"1","orderType":"limit","limitPrice":"{limit}","stopLoss":"{stop}","takeProfit":"{target}"}}"#
            );
            (BRACKETS, body)
        }
        3 => (STOCKS, format!(r#"{{"action":"buy","symbol":"AAPL","price":"{stock}.25","quantity":"10"}}"#)),
        4 => (TREND, r#"{"action":"buy","symbol":"SOLUSDT","quantity":"20","stopLoss":"100"}"#.to_owned()),
        5 => (TREND, r#"{"action":"buy","symbol":"BTCUSDT","quantity":"0.05","comment":"adds"}"#.to_owned()),
        // What goes wrong is shown as well: half a message, and a price far from the market.
        6 => (TREND, r#"{"action":"buy","symbol":"#.to_owned()),
        7 => (TREND, r#"{"action":"buy","symbol":"ETHUSDT","price":"9999","quantity":"1"}"#.to_owned()),
        9 => (TREND, r#"{"action":"sell","symbol":"BTCUSDT","comment":"EXIT_50"}"#.to_owned()),
        10 => (
            STOCKS,
            format!(r#"{{"action":"sell","symbol":"AAPL","price":"{}.75","quantity":"10"}}"#, stock + 1),
        ),
        11 => (TREND, r#"{"action":"sell","symbol":"SOLUSDT"}"#.to_owned()),
        12 => (TREND, r#"{"action":"sell","symbol":"BTCUSDT"}"#.to_owned()),
        _ => (BRACKETS, r#"{"action":"sell","symbol":"ETHUSD"}"#.to_owned()),
    };
    Some(body)
}

/// A purchase that says how sure it is.
fn confident(symbol: &str, quantity: &str, confidence: u32) -> String {
    format!(r#"{{"action":"buy","symbol":"{symbol}","quantity":"{quantity}","confidence":{confidence}}}"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_but_the_broken_one_is_a_message() {
        for turn in 0..SCENES {
            let (name, body) = alert(turn, Decimal::from(3_500)).unwrap();
            assert!(name.starts_with("Demo: "));
            let read = crate::explain(body.as_bytes());
            assert_eq!(read.is_ok(), turn != 6, "{body}");
        }
        let (_, bracket) = alert(2, Decimal::from(3_500)).unwrap();
        assert!(
            bracket.contains(r#""limitPrice":"3499.30","stopLoss":"3479.00","takeProfit":"3514.00""#),
            "{bracket}"
        );
    }
}
