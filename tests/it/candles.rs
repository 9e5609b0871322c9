//! Strategies on the candles of venues, against stand-ins: verdicts with their values, every fault, dry runs, tests on the
//! past, and charts.

use super::market::{buy, fills, on_venue};
use crate::support::{Hook, TestDesk, TestVenue, eventually, rows, text};
use serde_json::Value;
use standin::venue::{Exchange, Fault};

/// Saves a strategy of these conditions and returns its id.
#[track_caller]
fn saved(desk: &TestDesk, conditions: &str) -> String {
    let strategy =
        format!(r#"{{"name":"Level","format":1,"apply_to":"entries","when":{{"all":[{conditions}]}}}}"#);
    let file = desk.file("strategy.json", &strategy);
    text(&desk.pitwire(&["strategy", "add", &file])["strategy"], "id").to_owned()
}

/// A webhook that asks a strategy of these conditions.
#[track_caller]
fn asking(desk: &TestDesk, conditions: &str, more: &[&str]) -> Hook {
    let id = saved(desk, conditions);
    desk.hook(&[&["--mode", "pipeline", "--strategy", &id, "--dedupe-ms", "0"][..], more].concat())
}

/// The average of twenty closes is above a level.
fn above(level: &str, timeframe: &str) -> String {
    format!(r#"{{"left":"sma(close,20)","op":">","right":{level},"timeframe":"{timeframe}"}}"#)
}

#[test]
fn a_strategy_is_judged_on_the_candles_of_the_venue() {
    let venue = TestVenue::start(Exchange::Binance);
    let desk = venue.known_to(TestDesk::still()).serve();
    let (account, _) = on_venue(&desk, &venue);
    let on_account = ["--account", account.as_str()];
    let confirming = asking(&desk, &above("1", "1m"), &on_account);
    let confirmed = desk.executed(&confirming.path(), &buy("BTCUSDT", "1", ""));
    assert_eq!(confirmed["pipeline"]["verdict"], "confirm", "{confirmed}");
    let value = confirmed["pipeline"]["leaves"][0]["values"][0]["value"].as_f64().unwrap();
    assert!((50.0..150.0).contains(&value), "the synthetic market moves around 100: {value}");
    let denying = asking(&desk, &above("1000", "1m"), &on_account);
    let denied = desk.decided(&denying.path(), &buy("BTCUSDT", "1", ""));
    assert_eq!(
        (&denied["reason_code"], &denied["pipeline"]["verdict"]),
        (&"PIPELINE_DENIED".into(), &"deny".into())
    );
    assert_eq!(confirmed["pipeline"]["venue"], "binance");
    let blamed = &denied["pipeline"]["leaves"][0]["values"];
    assert_eq!((&blamed[0]["operand"], &blamed[1]["value"]), (&"sma(close,20)".into(), &1000.0.into()));
    assert!((50.0..150.0).contains(&blamed[0]["value"].as_f64().unwrap()), "{denied}");
    // The exchange of the symbol has the candles where the account has no venue; the alert has the price.
    let of_alerts = asking(&desk, &above("1", "1m"), &[]);
    desk.executed(&of_alerts.path(), &buy("BINANCE:BTCUSDT", "1", r#","price":100"#));
    assert_eq!(fills(&desk), ["buy 1 100.1 quote", "buy 1 100 alert"]);
    // Candles that are too old, and none at all, fail closed and say so.
    venue.order(Some(Fault::Gap));
    let stale = desk.decided(&confirming.path(), &buy("BTCUSD", "1", ""));
    assert_eq!(stale["reason_code"], "CANDLES_STALE", "{stale}");
    venue.order(Some(Fault::Location));
    let elsewhere = desk.decided(&of_alerts.path(), &buy("BINANCE:ETHUSDT", "1", r#","price":100"#));
    assert_eq!(elsewhere["reason_code"], "CANDLES_UNAVAILABLE", "{elsewhere}");
    assert!(text(&elsewhere["details"], "market").contains("does not serve the place"), "{elsewhere}");
}

/// A number that is written as text.
#[track_caller]
fn number(value: &Value) -> f64 {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn the_chart_of_a_signal_has_what_its_verdict_was_made_of() {
    let venue = TestVenue::start(Exchange::Binance);
    let desk = venue.known_to(TestDesk::still()).serve();
    let (account, direct) = on_venue(&desk, &venue);
    let both = r#"{"left":"sma(close,20)","op":">","right":1,"timeframe":"1m"},
        {"left":"rsi(close,14)","op":"between","right":[0,100],"timeframe":"5m"},
        {"left":"close","op":"<","right":1000,"timeframe":"1m"}"#;
    let hook = asking(&desk, both, &["--account", &account]);
    let signal = desk.executed(&hook.path(), &buy("BTCUSDT", "1", ""));
    let id = text(&signal, "id");
    let chart = |more: &[&str]| desk.pitwire(&[&["signal", "chart", id], more].concat())["chart"].clone();
    let shown = chart(&["--before", "30"]);
    let leaf = &signal["pipeline"]["leaves"][0];
    assert_eq!((&shown["timeframe"], &shown["venue"]), (&"1m".into(), &"binance".into()));
    assert_eq!(shown["series"].as_array().unwrap().len(), 2, "{shown}");
    assert_eq!((&shown["judged"], &shown["missing"]), (&leaf["candle_opened_at"], &Value::Null));
    let candles = rows(&shown["candles"]);
    let judged = candles.iter().position(|candle| candle["opened_at"] == shown["judged"]).unwrap();
    assert_eq!(judged, 29, "thirty candles up to the judged one");
    // The close needs no line: the candles show it.
    let [average] = rows(&shown["lines"]) else { panic!("one line is drawn: {shown}") };
    assert_eq!((text(average, "label"), text(average, "pane")), ("sma(close,20)", "price"));
    assert_eq!(average["levels"], serde_json::json!(["1"]));
    let values = rows(&average["values"]);
    assert_eq!(values.len(), candles.len());
    // The mean of the last twenty closes, and what the verdict had.
    let mean = candles[10..30].iter().map(|candle| number(&candle["close"])).sum::<f64>() / 20.0;
    let said = leaf["values"][0]["value"].as_f64().unwrap();
    assert!((number(&values[29]) - mean).abs() < 1e-9, "{mean} {values:?}");
    assert!((number(&values[29]) - said).abs() < 1e-12, "{said} {values:?}");
    let fills = rows(&shown["fills"]);
    assert_eq!(
        fills.iter().map(|fill| text(fill, "id")).collect::<Vec<_>>(),
        [text(&signal["fills"][0], "id")]
    );

    let other = chart(&["--timeframe", "5m"]);
    let [rsi] = rows(&other["lines"]) else { panic!("one line is drawn: {other}") };
    assert_eq!((text(rsi, "label"), text(rsi, "pane")), ("rsi(close,14)", "separate"));
    assert_eq!(rsi["levels"], serde_json::json!(["0", "100"]));
    assert_eq!(rows(&other["candles"]).len(), 120);

    // As rows, the first of which has the names.
    let printed = desk.run(&["signal", "chart", id, "--before", "2", "--after", "0"]);
    let lines: Vec<&str> = printed.stdout.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "time,open,high,low,close,volume,\"sma(close,20)\""));
    assert_eq!(desk.refused(&["signal", "chart", id, "--timeframe", "4h"]), "INVALID_FIELD");
    assert_eq!(desk.refused(&["signal", "chart", id, "--before", "501"]), "INVALID_FIELD");
    let unasked = desk.executed(&direct.path(), &buy("BTCUSDT", "1", ""));
    assert_eq!(desk.refused(&["signal", "chart", text(&unasked, "id")]), "NO_VERDICT");
}

#[test]
fn a_chart_says_what_the_cache_does_not_have() {
    let venue = TestVenue::start(Exchange::Binance);
    let desk = venue.known_to(TestDesk::still()).serve();
    let chart = |hook: &Hook, body: &str| {
        let unknown = desk.decided(&hook.path(), body);
        assert_eq!(unknown["reason_code"], "CANDLES_UNAVAILABLE", "{unknown}");
        let chart = desk.pitwire(&["signal", "chart", text(&unknown, "id")])["chart"].clone();
        assert_eq!((rows(&chart["candles"]), rows(&chart["fills"])), (&[][..], &[][..]), "{chart}");
        text(&chart, "missing").to_owned()
    };
    let hook = asking(&desk, &above("1", "1m"), &[]);
    venue.order(Some(Fault::Location));
    let missing = chart(&hook, &buy("BINANCE:BTCUSDT", "1", r#","price":100"#));
    assert_eq!(missing, "The cache has no candle of BTCUSDT 1m at Binance for the time of the verdict.");
    let missing = chart(&hook, &buy("BTCUSDT", "1", r#","price":100"#));
    assert!(missing.starts_with("Neither the signal, nor the account, nor the strategy"), "{missing}");
    let blind = asking(&desk, r#"{"left":"alert.price","op":">","right":1}"#, &[]);
    let confirmed = desk.executed(&blind.path(), &buy("BTCUSDT", "1", r#","price":100"#));
    assert_eq!(desk.refused(&["signal", "chart", text(&confirmed, "id")]), "NO_CANDLES");
}

/// How a signal ends whose candles come from a venue with this fault, and what is said of the venue.
fn end(fault: Fault) -> (&'static str, Option<&'static str>) {
    match fault {
        Fault::Slow(_) | Fault::WrongOrder | Fault::Unflagged => ("executed", None),
        Fault::Gap => ("CANDLES_STALE", None),
        Fault::TooManyRequests { .. } | Fault::Banned { .. } => {
            ("CANDLES_UNAVAILABLE", Some("wants no more requests for"))
        }
        Fault::Location => ("CANDLES_UNAVAILABLE", Some("does not serve the place where this machine is")),
        Fault::Garbage => ("CANDLES_UNAVAILABLE", Some("answers something that cannot be read")),
        Fault::Disconnect => ("CANDLES_UNAVAILABLE", Some("cannot be reached")),
    }
}

#[track_caller]
fn fails_closed_on(exchange: Exchange) {
    let venue = TestVenue::start(exchange);
    let desk = venue.known_to(TestDesk::still()).with("PITWIRE_LIMITS_MAX_WEBHOOKS", "50").serve();
    desk.set("max_entries=500");
    let of_alerts = desk.hook(&["--dedupe-ms", "0"]);
    let hooks = ["1m", "5m", "15m", "30m", "1h"].map(|timeframe| {
        let hook = asking(&desk, &above("1", timeframe), &[]);
        (timeframe, hook)
    });
    let name = venue.name().to_uppercase();
    // A series for each fault of which nothing is known yet.
    let series =
        ["BTCUSDT", "BTCUSD"].into_iter().flat_map(|symbol| hooks.iter().map(move |of| (symbol, of)));
    for (fault, (symbol, (timeframe, hook))) in Fault::ALL.into_iter().zip(series) {
        let body = buy(&format!("{name}:{symbol}"), "1", r#","price":100"#);
        venue.order(Some(fault));
        let asked = desk.post(&hook.path(), &body);
        desk.executed(&of_alerts.path(), &buy("ETHUSD", "1", r#","price":100"#));
        let decided = desk.outcome(&asked.text("signalId"));
        let leaf = &decided["pipeline"]["leaves"][0];
        let (code, said) = end(fault);
        if code == "executed" {
            assert_eq!(decided["status"], "executed", "{fault:?}: {decided}");
            assert!(leaf["values"][0]["value"].as_f64().unwrap() > 1.0, "{fault:?}: {decided}");
        } else {
            assert_eq!((&decided["status"], &decided["reason_code"]), (&"rejected".into(), &code.into()));
            assert_eq!(leaf["values"][0]["value"], Value::Null, "{fault:?}: {decided}");
            let missing = text(leaf, "missing");
            assert!(missing.starts_with(&format!("{symbol} {timeframe}: ")), "{fault:?}: {missing}");
        }
        if let Some(said) = said {
            let trouble = text(&decided["details"], "market");
            assert!(trouble.contains(said) && trouble.ends_with('.'), "{fault:?}: {trouble}");
        }
        venue.order(None);
        eventually("the venue serves again", || {
            (desk.decided(&hook.path(), &body)["status"] == "executed").then_some(())
        });
    }
    assert_eq!(desk.received(), 0);
}

#[test]
fn every_fault_of_binance_ends_in_a_reason() {
    fails_closed_on(Exchange::Binance);
}

#[test]
fn every_fault_of_kraken_ends_in_a_reason() {
    fails_closed_on(Exchange::Kraken);
}

#[test]
fn every_fault_of_coinbase_ends_in_a_reason() {
    fails_closed_on(Exchange::Coinbase);
}

#[test]
fn every_fault_of_bybit_ends_in_a_reason() {
    fails_closed_on(Exchange::Bybit);
}

#[test]
fn every_fault_of_okx_ends_in_a_reason() {
    fails_closed_on(Exchange::Okx);
}

#[test]
fn the_candles_that_a_pipeline_asked_for_are_heard_while_it_is_enabled() {
    let venue = TestVenue::start(Exchange::Okx);
    let desk = venue.known_to(TestDesk::still()).serve();
    let hook = asking(&desk, &above("1", "1m"), &[]);
    let streams = || venue.seen().iter().filter(|path| path.starts_with("/ws/v5/business")).count();
    assert_eq!(streams(), 0, "nothing is needed yet");
    desk.executed(&hook.path(), &buy("OKX:BTCUSDT", "1", r#","price":100"#));
    eventually("the candles are heard", || (streams() == 1).then_some(()));
    let finding = || {
        let doctor = desk.run(&["--json", "doctor"]).json();
        let market = rows(&doctor["checks"]).iter().find(|check| check["name"] == "market").cloned();
        text(&market.unwrap(), "finding").to_owned()
    };
    let heard = "candles are heard: 1 series of OKX; no trouble is known";
    eventually("other processes are told", || (finding() == heard).then_some(()));
    let strategy = desk.webhook(&hook.id)["strategy_id"].clone();
    desk.pitwire(&["strategy", "disable", strategy.as_str().unwrap()]);
    let nothing = "no account is on a venue; prices come from the alerts";
    eventually("they are left", || (finding() == nothing).then_some(()));
}

/// What would become of a message, by a dry run of a test signal.
#[track_caller]
fn tried(desk: &TestDesk, hook: &Hook, body: &str) -> Value {
    let file = desk.file("message.json", body);
    let arguments = ["webhook", "test", &hook.id, "--payload", &file, "--dry-run"];
    desk.pitwire(&arguments)["test"]["trials"][0].clone()
}

#[test]
fn a_dry_run_asks_the_venue_while_a_worker_runs_and_the_cache_else() {
    let venue = TestVenue::start(Exchange::Binance);
    let mut desk = venue.known_to(TestDesk::still()).serve();
    let (account, _) = on_venue(&desk, &venue);
    let on_account = ["--account", account.as_str()];
    let confirming = asking(&desk, &above("1", "1d"), &on_account);
    let denying = asking(&desk, &above("1000", "1d"), &on_account);
    let of_alerts = asking(&desk, &above("1", "1d"), &[]);
    let order = buy("BTCUSDT", "1", "");
    let confirmed = tried(&desk, &confirming, &order);
    assert_eq!(confirmed["status"], "executed", "{confirmed}");
    assert_eq!(confirmed["pipeline"]["verdict"], "confirm");
    assert_eq!(text(&confirmed["fills"][0]["why"], "source"), "quote");
    let denied = tried(&desk, &denying, &order);
    assert_eq!(denied["reason_code"], "PIPELINE_DENIED", "{denied}");
    let value = denied["pipeline"]["leaves"][0]["values"][0]["value"].as_f64().unwrap();
    assert!((50.0..150.0).contains(&value), "the synthetic market moves around 100: {value}");
    assert!(desk.signals().is_empty() && desk.fills().is_empty(), "a dry run decides nothing");
    // A venue in trouble fails closed, with the reason that a real signal would have.
    venue.order(Some(Fault::Location));
    let other = buy("BINANCE:BTCUSD", "1", r#","price":100"#);
    let (trial, real) = (tried(&desk, &of_alerts, &other), desk.decided(&of_alerts.path(), &other));
    for one in [&trial, &real] {
        assert_eq!(one["reason_code"], "CANDLES_UNAVAILABLE", "{one}");
        assert_eq!(one["pipeline"]["leaves"][0]["missing"], "BTCUSD 1d: there are no candles.");
        assert!(text(&one["details"], "market").contains("does not serve the place"), "{one}");
    }
    venue.order(None);
    desk.stop();

    // Nothing runs: what is cached is judged by, what is not is said, and nobody is asked.
    let asked = venue.seen().len();
    let cached = buy("BINANCE:BTCUSDT", "1", r#","price":100"#);
    let confirmed = tried(&desk, &of_alerts, &cached);
    assert_eq!(
        (&confirmed["status"], &confirmed["pipeline"]["venue"]),
        (&"executed".into(), &"binance".into())
    );
    let unknown = tried(&desk, &of_alerts, &other);
    assert_eq!(unknown["reason_code"], "CANDLES_UNAVAILABLE", "{unknown}");
    assert!(text(&unknown["details"], "market").starts_with("No venue was asked"), "{unknown}");
    let replayed = desk.pitwire(&["signal", "replay", text(&real, "id"), "--dry-run"]);
    let trial = &replayed["signals"][0];
    assert_eq!(trial["pipeline"]["leaves"][0]["missing"], "BTCUSD 1d: there are no candles.", "{trial}");
    assert_eq!(venue.seen().len(), asked);
}

#[test]
fn a_test_on_the_past_takes_the_candles_of_that_time_from_the_cache() {
    let venue = TestVenue::start(Exchange::Binance);
    let mut desk = venue.known_to(TestDesk::still()).serve();
    let hook = asking(&desk, &above("1", "1h"), &[]);
    let direct = desk.hook(&["--dedupe-ms", "0"]);
    let body = buy("BINANCE:BTCUSDT", "1", r#","price":100"#);
    let real = desk.executed(&hook.path(), &body);
    let strategy = text(&real["pipeline"], "strategy_id").to_owned();
    let test = |desk: &TestDesk, more: &[&str]| {
        desk.pitwire(&[&["strategy", "test", &strategy], more].concat())["test"].clone()
    };
    let id = text(&real, "id");
    desk.stop();
    // The same candles, the same values, whatever the venue would say now.
    let again = test(&desk, &["--signal", id]);
    assert_eq!(again["rows"][0]["pipeline"], real["pipeline"], "{again}");
    let counts =
        |all: &Value| ["signals", "confirmed", "denied", "unknown"].map(|key| all[key].as_u64().unwrap());
    assert_eq!(counts(&test(&desk, &["--webhook", &hook.id])), [1, 1, 0, 0]);
    let strict = desk.file(
        "strict.json",
        &format!(r#"{{"name":"Strict","format":1,"when":{{"all":[{}]}}}}"#, above("1000", "1h")),
    );
    assert_eq!(counts(&test(&desk, &["--webhook", &hook.id, "--file", &strict])), [1, 0, 1, 0]);

    // A signal whose candles nobody asked for: said, and asked for once a worker runs.
    desk.serve_again();
    let other = desk.executed(&direct.path(), &buy("BINANCE:BTCUSD", "1", r#","price":100"#));
    desk.stop();
    let unknown = test(&desk, &["--signal", text(&other, "id")]);
    let row = &unknown["rows"][0];
    assert_eq!(row["pipeline"]["leaves"][0]["missing"], "BTCUSD 1h: there are no candles.", "{row}");
    assert!(text(row, "market").starts_with("No venue was asked"), "{row}");
    let printed = desk.run(&["strategy", "test", &strategy, "--signal", text(&other, "id")]).stdout;
    for part in ["unknown  BTCUSD 1h: there are no candles.", "No venue was asked", "sma(close,20) > 1"] {
        assert!(printed.contains(part), "{printed}");
    }
    desk.serve_again();
    let known = test(&desk, &["--signal", text(&other, "id")]);
    assert_eq!(known["rows"][0]["pipeline"]["verdict"], "confirm", "{known}");
    venue.order(Some(Fault::Location));
    let file = desk.file(
        "quarters.json",
        &format!(r#"{{"name":"Quarters","format":1,"when":{{"all":[{}]}}}}"#, above("1", "15m")),
    );
    let refused = test(&desk, &["--signal", text(&other, "id"), "--file", &file]);
    assert!(text(&refused["rows"][0], "market").contains("does not serve the place"), "{refused}");
}
