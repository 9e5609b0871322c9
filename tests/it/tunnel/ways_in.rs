//! Alerts that come in through a tunnel, and everything that must not.

use super::{becomes, desk_behind, lines, post_from, status};
use crate::support::{TestDesk, eventually, exchange, request, rows, text};
use serde_json::Value;
use standin::Edge;
use standin::edge::AUTHTOKEN;
use std::net::{SocketAddr, TcpListener};

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.001"}"#;
const TRADINGVIEW: &str = "52.89.214.238";

/// A buy that is like no other.
fn buy(number: usize) -> String {
    BUY.replacen('{', &format!(r#"{{"id":"{number}","#), 1)
}

#[test]
fn an_alert_from_outside_is_filled_and_knows_its_sender() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    let online = becomes(&desk, "online", None);
    let address = format!("https://localhost:{}", edge.public_tls_addr().port());
    assert_eq!((text(&online, "public_url"), online["reason"].is_null()), (address.as_str(), true));
    let printed =
        eventually("serve to print it", || lines(&desk).into_iter().find(|l| l["state"] == "online"));
    assert_eq!(printed["public_url"], address.as_str());

    let made =
        desk.pitwire(&["webhook", "add", "--name", "Out", "--rate", "off", "--allow-ip", "tradingview"]);
    let path = text(&made, "url_path");
    assert_eq!(text(&made, "public_url"), format!("{address}{path}"));
    let shown = desk.pitwire(&["webhook", "show", text(&made["webhook"], "id")]);
    assert!(text(&shown["webhook"], "public_url").starts_with(&address), "{shown}");

    let answer = post_from(&edge, TRADINGVIEW, path, &[], &buy(1));
    assert_eq!(answer.status, 202, "{}", answer.body);
    let signal = desk.outcome(&answer.text("signalId"));
    assert_eq!((text(&signal, "status"), text(&signal, "source_ip")), ("executed", TRADINGVIEW));
    assert_eq!(desk.fills().len(), 1);
    // Whoever claims to be somebody else is known by what the edge says, which is the last entry.
    let forged = [("X-Forwarded-For", TRADINGVIEW)];
    let answer = post_from(&edge, "203.0.113.9", path, &forged, &buy(2));
    assert_eq!((answer.status, answer.text("code").as_str()), (403, "ADDRESS_NOT_ALLOWED"));
    let refused = eventually("the refusal in the history", || {
        desk.signals().into_iter().find(|s| s["reason_code"] == "ADDRESS_NOT_ALLOWED")
    });
    assert_eq!(text(&refused, "source_ip"), "203.0.113.9");
    // On this machine the header counts for nothing.
    let local = desk.request("POST", path, &forged, buy(3).as_bytes());
    assert_eq!((local.status, local.text("code").as_str()), (403, "ADDRESS_NOT_ALLOWED"));
    assert_eq!(desk.fills().len(), 1);
}

#[test]
fn nothing_but_webhooks_and_health_is_reached_from_outside() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    let path = desk.hook(&[]).path();
    let path = path.as_str();
    becomes(&desk, "online", None);
    for (path, headers, status) in [
        ("/healthz", &[][..], 200),
        ("/", &[], 404),
        ("/rpc", &[], 404),
        ("/index.html", &[], 404),
        (path, &[("Origin", "https://evil.example")], 403),
        (path, &[("Sec-Fetch-Site", "cross-site")], 403),
        (path, &[], 202),
    ] {
        let answer = post_from(&edge, TRADINGVIEW, path, headers, BUY);
        assert_eq!(answer.status, status, "{path} {headers:?}: {}", answer.body);
    }
    let quota = eventually("the requests to be counted", || {
        let quota = status(&desk)["quota"].clone();
        (quota["requests"] == 7).then_some(quota)
    });
    assert_eq!((text(&quota, "level"), &quota["limit"]), ("ok", &Value::from(20_000)));
}

#[test]
fn the_self_test_follows_the_way_and_spares_the_quota() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    let hook = desk.hook(&[]);
    becomes(&desk, "online", None);
    let outcomes = |test: &Value| -> Vec<String> {
        rows(&test["hops"]).iter().map(|h| format!("{} {}", text(h, "name"), text(h, "outcome"))).collect()
    };
    let whole = ["internet ok", "edge ok", "listener ok", "token ok", "queue ok"];
    let test = desk.pitwire(&["tunnel", "test"])["test"].clone();
    assert_eq!((outcomes(&test), text(&test, "by")), (whole.map(str::to_owned).to_vec(), "probe"));
    assert!(test["ok"] == true && test["fresh"] == true, "{test}");
    assert!(test["reply_us"].as_i64().is_some_and(|us| us < 3_000_000), "{test}");
    // Not again within five minutes.
    let again = desk.pitwire(&["tunnel", "test"])["test"].clone();
    assert!(again["fresh"] == false && again["at"] == test["at"], "{again}");
    assert!(desk.signals().is_empty(), "a probe is no signal");
    // An alert is as good as a probe.
    assert_eq!(post_from(&edge, TRADINGVIEW, &hook.path(), &[], BUY).status, 202);
    let by_alert = eventually("the alert to be proof", || {
        let test = desk.pitwire(&["tunnel", "test"])["test"].clone();
        (test["by"] == "signal").then_some(test)
    });
    assert_eq!(outcomes(&by_alert), whole);
    // A test signal goes the whole way too.
    let sent = desk.pitwire(&["webhook", "test", &hook.id, "--public"])["test"].clone();
    assert_eq!(sent["http_status"], 202, "{sent}");
    let signal = desk.outcome(text(&sent, "signal_id"));
    assert_eq!((text(&signal, "source_ip"), signal["test"].as_bool()), ("127.0.0.1", Some(true)));
}

#[test]
fn only_tradingview_passes_the_edge_where_that_is_wanted() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).with("PITWIRE_TUNNEL_ONLY_TRADINGVIEW", "on").serve();
    let hook = desk.hook(&[]);
    becomes(&desk, "online", None);
    assert_eq!(post_from(&edge, TRADINGVIEW, &hook.path(), &[], &buy(1)).status, 202);
    let forged = [("X-Forwarded-For", TRADINGVIEW)];
    let answer = post_from(&edge, "203.0.113.9", &hook.path(), &forged, &buy(2));
    assert_eq!((answer.status, answer.header("ngrok-error-code")), (403, Some("ERR_NGROK_3205")));
    assert_eq!(desk.signals().len(), 1);
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn a_reverse_proxy_of_ones_own_is_a_way_in_too() {
    let port = free_port();
    let desk = TestDesk::still()
        .with("PITWIRE_TUNNEL_MODE", "own-url")
        .with("PITWIRE_TUNNEL_OWN_URL", "https://alerts.example.test")
        .with("PITWIRE_TUNNEL_LISTEN_PORT", &port.to_string())
        .serve();
    let made = desk.pitwire(&["webhook", "add", "--name", "Proxy", "--allow-ip", TRADINGVIEW]);
    let path = text(&made, "url_path").to_owned();
    let online = becomes(&desk, "online", None);
    assert_eq!(
        (text(&online, "mode"), text(&online, "public_url")),
        ("own-url", "https://alerts.example.test")
    );
    assert!(online["quota"]["limit"].is_null(), "{online}");
    let proxy = SocketAddr::from(([127, 0, 0, 1], port));
    let through = |host: &str, forwarded: &str, number| {
        let headers = [("Host", host), ("X-Forwarded-For", forwarded)];
        exchange(proxy, &request("POST", &path, host, &headers, buy(number).as_bytes()))
    };
    let answer = through("alerts.example.test", &format!("10.0.0.1, {TRADINGVIEW}"), 1);
    assert_eq!(answer.status, 202, "{}", answer.body);
    assert_eq!(text(&desk.outcome(&answer.text("signalId")), "source_ip"), TRADINGVIEW);
    // Many proxies name the upstream instead of the public host.
    assert_eq!(through(&format!("127.0.0.1:{port}"), TRADINGVIEW, 2).status, 202);
    let foreign = through("alerts.evil.test", TRADINGVIEW, 3);
    assert_eq!((foreign.status, foreign.text("code").as_str()), (403, "ORIGIN_NOT_ALLOWED"));
    assert_eq!(through("alerts.example.test", &format!("{TRADINGVIEW}, 203.0.113.9"), 4).status, 403);
    // The name leads nowhere, and the self-test says so.
    let test = desk.run(&["tunnel", "test"]);
    assert_eq!(test.code, 1, "{test:?}");
    assert!(
        test.stderr.contains("broken at the internet") && test.stderr.contains("TUNNEL_BROKEN"),
        "{test:?}"
    );
    // Where the port is taken that is said, and mended without a restart.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let other = TestDesk::still().serve();
    let set = |key: &str, value: &str| other.pitwire(&["config", "set", key, value]);
    set("tunnel.own_url", "https://alerts.example.test");
    set("tunnel.backoff_max_s", "1");
    set("tunnel.listen_port", &taken.local_addr().unwrap().port().to_string());
    set("tunnel.mode", "own-url");
    becomes(&other, "failed", Some("PORT_TAKEN"));
    drop(taken);
    becomes(&other, "online", None);
}

#[test]
fn without_a_token_or_a_wish_there_is_no_tunnel_and_a_reason() {
    let desk = TestDesk::start();
    let off = becomes(&desk, "off", Some("NO_AUTHTOKEN"));
    assert_eq!(off["token"]["present"], false, "{off}");
    assert!(desk.pitwire(&["webhook", "add", "--name", "A"])["public_url"].is_null());
    assert_eq!(desk.refused(&["tunnel", "test"]), "TUNNEL_OFF");
    assert_eq!(desk.refused(&["tunnel", "reconnect"]), "TUNNEL_OFF");
    // There is no keychain here, and no file may hold a token.
    let mut set = desk.command(&["--json", "tunnel", "set-token"]);
    let refused = crate::support::run_to_end(&mut set, Some(AUTHTOKEN));
    assert_eq!(refused.refused(), "NO_KEYCHAIN");
    assert!(refused.stderr.contains("NGROK_AUTHTOKEN"), "{refused:?}");
    desk.pitwire(&["config", "set", "tunnel.mode", "off"]);
    becomes(&desk, "off", Some("SWITCHED_OFF"));
    desk.pitwire(&["config", "set", "tunnel.mode", "own-url"]);
    becomes(&desk, "off", Some("NO_OWN_URL"));
    assert_eq!(desk.doctor()["tunnel"], "warning");
}

#[test]
fn the_authtoken_is_in_no_file_and_shown_by_its_end_only() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let mut desk = desk_behind(&edge).with("PITWIRE_LOG", "trace").serve();
    let online = becomes(&desk, "online", None);
    assert_eq!((text(&online["token"], "hint"), text(&online["token"], "source")), ("…1234", "environment"));
    edge.accept_token(Some("another"));
    edge.cut();
    becomes(&desk, "failed", Some("TOKEN_REFUSED"));
    let printed = desk.run(&["tunnel", "status"]);
    assert!(!printed.stdout.contains(AUTHTOKEN) && printed.stdout.contains("ERR_NGROK_107"), "{printed:?}");
    desk.stop();
    let mut waiting = vec![desk.home().to_owned()];
    while let Some(directory) = waiting.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(AUTHTOKEN.len()).any(|window| window == AUTHTOKEN.as_bytes());
            assert!(!found, "the authtoken is in {}", path.display());
        }
    }
}
