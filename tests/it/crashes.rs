//! `kill -9` at any moment: what was answered with 202 is there, and everything is executed once.
//!
//! `PITWIRE_KILL_ALERTS`, `PITWIRE_KILL_CONNECTIONS` and `PITWIRE_KILL_ROUNDS` make it larger.

use crate::support::{Connection, Hook, PATIENCE, TestDesk, eventually, pause, plain, rows, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Symbols among which the alerts are spread.
const SYMBOLS: usize = 40;

fn size(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// Senders that send every alert until it is answered, as TradingView does after a failure.
struct Senders {
    address: SocketAddr,
    path: String,
    alerts: usize,
    next: AtomicUsize,
    answered: AtomicUsize,
    /// The ids of answers 202, and of answers 200 to what was sent again.
    accepted: Mutex<Vec<String>>,
    repeated: Mutex<Vec<String>>,
    given_up: AtomicBool,
}

impl Senders {
    fn new(address: SocketAddr, hook: &Hook, alerts: usize) -> Self {
        Self {
            address,
            path: hook.path(),
            alerts,
            next: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            accepted: Mutex::default(),
            repeated: Mutex::default(),
            given_up: AtomicBool::new(false),
        }
    }

    fn run(&self) {
        let mut connection = None;
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.alerts {
                return;
            }
            let body = format!(
                r#"{{"id":"alert-{number}","action":"buy","symbol":"S{}USDT","price":"1.25","quantity":"1"}}"#,
                number % SYMBOLS
            );
            let began = Instant::now();
            while !self.send(&mut connection, &body) {
                if began.elapsed() > PATIENCE || self.given_up.load(Ordering::Relaxed) {
                    self.given_up.store(true, Ordering::Relaxed);
                    return;
                }
                pause();
            }
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends once; false when nobody answered, or with a 503.
    fn send(&self, connection: &mut Option<Connection>, body: &str) -> bool {
        let open = connection.take().map_or_else(|| Connection::open(self.address), Ok);
        let answer = open.and_then(|mut c| c.post(&self.path, &[], body.as_bytes()).map(|a| (c, a)));
        let Ok((open, answer)) = answer else { return false };
        *connection = Some(open);
        let list = match answer.status {
            202 => &self.accepted,
            200 => &self.repeated,
            503 => return false,
            other => panic!("{other}: {}", answer.body),
        };
        list.lock().unwrap().push(answer.text("signalId"));
        true
    }
}

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
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| senders.run());
        }
        for round in 1..=rounds {
            let share = alerts * round / (rounds + 1);
            eventually("the next share of the alerts", || {
                let far = senders.answered.load(Ordering::Relaxed) >= share;
                (far || senders.given_up.load(Ordering::Relaxed)).then_some(())
            });
            desk.kill();
            desk.serve_again();
        }
    });
    assert_eq!(senders.answered.load(Ordering::Relaxed), alerts, "some alerts were never answered");
    eventually("the last decision", || (desk.received() == 0).then_some(()));
    let accepted = senders.accepted.into_inner().unwrap();
    let repeated = senders.repeated.into_inner().unwrap();
    verify(&desk, alerts, &accepted, &repeated);
    println!(
        "{alerts} alerts, {connections} connections, {rounds} kills: {} accepted, {} answered again",
        accepted.len(),
        repeated.len()
    );
}

fn verify(desk: &TestDesk, alerts: usize, accepted: &[String], repeated: &[String]) {
    let history = desk.run(&["signal", "export", "--format", "ndjson"]);
    assert_eq!(history.code, 0, "{}", history.stderr);
    let signals: Vec<Value> = history.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let ids: BTreeSet<&str> = signals.iter().map(|s| text(s, "id")).collect();
    assert_eq!(ids.len(), signals.len(), "a row stands twice");
    for id in accepted.iter().chain(repeated) {
        assert!(ids.contains(id.as_str()), "{id} was acknowledged and is lost");
    }
    // Every alert was answered, so each is there once as executed; what was sent again is a duplicate of it.
    let executed: BTreeSet<&str> =
        signals.iter().filter(|s| s["status"] == "executed").map(|s| text(s, "id")).collect();
    assert_eq!(executed.len(), alerts);
    let others = signals.iter().filter(|s| s["status"] != "executed");
    let others: BTreeMap<&str, &str> = others.map(|s| (text(s, "id"), text(s, "reason_code"))).collect();
    assert!(others.values().all(|code| *code == "DUPLICATE_SIGNAL"), "{others:?}");
    assert!(accepted.iter().chain(repeated).all(|id| executed.contains(id.as_str())));

    let fills = desk.fills();
    let filled: BTreeSet<&str> = fills.iter().map(|f| text(f, "signal_id")).collect();
    assert_eq!((fills.len(), filled), (alerts, executed), "fills of executed signals, one each");
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
    assert_eq!(desk.stop().code(), Some(0));
    assert_eq!((desk.received(), desk.fills().len()), (0, 800));
}
