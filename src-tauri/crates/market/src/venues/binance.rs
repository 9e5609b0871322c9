//! Binance spot: `/api/v3` of the host for public data, and its combined streams.

use crate::error::ReadError;
use crate::json::{Number, Row, Whole, candle, read};
use crate::listing::Listing;
use crate::observed::{Candles, Closed, Rules, Ticker, rule_opt};
use crate::protocol::{Page, Protocol, Stream, Told, Wanted};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Binance;

#[derive(Deserialize)]
struct Info {
    symbols: Vec<InfoSymbol>,
}

#[derive(Deserialize)]
struct InfoSymbol {
    filters: Vec<Filter>,
}

/// A filter with the fields of all those that are read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Filter {
    filter_type: String,
    tick_size: Option<Number>,
    step_size: Option<Number>,
    min_qty: Option<Number>,
    max_qty: Option<Number>,
    min_notional: Option<Number>,
}

/// A frame of a combined stream, or an answer to a request.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Payload<'a> {
    s: Option<String>,
    #[serde(borrow)]
    b: Option<&'a RawValue>,
    #[serde(borrow)]
    a: Option<&'a RawValue>,
    k: Option<Kline>,
}

#[derive(Deserialize)]
struct Kline {
    t: Whole,
    i: String,
    o: Number,
    h: Number,
    l: Number,
    c: Number,
    v: Number,
    x: Option<bool>,
}

impl Protocol for Binance {
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)] {
        &[
            (Timeframe::M1, "1m"),
            (Timeframe::M3, "3m"),
            (Timeframe::M5, "5m"),
            (Timeframe::M15, "15m"),
            (Timeframe::M30, "30m"),
            (Timeframe::H1, "1h"),
            (Timeframe::H2, "2h"),
            (Timeframe::H4, "4h"),
            (Timeframe::H6, "6h"),
            (Timeframe::H8, "8h"),
            (Timeframe::H12, "12h"),
            (Timeframe::D1, "1d"),
            (Timeframe::W1, "1w"),
        ]
    }

    fn page_max(&self) -> u32 {
        1_000
    }

    fn ticker_path(&self, listing: &Listing) -> String {
        format!("/api/v3/ticker/bookTicker?symbol={}", listing.code)
    }

    fn candles_path(&self, listing: &Listing, (_, interval): (Timeframe, &str), page: Page) -> String {
        let end =
            page.before.map(|before| format!("&endTime={}", before.as_millis() - 1)).unwrap_or_default();
        format!("/api/v3/klines?symbol={}&interval={interval}&limit={}{end}", listing.code, page.limit)
    }

    fn rules_path(&self, listing: &Listing) -> String {
        format!("/api/v3/exchangeInfo?symbol={}", listing.code)
    }

    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer<'a> {
            #[serde(borrow)]
            bid_price: Option<&'a RawValue>,
            #[serde(borrow)]
            ask_price: Option<&'a RawValue>,
            #[serde(borrow)]
            price: Option<&'a RawValue>,
        }
        let answer: Answer<'_> = read(body)?;
        let price = crate::json::price_opt;
        let prices = [price(answer.bid_price)?, price(answer.ask_price)?, price(answer.price)?];
        Ticker::new(&listing.symbol, prices, None, now)
    }

    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError> {
        let rows: Vec<Row<'_>> = read(body)?;
        let candles: Result<Vec<_>, ReadError> =
            rows.iter().map(|row| Ok((row_candle(row)?, Closed::Unsaid))).collect();
        Ok(Candles::sorted(candles?, timeframe, now))
    }

    fn read_rules(&self, _: &Listing, body: &[u8]) -> Result<Rules, ReadError> {
        let info: Info = read(body)?;
        let symbol = info.symbols.first().ok_or_else(|| ReadError::refused("no such symbol"))?;
        let mut rules = Rules::default();
        for filter in &symbol.filters {
            match filter.filter_type.as_str() {
                "PRICE_FILTER" => rules.tick = rule_opt(filter.tick_size),
                "LOT_SIZE" => {
                    rules.step = rule_opt(filter.step_size);
                    rules.min_qty = rule_opt(filter.min_qty);
                    rules.max_qty = rule_opt(filter.max_qty);
                }
                "NOTIONAL" | "MIN_NOTIONAL" => rules.min_notional = rule_opt(filter.min_notional),
                _ => {}
            }
        }
        Ok(rules)
    }

    fn streams(&self, wanted: &Wanted) -> Vec<Stream> {
        let mut names: Vec<String> =
            wanted.tickers.iter().map(|listing| format!("{}@bookTicker", listing.stream_code)).collect();
        for (listing, timeframe) in &wanted.candles {
            if let Ok(interval) = self.interval(listing.venue, *timeframe) {
                names.push(format!("{}@kline_{interval}", listing.stream_code));
            }
        }
        let path = match names.as_slice() {
            [] => return Vec::new(),
            [one] => format!("/ws/{one}"),
            several => format!("/stream?streams={}", several.join("/")),
        };
        let listings = wanted.tickers.iter().chain(wanted.candles.iter().map(|(listing, _)| listing));
        let symbols = listings.map(|listing| (listing.code.clone(), listing.symbol.clone())).collect();
        vec![Stream { path, hello: Vec::new(), symbols, tickers: wanted.tickers.iter().cloned().collect() }]
    }

    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError> {
        let outer: Frame<'_> = read(frame.as_bytes())?;
        if let Some(error) = outer.error {
            return Err(ReadError::refused(error.get()));
        }
        let payload: Payload<'_> = read(outer.data.map_or(frame, RawValue::get).as_bytes())?;
        let Some(symbol) = payload.s.as_ref().and_then(|code| symbols.get(code)) else {
            return Ok(Vec::new());
        };
        if let Some(kline) = payload.k {
            let Some(timeframe) = self.timeframe(&kline.i) else { return Ok(Vec::new()) };
            let closed = kline.x.map_or(Closed::Unsaid, Closed::Flag);
            return Ok(vec![Told::Candle(symbol.clone(), timeframe, kline.candle()?, closed)]);
        }
        let price = crate::json::price_opt;
        let prices = [price(payload.b)?, price(payload.a)?, None];
        Ok(vec![Told::Ticker(Ticker::new(symbol, prices, None, now)?)])
    }
}

/// Open time in ms, open, high, low, close, volume, and more that is not needed.
fn row_candle(row: &Row<'_>) -> Result<Candle, ReadError> {
    row.candle(Timestamp::from_millis(row.whole(0)?), 5)
}

impl Kline {
    fn candle(&self) -> Result<Candle, ReadError> {
        let prices = [self.o, self.h, self.l, self.c];
        candle(Timestamp::from_millis(self.t.0), prices, self.v)
    }
}
