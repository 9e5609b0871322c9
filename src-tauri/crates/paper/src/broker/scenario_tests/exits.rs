//! Exits: partial, whole, too many, none to take from.

use super::{Expected, SHORTABLE, check, check_on};

#[test]
fn a_partial_exit_rounds_up_to_the_step() {
    // 3 * 50 % = 1.5, up to 2; 10,000 - 30 + 24 + 13 = 10,007
    check(
        &[],
        &[
            "0 last 10.00",
            "1 buy qty=3",
            "5000 last 12.00",
            "5001 sell comment=EXIT_50",
            "9000 last 13.00",
            "9001 sell comment=EXIT_FINAL",
        ],
        &Expected {
            signals: &["executed", "executed", "executed"],
            fills: &["o1 buy 3 @ 10.00 fee 0", "o2 sell 2 @ 12.00 fee 0", "o3 sell 1 @ 13.00 fee 0"],
            position: "0",
            cash: "10007",
            realized: "7",
        },
    );
}

#[test]
fn an_exit_without_a_position_is_refused() {
    check(
        &[SHORTABLE],
        &["0 last 100.00", "1 sell", "2 cover", "3 close", "4 sell comment=EXIT_50"],
        &Expected {
            signals: &["rejected:NO_POSITION"; 4],
            fills: &[],
            position: "0",
            cash: "10000",
            realized: "0",
        },
    );
}

#[test]
fn the_last_close_takes_the_residual_of_the_cost() {
    // cost 10.00 + 2 * 10.01 = 30.02; a third is 10.00666667, realised 0.04333333; the rest 20.01333333, realised
    // 0.08666667; together 0.13 = 3 * 10.05 - 30.02
    check(
        &[("max_entries", "9")],
        &[
            "0 last 10.00",
            "1 buy qty=1",
            "5000 last 10.01",
            "5001 buy qty=2",
            "9000 last 10.05",
            "9001 sell qty=1",
            "11001 sell qty=2",
        ],
        &Expected {
            signals: &["executed"; 4],
            fills: &[
                "o1 buy 1 @ 10.00 fee 0",
                "o2 buy 2 @ 10.01 fee 0",
                "o3 sell 1 @ 10.05 fee 0",
                "o4 sell 2 @ 10.05 fee 0",
            ],
            position: "0",
            cash: "10000.13",
            realized: "0.13",
        },
    );
}

#[test]
fn closing_everything_leaves_no_cost_beyond_eight_decimals() {
    // 333.3 * 0.00001300 - 333.3 * 0.00001237 = 0.0043329 - 0.004122921 = 0.000209979
    check_on(
        "SHIBUSDT",
        "10",
        &[("instrument.step", "0.1"), ("instrument.tick", "0.00000001")],
        &["0 last 0.00001237", "1 buy qty=333.3", "5000 last 0.00001300", "5001 sell"],
        &Expected {
            signals: &["executed", "executed"],
            fills: &["o1 buy 333.3 @ 0.00001237 fee 0", "o2 sell 333.3 @ 0.00001300 fee 0"],
            position: "0",
            cash: "10.000209979",
            realized: "0.000209979",
        },
    );
}

#[test]
fn an_exit_percentage_is_between_1_and_100() {
    // 4 * 25 % = 1; 10,000 - 400 + 100 = 9,700
    check(
        &[],
        &[
            "0 last 100.00",
            "1 buy qty=4",
            "5001 sell comment=EXIT_0",
            "5002 sell comment=EXIT_101",
            "5003 sell comment=exit_25",
        ],
        &Expected {
            signals: &[
                "executed",
                "rejected:INVALID_EXIT_PERCENT",
                "rejected:INVALID_EXIT_PERCENT",
                "executed",
            ],
            fills: &["o1 buy 4 @ 100.00 fee 0", "o2 sell 1 @ 100.00 fee 0"],
            position: "3",
            cash: "9700",
            realized: "0",
        },
    );
}

#[test]
fn more_than_is_held_is_never_sold() {
    check(
        &[],
        &["0 last 100.00", "1 buy qty=4", "2 sell qty=0.5", "3 sell qty=9"],
        &Expected {
            signals: &["executed", "rejected:QUANTITY_BELOW_MINIMUM", "executed"],
            fills: &["o1 buy 4 @ 100.00 fee 0", "o2 sell 4 @ 100.00 fee 0"],
            position: "0",
            cash: "10000",
            realized: "0",
        },
    );
}
