//! `prices.list`, which draws the chart of a symbol in the window: asked of a desk in this process while another one
//! works on the same data directory, as a window beside `serve` asks.

use crate::support::{TestDesk, plain, rows, text};
use desk::wire::RpcError;
use desk::{Clock, Desk};
use serde_json::{Value, json};

fn asked(desk: &TestDesk, params: Value) -> Result<Value, RpcError> {
    Desk::open(desk.data_dir(), Clock::system()).unwrap().call("prices.list", params)
}

/// `source price` of each point, oldest first.
fn points(answer: &Value) -> Vec<String> {
    let said = |point: &Value| format!("{} {}", text(point, "source"), plain(text(point, "price")));
    rows(&answer["points"]).iter().map(said).collect()
}

#[test]
fn the_prices_of_alerts_and_fills_are_listed_in_their_order() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let empty = asked(&desk, json!({"symbol": "BTCUSDT"})).unwrap();
    assert_eq!((points(&empty), rows(&empty["fills"]).len()), (vec![], 0));
    desk.executed(&hook.path(), r#"{"action":"buy","symbol":"BTCUSDT","price":100,"quantity":"2"}"#);
    desk.executed(&hook.path(), r#"{"action":"sell","symbol":"BTCUSDT","price":"120"}"#);
    desk.executed(&hook.path(), r#"{"action":"buy","symbol":"ETHUSDT","price":7,"quantity":"1"}"#);
    // Denied, for nothing is held, and heard all the same: it is the newest price.
    let denied = desk.decided(&hook.path(), r#"{"action":"sell","symbol":"BTCUSDT","price":"130"}"#);
    assert_eq!(text(&denied, "reason_code"), "NO_POSITION");

    let listed = asked(&desk, json!({"symbol": "btcusdt"})).unwrap();
    let all = ["alert 100", "fill 100", "alert 120", "fill 120", "alert 130", "mark 130"];
    assert_eq!(points(&listed), all);
    assert_eq!((text(&listed, "symbol"), text(&listed, "account_id")), ("BTCUSDT", desk.account().as_str()));
    let fills: Vec<(&str, &str)> =
        rows(&listed["fills"]).iter().map(|f| (text(f, "side"), plain(text(f, "quantity")))).collect();
    assert_eq!(fills, [("buy", "2"), ("sell", "2")]);
    let times: Vec<&str> = rows(&listed["points"]).iter().map(|point| text(point, "at")).collect();
    assert!(times.is_sorted() && times[4] == text(&denied, "received_at"), "{times:?}");
}

#[test]
fn a_question_for_prices_that_makes_no_sense_is_refused_by_field() {
    let desk = TestDesk::still();
    let account = desk.account();
    for (params, code, field) in [
        (json!({}), "INVALID_FIELD", Some("symbol")),
        (json!({"symbol": ""}), "INVALID_FIELD", Some("symbol")),
        (json!({"symbol": "<b>"}), "INVALID_FIELD", Some("symbol")),
        (json!({"symbol": "BTCUSDT", "limit": 1}), "INVALID_FIELD", Some("limit")),
        (json!({"symbol": "BTCUSDT", "limit": 5001}), "INVALID_FIELD", Some("limit")),
        (json!({"symbol": "BTCUSDT", "account_id": "acc_nobody"}), "NOT_FOUND", None),
    ] {
        let refused = asked(&desk, params.clone()).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.field.as_deref()), (code, field), "{params}");
    }
    assert!(asked(&desk, json!({"symbol": "BTCUSDT", "limit": 2, "account_id": account})).is_ok());
}
