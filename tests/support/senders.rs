//! Many senders that send every alert until it is answered, as TradingView does after a failure, while a test upsets
//! what is between them and the history; and the look at the history afterwards.

use super::{Connection, Hook, PATIENCE, TestDesk, eventually, pause, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Symbols among which the alerts are spread.
const SYMBOLS: usize = 40;

/// A number of the environment, by which a run is made larger than usual.
pub(crate) fn size(name: &str, default: usize) -> usize {
    std::env::var(name).ok().map_or(default, |text| text.parse().unwrap())
}

/// What is sent where, and what was answered.
pub(crate) struct Senders {
    address: SocketAddr,
    path: String,
    headers: &'static [(&'static str, &'static str)],
    /// The statuses that say that nobody is there.
    absent: &'static [u16],
    /// How long an alert is tried.
    tried: Duration,
    alerts: usize,
    next: AtomicUsize,
    answered: AtomicUsize,
    /// The ids of answers 202, and of answers 200 to what was sent again.
    accepted: Mutex<Vec<String>>,
    repeated: Mutex<Vec<String>>,
    given_up: AtomicBool,
}

impl Senders {
    /// Senders of so many alerts, straight to the listener.
    pub(crate) fn new(address: SocketAddr, hook: &Hook, alerts: usize) -> Self {
        Self {
            address,
            path: hook.path(),
            headers: &[],
            absent: &[503],
            tried: PATIENCE,
            alerts,
            next: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
            accepted: Mutex::default(),
            repeated: Mutex::default(),
            given_up: AtomicBool::new(false),
        }
    }

    /// The same to the edge of a tunnel, for longer than it needs to be back.
    pub(crate) fn through_a_tunnel(self) -> Self {
        let headers = &[("Host", "localhost"), ("standin-client", "52.89.214.238")];
        Self { headers, absent: &[404, 502, 503], tried: Duration::from_secs(120), ..self }
    }

    /// Sends everything over so many connections, and calls `upset` so many times, evenly spread over the alerts.
    pub(crate) fn send_while(&self, connections: usize, upsets: usize, mut upset: impl FnMut()) {
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| self.run());
            }
            for number in 1..=upsets {
                let share = self.alerts * number / (upsets + 1);
                eventually("the next share of the alerts", || {
                    let far = self.answered.load(Ordering::Relaxed) >= share;
                    (far || self.given_up.load(Ordering::Relaxed)).then_some(())
                });
                upset();
            }
        });
        assert_eq!(self.answered.load(Ordering::Relaxed), self.alerts, "some alerts were never answered");
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
                if began.elapsed() > self.tried || self.given_up.load(Ordering::Relaxed) {
                    self.given_up.store(true, Ordering::Relaxed);
                    return;
                }
                pause();
            }
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Sends once; false when nobody was there.
    fn send(&self, connection: &mut Option<Connection>, body: &str) -> bool {
        let open = connection.take().map_or_else(|| Connection::open(self.address), Ok);
        let answer = open.and_then(|mut c| c.post(&self.path, self.headers, body.as_bytes()).map(|a| (c, a)));
        let Ok((open, answer)) = answer else { return false };
        *connection = Some(open);
        let list = match answer.status {
            202 => &self.accepted,
            200 => &self.repeated,
            status if self.absent.contains(&status) => return false,
            other => panic!("{other}: {}", answer.body),
        };
        list.lock().unwrap().push(answer.text("signalId"));
        true
    }

    /// How many alerts were answered with 202, and with 200 when they were sent again.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.accepted.lock().unwrap().len(), self.repeated.lock().unwrap().len())
    }

    /// Every alert was answered, so each stands in the history once as executed; what was sent again is a duplicate
    /// of it. Returns the ids of what was executed.
    #[track_caller]
    pub(crate) fn every_alert_is_executed_once(&self, desk: &TestDesk) -> BTreeSet<String> {
        eventually("the last decision", || (desk.received() == 0).then_some(()));
        let history = desk.run(&["signal", "export", "--format", "ndjson"]);
        assert_eq!(history.code, 0, "{}", history.stderr);
        let signals: Vec<Value> =
            history.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: BTreeSet<&str> = signals.iter().map(|s| text(s, "id")).collect();
        assert_eq!(ids.len(), signals.len(), "a row stands twice");
        let (executed, others): (Vec<&Value>, Vec<&Value>) =
            signals.iter().partition(|signal| signal["status"] == "executed");
        let executed: BTreeSet<String> = executed.iter().map(|s| text(s, "id").to_owned()).collect();
        assert_eq!(executed.len(), self.alerts, "every alert is executed once");
        let others: BTreeMap<&str, &str> =
            others.iter().map(|s| (text(s, "id"), text(s, "reason_code"))).collect();
        assert!(others.values().all(|code| *code == "DUPLICATE_SIGNAL"), "{others:?}");
        let (accepted, repeated) = (self.accepted.lock().unwrap(), self.repeated.lock().unwrap());
        for id in accepted.iter().chain(repeated.iter()) {
            assert!(executed.contains(id), "{id} was acknowledged and is lost");
        }
        executed
    }
}
