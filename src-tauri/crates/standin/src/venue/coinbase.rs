//! The stand-in of Coinbase Advanced Trade: candles newest first, times as seconds in strings.

use super::dialect::{Dialect, Query, Question, Rows, Topic, number};
use super::kraken::rfc3339;
use super::market::{Bar, Book};
use serde_json::{Value, json};

pub(super) struct Coinbase;

const GRANULARITIES: [(&str, u32); 8] = [
    ("ONE_MINUTE", 1),
    ("FIVE_MINUTE", 5),
    ("FIFTEEN_MINUTE", 15),
    ("THIRTY_MINUTE", 30),
    ("ONE_HOUR", 60),
    ("TWO_HOUR", 120),
    ("SIX_HOUR", 360),
    ("ONE_DAY", 1_440),
];

fn candle(bar: &Bar) -> Value {
    json!({"start": bar.time.to_string(), "low": bar.low, "high": bar.high, "open": bar.open, "close": bar.close,
        "volume": bar.volume})
}

impl Dialect for Coinbase {
    fn question(&self, path: &str, query: &Query) -> Option<Question> {
        let rest = path.strip_prefix("/api/v3/brokerage/market/products/")?;
        let (code, what) = rest.split_once('/').unwrap_or((rest, ""));
        let symbol = code.replace('-', "");
        match what {
            "" => Some(Question::Rules(symbol)),
            "ticker" => Some(Question::Ticker(symbol)),
            "candles" => {
                let granularity = query.get("granularity")?;
                let minutes = GRANULARITIES.iter().find(|(name, _)| name == granularity)?.1;
                let (start, end): (i64, i64) = (number(query, "start")?, number(query, "end")?);
                let limit = usize::try_from((end - start) / (i64::from(minutes) * 60)).ok()?.min(350);
                Some(Question::Candles { symbol, minutes, limit, before: Some(end + 1) })
            }
            _ => None,
        }
    }

    fn unknown(&self) -> (u16, String) {
        (404, json!({"error": "NOT_FOUND", "message": "valid product_id is required"}).to_string())
    }

    fn ticker(&self, symbol: &str, book: &Book, now: i64) -> String {
        let trade = json!({"trade_id": "1", "product_id": symbol, "price": book.bid, "size": "0.1",
            "time": rfc3339(now / 1_000), "side": "SELL", "bid": "", "ask": "", "exchange": "coinbase"});
        json!({"trades": [trade], "best_bid": book.bid, "best_ask": book.ask}).to_string()
    }

    fn candles(&self, rows: &Rows) -> String {
        json!({"candles": rows.bars.iter().rev().map(candle).collect::<Vec<_>>()}).to_string()
    }

    fn rules(&self, symbol: &str) -> String {
        json!({"product_id": symbol, "price_increment": "0.01", "quote_increment": "0.01", "base_increment": "0.001",
            "base_min_size": "0.001", "base_max_size": "9000", "quote_min_size": "5"})
        .to_string()
    }

    fn topics_of_frame(&self, _: &str, frame: &str) -> (Vec<Topic>, Option<String>) {
        let asked: Value = serde_json::from_str(frame).unwrap_or_default();
        let minutes = match asked["channel"].as_str() {
            Some("ticker") => None,
            Some("candles") => Some(5),
            _ => return (Vec::new(), None),
        };
        let codes = asked["product_ids"].as_array().cloned().unwrap_or_default();
        let topic = |code: &Value| {
            let code = code.as_str()?.to_owned();
            Some(Topic { symbol: code.replace('-', ""), code, minutes })
        };
        let answer = json!({"channel": "subscriptions", "events": [{"subscriptions": {}}]});
        (codes.iter().filter_map(topic).collect(), Some(answer.to_string()))
    }

    fn ticker_frame(&self, topic: &Topic, book: &Book, now: i64) -> String {
        let ticker = json!({"type": "ticker", "product_id": topic.code, "price": book.bid, "best_bid": book.bid,
            "best_ask": book.ask});
        json!({"channel": "ticker", "client_id": "", "timestamp": millis_text(now), "sequence_num": 0,
            "events": [{"type": "update", "tickers": [ticker]}]})
        .to_string()
    }

    fn candle_frame(&self, topic: &Topic, _: u32, bar: &Bar, _: Option<bool>) -> String {
        let mut candle = candle(bar);
        candle["product_id"] = topic.code.as_str().into();
        json!({"channel": "candles", "sequence_num": 0, "events": [{"type": "update", "candles": [candle]}]})
            .to_string()
    }
}

fn millis_text(millis: i64) -> String {
    let whole = rfc3339(millis.div_euclid(1_000));
    whole.replace(".000000000Z", &format!(".{:03}000000Z", millis.rem_euclid(1_000)))
}
