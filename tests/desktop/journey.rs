//! The way of a newcomer through the real window: a webhook is made, its token shown once, real alerts are posted to
//! its URL, their rows and fills appear, a rejected one is replayed with one key, one of another system is read; every
//! view is looked at in both themes, by axe as well.

use crate::alert::post;
use crate::application::Application;
use crate::driver::Window;
use crate::page::{ask, click, fill, in_both_themes, run, says, shows};
use serde_json::json;

/// An alert for TradersPost, with a comma too many.
const FOREIGN: &str = r#"{"ticker": "BTCUSDT", "action": "buy", "price": 67000, "quantity": 0.1, "takeProfit": {"percent": 4},}"#;

#[test]
fn a_newcomer_gets_from_a_webhook_to_a_replayed_signal() {
    let application = Application::start();
    let window = &application.window;
    window.wait_for("document.querySelector('[data-testid=app]')?.dataset.link === 'online'");
    let url = make_webhook(window);

    click(window, "nav-signals");
    assert_eq!(post(&url, r#"{"action":"close","symbol":"BTCUSDT","price":"67000"}"#), 202);
    window.wait_for(&status_is(0, "rejected"));
    assert_eq!(post(&url, r#"{"action":"buy","symbol":"BTCUSDT","price":"67000.5","quantity":"0.1"}"#), 202);
    window.wait_for(&status_is(0, "executed"));
    window.wait_for(&status_is(1, "rejected"));

    // The close that came too early is replayed: now there is a position to close.
    run(window, "document.querySelectorAll('[data-testid=signal-row]')[1].click()");
    window
        .wait_for("document.querySelector('[data-testid=reason-code]')?.textContent.includes('NO_POSITION')");
    window.press("r");
    window.wait_for(&status_is(0, "executed"));
    window.wait_for("document.querySelectorAll('[data-testid=signal-row]').length === 3");
    window.wait_for("document.querySelector('[data-testid=replayed-as]') !== null");

    click(window, "nav-account");
    click(window, "account-tab-fills");
    window.wait_for("document.querySelectorAll('[data-testid=fill-row]').length === 2");
    let prices = run(
        window,
        "[...document.querySelectorAll('[data-testid=fill-price]')].map(e => e.textContent.trim())",
    );
    assert_eq!(prices, json!(["67,000.00", "67,000.50"]));
    // Bought at 67000.5, sold at 67000: 0.1 of a half lost.
    window.wait_for("document.body.innerText.includes('99,999.95')");

    read_an_alert(window);
    a_morning(window, &url);
    every_view_in_both_themes(window);
    several_at_once(window);
}

/// Makes the first webhook and returns its URL as the token dialog shows it.
fn make_webhook(window: &Window) -> String {
    click(window, "nav-webhooks");
    window.wait_for(
        "document.querySelector('[data-testid=create-webhook], [data-testid=create-first-webhook]') !== null",
    );
    run(
        window,
        "document.querySelector('[data-testid=create-webhook], [data-testid=create-first-webhook]').click()",
    );
    fill(window, "webhook-name", "BTC RSI");
    click(window, "webhook-save");
    window.wait_for("document.querySelector('[data-testid=token-url]') !== null");
    window.screenshot("token");
    let url = run(window, "document.querySelector('[data-testid=token-url]').textContent.trim()");
    let token = run(window, "document.querySelector('[data-testid=token-value]').textContent.trim()");
    let (url, token) = (url.as_str().unwrap().to_owned(), token.as_str().unwrap().to_owned());
    assert!(token.starts_with("pw_") && url.ends_with(&token), "{url}");
    window.press("\u{e00c}");
    window.wait_for("document.querySelector('[data-testid=token-dialog]') !== null");
    click(window, "close-token");
    window.wait_for("document.querySelector('[data-testid=token-dialog]') === null");
    let page = run(window, "document.documentElement.outerHTML");
    assert!(!page.as_str().unwrap().contains(&token), "the token is still in the page");
    url
}

/// More of everything: two further webhooks and their alerts, of which some are rejected.
fn a_morning(window: &Window, first: &str) {
    let make = |name: &str, sizing: &str| {
        let webhook = json!({ "name": name, "mode": "direct", "sizing": sizing, "sell_mode": "flip" });
        let made = ask(window, "webhooks.create", &webhook);
        made["local_url"].as_str().unwrap().to_owned()
    };
    let (second, third) = (make("ES long", "fixed:1"), make("Scanner", "notional:5000"));
    let (second, third) = (second.as_str(), third.as_str());
    let alert = |action: &str, symbol: &str, price: &str| {
        json!({ "action": action, "symbol": symbol, "price": price }).to_string()
    };
    for (url, action, symbol, price) in [
        (second, "buy", "ES1!", "6012.25"),
        (third, "buy", "AAPL", "229.87"),
        (third, "sell", "TSLA", "250.75"),
        (first, "buy", "SOLUSDT", "184.07"),
        (third, "buy", "NVDA", "187.42"),
        (second, "close", "ES1!", "6018.5"),
        (third, "close", "AAPL", "231.02"),
        (third, "buy", "NVDA", "188.10"),
        (first, "buy", "ETHUSDT", "3142.1"),
        (third, "close", "TSLA", "247.1"),
        (second, "close", "ES1!", "6019.75"),
    ] {
        assert_eq!(post(url, &alert(action, symbol, price)), 202, "{action} {symbol}");
    }
    click(window, "nav-signals");
    window.wait_for("document.querySelectorAll('[data-testid=signal-row]').length === 14");
    window.wait_for("document.querySelector('[data-testid=signal-row] [data-status=received]') === null");
    run(window, "document.querySelectorAll('[data-testid=signal-row]')[3].click()");
}

fn every_view_in_both_themes(window: &Window) {
    in_both_themes(window, |look| {
        for (view, mark) in [
            ("signals", "signal-row"),
            ("webhooks", "webhook-card"),
            ("account", "account-tab-positions"),
            ("settings", "version"),
        ] {
            click(window, &format!("nav-{view}"));
            shows(window, mark);
            look(view);
        }
        click(window, "nav-webhooks");
        click(window, "paste-alert");
        fill(window, "paste-body", FOREIGN);
        shows(window, "paste-signals");
        look("paste");
        window.press("\u{e00c}");
        window.wait_for("document.querySelector('[data-testid=paste-dialog]') === null");
    });
}

/// Two rows are marked by key and replayed together, the older one first.
fn several_at_once(window: &Window) {
    let mark_two = || {
        click(window, "nav-settings");
        click(window, "nav-signals");
        shows(window, "signal-row");
        run(window, "document.querySelectorAll('[data-testid=signal-row]')[1].click()");
        ["x", "j", "x"].iter().for_each(|key| window.press(key));
        says(window, "marked", "2 marked");
    };
    in_both_themes(window, |look| {
        mark_two();
        look("marked");
    });
    let marked =
        run(window, "[...document.querySelectorAll('[data-marked]')].map(row => row.dataset.id).reverse()");
    window.press("R");
    click(window, "confirm-yes");
    window.wait_for("document.querySelectorAll('[data-testid=signal-row]').length === 16");
    window.wait_for("document.querySelector('[data-testid=marked]') === null");
    let rows = ask(window, "signals.list", &json!({ "status": ["replayed"], "limit": 2 }));
    let replayed: Vec<_> =
        rows["signals"].as_array().unwrap().iter().rev().map(|row| &row["replay_of"]).collect();
    assert_eq!(json!(replayed), marked);
}

/// An alert of another system, pasted and dropped: its reading names the format, and nothing is sent.
fn read_an_alert(window: &Window) {
    click(window, "nav-webhooks");
    click(window, "paste-alert");
    fill(window, "paste-body", FOREIGN);
    says(window, "paste-dialect", "TradersPost");
    says(window, "paste-repairs", "comma");
    says(window, "paste-signals", "BTCUSDT");
    window.press("\u{e00c}");
    window.wait_for("document.querySelector('[data-testid=paste-dialog]') === null");
    let drop = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]); \
                const zone = document.querySelector('[data-testid=drop-zone]'); \
                zone.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })); \
                return null";
    window.script(drop, json!([r#"{"ticker":"ETHUSDT","action":"exit"}"#])).unwrap();
    says(window, "paste-dialect", "TradersPost");
    says(window, "paste-signals", "ETHUSDT");
    window.press("\u{e00c}");
    window.wait_for("document.querySelector('[data-testid=paste-dialog]') === null");
    assert_eq!(ask(window, "signals.list", &json!({}))["signals"].as_array().map(Vec::len), Some(3));
}

/// The row at this place, the newest first, has this status.
fn status_is(place: usize, status: &str) -> String {
    format!(
        "document.querySelectorAll('[data-testid=signal-row] [data-testid=signal-status]')[{place}]?.dataset.status === '{status}'"
    )
}
