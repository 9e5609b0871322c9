//! The tunnel in the window and on the desktop: its pane, and the notifications when it goes down and comes back.

use crate::application::Application;
use crate::bus::Bus;
use crate::page::{ask, click, in_both_themes, says, shows};
use crate::world::World;
use serde_json::json;

#[test]
fn a_tunnel_that_goes_down_and_comes_back_is_told_in_the_window_and_by_the_desktop() {
    let world = World::start();
    let bus = Bus::listen();
    let application = Application::within(&world);
    let window = &application.window;
    click(window, "nav-tunnel");
    window.wait_for("document.querySelector('[data-testid=tunnel-state]')?.dataset.state === 'online'");
    shows(window, "tunnel-url");
    // The self-test goes to the first webhook.
    ask(window, "webhooks.create", &json!({ "name": "BTC trend", "mode": "direct" }));
    click(window, "run-test");
    window.wait_for("document.querySelectorAll('[data-testid=hop][data-outcome=ok]').length === 5");
    let wishes = || ask(window, "preferences.get", &json!({}))["notify_tunnel"] == true;
    assert!(!wishes(), "nobody is notified who has not asked for it");
    click(window, "notify-tunnel");
    window.wait_for(
        "document.querySelector('[data-testid=notify-tunnel]').getAttribute('aria-checked') === 'true'",
    );
    assert!(wishes());
    in_both_themes(window, |look| {
        click(window, "nav-tunnel");
        shows(window, "tunnel-url");
        look("tunnel");
    });

    world.edge.open(false);
    world.edge.cut();
    bus.wait_for(&["The tunnel is down", "Alerts sent now are lost."]);
    click(window, "nav-tunnel");
    window.wait_for("document.querySelector('[data-testid=tunnel-state]').dataset.state === 'reconnecting'");
    says(window, "tunnel-pill", "reconnecting");
    world.edge.open(true);
    bus.wait_for(&["The tunnel is back", "Alerts come in again at https://localhost"]);
    window.wait_for("document.querySelector('[data-testid=tunnel-state]').dataset.state === 'online'");
    shows(window, "gap");
    assert_eq!(bus.count(), 2);
}
