//! Accounts on a venue, against stand-ins of all five: orders are filled from quotes, rules of instruments hold, every
//! fault ends in a reason, and a restart goes on.

use crate::support::{Hook, TestDesk, TestVenue, eventually, plain, rows, text};
use serde_json::Value;
use standin::venue::{Exchange, Fault};
use std::time::Duration;

/// A pair that the venue lists, settled in dollars or at par with them.
fn symbol(exchange: Exchange) -> &'static str {
    match exchange {
        Exchange::Binance | Exchange::Bybit | Exchange::Okx => "BTCUSDT",
        Exchange::Kraken | Exchange::Coinbase => "BTCUSD",
    }
}

/// A new account on the venue and a webhook that trades on it.
#[track_caller]
pub(crate) fn on_venue(desk: &TestDesk, venue: &TestVenue) -> (String, Hook) {
    let arguments = ["account", "add", "--name", "Venue", "--cash", "100000", "--venue", venue.name()];
    let made = desk.pitwire(&[&arguments[..], &["--set", "max_entries=5"]].concat());
    let account = text(&made["account"], "id").to_owned();
    assert_eq!(
        (text(&made["account"], "venue"), &made["account"]["settings"]["price_source"]),
        (venue.name(), &"market".into())
    );
    let hook = desk.hook(&["--account", &account, "--dedupe-ms", "0"]);
    (account, hook)
}

pub(crate) fn buy(symbol: &str, quantity: &str, more: &str) -> String {
    format!(r#"{{"action":"buy","symbol":"{symbol}","quantity":"{quantity}"{more}}}"#)
}

#[track_caller]
fn account(desk: &TestDesk, id: &str) -> Value {
    desk.pitwire(&["account", "show", id])["account"].clone()
}

/// Side, quantity, price and source of every fill, oldest first.
pub(crate) fn fills(desk: &TestDesk) -> Vec<String> {
    let shown = |fill: &Value| {
        let [quantity, price] = ["quantity", "price"].map(|key| plain(text(fill, key)));
        format!("{} {quantity} {price} {}", text(fill, "side"), text(&fill["why"], "source"))
    };
    let mut fills: Vec<Value> = desk.fills();
    fills.sort_by(|one, other| text(one, "at").cmp(text(other, "at")));
    fills.iter().map(shown).collect()
}

#[track_caller]
fn trade_on(exchange: Exchange) {
    let venue = TestVenue::start(exchange);
    let desk = venue.known_to(TestDesk::still()).serve();
    let (id, hook) = on_venue(&desk, &venue);
    let symbol = symbol(exchange);
    let bought = desk.executed(&hook.path(), &buy(symbol, "2", r#","price":100.05"#));
    assert!(
        rows(&bought["checks"])
            .iter()
            .any(|check| check["name"] == "price deviation" && check["outcome"] == "pass"),
        "{bought}"
    );
    let bracket = r#","orderType":"limit","limitPrice":95,"stopLoss":90,"takeProfit":110"#;
    desk.executed(&hook.path(), &buy(symbol, "1", bracket));
    assert_eq!(fills(&desk), ["buy 2 100.1 quote"]);
    venue.quote("94.80", "94.90");
    eventually("the limit is filled", || (desk.fills().len() == 2).then_some(()));
    venue.quote("110.50", "110.60");
    eventually("the target is filled", || (desk.fills().len() == 3).then_some(()));
    assert_eq!(fills(&desk), ["buy 2 100.1 quote", "buy 1 95 limit", "sell 1 110 limit"]);
    // 3 cost 2 * 100.10 + 95 = 295.2, a third of it 98.4: 110 - 98.4 = 11.6 is realised. What is left is worth
    // 2 * 110.55 - 196.8 = 24.3 more than it cost.
    eventually("the mark moves equity", || {
        (plain(text(&account(&desk, &id), "equity")) == "100035.9").then_some(())
    });
    assert_eq!(desk.positions(), [format!("{symbol} 2")]);
    // What the venue demands: 0.001 steps, five dollars, whole cents; and an alert near its price.
    for (order, code) in [
        (buy(symbol, "0.0001", ""), "QUANTITY_BELOW_MINIMUM"),
        (buy(symbol, "0.01", ""), "NOTIONAL_BELOW_MINIMUM"),
        (buy(symbol, "1", r#","orderType":"limit","limitPrice":95.001"#), "PRICE_NOT_ON_TICK"),
        (buy(symbol, "1", r#","price":200"#), "PRICE_DEVIATION"),
        (buy("AAPL", "1", r#","price":200"#), "PRICE_UNAVAILABLE"),
    ] {
        // OKX knows a smallest size and no smallest amount.
        if exchange == Exchange::Okx && code == "NOTIONAL_BELOW_MINIMUM" {
            continue;
        }
        let refused = desk.decided(&hook.path(), &order);
        assert_eq!(refused["reason_code"], code, "{refused}");
    }
    let doctor = desk.doctor();
    assert_eq!((&doctor["market"], &doctor["ledger"]), (&"ok".into(), &"ok".into()), "{doctor}");
}

#[test]
fn an_account_on_binance_is_filled_from_its_quotes() {
    trade_on(Exchange::Binance);
}

#[test]
fn an_account_on_kraken_is_filled_from_its_quotes() {
    trade_on(Exchange::Kraken);
}

#[test]
fn an_account_on_coinbase_is_filled_from_its_quotes() {
    trade_on(Exchange::Coinbase);
}

#[test]
fn an_account_on_bybit_is_filled_from_its_quotes() {
    trade_on(Exchange::Bybit);
}

#[test]
fn an_account_on_okx_is_filled_from_its_quotes() {
    trade_on(Exchange::Okx);
}

/// What becomes of a signal under a fault: nothing where it is executed, else a piece of what is said of the venue.
fn trouble(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::Slow(_) | Fault::WrongOrder | Fault::Gap | Fault::Unflagged => None,
        Fault::TooManyRequests { .. } | Fault::Banned { .. } => Some("wants no more requests for"),
        Fault::Location => Some("does not serve the place where this machine is"),
        Fault::Garbage => Some("answers something that cannot be read"),
        Fault::Disconnect => Some("cannot be reached"),
    }
}

#[test]
fn every_fault_of_a_venue_ends_in_a_reason_and_holds_nobody_else_up() {
    let venue = TestVenue::start(Exchange::Binance);
    let desk = venue.known_to(TestDesk::still()).with("PITWIRE_LIMITS_MAX_WEBHOOKS", "50").serve();
    let of_alerts = desk.hook(&["--dedupe-ms", "0"]);
    desk.set("max_entries=50");
    for fault in Fault::ALL {
        // An account of its own, which knows no price yet.
        let (_, hook) = on_venue(&desk, &venue);
        venue.order(Some(fault));
        let asked = desk.post(&hook.path(), &buy("BTCUSDT", "1", r#","price":100"#));
        desk.executed(&of_alerts.path(), &buy("BTCUSDT", "1", r#","price":100"#));
        let decided = desk.outcome(&asked.text("signalId"));
        match trouble(fault) {
            None => assert_eq!(decided["status"], "executed", "{fault:?}: {decided}"),
            Some(part) => {
                assert_eq!(decided["reason_code"], "PRICE_UNAVAILABLE", "{fault:?}: {decided}");
                let said = text(&decided["details"], "market");
                assert!(said.contains(part) && said.ends_with('.'), "{fault:?}: {said}");
            }
        }
        venue.order(None);
        eventually("the venue serves again", || {
            let decided = desk.decided(&hook.path(), &buy("BTCUSDT", "1", r#","price":100"#));
            (decided["status"] == "executed").then_some(())
        });
    }
    assert_eq!(desk.received(), 0);
}

#[test]
fn a_slow_venue_delays_its_own_lane_alone() {
    let venue = TestVenue::start(Exchange::Kraken);
    let desk = venue.known_to(TestDesk::still()).serve();
    let (_, hook) = on_venue(&desk, &venue);
    let of_alerts = desk.hook(&[]);
    venue.order(Some(Fault::Slow(Duration::from_secs(4))));
    let first = desk.post(&hook.path(), &buy("BTCUSD", "1", ""));
    let second = desk.post(&hook.path(), &buy("BTCUSD", "2", ""));
    desk.executed(&of_alerts.path(), &buy("BTCUSD", "5", r#","price":100"#));
    for asked in [&first, &second] {
        let decided = desk.outcome(&asked.text("signalId"));
        assert_eq!(decided["status"], "executed", "{decided}");
    }
    // The alert came last and was filled first; the lane kept its order.
    assert_eq!(fills(&desk), ["buy 5 100 alert", "buy 1 100.1 quote", "buy 2 100.1 quote"]);
}

#[test]
fn a_restart_hears_the_venue_again_and_asks_again_for_what_waits() {
    let venue = TestVenue::start(Exchange::Okx);
    let mut desk = venue.known_to(TestDesk::still()).serve();
    let (_, hook) = on_venue(&desk, &venue);
    desk.executed(&hook.path(), &buy("BTCUSDT", "2", r#","price":100,"stopLoss":90"#));
    let streams = || venue.seen().iter().filter(|path| path.starts_with("/ws/v5/public")).count();
    eventually("the position is heard", || (streams() == 1).then_some(()));
    desk.kill();
    desk.serve_again();
    eventually("it is heard again", || (streams() == 2).then_some(()));
    venue.quote("88.90", "89.00");
    eventually("the stop is filled", || desk.positions().is_empty().then_some(()));
    assert_eq!(fills(&desk)[1], "sell 2 88.9 quote");
    desk.kill();
    venue.order(Some(Fault::Slow(Duration::from_secs(60))));
    desk.serve_again();
    let (_, other) = on_venue(&desk, &venue);
    let asked = desk.post(&other.path(), &buy("BTCUSDT", "1", ""));
    assert_eq!(asked.status, 202);
    desk.kill();
    venue.order(None);
    desk.serve_again();
    assert_eq!(desk.outcome(&asked.text("signalId"))["status"], "executed");
}

#[test]
fn a_venue_and_where_it_is_are_checked() {
    let desk = TestDesk::start();
    let id = desk.account();
    assert_eq!(
        desk.refused(&["account", "add", "--name", "X", "--cash", "1", "--venue", "nasdaq"]),
        "INVALID_FIELD"
    );
    assert_eq!(desk.refused(&["account", "set", &id, "venue=ftx"]), "INVALID_FIELD");
    assert_eq!(desk.refused(&["config", "set", "market.binance.rest_url", "binance.com"]), "INVALID_FIELD");
    let source = |desk: &TestDesk| account(desk, &id)["settings"]["price_source"].clone();
    assert_eq!(source(&desk), "market_then_alert");
    desk.set("venue=binance");
    assert_eq!(source(&desk), "market");
    desk.set("venue=alert");
    assert_eq!(source(&desk), "market_then_alert");
}
