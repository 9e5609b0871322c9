//! Nothing that a venue sends makes it panic, however near it is to something right.

use crate::listing::Listing;
use crate::protocol::{self, Wanted};
use crate::venue::Venue;
use domain::{Symbol, Timeframe, Timestamp};
use proptest::prelude::*;

/// Pieces of what venues send, to be put together wrongly.
const PIECES: [&str; 34] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"0\"",
    "1e999",
    "-1",
    "null",
    "true",
    "\"data\":",
    "\"k\":{\"t\":1",
    "\"s\":\"BTCUSDT\"",
    "\"b\":\"1\"",
    "\"a\":\"0\"",
    "{\"error\":[],\"result\":{\"X\":",
    "{\"retCode\":0,\"result\":{\"list\":[",
    "{\"code\":\"0\",\"data\":[",
    "\"candles\":[",
    "[[1499040000000,\"1\",\"1\",\"1\",\"1\",\"1\"",
    "9223372036854775807",
    "\"channel\":\"ohlc\"",
    "\"channel\":\"ticker\"",
    "\"topic\":\"kline.5.BTCUSDT\"",
    "\"arg\":{\"channel\":\"candle1m\"",
    "\"interval_begin\":\"2023\"",
    "\"filters\":[{\"filterType\":\"LOT_SIZE\"",
    "\"symbols\":[",
    "\"events\":[{\"tickers\":[",
    "79228162514264337593543950335",
    "\\u0000",
    "é",
];

fn read_everything(venue: Venue, text: &str) {
    let protocol = protocol::of(venue);
    let symbol = Symbol::new("BTCUSDT").unwrap();
    let listing = Listing::of(venue, &symbol).unwrap();
    let now = Timestamp::from_seconds(1_700_000_000);
    let _ticker = protocol.read_ticker(&listing, text.as_bytes(), now);
    let _rules = protocol.read_rules(&listing, text.as_bytes());
    let wanted = Wanted { tickers: [listing.clone()].into(), candles: [(listing, Timeframe::M5)].into() };
    for stream in protocol.streams(&wanted) {
        let _told = protocol.read_frame(&stream.symbols, text, now);
    }
    if let Ok(candles) = protocol.read_candles(text.as_bytes(), Timeframe::M1, now) {
        assert!(candles.closed.windows(2).all(|pair| pair[0].opened_at < pair[1].opened_at));
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".{0,200}") {
        for venue in Venue::ALL {
            read_everything(venue, &text);
        }
    }

    #[test]
    fn pieces_in_any_order_are_answered(pieces in proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..24)) {
        for venue in Venue::ALL {
            read_everything(venue, &pieces.concat());
        }
    }

    #[test]
    fn rows_in_any_order_come_out_in_order(minutes in proptest::collection::vec(0_i64..50, 0..60)) {
        let rows: Vec<String> =
            minutes.iter().map(|minute| format!(r#"["{}","1","1","1","1","1","1","1","1"]"#, minute * 60_000)).collect();
        let rows = rows.join(",");
        read_everything(Venue::Binance, &format!("[{rows}]"));
        read_everything(Venue::Okx, &format!(r#"{{"code":"0","data":[{rows}]}}"#));
        read_everything(Venue::Bybit, &format!(r#"{{"retCode":0,"result":{{"list":[{rows}]}}}}"#));
    }
}
