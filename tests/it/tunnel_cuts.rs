//! Alerts through a tunnel that is cut again and again: every 2xx that a sender sees is in the log, once.
//!
//! `PITWIRE_CUT_ALERTS` and `PITWIRE_CUT_CONNECTIONS` make it larger or smaller.

use crate::support::{Senders, eventually, rows, size, text};
use crate::tunnel::{becomes, desk_behind};
use standin::Edge;

const CUTS: usize = 10;

#[test]
fn every_acknowledged_alert_is_in_the_log_once_though_the_tunnel_is_cut_ten_times() {
    let alerts = size("PITWIRE_CUT_ALERTS", 10_000);
    let connections = size("PITWIRE_CUT_CONNECTIONS", 8);
    let edge = Edge::start(&["localhost"]).unwrap();
    let desk = desk_behind(&edge).serve();
    desk.set("max_entries=100000");
    let hook = desk.hook(&[]);
    becomes(&desk, "online", None);
    let senders = Senders::new(edge.public_addr(), &hook, alerts).through_a_tunnel();
    senders.send_while(connections, CUTS, || {
        becomes(&desk, "online", None);
        edge.cut();
        eventually("the cut to be mended", || (edge.online() == 1).then_some(()));
    });
    senders.every_alert_is_executed_once(&desk);
    let (accepted, repeated) = senders.counts();
    assert_eq!(accepted + repeated, alerts);

    let timeline = desk.pitwire(&["tunnel", "timeline", "--limit", "500"]);
    let gaps = rows(&timeline["gaps"]);
    assert_eq!(gaps.len(), CUTS, "{timeline}");
    assert!(gaps.iter().all(|g| text(&g["reason"], "code") == "CUT" && !g["to"].is_null()), "{timeline}");
    println!("{alerts} alerts, {connections} connections, {CUTS} cuts: all acknowledged and executed once");
}
