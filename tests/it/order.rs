//! Alerts that come in the wrong order, late or not at all: put right within the hold window, shown, and made good.

use crate::support::{Hook, TestDesk, eventually, rows, text};
use serde_json::Value;

/// The strategy template as TradingView fills it in: from one position to another.
fn moves(before: i64, after: i64, price: u32, second: u32) -> String {
    let word = |net: i64| match net.signum() {
        0 => "flat",
        1 => "long",
        _ => "short",
    };
    format!(
        r#"{{"action":"{}","symbol":"BTCUSDT","price":"{price}","quantity":"{}","market_position":"{}",
            "market_position_size":"{}","prev_market_position":"{}","prev_market_position_size":"{}",
            "time":"2026-11-25T10:00:{second:02}Z"}}"#,
        if after > before { "buy" } else { "sell" },
        (after - before).abs(),
        word(after),
        after.abs(),
        word(before),
        before.abs(),
    )
}

/// Posts a body that must be accepted and returns its signal's id.
#[track_caller]
fn accepted(desk: &TestDesk, hook: &Hook, body: &str) -> String {
    let answer = desk.post(&hook.path(), body);
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.text("signalId")
}

#[track_caller]
fn executed(desk: &TestDesk, id: &str) -> Value {
    let signal = desk.outcome(id);
    assert_eq!(signal["status"], "executed", "{signal}");
    signal
}

#[test]
fn a_reversed_pair_ends_as_it_would_have_in_order() {
    let desk = TestDesk::start();
    // Long enough for a slow machine to post both halves within it.
    let hook = desk.hook(&["--hold-ms", "5000"]);
    let prompt = desk.hook(&[]);
    let opened = accepted(&desk, &hook, &moves(0, 2, 100, 1));
    assert_eq!(executed(&desk, &opened)["reordered"], false);
    let entry = accepted(&desk, &hook, &moves(0, -1, 101, 5));
    let exit = accepted(&desk, &hook, &moves(2, 0, 101, 5));
    // A symbol on which nothing waits does not wait either.
    desk.executed(&prompt.path(), r#"{"action":"buy","symbol":"AAPL","price":150}"#);
    assert_eq!(desk.show(&entry)["status"], "received");
    let (exit, entry) = (executed(&desk, &exit), executed(&desk, &entry));
    assert_eq!((&exit["reordered"], &entry["reordered"]), (&true.into(), &true.into()));
    assert_eq!(exit["details"]["reordered_before"], entry["id"]);
    assert_eq!(entry["details"]["reordered_after"], exit["id"]);
    assert_eq!(desk.positions(), ["AAPL 1", "BTCUSDT -1"]);
    assert_eq!(desk.webhook(&hook.id)["drift"], Value::Array(Vec::new()));
}

#[test]
fn a_small_strategy_sent_reversed_and_twice_ends_in_its_position() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&["--hold-ms", "2000"]);
    // Each moment of the strategy, its messages reversed, each sent twice.
    let moments: [&[(i64, i64)]; 4] =
        [&[(0, 1)], &[(1, 0), (0, -2)], &[(-2, -1), (-1, 0), (0, 2)], &[(2, 0), (0, 1)]];
    for (second, moment) in (1..).zip(moments) {
        let sent: Vec<String> = moment
            .iter()
            .rev()
            .map(|&(before, after)| {
                let body = moves(before, after, 100 + second, second);
                let id = accepted(&desk, &hook, &body);
                let again = desk.post(&hook.path(), &body);
                assert_eq!((again.status, again.text("signalId")), (200, id.clone()));
                id
            })
            .collect();
        sent.iter().for_each(|id| drop(executed(&desk, id)));
    }
    assert_eq!(desk.positions(), ["BTCUSDT 1"]);
    let duplicates = desk.signals().iter().filter(|s| s["reason_code"] == "DUPLICATE_SIGNAL").count();
    assert_eq!(duplicates, 8);
}

#[test]
fn a_hold_and_a_delay_outlive_the_process() {
    let mut desk = TestDesk::start();
    let delayed = desk.hook(&["--delay", "3600"]);
    let held = desk.hook(&["--hold-ms", "60000"]);
    let prompt = desk.hook(&["--dedupe-ms", "0"]);
    let late = accepted(&desk, &delayed, r#"{"action":"buy","symbol":"ETHUSDT","price":3000}"#);
    let waits = accepted(&desk, &held, &moves(0, 1, 100, 1));
    for _ in 0..2 {
        desk.kill();
        desk.serve_again();
        assert_eq!(
            (&desk.show(&late)["status"], &desk.show(&waits)["status"]),
            (&"received".into(), &"received".into())
        );
        // Other symbols wait for neither.
        desk.executed(&prompt.path(), r#"{"action":"buy","symbol":"AAPL","price":150}"#);
        desk.executed(&prompt.path(), r#"{"action":"sell","symbol":"AAPL","price":150}"#);
    }
    // A webhook that goes takes along what waits on it.
    desk.pitwire(&["webhook", "delete", &delayed.id, "--yes"]);
    desk.pitwire(&["webhook", "delete", &held.id, "--yes"]);
    eventually("nothing that waits", || (desk.received() == 0).then_some(()));
    assert_eq!(desk.positions(), Vec::<String>::new());
}

#[test]
fn with_target_a_late_alert_does_not_undo_a_later_one() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--hold-ms", "0", "--sell-mode", "target"]);
    executed(&desk, &accepted(&desk, &hook, &moves(0, 1, 100, 1)));
    executed(&desk, &accepted(&desk, &hook, &moves(0, -1, 101, 5)));
    let late = desk.outcome(&accepted(&desk, &hook, &moves(1, 0, 101, 5)));
    assert_eq!((text(&late, "status"), text(&late, "reason_code")), ("rejected", "SUPERSEDED"));
    assert!(text(&late["details"], "superseded_by").starts_with("sig_"), "{late}");
    assert_eq!(desk.positions(), ["BTCUSDT -1"]);
}

#[test]
fn drift_is_recorded_shown_and_made_good_on_demand() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--hold-ms", "0"]);
    assert_eq!(desk.refused(&["webhook", "resync", &hook.id, "--yes"]), "NO_DRIFT");
    executed(&desk, &accepted(&desk, &hook, &moves(0, 2, 100, 1)));
    desk.pitwire(&["position", "close", "BTCUSDT", "--yes"]);
    let drift = desk.webhook(&hook.id)["drift"][0].clone();
    assert_eq!((text(&drift, "symbol"), text(&drift, "stated"), text(&drift, "held")), ("BTCUSDT", "2", "0"));
    // The next alert says where the strategy was, and its signal keeps that we were not there.
    let next = desk.outcome(&accepted(&desk, &hook, &moves(2, 3, 101, 5)));
    assert_eq!((text(&next["drift"], "stated"), text(&next["drift"], "held")), ("2", "0"));
    assert_eq!(desk.positions(), ["BTCUSDT 1"]);
    let before = (desk.signals().len(), desk.positions());
    let dry = desk.pitwire(&["webhook", "resync", &hook.id, "--dry-run"]);
    assert_eq!(text(&dry["signals"][0], "status"), "rejected", "max_entries is 1: {dry}");
    assert_eq!((desk.signals().len(), desk.positions()), before);
    desk.set("max_entries=10");
    let answer = desk.pitwire(&["webhook", "resync", &hook.id, "--symbol", "btcusdt", "--yes"]);
    let resync = executed(&desk, text(&answer["signals"][0], "id"));
    assert_eq!((text(&resync, "source"), text(&resync, "action")), ("resync", "resync"));
    assert!(text(&resync["canonical"], "comment").contains("holds 3"), "{resync}");
    assert!(!rows(&resync["checks"]).is_empty());
    assert_eq!(desk.positions(), ["BTCUSDT 3"]);
    assert_eq!(desk.webhook(&hook.id)["drift"], Value::Array(Vec::new()));
    assert_eq!(desk.refused(&["signal", "replay", text(&resync, "id")]), "NOT_REPLAYABLE");
}

#[test]
fn a_duplicate_is_executed_when_it_is_replayed() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let body = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.1"}"#;
    let first = desk.executed(&hook.path(), body);
    assert_eq!(desk.post(&hook.path(), body).status, 200);
    let duplicate = desk.signals()[0].clone();
    assert_eq!(
        (text(&duplicate, "reason_code"), &duplicate["details"]["first"]),
        ("DUPLICATE_SIGNAL", &first["id"])
    );
    assert_eq!(duplicate["replayable"], true);
    let answer = desk.pitwire(&["signal", "replay", text(&duplicate, "id")]);
    executed(&desk, text(&answer["signals"][0], "id"));
    assert_eq!(desk.positions(), ["BTCUSDT 0.2"]);
}

#[test]
fn a_test_is_marked_whatever_it_says_and_a_dry_run_explains_itself() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "86400000"]);
    let payload =
        desk.file("payload.json", r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.5"}"#);
    let before = (desk.signals().len(), desk.fills().len());
    let dry = desk.pitwire(&["webhook", "test", &hook.id, "--payload", &payload, "--dry-run"]);
    let tried = &dry["test"]["trials"][0];
    assert_eq!((text(tried, "status"), &tried["test"]), ("executed", &true.into()), "{dry}");
    assert_eq!((text(&tried["orders"][0], "quantity"), text(&tried["fills"][0], "price")), ("0.5", "60000"));
    let checks: Vec<&str> = rows(&tried["checks"]).iter().map(|check| text(check, "outcome")).collect();
    assert!(checks.len() > 20 && !checks.contains(&"fail"), "{tried}");
    assert_eq!((desk.signals().len(), desk.fills().len()), before, "a dry run writes nothing");
    let sent = desk.pitwire(&["webhook", "test", &hook.id, "--payload", &payload]);
    assert_eq!(sent["test"]["http_status"], 202);
    let signal = executed(&desk, text(&sent["test"], "signal_id"));
    assert_eq!(signal["test"], true);
    // The same again would be a duplicate, and the dry run knows.
    let again = desk.pitwire(&["webhook", "test", &hook.id, "--payload", &payload, "--dry-run"]);
    assert_eq!(again["test"]["trials"][0]["reason_code"], "DUPLICATE_SIGNAL", "{again}");
    assert_eq!(desk.webhook(&hook.id)["recent_3min"], 0, "tests do not count on TradingView's meter");
    let page = desk.run(&["webhook", "test", &hook.id, "--payload", &payload, "--dry-run"]).stdout;
    assert!(page.contains("CHECK") && page.contains("DUPLICATE_SIGNAL"), "{page}");
}

#[test]
fn pace_and_reminders_are_settings_of_the_webhook() {
    let desk = TestDesk::still();
    let hook = desk.hook(&["--hold-ms", "250", "--delay", "2", "--max-lag", "30", "--remind-after", "7200"]);
    let shown = desk.webhook(&hook.id);
    let pace = ["hold_ms", "delay_s", "max_lag_s", "remind_after_s"].map(|key| shown[key].as_u64());
    assert_eq!(pace, [Some(250), Some(2), Some(30), Some(7_200)]);
    assert_eq!((&shown["silent"], &shown["recent_warning"]), (&false.into(), &false.into()));
    let edit =
        |more: &[&str]| desk.pitwire(&[&["webhook", "edit", &hook.id], more].concat())["webhook"].clone();
    assert_eq!(edit(&["--hold-ms", "0"])["hold_ms"], 0);
    let cleared = edit(&["--hold-ms", "default", "--delay", "0", "--max-lag", "0", "--remind-after", "0"]);
    assert!(["hold_ms", "delay_s", "max_lag_s", "remind_after_s"].iter().all(|key| cleared[*key].is_null()));
    for wrong in [["--hold-ms", "60001"], ["--delay", "3601"], ["--remind-after", "7776001"]] {
        assert_eq!(desk.refused(&[&["webhook", "edit", &hook.id], &wrong[..]].concat()), "INVALID_FIELD");
    }
}
