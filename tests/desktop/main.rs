//! The application in its real window, driven through WebDriver.
//!
//! Needs a screen and WebKitWebDriver: `cargo xtask test --only desktop` provides both. What the page shows is
//! tested with the page; here it is what only the real window has: the bridge, its limits, and its life.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod alert;
mod application;
mod bus;
mod driver;
mod journey;
mod market;
mod page;
mod pipelines;
#[path = "../support/real_time.rs"]
mod real_time;
mod tunnel;
mod world;

use application::Application;
use serde_json::{Value, json};

/// Calls a method as the page does.
const RPC: &str = "return window.__TAURI_INTERNALS__.invoke('rpc', arguments[0])";

#[test]
fn the_window_shows_the_interface() {
    let application = Application::start();
    let window = &application.window;
    assert_eq!(window.script("return document.title", json!([])), Ok(json!("Pitwire")));
    assert_eq!(window.script("return location.protocol", json!([])), Ok(json!("tauri:")));
    window.wait_for("document.body.innerText.includes('listening 127.0.0.1')");
    window.screenshot("window");
}

#[test]
fn the_page_asks_the_desk() {
    let application = Application::start();
    let window = &application.window;
    let status = window.script(RPC, json!([{ "method": "status", "params": {} }])).unwrap();
    assert_eq!(status["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(status["data_dir"], application.data_dir().to_string_lossy().as_ref());
    let refused = window.script(RPC, json!([{ "method": "no.such", "params": {} }])).unwrap_err();
    assert!(refused.contains("UNKNOWN_METHOD"), "{refused}");
}

#[test]
fn the_page_can_reach_nothing_but_the_bridge() {
    let application = Application::start();
    let window = &application.window;
    let check = |script: &str, expected: &str| {
        let caught = format!(
            "try {{ await (async () => {{ {script} }})(); return 'done' }} catch (e) {{ return String(e.message ?? e) }}"
        );
        let answer = window.script(&caught, json!([])).unwrap();
        let answer = answer.as_str().unwrap_or_default().to_lowercase();
        assert!(answer.contains(expected), "{script}: {answer}");
    };
    let invoke = |command: &str| format!("await window.__TAURI_INTERNALS__.invoke('{command}', {{}})");
    check(&invoke("plugin:clipboard-manager|read_text"), "not allowed");
    check(&invoke("plugin:store|load"), "not allowed");
    check(&invoke("plugin:dialog|open"), "not allowed");
    check(&invoke("plugin:fs|read_file"), "not");
    check(&invoke("plugin:window|create"), "not");
    check("await fetch('https://example.com/')", "load failed");
    check("await fetch('http://127.0.0.1:9/')", "load failed");
    let evaluated = window.script(
        "const s = document.createElement('script'); s.textContent = 'window.injected = 1'; \
         document.body.append(s); return window.injected ?? null",
        json!([]),
    );
    assert_eq!(evaluated, Ok(Value::Null), "an inline script ran");
}

#[test]
fn the_window_never_leaves_its_own_pages() {
    let application = Application::start();
    let window = &application.window;
    let gone = "location.href = arguments[0]; await new Promise(done => setTimeout(done, 200)); return location.href";
    for address in ["https://www.tradingview.com/", "file:///etc/hostname", "data:text/html,gone"] {
        let here = window.script(gone, json!([address])).unwrap();
        assert!(here.as_str().is_some_and(|url| url.starts_with("tauri://localhost")), "{address}: {here}");
    }
    let opened = window.script("window.open('https://www.tradingview.com/'); return 0", json!([]));
    assert_eq!(opened, Ok(json!(0)));
    assert_eq!(window.count(), 1);
}

#[test]
fn links_are_opened_for_known_hosts_only() {
    let application = Application::start();
    let open = json!([{ "method": "open_url", "params": { "url": "https://example.com/" } }]);
    let refused = application.window.script(RPC, open).unwrap_err();
    assert!(refused.contains("INVALID_FIELD"), "{refused}");
}

#[test]
fn quit_ends_pitwire_even_where_closing_would_not() {
    let application = Application::start();
    let keep = json!([{ "method": "preferences.set", "params": { "close_to_tray": true } }]);
    application.window.script(RPC, keep).unwrap();
    // The page is gone before the answer reaches it.
    let _answer = application.window.script(RPC, json!([{ "method": "quit", "params": {} }]));
    application.wait_until_gone();
}

#[test]
fn preferences_are_kept_between_two_starts() {
    let application = Application::start();
    let set = json!([{ "method": "preferences.set", "params": { "theme": "light" } }]);
    let kept = application.window.script(RPC, set).unwrap();
    assert_eq!(kept["theme"], "light");
    let file = application.data_dir().join("settings.json");
    let file: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(file, json!({ "theme": "light" }));
    let again = application.restart();
    let get = json!([{ "method": "preferences.get", "params": {} }]);
    assert_eq!(again.window.script(RPC, get).unwrap()["theme"], "light");
}
