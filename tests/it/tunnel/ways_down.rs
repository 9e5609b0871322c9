//! Every way in which a tunnel goes down: the right words on the way, and online again without a restart.

use super::{becomes, desk_behind, lines, post_from, status};
use crate::support::{STOPS_IN_ORDER, TestDesk, eventually, rows, text};
use serde_json::Value;
use standin::Edge;
use standin::edge::{Command, Refusal};

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.001"}"#;

/// Online, and alerts come in.
#[track_caller]
fn online(edge: &Edge, desk: &TestDesk) -> Value {
    let seen = becomes(desk, "online", None);
    eventually("the edge to answer", || {
        (post_from(edge, "52.89.214.238", "/healthz", &[], "").status == 200).then_some(())
    });
    seen
}

#[test]
fn refusals_are_said_in_words_and_end_when_their_cause_does() {
    let edge = Edge::start(&["localhost"]).unwrap();
    edge.accept_token(Some("another"));
    let desk = desk_behind(&edge).serve();
    becomes(&desk, "failed", Some("TOKEN_REFUSED"));
    edge.accept_token(None);
    online(&edge, &desk);
    for (number, code) in [
        ("105", "TOKEN_MALFORMED"),
        ("106", "TOKEN_OUTDATED"),
        ("107", "TOKEN_REFUSED"),
        ("108", "TOO_MANY_SESSIONS"),
        ("120", "AGENT_TOO_OLD"),
        ("300", "TOKEN_REVOKED"),
        ("4018", "ACCOUNT_NEEDED"),
    ] {
        let service_code = format!("ERR_NGROK_{number}");
        edge.refuse_sign_ins(Some(Refusal::of(&service_code, "Words of the service.")));
        edge.cut();
        let failed = becomes(&desk, "failed", Some(code));
        assert_eq!(text(&failed["reason"], "service_code"), service_code);
    }
    for (number, code) in [("734", "RATE_LIMITED"), ("9999", "SERVICE_REFUSED")] {
        edge.refuse_sign_ins(Some(Refusal::of(&format!("ERR_NGROK_{number}"), "Words of the service.")));
        becomes(&desk, "reconnecting", Some(code));
    }
    edge.refuse_sign_ins(None);
    online(&edge, &desk);
    assert!(lines(&desk).iter().any(|line| line["state"] == "failed" && !line["reason"]["fix"].is_null()));
    assert!(edge.sign_ins().len() >= 10);
}

#[test]
fn a_wrong_domain_is_named_and_another_one_tried_at_once() {
    let edge = Edge::start(&["localhost", "second.example"]).unwrap();
    let desk = desk_behind(&edge).serve();
    let hook = desk.hook(&[]);
    let first = text(&online(&edge, &desk), "public_url").to_owned();
    let set = |domain: &str| desk.pitwire(&["config", "set", "tunnel.domain", domain]);
    set("nobodys.example");
    let failed = becomes(&desk, "failed", Some("DOMAIN_REFUSED"));
    assert_eq!(text(&failed["reason"], "service_code"), "ERR_NGROK_319");
    set("second.example");
    let moved = becomes(&desk, "online", None);
    assert_eq!(text(&moved, "public_url"), "https://second.example");
    // Alerts still go to the old address, and which ones is said.
    let change = &moved["address_change"];
    assert_eq!(
        (text(change, "old_url"), text(change, "new_url")),
        (first.as_str(), "https://second.example")
    );
    let webhook = &rows(&change["webhooks"])[0];
    assert_eq!(text(webhook, "id"), hook.id);
    let path = format!("/webhooks/tradingview/{}/<token>", hook.id);
    assert_eq!(text(webhook, "old_url"), format!("{first}{path}"));
    assert_eq!(text(webhook, "new_url"), format!("https://second.example{path}"));
    // Back at the old one there is nothing to do; what is acknowledged is not shown again.
    set("");
    eventually("the old address", || (status(&desk)["public_url"] == first.as_str()).then_some(()));
    assert!(becomes(&desk, "online", None)["address_change"].is_null());
    set("second.example");
    eventually("the new address", || (!status(&desk)["address_change"].is_null()).then_some(()));
    desk.pitwire(&["tunnel", "acknowledge"]);
    assert!(status(&desk)["address_change"].is_null());
}

#[test]
fn a_cut_finds_the_domain_taken_and_waits_for_the_same_one() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    let before = online(&edge, &desk);
    edge.hold_domain(3);
    edge.cut();
    let taken = becomes(&desk, "reconnecting", Some("ENDPOINT_TAKEN"));
    assert_eq!(text(&taken["reason"], "service_code"), "ERR_NGROK_334");
    assert_eq!(taken["public_url"], before["public_url"], "the address stays shown");
    assert_eq!(online(&edge, &desk)["public_url"], before["public_url"]);
}

#[test]
fn an_edge_that_restarts_is_waited_for_however_long_it_takes() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    online(&edge, &desk);
    edge.open(false);
    edge.cut();
    let down = becomes(&desk, "reconnecting", Some("UNREACHABLE"));
    assert!(!down["retry_at"].is_null() || down["attempts"].as_i64() > Some(0), "{down}");
    // Far more attempts than the crate would make in its first hour.
    eventually("many attempts", || (status(&desk)["attempts"].as_i64() >= Some(7)).then_some(()));
    edge.open(true);
    online(&edge, &desk);
    let timeline = desk.pitwire(&["tunnel", "timeline"]);
    let gap = &rows(&timeline["gaps"])[0];
    assert!(gap["seconds"].as_i64() >= Some(6) && !gap["to"].is_null(), "{gap}");
    assert_eq!(text(&gap["reason"], "code"), "CUT");
}

#[test]
fn an_edge_that_falls_silent_is_left() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    online(&edge, &desk);
    edge.silence();
    eventually("the silence to be noticed", || {
        lines(&desk).iter().any(|line| line["reason"]["code"] == "SILENT").then_some(())
    });
    online(&edge, &desk);
    edge.cut();
    online(&edge, &desk);
}

#[test]
fn the_dashboard_can_stop_restart_and_close_but_not_update() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    online(&edge, &desk);
    let told = |code: &str| lines(&desk).iter().filter(|line| line["reason"]["code"] == code).count();
    edge.command(Command::Restart);
    eventually("the restart", || (told("RESTART_ASKED") > 0).then_some(()));
    online(&edge, &desk);
    edge.command(Command::Update);
    eventually("the answer to the update", || {
        edge.command_answers()
            .iter()
            .any(|answer| answer.contains("not from the ngrok dashboard"))
            .then_some(())
    });
    let message = "The credential was revoked.".to_owned();
    edge.command(Command::StopTunnel { message, code: Some("ERR_NGROK_300".to_owned()) });
    eventually("the end of the tunnel", || (told("TOKEN_REVOKED") > 0).then_some(()));
    online(&edge, &desk);
    edge.command(Command::Stop);
    let stopped = becomes(&desk, "failed", Some("STOPPED_IN_DASHBOARD"));
    assert!(stopped["retry_at"].is_null(), "{stopped}");
    desk.pitwire(&["tunnel", "reconnect"]);
    online(&edge, &desk);
}

#[test]
fn a_program_that_was_killed_leaves_a_gap() {
    let edge = Edge::start(&["localhost"]).unwrap();
    let mut desk = desk_behind(&edge).serve();
    let hook = desk.hook(&[]);
    online(&edge, &desk);
    assert_eq!(post_from(&edge, "52.89.214.238", &hook.path(), &[], BUY).status, 202);
    desk.outcome(text(&desk.signals()[0], "id"));
    desk.kill();
    let gone = status(&desk);
    assert_eq!((text(&gone, "state"), text(&gone["reason"], "code")), ("off", "NOT_RUNNING"));
    assert_eq!(desk.refused(&["tunnel", "test"]), "TUNNEL_OFF");
    desk.serve_again();
    online(&edge, &desk);
    let timeline = desk.pitwire(&["tunnel", "timeline"]);
    let gaps = rows(&timeline["gaps"]);
    assert_eq!((gaps.len(), text(&gaps[0]["reason"], "code")), (1, "NOT_RUNNING"), "{timeline}");
    let at_risk = &rows(&gaps[0]["webhooks"])[0];
    assert_eq!(
        (text(at_risk, "id"), at_risk["alerts_7d"].as_i64()),
        (hook.id.as_str(), Some(1)),
        "{at_risk}"
    );
    desk.stop();
    assert!(edge.online() == 0 || !STOPS_IN_ORDER, "a stop in order gives the domain back");
}
