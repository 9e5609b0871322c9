//! The tunnel from the outside: the real program against a stand-in of ngrok's edge, and against none.

mod ways_down;
mod ways_in;

use crate::support::{Answer, TestDesk, eventually, exchange, request, text};
use serde_json::Value;
use standin::Edge;
use standin::edge::AUTHTOKEN;

/// A desk whose tunnel goes to `edge`, with short waits: a second between attempts, three of silence.
pub(crate) fn desk_behind(edge: &Edge) -> TestDesk {
    let desk = TestDesk::still();
    let ca = desk.file("edge-ca.pem", edge.ca_pem());
    desk.with("PITWIRE_TUNNEL_SERVER_ADDR", &edge.server_addr())
        .with("PITWIRE_TUNNEL_ROOT_CAS", &ca)
        .with("PITWIRE_TUNNEL_BACKOFF_MAX_S", "1")
        .with("PITWIRE_TUNNEL_HEARTBEAT_S", "1")
        .with("PITWIRE_TUNNEL_PROBE_MIN", "0")
        .with("NGROK_AUTHTOKEN", AUTHTOKEN)
}

/// Where the tunnel stands.
#[track_caller]
pub(crate) fn status(desk: &TestDesk) -> Value {
    desk.pitwire(&["tunnel", "status"])["tunnel"].clone()
}

/// Waits for a state, and for its reason where one is named.
#[track_caller]
pub(crate) fn becomes(desk: &TestDesk, state: &str, code: Option<&str>) -> Value {
    let mut last = Value::Null;
    let found = eventually(&format!("the tunnel to be {state} {code:?}"), || {
        last = status(desk);
        let is_there = last["state"] == state && code.is_none_or(|code| last["reason"]["code"] == code);
        is_there.then(|| last.clone())
    });
    assert!(state != "failed" || !text(&found["reason"], "fix").is_empty(), "{found}");
    found
}

/// Posts from the internet, as `client`.
#[track_caller]
pub(crate) fn post_from(edge: &Edge, client: &str, path: &str, more: &[(&str, &str)], body: &str) -> Answer {
    let mut headers = vec![("standin-client", client), ("Content-Type", "application/json")];
    headers.extend(more);
    let bytes = request("POST", path, "localhost", &headers, body.as_bytes());
    exchange(edge.public_addr(), &bytes)
}

/// The lines that `serve` has printed about the tunnel.
pub(crate) fn lines(desk: &TestDesk) -> Vec<Value> {
    let printed = std::fs::read_to_string(desk.home().join("serve-1.out")).unwrap();
    let line = |line: &str| serde_json::from_str::<Value>(line).unwrap();
    printed.lines().map(line).filter(|line| line["event"] == "tunnel").collect()
}
