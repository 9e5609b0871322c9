//! Processes that are asked to end, as a terminal and a service manager ask: they finish what they have begun.
#![cfg(unix)]

use crate::support::{Connection, TestDesk, eventually, text};
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.5"}"#;

#[test]
fn a_stop_does_not_wait_for_senders_that_keep_their_connections() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let mut kept = Connection::open(desk.address()).unwrap();
    assert_eq!(kept.post(&hook.path(), &[], BUY.as_bytes()).unwrap().status, 202);
    let asked = Instant::now();
    desk.stop();
    // Requests that are under way would have five seconds.
    assert!(asked.elapsed() < Duration::from_secs(4), "stopping took {:?}", asked.elapsed());
    assert!(kept.post(&hook.path(), &[], BUY.as_bytes()).is_err());
}

#[test]
fn tail_prints_signals_as_they_come() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let printed = desk.home().join("tail.ndjson");
    let output = std::fs::File::create(&printed).unwrap();
    let mut tail = desk.command(&["signal", "tail", "--json"]).stdout(output).spawn().unwrap();
    let mut number = 0;
    let line = eventually("a line of tail", || {
        // What came before its first look is not news, so there is always something newer.
        number += 1;
        desk.post(&hook.path(), &BUY.replacen('{', &format!(r#"{{"id":"{number}","#), 1));
        let text = std::fs::read_to_string(&printed).unwrap();
        text.split_once('\n').map(|(line, _)| line.to_owned())
    });
    let interrupted = Command::new("kill").args(["-INT", &tail.id().to_string()]).status().unwrap();
    let ended = tail.wait().unwrap();
    assert!(interrupted.success() && ended.success(), "{ended}");
    let row: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((text(&row, "webhook_id"), text(&row, "action")), (hook.id.as_str(), "buy"));
}
