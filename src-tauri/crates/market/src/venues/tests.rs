//! Every documented answer and frame of every venue, and the refusals among them.

use crate::error::ReadError;
use crate::listing::Listing;
use crate::observed::{Candles, Closed, Rules, Ticker};
use crate::protocol::{self, Page, Stream, Told, Wanted};
use crate::venue::Venue;
use domain::{Candle, Symbol, Timeframe, Timestamp};
use std::collections::BTreeMap;

fn listing(venue: Venue, symbol: &str) -> Listing {
    Listing::of(venue, &Symbol::new(symbol).unwrap()).unwrap()
}

fn shown(candle: &Candle) -> String {
    let Candle { opened_at, open, high, low, close, volume } = candle;
    format!("{} {open} {high} {low} {close} {volume}", opened_at.as_seconds())
}

fn candles(venue: Venue, timeframe: Timeframe, now: i64, body: &str) -> Result<Candles, ReadError> {
    protocol::of(venue).read_candles(body.as_bytes(), timeframe, Timestamp::from_seconds(now))
}

#[track_caller]
fn check_candles(
    venue: Venue,
    timeframe: Timeframe,
    now: i64,
    body: &str,
    closed: &[&str],
    running: Option<&str>,
) {
    let found = candles(venue, timeframe, now, body).unwrap();
    assert_eq!(found.closed.iter().map(shown).collect::<Vec<_>>(), closed, "{venue}");
    assert_eq!(found.running.as_ref().map(shown).as_deref(), running, "{venue}");
}

#[test]
fn candles_are_brought_in_order_and_the_running_one_is_told_apart() {
    let one = r#"[[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",1499644799999,
        "2434.19055334",308,"1756.87402397","28.46694368","0"]]"#;
    let shown = "1499040000 0.01634790 0.80000000 0.01575800 0.01577100 148976.11427815";
    check_candles(Venue::Binance, Timeframe::W1, 1_499_040_060, one, &[], Some(shown));
    let bybit = r#"{"retCode":0,"retMsg":"OK","result":{"symbol":"BTCUSD","category":"inverse","list":[
        ["1670608800000","17071","17073","17027","17055.5","268611","15.74462667"],
        ["1670605200000","17071.5","17071.5","17061","17071","4177","0.24469757"],
        ["1670601600000","17086.5","17088","16978","17071.5","6356","0.37288112"]]},"retExtInfo":{},"time":1672025956592}"#;
    let oldest = "1670601600 17086.5 17088 16978 17071.5 6356";
    let middle = "1670605200 17071.5 17071.5 17061 17071 4177";
    let newest = "1670608800 17071 17073 17027 17055.5 268611";
    check_candles(Venue::Bybit, Timeframe::H1, 1_670_609_000, bybit, &[oldest, middle], Some(newest));
    let okx = r#"{"code":"0","msg":"","data":[
        ["1625097600000","33528.6","33870.0","33528.6","33783.9","778.838","0","0","1"],
        ["1625097660000","33783.9","33783.9","33782.1","33782.1","0.123","0","0","0"]]}"#;
    let first = "1625097600 33528.6 33870.0 33528.6 33783.9 778.838";
    let second = "1625097660 33783.9 33783.9 33782.1 33782.1 0.123";
    check_candles(Venue::Okx, Timeframe::M1, 1_625_097_670, okx, &[first], Some(second));
    // The documented example has neither confirmed, and says so however late it is.
    check_candles(
        Venue::Okx,
        Timeframe::M1,
        1_999_999_999,
        &okx.replace(r#""1"]"#, r#""0"]"#),
        &[],
        Some(second),
    );
    let coinbase = r#"{"candles":[
        {"start":"1712192400","low":"66055.14","high":"66331.99","open":"66312.4","close":"66181.6","volume":"355.82896243"},
        {"start":"1712188800","low":"65857.35","high":"66387.77","open":"65984.18","close":"66314.59","volume":"358.74851052"}]}"#;
    let first = "1712188800 65984.18 66387.77 65857.35 66314.59 358.74851052";
    let second = "1712192400 66312.4 66331.99 66055.14 66181.6 355.82896243";
    check_candles(Venue::Coinbase, Timeframe::H1, 1_712_193_000, coinbase, &[first], Some(second));
    let kraken = r#"{"error":[],"result":{"XXBTZUSD":[
        [1688671200,"30306.1","30306.2","30305.7","30305.7","30306.1","3.39243896",23],
        [1688671260,"30304.5","30304.5","30300.0","30300.0","30300.0","4.42996871",18],
        [1688671320,"30300.3","30300.4","30291.4","30291.4","30294.7","2.13024789",25],
        [1688671380,"30291.8","30295.1","30291.8","30295.0","30293.8","1.01836275",9]],"last":1688672160}}"#;
    let closed = [
        "1688671200 30306.1 30306.2 30305.7 30305.7 3.39243896",
        "1688671260 30304.5 30304.5 30300.0 30300.0 4.42996871",
        "1688671320 30300.3 30300.4 30291.4 30291.4 2.13024789",
    ];
    let running = Some("1688671380 30291.8 30295.1 30291.8 30295.0 1.01836275");
    // The last entry is never closed, whatever our clock says.
    check_candles(Venue::Kraken, Timeframe::M1, 1_999_999_999, kraken, &closed, running);
}

#[track_caller]
fn check_ticker(venue: Venue, symbol: &str, body: &str, expected: &str) {
    let listing = listing(venue, symbol);
    let found =
        protocol::of(venue).read_ticker(&listing, body.as_bytes(), Timestamp::from_seconds(2_000_000_000));
    let Ticker { symbol: of, bid, ask, last, at } = found.unwrap();
    let side = |price: Option<domain::Price>| price.map_or("-".to_owned(), |price| price.to_string());
    let shown = format!("{of} {} {} {} {}", side(bid), side(ask), side(last), at.as_millis());
    assert_eq!(shown, expected, "{venue}");
}

#[test]
fn tickers_are_read_with_the_venues_time_where_it_gives_one() {
    check_ticker(
        Venue::Binance,
        "LTCBTC",
        r#"{"symbol":"LTCBTC","bidPrice":"4.00000000","bidQty":"431.00000000","askPrice":"4.00000200","askQty":"9.0"}"#,
        "LTCBTC 4.00000000 4.00000200 - 2000000000000",
    );
    check_ticker(
        Venue::Binance,
        "LTCBTC",
        r#"{"symbol":"LTCBTC","price":"4.00000200"}"#,
        "LTCBTC - - 4.00000200 2000000000000",
    );
    check_ticker(
        Venue::Bybit,
        "BTCUSDT",
        r#"{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT","bid1Price":"20517.96",
        "bid1Size":"2","ask1Price":"20527.77","ask1Size":"1.862172","lastPrice":"20533.13","prevPrice24h":"20393.48",
        "price24hPcnt":"0.0068","usdIndexPrice":"20784.12009279"}]},"retExtInfo":{},"time":1673859087947}"#,
        "BTCUSDT 20517.96 20527.77 20533.13 1673859087947",
    );
    check_ticker(
        Venue::Okx,
        "BTCUSDT",
        r#"{"code":"0","msg":"","data":[{"instType":"SPOT","instId":"BTC-USDT","last":"9999.99","lastSz":"0.1",
        "askPx":"9999.99","askSz":"11","bidPx":"8888.88","bidSz":"5","open24h":"9000","ts":"1597026383085"}]}"#,
        "BTCUSDT 8888.88 9999.99 9999.99 1597026383085",
    );
    check_ticker(
        Venue::Coinbase,
        "BTCUSD",
        r#"{"trades":[{"trade_id":"995098663","product_id":"BTC-USD","price":"68923.67","size":"0.00064",
        "time":"2026-04-07T00:28:58.544778Z","side":"SELL","bid":"","ask":"","exchange":"coinbase"}],
        "best_bid":"68923.66","best_ask":"68923.67"}"#,
        "BTCUSD 68923.66 68923.67 68923.67 2000000000000",
    );
    check_ticker(
        Venue::Kraken,
        "BTCUSDT",
        r#"{"error":[],"result":{"XBTUSDT":{"a":["105944.30000","1","1.000"],"b":["105944.20000","1","1.000"],
        "c":["105899.40000","0.00009443"],"v":["0.78648221","163.28908096"],"p":["105960.64756","105904.39279"],
        "t":[35,3276],"l":["105853.50000","104711.00000"],"h":["106112.00000","106613.10000"],"o":"106021.60000"}}}"#,
        "BTCUSDT 105944.20000 105944.30000 105899.40000 2000000000000",
    );
}

#[track_caller]
fn check_rules(venue: Venue, symbol: &str, body: &str, expected: [&str; 5]) {
    let found = protocol::of(venue).read_rules(&listing(venue, symbol), body.as_bytes()).unwrap();
    let Rules { tick, step, min_qty, max_qty, min_notional } = found;
    let shown =
        [tick, step, min_qty, max_qty, min_notional].map(|v| v.map_or("-".to_owned(), |v| v.to_string()));
    assert_eq!(shown, expected, "{venue}");
}

#[test]
fn rules_of_instruments_are_read_and_zero_disables_one() {
    let binance = r#"{"symbols":[{"symbol":"LTCBTC","filters":[
        {"filterType":"PRICE_FILTER","minPrice":"0.00000100","maxPrice":"100000.00000000","tickSize":"0.00000100"},
        {"filterType":"LOT_SIZE","minQty":"0.00100000","maxQty":"100000.00000000","stepSize":"0.00100000"},
        {"filterType":"ICEBERG_PARTS","limit":10},
        {"filterType":"NOTIONAL","minNotional":"10.00000000","applyMinToMarket":false,"maxNotional":"10000.00000000",
         "applyMaxToMarket":false,"avgPriceMins":5}]}]}"#;
    check_rules(Venue::Binance, "LTCBTC", binance, ["0.000001", "0.001", "0.001", "100000", "10"]);
    let disabled = binance.replace("0.00000100\"},", "0.00000000\"},").replace("\"10.00000000\"", "\"0\"");
    check_rules(Venue::Binance, "LTCBTC", &disabled, ["-", "0.001", "0.001", "100000", "-"]);
    let kraken = r#"{"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD","pair_decimals":1,
        "lot_decimals":8,"ordermin":"0.00005","costmin":"0.5","tick_size":"0.1","status":"online"}}}"#;
    check_rules(Venue::Kraken, "BTCUSD", kraken, ["0.1", "0.00000001", "0.00005", "-", "0.5"]);
    let untold = kraken.replace(r#""tick_size":"0.1","#, "");
    check_rules(Venue::Kraken, "BTCUSD", &untold, ["0.1", "0.00000001", "0.00005", "-", "0.5"]);
    let coinbase = r#"{"product_id":"BTC-USD","price_increment":"0.01","quote_increment":"0.01",
        "base_increment":"0.00000001","base_min_size":"0.00000001","base_max_size":"3400","quote_min_size":"1"}"#;
    check_rules(Venue::Coinbase, "BTCUSD", coinbase, ["0.01", "0.00000001", "0.00000001", "3400", "1"]);
    let spot = r#"{"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[{"symbol":"BTCUSDT",
        "lotSizeFilter":{"basePrecision":"0.000001","quotePrecision":"0.00000001","minOrderQty":"0.000048",
        "maxOrderQty":"71.73956243","minOrderAmt":"1","maxOrderAmt":"4000000"},"priceFilter":{"tickSize":"0.01"}}]}}"#;
    check_rules(Venue::Bybit, "BTCUSDT", spot, ["0.01", "0.000001", "0.000048", "71.73956243", "1"]);
    let linear = r#"{"retCode":0,"result":{"list":[{"lotSizeFilter":{"minNotionalValue":"5","maxOrderQty":"1190.000",
        "minOrderQty":"0.001","qtyStep":"0.001"},"priceFilter":{"minPrice":"0.10","tickSize":"0.10"}}]}}"#;
    check_rules(Venue::Bybit, "BTCUSDT.P", linear, ["0.1", "0.001", "0.001", "1190", "5"]);
    let okx = |contract: &str| {
        format!(
            r#"{{"code":"0","data":[{{"tickSz":"0.1","lotSz":"0.01","minSz":"1","maxLmtSz":"","ctVal":"{contract}"}}]}}"#
        )
    };
    check_rules(Venue::Okx, "BTCUSDT", &okx(""), ["0.1", "0.01", "1", "-", "-"]);
    // A contract of a swap is 0.01 of the base.
    check_rules(Venue::Okx, "BTCUSDT.P", &okx("0.01"), ["0.1", "0.0001", "0.01", "-", "-"]);
}

#[test]
fn refusals_that_come_as_good_answers_are_refusals() {
    let check = |venue: Venue, body: &str, expected: ReadError| {
        assert_eq!(candles(venue, Timeframe::M1, 0, body), Err(expected), "{venue} {body}");
    };
    let unknown = r#"{"error":["EQuery:Unknown asset pair"]}"#;
    check(Venue::Kraken, unknown, ReadError::Refused("EQuery:Unknown asset pair".into()));
    check(Venue::Kraken, r#"{"error":["EAPI:Rate limit exceeded"]}"#, ReadError::TooManyRequests);
    check(
        Venue::Kraken,
        r#"{"error":["EGeneral:Too many requests"],"result":{}}"#,
        ReadError::TooManyRequests,
    );
    check(Venue::Kraken, r#"{"error":[]}"#, ReadError::Garbage("the result is empty".into()));
    let bybit = r#"{"retCode":10001,"retMsg":"Not supported symbols","result":{},"retExtInfo":{},"time":1}"#;
    check(Venue::Bybit, bybit, ReadError::Refused("Not supported symbols".into()));
    check(Venue::Bybit, r#"{"retCode":10006,"retMsg":"Too many visits!"}"#, ReadError::TooManyRequests);
    let okx = r#"{"code":"51001","msg":"Instrument ID does not exist","data":[]}"#;
    check(Venue::Okx, okx, ReadError::Refused("Instrument ID does not exist".into()));
    check(Venue::Okx, r#"{"code":"50011","msg":"Too Many Requests","data":[]}"#, ReadError::TooManyRequests);
    for venue in Venue::ALL {
        for body in ["", "<html>", "null", "[[1]]", "{}", "[[\"a\",1,1,1,1,1,1,1,1]]", "{\"candles\":[{}]}"] {
            let found = candles(venue, Timeframe::M1, 0, body);
            assert!(matches!(found, Err(ReadError::Garbage(_))), "{venue} {body}: {found:?}");
        }
    }
    let crossed = r#"[[0,"10","9","11","10","1"]]"#;
    let said = candles(Venue::Binance, Timeframe::M1, 0, crossed).unwrap_err().to_string();
    assert_eq!(said, "the high of a candle is below its other prices, or its low above them");
}

fn wanted(venue: Venue, tickers: &[&str], of_candles: &[(&str, Timeframe)]) -> Wanted {
    Wanted {
        tickers: tickers.iter().map(|symbol| listing(venue, symbol)).collect(),
        candles: of_candles.iter().map(|(symbol, timeframe)| (listing(venue, symbol), *timeframe)).collect(),
    }
}

#[track_caller]
fn check_streams(wanted: &Wanted, venue: Venue, expected: &[(&str, &[&str])]) {
    let found = protocol::of(venue).streams(wanted);
    let shown: Vec<(&str, Vec<&str>)> =
        found.iter().map(|s| (s.path.as_str(), s.hello.iter().map(String::as_str).collect())).collect();
    let expected: Vec<(&str, Vec<&str>)> =
        expected.iter().map(|(path, hello)| (*path, hello.to_vec())).collect();
    assert_eq!(shown, expected);
}

#[test]
fn what_is_wanted_becomes_the_documented_subscriptions() {
    let (binance, kraken, coinbase) = (Venue::Binance, Venue::Kraken, Venue::Coinbase);
    let one = wanted(binance, &[], &[("BNBBTC", Timeframe::M1)]);
    check_streams(&one, binance, &[("/ws/bnbbtc@kline_1m", &[])]);
    let two = wanted(binance, &["BTCUSDT"], &[("BTCUSDT", Timeframe::H4)]);
    check_streams(&two, binance, &[("/stream?streams=btcusdt@bookTicker/btcusdt@kline_4h", &[])]);
    check_streams(
        &wanted(kraken, &["BTCUSD", "ALGOUSD"], &[("ALGOUSD", Timeframe::M5)]),
        kraken,
        &[(
            "/v2",
            &[
                r#"{"method":"subscribe","params":{"channel":"ticker","symbol":["ALGO/USD","BTC/USD"],"event_trigger":"bbo"}}"#,
                r#"{"method":"subscribe","params":{"channel":"ohlc","symbol":["ALGO/USD"],"interval":5}}"#,
            ],
        )],
    );
    // Candles of five minutes only.
    check_streams(
        &wanted(coinbase, &["BTCUSD"], &[("BTCUSD", Timeframe::M5), ("BTCUSD", Timeframe::H1)]),
        coinbase,
        &[(
            "",
            &[
                r#"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"ticker"}"#,
                r#"{"type":"subscribe","product_ids":["BTC-USD"],"channel":"candles"}"#,
                r#"{"type":"subscribe","channel":"heartbeats"}"#,
            ],
        )],
    );
    check_streams(
        &wanted(Venue::Bybit, &["BTCUSDT", "BTCUSDT.P"], &[("BTCUSDT", Timeframe::M5)]),
        Venue::Bybit,
        &[
            ("/v5/public/spot", &[r#"{"op":"subscribe","args":["tickers.BTCUSDT","kline.5.BTCUSDT"]}"#]),
            ("/v5/public/linear", &[r#"{"op":"subscribe","args":["tickers.BTCUSDT"]}"#]),
        ],
    );
    check_streams(
        &wanted(Venue::Okx, &["BTCUSDT"], &[("BTCUSDT.P", Timeframe::D1)]),
        Venue::Okx,
        &[
            ("/ws/v5/public", &[r#"{"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]}"#]),
            (
                "/ws/v5/business",
                &[r#"{"op":"subscribe","args":[{"channel":"candle1Dutc","instId":"BTC-USDT-SWAP"}]}"#],
            ),
        ],
    );
    for venue in Venue::ALL {
        assert_eq!(protocol::of(venue).streams(&Wanted::default()), []);
    }
}

fn frame(venue: Venue, symbol: &str, text: &str) -> Result<Vec<Told>, ReadError> {
    let listing = listing(venue, symbol);
    let wanted = Wanted { tickers: [listing.clone()].into(), candles: [(listing, Timeframe::M5)].into() };
    let streams = protocol::of(venue).streams(&wanted);
    let symbols: BTreeMap<_, _> = streams.into_iter().flat_map(|Stream { symbols, .. }| symbols).collect();
    protocol::of(venue).read_frame(&symbols, text, Timestamp::from_seconds(2_000_000_000))
}

#[track_caller]
fn check_frame(venue: Venue, symbol: &str, text: &str, expected: &[&str]) {
    let side = |price: Option<domain::Price>| price.map_or("-".to_owned(), |price| price.to_string());
    let show = |told: &Told| match told {
        Told::Ticker(t) => format!("{} {} {} {}", t.symbol, side(t.bid), side(t.ask), side(t.last)),
        Told::Candle(symbol, timeframe, candle, closed) => {
            let closed = match closed {
                Closed::Flag(true) => "closed",
                Closed::Flag(false) => "open",
                Closed::Unsaid => "unsaid",
            };
            format!("{symbol} {timeframe} {} {closed}", shown(candle))
        }
    };
    let found = frame(venue, symbol, text).unwrap();
    assert_eq!(found.iter().map(show).collect::<Vec<_>>(), expected, "{venue} {text}");
}

#[test]
fn frames_of_streams_tell_prices_and_candles() {
    let kline = r#"{"e":"kline","E":1672515782136,"s":"BNBBTC","k":{"t":1672515780000,"T":1672515839999,"s":"BNBBTC",
        "i":"1m","f":100,"L":200,"o":"0.0010","c":"0.0020","h":"0.0025","l":"0.0015","v":"1000","n":100,"x":false,
        "q":"1.0000","V":"500","Q":"0.500","B":"123456"}}"#;
    // As documented, the example's low is above its open; with one that fits it is a candle.
    assert!(matches!(frame(Venue::Binance, "BNBBTC", kline), Err(ReadError::Garbage(_))));
    let kline = kline.replace("0.0015", "0.0005");
    let candle = "BNBBTC 1m 1672515780 0.0010 0.0025 0.0005 0.0020 1000";
    check_frame(Venue::Binance, "BNBBTC", &kline, &[&format!("{candle} open")]);
    let closed = kline.replace(r#""x":false"#, r#""x":true"#);
    check_frame(Venue::Binance, "BNBBTC", &closed, &[&format!("{candle} closed")]);
    let unflagged = kline.replace(r#""x":false,"#, "");
    check_frame(Venue::Binance, "BNBBTC", &unflagged, &[&format!("{candle} unsaid")]);
    let combined = format!(r#"{{"stream":"bnbbtc@kline_1m","data":{closed}}}"#);
    check_frame(Venue::Binance, "BNBBTC", &combined, &[&format!("{candle} closed")]);
    let book = r#"{"u":400900217,"s":"BNBUSDT","b":"25.35190000","B":"31.21000000","a":"25.36520000","A":"40.66000000"}"#;
    check_frame(Venue::Binance, "BNBUSDT", book, &["BNBUSDT 25.35190000 25.36520000 -"]);
    let bybit = r#"{"topic":"kline.5.BTCUSDT","data":[{"start":1672324800000,"end":1672325099999,"interval":"5",
        "open":"16649.5","close":"16677","high":"16677","low":"16608","volume":"2.081","turnover":"34666.4005",
        "confirm":false,"timestamp":1672324988882}],"ts":1672324988882,"type":"snapshot"}"#;
    check_frame(
        Venue::Bybit,
        "BTCUSDT",
        bybit,
        &["BTCUSDT 5m 1672324800 16649.5 16677 16608 16677 2.081 open"],
    );
    let ticker = r#"{"topic":"tickers.BTCUSDT","ts":1673853746003,"type":"snapshot","data":{"symbol":"BTCUSDT",
        "lastPrice":"21109.77","highPrice24h":"21426.99"}}"#;
    check_frame(Venue::Bybit, "BTCUSDT", ticker, &["BTCUSDT - - 21109.77"]);
    let okx = r#"{"arg":{"channel":"candle1Dutc","instId":"BTC-USDT"},"data":[["1597026383085","8533.02","8553.74",
        "8527.17","8548.26","45247","529.5858061","5529.5858061","1"]]}"#;
    check_frame(
        Venue::Okx,
        "BTCUSDT",
        okx,
        &["BTCUSDT 1d 1597026383 8533.02 8553.74 8527.17 8548.26 45247 closed"],
    );
    let ticker = r#"{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instType":"SPOT","instId":"BTC-USDT",
        "last":"9999.99","askPx":"9999.99","bidPx":"8888.88","ts":"1597026383085"}]}"#;
    check_frame(Venue::Okx, "BTCUSDT", ticker, &["BTCUSDT 8888.88 9999.99 9999.99"]);
    let ohlc = r#"{"channel":"ohlc","type":"update","data":[{"symbol":"BTC/USD","interval":1,
        "interval_begin":"2023-10-04T16:25:00.000000000Z","open":106038.2,"high":106044.3,"low":106038.1,
        "close":106040.100000000000004,"volume":30927.68066226,"vwap":106039.6,"trades":12}]}"#;
    // Numbers that no float holds.
    check_frame(
        Venue::Kraken,
        "BTCUSD",
        ohlc,
        &["BTCUSD 1m 1696436700 106038.2 106044.3 106038.1 106040.100000000000004 30927.68066226 unsaid"],
    );
    let ticker = r#"{"channel":"ticker","type":"update","data":[{"symbol":"ALGO/USD","bid":0.10025,"bid_qty":740.0,
        "ask":0.10036,"ask_qty":1361.44813783,"last":0.10035,"volume":997038.98383185}]}"#;
    check_frame(Venue::Kraken, "ALGOUSD", ticker, &["ALGOUSD 0.10025 0.10036 0.10035"]);
    let coinbase = r#"{"channel":"ticker","client_id":"","timestamp":"2023-02-09T20:30:37.167359596Z","sequence_num":0,
        "events":[{"type":"snapshot","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"21932.98",
        "best_bid":"21931.98","best_ask":"21933.98"}]}]}"#;
    check_frame(Venue::Coinbase, "BTCUSD", coinbase, &["BTCUSD 21931.98 21933.98 21932.98"]);
    let coinbase = r#"{"channel":"candles","timestamp":"2023-06-09T20:19:35.39625135Z","events":[{"type":"snapshot",
        "candles":[{"start":"1688998200","high":"1867.72","low":"1865.63","open":"1867.38","close":"1866.81",
        "volume":"0.20269406","product_id":"ETH-USD"}]}]}"#;
    check_frame(
        Venue::Coinbase,
        "ETHUSD",
        coinbase,
        &["ETHUSD 5m 1688998200 1867.38 1867.72 1865.63 1866.81 0.20269406 unsaid"],
    );
}

#[test]
fn frames_that_are_no_news_are_empty_and_refusals_are_told() {
    for (venue, text) in [
        (Venue::Binance, r#"{"result":null,"id":1}"#),
        (Venue::Binance, r#"{"u":1,"s":"ETHBTC","b":"1","B":"1","a":"1","A":"1"}"#),
        (Venue::Kraken, r#"{"channel":"heartbeat"}"#),
        (Venue::Kraken, r#"{"channel":"status","type":"update","data":[{"system":"online"}]}"#),
        (Venue::Kraken, r#"{"method":"subscribe","result":{"channel":"ticker"},"success":true}"#),
        (
            Venue::Coinbase,
            r#"{"channel":"subscriptions","events":[{"subscriptions":{"ticker":["BTC-USD"]}}]}"#,
        ),
        (
            Venue::Coinbase,
            r#"{"channel":"heartbeats","events":[{"current_time":"x","heartbeat_counter":3049}]}"#,
        ),
        (Venue::Bybit, r#"{"success":true,"ret_msg":"","conn_id":"x","op":"subscribe"}"#),
        (Venue::Bybit, r#"{"success":true,"ret_msg":"pong","op":"ping"}"#),
        (Venue::Okx, "pong"),
        (Venue::Okx, r#"{"event":"subscribe","arg":{"channel":"tickers","instId":"BTC-USDT"}}"#),
    ] {
        check_frame(venue, "BTCUSD", text, &[]);
    }
    for (venue, text, said) in [
        (Venue::Binance, r#"{"error":{"code":2,"msg":"Invalid request"}}"#, "Invalid request"),
        (
            Venue::Kraken,
            r#"{"error":"Currency pair not supported X/Y","method":"subscribe","success":false}"#,
            "X/Y",
        ),
        (Venue::Coinbase, r#"{"type":"error","message":"no such product"}"#, "no such product"),
        (Venue::Bybit, r#"{"success":false,"ret_msg":"Invalid symbol","op":"subscribe"}"#, "Invalid symbol"),
        (
            Venue::Okx,
            r#"{"event":"error","code":"60018","msg":"Wrong URL or instId"}"#,
            "Wrong URL or instId",
        ),
    ] {
        let found = frame(venue, "BTCUSD", text);
        assert!(matches!(&found, Err(ReadError::Refused(text)) if text.contains(said)), "{venue}: {found:?}");
    }
}

#[test]
fn candles_are_asked_for_by_the_documented_paths() {
    let check = |venue: Venue, symbol: &str, timeframe: Timeframe, before: Option<i64>, expected: &str| {
        let protocol = protocol::of(venue);
        let before = before.map(Timestamp::from_seconds);
        let page = Page { limit: 200, before, now: Timestamp::from_seconds(1_000_000) };
        let interval = protocol.interval(venue, timeframe).unwrap();
        assert_eq!(protocol.candles_path(&listing(venue, symbol), (timeframe, interval), page), expected);
    };
    let (m1, h1) = (Timeframe::M1, Timeframe::H1);
    check(Venue::Binance, "BTCUSDT", m1, None, "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=200");
    let older = "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=200&endTime=59999";
    check(Venue::Binance, "BTCUSDT", m1, Some(60), older);
    let bybit = "/v5/market/kline?category=spot&symbol=BTCUSDT&interval=60&limit=200";
    check(Venue::Bybit, "BTCUSDT", h1, None, bybit);
    let older = "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=60&limit=200&end=3599999";
    check(Venue::Bybit, "BTCUSDT.P", h1, Some(3600), older);
    check(Venue::Okx, "BTCUSDT", h1, None, "/api/v5/market/candles?instId=BTC-USDT&bar=1H&limit=200");
    let older = "/api/v5/market/candles?instId=BTC-USDT&bar=1H&limit=200&after=3600000";
    check(Venue::Okx, "BTCUSDT", h1, Some(3600), older);
    let coinbase =
        "/api/v3/brokerage/market/products/BTC-USD/candles?start=280000&end=1000000&granularity=ONE_HOUR";
    check(Venue::Coinbase, "BTCUSD", h1, None, coinbase);
    check(Venue::Kraken, "BTCUSD", h1, Some(3600), "/0/public/OHLC?pair=XBTUSD&interval=60");
    let said =
        protocol::of(Venue::Coinbase).interval(Venue::Coinbase, Timeframe::H4).unwrap_err().to_string();
    assert_eq!(said, "Coinbase has no candles of 4h; it has 1m, 5m, 15m, 30m, 1h, 2h, 6h, 1d");
}
