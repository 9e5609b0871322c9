//! The stand-in of Bybit v5: candles newest first, refusals with HTTP 200.

use super::dialect::{Dialect, Query, Question, Rows, Topic, number};
use super::market::{Bar, Book};
use serde_json::{Value, json};

pub(super) struct Bybit;

fn minutes(interval: &str) -> Option<u32> {
    match interval {
        "D" => Some(1_440),
        "W" => Some(10_080),
        other => other.parse().ok(),
    }
}

fn interval(minutes: u32) -> String {
    match minutes {
        1_440 => "D".to_owned(),
        10_080 => "W".to_owned(),
        other => other.to_string(),
    }
}

fn answer(list: &Value, now: i64) -> String {
    json!({"retCode": 0, "retMsg": "OK", "result": {"category": "spot", "list": list}, "retExtInfo": {}, "time": now})
        .to_string()
}

/// The market's name: linear perpetuals end in `.P`.
fn symbol_of(code: &str, is_linear: bool) -> String {
    if is_linear { format!("{code}.P") } else { code.to_owned() }
}

fn is_linear(query: &Query) -> bool {
    query.get("category").is_some_and(|category| category == "linear")
}

impl Dialect for Bybit {
    fn question(&self, path: &str, query: &Query) -> Option<Question> {
        let symbol = symbol_of(query.get("symbol")?, is_linear(query));
        match path {
            "/v5/market/tickers" => Some(Question::Ticker(symbol)),
            "/v5/market/instruments-info" => Some(Question::Rules(symbol)),
            "/v5/market/kline" => Some(Question::Candles {
                symbol,
                minutes: minutes(query.get("interval")?)?,
                limit: number(query, "limit").unwrap_or(200).min(1_000),
                before: number::<i64>(query, "end").map(|end| end.div_euclid(1_000) + 1),
            }),
            _ => None,
        }
    }

    fn unknown(&self) -> (u16, String) {
        (
            200,
            json!({"retCode": 10_001, "retMsg": "Not supported symbols", "result": {}, "time": 0})
                .to_string(),
        )
    }

    fn ticker(&self, symbol: &str, book: &Book, now: i64) -> String {
        let row = json!({"symbol": symbol.trim_end_matches(".P"), "bid1Price": book.bid, "bid1Size": "2",
            "ask1Price": book.ask, "ask1Size": "2", "lastPrice": book.bid});
        answer(&json!([row]), now)
    }

    fn candles(&self, rows: &Rows) -> String {
        let row = |bar: &Bar| {
            let start = (bar.time * 1_000).to_string();
            json!([start, bar.open, bar.high, bar.low, bar.close, bar.volume, "0"])
        };
        answer(&json!(rows.bars.iter().rev().map(row).collect::<Vec<_>>()), 0)
    }

    fn rules(&self, symbol: &str) -> String {
        let row = json!({"symbol": symbol, "lotSizeFilter": {"basePrecision": "0.001", "qtyStep": "0.001",
            "minOrderQty": "0.001", "maxOrderQty": "9000", "minOrderAmt": "5"}, "priceFilter": {"tickSize": "0.01"}});
        answer(&json!([row]), 0)
    }

    fn topics_of_frame(&self, path: &str, frame: &str) -> (Vec<Topic>, Option<String>) {
        let asked: Value = serde_json::from_str(frame).unwrap_or_default();
        if asked["op"] == "ping" {
            return (Vec::new(), Some(json!({"success": true, "ret_msg": "pong", "op": "ping"}).to_string()));
        }
        let is_linear = path.ends_with("/linear");
        let names = asked["args"].as_array().cloned().unwrap_or_default();
        let topic = |name: &Value| {
            let (channel, code) = name.as_str()?.rsplit_once('.')?;
            let minutes = match channel.strip_prefix("kline.") {
                Some(interval) => Some(minutes(interval)?),
                None => None,
            };
            Some(Topic { symbol: symbol_of(code, is_linear), code: code.to_owned(), minutes })
        };
        let answer = json!({"success": true, "ret_msg": "", "op": "subscribe"});
        (names.iter().filter_map(topic).collect(), Some(answer.to_string()))
    }

    fn ticker_frame(&self, topic: &Topic, book: &Book, now: i64) -> String {
        let data = json!({"symbol": topic.code, "lastPrice": book.bid, "bid1Price": book.bid, "ask1Price": book.ask});
        json!({"topic": format!("tickers.{}", topic.code), "ts": now, "type": "snapshot", "data": data})
            .to_string()
    }

    fn candle_frame(&self, topic: &Topic, minutes: u32, bar: &Bar, closed: Option<bool>) -> String {
        let interval = interval(minutes);
        let mut kline = json!({"start": bar.time * 1_000, "interval": interval, "open": bar.open, "close": bar.close,
            "high": bar.high, "low": bar.low, "volume": bar.volume, "turnover": "0"});
        if let Some(closed) = closed {
            kline["confirm"] = closed.into();
        }
        json!({"topic": format!("kline.{interval}.{}", topic.code), "data": [kline], "ts": 0, "type": "snapshot"})
            .to_string()
    }
}
