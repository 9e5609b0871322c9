//! What rests, what protects and what limits: kept across restarts, and shown by commands with numbers that were
//! worked out by hand.

use crate::support::{Hook, TestDesk, eventually, plain, rows, text};
use serde_json::Value;

const LIMIT: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":100,"quantity":"2","orderType":"limit",
    "limitPrice":95,"stopLoss":90,"takeProfit":110}"#;

/// An account that pays 10 bp to take and 5 bp to make.
fn desk() -> (TestDesk, Hook) {
    let desk = TestDesk::start();
    for setting in ["fees.taker_bps=10", "fees.maker_bps=5", "max_entries=5"] {
        desk.set(setting);
    }
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    (desk, hook)
}

/// Brings a price and nothing else: there is no short that could be covered.
#[track_caller]
fn price(desk: &TestDesk, hook: &Hook, at: &str) {
    let body = format!(r#"{{"ticker":"BTCUSDT","action":"cover","price":{at},"quantity":1}}"#);
    let signal = desk.decided(&hook.path(), &body);
    let reason = ["reason_code", "docs"].map(|key| text(&signal, key));
    assert_eq!(reason, ["NO_POSITION", "docs/WEBHOOKS.md#no_position"], "{signal}");
}

fn buy(quantity: &str, at: &str) -> String {
    format!(r#"{{"action":"buy","symbol":"BTCUSDT","price":{at},"quantity":"{quantity}"}}"#)
}

fn sell(at: &str) -> String {
    format!(r#"{{"action":"sell","symbol":"BTCUSDT","price":{at}}}"#)
}

fn orders(desk: &TestDesk, more: &[&str]) -> Vec<Value> {
    rows(&desk.pitwire(&[&["order", "list"], more].concat())["orders"]).to_vec()
}

/// `role type status reason` of orders, oldest first.
fn states(orders: &[Value]) -> Vec<String> {
    let reason = |order: &Value| order["reason_code"].as_str().unwrap_or("-").to_owned();
    let state = |order: &Value| {
        format!("{} {} {} {}", text(order, "role"), text(order, "type"), text(order, "status"), reason(order))
    };
    let mut states: Vec<String> = orders.iter().map(state).collect();
    states.sort_unstable();
    states
}

fn trades(desk: &TestDesk) -> Vec<Value> {
    rows(&desk.pitwire(&["trade", "list"])["trades"]).to_vec()
}

#[track_caller]
fn account(desk: &TestDesk) -> Value {
    desk.pitwire(&["account", "show", &desk.account()])["account"].clone()
}

#[test]
fn a_resting_order_survives_a_crash_and_its_bracket_closes_what_it_opened() {
    let (desk, hook) = desk();
    let mut desk = desk;
    let placed = desk.executed(&hook.path(), LIMIT);
    assert_eq!(rows(&placed["orders"]).len(), 3, "{placed}");
    let resting = orders(&desk, &["--live"]);
    assert_eq!(states(&resting), ["main limit working -", "sl stop held -", "tp limit held -"]);
    assert!(resting.iter().all(|order| order["waits_for_alert"] == true), "{resting:?}");
    desk.kill();
    desk.serve_again();
    assert_eq!(orders(&desk, &["--live"]), resting);
    // Above its limit nothing happens; at 94 it is filled at its limit: 2 * 95 * 5 / 10000 = 0.095.
    price(&desk, &hook, "96");
    assert_eq!(desk.positions(), [""; 0]);
    price(&desk, &hook, "94");
    assert_eq!(desk.positions(), ["BTCUSDT 2"]);
    let fill = &desk.fills()[0];
    assert_eq!(["price", "fee", "liquidity"].map(|key| plain(text(fill, key))), ["95", "0.095", "maker"]);
    assert_eq!((text(&fill["why"], "source"), &fill["signal_id"]), ("limit", &placed["id"]));
    let position = &desk.pitwire(&["position", "list"])["positions"][0];
    assert_eq!(["stop_loss", "take_profit"].map(|key| plain(text(position, key))), ["90", "110"]);
    desk.kill();
    desk.serve_again();
    assert_eq!(states(&orders(&desk, &["--live"])), ["sl stop working -", "tp limit working -"]);
    // At 89 the stop is hit and sells at 89: 2 * 89 * 10 / 10000 = 0.178.
    price(&desk, &hook, "89");
    assert_eq!(desk.positions(), [""; 0]);
    assert_eq!(
        states(&orders(&desk, &[])),
        ["main limit filled -", "sl stop filled -", "tp limit cancelled OCO_SIBLING_FILLED"]
    );
    // 2 * (89 - 95) = -12, less 0.095 + 0.178 = 0.273; at risk were 2 * (95 - 90) = 10.
    let [trade] = &trades(&desk)[..] else { panic!("one round trip is wanted") };
    let figures = ["gross", "fees", "net", "risk", "r", "price_entry", "price_exit", "quantity_max"];
    let found = figures.map(|key| plain(text(trade, key)));
    assert_eq!(found, ["-12", "0.273", "-12.273", "10", "-1.2273", "95", "89", "2"]);
    assert_eq!(trade["exit_reasons"], serde_json::json!(["stop_loss"]));
    assert_eq!((&trade["signal_id"], &trade["webhook_id"]), (&placed["id"], &placed["webhook_id"]));
    assert_eq!(plain(text(&account(&desk), "equity")), "99987.727");
    let shown = desk.show(text(&placed, "id"));
    assert_eq!((rows(&shown["orders"]).len(), rows(&shown["fills"]).len()), (3, 2), "{shown}");
    assert_eq!(desk.doctor()["ledger"], "ok");
}

#[test]
fn an_order_is_cancelled_once_and_takes_its_bracket_with_it() {
    let (desk, hook) = desk();
    let placed = desk.executed(&hook.path(), LIMIT);
    let main = rows(&placed["orders"]).iter().find(|o| o["parent_id"].is_null()).unwrap();
    let cancelled = desk.pitwire(&["order", "cancel", text(main, "id")]);
    assert_eq!(cancelled["order"]["reason_code"], "USER_CANCELLED", "{cancelled}");
    assert_eq!(
        states(&orders(&desk, &[])),
        [
            "main limit cancelled USER_CANCELLED",
            "sl stop cancelled PARENT_CANCELLED",
            "tp limit cancelled PARENT_CANCELLED"
        ]
    );
    assert_eq!(desk.refused(&["order", "cancel", text(main, "id")]), "ORDER_NOT_LIVE");
    assert_eq!(desk.refused(&["order", "cancel", "ord_none"]), "NOT_FOUND");
    price(&desk, &hook, "94");
    assert_eq!(desk.positions(), [""; 0]);
    let file = desk.run(&["order", "list", "--format", "csv"]).stdout;
    assert!(
        file.starts_with("id,signal_id,account_id,symbol,side,type,quantity,filled,limit,stop,status,"),
        "{file}"
    );
    assert_eq!(file.lines().count(), 4);
}

#[test]
fn the_kill_switch_takes_back_entries_and_leaves_protection() {
    let (desk, hook) = desk();
    let mut desk = desk;
    let protected = r#"{"action":"buy","symbol":"ETHUSDT","price":50,"quantity":"1","stopLoss":45}"#;
    desk.executed(&hook.path(), protected);
    desk.executed(&hook.path(), LIMIT);
    let cancelled = || {
        let states = states(&orders(&desk, &[]));
        states.contains(&"main limit cancelled KILL_SWITCH".to_owned()).then_some(states)
    };
    desk.pitwire(&["kill", "on"]);
    eventually("the entry is taken back", cancelled);
    assert_eq!(states(&orders(&desk, &["--live"])), ["sl stop working -"]);
    desk.pitwire(&["kill", "off"]);
    // Thrown while nothing runs, it is heard at the start.
    desk.executed(&hook.path(), LIMIT);
    assert_eq!(orders(&desk, &["--live"]).len(), 4);
    desk.stop();
    desk.pitwire(&["kill", "on"]);
    desk.serve_again();
    eventually("the entry is taken back", || (orders(&desk, &["--live"]).len() == 1).then_some(()));
}

#[test]
fn a_webhook_or_an_account_that_only_reduces_takes_exits_alone() {
    let (desk, hook) = desk();
    desk.executed(&hook.path(), &buy("2", "100"));
    let only = |on: &str| desk.pitwire(&["webhook", "edit", &hook.id, "--reduce-only", on]);
    assert_eq!(only("true")["webhook"]["reduce_only"], true);
    let denied = |desk: &TestDesk| desk.decided(&hook.path(), &buy("1", "100"))["reason_code"].clone();
    assert_eq!(denied(&desk), "REDUCE_ONLY_MODE");
    desk.executed(&hook.path(), r#"{"action":"sell","symbol":"BTCUSDT","price":101,"quantity":"1"}"#);
    assert_eq!(desk.positions(), ["BTCUSDT 1"]);
    only("false");
    desk.set("risk.reduce_only=true");
    assert_eq!((denied(&desk), &account(&desk)["state"]), ("REDUCE_ONLY_MODE".into(), &"reduce_only".into()));
    desk.executed(&hook.path(), &sell("101"));
    assert_eq!(desk.positions(), [""; 0]);
}

#[test]
fn a_limit_on_the_days_loss_holds_after_a_crash() {
    let (desk, hook) = desk();
    let mut desk = desk;
    desk.set("risk.max_daily_loss=100");
    desk.executed(&hook.path(), &buy("10", "100"));
    // 10 * (89 - 100) = -110, and the fees.
    desk.executed(&hook.path(), &sell("89"));
    for _ in 0..2 {
        let denied = desk.decided(&hook.path(), &buy("1", "90"));
        assert_eq!(denied["reason_code"], "DAILY_LOSS_LIMIT", "{denied}");
        desk.kill();
        desk.serve_again();
    }
    let account = account(&desk);
    let limit = rows(&account["risk"]).iter().find(|r| r["key"] == "risk.max_daily_loss").unwrap();
    // 110 + 10 * 100 * 0.001 + 10 * 89 * 0.001
    assert_eq!((text(limit, "limit"), text(limit, "actual")), ("100", "111.89"));
    assert_eq!(limit["refuses"], true);
}

/// Of 4 at 100: half at 102, and what is left in two at 104 and 110; the stop loss keeps what is not sold.
#[test]
fn several_take_profits_of_one_message_sell_their_shares() {
    let (desk, hook) = desk();
    let body = r#"{"action":"buy","symbol":"BTCUSDT","price":100,"quantity":"4","stopLoss":90,
        "takeProfit":[{"percent":2,"portion":50},{"amount":4},{"price":110}]}"#;
    desk.executed(&hook.path(), body);
    let resting = |desk: &TestDesk| -> Vec<String> {
        let live = orders(desk, &["--live"]);
        let level = |order: &Value| plain(order["limit"].as_str().unwrap_or(text(order, "stop"))).to_owned();
        let left = |order: &Value| plain(text(order, "quantity")).to_owned();
        let mut all: Vec<String> =
            live.iter().map(|o| format!("{} {} at {}", text(o, "role"), left(o), level(o))).collect();
        all.sort_unstable();
        all
    };
    assert_eq!(resting(&desk), ["sl 4 at 90", "tp 2 at 102", "tp2 1 at 104", "tp3 1 at 110"]);
    price(&desk, &hook, "103");
    assert_eq!(desk.positions(), ["BTCUSDT 2"]);
    assert_eq!(resting(&desk), ["sl 2 at 90", "tp2 1 at 104", "tp3 1 at 110"]);
    price(&desk, &hook, "105");
    assert_eq!(desk.positions(), ["BTCUSDT 1"]);
    price(&desk, &hook, "89");
    assert_eq!((desk.positions(), resting(&desk)), (vec![], vec![]));
    let sold: Vec<(String, String)> = desk
        .fills()
        .iter()
        .filter(|fill| text(fill, "side") == "sell")
        .map(|fill| (plain(text(fill, "quantity")).to_owned(), plain(text(fill, "price")).to_owned()))
        .collect();
    let expected = [("2", "102"), ("1", "104"), ("1", "89")].map(|(q, p)| (q.to_owned(), p.to_owned()));
    assert!(expected.iter().all(|fill| sold.contains(fill)) && sold.len() == 3, "{sold:?}");
}

#[test]
fn a_report_counts_no_transfer_as_profit() {
    let (desk, hook) = desk();
    let id = desk.account();
    // +20 less 0.1 + 0.12; -10 less 0.12 + 0.11.
    desk.executed(&hook.path(), &buy("1", "100"));
    desk.executed(&hook.path(), &sell("120"));
    desk.pitwire(&["account", "deposit", &id, "50000"]);
    desk.executed(&hook.path(), &buy("1", "120"));
    desk.executed(&hook.path(), &sell("110"));
    desk.pitwire(&["account", "withdraw", &id, "1000"]);
    let report = desk.pitwire(&["report"])["report"].clone();
    // 19.78 - 10.23 = 9.55
    assert_eq!(plain(text(&report, "transferred")), "49000");
    assert_eq!(plain(text(&report, "equity")), "149009.55");
    let last = rows(&report["curve"]).last().unwrap();
    assert_eq!(plain(text(last, "equity")), "100009.55");
    let figures = &report["analytics"]["trades"];
    assert_eq!(["net_profit", "total_fees"].map(|key| plain(text(figures, key))), ["9.55", "0.45"]);
    assert_eq!((&figures["wins"], &figures["losses"]), (&1.into(), &1.into()));
    let of_hook = desk.pitwire(&["report", "--webhook", text(&trades(&desk)[0], "webhook_id")]);
    let last = rows(&of_hook["report"]["curve"]).last().unwrap();
    assert_eq!(plain(text(last, "equity")), "100009.55");
    let file = desk.run(&["trade", "list", "--format", "csv"]).stdout;
    assert_eq!(file.lines().count(), 3, "{file}");
}

#[test]
fn a_reset_begins_anew_and_keeps_the_past() {
    let (desk, hook) = desk();
    desk.executed(&hook.path(), &buy("1", "100"));
    desk.executed(&hook.path(), &sell("120"));
    desk.executed(&hook.path(), LIMIT);
    let before = account(&desk);
    desk.pitwire(&["account", "reset", &desk.account()]);
    let after = account(&desk);
    assert_eq!(plain(text(&after, "equity")), "100000");
    assert!(text(&after, "opened_at") > text(&before, "opened_at"));
    assert_eq!(orders(&desk, &["--live"]), [0; 0]);
    assert_eq!(orders(&desk, &[]).len(), 5);
    assert!(states(&orders(&desk, &[])).contains(&"main limit cancelled USER_CANCELLED".to_owned()));
    assert_eq!((desk.fills().len(), trades(&desk).len()), (2, 1));
    let report = desk.pitwire(&["report"])["report"].clone();
    assert_eq!((&report["analytics"]["trades"]["trades"], rows(&report["curve"]).len()), (&0.into(), 1));
    assert_eq!(desk.doctor()["ledger"], "ok");
    // What was cancelled is not filled any more.
    price(&desk, &hook, "94");
    assert_eq!(desk.positions(), [""; 0]);
}
