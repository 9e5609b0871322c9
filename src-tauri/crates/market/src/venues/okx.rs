//! OKX v5, spot and swaps: candles say themselves whether they are closed, days and longer are asked for by UTC.

use crate::error::ReadError;
use crate::json::{Number, Row, Whole, price_opt, read};
use crate::listing::{Kind, Listing};
use crate::observed::{Candles, Closed, Rules, Ticker, rule};
use crate::protocol::{Page, Protocol, Stream, Told, Wanted};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(crate) struct Okx;

/// The `code` of too many requests.
const TOO_MANY: &str = "50011";
/// Where the confirmation stands in a row of candles.
const CONFIRM: usize = 8;

#[derive(Deserialize)]
struct Answer<'a> {
    code: String,
    #[serde(default)]
    msg: String,
    #[serde(borrow, default)]
    data: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TickerRow<'a> {
    #[serde(borrow)]
    bid_px: Option<&'a RawValue>,
    #[serde(borrow)]
    ask_px: Option<&'a RawValue>,
    #[serde(borrow)]
    last: Option<&'a RawValue>,
    ts: Option<Whole>,
}

/// Text rather than numbers: what does not apply to a kind of instrument is empty.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Instrument<'a> {
    #[serde(borrow)]
    tick_sz: Option<&'a RawValue>,
    #[serde(borrow)]
    lot_sz: Option<&'a RawValue>,
    #[serde(borrow)]
    min_sz: Option<&'a RawValue>,
    #[serde(borrow)]
    max_lmt_sz: Option<&'a RawValue>,
    #[serde(borrow)]
    ct_val: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    event: Option<String>,
    msg: Option<String>,
    arg: Option<Arg>,
    #[serde(borrow, default)]
    data: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Arg {
    channel: String,
    inst_id: Option<String>,
}

impl Protocol for Okx {
    fn timeframes(&self) -> &'static [(Timeframe, &'static str)] {
        &[
            (Timeframe::M1, "1m"),
            (Timeframe::M3, "3m"),
            (Timeframe::M5, "5m"),
            (Timeframe::M15, "15m"),
            (Timeframe::M30, "30m"),
            (Timeframe::H1, "1H"),
            (Timeframe::H2, "2H"),
            (Timeframe::H4, "4H"),
            (Timeframe::H6, "6Hutc"),
            (Timeframe::H12, "12Hutc"),
            (Timeframe::D1, "1Dutc"),
            (Timeframe::W1, "1Wutc"),
        ]
    }

    fn page_max(&self) -> u32 {
        300
    }

    fn ticker_path(&self, listing: &Listing) -> String {
        format!("/api/v5/market/ticker?instId={}", listing.code)
    }

    fn candles_path(&self, listing: &Listing, (_, interval): (Timeframe, &str), page: Page) -> String {
        // What this venue calls `after` is further back in time.
        let before = page.before.map(|before| format!("&after={}", before.as_millis())).unwrap_or_default();
        format!("/api/v5/market/candles?instId={}&bar={interval}&limit={}{before}", listing.code, page.limit)
    }

    fn rules_path(&self, listing: &Listing) -> String {
        let kind = match listing.kind {
            Kind::Spot => "SPOT",
            Kind::Perpetual => "SWAP",
        };
        format!("/api/v5/public/instruments?instType={kind}&instId={}", listing.code)
    }

    fn read_ticker(&self, listing: &Listing, body: &[u8], now: Timestamp) -> Result<Ticker, ReadError> {
        let data = data(body)?;
        let row = data.first().ok_or_else(|| ReadError::refused("no such instrument"))?;
        let row: TickerRow<'_> = read(row.get().as_bytes())?;
        row.ticker(&listing.symbol, now)
    }

    fn read_candles(&self, body: &[u8], timeframe: Timeframe, now: Timestamp) -> Result<Candles, ReadError> {
        let rows = data(body)?;
        let candles = rows.iter().map(|row| flagged_candle(row));
        Ok(Candles::sorted(candles.collect::<Result<_, ReadError>>()?, timeframe, now))
    }

    fn read_rules(&self, listing: &Listing, body: &[u8]) -> Result<Rules, ReadError> {
        let data = data(body)?;
        let row = data.first().ok_or_else(|| ReadError::refused("no such instrument"))?;
        let instrument: Instrument<'_> = read(row.get().as_bytes())?;
        // Sizes of swaps count contracts; books count units of the base.
        let contract = match listing.kind {
            Kind::Spot => Decimal::ONE,
            Kind::Perpetual => filled(instrument.ct_val)?.unwrap_or(Decimal::ONE),
        };
        let size = |value: Option<&RawValue>| {
            Ok::<_, ReadError>(filled(value)?.and_then(|v| v.checked_mul(contract)).and_then(rule))
        };
        Ok(Rules {
            tick: filled(instrument.tick_sz)?.and_then(rule),
            step: size(instrument.lot_sz)?,
            min_qty: size(instrument.min_sz)?,
            max_qty: size(instrument.max_lmt_sz)?,
            min_notional: None,
        })
    }

    fn streams(&self, wanted: &Wanted) -> Vec<Stream> {
        let stream = |path: &str, args: Vec<String>, listings: Vec<&Listing>, tickers: Vec<Listing>| {
            let symbols = listings.iter().map(|l| (l.stream_code.clone(), l.symbol.clone())).collect();
            let args = args.join(",");
            let hello = vec![format!(r#"{{"op":"subscribe","args":[{args}]}}"#)];
            Stream { path: path.to_owned(), hello, symbols, tickers }
        };
        let arg = |channel: &str, listing: &Listing| {
            format!(r#"{{"channel":"{channel}","instId":"{}"}}"#, listing.stream_code)
        };
        let mut streams = Vec::new();
        if !wanted.tickers.is_empty() {
            let args = wanted.tickers.iter().map(|listing| arg("tickers", listing)).collect();
            let tickers: Vec<Listing> = wanted.tickers.iter().cloned().collect();
            streams.push(stream("/ws/v5/public", args, wanted.tickers.iter().collect(), tickers));
        }
        let named = wanted.candles.iter().filter_map(|(listing, timeframe)| {
            let interval = self.interval(listing.venue, *timeframe).ok()?;
            Some((listing, format!("candle{interval}")))
        });
        let (listings, args): (Vec<&Listing>, Vec<String>) =
            named.map(|(listing, channel)| (listing, arg(&channel, listing))).unzip();
        if !args.is_empty() {
            streams.push(stream("/ws/v5/business", args, listings, Vec::new()));
        }
        streams
    }

    fn read_frame(
        &self,
        symbols: &BTreeMap<String, Symbol>,
        frame: &str,
        now: Timestamp,
    ) -> Result<Vec<Told>, ReadError> {
        if frame == "pong" {
            return Ok(Vec::new());
        }
        let frame: Frame<'_> = read(frame.as_bytes())?;
        if frame.event.as_deref() == Some("error") {
            return Err(ReadError::refused(frame.msg.as_deref().unwrap_or("the subscription failed")));
        }
        let Some(Arg { channel, inst_id: Some(code) }) = frame.arg else { return Ok(Vec::new()) };
        let Some(symbol) = symbols.get(&code) else { return Ok(Vec::new()) };
        if channel == "tickers" {
            let rows = frame.data.iter().map(|row| read::<TickerRow<'_>>(row.get().as_bytes()));
            return rows.map(|row| row?.ticker(symbol, now).map(Told::Ticker)).collect();
        }
        let Some(timeframe) = channel.strip_prefix("candle").and_then(|name| self.timeframe(name)) else {
            return Ok(Vec::new());
        };
        let told = frame.data.iter().map(|row| {
            let (candle, closed) = flagged_candle(row)?;
            Ok(Told::Candle(symbol.clone(), timeframe, candle, closed))
        });
        told.collect()
    }

    fn ping(&self) -> Option<&'static str> {
        Some("ping")
    }
}

/// The data of an answer that is no error.
fn data(body: &[u8]) -> Result<Vec<&RawValue>, ReadError> {
    let answer: Answer<'_> = read(body)?;
    match answer.code.as_str() {
        "0" => Ok(answer.data),
        TOO_MANY => Err(ReadError::TooManyRequests),
        _ => Err(ReadError::refused(&answer.msg)),
    }
}

/// A number that may be empty.
fn filled(value: Option<&RawValue>) -> Result<Option<Decimal>, ReadError> {
    match value {
        Some(raw) if !matches!(raw.get(), "\"\"" | "null") => {
            read::<Number>(raw.get().as_bytes()).map(|number| Some(number.0))
        }
        Some(_) | None => Ok(None),
    }
}

/// Time in ms, open, high, low, close, volume, two more volumes, and whether it is closed.
fn flagged_candle(row: &RawValue) -> Result<(Candle, Closed), ReadError> {
    let row: Row<'_> = read(row.get().as_bytes())?;
    let candle = row.candle(Timestamp::from_millis(row.whole(0)?), 5)?;
    let closed = match row.text(CONFIRM) {
        Ok(flag) => Closed::Flag(flag == "1"),
        Err(_) => Closed::Unsaid,
    };
    Ok((candle, closed))
}

impl TickerRow<'_> {
    fn ticker(&self, symbol: &Symbol, now: Timestamp) -> Result<Ticker, ReadError> {
        let prices = [price_opt(self.bid_px)?, price_opt(self.ask_px)?, price_opt(self.last)?];
        Ticker::new(symbol, prices, self.ts.map(|ts| Timestamp::from_millis(ts.0)), now)
    }
}
