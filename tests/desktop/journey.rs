//! The way of a newcomer through the real window: a webhook is made, its token shown once, real alerts are posted to
//! its URL, their rows and fills appear, a rejected one is replayed with one key; every view is looked at in both
//! themes, by axe as well.

use crate::alert::post;
use crate::application::Application;
use crate::driver::Window;
use serde_json::{Value, json};

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

    every_view_in_both_themes(window);
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
    window.wait_for("document.querySelector('[data-testid=webhook-name]') !== null");
    let fill = "const field = document.querySelector('[data-testid=webhook-name]'); field.value = 'BTC RSI'; \
                field.dispatchEvent(new Event('input', { bubbles: true })); return null";
    window.script(fill, json!([])).unwrap();
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

fn every_view_in_both_themes(window: &Window) {
    let axe = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(axe).unwrap();
    window.script(&format!("{axe}\nreturn null"), json!([])).unwrap();
    for theme in ["dark", "light"] {
        click(window, "nav-settings");
        click(window, &format!("theme-{theme}"));
        for (view, mark) in [
            ("signals", "signal-row"),
            ("webhooks", "webhook-card"),
            ("account", "account-tab-positions"),
            ("settings", "version"),
        ] {
            click(window, &format!("nav-{view}"));
            window.wait_for(&format!("document.querySelector('[data-testid={mark}]') !== null"));
            let look = "const found = await window.axe.run(document, { resultTypes: ['violations'] }); \
                        return found.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' '))";
            let violations = window.script(look, json!([])).unwrap();
            window.screenshot(&format!("{view}-{theme}"));
            assert_eq!(violations, json!([]), "{view} in {theme}");
        }
    }
}

/// Waits for the element with this mark and clicks it.
fn click(window: &Window, mark: &str) {
    window.wait_for(&format!("document.querySelector('[data-testid=\"{mark}\"]') !== null"));
    run(window, &format!("document.querySelector('[data-testid=\"{mark}\"]').click()"));
}

fn run(window: &Window, expression: &str) -> Value {
    window.script(&format!("return {expression}"), json!([])).unwrap()
}

/// The row at this place, the newest first, has this status.
fn status_is(place: usize, status: &str) -> String {
    format!(
        "document.querySelectorAll('[data-testid=signal-row] [data-testid=signal-status]')[{place}]?.dataset.status === '{status}'"
    )
}
