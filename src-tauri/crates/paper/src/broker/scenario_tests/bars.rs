//! Orders inside closed bars: the path, gaps, and what may be asked.

use crate::bench::script;

const LONG: &str = "0 last 105.00
     1 buy qty=10               -> executed, o1 buys 10 at 105";

#[test]
fn a_stop_inside_a_bar_fills_at_its_level() {
    script(&format!(
        "{LONG}
         2 sell stop=100.00                 -> executed, o2 working 10
         60000 bar 102.00 103.00 98.00 99.00 -> o2 sells 10 at 100, long over -50 by signal
         = cash 9950"
    ));
}

#[test]
fn a_stop_that_the_open_has_passed_fills_at_the_open() {
    script(&format!(
        "{LONG}
         2 sell stop=100.00
         60000 bar 90.00 92.00 88.00 91.00  -> o2 sells 10 at 90, long over -150 by signal"
    ));
    script(
        "set slippage.value 3
         set spread_bps 500
         0 quote 105.00 105.00
         1 buy qty=10                       -> executed, o1 buys 10 at 105.03
         2 sell stop=100.00
         60000 bar 90.00 92.00 88.00 91.00  -> o2 sells 10 at 89.97, long over -150.60 by signal",
    );
    script(
        "set slippage.kind bps
         set slippage.value 10
         0 last 90
         1 buy qty=10 stop=100.00           -> executed, o1 working
         60000 bar 95.00 101.00 94.00 99.00 -> o1 buys 10 at 100.10",
    );
}

#[test]
fn a_limit_gets_a_better_open_and_else_its_level() {
    let rest = "set slippage.value 3
         0 last 100
         1 buy qty=1 limit=95";
    script(&format!("{rest}\n60000 bar 93 99 92 98 -> o1 buys 1 at 93 maker"));
    script(&format!("{rest}\n60000 bar 97 99 94 98 -> o1 buys 1 at 95 maker"));
    script(&format!("{rest}\n60000 bar 97 99 95 98 -> o1 buys 1 at 95 maker"));
    script(&format!(
        "set limit_fill through\n{rest}\n60000 bar 97 99 95 98 -> nothing\n120000 bar 97 99 94.99 98 -> o1 buys 1 at 95 maker"
    ));
    script(&format!(
        "set limit_fill through\n{rest}\n60000 bar 95 99 95 98 -> nothing\n120000 bar 95 99 94 98 -> o1 buys 1 at 95 maker"
    ));
}

const BRACKET: &str = "0 last 100.00
     1 buy qty=10 tp=110.00 sl=90.00 -> executed, o1.tp working 10, o1.sl working 10, o1 buys 10 at 100";

#[test]
fn the_nearer_extreme_comes_first_and_on_a_tie_the_low() {
    let stopped = "-> o1.tp cancelled:OCO_SIBLING_FILLED, o1.sl sells 10 at 90, long over -100 by stop_loss";
    let gained =
        "-> o1.sl cancelled:OCO_SIBLING_FILLED, o1.tp sells 10 at 110 maker, long over 100 by take_profit";
    script(&format!("{BRACKET}\n60000 bar 100 112 88 100 {stopped}")); // 12 = 12
    script(&format!("{BRACKET}\n60000 bar 100 111 88 100 {gained}")); // 11 < 12
    script(&format!("set bar_path pessimistic\n{BRACKET}\n60000 bar 100 111 88 100 {stopped}"));
    // While nothing is held the pessimistic path is the other one: 1 < 11, so up to 101, down, up.
    script(
        "set bar_path pessimistic
         0 last 100
         1 buy qty=1 limit=95 tp=99 sl=85   -> executed, o1 working, o1.tp held 1, o1.sl held 1
         60000 bar 100 101 89 100 -> o1.sl cancelled:OCO_SIBLING_FILLED, o1 buys 1 at 95 maker, o1.tp sells 1 at 99 maker, long over 4 by take_profit",
    );
    let short = "set instrument.shortable true
         set bar_path pessimistic
         0 last 100
         1 short qty=1 tp=90 sl=110";
    script(&format!(
        "{short}\n60000 bar 100 115 89 100 -> o1.tp cancelled:OCO_SIBLING_FILLED, o1.sl buys 1 at 110, short over -10 by stop_loss"
    ));
}

#[test]
fn an_entry_and_its_stop_fill_in_one_bar_in_order() {
    script(
        "0 last 100.00
         1 buy qty=10 limit=95.00 tp=105.00 sl=90.00
         60000 bar 100.00 101.00 89.00 94.00 -> o1.tp cancelled:OCO_SIBLING_FILLED, o1 buys 10 at 95 maker, o1.sl sells 10 at 90, long over -50 by stop_loss
         = trade long 10 from 95 to 90 gross -50 fees 0 net -50 mae -50 mfe 0 r -1 bars 0 by stop_loss",
    );
}

#[test]
fn hits_come_in_order_of_distance_and_equal_ones_in_order_of_creation() {
    script(
        "set max_entries 9
         0 last 100
         1 buy qty=1 limit=90
         2 buy qty=2 limit=95
         3 buy qty=3 limit=90
         60000 bar 100 100 89 90 -> o2 buys 2 at 95 maker, o1 buys 1 at 90 maker, o3 buys 3 at 90 maker",
    );
}

#[test]
fn a_bar_that_opened_before_an_order_is_no_business_of_it() {
    script(
        "60000 last 100
         60001 buy qty=1 limit=95           -> executed, o1 working
         60000 bar 100 101 90 99 120000     -> nothing
         120000 bar 99 101 94 99            -> o1 buys 1 at 95 maker",
    );
    // A leg is asked from when it wakes.
    script(
        "0 last 100
         1 buy qty=1 limit=95 sl=90         -> executed, o1 working, o1.sl held 1
         70000 last 94                      -> o1.sl working 1, o1 buys 1 at 95 maker
         60000 bar 100 101 89 96 120000     -> nothing
         120000 bar 96 97 89 96             -> o1.sl sells 1 at 90, long over -5 by stop_loss",
    );
    // What begins inside a bar is asked by the next one, which opened before the first was known to be closed.
    script(
        "0 last 100
         1 buy qty=1 limit=95 sl=80         -> executed, o1 working, o1.sl held 1
         60000 bar 100 101 94 99 121000     -> o1.sl working 1, o1 buys 1 at 95 maker
         120000 bar 99 101 79 99 181000     -> o1.sl sells 1 at 80, long over -15 by stop_loss",
    );
}

#[test]
fn a_trailing_stop_ratchets_at_the_open_and_where_a_rise_ends() {
    // The low is nearer: water 102 at the open, then down to 101 and up to 108, the stop at 103.
    script(
        "0 last 100
         1 buy qty=1
         2 sell trail=5                     -> executed, o2 working 1 stop 95
         60000 bar 102 108 101 105          -> o2 working 1 stop 103
         120000 bar 105 110 104 106         # 5 > 1: down to 104 first, then 110, then 106
         = o2 working 1 stop 105
         180000 bar 106 107 104 105         -> o2 sells 1 at 105, long over 5 by signal",
    );
    // Water 102 at the open, then down to 96 before the high: the stop at 97 is hit.
    script(
        "0 last 100
         1 buy qty=1
         2 sell trail=5
         60000 bar 102 110 96 105           -> o2 sells 1 at 97, long over -3 by signal",
    );
}

#[test]
fn a_stop_limit_inside_a_bar() {
    // Up to 107, through the stop at 105: the limit of 106 takes it there.
    let above = "0 last 100\n1 buy qty=1 stop=105 limit=106";
    script(&format!("{above}\n60000 bar 104 107 100 101 -> o1 buys 1 at 105"));
    // The open is beyond both: it waits as a limit and is filled on the way down.
    script(&format!("{above}\n60000 bar 107 108 100 101 -> o1 buys 1 at 106 maker"));
    script(&format!("{above}\n60000 bar 107 108 106.50 107 -> o1 triggered"));
    // A limit below the stop waits for the way back.
    script("0 last 100\n1 buy qty=1 stop=105 limit=103\n60000 bar 104 107 100 101 -> o1 buys 1 at 103 maker");
}

#[test]
fn a_bar_clears_the_quote_and_leaves_its_close() {
    script(
        "set spread_bps 20
         0 quote 50 51
         60000 bar 100 101 99 100
         60001 buy qty=1                    -> executed, o1 buys 1 at 100.10",
    );
}

#[test]
fn a_bar_whose_prices_contradict_each_other_is_refused() {
    script(
        "60000 bar 100 99 98 98.50          -> refused:INVALID_FIELD
         60000 bar 100 101 99 102           -> refused:INVALID_FIELD
         60000 bar 98 101 99 100            -> refused:INVALID_FIELD
         60001 buy qty=1                    -> rejected:PRICE_UNAVAILABLE",
    );
}
