//! `kill -9` at any moment: what was answered with 202 is there, and everything is executed once.
//!
//! `PITWIRE_KILL_ALERTS`, `PITWIRE_KILL_CONNECTIONS` and `PITWIRE_KILL_ROUNDS` make it larger.

use crate::support::{Hook, Senders, TestDesk, eventually, plain, rows, size, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

#[test]
fn nothing_is_lost_and_nothing_executed_twice_across_kills() {
    let alerts = size("PITWIRE_KILL_ALERTS", 2_000);
    let connections = size("PITWIRE_KILL_CONNECTIONS", 16);
    let rounds = size("PITWIRE_KILL_ROUNDS", 3);
    // The senders know one address, as TradingView does.
    let mut desk = TestDesk::still().at_a_port_of_its_own().serve();
    desk.set("max_entries=10000");
    let hook = desk.hook(&[]);
    let senders = Senders::new(desk.address(), &hook, alerts);
    senders.send_while(connections, rounds, || {
        desk.kill();
        desk.serve_again();
    });
    let executed = senders.every_alert_is_executed_once(&desk);
    filled_once(&desk, alerts, &executed);
    let (accepted, repeated) = senders.counts();
    println!(
        "{alerts} alerts, {connections} connections, {rounds} kills: {accepted} accepted, {repeated} answered again"
    );
}

fn filled_once(desk: &TestDesk, alerts: usize, executed: &BTreeSet<String>) {
    let fills = desk.fills();
    let filled: BTreeSet<String> = fills.iter().map(|f| text(f, "signal_id").to_owned()).collect();
    assert_eq!((fills.len(), &filled), (alerts, executed), "fills of executed signals, one each");
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for fill in &fills {
        assert_eq!((text(fill, "side"), plain(text(fill, "quantity"))), ("buy", "1"));
        *held.entry(text(fill, "symbol")).or_default() += 1;
    }
    let mut expected: Vec<String> = held.iter().map(|(symbol, n)| format!("{symbol} {n}")).collect();
    let mut positions = desk.positions();
    positions.sort();
    expected.sort();
    assert_eq!(positions, expected);
    assert_eq!(desk.doctor()["ledger"], "ok");
    assert_eq!(desk.doctor()["database"], "ok");
}

/// One body with more signals than can be decided while a kill is on its way.
fn a_hundred_signals() -> String {
    let signal = |n: usize| format!(r#"{{"action":"buy","symbol":"W{n}USDT","price":"2","quantity":"1"}}"#);
    format!("[{}]", (0..100).map(signal).collect::<Vec<_>>().join(","))
}

/// Kills the desk right after it has accepted more signals than it can decide at once, and returns those that wait.
fn crash_with_signals_waiting(desk: &mut TestDesk, hook: &Hook) -> Vec<Value> {
    let body = a_hundred_signals();
    for _ in 0..20 {
        let answer = desk.post(&hook.path(), &body);
        desk.kill();
        assert_eq!((answer.status, rows(&answer.json()["signalIds"]).len()), (202, 100));
        let left = desk.pitwire(&["signal", "list", "--status", "received", "--limit", "500"]);
        if !rows(&left["signals"]).is_empty() {
            return rows(&left["signals"]).to_vec();
        }
        desk.serve_again();
    }
    panic!("every signal was decided before each kill");
}

#[test]
fn a_restart_decides_what_waits() {
    let mut desk = TestDesk::start();
    desk.set("max_entries=10000");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let waiting = crash_with_signals_waiting(&mut desk, &hook);
    desk.serve_again();
    for row in &waiting {
        assert_eq!(desk.outcome(text(row, "id"))["status"], "executed");
    }
    let executed = desk.pitwire(&["signal", "list", "--status", "executed", "--limit", "500"]);
    let fills = desk.fills();
    let filled: BTreeSet<&str> = fills.iter().map(|f| text(f, "signal_id")).collect();
    assert_eq!((fills.len(), filled.len()), (rows(&executed["signals"]).len(), fills.len()));
}

#[test]
fn a_restart_fails_what_is_too_old() {
    let mut desk = TestDesk::still().with("PITWIRE_RECOVER_MAX_AGE_S", "1").serve();
    desk.set("max_entries=10000");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let waiting = crash_with_signals_waiting(&mut desk, &hook);
    let crashed = Instant::now();
    eventually("the signals to be too old", || {
        (crashed.elapsed() > Duration::from_millis(1_100)).then_some(())
    });
    desk.serve_again();
    for row in waiting.iter().take(5) {
        let outcome = desk.show(text(row, "id"));
        assert_eq!((text(&outcome, "status"), text(&outcome, "reason_code")), ("failed", "STALE_SIGNAL"));
        assert_eq!(rows(&outcome["orders"]).len(), 0);
    }
    let failed = desk.pitwire(&["signal", "list", "--status", "failed", "--limit", "500"]);
    assert_eq!(rows(&failed["signals"]).len(), waiting.len());
    // They can be replayed, where they are still wanted.
    let replayed = desk.pitwire(&["signal", "replay", text(&waiting[0], "id")]);
    let outcome = desk.outcome(text(&replayed["signals"][0], "id"));
    assert_eq!(outcome["status"], "executed", "{outcome}");
}

#[cfg(unix)]
#[test]
fn a_stop_in_order_decides_what_was_accepted() {
    let mut desk = TestDesk::start();
    desk.set("max_entries=10000");
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    let body = a_hundred_signals();
    // More than are decided in one go.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(desk.post(&hook.path(), &body).status, 202));
        }
    });
    desk.stop();
    assert_eq!((desk.received(), desk.fills().len()), (0, 800));
}
