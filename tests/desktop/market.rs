//! Venues in the window: what is heard of one, and what is said where it is slow and where it is gone.

use crate::alert::post;
use crate::application::Application;
use crate::driver::Window;
use crate::page::{ask, click, in_both_themes, says, shows};
use crate::world::World;
use serde_json::json;
use standin::venue::Fault;
use std::time::Duration;

#[test]
fn a_venue_says_how_it_is_wherever_it_matters() {
    let world = World::start();
    let application = Application::within(&world);
    let window = &application.window;
    click(window, "nav-market");
    shows(window, "to-account");
    let account = json!({ "name": "Binance spot", "cash": "100000", "currency": "USDT", "venue": "binance" });
    let account = ask(window, "accounts.create", &account)["id"].clone();
    let hook = json!({ "name": "BTC trend", "mode": "direct", "account_id": account, "rate": "off" });
    let url = ask(window, "webhooks.create", &hook)["local_url"].as_str().unwrap().to_owned();

    // A slow venue: the signal waits and says for whom.
    world.order(Some(Fault::Slow(Duration::from_secs(5))));
    click(window, "nav-signals");
    assert_eq!(post(&url, r#"{"action":"buy","symbol":"BTCUSDT","quantity":"0.1"}"#), 202);
    window.wait_for("document.querySelector('[data-testid=row-waits]')?.title === 'Waits for Binance'");
    world.order(None);
    window.wait_for("document.querySelector('[data-testid=signal-status]').dataset.status === 'executed'");

    click(window, "nav-market");
    state_is(window, "connected");
    says(window, "venue-symbol", "BTCUSDT");
    window.wait_for("!document.querySelector('[data-testid=quote-age]').textContent.includes('no quote')");
    says(window, "venue-account", "Binance spot");
    window.wait_for("document.querySelector('[data-testid=chart-summary]')?.textContent.includes('candles')");
    in_both_themes(window, |look| {
        click(window, "nav-market");
        window.wait_for("document.querySelector('[data-testid=venue-candles] canvas') !== null");
        look("market");
    });

    // One that is gone: its account and the frame say so.
    world.order(Some(Fault::Disconnect));
    says(window, "nav-market", "1 down");
    click(window, "nav-market");
    state_is(window, "down");
    shows(window, "venue-error");
    click(window, "venue-account");
    says(window, "account-venue-down", "Binance is down");
    in_both_themes(window, |look| {
        click(window, "nav-market");
        shows(window, "venue-error");
        look("market-down");
    });

    world.order(None);
    click(window, "nav-market");
    state_is(window, "connected");
}

fn state_is(window: &Window, state: &str) {
    window.wait_for(&format!(
        "document.querySelector('[data-testid=venue-state]')?.dataset.state === '{state}'"
    ));
}
