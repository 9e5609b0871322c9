//! The stand-in of Kraken spot: errors with HTTP 200, another name of the pair in the answer, numbers in frames.

use super::dialect::{Dialect, Query, Question, Rows, Topic, number};
use super::market::{Bar, Book};
use serde_json::{Value, json};

pub(super) struct Kraken;

fn symbol_of(code: &str) -> String {
    code.replace('/', "").replace("XBT", "BTC").replace("XDG", "DOGE")
}

fn answer(symbol: &str, value: &Value) -> String {
    json!({"error": [], "result": {format!("XX{symbol}"): value}}).to_string()
}

impl Dialect for Kraken {
    fn question(&self, path: &str, query: &Query) -> Option<Question> {
        let symbol = symbol_of(query.get("pair")?);
        match path {
            "/0/public/Ticker" => Some(Question::Ticker(symbol)),
            "/0/public/AssetPairs" => Some(Question::Rules(symbol)),
            "/0/public/OHLC" => {
                let minutes = number(query, "interval").unwrap_or(1);
                Some(Question::Candles { symbol, minutes, limit: 720, before: None })
            }
            _ => None,
        }
    }

    fn unknown(&self) -> (u16, String) {
        (200, json!({"error": ["EQuery:Unknown asset pair"]}).to_string())
    }

    fn ticker(&self, symbol: &str, book: &Book, _: i64) -> String {
        let sides = json!({"a": [book.ask, "1", "1.000"], "b": [book.bid, "1", "1.000"], "c": [book.bid, "0.1"],
            "v": ["1", "1"], "t": [1, 1], "o": book.bid});
        answer(symbol, &sides)
    }

    fn candles(&self, rows: &Rows) -> String {
        let row =
            |bar: &Bar| json!([bar.time, bar.open, bar.high, bar.low, bar.close, bar.close, bar.volume, 9]);
        let last = rows.bars.last().map_or(0, |bar| bar.time);
        let key = format!("XX{}", rows.code);
        json!({"error": [], "result": {key: rows.bars.iter().map(row).collect::<Vec<_>>(), "last": last}})
            .to_string()
    }

    fn rules(&self, symbol: &str) -> String {
        let pair = json!({"pair_decimals": 2, "lot_decimals": 3, "ordermin": "0.001", "costmin": "5", "tick_size": "0.01"});
        answer(symbol, &pair)
    }

    fn topics_of_frame(&self, _: &str, frame: &str) -> (Vec<Topic>, Option<String>) {
        let asked: Value = serde_json::from_str(frame).unwrap_or_default();
        if asked["method"] == "ping" {
            return (Vec::new(), Some(json!({"method": "pong"}).to_string()));
        }
        let params = &asked["params"];
        let minutes = params["interval"].as_u64().and_then(|minutes| u32::try_from(minutes).ok());
        let minutes = if params["channel"] == "ohlc" { minutes.or(Some(1)) } else { None };
        let codes = params["symbol"].as_array().cloned().unwrap_or_default();
        let topic = |code: &Value| {
            let code = code.as_str()?.to_owned();
            Some(Topic { symbol: symbol_of(&code), code, minutes })
        };
        let answer =
            json!({"method": "subscribe", "result": {"channel": params["channel"]}, "success": true});
        (codes.iter().filter_map(topic).collect(), Some(answer.to_string()))
    }

    fn ticker_frame(&self, topic: &Topic, book: &Book, _: i64) -> String {
        let Book { bid, ask } = book;
        format!(
            r#"{{"channel":"ticker","type":"update","data":[{{"symbol":"{}","bid":{bid},"bid_qty":1.5,"ask":{ask},"ask_qty":1.5,"last":{bid}}}]}}"#,
            topic.code
        )
    }

    fn candle_frame(&self, topic: &Topic, minutes: u32, bar: &Bar, _: Option<bool>) -> String {
        let Bar { time, open, high, low, close, volume } = bar;
        let begin = rfc3339(*time);
        format!(
            r#"{{"channel":"ohlc","type":"update","data":[{{"symbol":"{}","interval":{minutes},"interval_begin":"{begin}","open":{open},"high":{high},"low":{low},"close":{close},"volume":{volume},"vwap":{close},"trades":12}}]}}"#,
            topic.code
        )
    }
}

/// Unix seconds as Kraken writes them, by the days of the civil calendar.
pub(super) fn rfc3339(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_shifted + 2) / 5 + 1;
    let month = if month_shifted < 10 { month_shifted + 3 } else { month_shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000000000Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_by_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000000000Z"),
            (951_782_400, "2000-02-29T00:00:00.000000000Z"),
            (1_696_436_700, "2023-10-04T16:25:00.000000000Z"),
            (4_107_542_399, "2100-02-28T23:59:59.000000000Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
