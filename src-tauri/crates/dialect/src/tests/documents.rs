//! Every example of the four documents, with its placeholders filled.

use super::{check, reading};
use crate::{AUTH_KEY_PLACEHOLDER, Repair, TemplateKind, read, template};
use domain::{DialectName, ReasonCode, Timestamp};

#[test]
fn vantixs() {
    check(r#"{"action": "buy","symbol": "BTCUSDT"}"#, "", "vantixs: open long BTCUSDT");
    check(r#"{"action":"sell","symbol":"BTCUSDT"}"#, "", "vantixs: close long BTCUSDT");
    check(r#"{"action":"sell","symbol":"BTCUSDT"}"#, "flip", "vantixs: open short BTCUSDT");
    check(r#"{"action":"sell","symbol":"BTCUSDT"}"#, "target", "vantixs: close long BTCUSDT");
    check(r#"{"action":"close","symbol":"BTCUSDT"}"#, "", "vantixs: close - BTCUSDT");
    check(r#"{"action":"BUY","symbol":"btcusdt"}"#, "", "vantixs: open long BTCUSDT");
    check(r#"{"action":"sell","symbol":"X","comment":"ENTRY"}"#, "", "vantixs: open short X");
    check(r#"{"action":"sell","symbol":"X","quantity":"2"}"#, "", "vantixs: reduce long X 2 base");
    check(
        r#"{"action":"close","symbol":"X","comment":"EXIT_HALF"}"#,
        "",
        "vantixs: reduce - X 50 pct_position",
    );
    check(
        r#"{"action":"sell","symbol":"X","comment":"EXIT_50"}"#,
        "flip",
        "vantixs: reduce long X 50 pct_position",
    );
    check(r#"{"action":"buy","symbol":"X","comment":"Exit_Short"}"#, "", "vantixs: open long X");
    check(r#"{"action":"buy","symbol":600519}"#, "", "vantixs: open long 600519");
    check(r#"{"action":"buy","symbol":"X","ticker":"NYSE:X","auth_key":"k"}"#, "", "vantixs: open long X");
}

#[test]
fn algo_trade_analytics() {
    let body = r#"{
"auth_key": "YOUR_AUTH_KEY_HERE",
"ticker": "ETHUSD",
"positionDirection": "entryLong",
"orderType": "market",
"qty": 0.5,
"marketPrice": 3012.10,
"metadata": {
"timestamp": "2026-05-08T06:20:00Z",
"strategy": "My Strategy",
"signal": "Buy Signal",
"tf": 15
}
}"#;
    check(body, "", "algo-trade-analytics: open long ETHUSD 0.5 base price=3012.10");
    let signal = reading(body, "").signals.remove(0);
    assert_eq!(signal.action, "entrylong");
    assert_eq!(signal.alert_time, Some(Timestamp::from_seconds(1_778_221_200)));
    assert_eq!(signal.strategy.as_deref(), Some("My Strategy"));
    assert_eq!(signal.comment.as_deref(), Some("Buy Signal"));
    let extras: Vec<_> = signal.extras.into_iter().collect();
    assert_eq!(extras, [("metadata.tf".to_owned(), "15".to_owned())]);

    let ata = |rest: &str| format!(r#"{{"auth_key":"k","ticker":"ETHUSD",{rest}}}"#);
    let name = "algo-trade-analytics";
    check(&ata(r#""positionDirection":"exitLong""#), "", &format!("{name}: close long ETHUSD"));
    check(
        &ata(r#""positionDirection":"exitLong","qty":"2""#),
        "",
        &format!("{name}: reduce long ETHUSD 2 base"),
    );
    check(&ata(r#""positionDirection":"entryShort""#), "flip", &format!("{name}: open short ETHUSD"));
    check(&ata(r#""positionDirection":"exitShort""#), "", &format!("{name}: close short ETHUSD"));
    check(&ata(r#""direction":"short""#), "", &format!("{name}: open short ETHUSD"));
    check(
        &ata(r#""direction":"long","orderType":"stop_limit","limitPrice":"10","stopPrice":9.5"#),
        "",
        &format!("{name}: open long ETHUSD stop_limit limit=10 stop=9.5"),
    );
    check(
        &ata(r#""positionDirection":"exitLong","metadata":{"signal":"EXIT_25"}"#),
        "",
        &format!("{name}: reduce long ETHUSD 25 pct_position"),
    );
    check(r#"{"ticker":"X","positionDirection":"exitShort"}"#, "", &format!("{name}: close short X"));
}

#[test]
fn stratone() {
    check(
        r#"{"ticker": "AAPL","action": "buy","orderType": "market","price": 150.25,"quantity": 100}"#,
        "",
        "stratone: open long AAPL 100 base price=150.25",
    );
    check(
        r#"{"ticker": "TSLA","action": "sell","orderType": "market","price": 250.75,"quantity": 50}"#,
        "",
        "stratone: reduce long TSLA 50 base price=250.75",
    );
    let stratone =
        |action: &str, rest: &str| format!(r#"{{"ticker":"AAPL","action":"{action}","price":"1.5"{rest}}}"#);
    check(&stratone("buy", ""), "", "stratone: open long AAPL price=1.5");
    check(&stratone("sell", ""), "flip", "stratone: close long AAPL price=1.5");
    check(&stratone("short", ""), "", "stratone: open short AAPL price=1.5");
    check(&stratone("short", r#","stopLoss":2"#), "", "stratone: open short AAPL price=1.5");
    check(&stratone("cover", ""), "", "stratone: close short AAPL price=1.5");
    check(
        &stratone("buy", r#","orderType":"limit""#),
        "",
        "stratone: open long AAPL limit limit=1.5 price=1.5",
    );
    check(&stratone("buy", r#","orderType":"stop""#), "", "stratone: open long AAPL stop stop=1.5 price=1.5");
    check(
        &stratone("cover", r#","comment":"EXIT_10""#),
        "",
        "stratone: reduce short AAPL 10 pct_position price=1.5",
    );
    let signal = reading(&stratone("buy", r#","confidence":0.80"#), "").signals.remove(0);
    assert_eq!(signal.extras.get("confidence").map(String::as_str), Some("0.80"));
    assert_eq!(signal.size, None);
}

#[test]
fn atomik() {
    let es = "symbol=ES1!";
    check(r#"{"action": "BUY"}"#, es, "atomik: open long ES1!");
    check(r#"{"action": "SELL","comment": "EXIT_FINAL"}"#, es, "atomik: close long ES1!");
    check(r#"{"action": "SELL","comment": "EXIT_50"}"#, es, "atomik: reduce long ES1! 50 pct_position");
    check(r#"{"action": "SELL","comment": "EXIT_HALF"}"#, es, "atomik: reduce long ES1! 50 pct_position");
    check(r#"{"action": "buy","comment": "exit_33"}"#, es, "atomik: reduce short ES1! 33 pct_position");
    check(r#"{"action": "BUY","comment": "EXIT_ALL"}"#, es, "atomik: close short ES1!");
    check(r#"{"action": "SELL","comment": "EXIT_100"}"#, es, "atomik: close long ES1!");
    check(r#"{"action": "SELL"}"#, es, "atomik: close long ES1!");
    check(r#"{"action": "SELL"}"#, &format!("{es} flip"), "atomik: close long ES1!");
    check(r#"{"action": "SELL","comment": "ENTRY"}"#, es, "atomik: open short ES1!");
    check(r#"{"action": "BUY","comment": "ENTRY"}"#, es, "atomik: open long ES1!");
    check(r#"{"action": "sell","comment": "Long"}"#, es, "atomik: close long ES1!");
    check(r#"{"action": "SELL","comment": "EXIT_50","quantity":3}"#, es, "atomik: reduce long ES1! 3 base");
    check(r#"{"action": "BUY","ticker":"NQ1!"}"#, "atomik", "atomik: open long NQ1!");
    let signal = reading(r#"{"action": "BUY"}"#, es).signals.remove(0);
    assert_eq!(signal.symbol_raw, "");
}

#[test]
fn positions_are_understood_in_every_json_dialect() {
    let after = r#""market_position":"short","market_position_size":"1","prev_market_position":"long","prev_market_position_size":"1""#;
    let cases = [
        (
            format!(r#"{{"action":"sell","symbol":"X","quantity":"2",{after}}}"#),
            "vantixs: reverse short X 2 base",
        ),
        (
            format!(r#"{{"action":"sell","ticker":"X","price":5,{after}}}"#),
            "stratone: reverse short X price=5",
        ),
        (format!(r#"{{"action":"SELL",{after}}}"#), "atomik: reverse short ES1!"),
        (
            format!(r#"{{"auth_key":"k","positionDirection":"entryShort","ticker":"X",{after}}}"#),
            "algo-trade-analytics: reverse short X",
        ),
    ];
    for (body, expected) in cases {
        check(&body, "symbol=ES1!", &format!("{expected} from=1 to=-1"));
    }
    check(
        r#"{"action":"sell","symbol":"X","strategy.position_size":"-2","strategy.prev_market_position":"flat"}"#,
        "",
        "vantixs: open short X from=0 to=-2",
    );
    check(
        r#"{"action":"sell","symbol":"X","market_position":"flat","market_position_size":"0"}"#,
        "",
        "vantixs: close long X to=0",
    );
}

#[test]
fn shared_fields_find_their_places() {
    let body = r#"{"action":"buy","symbol":"BINANCE:BTCUSDT.P","exchange":"bybit","id":"a-1","time":1778221200000,
        "bar_time":"2026-05-08T06:15:00Z","strategy":"S","comment":"C","test":true,"price":"1e2","limitPrice":0,
        "note":null,"nested":{"secret":"hunter2","n":[1,2]},"api_key":"hunter2","qty":""}"#;
    let reading = reading(body, "");
    let signal = &reading.signals[0];
    assert_eq!(signal.exchange.as_deref(), Some("BYBIT"));
    assert_eq!(signal.symbol_raw, "BINANCE:BTCUSDT.P");
    assert_eq!((signal.id.as_deref(), signal.strategy.as_deref()), (Some("a-1"), Some("S")));
    assert_eq!(signal.alert_time, Some(Timestamp::from_seconds(1_778_221_200)));
    assert_eq!(signal.bar_time, Some(Timestamp::from_seconds(1_778_220_900)));
    assert_eq!(signal.price.map(|p| p.to_string()).as_deref(), Some("100"));
    assert!(signal.test);
    let extras: Vec<(&str, &str)> = signal.extras.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let nested = r#"{"secret":"*******","n":[1,2]}"#;
    assert_eq!(extras, [("limitPrice", "0"), ("nested", nested), ("note", "null")]);
    assert_eq!(reading.repairs, [Repair::EmptyField { field: "qty".to_owned() }]);
}

#[test]
fn numbers_keep_every_digit() {
    for price in ["67123.450000000004", "0.00000001", "79228162514264337593543950335"] {
        for form in [price.to_owned(), format!("\"{price}\"")] {
            let body = format!(r#"{{"action":"buy","symbol":"X","price":{form},"quantity":{form}}}"#);
            check(&body, "", &format!("vantixs: open long X {price} base price={price}"));
        }
    }
}

#[test]
fn an_array_is_several_signals() {
    check(
        r#"[{"action":"buy","symbol":"A"},{"action":"close","symbol":"B"}]"#,
        "",
        "vantixs: open long A | close - B",
    );
}

#[test]
fn repairs_are_noted() {
    let found = reading("\u{feff}{\u{a0}\"action\":\"buy\",\"symbol\":\"X\"}\r\n", "");
    let wanted = [Repair::ByteOrderMark, Repair::SurroundingWhitespace, Repair::InvisibleBlanks { count: 1 }];
    assert_eq!(found.repairs, wanted);
    assert!(reading(r#"{"action":"buy","symbol":"X"}"#, "").repairs.is_empty());
    let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
    let found = reading(&format!(r#"{{"action":"buy","symbol":"X",{}}}"#, many.join(",")), "");
    assert_eq!(found.signals[0].extras.len(), 32);
    assert_eq!(found.repairs, [Repair::ExtrasLeftOut { count: 8 }]);
}

/// Fills a template as TradingView does for a strategy that buys its first unit of ETHUSD.
fn filled(template: &str) -> String {
    [
        ("{{strategy.order.action}}", "buy"),
        ("{{strategy.order.comment}}", "ENTRY"),
        ("{{strategy.order.id}}", "Long"),
        ("%alert_symbol%", "ETHUSD"),
        ("%last_price%", "3012.1"),
        ("{{strategy.order.contracts}}", "1"),
        ("{{strategy.order.price}}", "3012.1"),
        ("{{strategy.market_position}}", "long"),
        ("{{strategy.market_position_size}}", "1"),
        ("{{strategy.prev_market_position}}", "flat"),
        ("{{strategy.prev_market_position_size}}", "0"),
        ("{{ticker}}", "ETHUSD"),
        ("{{exchange}}", "COINBASE"),
        ("{{close}}", "3012.1"),
        ("{{timenow}}", "2026-05-08T06:20:00Z"),
    ]
    .iter()
    .fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
}

#[test]
fn every_template_is_read_once_filled_and_refused_before() {
    let dialects = DialectName::ALL.iter().copied().map(Some).chain([None]);
    for dialect in dialects {
        for kind in [TemplateKind::Strategy, TemplateKind::Indicator] {
            let message = template(dialect, kind);
            // Nothing tells TrendSpider's and BloFin's messages from others, so these are read where the webhook says so.
            let chosen = match dialect {
                Some(name @ (DialectName::TrendSpider | DialectName::BloFin)) => name.as_str(),
                Some(_) | None => "",
            };
            let reading = reading(&filled(&message), &format!("symbol=ETHUSD side=long {chosen}"));
            assert_eq!(reading.dialect, dialect.unwrap_or(DialectName::Vantixs), "{message}");
            let signal = &reading.signals[0];
            assert_eq!((signal.intent.as_str(), signal.symbol.as_str()), ("open", "ETHUSD"), "{message}");
            if dialect.is_none_or(|d| ["vantixs", "stratone", "atomik"].contains(&d.as_str())) {
                assert!(signal.extras.is_empty(), "{:?}", signal.extras);
            }
            let wants_key = dialect == Some(DialectName::AlgoTradeAnalytics);
            assert_eq!(message.contains(AUTH_KEY_PLACEHOLDER), wants_key, "{message}");
            if message.contains("{{") {
                let refused = read(message.as_bytes(), &crate::Settings::default()).unwrap_err();
                assert_eq!(refused.code, ReasonCode::UnresolvedPlaceholder);
            }
        }
    }
}
