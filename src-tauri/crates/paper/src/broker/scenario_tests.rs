//! Worked examples with market orders: the arithmetic stands beside each.

mod exits;

use crate::bench::{Bench, d};
use domain::Money;

struct Expected<'a> {
    signals: &'a [&'a str],
    fills: &'a [&'a str],
    position: &'a str,
    cash: &'a str,
    realized: &'a str,
}

/// Runs the steps on an account with a hundred-tick, whole-share AAPL that cannot be sold short, unless `settings` say
/// otherwise.
fn check(settings: &[(&str, &str)], steps: &[&str], expected: &Expected<'_>) -> Bench {
    let spot = [("instrument.tick", "0.01"), ("instrument.step", "1"), ("instrument.shortable", "false")];
    let settings: Vec<(&str, &str)> = spot.into_iter().chain(settings.iter().copied()).collect();
    check_on("AAPL", "10000", &settings, steps, expected)
}

fn check_on(
    symbol: &str,
    cash: &str,
    settings: &[(&str, &str)],
    steps: &[&str],
    expected: &Expected<'_>,
) -> Bench {
    let mut bench = Bench::new(symbol, cash, settings);
    for step in steps {
        bench.step(step);
    }
    assert_eq!(bench.decided, expected.signals, "{steps:?}");
    assert_eq!(bench.fill_lines(), expected.fills, "{steps:?}");
    let balances = *bench.broker.balances();
    let net = bench.broker.position(&bench.symbol).net.get();
    assert_eq!(
        (net, balances.cash, balances.realized_gross),
        (d(expected.position), Money::new(d(expected.cash)), Money::new(d(expected.realized))),
        "{steps:?}"
    );
    assert_eq!(bench.broker.state().audit(), Ok(()));
    assert!(bench.broker.state().agrees_with(&bench.ledger_totals()));
    bench
}

const SHORTABLE: (&str, &str) = ("instrument.shortable", "true");
const FLIP: (&str, &str) = ("sell_mode", "flip");

#[test]
fn market_orders_buy_at_the_ask_and_sell_at_the_bid() {
    // 10,000 - 10 * 100.02 = 8,999.80; + 10 * 101.00 = 10,009.80
    check(
        &[],
        &["0 quote 100.00 100.02", "1 buy qty=10", "5000 quote 101.00 101.02", "5001 sell"],
        &Expected {
            signals: &["executed", "executed"],
            fills: &["o1 buy 10 @ 100.02 fee 0", "o2 sell 10 @ 101.00 fee 0"],
            position: "0",
            cash: "10009.80",
            realized: "9.80",
        },
    );
}

#[test]
fn a_short_is_covered() {
    // 10,000 + 10 * 200 = 12,000; - 10 * 180 = 10,200
    check(
        &[SHORTABLE],
        &["0 last 200.00", "1 short qty=10", "5000 last 180.00", "5001 cover"],
        &Expected {
            signals: &["executed", "executed"],
            fills: &["o1 sell 10 @ 200.00 fee 0", "o2 buy 10 @ 180.00 fee 0"],
            position: "0",
            cash: "10200",
            realized: "200",
        },
    );
}

#[test]
fn flip_closes_and_opens_the_other_side_in_two_orders() {
    // 5 * (110 - 100) + 5 * (110 - 105) = 75; 10,000 - 500 + 550 + 550 - 525 - 525 = 9,550; + 5 * 105 = 10,075
    let bench = check(
        &[SHORTABLE, FLIP, ("sizing.value", "5")],
        &["0 last 100.00", "1 buy", "5000 last 110.00", "5001 sell", "9000 last 105.00", "9001 buy"],
        &Expected {
            signals: &["executed", "executed", "executed"],
            fills: &[
                "o1 buy 5 @ 100.00 fee 0",
                "o2 sell 5 @ 110.00 fee 0",
                "o3 sell 5 @ 110.00 fee 0",
                "o4 buy 5 @ 105.00 fee 0",
                "o5 buy 5 @ 105.00 fee 0",
            ],
            position: "5",
            cash: "9550",
            realized: "75",
        },
    );
    assert_eq!(bench.broker.balances().equity, Money::new(d("10075")));
    assert_eq!(bench.broker.position(&bench.symbol).price_average(d("1")), Some(d("105")));
}

#[test]
fn the_closing_half_of_a_flip_stands_when_the_opening_half_is_denied() {
    // 10 shares at 100 need 1,000 of 1,000; a loss of 10 * 10 leaves 900, and 10 shares short at 90 need exactly 900.
    let settings =
        [SHORTABLE, FLIP, ("instrument.tick", "0.01"), ("instrument.step", "1"), ("sizing.value", "10")];
    let expected = Expected {
        signals: &["executed", "executed:INSUFFICIENT_BALANCE"],
        fills: &["o1 buy 10 @ 100.00 fee 0", "o2 sell 10 @ 90.00 fee 0"],
        position: "0",
        cash: "900",
        realized: "-100",
    };
    check_on(
        "AAPL",
        "1000",
        &settings,
        &["0 last 100.00", "1 buy", "5 last 90.00", "6 sell qty=11"],
        &expected,
    );
    let equal = Expected {
        signals: &["executed", "executed"],
        fills: &["o1 buy 10 @ 100.00 fee 0", "o2 sell 10 @ 90.00 fee 0", "o3 sell 10 @ 90.00 fee 0"],
        position: "-10",
        cash: "1800",
        realized: "-100",
    };
    check_on("AAPL", "1000", &settings, &["0 last 100.00", "1 buy", "5 last 90.00", "6 sell"], &equal);
}

#[test]
fn all_of_the_balance_with_fee_and_slippage_never_overdraws() {
    let settings = [
        ("fees.taker_bps", "10"),
        ("fees.dp", "2"),
        ("slippage.value", "1"),
        ("sizing.type", "pct_balance"),
        ("sizing.value", "100"),
        ("instrument.tick", "0.01"),
    ];
    // 33.33 + 0.01 = 33.34; 1,000 / (33.34 * 1.001) = 29.96; 966.86 * 0.001 = 0.96686; 1,000 - 966.86 - 0.97 = 32.17
    let expected = Expected {
        signals: &["executed"],
        fills: &["o1 buy 29 @ 33.34 fee 0.97"],
        position: "29",
        cash: "32.17",
        realized: "0",
    };
    check_on("AAPL", "1000", &settings, &["0 last 33.33", "1 buy"], &expected);
    // 1,000 / (1 * 1.001) = 999.000999 exactly affordable but for the fee: 0.999000999 is rounded to 1.00, and
    // 999.00099900 + 1.00 > 1,000. With a cent of room: 999.99 / 1.001 = 998.99100899.
    let room = Expected {
        signals: &["executed"],
        fills: &["o1 buy 998.99100899 @ 1.00 fee 1.00"],
        position: "998.99100899",
        cash: "0.00899101",
        realized: "0",
    };
    let mut fine = settings.to_vec();
    fine.extend([("slippage.value", "0"), ("instrument.step", "0.00000001")]);
    check_on("AAPL", "1000", &fine, &["0 last 1.00", "1 buy"], &room);
}

#[test]
fn an_id_is_unique_for_ever_and_a_replay_is_not_asked() {
    // 10,000 - 2 * 100 = 9,800
    check(
        &[("max_entries", "9")],
        &["0 last 100.00", "0 buy qty=1 id=A1", "30000 buy qty=1 id=A1", "30001 buy qty=1 id=A1 replay"],
        &Expected {
            signals: &["executed", "rejected:DUPLICATE_SIGNAL", "executed"],
            fills: &["o1 buy 1 @ 100.00 fee 0", "o2 buy 1 @ 100.00 fee 0"],
            position: "2",
            cash: "9800",
            realized: "0",
        },
    );
}

#[test]
fn directional_refuses_a_short_of_spot_a_second_entry_and_the_other_side() {
    check(
        &[],
        &["0 last 100.00", "1 short qty=1", "2 buy qty=1", "5000 buy qty=2", "6000 short qty=1"],
        &Expected {
            signals: &[
                "rejected:SHORT_NOT_ALLOWED",
                "executed",
                "rejected:MAX_ENTRIES_REACHED",
                "rejected:OPPOSITE_POSITION",
            ],
            fills: &["o1 buy 1 @ 100.00 fee 0"],
            position: "1",
            cash: "9900",
            realized: "0",
        },
    );
}

#[test]
fn a_price_must_be_there_fresh_and_near() {
    // 61,001 - 1,000 > 60,000; (105.01 - 100) / 100 = 501 bps; 105.00 is exactly 500 and passes, priced by the market
    check(
        &[],
        &[
            "0 buy qty=1",
            "1000 last 100.00",
            "61001 buy qty=2",
            "70000 last 100.00",
            "70001 buy qty=3 price=105.01",
            "70002 buy qty=4 price=105.00",
        ],
        &Expected {
            signals: &[
                "rejected:PRICE_UNAVAILABLE",
                "rejected:PRICE_STALE",
                "rejected:PRICE_DEVIATION",
                "executed",
            ],
            fills: &["o1 buy 4 @ 100.00 fee 0"],
            position: "4",
            cash: "9600",
            realized: "0",
        },
    );
}

#[test]
fn an_alerts_price_counts_as_the_last_one_and_clears_an_older_quote() {
    // 10,000 - 105.00 + 106.00 = 10,001; the alert's price is no deviation from another alert's
    let expected = Expected {
        signals: &["executed", "executed"],
        fills: &["o1 buy 1 @ 105.00 fee 0", "o2 sell 1 @ 106.00 fee 0"],
        position: "0",
        cash: "10001",
        realized: "1",
    };
    let steps = ["0 quote 104.00 104.10", "1 buy qty=1 price=105.00", "2 sell price=106.00"];
    check(&[("price_source", "alert")], &steps, &expected);
    // Without a market, and with a market that is stale, the alert's price is taken by default too.
    let alone = ["1 buy qty=1 price=105.00", "90000 sell price=106.00"];
    check(&[], &alone, &expected);
    let stale = ["0 last 50.00", "60001 buy qty=1 price=105.00", "60002 sell price=106.00"];
    check(&[], &stale, &expected);
    // 1 share at the ask of 104.10, out at the bid: -0.10
    let market = Expected {
        signals: &["executed", "executed"],
        fills: &["o1 buy 1 @ 104.10 fee 0", "o2 sell 1 @ 104.00 fee 0"],
        position: "0",
        cash: "9999.90",
        realized: "-0.10",
    };
    check(&[("price_source", "market")], &steps, &market);
}

#[test]
fn a_reversal_and_a_target_bring_the_position_where_they_say() {
    // buy 2, turn to 3 short: sell 2 and 3; target -1: buy 2 back; target 4: buy 1 and 4. All at 100.
    check(
        &[SHORTABLE],
        &[
            "0 last 100.00",
            "1 buy qty=2",
            "2 reverse-short qty=3",
            "3 target target=-1",
            "4 target target=4",
            "3000 target target=4",
        ],
        &Expected {
            signals: &["executed", "executed", "executed", "executed", "rejected:QUANTITY_BELOW_MINIMUM"],
            fills: &[
                "o1 buy 2 @ 100.00 fee 0",
                "o2 sell 2 @ 100.00 fee 0",
                "o3 sell 3 @ 100.00 fee 0",
                "o4 buy 2 @ 100.00 fee 0",
                "o5 buy 1 @ 100.00 fee 0",
                "o6 buy 4 @ 100.00 fee 0",
            ],
            position: "4",
            cash: "9600",
            realized: "0",
        },
    );
}
