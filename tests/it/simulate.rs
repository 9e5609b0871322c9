//! `simulate` as scripts see it. The figures of `tests/fixtures/scenarios` are worked by hand, beside each its
//! arithmetic; here they are compared with what comes out.

use crate::support::{Run, TestDesk, plain, rows, run_to_end, text};
use serde_json::{Value, json};

/// Every scenario of the project.
const WORKED: &str = include_str!("../fixtures/scenarios/worked.json");

/// A scenario without anything that it could leave out.
const SMALLEST: &str = r#"{"config":{"instrument":{"symbol":"AAPL"},"starting_cash":100},"steps":[]}"#;

fn simulate(text: &str, options: &[&str]) -> Run {
    run_to_end(&mut TestDesk::still().command(&[&["simulate"], options].concat()), Some(text))
}

/// Whether `found` has everything of `expected`; texts of numbers count as numbers.
fn agrees(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::String(found), Value::String(expected)) => plain(found) == plain(expected),
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(f, e)| agrees(f, e))
        }
        (found, Value::Object(expected)) => {
            expected.iter().all(|(key, value)| found.get(key).is_some_and(|found| agrees(found, value)))
        }
        (found, expected) => found == expected,
    }
}

#[test]
fn every_worked_scenario_comes_out_as_worked() {
    let file: Value = serde_json::from_str(WORKED).unwrap();
    let answer = simulate(WORKED, &[]).done();
    let (worked, results) = (rows(&file["scenarios"]), rows(&answer["results"]));
    assert!(worked.len() >= 40, "the scenarios are not where they are looked for");
    assert_eq!(worked.len(), results.len());
    for (scenario, found) in worked.iter().zip(results) {
        let name = text(scenario, "id");
        assert_eq!(found["id"], name);
        for (key, expected) in scenario["expect"].as_object().unwrap() {
            assert!(agrees(&found[key], expected), "{name}: {key} is {} instead of {expected}", found[key]);
        }
        assert!(!rows(&scenario["arith"]).is_empty(), "{name} shows no arithmetic");
    }
}

#[test]
fn a_scenario_alone_gives_the_same_as_in_its_file() {
    let file: Value = serde_json::from_str(WORKED).unwrap();
    let results = simulate(WORKED, &[]).done()["results"].clone();
    for (number, scenario) in rows(&file["scenarios"]).iter().enumerate().step_by(9) {
        assert_eq!(simulate(&scenario.to_string(), &["-"]).done(), results[number]);
    }
}

#[test]
fn the_same_text_gives_the_same_bytes() {
    let desk = TestDesk::still();
    let file = desk.file("worked.json", WORKED);
    let first = desk.run(&["simulate", &file]);
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(first.stderr, "");
    for arguments in [&["simulate", &file][..], &["--json", "simulate", &file]] {
        assert_eq!(desk.run(arguments).stdout, first.stdout);
    }
    // Nothing is opened and nothing left behind for it.
    assert!(!desk.data_dir().exists());
}

#[test]
fn a_snapshot_has_every_field() {
    let found = simulate(SMALLEST, &[]).done();
    let expected = json!({
        "id": null, "position": "0", "avg_price": "0", "cash": "100", "equity": "100", "balance": "100",
        "available": "100", "realized_gross": "0", "unrealized": "0", "fees": "0",
        "fills": [], "orders": {}, "signals": [], "trades": [],
    });
    assert_eq!(found, expected);
}

#[test]
fn a_summary_counts_what_a_snapshot_lists() {
    let file: Value = serde_json::from_str(WORKED).unwrap();
    let results = simulate(WORKED, &[]).done()["results"].clone();
    for (number, scenario) in rows(&file["scenarios"]).iter().enumerate().step_by(7) {
        let head = json!({"id": scenario["id"], "config": scenario["config"]});
        let steps = rows(&scenario["steps"]).iter().map(Value::to_string);
        let lines: Vec<String> = std::iter::once(head.to_string()).chain(steps).collect();
        let summary = simulate(&lines.join("\r\n\n"), &["--summary"]).done();
        let snapshot = &results[number];
        for key in ["id", "position", "cash", "equity", "available", "realized_gross", "unrealized", "fees"] {
            assert_eq!(summary[key], snapshot[key], "{key} of {}", scenario["id"]);
        }
        let count = |key: &str| summary[key].as_u64().unwrap();
        let length = |value: &Value| u64::try_from(rows(value).len()).unwrap();
        let signals = &snapshot["signals"];
        let executed = rows(signals).iter().filter(|s| s.as_str().unwrap().starts_with("executed")).count();
        assert_eq!(count("steps"), length(&scenario["steps"]));
        assert_eq!(count("signals"), length(signals));
        assert_eq!(count("executed"), u64::try_from(executed).unwrap());
        assert_eq!(count("rejected"), count("signals") - count("executed"));
        assert_eq!(
            (count("fills"), count("trades")),
            (length(&snapshot["fills"]), length(&snapshot["trades"]))
        );
    }
}

#[test]
fn a_summary_may_begin_with_the_settings_alone() {
    let lines = "{\"instrument\":{\"symbol\":\"AAPL\"},\"starting_cash\":\"100\"}\n\
        {\"t\":0,\"type\":\"last\",\"price\":\"9\"}\n{\"t\":1,\"type\":\"signal\",\"action\":\"buy\",\"symbol\":\"AAPL\"}";
    let found = simulate(lines, &["--summary"]).done();
    assert_eq!((&found["cash"], &found["executed"], &found["orders"]), (&json!("91"), &json!(1), &json!(1)));
    assert_eq!(found["reasons"], json!({}));
}

/// A scenario with one step.
fn with_step(step: &str) -> String {
    SMALLEST.replace("[]", &format!("[\n{step}\n]"))
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    let check = |given: &str, code: &str, path: Value, line: Value, named: &str| {
        let run = simulate(given, &[]);
        assert_eq!(run.refused(), code, "{given}");
        let error = run.json();
        assert_eq!((&error["path"], &error["line"]), (&path, &line), "{given}: {error}");
        assert!(text(&error, "error").contains(named), "{given}: {error}");
    };
    check("", "MALFORMED_JSON", Value::Null, json!(1), "JSON");
    check("{\n\"config\":{},\n}", "MALFORMED_JSON", Value::Null, json!(3), "JSON");
    check("[]", "INVALID_FIELD", Value::Null, json!(1), "object");
    check(r#"{"steps":[]}"#, "MISSING_FIELD", json!("config"), json!(1), "config");
    check(r#"{"config":{}}"#, "MISSING_FIELD", json!("steps"), json!(1), "steps");
    let wrong = SMALLEST.replace("starting_cash", "starting_cahs");
    check(&wrong, "MISSING_FIELD", json!("config.starting_cash"), json!(1), "starting_cash");
    let wrong = SMALLEST.replace("100", r#"100,"risk":{"max_daily_los":"1"}"#);
    check(&wrong, "INVALID_FIELD", json!("config.risk.max_daily_los"), json!(1), "risk.max_daily_loss");
    let step = r#"{"t":1,"type":"last","prize":"1","price":"1"}"#;
    check(&with_step(step), "INVALID_FIELD", json!("steps[0].prize"), json!(2), "did you mean price?");
    let step = r#"{"t":1,"type":"last","price":"NaN"}"#;
    check(&with_step(step), "INVALID_FIELD", json!("steps[0].price"), json!(2), "\"NaN\"");
    let step = r#"{"t":1,"type":"quote","bid":"2","ask":"1"}"#;
    check(&with_step(step), "INVALID_FIELD", json!("steps[0]"), json!(2), "cannot be taken");
    let step = r#"{"t":1,"type":"bar","o":"1","h":"0.5","l":"2","c":"1"}"#;
    check(&with_step(step), "INVALID_FIELD", json!("steps[0]"), json!(2), "cannot be taken");
    let second = format!(r#"{{"scenarios":[{SMALLEST},{}]}}"#, with_step(r#"{"t":1,"type":"lst"}"#));
    check(&second, "INVALID_FIELD", json!("scenarios[1].steps[0].type"), json!(2), "last, quote");
    let schema = format!(r#"{{"schema":"other/1","scenarios":[{SMALLEST}]}}"#);
    check(&schema, "INVALID_FIELD", json!("schema"), json!(1), "other/1");
    let missing = TestDesk::still().run(&["simulate", "/nowhere/scenario.json"]);
    assert_eq!((missing.code, missing.json()["code"].clone()), (1, json!("FAILED")));
}

#[test]
fn a_line_that_cannot_be_read_is_refused_with_its_number() {
    let head = r#"{"config":{"instrument":{"symbol":"AAPL"},"starting_cash":100}}"#;
    let check = |lines: &str, code: &str, line: u64| {
        let run = simulate(lines, &["--summary"]);
        assert_eq!(run.refused(), code, "{lines}");
        assert_eq!(run.json()["line"], json!(line), "{lines}");
    };
    check(&format!("{head}\n\n{{\"t\":1,\"type\":\"lst\"}}"), "INVALID_FIELD", 3);
    check(&format!("{head}\n{{\"t\":1"), "MALFORMED_JSON", 2);
    check("{\"t\":1,\"type\":\"last\",\"price\":1}", "MISSING_FIELD", 1);
    // The first of several faults, though what can be read is read ahead of what can be taken.
    let many = "{\"t\":1,\"type\":\"last\",\"price\":1}\n".repeat(3_000);
    check(&format!("{head}\n{many}{{"), "MALFORMED_JSON", 3_002);
    let crossed = "{\"t\":1,\"type\":\"quote\",\"bid\":2,\"ask\":1}";
    check(&format!("{head}\n{crossed}\n{many}{{"), "INVALID_FIELD", 2);
    check(&format!("{head}\n{many}{crossed}\n{{"), "INVALID_FIELD", 3_002);
    assert_eq!(simulate("\n \n", &["--summary"]).refused(), "EMPTY_BODY");
}
