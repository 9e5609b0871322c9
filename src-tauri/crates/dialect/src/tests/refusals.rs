//! Every refusal, with its code and the place that it names.

use super::settings;
use crate::{ReadError, SIGNALS_MAX, read};
use domain::{
    BracketLevel, DialectName, OrderType, Price, ReasonCode, StopLoss, TakeProfit, TimeInForce, Trail,
    TrailUnit,
};
use std::time::{Duration, Instant};

fn refused(body: &[u8], words: &str) -> ReadError {
    let found = read(body, &settings(words));
    found.expect_err(&String::from_utf8_lossy(body))
}

/// `place` is `line:column`, a field's name, or nothing.
#[track_caller]
fn check(body: &str, words: &str, code: ReasonCode, place: &str) {
    let error = refused(body.as_bytes(), words);
    let found = match (error.line, error.column, error.field.as_deref()) {
        (Some(line), Some(column), _) => format!("{line}:{column}"),
        (_, _, field) => field.unwrap_or_default().to_owned(),
    };
    assert_eq!((error.code, found.as_str()), (code, place), "{body}\n{error}");
    assert!(error.sentence.ends_with('.'), "{error}");
}

#[test]
fn bodies_that_are_no_message() {
    check("", "", ReasonCode::EmptyBody, "");
    check(" \r\n\t", "", ReasonCode::EmptyBody, "");
    check("\u{feff}\u{a0}", "", ReasonCode::EmptyBody, "");
    check("hello world", "", ReasonCode::Unrecognised, "");
    check("buy BTCUSDT", "", ReasonCode::Unrecognised, "");
    check("42", "", ReasonCode::Unrecognised, "");
    check("null", "", ReasonCode::Unrecognised, "");
    check("\"buy\"", "", ReasonCode::Unrecognised, "");
    check("a\nb\0c", "", ReasonCode::MalformedText, "2:2");
    check("{}", "", ReasonCode::Unrecognised, "");
    check("[]", "", ReasonCode::Unrecognised, "");
    check(r#"{"foo":1}"#, "", ReasonCode::Unrecognised, "");
    let wrong_bytes = refused(b"{\"action\":\"\xff\"}", "");
    let place = (wrong_bytes.code, wrong_bytes.line, wrong_bytes.column);
    assert_eq!(place, (ReasonCode::MalformedJson, Some(1), Some(12)));
    assert_eq!(refused(b"\xff\xfe{\0", "").code, ReasonCode::MalformedText);
}

/// A position opened without the stop that its message asks for is worse than none.
#[test]
fn protection_that_cannot_be_read_is_refused() {
    let with = |field: &str| format!(r#"{{"action":"buy","symbol":"BTCUSDT","price":1,{field}}}"#);
    let refused = |field: &str, code, at: &str| check(&with(field), "", code, at);
    let invalid = |field: &str, at: &str| refused(field, ReasonCode::InvalidField, at);
    invalid(r#""profitTargets":5,"trailingStop":1"#, "trailingStop");
    invalid(r#""targets":[{"percent":1,"portion":60},{"percent":2,"portion":41}]"#, "takeProfit");
    invalid(r#""targets":[{"percent":1,"portion":0}]"#, "takeProfit.portion");
    invalid(r#""targets":"far""#, "targets");
    invalid(r#""takeProfit":[70000,[80000]]"#, "takeProfit");
    invalid(r#""takeProfit":[1,2],"targets":[2,1]"#, "takeProfit");
    invalid(&format!(r#""tp":[{}]"#, ["5"; 33].join(",")), "tp");
    refused(r#""takeProfit":[{"portion":50}]"#, ReasonCode::MissingField, "takeProfit.percent");
    invalid(r#""TakeProfit":5"#, "TakeProfit");
    invalid(r#""trailPercent":1"#, "trailPercent");
    invalid(r#""stopLoss":{"percent":0}"#, "stopLoss.percent");
    invalid(r#""stopLoss":{"percent":1,"pips":5}"#, "stopLoss.percent");
    invalid(r#""stopLoss":{"type":"soft","percent":5}"#, "stopLoss.type");
    invalid(r#""sl":"5%""#, "sl");
    invalid(r#""sl":-5"#, "sl");
    invalid(r#""sl":5,"stopLoss":0"#, "stopLoss");
    invalid(r#""tp":["5%"]"#, "tp");
    invalid(r#""sl":[5]"#, "sl");
    refused(r#""stopLoss":{"type":"stop"}"#, ReasonCode::MissingField, "stopLoss.percent");
    refused(r#""takeProfit":{"limit":5}"#, ReasonCode::MissingField, "takeProfit.percent");
    invalid(r#""orderType":"limit","limitPrice":1,"timeInForce":"fok""#, "timeInForce");
    refused(r#""orderType":"trailing_stop""#, ReasonCode::MissingField, "trailPercent");
    for unset in [r#""sl":"0""#, r#""tp":0"#, r#""stopLoss":null"#, r#""targets":[]"#, r#""trail":"""#] {
        assert!(read(with(unset).as_bytes(), &settings("")).is_ok(), "{unset}");
    }
}

#[test]
fn protection_and_resting_orders_are_read() {
    let signal = |fields: &str| {
        let body = format!(r#"{{"action":"buy","symbol":"BTCUSDT","price":100,{fields}}}"#);
        read(body.as_bytes(), &settings("")).unwrap().signals.remove(0)
    };
    let price = |text: &str| Price::parse(text).unwrap();
    let both = signal(r#""sl":"95.5","takeProfit":{"percent":10}"#);
    let stop = |level| Some(StopLoss { level: Some(level), limit: None, trail: None });
    assert_eq!(both.stop_loss, stop(BracketLevel::Price(price("95.5"))));
    let target = |level| vec![TakeProfit { level, portion_pct: None }];
    assert_eq!(both.take_profit, target(BracketLevel::Percent(10.into())));
    let objects =
        signal(r#""stop_loss":{"type":"stop_limit","stopPrice":95,"limitPrice":94},"tp":{"amount":7}"#);
    let limited =
        StopLoss { level: Some(BracketLevel::Price(price("95"))), limit: Some(price("94")), trail: None };
    assert_eq!(objects.stop_loss, Some(limited));
    assert_eq!(objects.take_profit, target(BracketLevel::Absolute(7.into())));
    assert!(objects.extras.is_empty(), "{:?}", objects.extras);
    let trail = Trail { value: 2.into(), unit: TrailUnit::Percent };
    let trailing = signal(r#""stopLoss":{"type":"trailing_stop","trailPercent":2}"#);
    assert_eq!(trailing.stop_loss, Some(StopLoss { level: None, limit: None, trail: Some(trail) }));
    let order =
        signal(r#""orderType":"trailing_stop","trailPercent":2,"activationPrice":"105","timeInForce":"DAY""#)
            .order;
    let wanted = (OrderType::TrailingStop, Some(trail), Some(price("105")), Some(TimeInForce::Day));
    assert_eq!((order.kind, order.trail, order.activation, order.time_in_force), wanted);
}

#[test]
fn placeholders_as_printed_in_the_documents() {
    check(
        "{\n\"action\": \"buy\",\n\"symbol\": \"{{ticker}}\"\n}",
        "",
        ReasonCode::UnresolvedPlaceholder,
        "3:12",
    );
    let printed = "{\n\"auth_key\": \"YOUR_AUTH_KEY_HERE\",\n\"ticker\": \"ETHUSD\",\n\"qty\": {{strategy.order.contracts}},\n}";
    check(printed, "", ReasonCode::UnresolvedPlaceholder, "4:8");
    assert!(refused(printed.as_bytes(), "").sentence.contains("{{strategy.order.contracts}}"));
    check(
        r#"{"action": "{{strategy.order.action}}", "comment": "{{strategy.order.comment}}"}"#,
        "symbol=X",
        ReasonCode::UnresolvedPlaceholder,
        "1:13",
    );
    check(r#"{"ticker":"%alert_symbol%","action":"buy"}"#, "", ReasonCode::UnresolvedPlaceholder, "1:12");
    check("buy {{ticker}}", "", ReasonCode::UnresolvedPlaceholder, "1:5");
}

#[test]
fn json_that_is_broken() {
    check("“ticker”: “TSLA”", "", ReasonCode::MalformedJson, "1:1");
    check("'{\"action\":\"buy\"}'", "", ReasonCode::MalformedJson, "1:1");
    check(r#"{"ticker":"é","qty":,"a":1}"#, "", ReasonCode::MalformedJson, "1:21");
    check(r#"{"action":buy,"symbol":"X"}"#, "", ReasonCode::MalformedJson, "1:11");
    check(r#"{"action":"buy","comment":"say "hi"","symbol":"X"}"#, "", ReasonCode::MalformedJson, "1:33");
    check(r#"{"action":"buy","action":"sell","symbol":"X"}"#, "", ReasonCode::DuplicateKey, "1:17");
    let nested = |depth: usize| {
        format!(r#"{{"action":"buy","symbol":"X","n":{}1{}}}"#, "[".repeat(depth), "]".repeat(depth))
    };
    assert!(read(nested(31).as_bytes(), &settings("")).is_ok());
    assert_eq!(refused(nested(32).as_bytes(), "").code, ReasonCode::NestingTooDeep);
}

/// A symbol that is refused comes with the one that was probably meant.
#[test]
fn refused_symbols_are_suggested_and_mapped() {
    let body = |symbol: &str| format!(r#"{{"action":"buy","symbol":"{symbol}"}}"#);
    for (raw, meant) in [("BTС", "BTC"), ("EURUSD=X", "EURUSD"), ("ES=F", "ES"), ("ΒΤC/USDT", "BTCUSDT")] {
        check(&body(raw), "", ReasonCode::InvalidSymbol, "symbol");
        let sentence = refused(body(raw).as_bytes(), "").sentence;
        assert!(sentence.contains(&format!("If {meant} is meant")), "{sentence}");
        let mapped = read(body(raw).as_bytes(), &settings(&format!("map={raw}={meant}"))).unwrap();
        assert_eq!((mapped.signals[0].symbol.as_str(), mapped.signals[0].symbol_raw.as_str()), (meant, raw));
    }
    let mapped = read(body("KRAKEN:XBT/USD").as_bytes(), &settings("map=XBTUSD=BTCUSD")).unwrap();
    let signal = &mapped.signals[0];
    assert_eq!((signal.symbol.as_str(), signal.exchange.as_deref()), ("BTCUSD", Some("KRAKEN")));
}

/// A text may have its faults, too; what was put right is said.
#[test]
fn repairs_of_texts_are_said() {
    let repaired = |body: &str, words: &str| {
        let reading = read(body.as_bytes(), &settings(words)).unwrap_or_else(|e| panic!("{body}: {e}"));
        reading.repairs.iter().map(crate::Repair::sentence).collect::<Vec<_>>().join("; ")
    };
    let json = r#"{"action":"buy","symbol":"X",}"#;
    assert_eq!(repaired(json, ""), "trailing comma: 1 left out");
    assert_eq!(
        repaired("{'action'='buy',“symbol”:\"X\"}", ""),
        "2 typographic quotes were read as straight ones; 4 single quotes were read as double ones; 1 equals signs were read as colons"
    );
    assert_eq!(repaired("SYMBOL=X\\nSIGNAL=BUY", ""), "1 written-out \\n were read as line breaks");
    assert_eq!(
        repaired("\u{feff}acc ETH/USDT\u{a0}buy 1\r\n", ""),
        "a byte order mark before the message was skipped; blanks or line breaks around the message were skipped; 1 invisible blanks were read as plain blanks"
    );
}

/// A webhook that is set to one format takes no other.
#[test]
fn the_webhooks_dialect_wins() {
    check("60123456789,buy,EURUSD", "vantixs", ReasonCode::Unrecognised, "");
    check(r#"{"action":"buy","symbol":"X"}"#, "whook", ReasonCode::Unrecognised, "");
    check("60123456789,buy,EURUSD", "whook", ReasonCode::Unrecognised, "");
    let sentence = refused(br#"{"action":"buy","symbol":"X"}"#, "whook").sentence;
    assert!(sentence.contains("whook only, which are text"), "{sentence}");
}

#[test]
fn fields_that_are_missing_or_wrong() {
    use ReasonCode::{
        ArithmeticOverflow, InvalidField, InvalidSymbol, MissingField, SettingRequired, UnsupportedAction,
    };
    check(r#"{"action":"buy"}"#, "", MissingField, "symbol");
    check(r#"{"symbol":"BTCUSDT"}"#, "", MissingField, "action");
    check(r#"{"action":"buy","symbol":""}"#, "", MissingField, "symbol");
    check(r#"{"action":null,"symbol":"X"}"#, "", MissingField, "action");
    check(r#"{"ticker":"AAPL","action":"buy","quantity":1}"#, "", MissingField, "price");
    check(r#"{"ticker":"AAPL","price":1}"#, "", MissingField, "action");
    check(r#"{"auth_key":"k","ticker":"AAPL"}"#, "", MissingField, "positionDirection");
    check(r#"{"auth_key":"k","positionDirection":"entryLong"}"#, "", MissingField, "ticker");
    check(r#"{"ticker":"AAPL","action":"buy","price":1}"#, "vantixs", MissingField, "symbol");
    check(r#"{"action":"BUY"}"#, "", SettingRequired, "symbol");
    check(r#"{"action":"sell","comment":"EXIT_50"}"#, "", SettingRequired, "symbol");
    check(r#"{"action":"buy"}"#, "atomik", SettingRequired, "symbol");
    check(r#"{"action":"hold","symbol":"X"}"#, "", UnsupportedAction, "action");
    check(r#"{"action":"short","symbol":"X"}"#, "", UnsupportedAction, "action");
    check(r#"{"action":"close","ticker":"X","price":1}"#, "", UnsupportedAction, "action");
    check(r#"{"action":"close"}"#, "symbol=X", UnsupportedAction, "action");
    check(r#"{"ticker":"X","positionDirection":"long"}"#, "", UnsupportedAction, "positionDirection");
    check(r#"{"auth_key":"k","ticker":"X","direction":"up"}"#, "", UnsupportedAction, "direction");
    let sentence = refused(br#"{"action":"hold","symbol":"X"}"#, "").sentence;
    assert!(sentence.contains("buy, sell, close"), "{sentence}");
    check(r#"{"action":"buy","symbol":"BTС"}"#, "", InvalidSymbol, "symbol");
    check(r#"{"action":"buy","symbol":["X"]}"#, "", InvalidField, "symbol");
    check(r#"{"action":true,"symbol":"X"}"#, "", InvalidField, "action");
    let with = |rest: &str| format!(r#"{{"action":"buy","symbol":"X",{rest}}}"#);
    check(&with(r#""price":"abc""#), "", InvalidField, "price");
    check(&with(r#""price":0"#), "", InvalidField, "price");
    check(&with(r#""price":"NaN""#), "", InvalidField, "price");
    check(&with(r#""quantity":"1,000""#), "", InvalidField, "quantity");
    check(&with(r#""qty":-1"#), "", InvalidField, "qty");
    check(&with(r#""price":79228162514264337593543950336"#), "", ArithmeticOverflow, "price");
    check(&with(r#""price":1e999999999999"#), "", ArithmeticOverflow, "price");
    check(&with(r#""quantity":"1e400""#), "", ArithmeticOverflow, "quantity");
    check(&with(r#""time":"2:34 pm""#), "", InvalidField, "time");
    check(&with(r#""test":"maybe""#), "", InvalidField, "test");
    check(&with(r#""exchange":"<b>""#), "", InvalidField, "exchange");
    check(&with(r#""orderType":"twap""#), "", InvalidField, "orderType");
    check(&with(r#""orderType":"limit","price":1"#), "", MissingField, "limitPrice");
    check(&with(r#""orderType":"stop""#), "", MissingField, "stopPrice");
    check(&with(&format!(r#""id":"{}""#, "x".repeat(257))), "", InvalidField, "id");
    check(&with(&format!(r#""comment":"{}""#, "x".repeat(4097))), "", InvalidField, "comment");
    check(&with(r#""market_position":"up""#), "", InvalidField, "market_position");
    check(
        &with(r#""market_position":"flat","market_position_size":1"#),
        "",
        InvalidField,
        "market_position_size",
    );
    check(
        &with(r#""market_position":"long","market_position_size":0"#),
        "",
        InvalidField,
        "market_position_size",
    );
    check(
        &with(r#""market_position":"long","market_position_size":-1"#),
        "",
        InvalidField,
        "market_position_size",
    );
    check(&with(r#""market_position_size":1"#), "", MissingField, "market_position");
    check(&with(r#""market_position":"long","position_size":-1"#), "", InvalidField, "position_size");
    let metadata = r#"{"ticker":"X","positionDirection":"entryLong","metadata":"#;
    check(&format!("{metadata}1}}"), "", InvalidField, "metadata");
    check(&format!(r#"{metadata}{{"timestamp":"soon"}}}}"#), "", InvalidField, "metadata.timestamp");
}

/// Which one is meant cannot be guessed; the same said twice is no contradiction.
#[test]
fn names_of_the_same_thing_must_agree() {
    let body = |head: &str, fields: &str| format!("{{{head},{fields}}}");
    let vantixs = r#""action":"buy","symbol":"BTCUSDT""#;
    let stratone = r#""action":"buy","ticker":"AAPL","price":5"#;
    let ata = r#""ticker":"AAPL","positionDirection":"entryLong""#;
    for (head, same, different, named) in [
        (vantixs, r#""price":5,"marketPrice":"5.0""#, r#""price":5,"marketPrice":6"#, "price marketPrice"),
        (stratone, r#""market_price":5"#, r#""market_price":"five""#, "price market_price"),
        (vantixs, r#""qty":2,"quantity":"2""#, r#""qty":2,"quantity":3"#, "quantity qty"),
        (vantixs, r#""Action":"BUY""#, r#""Action":"sell""#, "action Action"),
        (vantixs, r#""ACTION":"buy""#, r#""ACTION":true"#, "action ACTION"),
        (vantixs, r#""ticker":"BINANCE:btcusdt""#, r#""ticker":"ETHUSDT""#, "symbol ticker"),
        (vantixs, r#""ticker":"""#, r#""ticker":"%""#, "symbol ticker"),
        (vantixs, r#""id":"a","signalId":"a""#, r#""id":"a","signalId":"A""#, "id signalId"),
        (vantixs, r#""test":true,"Test":1"#, r#""test":true,"Test":"no""#, "test Test"),
        (
            vantixs,
            r#""time":"2026-11-21T00:00:00Z","timestamp":1795219200"#,
            r#""time":"2026-11-21T00:00:00Z","timestamp":1795219201"#,
            "time timestamp",
        ),
        (
            vantixs,
            r#""market_position":"long","marketPosition":"LONG""#,
            r#""market_position":"long","marketPosition":"flat""#,
            "market_position marketPosition",
        ),
        (
            stratone,
            r#""orderType":"limit","limitPrice":1,"limit_price":"1.00""#,
            r#""orderType":"limit","limitPrice":1,"limit_price":2"#,
            "limitPrice limit_price",
        ),
        (ata, r#""direction":"long""#, r#""direction":"short""#, "positionDirection direction"),
    ] {
        assert!(read(body(head, same).as_bytes(), &settings("")).is_ok(), "{same}");
        let (first, second) = named.split_once(' ').unwrap();
        check(&body(head, different), "", ReasonCode::InvalidField, first);
        let sentence = refused(body(head, different).as_bytes(), "").sentence;
        assert!(sentence.contains(&format!(" {first} and {second} ")), "{sentence}");
    }
}

#[test]
fn the_firing_of_an_alert_is_told_from_its_bar() {
    let fired = |fields: &str| {
        let body = format!(r#"{{"action":"buy","symbol":"X","time":"2026-11-21T00:00:00Z"{fields}}}"#);
        let reading = read(body.as_bytes(), &settings("")).unwrap();
        reading.signals[0].alert_time.unwrap().to_string()
    };
    assert_eq!(fired(""), "2026-11-21T00:00:00.000000Z");
    assert_eq!(fired(r#","timenow":"2026-11-21T00:59:59Z""#), "2026-11-21T00:59:59.000000Z");
}

#[test]
fn a_text_that_is_too_long_is_told_the_limit() {
    let with =
        |length: usize| format!(r#"{{"action":"buy","symbol":"X","comment":"{}"}}"#, "x".repeat(length));
    assert!(read(with(4096).as_bytes(), &settings("")).is_ok());
    let sentence = refused(with(4097).as_bytes(), "").sentence;
    assert_eq!(sentence, "The field comment is 4097 bytes long: 4096 are allowed at most.");
}

#[test]
fn exits_outside_one_to_a_hundred() {
    for comment in ["EXIT_0", "EXIT_101", "EXIT_-1", "EXIT_ABC"] {
        let body = format!(r#"{{"action":"SELL","comment":"{comment}"}}"#);
        check(&body, "symbol=ES1!", ReasonCode::InvalidExitPercent, "comment");
    }
    check(
        r#"{"action":"sell","symbol":"X","comment":"EXIT_150"}"#,
        "",
        ReasonCode::InvalidExitPercent,
        "comment",
    );
}

#[test]
fn one_bad_element_refuses_all_and_is_named() {
    check(r#"[{"action":"buy","symbol":"A"},{"action":"buy"}]"#, "", ReasonCode::MissingField, "[1].symbol");
    check(r#"[{"action":"buy","symbol":"A"},5]"#, "", ReasonCode::Unrecognised, "[1]");
    check(r#"[{"foo":1}]"#, "", ReasonCode::Unrecognised, "[0]");
    let error = refused(br#"[{"action":"buy","symbol":"A"},{"action":"hop","symbol":"B"}]"#, "");
    assert!(error.sentence.starts_with("Element 2: "), "{error}");
    let many = |count: usize| format!("[{}]", vec![r#"{"action":"buy","symbol":"A"}"#; count].join(","));
    assert_eq!(read(many(SIGNALS_MAX).as_bytes(), &settings("")).unwrap().signals.len(), SIGNALS_MAX);
    check(&many(SIGNALS_MAX + 1), "", ReasonCode::InvalidField, "");
}

#[test]
fn an_error_names_the_dialect_and_never_repeats_a_token() {
    let token = format!("pw_abcdefghij23_{}", "a".repeat(32));
    let error = refused(format!(r#"{{"action":"{token}","symbol":"X"}}"#).as_bytes(), "");
    assert_eq!(error.dialect, Some(DialectName::Vantixs));
    assert!(!error.sentence.contains(&token), "{error}");
    let error = refused(format!("{{\"{token}\":1,\"{token}\":2}}").as_bytes(), "");
    assert!(!format!("{error:?}").contains(&token), "{error:?}");
}

#[test]
fn the_largest_bodies_are_read_in_linear_time() {
    let size = 256 * 1024;
    let keys: Vec<String> = (0..size / 12).map(|n| format!("\"k{n}\":1")).collect();
    let parts: Vec<String> = (0..size / 10).map(|n| format!("k{n}=1")).collect();
    let bodies = [
        "[".repeat(size),
        "{\"a\":".repeat(size / 5),
        format!("{{\"a\":\"{}", "\\".repeat(size)),
        format!("{{\"a\":\"{}\"}}", "\\\\".repeat(size / 2)),
        "{{".repeat(size / 2),
        "%a".repeat(size / 2),
        format!("{{\"action\":\"buy\",\"symbol\":\"X\",{}}}", keys.join(",")),
        format!("SIGNAL=BUY;SYMBOL=X;{}", parts.join(";")),
        format!("60123456789,buy,X,{}", parts.join(",")),
        format!("{{\"token\":{}", "\\\"".repeat(size / 2)),
        "token=".repeat(size / 6),
        "a=".repeat(size / 2),
        "pw_".repeat(size / 3),
        "\\u005c".repeat(size / 6),
        "a".repeat(size),
        "\u{a0}".repeat(size / 2),
    ];
    for body in bodies {
        let start = Instant::now();
        let _answered = read(body.as_bytes(), &settings(""));
        let _candidates = crate::secrets_in(body.as_bytes());
        let masked =
            crate::mask(body.as_bytes(), Some("pw_abcdefghij23_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), None);
        assert_eq!(masked.len(), body.len());
        let took = start.elapsed();
        // Far above what a busy machine needs, far below a second look at every byte; the bench has the true limit.
        assert!(took < Duration::from_secs(20), "{took:?} for {:?}", &body.get(..20));
    }
}
