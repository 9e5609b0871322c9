//! The messages that the four documented systems tell their users to send: posted to that system's shape of URL with
//! the placeholders filled in as TradingView does, and as printed.

use crate::support::{Hook, TestDesk, plain, rows, text};
use serde_json::{Value, json};

const OWN: &str = r#"{"action": "buy", "symbol": "{{ticker}}"}"#;
const OWN_PRICED: &str = r#"{"action": "buy", "symbol": "{{ticker}}", "price": {{close}}}"#;
const STRATONE: &str = r#"{"ticker": "{{ticker}}", "action": "buy", "orderType": "market", "price": {{close}}, "quantity": 100}"#;
const ATOMIK: &str = r#"{"action": "{{strategy.order.action}}", "comment": "{{strategy.order.comment}}"}"#;
const ALGO: &str = r#"{
  "auth_key": "YOUR_AUTH_KEY_HERE",
  "ticker": "{{ticker}}",
  "positionDirection": "entryLong",
  "orderType": "market",
  "qty": {{strategy.order.contracts}},
  "marketPrice": {{close}},
  "metadata": {"timestamp": "{{timenow}}", "strategy": "Reversal", "signal": "Buy"}
}"#;

/// Fills a template in as TradingView does, and the token where the user is told to put it.
fn filled(template: &str, hook: &Hook) -> String {
    [
        ("{{ticker}}", "AAPL"),
        ("{{close}}", "150.25"),
        ("{{timenow}}", "2026-05-08T06:20:00Z"),
        ("{{strategy.order.contracts}}", "3"),
        ("{{strategy.order.action}}", "buy"),
        ("{{strategy.order.comment}}", "ENTRY"),
        ("YOUR_AUTH_KEY_HERE", &hook.token),
    ]
    .iter()
    .fold(template.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value))
}

/// Posts a filled-in template that must be accepted as documented, and says what became of it.
#[track_caller]
fn check(desk: &TestDesk, hook: &Hook, path: &str, template: &str, dialect: &str) -> Value {
    let answer = desk.post(path, &filled(template, hook));
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let said = answer.json();
    assert_eq!(said["status"], "accepted");
    assert_eq!(said["success"], true);
    assert_eq!(said["webhook_id"], hook.id.as_str());
    assert!(text(&said, "signalId").starts_with("sig_"), "{said}");
    assert!(!text(&said, "message").is_empty(), "{said}");
    // RFC 3339 in UTC with microseconds: 2026-03-20T12:34:56.789123Z has 27 characters.
    let at = text(&said, "timestamp");
    assert!(at.len() == 27 && at.ends_with('Z') && at.as_bytes()[19] == b'.', "{at}");
    let signal = desk.outcome(text(&said, "signalId"));
    assert_eq!(signal["dialect"], dialect, "{signal}");
    signal
}

/// Posts a template as printed: refused by name, and a row of the log with the message.
#[track_caller]
fn check_printed(desk: &TestDesk, hook: &Hook, path: &str, template: &str) {
    let template = template.replace("YOUR_AUTH_KEY_HERE", &hook.token);
    let answer = desk.post(path, &template);
    let said = answer.json();
    assert_eq!(answer.status, 400, "{said}");
    assert_eq!(said["statusCode"], 400);
    assert_eq!(said["code"], "UNRESOLVED_PLACEHOLDER", "{said}");
    assert!(text(&said, "error").contains("{{"), "{said}");
    let row = desk.show(text(&said, "signalId"));
    assert_eq!(row["status"], "rejected");
    assert_eq!(row["reason_code"], "UNRESOLVED_PLACEHOLDER");
    let stored = text(&row, "raw_body");
    assert_eq!(stored.len(), template.len(), "masking keeps every byte in its place");
    assert!(stored.contains("{{") && !stored.contains(&hook.token), "{stored}");
    assert_eq!(rows(&row["orders"]).len(), 0);
}

#[test]
fn templates_as_printed_are_refused_by_name() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--symbol", "ES1!"]);
    check_printed(&desk, &hook, &hook.path(), OWN);
    check_printed(&desk, &hook, &hook.path(), OWN_PRICED);
    check_printed(&desk, &hook, &hook.token_path(), STRATONE);
    check_printed(&desk, &hook, &hook.query_path(), ATOMIK);
    check_printed(&desk, &hook, &hook.body_path(), ALGO);
    assert_eq!(desk.positions(), Vec::<String>::new());
}

#[test]
fn the_smallest_message_trades_once_a_price_is_known() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let unpriced = check(&desk, &hook, &hook.path(), OWN, "vantixs");
    assert_eq!(
        (text(&unpriced, "status"), text(&unpriced, "reason_code")),
        ("rejected", "PRICE_UNAVAILABLE")
    );
    assert!(text(&unpriced, "fix").contains("{{close}}"), "{unpriced}");
    let priced = check(&desk, &hook, &hook.path(), OWN_PRICED, "vantixs");
    assert_eq!(priced["status"], "executed", "{priced}");
    let order = &priced["orders"][0];
    assert_eq!(
        (text(order, "side"), text(order, "type"), text(order, "status")),
        ("buy", "market", "filled")
    );
    assert_eq!((plain(text(order, "filled")), plain(text(order, "price_average"))), ("1", "150.25"));
    assert_eq!(desk.positions(), ["AAPL 1"]);
    let closed = desk.executed(&hook.path(), r#"{"action":"close","symbol":"NASDAQ:AAPL","price":151}"#);
    assert_eq!((text(&closed, "symbol"), plain(text(&closed["orders"][0], "filled"))), ("AAPL", "1"));
    assert_eq!(desk.positions(), Vec::<String>::new());
}

#[test]
fn stratone_shares_are_bought_sold_shorted_and_covered() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    for path in [hook.token_path(), format!("/api/webhooks/tradingview/{}", hook.token)] {
        let bought = check(&desk, &hook, &path, STRATONE, "stratone");
        assert_eq!(bought["status"], "executed", "{bought}");
        assert_eq!(desk.positions(), ["AAPL 100"]);
        desk.executed(&path, r#"{"ticker":"AAPL","action":"sell","price":151.25}"#);
        assert_eq!(desk.positions(), Vec::<String>::new());
    }
    // Without a quantity it is 100 shares; what has no place of its own is kept.
    let short = r#"{"ticker":"TSLA","action":"short","price":250.75,"confidence":0.85}"#;
    let shorted = desk.executed(&hook.token_path(), short);
    assert_eq!(shorted["canonical"]["extras"]["confidence"], "0.85", "{shorted}");
    assert_eq!(desk.positions(), ["TSLA -100"]);
    desk.executed(&hook.token_path(), r#"{"ticker":"TSLA","action":"cover","price":240.75}"#);
    assert_eq!(desk.positions(), Vec::<String>::new());
    // Twice 100 · (151.25 - 150.25) and once 100 · (250.75 - 240.75): 200 + 1,000.
    let account = desk.pitwire(&["account", "list"])["accounts"][0].clone();
    assert_eq!(plain(text(&account, "equity")), "101200");
}

#[test]
fn stratone_refusals_are_the_documented_ones() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let body = filled(STRATONE, &hook);
    let priceless = desk.post(&hook.token_path(), r#"{"ticker":"AAPL","action":"buy","quantity":100}"#);
    assert_eq!((priceless.status, priceless.text("code").as_str()), (400, "MISSING_FIELD"));
    assert_eq!(priceless.text("field"), "price");
    let last = hook.token.chars().last().unwrap();
    let wrong = hook.token.replace(last, if last == 'a' { "b" } else { "a" });
    let unknown = desk.post(&format!("/api/webhooks/{wrong}"), &body);
    assert_eq!((unknown.status, unknown.text("code").as_str()), (404, "UNKNOWN_WEBHOOK"));
    assert_eq!(unknown.json()["statusCode"], 404);
    desk.pitwire(&["webhook", "pause", &hook.id]);
    let paused = desk.post(&hook.token_path(), &body);
    assert_eq!((paused.status, paused.text("code").as_str()), (400, "WEBHOOK_PAUSED"));
    desk.pitwire(&["webhook", "resume", &hook.id]);
    desk.pitwire(&["webhook", "edit", &hook.id, "--rate", "2/min,2/s"]);
    let limited: Vec<u16> = ["1", "2", "3"]
        .iter()
        .map(|n| desk.post(&hook.token_path(), &body.replace("100}", &format!("{n}}}"))).status)
        .collect();
    assert_eq!(limited, [202, 202, 429]);
    let again = desk.post(&hook.token_path(), &body);
    assert!(again.header("retry-after").is_some_and(|s| s.parse::<u32>().is_ok()), "{}", again.head);
}

#[test]
fn atomik_takes_its_symbol_from_the_webhook_and_rounds_partial_exits_up() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--symbol", "ES1!"]);
    let path = hook.query_path();
    let unpriced = check(&desk, &hook, &path, ATOMIK, "atomik");
    assert_eq!(text(&unpriced, "reason_code"), "PRICE_UNAVAILABLE");
    desk.executed(&path, r#"{"action":"BUY","comment":"ENTRY","price":"5000.25","quantity":3}"#);
    assert_eq!(desk.positions(), ["ES1! 3"]);
    // Half of 3 contracts is 1.5, rounded up to 2.
    let half = desk.executed(&path, r#"{"action":"SELL","comment":"EXIT_50"}"#);
    assert_eq!(plain(text(&half["orders"][0], "filled")), "2");
    assert_eq!(desk.positions(), ["ES1! 1"]);
    desk.executed(&path, r#"{"action":"sell","comment":"EXIT_FINAL"}"#);
    let flat = desk.decided(&path, r#"{"action":"SELL"}"#);
    assert_eq!(text(&flat, "reason_code"), "NO_POSITION");
    let percent = desk.post(&path, r#"{"action":"SELL","comment":"EXIT_101"}"#);
    assert_eq!((percent.status, percent.text("code").as_str()), (400, "INVALID_EXIT_PERCENT"));
    for wrong in
        [format!("/api/v1/webhooks/{}?secret=wrong", hook.id), format!("/api/v1/webhooks/{}", hook.id)]
    {
        let answer = desk.post(&wrong, r#"{"action":"BUY"}"#);
        assert_eq!((answer.status, answer.text("code").as_str()), (401, "INVALID_TOKEN"), "{wrong}");
    }
    desk.pitwire(&["webhook", "edit", &hook.id, "--allow-ip", "52.89.214.238,34.212.75.30"]);
    let elsewhere = desk.post(&path, r#"{"action":"BUY"}"#);
    assert_eq!((elsewhere.status, elsewhere.text("code").as_str()), (403, "ADDRESS_NOT_ALLOWED"));
    desk.pitwire(&["webhook", "delete", &hook.id, "--yes"]);
    assert_eq!(desk.post(&path, r#"{"action":"BUY"}"#).status, 404);
}

#[test]
fn algo_trade_analytics_carries_its_key_in_the_body() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let signal = check(&desk, &hook, &hook.body_path(), ALGO, "algo-trade-analytics");
    assert_eq!(signal["status"], "executed", "{signal}");
    assert_eq!(desk.positions(), ["AAPL 3"]);
    assert_eq!(signal["canonical"]["strategy"], "Reversal");
    assert_eq!(signal["canonical"]["alert_time"], "2026-05-08T06:20:00.000000Z", "{signal}");
    assert!(!text(&signal, "raw_body").contains(&hook.token));
    let leaving = filled(ALGO, &hook).replace("entryLong", "exitLong");
    desk.executed(&hook.body_path(), &leaving);
    assert_eq!(desk.positions(), Vec::<String>::new());

    let wrong = desk.post(&hook.body_path(), &ALGO.replace("{{", "").replace("}}", ""));
    assert_eq!((wrong.status, wrong.text("code").as_str()), (401, "INVALID_TOKEN"));
    // Whoever shows the key is told what is wrong with the message; a stranger is not.
    let broken = filled(ALGO, &hook).replace("\"qty\": 3,", "\"qty\": ,");
    let told = desk.post(&hook.body_path(), &broken);
    assert_eq!((told.status, told.text("code").as_str()), (400, "MALFORMED_JSON"), "{}", told.body);
    assert_eq!(told.json()["line"], 6, "{}", told.body);
    let stranger = desk.post(&hook.body_path(), &broken.replace(&hook.token, "pw_unknown"));
    assert_eq!(stranger.status, 401);
    let row = desk.show(&told.text("signalId"));
    assert_eq!((text(&row, "status"), text(&row, "reason_code")), ("rejected", "MALFORMED_JSON"));
    assert!(!text(&row, "raw_body").contains(&hook.token), "{row}");
}

#[test]
fn a_malformed_message_is_an_event_but_no_trade() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    // In the second line, the tenth character is the one after the missing value.
    let answer = desk.post(&hook.path(), "{\"action\": \"buy\",\n\"price\": , \"symbol\": \"AAPL\"}");
    let said = answer.json();
    assert_eq!((answer.status, text(&said, "code")), (400, "MALFORMED_JSON"));
    assert_eq!((&said["line"], &said["column"]), (&json!(2), &json!(10)), "{said}");
    let row = desk.show(text(&said, "signalId"));
    assert_eq!((text(&row, "status"), &row["details"]["line"]), ("rejected", &json!("2")));
    assert_eq!(row["raw_body"], "{\"action\": \"buy\",\n\"price\": , \"symbol\": \"AAPL\"}");
    assert_eq!(rows(&row["orders"]).len() + desk.fills().len(), 0);
    for (body, code) in [
        ("", "EMPTY_BODY"),
        (r#"{"action":"buy"}"#, "MISSING_FIELD"),
        (r#"{"action":"hold","symbol":"AAPL"}"#, "UNSUPPORTED_ACTION"),
        (r#"{"action":"buy","action":"sell","symbol":"AAPL"}"#, "DUPLICATE_KEY"),
        (r#"{"action":"buy","symbol":"<b>"}"#, "INVALID_SYMBOL"),
        (r#"{"action":"buy","symbol":"AAPL","price":"1e999"}"#, "ARITHMETIC_OVERFLOW"),
    ] {
        let answer = desk.post(&hook.path(), body);
        assert_eq!((answer.status, answer.text("code").as_str()), (400, code), "{body}: {}", answer.body);
        assert_eq!(desk.show(&answer.text("signalId"))["reason_code"], code);
    }
}

#[test]
fn large_messages_are_accepted_and_huge_ones_refused() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let padded = |bytes: usize| {
        let head = r#"{"action":"buy","symbol":"AAPL","price":150.25,"note":""#;
        format!("{head}{}\"}}", "x".repeat(bytes - head.len() - 2))
    };
    let large = desk.executed(&hook.path(), &padded(26 * 1024));
    assert_eq!(text(&large, "raw_body").len(), 26 * 1024);
    assert!(rows(&large["repairs"]).iter().any(|r| r.as_str().unwrap().contains("25 KiB")), "{large}");
    assert_eq!(desk.post(&hook.path(), &padded(256 * 1024)).status, 202);
    let huge = desk.post(&hook.path(), &padded(256 * 1024 + 1));
    assert_eq!((huge.status, huge.text("code").as_str()), (413, "BODY_TOO_LARGE"));
}
