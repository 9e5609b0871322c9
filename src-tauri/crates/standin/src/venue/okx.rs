//! The stand-in of OKX v5: candles newest first, with their confirmation.

use super::dialect::{Dialect, Query, Question, Rows, Topic, number};
use super::market::{Bar, Book};
use serde_json::{Value, json};

pub(super) struct Okx;

const BARS: [(&str, u32); 12] = [
    ("1m", 1),
    ("3m", 3),
    ("5m", 5),
    ("15m", 15),
    ("30m", 30),
    ("1H", 60),
    ("2H", 120),
    ("4H", 240),
    ("6Hutc", 360),
    ("12Hutc", 720),
    ("1Dutc", 1_440),
    ("1Wutc", 10_080),
];

fn minutes(bar: &str) -> Option<u32> {
    BARS.iter().find(|(name, _)| *name == bar).map(|(_, minutes)| *minutes)
}

fn bar_name(minutes: u32) -> &'static str {
    BARS.iter().find(|(_, known)| *known == minutes).map_or("1m", |(name, _)| name)
}

fn symbol_of(code: &str) -> String {
    match code.strip_suffix("-SWAP") {
        Some(pair) => format!("{}.P", pair.replace('-', "")),
        None => code.replace('-', ""),
    }
}

fn answer(data: &Value) -> String {
    json!({"code": "0", "msg": "", "data": data}).to_string()
}

fn row(bar: &Bar, closed: Option<bool>) -> Value {
    let time = (bar.time * 1_000).to_string();
    let mut row = vec![
        time,
        bar.open.clone(),
        bar.high.clone(),
        bar.low.clone(),
        bar.close.clone(),
        bar.volume.clone(),
    ];
    row.extend(["0".to_owned(), "0".to_owned()]);
    row.extend(closed.map(|closed| if closed { "1".to_owned() } else { "0".to_owned() }));
    json!(row)
}

impl Dialect for Okx {
    fn question(&self, path: &str, query: &Query) -> Option<Question> {
        let symbol = symbol_of(query.get("instId")?);
        match path {
            "/api/v5/market/ticker" => Some(Question::Ticker(symbol)),
            "/api/v5/public/instruments" => Some(Question::Rules(symbol)),
            "/api/v5/market/candles" => Some(Question::Candles {
                symbol,
                minutes: minutes(query.get("bar")?)?,
                limit: number(query, "limit").unwrap_or(100).min(300),
                before: number::<i64>(query, "after").map(|after| after.div_euclid(1_000)),
            }),
            _ => None,
        }
    }

    fn unknown(&self) -> (u16, String) {
        (200, json!({"code": "51001", "msg": "Instrument ID does not exist", "data": []}).to_string())
    }

    fn ticker(&self, symbol: &str, book: &Book, now: i64) -> String {
        answer(
            &json!([{"instId": symbol, "last": book.bid, "askPx": book.ask, "bidPx": book.bid, "ts": now.to_string()}]),
        )
    }

    fn candles(&self, rows: &Rows) -> String {
        let flag = |bar: &Bar| rows.flagged.then_some(bar.time <= rows.closed_until);
        let list: Vec<Value> = rows.bars.iter().rev().map(|bar| row(bar, flag(bar))).collect();
        answer(&json!(list))
    }

    fn rules(&self, _: &str) -> String {
        answer(
            &json!([{"tickSz": "0.01", "lotSz": "0.001", "minSz": "0.001", "maxLmtSz": "9000", "ctVal": ""}]),
        )
    }

    fn topics_of_frame(&self, _: &str, frame: &str) -> (Vec<Topic>, Option<String>) {
        if frame == "ping" {
            return (Vec::new(), Some("pong".to_owned()));
        }
        let asked: Value = serde_json::from_str(frame).unwrap_or_default();
        let args = asked["args"].as_array().cloned().unwrap_or_default();
        let topic = |arg: &Value| {
            let code = arg["instId"].as_str()?.to_owned();
            let minutes = match arg["channel"].as_str()?.strip_prefix("candle") {
                Some(bar) => Some(minutes(bar)?),
                None => None,
            };
            Some(Topic { symbol: symbol_of(&code), code, minutes })
        };
        (args.iter().filter_map(topic).collect(), Some(json!({"event": "subscribe"}).to_string()))
    }

    fn ticker_frame(&self, topic: &Topic, book: &Book, now: i64) -> String {
        let data = json!({"instId": topic.code, "last": book.bid, "askPx": book.ask, "bidPx": book.bid,
            "ts": now.to_string()});
        json!({"arg": {"channel": "tickers", "instId": topic.code}, "data": [data]}).to_string()
    }

    fn candle_frame(&self, topic: &Topic, minutes: u32, bar: &Bar, closed: Option<bool>) -> String {
        let channel = format!("candle{}", bar_name(minutes));
        json!({"arg": {"channel": channel, "instId": topic.code}, "data": [row(bar, closed)]}).to_string()
    }
}
