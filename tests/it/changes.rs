//! What another process changes holds from the next request on, without a restart.

use crate::support::{Hook, TestDesk, eventually, plain, rows, text};

/// A buy that is like no other.
fn buy(number: usize) -> String {
    format!(r#"{{"id":"{number}","action":"buy","symbol":"N{number}USDT","price":2,"quantity":1}}"#)
}

#[test]
fn every_change_of_a_webhook_holds_at_once() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let mut number = 0;
    let mut check = |path: &str, status: u16, code: &str| {
        number += 1;
        let answer = desk.post(path, &buy(number));
        let said = answer.json();
        let found = if answer.status == 202 { text(&said, "status") } else { text(&said, "code") };
        assert_eq!((answer.status, found), (status, code), "{said}");
    };
    let webhook = |arguments: &[&str]| desk.pitwire(&[&["webhook"], arguments].concat());
    check(&hook.path(), 202, "accepted");
    webhook(&["pause", &hook.id]);
    check(&hook.path(), 400, "WEBHOOK_PAUSED");
    webhook(&["resume", &hook.id]);
    check(&hook.path(), 202, "accepted");
    webhook(&["edit", &hook.id, "--allow-ip", "192.0.2.0/24"]);
    check(&hook.path(), 403, "ADDRESS_NOT_ALLOWED");
    webhook(&["edit", &hook.id, "--allow-ip", "192.0.2.0/24,127.0.0.1"]);
    check(&hook.path(), 202, "accepted");
    let soon = desk::Clock::system().now().plus_micros(2_000_000).to_string();
    webhook(&["edit", &hook.id, "--expires", &soon]);
    eventually("the end of the token", || {
        (webhook(&["show", &hook.id])["webhook"]["state"] == "expired").then_some(())
    });
    check(&hook.path(), 401, "TOKEN_EXPIRED");
    // What has expired can still be edited, and be given another time, but none that has passed.
    webhook(&["edit", &hook.id, "--description", "Old", "--expires", &soon]);
    let past = ["webhook", "edit", &hook.id, "--expires", "2026-01-01T00:00:00Z"];
    assert_eq!(desk.refused(&past), "INVALID_FIELD");
    assert_eq!(webhook(&["show", &hook.id])["webhook"]["state"], "expired");
    webhook(&["edit", &hook.id, "--expires", ""]);
    check(&hook.path(), 202, "accepted");
    let fresh = Hook::of(&webhook(&["rotate", &hook.id, "--yes"]));
    assert_eq!(fresh.id, hook.id);
    assert_ne!((&fresh.token, &fresh.signing_secret), (&hook.token, &hook.signing_secret));
    check(&hook.path(), 401, "INVALID_TOKEN");
    check(&hook.token_path(), 404, "UNKNOWN_WEBHOOK");
    check(&fresh.path(), 202, "accepted");
    webhook(&["delete", &hook.id, "--yes"]);
    check(&fresh.path(), 404, "UNKNOWN_WEBHOOK");
    assert_eq!(desk.signals().len(), 0, "the history goes with the webhook");
    assert_eq!(desk.fills().len(), 5, "what was traded stays");
}

#[test]
fn the_kill_switch_denies_from_the_next_request_on() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&[]);
    desk.executed(&hook.path(), &buy(1));
    assert_eq!(desk.pitwire(&["kill", "on"])["kill"]["on"], true);
    let denied = desk.decided(&hook.path(), &buy(2));
    assert_eq!((text(&denied, "status"), text(&denied, "reason_code")), ("rejected", "KILL_SWITCH_ACTIVE"));
    // Exits too, and after a restart still.
    desk.stop();
    desk.serve_again();
    let exit = desk.decided(&hook.path(), r#"{"action":"close","symbol":"N1USDT","price":2}"#);
    assert_eq!(text(&exit, "reason_code"), "KILL_SWITCH_ACTIVE");
    desk.pitwire(&["kill", "off"]);
    desk.executed(&hook.path(), &buy(3));
    let replayed = desk.pitwire(&["signal", "replay", text(&denied, "id")]);
    assert_eq!(desk.outcome(text(&replayed["signals"][0], "id"))["status"], "executed");
    assert_eq!(desk.positions(), ["N1USDT 1", "N2USDT 1", "N3USDT 1"]);
}

#[test]
fn sizing_account_and_sell_mode_of_the_moment_decide() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--sizing", "fixed:2"]);
    desk.executed(&hook.path(), r#"{"action":"buy","symbol":"BTCUSDT","price":100}"#);
    assert_eq!(desk.positions(), ["BTCUSDT 2"]);
    desk.pitwire(&["webhook", "edit", &hook.id, "--sell-mode", "flip", "--sizing", "notional:500"]);
    // 2 are sold, then 500 / 100 = 5 are sold short.
    desk.executed(&hook.path(), r#"{"action":"sell","symbol":"BTCUSDT","price":100}"#);
    assert_eq!(desk.positions(), ["BTCUSDT -5"]);
    let second = desk.pitwire(&["account", "add", "--name", "Second", "--cash", "1000"]);
    let second = text(&second["account"], "id").to_owned();
    desk.pitwire(&["webhook", "edit", &hook.id, "--account", &second, "--sizing", "pct-balance:50"]);
    // Half of 1,000 at 100 are 5.
    desk.executed(&hook.path(), r#"{"action":"buy","symbol":"ETHUSDT","price":100}"#);
    let of_second = desk.pitwire(&["position", "list", "--account", &second]);
    let [position] = rows(&of_second["positions"]) else { panic!("{of_second}") };
    assert_eq!((text(position, "symbol"), plain(text(position, "quantity"))), ("ETHUSDT", "5"));
}

#[test]
fn there_are_five_webhooks_unless_the_setting_says_more() {
    let desk = TestDesk::still();
    let add = ["webhook", "add", "--name", "Another"];
    for _ in 0..5 {
        desk.pitwire(&add);
    }
    assert_eq!(desk.refused(&add), "TOO_MANY_WEBHOOKS");
    desk.pitwire(&["config", "set", "limits.max_webhooks", "6"]);
    desk.pitwire(&add);
    assert_eq!(desk.refused(&add), "TOO_MANY_WEBHOOKS");
    let listed = desk.pitwire(&["webhook", "list"]);
    assert_eq!(rows(&listed["webhooks"]).len(), 6);
    desk.pitwire(&["webhook", "delete", text(&listed["webhooks"][0], "id"), "--yes"]);
    desk.pitwire(&add);
}

#[test]
fn a_test_signal_goes_signed_through_the_listener() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let dry = desk.pitwire(&["webhook", "test", &hook.id, "--dry-run"])["test"].clone();
    assert_eq!((dry["answer"]["status"].as_str(), desk.signals().len()), (Some("executed"), 0), "{dry}");
    let sent = desk.pitwire(&["webhook", "test", &hook.id])["test"].clone();
    assert_eq!(sent["http_status"], 202, "{sent}");
    let outcome = desk.outcome(text(&sent, "signal_id"));
    assert_eq!((&outcome["status"], &outcome["test"]), (&"executed".into(), &true.into()), "{outcome}");
    assert!(outcome["headers"].get("webhook-signature").is_none(), "{}", outcome["headers"]);
    let payload = desk.file("payload.json", r#"{"action":"buy"}"#);
    let refused = desk.run(&["webhook", "test", &hook.id, "--payload", &payload]);
    assert!(refused.code == 1 && refused.stderr.contains("MISSING_FIELD"), "{refused:?}");
    desk.stop();
    assert_eq!(desk.refused(&["webhook", "test", &hook.id]), "NOT_LISTENING");
}

#[test]
fn templates_are_messages_that_the_webhook_understands() {
    let desk = TestDesk::start();
    for dialect in ["vantixs", "stratone", "atomik", "algo-trade-analytics"] {
        let hook = desk.hook(&["--symbol", "ES1!", "--dialect", dialect, "--dedupe-ms", "0"]);
        for kind in ["strategy", "indicator"] {
            let arguments = ["webhook", "template", &hook.id, "--kind", kind];
            let template = desk.pitwire(&arguments)["template"].clone();
            assert_eq!(template["dialect"], dialect);
            let filled = [
                ("{{ticker}}", "AAPL"),
                ("{{exchange}}", "NASDAQ"),
                ("{{close}}", "150.25"),
                ("{{timenow}}", "2026-05-08T06:20:00Z"),
                ("{{time}}", "2026-05-08T06:19:00Z"),
                ("{{interval}}", "5"),
                ("{{strategy.order.action}}", "buy"),
                ("{{strategy.order.contracts}}", "3"),
                ("{{strategy.order.price}}", "150.25"),
                ("{{strategy.order.comment}}", "ENTRY"),
                ("{{strategy.order.id}}", "Long"),
                ("{{strategy.market_position}}", "long"),
                ("{{strategy.market_position_size}}", "3"),
                ("{{strategy.prev_market_position}}", "flat"),
                ("{{strategy.prev_market_position_size}}", "0"),
                ("<token>", &hook.token),
            ]
            .iter()
            .fold(text(&template, "message").to_owned(), |t, (name, value)| t.replace(name, value));
            let answer = desk.post(&hook.body_path(), &filled);
            let answer = if answer.status == 401 { desk.post(&hook.path(), &filled) } else { answer };
            assert_eq!(answer.status, 202, "{dialect} {kind}: {} for {filled}", answer.body);
        }
        desk.pitwire(&["webhook", "delete", &hook.id, "--yes"]);
    }
}
