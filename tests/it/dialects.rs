//! The alerts of every system through the real program: `explain` says what the fixtures of the reader expect, and the
//! settings that a format leaves open are asked for by name and given on the command line.

use crate::support::{Run, TestDesk, rows, run_to_end, text};
use serde_json::{Map, Value, json};
use std::path::Path;

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src-tauri/crates/dialect/fixtures");

/// What the fixtures leave out: the sender's own words, extras, and everything that is absent.
fn bare(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let own = |key: &str| matches!(key, "action" | "symbol_raw" | "extras");
            let market = |key: &str, value: &Value| key == "order" && value["type"] == "market";
            let absent =
                |value: &Value| *value == Value::Null || *value == json!(false) || *value == json!([]);
            let kept: Map<String, Value> = object
                .iter()
                .filter(|(key, value)| !own(key) && !market(key, value) && !absent(value))
                .map(|(key, value)| (key.clone(), bare(value)))
                .collect();
            Value::Object(kept)
        }
        Value::Array(items) => Value::Array(items.iter().map(bare).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

#[test]
fn fixtures_are_explained_as_expected() {
    let desk = TestDesk::still();
    let explain = |body: &str| run_to_end(&mut desk.command(&["explain", "-", "--json"]), Some(body));
    let mut seen = 0;
    for file in std::fs::read_dir(Path::new(FIXTURES)).unwrap() {
        let fixture: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let without_settings =
            |kind: &str| rows(&fixture[kind]).iter().find(|case| text(case, "settings").is_empty()).cloned();
        if let Some(case) = without_settings("accepted") {
            let said = explain(text(&case, "body")).done();
            assert_eq!(said["dialect"], fixture["dialect"], "{case}");
            let signals: Vec<Value> = rows(&said["signals"]).iter().map(bare).collect();
            assert_eq!(Value::Array(signals), case["signals"], "{case}");
            seen += 1;
        }
        if let Some(case) = without_settings("refused") {
            let refused = explain(text(&case, "body"));
            let code = text(&case, "code");
            assert_eq!(refused.refused(), code, "{case}");
            let page = format!("docs/WEBHOOKS.md#{}", code.to_lowercase());
            assert_eq!(text(&refused.json(), "docs"), page, "{case}");
            seen += 1;
        }
    }
    assert!(seen >= 50, "{seen} fixtures were seen");
}

#[test]
fn what_a_format_leaves_open_is_asked_for_and_set() {
    let desk = TestDesk::still();
    let hook = desk.hook(&[]);
    let body = "60123456789,buystop,XBTUSD,risk=0.1,price=70000,sl=50";
    let file = desk.file("alert.txt", body);
    let explain = || -> Run {
        run_to_end(&mut desk.command(&["explain", &file, "--webhook", &hook.id, "--json"]), None)
    };
    for setting in ["unit.risk=lots", "unit.price=price", "unit.sl=pips"] {
        let asked = explain();
        assert_eq!(asked.refused(), "SETTING_REQUIRED");
        let name = setting.split('=').next().unwrap();
        assert_eq!(asked.json()["field"], name);
        assert!(text(&asked.json(), "error").contains(&format!("--set {name}=")), "{asked:?}");
        desk.pitwire(&["webhook", "edit", &hook.id, "--set", setting]);
    }
    let edited =
        desk.pitwire(&["webhook", "edit", &hook.id, "--map", "XBTUSD=BTCUSD", "--map", "EURUSD=X=EURUSD"]);
    let units = json!({"unit.price": "price", "unit.risk": "lots", "unit.sl": "pips"});
    assert_eq!(edited["webhook"]["units"], units);
    assert_eq!(edited["webhook"]["symbol_map"], json!({"XBTUSD": "BTCUSD", "EURUSD=X": "EURUSD"}));
    let signal = &explain().done()["signals"][0];
    assert_eq!((text(signal, "symbol"), text(signal, "symbol_raw")), ("BTCUSD", "XBTUSD"));
    assert_eq!(signal["size"], json!({"value": "0.1", "unit": "lots"}));
    assert_eq!(signal["stop_loss"], json!({"pips": "50"}));
    let cleared = desk.pitwire(&["webhook", "edit", &hook.id, "--map", "XBTUSD=", "--set", "unit.sl="]);
    assert_eq!(cleared["webhook"]["symbol_map"], json!({"EURUSD=X": "EURUSD"}));
    assert_eq!(explain().refused(), "SETTING_REQUIRED");
    assert_eq!(desk.refused(&["webhook", "edit", &hook.id, "--set", "unit.sl=lots"]), "INVALID_FIELD");
}

/// The stored bytes have no secret, and a replay of them is read all the same.
#[test]
fn a_text_alert_is_traded_and_its_secret_masked() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    desk.executed(&hook.path(), r#"{"action":"buy","symbol":"EURUSD","price":"1.1","quantity":"1"}"#);
    let signal = desk.executed(&hook.path(), "60123456789,closelong,EURUSD,secret=HappyTrader501");
    assert_eq!(text(&signal, "dialect"), "pineconnector");
    let shown = desk.show(text(&signal, "id"));
    assert_eq!(text(&shown, "raw_body"), "***********,closelong,EURUSD,secret=**************");
    // Switching the advisor is no trade, and about no symbol.
    let switch = desk.decided(&hook.path(), "60123456789,eaon,eaon");
    assert_eq!((text(&switch, "reason_code"), &switch["symbol"]), ("UNSUPPORTED_ACTION", &Value::Null));
    assert_eq!((text(&switch, "action"), &switch["canonical"]["symbol"]), ("eaon", &Value::Null));
}
