//! Replays: a signal read and executed again as a new one, the original untouched.

use crate::support::{TestDesk, rows, text};
use serde_json::Value;

const UNPRICED: &str = r#"{"action":"buy","symbol":"BTCUSDT","quantity":"0.1"}"#;
const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.1"}"#;

/// Replays one signal and returns the new one, decided.
#[track_caller]
fn replay(desk: &TestDesk, id: &str, more: &[&str]) -> Value {
    let answer = desk.pitwire(&[&["signal", "replay", id], more].concat());
    let [row] = rows(&answer["signals"]) else { panic!("{answer}") };
    assert!(text(row, "id").starts_with("replayed-"), "{row}");
    assert_eq!((&row["replayed"], text(row, "replay_of")), (&Value::Bool(true), id));
    desk.outcome(text(row, "id"))
}

/// A signal without what a replay adds to it.
fn without_lineage(mut signal: Value) -> Value {
    signal.as_object_mut().unwrap().remove("replays");
    signal
}

#[test]
fn a_replay_is_a_new_signal_and_the_original_stays() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let rejected = desk.decided(&hook.path(), UNPRICED);
    assert_eq!(text(&rejected, "reason_code"), "PRICE_UNAVAILABLE");
    let executed = desk.executed(&hook.path(), BUY);
    for original in [&rejected, &executed] {
        let before = without_lineage(desk.show(text(original, "id")));
        // The duplicate window does not hold a replay back, and now there is a price.
        let first = replay(&desk, text(original, "id"), &[]);
        let second = replay(&desk, text(original, "id"), &[]);
        assert_eq!((&first["status"], &second["status"]), (&"executed".into(), &"executed".into()));
        assert_ne!(first["id"], second["id"]);
        let after = desk.show(text(original, "id"));
        let mut lineage: Vec<&str> = rows(&after["replays"]).iter().map(|id| id.as_str().unwrap()).collect();
        lineage.sort_unstable();
        let mut expected = [text(&first, "id"), text(&second, "id")];
        expected.sort_unstable();
        assert_eq!(lineage, expected);
        assert_eq!(without_lineage(after), before);
        assert_eq!(first["raw_body"], before["raw_body"]);
    }
    assert_eq!(desk.positions(), ["BTCUSDT 0.5"]);
    let replayed = desk.pitwire(&["signal", "list", "--status", "replayed"]);
    assert_eq!(rows(&replayed["signals"]).len(), 4);
    // A replay can be replayed in its turn.
    let again = replay(&desk, text(&rows(&replayed["signals"])[0], "id"), &[]);
    assert_eq!(again["status"], "executed");
}

#[test]
fn the_signals_of_one_message_say_which_came_first() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let close = r#"{"action":"close","symbol":"BTCUSDT","price":60001}"#;
    let answer = desk.post(&hook.path(), &format!("[{BUY},{close}]")).json();
    let [buy, close] = rows(&answer["signalIds"]) else { panic!("{answer}") };
    let (buy, close) = (desk.outcome(buy.as_str().unwrap()), desk.outcome(close.as_str().unwrap()));
    assert_eq!(buy["received_at"], close["received_at"]);
    assert_eq!((&buy["leg"], &close["leg"]), (&0.into(), &1.into()));
    let again = replay(&desk, text(&close, "id"), &[]);
    assert_eq!((&again["leg"], text(&again, "reason_code")), (&1.into(), "NO_POSITION"));
}

#[test]
fn a_replay_after_the_configuration_is_put_right_executes() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let refused = desk.post(&hook.query_path(), r#"{"action":"BUY","price":"5000"}"#);
    assert_eq!(refused.text("code"), "SETTING_REQUIRED");
    desk.pitwire(&["webhook", "edit", &hook.id, "--symbol", "ES1!"]);
    let outcome = replay(&desk, &refused.text("signalId"), &[]);
    assert_eq!(outcome["status"], "executed", "{outcome}");
    assert_eq!(desk.positions(), ["ES1! 1"]);

    desk.pitwire(&["webhook", "pause", &hook.id]);
    let paused = desk.post(&hook.path(), BUY);
    assert_eq!(paused.text("code"), "WEBHOOK_PAUSED");
    let still = replay(&desk, &paused.text("signalId"), &[]);
    assert_eq!((text(&still, "status"), text(&still, "reason_code")), ("rejected", "WEBHOOK_DISABLED"));
    desk.pitwire(&["webhook", "resume", &hook.id]);
    assert_eq!(replay(&desk, &paused.text("signalId"), &[])["status"], "executed");
}

#[test]
fn another_body_can_take_the_place_of_the_message() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let malformed = desk.post(&hook.path(), r#"{"action":"buy","symbol":"BTCUSDT","price":}"#);
    let id = malformed.text("signalId");
    let as_it_was = replay(&desk, &id, &[]);
    assert_eq!((text(&as_it_was, "status"), text(&as_it_was, "reason_code")), ("rejected", "MALFORMED_JSON"));
    let edit = desk.file("edit.json", BUY);
    let edited = replay(&desk, &id, &["--edit", &edit]);
    assert_eq!((&edited["status"], text(&edited, "raw_body")), (&"executed".into(), BUY));
    assert_eq!(desk.positions(), ["BTCUSDT 0.1"]);
    assert_eq!(desk.refused(&["signal", "replay", &id, &id, "--edit", &edit]), "INVALID_FIELD");
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let executed = desk.executed(&hook.path(), BUY);
    desk.executed(&hook.path(), r#"{"action":"close","symbol":"BTCUSDT","price":60001}"#);
    let before = (desk.signals(), desk.fills(), desk.pitwire(&["account", "list"]));
    let dry = desk.pitwire(&["signal", "replay", text(&executed, "id"), "--dry-run"]);
    let row = &dry["signals"][0];
    assert_eq!((text(row, "status"), rows(&row["orders"]).len()), ("executed", 1), "{dry}");
    assert_eq!((desk.signals(), desk.fills(), desk.pitwire(&["account", "list"])), before);
}

#[test]
fn what_was_never_authenticated_or_never_read_cannot_be_replayed() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--allow-ip", "192.0.2.1"]);
    let refused = desk.post(&hook.path(), BUY);
    assert_eq!(refused.text("code"), "ADDRESS_NOT_ALLOWED");
    let id = refused.text("signalId");
    assert_eq!(desk.show(&id)["replayable"], false);
    assert_eq!(desk.refused(&["signal", "replay", &id]), "NOT_REPLAYABLE");
    let open = desk.hook(&[]);
    let huge = desk.post(&open.path(), &format!(r#"{{"note":"{}"}}"#, "x".repeat(256 * 1024)));
    let id = huge.text("signalId");
    let run = desk.run(&["signal", "replay", &id]);
    assert!(run.code == 1 && run.stderr.contains("its body was over 256 KiB"), "{run:?}");
    assert_eq!(desk.refused(&["signal", "replay", "sig_unknown"]), "NOT_FOUND");
    assert_eq!(desk.signals().len(), 2);
}

#[test]
fn replays_work_while_nothing_runs_and_all_at_once() {
    let mut desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let first = desk.executed(&hook.path(), BUY);
    let second = desk.decided(&hook.path(), r#"{"action":"buy","symbol":"ETHUSDT","quantity":1}"#);
    desk.stop();
    let (first, second) = (text(&first, "id"), text(&second, "id"));
    let answer = desk.pitwire(&["signal", "replay", first, second]);
    let outcomes: Vec<_> =
        rows(&answer["signals"]).iter().map(|s| (text(s, "replay_of"), text(s, "status"))).collect();
    assert_eq!(outcomes, [(first, "executed"), (second, "rejected")]);
    assert_eq!(desk.positions(), ["BTCUSDT 0.2"]);
}
