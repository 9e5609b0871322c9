//! The stand-in of Binance spot.

use super::dialect::{Dialect, Query, Question, Rows, Topic, number};
use super::market::{Bar, Book};
use serde_json::json;

pub(super) struct Binance;

const INTERVALS: [(&str, u32); 13] = [
    ("1m", 1),
    ("3m", 3),
    ("5m", 5),
    ("15m", 15),
    ("30m", 30),
    ("1h", 60),
    ("2h", 120),
    ("4h", 240),
    ("6h", 360),
    ("8h", 480),
    ("12h", 720),
    ("1d", 1_440),
    ("1w", 10_080),
];

fn minutes(interval: &str) -> Option<u32> {
    INTERVALS.iter().find(|(name, _)| *name == interval).map(|(_, minutes)| *minutes)
}

fn interval(minutes: u32) -> &'static str {
    INTERVALS.iter().find(|(_, known)| *known == minutes).map_or("1m", |(name, _)| name)
}

impl Dialect for Binance {
    fn question(&self, path: &str, query: &Query) -> Option<Question> {
        let symbol = query.get("symbol")?.clone();
        match path {
            "/api/v3/ticker/bookTicker" => Some(Question::Ticker(symbol)),
            "/api/v3/exchangeInfo" => Some(Question::Rules(symbol)),
            "/api/v3/klines" => Some(Question::Candles {
                symbol,
                minutes: minutes(query.get("interval")?)?,
                limit: number(query, "limit").unwrap_or(500).min(1_000),
                before: number::<i64>(query, "endTime").map(|end| end.div_euclid(1_000) + 1),
            }),
            _ => None,
        }
    }

    fn unknown(&self) -> (u16, String) {
        (400, json!({"code": -1121, "msg": "Invalid symbol."}).to_string())
    }

    fn ticker(&self, symbol: &str, book: &Book, _: i64) -> String {
        json!({"symbol": symbol, "bidPrice": book.bid, "bidQty": "1.0", "askPrice": book.ask, "askQty": "1.0"})
            .to_string()
    }

    fn candles(&self, rows: &Rows) -> String {
        let row = |bar: &Bar| {
            let open = bar.time * 1_000;
            json!([
                open,
                bar.open,
                bar.high,
                bar.low,
                bar.close,
                bar.volume,
                open + 59_999,
                "0",
                9,
                "0",
                "0",
                "0"
            ])
        };
        json!(rows.bars.iter().map(row).collect::<Vec<_>>()).to_string()
    }

    fn rules(&self, symbol: &str) -> String {
        json!({"symbols": [{"symbol": symbol, "filters": [
            {"filterType": "PRICE_FILTER", "minPrice": "0.01000000", "maxPrice": "1000000.00", "tickSize": "0.01000000"},
            {"filterType": "LOT_SIZE", "minQty": "0.00100000", "maxQty": "9000.00000000", "stepSize": "0.00100000"},
            {"filterType": "NOTIONAL", "minNotional": "5.00000000", "applyMinToMarket": true,
             "maxNotional": "9000000.00000000", "applyMaxToMarket": false, "avgPriceMins": 5}]}]})
        .to_string()
    }

    fn topics_of_path(&self, path: &str, query: &Query) -> Vec<Topic> {
        let names = query.get("streams").map_or_else(|| path.trim_start_matches("/ws/"), String::as_str);
        names.split('/').filter_map(topic).collect()
    }

    fn topics_of_frame(&self, _: &str, frame: &str) -> (Vec<Topic>, Option<String>) {
        let asked: serde_json::Value = serde_json::from_str(frame).unwrap_or_default();
        let names = asked["params"].as_array().cloned().unwrap_or_default();
        let topics = names.iter().filter_map(|name| topic(name.as_str()?)).collect();
        (topics, Some(json!({"result": null, "id": asked["id"]}).to_string()))
    }

    fn ticker_frame(&self, topic: &Topic, book: &Book, now: i64) -> String {
        json!({"u": now, "s": topic.code, "b": book.bid, "B": "1.0", "a": book.ask, "A": "1.0"}).to_string()
    }

    fn candle_frame(&self, topic: &Topic, minutes: u32, bar: &Bar, closed: Option<bool>) -> String {
        let open = bar.time * 1_000;
        let mut kline = json!({"t": open, "T": open + i64::from(minutes) * 60_000 - 1, "s": topic.code,
            "i": interval(minutes), "o": bar.open, "c": bar.close, "h": bar.high, "l": bar.low, "v": bar.volume});
        if let Some(closed) = closed {
            kline["x"] = closed.into();
        }
        json!({"e": "kline", "E": open, "s": topic.code, "k": kline}).to_string()
    }
}

fn topic(name: &str) -> Option<Topic> {
    let (code, channel) = name.split_once('@')?;
    let code = code.to_uppercase();
    let minutes = match channel.strip_prefix("kline_") {
        Some(interval) => Some(minutes(interval)?),
        None => None,
    };
    Some(Topic { symbol: code.clone(), code, minutes })
}
