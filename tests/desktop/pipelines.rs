//! A strategy in the window: made in the editor, checked, saved, asked about a signal, and charted.

use crate::alert::post;
use crate::application::Application;
use crate::page::{ask, choose, click, fill, in_both_themes, run, says, shows};
use crate::world::World;
use serde_json::{Value, json};

#[test]
fn a_strategy_is_made_checked_and_tried_on_a_signal() {
    let world = World::start();
    let application = Application::within(&world);
    let window = &application.window;
    click(window, "nav-pipelines");
    choose(window, "new-strategy", "template-rsi");
    fill(window, "strategy-name", "RSI of the hour");

    // What is wrong is said before it can be saved.
    click(window, "flow-leaf");
    fill(window, "leaf-right", "7O");
    shows(window, "problem-count");
    // Two conditions that hold whatever the market does: an RSI is never above 100, an average of prices never below 0.
    fill(window, "leaf-right", "101");
    run(window, "document.querySelectorAll('[data-testid=flow-leaf]')[1].click()");
    fill(window, "leaf-left", "ema(close,20)");
    fill(window, "leaf-op", ">");
    fill(window, "leaf-right", "0");
    window.wait_for("document.querySelector('[data-testid=problem-count]') === null");
    click(window, "strategy-save");
    let saved = || ask(window, "strategies.list", &json!({}));
    window.wait_for("document.body.innerText.includes('Saved: RSI of the hour, version 1')");
    let strategy = saved()[0].clone();
    assert_eq!(strategy["name"], "RSI of the hour");

    let account = json!({ "name": "Binance spot", "cash": "100000", "currency": "USDT", "venue": "binance" });
    let account = ask(window, "accounts.create", &account)["id"].clone();
    let hook = json!({
        "name": "BTC trend", "mode": "pipeline", "strategy_id": strategy["id"], "account_id": account, "rate": "off"
    });
    let url = ask(window, "webhooks.create", &hook)["local_url"].as_str().unwrap().to_owned();
    assert_eq!(post(&url, r#"{"action":"buy","symbol":"BTCUSDT","quantity":"0.1"}"#), 202);

    window.wait_for(
        "(await window.__TAURI_INTERNALS__.invoke('rpc', { method: 'signals.list', params: {} })).signals[0]?.status \
         === 'executed'",
    );
    click(window, "strategy-side-try");
    window.wait_for("document.querySelector('[data-testid=trial-signal]')?.value.startsWith('sig_')");
    click(window, "trial-ask");
    shows(window, "trial-verdict");
    click(window, "strategy-view-chart");
    window.wait_for("document.querySelector('[data-testid=signal-chart] canvas') !== null");

    click(window, "nav-signals");
    run(window, "document.querySelector('[data-testid=signal-row]').click()");
    shows(window, "signal-chart");
    says(window, "signal-chart", "rsi(close,14)");
    in_both_themes(window, |look| {
        click(window, "nav-pipelines");
        shows(window, "strategy-row");
        look("pipelines");
        click(window, "strategy-open");
        shows(window, "flow-leaf");
        look("pipelines-editor");
        click(window, "strategy-side-try");
        window.wait_for("document.querySelector('[data-testid=trial-signal]')?.value.startsWith('sig_')");
        click(window, "trial-ask");
        shows(window, "trial-verdict");
        look("pipelines-tried");
        click(window, "strategy-view-chart");
        window.wait_for("document.querySelector('[data-testid=signal-chart] canvas') !== null");
        look("pipelines-chart");
        click(window, "strategy-back");
        click(window, "nav-signals");
        window.wait_for("document.querySelector('[data-testid=signal-chart] canvas') !== null");
        look("signals-pipeline");
    });
    assert_eq!(saved().as_array().map(Vec::len), Some(1));
    assert_ne!(saved()[0]["id"], Value::Null);
}
