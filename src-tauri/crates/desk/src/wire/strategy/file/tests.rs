//! What a strategy file may say, and where each fault is.

use super::{read, write};
use serde_json::json;

const FILE: &str = r#"{
  "name": "Trend and momentum", "format": 1, "apply_to": "all", "evaluate": "intrabar",
  "on_unknown": "skip_pipeline", "source": "kraken",
  "when": {"all": [
    {"left": "rsi(close,14)", "op": "<", "right": 70, "timeframe": "1h"},
    {"any": [
      {"left": "close", "op": "crosses_above", "right": "ema(close,50)", "timeframe": "4h"},
      {"not": {"left": "close", "op": "falling", "n": 3, "timeframe": "1d"}}
    ]},
    {"left": "alert.confidence", "op": "between", "right": [50, 1e2]},
    {"left": "close", "op": ">=", "right": "alert.price", "timeframe": "1h", "symbol": "ETHUSDT"}
  ]}
}"#;

#[test]
fn a_file_is_read_and_written_the_same() {
    let strategy = read(FILE).unwrap();
    let written = write(strategy.definition());
    let mut expected: serde_json::Value = serde_json::from_str(FILE).unwrap();
    expected["when"]["all"][0]["right"] = json!(70.0);
    expected["when"]["all"][2]["right"] = json!([50.0, 100.0]);
    assert_eq!(written, expected);
    assert_eq!(read(&written.to_string()).unwrap(), strategy);
    let least = r#"{"name":"n","format":1,"when":{"left":"close","op":"rising","timeframe":"1h"}}"#;
    let least = write(read(least).unwrap().definition());
    assert_eq!(least["when"], json!({"left": "close", "op": "rising", "n": 1, "timeframe": "1h"}));
    assert_eq!(least.as_object().unwrap().len(), 4, "{least}");
}

#[track_caller]
fn faults(text: &str) -> Vec<(String, Option<u32>, String)> {
    let found = read(text).expect_err(text);
    found.into_iter().map(|fault| (fault.path, fault.column, fault.error)).collect()
}

/// `when` is put into an otherwise good file.
#[track_caller]
fn check(when: &str, path: &str, column: Option<u32>, said: &str) {
    let found = faults(&format!(r#"{{"name":"n","format":1,"when":{when}}}"#));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].0.as_str(), found[0].1), (path, column), "{found:?}");
    assert!(found[0].2.contains(said), "{found:?}");
}

#[test]
fn every_fault_has_its_place() {
    let leaf = |rest: &str| format!(r#"{{"left":"close","timeframe":"1h",{rest}}}"#);
    check("5", "when", None, "An object is wanted, not a number.");
    check("{}", "when", None, "A condition is wanted");
    check(r#"{"all":{}}"#, "when.all", None, "An array of conditions is wanted, not an object.");
    check(r#"{"all":[]}"#, "when.all", None, "The group is empty");
    check(r#"{"all":[true]}"#, "when.all[0]", None, "not true or false");
    check(r#"{"not":[]}"#, "when.not", None, "An object is wanted, not an array.");
    check(&leaf(r#""op":"=","right":1"#), "when.op", None, "one of > >= < <= == crosses_above");
    check(&leaf(r#""right":1"#), "when.op", None, "The operator is missing");
    check(&leaf(r#""op":">""#), "when.right", None, "An operand is missing");
    check(&leaf(r#""op":">","right":null"#), "when.right", None, "not null");
    check(&leaf(r#""op":">","right":"rsi(close,0)""#), "when.right", Some(11), "from 1 to 1000");
    check(&leaf(r#""op":">","right":"bb(close,20,2)""#), "when.right", Some(15), ".upper, .basis, .lower");
    check(&leaf(r#""op":"rising","n":1.5"#), "when.n", None, "whole number");
    check(&leaf(r#""op":"rising","n":0"#), "when.n", None, "from 1 to 100");
    check(&leaf(r#""op":"rising","n":1,"right":3"#), "when.right", None, "There is no such key");
    check(&leaf(r#""op":"between","right":5"#), "when.right", None, "[LOW, HIGH]");
    check(&leaf(r#""op":"between","right":[1,"x"]"#), "when.right[1]", Some(1), "there is no \"x\"");
    check(
        &leaf(r#""op":">","right":1,"weight":2"#),
        "when.weight",
        None,
        "There is no such key; known are left, op",
    );
    check(r#"{"left":"close","op":">","right":1}"#, "when.timeframe", None, "A timeframe is missing");
    check(r#"{"left":"close","op":">","right":1,"timeframe":"1M"}"#, "when.timeframe", None, "1m, 3m, 5m");
    let nested = r#"{"all":[{"left":"close","op":">","right":1,"timeframe":"1h"},{"any":[{"left":1,"op":">","right":2}]}]}"#;
    check(nested, "when.all[1].any[0]", None, "Nothing here can change");
    let both = r#"{"all":[{"left":"alert.price","op":">","right":1}],"left":"close"}"#;
    check(both, "when.left", None, "known are all");
}

#[test]
fn every_fault_of_a_file_is_named_at_once() {
    let found = faults(
        r#"{"nme":"n","format":2,"apply_to":"exits","source":"mtgox","when":{"all":[{"left":"clse","op":">","right":"rsi(close"}]}}"#,
    );
    let paths: Vec<_> = found.iter().map(|(path, column, _)| (path.as_str(), *column)).collect();
    assert_eq!(
        paths,
        [
            ("format", None),
            ("name", None),
            ("apply_to", None),
            ("source", None),
            ("when.all[0].left", Some(1)),
            ("when.all[0].right", Some(10)),
            ("nme", None),
        ]
    );
    let twice =
        faults(r#"{"name":"n","name":"m","format":1,"when":{"left":"alert.price","op":">","right":1}}"#);
    assert!(twice.iter().any(|(path, _, said)| path == "name" && said.contains("stands twice")), "{twice:?}");
    let broken = read("{\"name\":\n oops").unwrap_err();
    assert_eq!((broken[0].line, broken[0].column), (Some(2), Some(2)));
    let long = read(&" ".repeat(64 * 1024 + 1)).unwrap_err();
    assert!(long[0].error.contains("over 64 KiB"));
    let missing = faults("{}");
    assert_eq!(
        missing.iter().map(|(path, ..)| path.as_str()).collect::<Vec<_>>(),
        ["format", "name", "when"]
    );
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert!(read(&deep).unwrap_err()[0].error.contains("recursion limit"));
}
