//! Whose candles are heard: those that enabled pipelines need for the symbols of their webhooks, and no others.
//!
//! A webhook's symbols are the one that its settings name and those of the last signals about which its strategy was
//! asked; they are not kept over a restart.

use super::Market;
use crate::pipeline::{self, Strategies, candles};
use ::market::{Listing, Venue};
use domain::{Signal, Symbol, Timeframe, WebhookId};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use store::webhooks::Webhook;

/// Symbols of a webhook that are followed; of more, those of its newest signals.
const SYMBOLS_MAX: usize = 8;
/// Series of a venue that are heard; candles of more are asked for when a signal needs them.
const SERIES_MAX: usize = 60;

/// Series and how many closed candles of each are needed.
pub(crate) type Series = BTreeMap<(Listing, Timeframe), u32>;

/// The symbols of the last signals of each webhook in pipeline mode.
#[derive(Debug, Default)]
pub(crate) struct Following(Mutex<BTreeMap<WebhookId, VecDeque<Instrument>>>);

/// A symbol and the exchange that the message named.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Instrument {
    symbol: Symbol,
    exchange: Option<String>,
}

impl Following {
    /// Notes that a strategy is asked about a signal.
    pub(crate) fn note(&self, webhook: &WebhookId, signal: &Signal) {
        let asked = Instrument { symbol: signal.symbol.clone(), exchange: signal.exchange.clone() };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_webhook = known.entry(webhook.clone()).or_default();
        of_webhook.retain(|known| *known != asked);
        of_webhook.push_front(asked);
        of_webhook.truncate(SYMBOLS_MAX);
    }

    /// What is to be heard for these webhooks, venue by venue.
    pub(crate) fn series<'a>(
        &self,
        webhooks: impl Iterator<Item = &'a Webhook>,
        strategies: &Strategies,
        market: &Market,
    ) -> BTreeMap<Venue, Series> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pipelines: Vec<_> = webhooks
            .filter(|webhook| !webhook.paused)
            .filter_map(|webhook| Some((webhook, pipeline::of_webhook(webhook, strategies)??)))
            .collect();
        known.retain(|id, _| pipelines.iter().any(|(webhook, _)| webhook.id == *id));
        let mut heard: BTreeMap<Venue, Series> = BTreeMap::new();
        for (webhook, strategy) in pipelines {
            let account = market.venue_of(&webhook.account_id);
            let own = webhook.symbol.clone().map(|symbol| Instrument { symbol, exchange: None });
            for Instrument { symbol, exchange } in known.get(&webhook.id).into_iter().flatten().chain(&own) {
                let strategy = &strategy.strategy;
                let Some(venue) = candles::venue(strategy, exchange.as_deref(), account) else { continue };
                let of_venue = heard.entry(venue).or_default();
                for order in candles::orders(strategy, symbol, venue) {
                    let is_known = of_venue.contains_key(&(order.listing.clone(), order.timeframe));
                    if !venue.streams_candles(order.timeframe) || (of_venue.len() >= SERIES_MAX && !is_known)
                    {
                        continue;
                    }
                    let count = of_venue.entry((order.listing, order.timeframe)).or_default();
                    *count = order.count.max(*count);
                }
            }
        }
        heard
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Clock, Desk};
    use domain::{Intent, Side};
    use serde_json::json;

    /// Venue, symbol, timeframe and count of every series.
    fn heard(desk: &Desk) -> Vec<String> {
        let context = &desk.context;
        context.directory.reload().unwrap();
        let (rows, strategies) = (context.directory.rows(), context.directory.strategies());
        let webhooks = rows.values().map(|row| &row.webhook);
        let heard = context.market.following.series(webhooks, &strategies, &context.market);
        let shown = |((listing, timeframe), count): (&(Listing, Timeframe), &u32)| {
            format!("{} {} {timeframe} {count}", listing.venue, listing.symbol)
        };
        heard.values().flatten().map(shown).collect()
    }

    fn note(desk: &Desk, webhook: &str, symbol: &str, exchange: Option<&str>) {
        let symbol = Symbol::new(symbol).unwrap();
        let mut signal = Signal::new(Intent::Open, Some(Side::Long), "buy", symbol);
        signal.exchange = exchange.map(str::to_owned);
        desk.context.market.following.note(&WebhookId::parse(webhook).unwrap(), &signal);
    }

    #[test]
    fn candles_that_enabled_pipelines_need_are_heard_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path(), Clock::system()).unwrap();
        let call = |method: &str, params: serde_json::Value| desk.call(method, params).unwrap();
        let file = json!({"name": "Two", "format": 1, "source": "binance", "when": {"all": [
            {"left": "close", "op": ">", "right": "sma(close,20)", "timeframe": "5m"},
            {"left": "ema(close,200)", "op": ">", "right": 1, "timeframe": "1h"},
        ]}});
        let strategy = call("strategies.add", json!({"file": file.to_string()}))["id"].clone();
        let made = call(
            "webhooks.create",
            json!({"name": "W", "mode": "pipeline", "strategy_id": strategy, "symbol": "ETHUSDT"}),
        );
        call("webhooks.create", json!({"name": "Direct", "symbol": "SOLUSDT"}));
        let id = made["webhook"]["id"].as_str().unwrap().to_owned();
        // 500 at least; an average of 200 begins at 200 and has forgotten its beginning 1382 later.
        let own = ["binance ETHUSDT 5m 500", "binance ETHUSDT 1h 1582"];
        assert_eq!(heard(&desk), own);
        // Coinbase's stream has five minutes alone, and nobody lists a stock.
        note(&desk, &id, "BTCUSD", Some("COINBASE"));
        note(&desk, &id, "AAPL", Some("NASDAQ"));
        assert_eq!(heard(&desk), [own[0], own[1], "coinbase BTCUSD 5m 500"]);
        // Of many symbols the newest count; nine were told, the oldest is left.
        for symbol in ["XRPUSD", "ADAUSD", "DOTUSD", "LTCUSD", "UNIUSD", "TRXUSD", "DOGEUSD", "SOLUSD"] {
            note(&desk, &id, symbol, Some("COINBASE"));
        }
        let many = heard(&desk);
        assert!(many.len() == 10 && !many.contains(&"coinbase BTCUSD 5m 500".to_owned()), "{many:?}");
        for (pause, resume, which) in [
            ("webhooks.pause", "webhooks.resume", json!(id)),
            ("strategies.disable", "strategies.enable", strategy.clone()),
        ] {
            call(pause, json!({"id": which}));
            assert_eq!(heard(&desk), [""; 0], "{pause}");
            call(resume, json!({"id": which}));
            // What was noted of it went with it.
            assert_eq!(heard(&desk), own, "{resume}");
        }
    }
}
