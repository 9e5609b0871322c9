//! How long the window takes: from the start of the process to a page that can be used, and from an alert to its row.
//! Run by `cargo xtask bench --window`.
//!
//! Both are measured from outside and so include what the driver adds: the figures are upper bounds by some
//! milliseconds. `PITWIRE_BENCH_ROUNDS` makes it longer or shorter. Nothing here fails for being slow.

#![expect(clippy::unwrap_used, reason = "a measurement ends where what it needs is missing")]
#![expect(dead_code, reason = "the tests need more of the driver")]

mod alert;
mod application;
mod driver;
#[path = "../support/real_time.rs"]
mod real_time;
mod world;

use alert::post;
use application::Application;
use driver::{Driver, Window};
use serde_json::{Value, json};
use std::io::Write;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Starts, and ten times as many alerts.
const ROUNDS: u32 = 5;
/// The page and the desk talk.
const ONLINE: &str = "document.querySelector('[data-testid=app]')?.dataset.link === 'online'";
/// The newest row of the history.
const NEWEST: &str = "document.querySelector('[data-testid=signal-row]')";

fn main() -> std::io::Result<()> {
    let rounds = std::env::var("PITWIRE_BENCH_ROUNDS").ok().and_then(|text| text.parse().ok());
    let rounds = rounds.unwrap_or(ROUNDS);
    let application = Application::start();
    painted(&application.window, ONLINE);
    let mut alerts = rows(&application.window, rounds * 10);
    let mut data_dir = application.end();
    let mut starts = Vec::new();
    for _ in 0..rounds {
        let took;
        (took, data_dir) = ready(data_dir);
        starts.push(took);
    }
    say("window ready", &mut starts, "2 s")?;
    say("alert to row", &mut alerts, "500 ms")
}

/// From the start of the process to a page that shows the history and answers.
fn ready(data_dir: TempDir) -> (Duration, TempDir) {
    let driver = Driver::start();
    let started = Instant::now();
    let application = Application::by(driver, data_dir);
    painted(&application.window, &format!("{ONLINE} && {NEWEST} !== null"));
    let took = started.elapsed();
    (took, application.end())
}

/// From the first byte of an alert to its row, executed, in the history; one alert after the other.
fn rows(window: &Window, count: u32) -> Vec<Duration> {
    let create = "return window.__TAURI_INTERNALS__.invoke('rpc', { method: 'webhooks.create', params: arguments[0] })";
    let webhook = json!({ "name": "Bench", "mode": "direct", "rate": "off" });
    let created = window.script(create, json!([webhook])).unwrap();
    let url = created["local_url"].as_str().unwrap();
    let measure = |number: u32| {
        let symbol = format!("BENCH{number:05}");
        let body = json!({ "action": "buy", "symbol": symbol, "price": "10", "quantity": "1" });
        let sent = Instant::now();
        assert_eq!(post(url, &body.to_string()), 202);
        let shown = format!(
            "{NEWEST}?.textContent.includes('{symbol}') && {NEWEST}.querySelector('[data-status=executed]') !== null"
        );
        painted(window, &shown);
        sent.elapsed()
    };
    (0..count).map(measure).collect()
}

/// Waits in the page, frame by frame, until this is true and drawn.
fn painted(window: &Window, expression: &str) {
    let wait = format!(
        "const frame = () => new Promise(requestAnimationFrame); const until = performance.now() + 20000; \
         while (!({expression}) && performance.now() < until) await frame(); \
         await frame(); return {expression}"
    );
    assert_eq!(window.script(&wait, json!([])), Ok(Value::Bool(true)), "never true: {expression}");
}

fn say(what: &str, times: &mut [Duration], goal: &str) -> std::io::Result<()> {
    times.sort();
    let median = times.get(times.len() / 2).copied().unwrap_or_default();
    let worst = times.last().copied().unwrap_or_default();
    let line = format!(
        "{what}: median {:.0} ms, worst of {} {:.0} ms  (goal under {goal})",
        median.as_secs_f64() * 1e3,
        times.len(),
        worst.as_secs_f64() * 1e3
    );
    writeln!(std::io::stdout(), "{line}")
}
