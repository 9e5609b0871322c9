//! What a decision asks for before anything is fetched.

use crate::Needs;
use crate::bench::script;

/// `expected` is some of `price`, `verdict` and `exit` (a verdict on it), or nothing, for a signal at 10 after the steps of `before`.
fn check(before: &str, action: &str, words: &[&str], expected: &str) {
    let mut bench = script(before);
    let input = bench.signal(10, action, words);
    let Needs { price, verdict, verdict_on_exit } = bench.broker.needs(&input);
    let found = [(price, "price"), (verdict, "verdict"), (verdict_on_exit, "exit")]
        .into_iter()
        .filter(|(needed, _)| *needed);
    let found = found.map(|(_, name)| name).collect::<Vec<_>>().join(" ");
    assert_eq!(found, expected, "{before}: {action} {words:?}");
}

#[test]
fn only_what_can_pass_asks_for_anything() {
    check("set max_entries 1", "buy", &[], "price verdict");
    check("0 last 100", "buy", &[], "verdict");
    check("set max_price_age_ms 5\n0 last 100", "buy", &[], "price verdict");
    check("set price_source alert", "buy", &["price=100"], "verdict");
    check("set max_entries 1", "buy", &["price=100"], "price verdict");
    check("0 last 100", "short", &[], "");
    check("0 last 100", "sell", &[], "");
    check("0 last 100\n1 buy qty=1", "buy", &["qty=2"], "");
    check("0 last 100\n1 buy qty=1", "sell", &[], "exit");
    check("set max_price_age_ms 9\n0 last 100\n1 buy qty=1", "sell", &[], "price exit");
    check("0 last 100\n1 kill", "buy", &[], "");
    check("set risk.reduce_only true\n0 last 100", "buy", &[], "");
    check("set risk.trading_hours Fri 09:30-16:00\n0 last 100", "buy", &[], "");
    check(
        "set instrument.shortable true\nset sell_mode flip\n0 last 100\n1 buy qty=1",
        "sell",
        &[],
        "verdict",
    );
    check("0 last 100", "cancel-all", &[], "");
}
