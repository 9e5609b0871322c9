//! The demo: it moves by itself, in a directory that is its own.

#[cfg(unix)]
use crate::support::{PATIENCE, pause};
use crate::support::{TestDesk, eventually, rows, text};
use serde_json::Value;
use std::fs::File;
#[cfg(unix)]
use std::process::Command;
use std::process::{Child, Stdio};
#[cfg(unix)]
use std::time::Instant;

/// The demo's process; ended with its test.
struct Demo(Child);

impl Demo {
    /// Asks it to end, and it does.
    #[cfg(unix)]
    fn stop(mut self) {
        let asked = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status().unwrap();
        assert!(asked.success());
        let asked_at = Instant::now();
        let status = loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                break status;
            }
            assert!(asked_at.elapsed() < PATIENCE, "the demo does not stop");
            pause();
        };
        assert!(status.success(), "{status}");
    }

    /// Where nobody can ask the process of another console, it is ended.
    #[cfg(not(unix))]
    fn stop(self) {
        drop(self);
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It has ended already, or a test failed and nobody asks how it ends.
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

#[test]
fn the_demo_shows_alerts_orders_and_positions_that_move() {
    let desk = TestDesk::still();
    let stdout = desk.home().join("demo.out");
    let output = File::create(&stdout).unwrap();
    let started = desk.command(&["demo"]).stdin(Stdio::null()).stdout(output).stderr(Stdio::null()).spawn();
    let demo = Demo(started.unwrap());
    let line = eventually("the line that says where it listens", || {
        let said = std::fs::read_to_string(&stdout).unwrap();
        said.split_once('\n').map(|(line, _)| line.to_owned())
    });
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!((&line["event"], &line["demo"]), (&"listening".into(), &true.into()));
    eventually("alerts are executed on the synthetic venues", || {
        let fills = desk.fills();
        let on_quote = fills.iter().any(|fill| text(&fill["why"], "source") == "quote");
        (on_quote && !desk.positions().is_empty()).then_some(())
    });
    eventually("a strategy judges by the candles of the synthetic market", || {
        let signals = desk.signals();
        let judged = |signal: &&Value| {
            let pipeline = &signal["pipeline"];
            let leaves = rows(&pipeline["leaves"]);
            let has_value = |leaf: &Value| leaf["values"][0]["value"].as_f64().is_some();
            // The field of the alert, two indicators on minutes and one on five of them.
            pipeline["venue"] == "okx" && leaves.len() == 4 && leaves.iter().all(has_value)
        };
        let signal = signals.iter().find(judged)?;
        let ends = (text(&signal["pipeline"], "verdict").to_owned(), text(signal, "status").to_owned());
        let expected = [("confirm", "executed"), ("deny", "rejected")];
        assert!(
            expected.iter().any(|(verdict, status)| ends == ((*verdict).into(), (*status).into())),
            "{signal}"
        );
        Some(())
    });
    let named =
        |list: &Value| rows(list).iter().filter(|row| text(row, "name").starts_with("Demo: ")).count();
    assert_eq!(named(&desk.pitwire(&["account", "list"])["accounts"]), 4);
    assert_eq!(named(&desk.pitwire(&["webhook", "list"])["webhooks"]), 4);
    assert_eq!(named(&desk.pitwire(&["strategy", "list"])["strategies"]), 1);
    // Another process cannot know where the synthetic market is, and asks no real one in its place.
    let webhooks = desk.pitwire(&["webhook", "list"])["webhooks"].clone();
    let filtered = rows(&webhooks).iter().find(|webhook| webhook["mode"] == "pipeline").unwrap();
    let body = desk.file("message.json", r#"{"action":"buy","symbol":"BTCUSDT","quantity":"1"}"#);
    let tried = ["webhook", "test", text(filtered, "id"), "--payload", &body, "--dry-run"];
    let tried = desk.pitwire(&tried)["test"]["trials"][0].clone();
    assert_eq!(tried["reason_code"], "PRICE_UNAVAILABLE", "{tried}");
    assert!(text(&tried["details"], "market").contains("the process of the demo"), "{tried}");
    demo.stop();
}

#[test]
fn a_directory_that_is_not_the_demos_is_left_alone() {
    let mut desk = TestDesk::start();
    let before = desk.pitwire(&["account", "list"]);
    desk.stop();
    let refused = desk.run(&["demo"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("is not the demo's"), "{}", refused.stderr);
    assert_eq!(desk.pitwire(&["account", "list"]), before);
}
