//! The same alert twice is executed once, however far apart and whatever happens between.

use crate::support::{TestDesk, rows, text};

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.1"}"#;

#[test]
fn a_repetition_is_answered_with_the_first_id_and_not_executed() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let first = desk.executed(&hook.path(), BUY);
    let second = desk.post(&hook.path(), BUY);
    let said = second.json();
    assert_eq!((second.status, text(&said, "status")), (200, "duplicate"));
    assert_eq!((&said["signalId"], &said["success"]), (&first["id"], &true.into()));
    let newest = &desk.signals()[0];
    assert_eq!((text(newest, "status"), text(newest, "reason_code")), ("rejected", "DUPLICATE_SIGNAL"));
    assert_eq!(newest["details"]["first"], first["id"]);
    assert_ne!(newest["id"], first["id"]);
    assert_eq!((desk.fills().len(), desk.positions()), (1, vec!["BTCUSDT 0.1".to_owned()]));
}

#[test]
fn a_rejected_signal_is_repeated_too() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let sell = BUY.replace("buy", "sell");
    let first = desk.decided(&hook.path(), &sell);
    assert_eq!(text(&first, "reason_code"), "NO_POSITION");
    let second = desk.post(&hook.path(), &sell);
    assert_eq!((second.status, second.text("signalId").as_str()), (200, text(&first, "id")));
}

#[test]
fn a_repetition_after_a_restart_or_a_crash_is_one_still() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let first = desk.executed(&hook.path(), BUY);
    desk.stop();
    desk.serve_again();
    assert_eq!(desk.post(&hook.path(), BUY).text("signalId"), text(&first, "id"));
    desk.kill();
    desk.serve_again();
    assert_eq!(desk.post(&hook.path(), BUY).text("signalId"), text(&first, "id"));
    assert_eq!(desk.fills().len(), 1);
}

#[test]
fn an_explicit_id_counts_for_ever_and_for_its_webhook_alone() {
    let mut desk = TestDesk::start();
    desk.set("max_entries=10");
    // Without a window only the id can tell a repetition.
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let other = desk.hook(&["--dedupe-ms", "0"]);
    let with_id = |id: &str| BUY.replace('{', &format!(r#"{{"id":"{id}","#));
    let first = desk.executed(&hook.path(), &with_id("a-1"));
    desk.kill();
    desk.serve_again();
    let changed = with_id("a-1").replace("60000", "61000");
    assert_eq!(desk.post(&hook.path(), &changed).text("signalId"), text(&first, "id"));
    desk.executed(&hook.path(), &with_id("a-2"));
    desk.executed(&other.path(), &with_id("a-1"));
    // Without an id and without a window there is nothing that could be a repetition.
    desk.executed(&hook.path(), BUY);
    desk.executed(&hook.path(), BUY);
    assert_eq!(desk.positions(), ["BTCUSDT 0.5"]);
}

#[test]
fn an_alert_that_carries_its_time_is_the_same_for_a_minute() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let timed = BUY.replace('}', r#","time":"2026-05-08T06:20:00Z"}"#);
    desk.executed(&hook.path(), &timed);
    assert_eq!(desk.post(&hook.path(), &timed).status, 200);
    desk.executed(&hook.path(), &timed.replace("06:20:00Z", "06:20:01Z"));
    assert_eq!(desk.positions(), ["BTCUSDT 0.2"]);
}

#[test]
fn one_of_many_at_once_is_executed() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "60000"]);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..12).map(|_| scope.spawn(|| desk.post(&hook.path(), BUY).status)).collect();
        senders.into_iter().map(|s| s.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 202).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 11, "{statuses:?}");
    let executed = desk.pitwire(&["signal", "list", "--status", "received,executed"]);
    assert_eq!(rows(&executed["signals"]).len(), 1);
}
