//! Bybit v5, spot and linear perpetuals: answers come newest first, errors with HTTP 200 and a `retCode`.

use crate::error::ReadError;
use crate::json::{Number, Row, Whole, candle, price_opt, read};
use crate::listing::{Kind, Listing};
use crate::observed::{Candles, Closed, Rules, Ticker, rule_opt};
use crate::protocol::{Page, Protocol, Stream, Told, Wanted};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Bybit;

/// Topics in one request to subscribe; the venue takes no more at a time on spot.
const TOPICS_MAX: usize = 10;
/// The `retCode`s of too many requests.
const TOO_MANY: [i64; 2] = [10_006, 10_018];

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer<'a> {
    ret_code: Whole,
    #[serde(default)]
    ret_msg: String,
    #[serde(borrow)]
    result: Option<List<'a>>,
    time: Option<Whole>,
}

#[derive(Deserialize)]
struct List<'a> {
    #[serde(borrow, default)]
    list: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TickerRow<'a> {
    #[serde(borrow)]
    bid1_price: Option<&'a RawValue>,
    #[serde(borrow)]
    ask1_price: Option<&'a RawValue>,
    #[serde(borrow)]
    last_price: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instrument {
    lot_size_filter: Option<LotSize>,
    price_filter: Option<PriceFilter>,
}

/// Spot and linear name the same things differently.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LotSize {
    base_precision: Option<Number>,
    qty_step: Option<Number>,
    min_order_qty: Option<Number>,
    max_order_qty: Option<Number>,
    min_order_amt: Option<Number>,
    min_notional_value: Option<Number>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PriceFilter {
    tick_size: Option<Number>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    topic: Option<String>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    ts: Option<Whole>,
    success: Option<bool>,
    ret_msg: Option<String>,
}

#[derive(Deserialize)]
struct Kline {
    start: Whole,
    interval: String,
    open: Number,
    high: Number,
    low: Number,
    close: Number,
    volume: Number,
    confirm: Option<bool>,
}

impl Protocol for Bybit {
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)] {
        &[
            (Timeframe::M1, "1"),
            (Timeframe::M3, "3"),
            (Timeframe::M5, "5"),
            (Timeframe::M15, "15"),
            (Timeframe::M30, "30"),
            (Timeframe::H1, "60"),
            (Timeframe::H2, "120"),
            (Timeframe::H4, "240"),
            (Timeframe::H6, "360"),
            (Timeframe::H12, "720"),
            (Timeframe::D1, "D"),
            (Timeframe::W1, "W"),
        ]
    }

    fn page_max(&self) -> u32 {
        1_000
    }

    fn ticker_path(&self, listing: &Listing) -> String {
        format!("/v5/market/tickers?category={}&symbol={}", category(listing.kind), listing.code)
    }

    fn candles_path(&self, listing: &Listing, (_, interval): (Timeframe, &str), page: Page) -> String {
        let end = page.before.map(|before| format!("&end={}", before.as_millis() - 1)).unwrap_or_default();
        format!(
            "/v5/market/kline?category={}&symbol={}&interval={interval}&limit={}{end}",
            category(listing.kind),
            listing.code,
            page.limit
        )
    }

    fn rules_path(&self, listing: &Listing) -> String {
        format!("/v5/market/instruments-info?category={}&symbol={}", category(listing.kind), listing.code)
    }

    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError> {
        let (list, time) = list(body)?;
        let row = list.first().ok_or_else(|| ReadError::refused("no such symbol"))?;
        let row: TickerRow<'_> = read(row.get().as_bytes())?;
        Ticker::new(&listing.symbol, row.prices()?, time, now)
    }

    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError> {
        let (list, _) = list(body)?;
        let candles = list.iter().map(|row| {
            let row: Row<'_> = read(row.get().as_bytes())?;
            Ok((row_candle(&row)?, Closed::Unsaid))
        });
        Ok(Candles::sorted(candles.collect::<Result<_, ReadError>>()?, timeframe, now))
    }

    fn read_rules(&self, _: &Listing, body: &[u8]) -> Result<Rules, ReadError> {
        let (list, _) = list(body)?;
        let row = list.first().ok_or_else(|| ReadError::refused("no such symbol"))?;
        let instrument: Instrument = read(row.get().as_bytes())?;
        let mut rules = Rules {
            tick: instrument.price_filter.and_then(|filter| rule_opt(filter.tick_size)),
            ..Rules::default()
        };
        if let Some(lot) = instrument.lot_size_filter {
            rules.step = rule_opt(lot.qty_step.or(lot.base_precision));
            rules.min_qty = rule_opt(lot.min_order_qty);
            rules.max_qty = rule_opt(lot.max_order_qty);
            rules.min_notional = rule_opt(lot.min_notional_value.or(lot.min_order_amt));
        }
        Ok(rules)
    }

    fn streams(&self, wanted: &Wanted) -> Vec<Stream> {
        [Kind::Spot, Kind::Perpetual].into_iter().filter_map(|kind| self.stream(wanted, kind)).collect()
    }

    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError> {
        let frame: Frame<'_> = read(frame.as_bytes())?;
        if frame.success == Some(false) {
            return Err(ReadError::refused(frame.ret_msg.as_deref().unwrap_or("the subscription failed")));
        }
        let (Some(topic), Some(data)) = (frame.topic, frame.data) else { return Ok(Vec::new()) };
        let Some(symbol) = topic.rsplit('.').next().and_then(|code| symbols.get(code)) else {
            return Ok(Vec::new());
        };
        if topic.starts_with("tickers.") {
            let row: TickerRow<'_> = read(data.get().as_bytes())?;
            let prices = row.prices()?;
            // What has not changed is left out of a frame.
            if prices.iter().all(Option::is_none) {
                return Ok(Vec::new());
            }
            let at = frame.ts.map(|ts| Timestamp::from_millis(ts.0));
            return Ok(vec![Told::Ticker(Ticker::new(symbol, prices, at, now)?)]);
        }
        if !topic.starts_with("kline.") {
            return Ok(Vec::new());
        }
        let klines: Vec<Kline> = read(data.get().as_bytes())?;
        let told = klines.iter().filter_map(|kline| {
            let timeframe = self.timeframe(&kline.interval)?;
            let closed = kline.confirm.map_or(Closed::Unsaid, Closed::Flag);
            Some(kline.candle().map(|candle| Told::Candle(symbol.clone(), timeframe, candle, closed)))
        });
        told.collect()
    }

    fn ping(&self) -> Option<&'static str> {
        Some(r#"{"op":"ping"}"#)
    }
}

impl Bybit {
    fn stream(&self, wanted: &Wanted, kind: Kind) -> Option<Stream> {
        let tickers: Vec<Listing> = wanted.tickers.iter().filter(|l| l.kind == kind).cloned().collect();
        let mut topics: Vec<String> =
            tickers.iter().map(|listing| format!("\"tickers.{}\"", listing.stream_code)).collect();
        let mut symbols: BTreeMap<String, Symbol> =
            tickers.iter().map(|listing| (listing.stream_code.clone(), listing.symbol.clone())).collect();
        for (listing, timeframe) in wanted.candles.iter().filter(|(listing, _)| listing.kind == kind) {
            if let Ok(interval) = self.interval(listing.venue, *timeframe) {
                topics.push(format!("\"kline.{interval}.{}\"", listing.stream_code));
                symbols.insert(listing.stream_code.clone(), listing.symbol.clone());
            }
        }
        if topics.is_empty() {
            return None;
        }
        let hello = topics.chunks(TOPICS_MAX).map(|some| {
            let args = some.join(",");
            format!(r#"{{"op":"subscribe","args":[{args}]}}"#)
        });
        Some(Stream {
            path: format!("/v5/public/{}", category(kind)),
            hello: hello.collect(),
            symbols,
            tickers,
        })
    }
}

fn category(kind: Kind) -> &'static str {
    match kind {
        Kind::Spot => "spot",
        Kind::Perpetual => "linear",
    }
}

/// The list of the result, and the venue's time.
fn list(body: &[u8]) -> Result<(Vec<&RawValue>, Option<Timestamp>), ReadError> {
    let answer: Answer<'_> = read(body)?;
    if TOO_MANY.contains(&answer.ret_code.0) {
        return Err(ReadError::TooManyRequests);
    }
    if answer.ret_code.0 != 0 {
        return Err(ReadError::refused(&answer.ret_msg));
    }
    let list = answer.result.ok_or_else(|| ReadError::garbage("there is no result"))?.list;
    Ok((list, answer.time.map(|time| Timestamp::from_millis(time.0))))
}

/// Start in ms, open, high, low, close, volume, turnover.
fn row_candle(row: &Row<'_>) -> Result<Candle, ReadError> {
    row.candle(Timestamp::from_millis(row.whole(0)?), 5)
}

impl TickerRow<'_> {
    fn prices(&self) -> Result<[Option<domain::Price>; 3], ReadError> {
        Ok([price_opt(self.bid1_price)?, price_opt(self.ask1_price)?, price_opt(self.last_price)?])
    }
}

impl Kline {
    fn candle(&self) -> Result<Candle, ReadError> {
        let prices = [self.open, self.high, self.low, self.close];
        candle(Timestamp::from_millis(self.start.0), prices, self.volume)
    }
}
