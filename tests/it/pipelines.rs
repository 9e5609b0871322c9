//! Pipelines from the outside: strategies, webhooks that ask one, and what becomes of their alerts.

use crate::support::{TestDesk, rows, text, unix_millis};
use serde_json::{Value, json};
use std::fmt::Write;

const BUY: &str =
    r#"{"action":"buy","symbol":"BINANCE:BTCUSDT","price":101,"quantity":"0.1","confidence":70}"#;
const SELL: &str = r#"{"action":"sell","symbol":"BINANCE:BTCUSDT","price":101}"#;

/// A strategy of one condition, as a file.
fn file(desk: &TestDesk, name: &str, more: &str, leaf: &str) -> String {
    let text = format!(r#"{{"name":"{name}","format":1,{more}"when":{{"all":[{leaf}]}}}}"#);
    desk.file(&format!("{name}.json"), &text)
}

const CONFIDENT: &str = r#"{"left":"alert.confidence","op":">=","right":60}"#;
const TIMID: &str = r#"{"left":"alert.confidence","op":"<","right":60}"#;
const TREND: &str = r#"{"left":"close","op":">","right":"sma(close,20)","timeframe":"1h"}"#;

#[track_caller]
fn add(desk: &TestDesk, file: &str) -> String {
    text(&desk.pitwire(&["strategy", "add", file])["strategy"], "id").to_owned()
}

/// The arguments that add a webhook.
fn webhook<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["webhook", "add", "--name", "W"], more].concat()
}

fn hook(desk: &TestDesk, strategy: &str) -> (String, String) {
    let hook = desk.hook(&["--mode", "pipeline", "--strategy", strategy, "--dedupe-ms", "0"]);
    (hook.path(), hook.id.clone())
}

#[test]
fn alerts_are_confirmed_denied_and_failed_closed_with_their_values() {
    let desk = TestDesk::start();
    let (confident, _) = hook(&desk, &add(&desk, &file(&desk, "Confident", "", CONFIDENT)));
    let signal = desk.executed(&confident, BUY);
    assert_eq!(signal["pipeline"]["verdict"], "confirm", "{signal}");
    let leaf = &signal["pipeline"]["leaves"][0];
    assert_eq!((leaf["path"].clone(), leaf["passed"].clone()), (json!("when.all[0]"), json!(true)));
    assert_eq!(leaf["values"][0], json!({"operand": "alert.confidence", "value": 70.0, "before": null}));
    assert!(
        signal["checks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|c| c["name"] == "pipeline" && c["outcome"] == "pass")
    );

    // The exit passes by, though nothing confirms it.
    assert_eq!(desk.executed(&confident, SELL)["pipeline"], Value::Null);

    let (timid, _) = hook(&desk, &add(&desk, &file(&desk, "Timid", "", TIMID)));
    let signal = desk.decided(&timid, BUY);
    assert_eq!((text(&signal, "status"), text(&signal, "reason_code")), ("rejected", "PIPELINE_DENIED"));
    assert_eq!(signal["pipeline"]["first_failing"], "when.all[0]");
    let reason = text(&signal["pipeline"], "reason");
    assert_eq!(reason, "alert.confidence < 60 does not hold: alert.confidence is 70.");
    let told = desk.run(&["signal", "show", text(&signal, "id")]).stdout;
    let condition = told.lines().find(|line| line.starts_with("alert.confidence < 60")).unwrap_or(&told);
    assert!(condition.contains("false") && condition.ends_with("alert.confidence = 70"), "{told}");

    // There is no source of candles for the account, so nobody can say.
    let (trend, _) = hook(&desk, &add(&desk, &file(&desk, "Trend", "", TREND)));
    let signal = desk.decided(&trend, BUY);
    assert_eq!((text(&signal, "status"), text(&signal, "reason_code")), ("rejected", "CANDLES_UNAVAILABLE"));
    assert_eq!(signal["pipeline"]["verdict"], "unknown");
    let skip = file(&desk, "Skip", r#""on_unknown":"skip_pipeline","#, TREND);
    let (skips, _) = hook(&desk, &add(&desk, &skip));
    assert_eq!(desk.executed(&skips, BUY)["pipeline"]["verdict"], "unknown");

    // Asked about exits too, it denies them.
    let all = file(&desk, "All", r#""apply_to":"all","#, TIMID);
    let (all, _) = hook(&desk, &add(&desk, &all));
    assert_eq!(text(&desk.decided(&all, SELL), "reason_code"), "PIPELINE_DENIED");
}

#[test]
fn an_edit_is_a_new_revision_and_old_verdicts_stay() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let id = add(&desk, &file(&desk, "First", "", CONFIDENT));
    let (path, hook_id) = hook(&desk, &id);
    let before = desk.executed(&path, BUY);
    let edited = desk.pitwire(&["strategy", "edit", &id, &file(&desk, "Second", "", TIMID)]);
    assert_eq!((&edited["strategy"]["revision"], text(&edited["strategy"], "name")), (&json!(2), "Second"));
    assert_eq!(edited["strategy"]["webhook_ids"], json!([hook_id]));
    let after = desk.decided(&path, BUY);
    assert_eq!(text(&after, "reason_code"), "PIPELINE_DENIED");
    assert_eq!(after["pipeline"]["revision"], 2);
    let old = desk.pitwire(&["strategy", "show", &id, "--revision", "1"]);
    assert_eq!(old["strategy"]["file"]["name"], "First");

    desk.pitwire(&["strategy", "disable", &id]);
    let answer = desk.post(&path, BUY);
    assert_eq!((answer.status, answer.text("code").as_str()), (400, "STRATEGY_INACTIVE"), "{}", answer.body);
    desk.pitwire(&["strategy", "enable", &id]);
    assert_eq!(desk.post(&path, BUY).status, 202);
    desk.pitwire(&["strategy", "delete", &id]);
    assert_eq!(desk.post(&path, BUY).status, 400);
    assert_eq!(desk.refused(&["strategy", "show", &id]), "NOT_FOUND");
    let kept = desk.show(text(&before, "id"));
    assert_eq!(
        (&kept["pipeline"], kept["pipeline"]["strategy_name"].as_str()),
        (&before["pipeline"], Some("First"))
    );
}

#[test]
fn what_was_accepted_before_its_strategy_went_is_rejected_and_exits_pass() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let file = file(&desk, "One", "", CONFIDENT);
    for gone in ["disable", "delete"] {
        let id = add(&desk, &file);
        let waiting = ["--mode", "pipeline", "--strategy", &id, "--dedupe-ms", "0", "--delay", "2"];
        let slow = desk.hook(&waiting);
        let (quick, _) = hook(&desk, &id);
        let held = desk.executed(&quick, BUY);
        let accepted = desk.post(&slow.path(), BUY);
        assert_eq!(accepted.status, 202, "{}", accepted.body);
        let exit = desk.post(&slow.path(), SELL);
        desk.pitwire(&["strategy", gone, &id]);
        let refused = desk.post(&slow.path(), BUY);
        assert_eq!((refused.status, refused.text("code").as_str()), (400, "STRATEGY_INACTIVE"));

        let rejected = desk.outcome(&accepted.text("signalId"));
        let ends = (text(&rejected, "status"), text(&rejected, "reason_code"));
        assert_eq!(ends, ("rejected", "STRATEGY_UNAVAILABLE"), "{gone}: {rejected}");
        assert!(text(&rejected, "reason").ends_with('.') && text(&rejected, "fix").ends_with('.'));
        // Nobody was asked, so there is no verdict; the check says what failed.
        assert_eq!(rejected["pipeline"], Value::Null);
        let check = rows(&rejected["checks"]).iter().find(|check| check["name"] == "pipeline").unwrap();
        assert_eq!((text(check, "outcome"), text(check, "code")), ("fail", "STRATEGY_UNAVAILABLE"));
        assert_eq!(desk.outcome(&exit.text("signalId"))["status"], "executed", "an exit passes by");
        assert!(desk.positions().is_empty());

        // A replay asks the same strategy, and a dry run says so beforehand.
        let id = text(&held, "id");
        for more in [&["--dry-run"][..], &[]] {
            let replayed = desk.pitwire(&[&["signal", "replay", id], more].concat());
            let row = &replayed["signals"][0];
            assert_eq!(text(row, "reason_code"), "STRATEGY_UNAVAILABLE", "{more:?}: {row}");
        }
    }
}

#[test]
fn modes_go_with_strategies() {
    let desk = TestDesk::still();
    let id = add(&desk, &file(&desk, "One", "", CONFIDENT));
    assert_eq!(desk.refused(&webhook(&["--mode", "pipeline"])), "INVALID_FIELD");
    assert_eq!(desk.refused(&webhook(&["--mode", "pipeline", "--strategy", "str_none"])), "NOT_FOUND");
    assert_eq!(desk.refused(&webhook(&["--strategy", &id])), "INVALID_FIELD");
    assert_eq!(desk.run(&webhook(&["--mode", "sideways"])).code, 2);
    let made = desk.pitwire(&webhook(&["--mode", "pipeline", "--strategy", &id]));
    let hook = text(&made["webhook"], "id").to_owned();
    assert_eq!(
        (text(&made["webhook"], "mode"), text(&made["webhook"], "strategy_id")),
        ("pipeline", id.as_str())
    );
    let direct = desk.pitwire(&["webhook", "edit", &hook, "--mode", "direct"]);
    assert_eq!(direct["webhook"]["strategy_id"], Value::Null);
}

#[test]
fn a_file_is_checked_with_the_place_of_every_fault() {
    let desk = TestDesk::still();
    let good = file(&desk, "Good", "", TREND);
    let check = desk.pitwire(&["strategy", "check", &good]);
    assert_eq!(check["check"]["needs"], json!([{"symbol": null, "timeframe": "1h", "candles": 500}]));
    let bad = file(
        &desk,
        "Bad",
        r#""colour":"red","#,
        r#"{"left":"rsi(close)","op":">","right":1,"timeframe":"1h"}"#,
    );
    let run = desk.run(&["--json", "strategy", "check", &bad]);
    assert_eq!(run.refused(), "INVALID_STRATEGY");
    let faults: Vec<_> = rows(&run.json()["faults"])
        .iter()
        .map(|f| (text(f, "path").to_owned(), f["column"].clone()))
        .collect();
    assert_eq!(faults, [("when.all[0].left".to_owned(), json!(10)), ("colour".to_owned(), Value::Null)]);
    assert!(run.stderr.contains("when.all[0].left, column 10: "), "{}", run.stderr);
    assert_eq!(desk.refused(&["strategy", "add", &bad]), "INVALID_STRATEGY");
    assert_eq!(desk.pitwire(&["strategy", "list"])["strategies"], json!([]));
    // What is exported can be imported.
    let id = add(&desk, &good);
    let exported = desk.run(&["strategy", "show", &id, "--file"]);
    let again = desk.file("again.json", &exported.stdout);
    let twin = add(&desk, &again);
    let shown = |id: &str| desk.pitwire(&["strategy", "show", id])["strategy"]["file"].clone();
    assert_eq!(shown(&id), shown(&twin));
}

/// Hours that end with the present one, rising all the time.
fn candles(hours: i64) -> String {
    let now = unix_millis() / 1_000;
    let first = now - now % 3_600 - 3_600 * hours;
    let mut csv = String::from("time,open,high,low,close,volume\n");
    for hour in 0..hours {
        let (time, close) = (first + 3_600 * hour, 100 + hour);
        writeln!(csv, "{time},{close},{},{},{close},5", close + 1, close - 1).unwrap();
    }
    csv
}

#[test]
fn a_strategy_is_tested_on_signals_of_the_past() {
    let desk = TestDesk::start();
    let trend = add(&desk, &file(&desk, "Trend", "", TREND));
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let bought = desk.executed(&hook.path(), BUY);
    desk.executed(&hook.path(), SELL);
    let hours = format!("1h={}", desk.file("hours.csv", &candles(600)));
    let few = format!("BTCUSDT:1h={}", desk.file("few.csv", &candles(100)));
    let test = |more: &[&str]| desk.pitwire(&[&["strategy", "test", &trend], more].concat())["test"].clone();
    let signal = text(&bought, "id");
    let one = test(&["--signal", signal, "--candles", &hours]);
    let pipeline = &one["rows"][0]["pipeline"];
    assert_eq!(pipeline["verdict"], "confirm", "{one}");
    assert_eq!(
        pipeline["leaves"][0]["values"][1],
        json!({"operand": "sma(close,20)", "value": 689.5, "before": 688.5})
    );
    assert_eq!(test(&["--signal", signal])["rows"][0]["pipeline"]["reason_code"], "CANDLES_UNAVAILABLE");
    assert_eq!(
        test(&["--signal", signal, "--candles", &few])["rows"][0]["pipeline"]["reason_code"],
        "WARMING_UP"
    );
    let falling = file(&desk, "Falling", "", r#"{"left":"close","op":"falling","n":2,"timeframe":"1h"}"#);
    let denied = test(&["--signal", signal, "--candles", &hours, "--file", &falling]);
    assert_eq!(denied["rows"][0]["pipeline"]["first_failing"], "when.all[0]");
    let all = test(&["--webhook", &hook.id, "--candles", &hours]);
    let counts = ["signals", "confirmed", "denied", "unknown", "exits"].map(|key| all[key].as_u64().unwrap());
    assert_eq!(counts, [1, 1, 0, 0, 1], "{all}");
    assert_eq!(desk.show(signal), bought, "a test changes nothing");
}

#[test]
fn an_indicator_is_computed_over_a_file() {
    let desk = TestDesk::still();
    let csv = "time,open,high,low,close,volume\n0,1,2,1,2,5\n3600,2,4,2,4,1\n7200,4,6,3,3,1\n";
    let file = desk.file("candles.csv", csv);
    let run = |expression: &str| desk.run(&["indicator", expression, "--candles", &file]);
    assert_eq!(run("sma(close,2)").stdout.trim(), "time,sma\n0,\n3600,3\n7200,3.5");
    assert_eq!(run("bb(close,1,2)").stdout.lines().next(), Some("time,upper,basis,lower"));
    let refused = run("sma(close,0)");
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("column 11: n of sma(src,n) is a whole number of bars"),
        "{}",
        refused.stderr
    );
    assert_eq!(desk.refused(&["indicator", "close", "--candles", "/no/such/file"]), "FAILED");
    let json = desk.pitwire(&["indicator", "macd(close,1,2,1).hist", "--candles", &file]);
    assert_eq!(json["rows"][2], json!({"time": "7200", "hist": 0.0}));
}
