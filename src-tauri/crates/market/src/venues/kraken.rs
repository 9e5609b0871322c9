//! Kraken spot: `/0/public`, whose errors come with HTTP 200, and WebSocket v2, whose numbers are JSON numbers.

use crate::error::ReadError;
use crate::json::{Number, Row, Whole, candle, price_opt, read, time};
use crate::listing::Listing;
use crate::observed::{Candles, Closed, Rules, Ticker, rule_opt};
use crate::protocol::{Page, Protocol, Stream, Told, Wanted};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Kraken;

#[derive(Deserialize)]
struct Answer<'a> {
    error: Vec<String>,
    #[serde(borrow)]
    result: Option<BTreeMap<String, &'a RawValue>>,
}

#[derive(Deserialize)]
struct Pair {
    tick_size: Option<Number>,
    pair_decimals: Option<Whole>,
    lot_decimals: Option<Whole>,
    ordermin: Option<Number>,
    costmin: Option<Number>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    channel: Option<String>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    success: Option<bool>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct TickerRow<'a> {
    symbol: String,
    #[serde(borrow)]
    bid: Option<&'a RawValue>,
    #[serde(borrow)]
    ask: Option<&'a RawValue>,
    #[serde(borrow)]
    last: Option<&'a RawValue>,
    timestamp: Option<String>,
}

#[derive(Deserialize)]
struct OhlcRow {
    symbol: String,
    interval: Whole,
    interval_begin: String,
    open: Number,
    high: Number,
    low: Number,
    close: Number,
    volume: Number,
}

impl Protocol for Kraken {
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)] {
        // Its week does not begin on Monday, and its 15 days are nobody else's.
        &[
            (Timeframe::M1, "1"),
            (Timeframe::M5, "5"),
            (Timeframe::M15, "15"),
            (Timeframe::M30, "30"),
            (Timeframe::H1, "60"),
            (Timeframe::H4, "240"),
            (Timeframe::D1, "1440"),
        ]
    }

    fn page_max(&self) -> u32 {
        720
    }

    fn has_older_pages(&self) -> bool {
        false
    }

    fn ticker_path(&self, listing: &Listing) -> String {
        format!("/0/public/Ticker?pair={}", listing.code)
    }

    fn candles_path(&self, listing: &Listing, (_, interval): (Timeframe, &str), _: Page) -> String {
        format!("/0/public/OHLC?pair={}&interval={interval}", listing.code)
    }

    fn rules_path(&self, listing: &Listing) -> String {
        format!("/0/public/AssetPairs?pair={}", listing.code)
    }

    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError> {
        #[derive(Deserialize)]
        struct Sides<'a> {
            #[serde(borrow)]
            a: Row<'a>,
            #[serde(borrow)]
            b: Row<'a>,
            #[serde(borrow)]
            c: Row<'a>,
        }
        let sides: Sides<'_> = read(result(body)?.get().as_bytes())?;
        let prices = [sides.b.price(0)?, sides.a.price(0)?, sides.c.price(0)?];
        Ticker::new(&listing.symbol, prices.map(Some), None, now)
    }

    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError> {
        let rows: Vec<Row<'_>> = read(result(body)?.get().as_bytes())?;
        let mut candles = rows.iter().map(row_candle).collect::<Result<Vec<_>, _>>()?;
        // The newest one is always the running one.
        candles.sort_by_key(|candle| candle.opened_at);
        let newest = candles.last().map(|candle| candle.opened_at);
        let flagged =
            candles.into_iter().map(|candle| (candle, Closed::Flag(Some(candle.opened_at) != newest)));
        Ok(Candles::sorted(flagged.collect(), timeframe, now))
    }

    fn read_rules(&self, _: &Listing, body: &[u8]) -> Result<Rules, ReadError> {
        let pair: Pair = read(result(body)?.get().as_bytes())?;
        let decimals = |count: Option<Whole>| {
            let places = u32::try_from(count?.0).ok().filter(|places| *places <= Decimal::MAX_SCALE)?;
            Some(Decimal::from_i128_with_scale(1, places))
        };
        Ok(Rules {
            tick: rule_opt(pair.tick_size).or_else(|| decimals(pair.pair_decimals)),
            step: decimals(pair.lot_decimals),
            min_qty: rule_opt(pair.ordermin),
            max_qty: None,
            min_notional: rule_opt(pair.costmin),
        })
    }

    fn streams(&self, wanted: &Wanted) -> Vec<Stream> {
        let quoted = |listing: &Listing| format!("\"{}\"", listing.stream_code);
        let mut hello = Vec::new();
        let tickers: Vec<String> = wanted.tickers.iter().map(quoted).collect();
        if !tickers.is_empty() {
            let symbols = tickers.join(",");
            hello.push(format!(
                r#"{{"method":"subscribe","params":{{"channel":"ticker","symbol":[{symbols}],"event_trigger":"bbo"}}}}"#
            ));
        }
        let mut by_interval: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (listing, timeframe) in &wanted.candles {
            if let Ok(interval) = self.interval(listing.venue, *timeframe) {
                by_interval.entry(interval).or_default().push(quoted(listing));
            }
        }
        for (interval, symbols) in by_interval {
            let symbols = symbols.join(",");
            hello.push(format!(
                r#"{{"method":"subscribe","params":{{"channel":"ohlc","symbol":[{symbols}],"interval":{interval}}}}}"#
            ));
        }
        if hello.is_empty() {
            return Vec::new();
        }
        let listings = wanted.tickers.iter().chain(wanted.candles.iter().map(|(listing, _)| listing));
        let symbols = listings.map(|listing| (listing.stream_code.clone(), listing.symbol.clone())).collect();
        let tickers = wanted.tickers.iter().cloned().collect();
        vec![Stream { path: "/v2".to_owned(), hello, symbols, tickers }]
    }

    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError> {
        let frame: Frame<'_> = read(frame.as_bytes())?;
        if frame.success == Some(false) || frame.error.is_some() {
            return Err(ReadError::refused(frame.error.as_deref().unwrap_or("the subscription failed")));
        }
        let Some(data) = frame.data else { return Ok(Vec::new()) };
        match frame.channel.as_deref() {
            Some("ticker") => {
                let rows: Vec<TickerRow<'_>> = read(data.get().as_bytes())?;
                let known = rows.iter().filter_map(|row| Some((row, symbols.get(&row.symbol)?)));
                known.map(|(row, symbol)| row.told(symbol, now)).collect()
            }
            Some("ohlc") => {
                let rows: Vec<OhlcRow> = read(data.get().as_bytes())?;
                let told = rows.iter().filter_map(|row| {
                    let timeframe = self.timeframe(&row.interval.0.to_string())?;
                    let symbol = symbols.get(&row.symbol)?.clone();
                    Some(row.candle().map(|candle| Told::Candle(symbol, timeframe, candle, Closed::Unsaid)))
                });
                told.collect()
            }
            Some(_) | None => Ok(Vec::new()),
        }
    }

    fn ping(&self) -> Option<&'static str> {
        Some(r#"{"method":"ping"}"#)
    }
}

/// The one part of the answer that is about the pair; its key may be another name of it than was asked for.
fn result(body: &[u8]) -> Result<&RawValue, ReadError> {
    let answer: Answer<'_> = read(body)?;
    if let Some(error) = answer.error.first() {
        let limited = ["Rate limit exceeded", "Too many requests"].iter().any(|words| error.contains(words));
        return Err(if limited { ReadError::TooManyRequests } else { ReadError::refused(error) });
    }
    let result = answer.result.unwrap_or_default();
    let pair = result.into_iter().find(|(key, _)| key != "last");
    pair.map(|(_, value)| value).ok_or_else(|| ReadError::garbage("the result is empty"))
}

/// Time in seconds, open, high, low, close, vwap, volume, count.
fn row_candle(row: &Row<'_>) -> Result<Candle, ReadError> {
    row.candle(Timestamp::from_seconds(row.whole(0)?), 6)
}

impl TickerRow<'_> {
    fn told(&self, symbol: &Symbol, now: Timestamp) -> Result<Told, ReadError> {
        let prices = [price_opt(self.bid)?, price_opt(self.ask)?, price_opt(self.last)?];
        let at = self.timestamp.as_deref().map(time).transpose()?;
        Ticker::new(symbol, prices, at, now).map(Told::Ticker)
    }
}

impl OhlcRow {
    fn candle(&self) -> Result<Candle, ReadError> {
        let prices = [self.open, self.high, self.low, self.close];
        candle(time(&self.interval_begin)?, prices, self.volume)
    }
}
