//! Alerts through a tunnel that is cut again and again: every 2xx that a sender sees is in the log, once.
//!
//! `PITWIRE_CUT_ALERTS` and `PITWIRE_CUT_CONNECTIONS` make it larger or smaller.

use crate::support::{Connection, Hook, eventually, pause, rows, text};
use crate::tunnel::{becomes, desk_behind};
use serde_json::Value;
use standin::Edge;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const CUTS: usize = 10;
/// How long an alert is tried: longer than the edge needs to be back.
const TRIED: Duration = Duration::from_secs(120);

fn size(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

struct Senders {
    edge: SocketAddr,
    path: String,
    alerts: usize,
    next: AtomicUsize,
    answered: AtomicUsize,
    /// The ids of every 2xx.
    acknowledged: Mutex<Vec<String>>,
    given_up: AtomicBool,
}

impl Senders {
    fn new(edge: SocketAddr, hook: &Hook, alerts: usize) -> Self {
        Self {
            edge,
            path: hook.path(),
            alerts,
            next: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
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
                number % 40
            );
            let began = Instant::now();
            while !self.send(&mut connection, &body) {
                if began.elapsed() > TRIED || self.given_up.load(Ordering::Relaxed) {
                    self.given_up.store(true, Ordering::Relaxed);
                    return;
                }
                pause();
            }
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends once; false when the edge says that nobody is there, or nothing.
    fn send(&self, connection: &mut Option<Connection>, body: &str) -> bool {
        let open = connection.take().map_or_else(|| Connection::open(self.edge), Ok);
        let headers = [("Host", "localhost"), ("standin-client", "52.89.214.238")];
        let answer = open.and_then(|mut c| c.post(&self.path, &headers, body.as_bytes()).map(|a| (c, a)));
        let Ok((open, answer)) = answer else { return false };
        *connection = Some(open);
        match answer.status {
            200 | 202 => self.acknowledged.lock().unwrap().push(answer.text("signalId")),
            404 | 502 | 503 => return false,
            other => panic!("{other}: {}", answer.body),
        }
        true
    }
}

#[test]
fn every_acknowledged_alert_is_in_the_log_once_though_the_tunnel_is_cut_ten_times() {
    let alerts = size("PITWIRE_CUT_ALERTS", 10_000);
    let connections = size("PITWIRE_CUT_CONNECTIONS", 8);
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    desk.set("max_entries=100000");
    let hook = desk.hook(&[]);
    becomes(&desk, "online", None);
    let senders = Senders::new(edge.public_addr(), &hook, alerts);
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| senders.run());
        }
        for cut in 1..=CUTS {
            let share = alerts * cut / (CUTS + 1);
            eventually("the next share of the alerts", || {
                let far = senders.answered.load(Ordering::Relaxed) >= share;
                (far || senders.given_up.load(Ordering::Relaxed)).then_some(())
            });
            becomes(&desk, "online", None);
            edge.cut();
            eventually("the cut to be mended", || (edge.online() == 1).then_some(()));
        }
    });
    assert_eq!(senders.answered.load(Ordering::Relaxed), alerts, "some alerts were never answered");
    eventually("the last decision", || (desk.received() == 0).then_some(()));

    let history = desk.run(&["signal", "export", "--format", "ndjson"]);
    assert_eq!(history.code, 0, "{}", history.stderr);
    let signals: Vec<Value> = history.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let executed: Vec<&str> =
        signals.iter().filter(|s| s["status"] == "executed").map(|s| text(s, "id")).collect();
    let ids: BTreeSet<&str> = executed.iter().copied().collect();
    assert_eq!((executed.len(), ids.len()), (alerts, alerts), "every alert is executed once");
    let acknowledged = senders.acknowledged.into_inner().unwrap();
    assert!(acknowledged.iter().all(|id| ids.contains(id.as_str())), "an acknowledged alert is lost");
    assert_eq!(acknowledged.len(), alerts);
    let others = signals.iter().filter(|s| s["status"] != "executed");
    assert!(
        others.clone().all(|s| s["reason_code"] == "DUPLICATE_SIGNAL"),
        "{:?}",
        others.collect::<Vec<_>>()
    );

    let timeline = desk.pitwire(&["tunnel", "timeline", "--limit", "500"]);
    let gaps = rows(&timeline["gaps"]);
    assert_eq!(gaps.len(), CUTS, "{timeline}");
    assert!(gaps.iter().all(|g| text(&g["reason"], "code") == "CUT" && !g["to"].is_null()), "{timeline}");
    println!("{alerts} alerts, {connections} connections, {CUTS} cuts: all acknowledged and executed once");
}
