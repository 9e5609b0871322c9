//! Coinbase Advanced Trade: `/api/v3/brokerage/market`, and the channels `ticker` and `candles`, the latter of five
//! minutes only.

use crate::error::ReadError;
use crate::json::{Number, Whole, candle, price_opt, read, time};
use crate::listing::Listing;
use crate::observed::{Candles, Closed, Rules, Ticker, rule_opt};
use crate::protocol::{Page, Protocol, Stream, Told, Wanted};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Coinbase;

const PRODUCTS: &str = "/api/v3/brokerage/market/products";

#[derive(Deserialize)]
struct CandleRow {
    product_id: Option<String>,
    start: Whole,
    low: Number,
    high: Number,
    open: Number,
    close: Number,
    volume: Number,
}

#[derive(Deserialize)]
struct Product {
    price_increment: Option<Number>,
    quote_increment: Option<Number>,
    base_increment: Option<Number>,
    base_min_size: Option<Number>,
    base_max_size: Option<Number>,
    quote_min_size: Option<Number>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    message: Option<String>,
    timestamp: Option<String>,
    #[serde(borrow, default)]
    events: Vec<FrameEvent<'a>>,
}

#[derive(Deserialize)]
struct FrameEvent<'a> {
    #[serde(borrow, default)]
    tickers: Vec<TickerRow<'a>>,
    #[serde(default)]
    candles: Vec<CandleRow>,
}

#[derive(Deserialize)]
struct TickerRow<'a> {
    product_id: String,
    #[serde(borrow)]
    price: Option<&'a RawValue>,
    #[serde(borrow)]
    best_bid: Option<&'a RawValue>,
    #[serde(borrow)]
    best_ask: Option<&'a RawValue>,
}

impl Protocol for Coinbase {
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)] {
        &[
            (Timeframe::M1, "ONE_MINUTE"),
            (Timeframe::M5, "FIVE_MINUTE"),
            (Timeframe::M15, "FIFTEEN_MINUTE"),
            (Timeframe::M30, "THIRTY_MINUTE"),
            (Timeframe::H1, "ONE_HOUR"),
            (Timeframe::H2, "TWO_HOUR"),
            (Timeframe::H6, "SIX_HOUR"),
            (Timeframe::D1, "ONE_DAY"),
        ]
    }

    fn page_max(&self) -> u32 {
        300
    }

    fn ticker_path(&self, listing: &Listing) -> String {
        format!("{PRODUCTS}/{}/ticker?limit=1", listing.code)
    }

    fn candles_path(
        &self,
        listing: &Listing,
        (timeframe, interval): (Timeframe, &str),
        page: Page,
    ) -> String {
        let end = page.before.unwrap_or(page.now);
        let start = end.plus_micros(-timeframe.micros().saturating_mul(i64::from(page.limit)));
        format!(
            "{PRODUCTS}/{}/candles?start={}&end={}&granularity={interval}",
            listing.code,
            start.as_seconds(),
            end.as_seconds()
        )
    }

    fn rules_path(&self, listing: &Listing) -> String {
        format!("{PRODUCTS}/{}", listing.code)
    }

    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError> {
        #[derive(Deserialize)]
        struct Answer<'a> {
            #[serde(borrow, default)]
            trades: Vec<Trade<'a>>,
            #[serde(borrow)]
            best_bid: Option<&'a RawValue>,
            #[serde(borrow)]
            best_ask: Option<&'a RawValue>,
        }
        #[derive(Deserialize)]
        struct Trade<'a> {
            #[serde(borrow)]
            price: Option<&'a RawValue>,
        }
        let answer: Answer<'_> = read(body)?;
        let last = price_opt(answer.trades.first().and_then(|trade| trade.price))?;
        // The book's sides are of now, whenever the last trade was.
        let prices = [price_opt(answer.best_bid)?, price_opt(answer.best_ask)?, last];
        Ticker::new(&listing.symbol, prices, None, now)
    }

    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError> {
        #[derive(Deserialize)]
        struct Answer {
            candles: Vec<CandleRow>,
        }
        let answer: Answer = read(body)?;
        let candles = answer.candles.iter().map(|row| Ok((row.candle()?, Closed::Unsaid)));
        Ok(Candles::sorted(candles.collect::<Result<_, ReadError>>()?, timeframe, now))
    }

    fn read_rules(&self, _: &Listing, body: &[u8]) -> Result<Rules, ReadError> {
        let product: Product = read(body)?;
        Ok(Rules {
            tick: rule_opt(product.price_increment).or_else(|| rule_opt(product.quote_increment)),
            step: rule_opt(product.base_increment),
            min_qty: rule_opt(product.base_min_size),
            max_qty: rule_opt(product.base_max_size),
            min_notional: rule_opt(product.quote_min_size),
        })
    }

    fn streams_candles(&self, timeframe: Timeframe) -> bool {
        timeframe == Timeframe::M5
    }

    fn streams(&self, wanted: &Wanted) -> Vec<Stream> {
        let candles = wanted.candles.iter().filter(|(_, timeframe)| self.streams_candles(*timeframe));
        let candles: Vec<&Listing> = candles.map(|(listing, _)| listing).collect();
        let tickers: Vec<&Listing> = wanted.tickers.iter().collect();
        let subscribe = |channel: &str, listings: &[&Listing]| {
            let products: Vec<String> =
                listings.iter().map(|listing| format!("\"{}\"", listing.stream_code)).collect();
            let products = products.join(",");
            format!(r#"{{"type":"subscribe","product_ids":[{products}],"channel":"{channel}"}}"#)
        };
        let mut hello = Vec::new();
        for (channel, listings) in [("ticker", &tickers), ("candles", &candles)] {
            if !listings.is_empty() {
                hello.push(subscribe(channel, listings));
            }
        }
        if hello.is_empty() {
            return Vec::new();
        }
        hello.push(r#"{"type":"subscribe","channel":"heartbeats"}"#.to_owned());
        let listings = tickers.iter().chain(&candles);
        let symbols = listings.map(|listing| (listing.stream_code.clone(), listing.symbol.clone())).collect();
        vec![Stream { path: String::new(), hello, symbols, tickers: tickers.into_iter().cloned().collect() }]
    }

    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError> {
        let frame: Frame<'_> = read(frame.as_bytes())?;
        if frame.kind.as_deref() == Some("error") {
            return Err(ReadError::refused(frame.message.as_deref().unwrap_or("an error")));
        }
        let at = frame.timestamp.as_deref().map(time).transpose()?;
        let mut told = Vec::new();
        for event in &frame.events {
            for row in &event.tickers {
                if let Some(symbol) = symbols.get(&row.product_id) {
                    let prices = [price_opt(row.best_bid)?, price_opt(row.best_ask)?, price_opt(row.price)?];
                    told.push(Told::Ticker(Ticker::new(symbol, prices, at, now)?));
                }
            }
            for row in &event.candles {
                if let Some(symbol) = row.product_id.as_ref().and_then(|id| symbols.get(id)) {
                    told.push(Told::Candle(symbol.clone(), Timeframe::M5, row.candle()?, Closed::Unsaid));
                }
            }
        }
        Ok(told)
    }
}

impl CandleRow {
    fn candle(&self) -> Result<Candle, ReadError> {
        let prices = [self.open, self.high, self.low, self.close];
        candle(Timestamp::from_seconds(self.start.0), prices, self.volume)
    }
}
