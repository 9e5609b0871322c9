//! What a probe says about each part of the way: internet, edge, listener, token, queue.

use crate::wire::{HopOutcome, TunnelHop};
use ::tunnel::{Probed, Reached};
use serde_json::Value;

/// The parts of the way, in order.
const NAMES: [&str; 5] = ["internet", "edge", "listener", "token", "queue"];

/// What is to be known to read a probe.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Way {
    /// Whether a service of its own is between; else a reverse proxy is.
    pub(crate) is_ngrok: bool,
    /// Whether the edge lets TradingView's addresses through only.
    pub(crate) only_tradingview: bool,
    /// Whether there is a webhook to sign a probe with.
    pub(crate) has_webhook: bool,
}

/// Reads a probe. All five hops, in order; after one that failed none is known.
pub(crate) fn read(way: Way, probed: &Probed) -> Vec<TunnelHop> {
    let mut hops = Hops(Vec::with_capacity(NAMES.len()));
    match &probed.reached {
        Reached::Nowhere { error } => hops.failed(
            &format!("The address cannot be reached from here ({error})."),
            "Check the internet connection, and that the name of the address is right.",
        ),
        Reached::Connected { error } => {
            hops.ok("The address is reached.");
            let fix = if way.is_ngrok {
                "If something on the network inspects traffic, let the address through; else see status.ngrok.com."
            } else {
                "Look at the reverse proxy: it must serve https with a certificate that the system trusts."
            };
            hops.failed(&format!("It does not answer over https ({error})."), fix);
        }
        Reached::Answered { status, service_code, body } => {
            hops.ok("The address is reached.");
            match service_code {
                Some(code) => by_the_service(&mut hops, way, code),
                None => by_somebody(&mut hops, way, *status, body, probed),
            }
        }
    }
    hops.whole()
}

/// The service answered in our place.
fn by_the_service(hops: &mut Hops, way: Way, code: &str) {
    let code: String = code.chars().filter(char::is_ascii_graphic).take(40).collect();
    match code.as_str() {
        "ERR_NGROK_3205" if way.only_tradingview => {
            hops.ok("It answers, and lets nobody but TradingView through, as tunnel.only_tradingview says.");
            hops.unknown("What is behind it shows when an alert comes.");
        }
        "ERR_NGROK_3200" => hops.failed(
            "The service answers that nothing is online at this address (ERR_NGROK_3200).",
            "Reconnect the tunnel; if that does not help, look at tunnel.domain.",
        ),
        "ERR_NGROK_3004" | "ERR_NGROK_8012" => {
            hops.ok("It answers.");
            hops.failed(
                &format!("The service had no valid answer from this machine ({code})."),
                "Restart Pitwire. If it stays so, its log says why.",
            );
        }
        _ => hops.failed(
            &format!("The service refuses requests ({code})."),
            "Look the code up at ngrok.com/docs/errors; it may be a limit of the plan.",
        ),
    }
}

fn by_somebody(hops: &mut Hops, way: Way, status: u16, body: &[u8], probed: &Probed) {
    hops.ok("It answers.");
    let answer: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if answer["code"] == "ORIGIN_NOT_ALLOWED" {
        return hops.failed(
            "Pitwire answers, but the request names another host than the public address.",
            "Let the reverse proxy pass the Host of the request on, or set it to localhost.",
        );
    }
    if answer["status"] != "ok" {
        let fix = if way.is_ngrok {
            "Something stands between the service and Pitwire; look at the endpoint's traffic policy."
        } else {
            "Point the reverse proxy at 127.0.0.1 and the port of tunnel.listen_port, for every path."
        };
        return hops.failed(&format!("Something else than Pitwire answers (HTTP {status})."), fix);
    }
    hops.ok(&format!("Pitwire answered within {} ms.", probed.took.as_millis().max(1)));
    if !way.has_webhook {
        return hops.unknown("There is no webhook to try it with yet.");
    }
    if answer["token"] != "ok" {
        return hops.failed(
            "The signature of a webhook was not accepted.",
            "Check this machine's clock; if it is right, regenerate the webhook's token.",
        );
    }
    hops.ok("A webhook's secret is known.");
    if answer["queue"] != "ok" {
        return hops.failed(
            "An alert could not be stored now.",
            "Free disk space or check the disk, then try again.",
        );
    }
    hops.ok("An alert would be stored.");
}

/// The whole way, proven by an alert that came through it.
pub(crate) fn by_an_alert() -> Vec<TunnelHop> {
    let mut hops = Hops(Vec::with_capacity(NAMES.len()));
    for _ in NAMES {
        hops.ok("An alert has just come through.");
    }
    hops.whole()
}

struct Hops(Vec<TunnelHop>);

impl Hops {
    fn put(&mut self, outcome: HopOutcome, finding: &str, fix: Option<&str>) {
        if let Some(name) = NAMES.get(self.0.len()) {
            let (name, finding) = ((*name).to_owned(), finding.to_owned());
            self.0.push(TunnelHop { name, outcome, finding, fix: fix.map(str::to_owned) });
        }
    }

    fn ok(&mut self, finding: &str) {
        self.put(HopOutcome::Ok, finding, None);
    }

    fn failed(&mut self, finding: &str, fix: &str) {
        self.put(HopOutcome::Failed, finding, Some(fix));
    }

    fn unknown(&mut self, finding: &str) {
        self.put(HopOutcome::NotReached, finding, None);
    }

    fn whole(mut self) -> Vec<TunnelHop> {
        while self.0.len() < NAMES.len() {
            self.unknown("Not reached.");
        }
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use std::time::Duration;

    const NGROK: Way = Way { is_ngrok: true, only_tradingview: false, has_webhook: true };
    const PROXY: Way = Way { is_ngrok: false, only_tradingview: false, has_webhook: true };

    fn answered(status: u16, service_code: Option<&str>, body: &'static str) -> Reached {
        Reached::Answered {
            status,
            service_code: service_code.map(str::to_owned),
            body: Bytes::from_static(body.as_bytes()),
        }
    }

    /// The outcomes as letters: o for ok, f for failed, a dot for not reached.
    fn check(way: Way, reached: Reached, expected: &str, says: &str) {
        let shown = format!("{reached:?}");
        let hops = read(way, &Probed { reached, took: Duration::from_millis(42) });
        let letters: String = hops
            .iter()
            .map(|hop| match hop.outcome {
                HopOutcome::Ok => 'o',
                HopOutcome::Failed => 'f',
                HopOutcome::NotReached => '.',
            })
            .collect();
        assert_eq!(letters, expected, "{shown}: {hops:?}");
        assert!(hops.iter().any(|hop| hop.finding.contains(says)), "{shown}: {hops:?}");
        assert!(hops.iter().all(|h| (h.outcome == HopOutcome::Failed) == h.fix.is_some()), "{hops:?}");
    }

    #[test]
    fn each_hop_can_be_the_one_that_is_broken() {
        let error = || "no route".to_owned();
        check(NGROK, Reached::Nowhere { error: error() }, "f....", "no route");
        check(NGROK, Reached::Connected { error: error() }, "of...", "no route");
        check(NGROK, answered(404, Some("ERR_NGROK_3200"), ""), "of...", "nothing is online");
        check(NGROK, answered(429, Some("ERR_NGROK_734"), ""), "of...", "ERR_NGROK_734");
        check(NGROK, answered(502, Some("ERR_NGROK_3004"), ""), "oof..", "ERR_NGROK_3004");
        check(PROXY, answered(502, None, "<html>Bad gateway"), "oof..", "HTTP 502");
        check(PROXY, answered(403, None, r#"{"code":"ORIGIN_NOT_ALLOWED"}"#), "oof..", "another host");
        let stranger = r#"{"status":"ok","token":"failed","queue":"not_reached"}"#;
        check(NGROK, answered(401, None, stranger), "ooof.", "not accepted");
        check(
            NGROK,
            answered(200, None, r#"{"status":"ok","token":"ok","queue":"failed"}"#),
            "oooof",
            "could not be stored",
        );
        check(NGROK, answered(200, None, r#"{"status":"ok","token":"ok","queue":"ok"}"#), "ooooo", "42 ms");
    }

    #[test]
    fn what_cannot_be_tried_is_no_failure() {
        let strict = Way { only_tradingview: true, ..NGROK };
        check(strict, answered(403, Some("ERR_NGROK_3205"), ""), "oo...", "nobody but TradingView");
        check(NGROK, answered(403, Some("ERR_NGROK_3205"), ""), "of...", "ERR_NGROK_3205");
        let bare = Way { has_webhook: false, ..NGROK };
        check(bare, answered(200, None, r#"{"status":"ok"}"#), "ooo..", "no webhook");
    }
}
