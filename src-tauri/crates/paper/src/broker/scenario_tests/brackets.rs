//! Brackets: levels, portions, one cancels the other, and what wakes and ends their legs.

use crate::bench::{price, script};
use domain::TimeInForce;

#[test]
fn levels_are_on_their_side_of_the_entry() {
    script(
        "0 last 100.00
         1 buy qty=1 tp=99.00               -> rejected:BRACKET_INVALID
         2 buy qty=1 sl=100.00              -> rejected:BRACKET_INVALID
         3 buy qty=1 tp=100.00              -> rejected:BRACKET_INVALID
         4 buy qty=1 limit=95 sl=96         -> rejected:BRACKET_INVALID   # against the expected entry
         5 buy qty=1 sl=100%                -> rejected:BRACKET_INVALID
         6 buy qty=1 sltrail=100            -> rejected:BRACKET_INVALID
         7 buy qty=1 sltrail=-1             -> rejected:INVALID_FIELD
         8 buy qty=1 tp=110@0               -> rejected:BRACKET_INVALID
         9 buy qty=1 tp=110@101             -> rejected:BRACKET_INVALID
         10 buy qty=1 tp=110.005            -> rejected:PRICE_NOT_ON_TICK
         11 buy qty=1 sl=90 sllimit=89.995  -> rejected:PRICE_NOT_ON_TICK
         12 buy qty=1 tp=1 tp=2 tp=3 tp=4 tp=5 tp=6 tp=7 tp=8 tp=9 tp=10 tp=11 -> rejected:BRACKET_INVALID",
    );
    script(
        "set instrument.shortable true
         0 last 100.00
         1 short qty=1 tp=101               -> rejected:BRACKET_INVALID
         2 short qty=1 sl=99                -> rejected:BRACKET_INVALID
         3 short qty=1 tp=90 sl=110         -> executed, o1.tp working 1, o1.sl working 1, o1 sells 1 at 100",
    );
}

#[test]
fn distances_are_resolved_against_the_expected_entry_and_rounded_away_from_it() {
    let bench = script(
        "symbol EURUSD
         set instrument.tick 0.00001
         set instrument.step 1000
         set max_entries 9
         set slippage.value 3
         0 quote 1.08499 1.08501
         1 buy qty=1000 tp=20pips sl=0.001abs
         2 buy qty=1000 tp=0.33% sl=0.33%
         3 short qty=1000 limit=1.09 tp=0.33% sl=15pips",
    );
    let levels = |number: u64| {
        let orders = &bench.broker.state().orders[&bench.symbol];
        let legs = orders.iter().filter(|o| o.number == number && o.parent.is_some());
        legs.map(|o| o.limit.or(o.stop).unwrap().to_string()).collect::<Vec<_>>()
    };
    // The entry is expected at 1.08504: + 0.0020, - 0.001.
    assert_eq!(levels(1), ["1.08704", "1.08404"]);
    // 1.08504 * 0.33 % = 0.003580632: 1.088620632 up, 1.081459368 down.
    assert_eq!(levels(2), ["1.08863", "1.08145"]);
    assert_eq!(bench.decided[2], "rejected:OPPOSITE_POSITION");
}

#[test]
fn legs_stay_until_cancelled_and_expect_their_own_level_whatever_the_entry_asked_for() {
    let bench = script(
        "0 last 100.00\n1 buy qty=2 limit=99 tif=day tp=110 sl=90\n2 last 99 -> o1.tp working 2, o1.sl working 2, o1 buys 2 at 99 maker",
    );
    let legs = bench.broker.state().orders[&bench.symbol].iter().filter(|order| order.parent.is_some());
    let kept = legs.map(|leg| (leg.symbol.as_str(), leg.time_in_force, leg.expires_at, leg.price_expected));
    let expected = ["110", "90"].map(|level| ("AAPL", TimeInForce::Gtc, None, price(level)));
    assert_eq!(kept.collect::<Vec<_>>(), expected);
}

#[test]
fn one_leg_cancels_the_other() {
    let bracket = "0 last 100\n1 buy qty=10 tp=110 sl=90";
    script(&format!(
        "{bracket}\n2 last 111 -> o1.sl cancelled:OCO_SIBLING_FILLED, o1.tp sells 10 at 110 maker, long over 100 by take_profit"
    ));
    script(&format!(
        "{bracket}\n2 last 89 -> o1.tp cancelled:OCO_SIBLING_FILLED, o1.sl sells 10 at 89, long over -110 by stop_loss"
    ));
    script(&format!(
        "{bracket}\n2 sell -> executed, o1.tp cancelled:POSITION_CLOSED, o1.sl cancelled:POSITION_CLOSED, o2 sells 10 at 100, long over 0 by signal"
    ));
}

#[test]
fn several_targets_take_their_portions_and_the_stop_keeps_the_rest() {
    script(
        "0 last 100
         1 buy qty=10 tp=105@50 tp=110@25 tp=120@25 sl=90 -> executed, o1.tp working 5, o1.tp2 working 2, o1.tp3 working 3, o1.sl working 10, o1 buys 10 at 100
         2 last 106         -> o1.sl working 5, o1.tp sells 5 at 105 maker
         3 sell qty=1       -> executed, o1.sl working 4, o2 sells 1 at 106
         4 last 111         -> o1.tp3 working 2, o1.sl working 2, o1.tp2 sells 2 at 110 maker
         5 last 89          -> o1.tp3 cancelled:OCO_SIBLING_FILLED, o1.sl sells 2 at 89, long over 29 by signal,take_profit,stop_loss
         = realized 29      # 5 * 5 + 6 + 2 * 10 - 2 * 11",
    );
    // A portion that is less than a step has no leg; the last one takes what is left.
    script("0 last 100\n1 buy qty=1 tp=105@50 tp=110@50 -> executed, o1.tp2 working 1, o1 buys 1 at 100");
    // Portions that leave something leave it to the stop.
    script(
        "0 last 100
         1 buy qty=10 tp=105@30 sl=90
         2 last 106         -> o1.sl working 7, o1.tp sells 3 at 105 maker
         3 last 89          -> o1.sl sells 7 at 89, long over -62 by take_profit,stop_loss",
    );
    // Targets without a portion share what the others leave.
    script(
        "0 last 100\n1 buy qty=10 tp=110 tp=105@40 tp=120 -> executed, o1.tp working 3, o1.tp2 working 4, o1.tp3 working 3, o1 buys 10 at 100",
    );
    script(
        "0 last 100\n1 buy qty=10 tp=110 tp=105 tp=120 -> executed, o1.tp working 3, o1.tp2 working 3, o1.tp3 working 4, o1 buys 10 at 100",
    );
    script("0 last 100\n1 buy qty=10 tp=110@60 tp=105@41 -> rejected:BRACKET_INVALID");
    script("0 last 100\n1 buy qty=10 tp=110@100 tp=105 -> rejected:BRACKET_INVALID");
}

#[test]
fn the_legs_wait_for_their_entry() {
    script(
        "0 last 100.00
         1 buy qty=10 limit=95.00 tp=110.00 sl=90.00 -> executed, o1 working, o1.tp held 10, o1.sl held 10
         2 last 111         -> nothing
         3 cancel o1        -> o1 cancelled:USER_CANCELLED, o1.tp cancelled:PARENT_CANCELLED, o1.sl cancelled:PARENT_CANCELLED
         = available 10000",
    );
    script(
        "0 last 100.00
         1 buy qty=10 limit=95.00 tp=110.00 sl=90.00
         2 cancel o1.tp     -> o1.tp cancelled:USER_CANCELLED
         3 last 94          -> o1.sl working 10, o1 buys 10 at 95 maker
         4 cancel o1.sl     -> o1.sl cancelled:USER_CANCELLED
         5 last 80          -> nothing",
    );
}

#[test]
fn a_leg_that_has_been_passed_when_it_wakes_fills_at_once() {
    // The bar opens at 85: the limit gets it, and its stop of 90 is passed already.
    script(
        "0 last 100
         1 buy qty=1 limit=95 tp=110 sl=90
         60000 bar 85 86 84 85 -> o1.tp cancelled:OCO_SIBLING_FILLED, o1 buys 1 at 85 maker, o1.sl sells 1 at 85, long over 0 by stop_loss",
    );
    // A stop entry that gaps over its target: the target takes the open.
    script(
        "0 last 100
         1 buy qty=1 stop=105 tp=110 sl=90
         60000 bar 115 116 114 115 -> o1.sl cancelled:OCO_SIBLING_FILLED, o1 buys 1 at 115, o1.tp sells 1 at 115, long over 0 by take_profit",
    );
}

#[test]
fn a_stop_loss_may_trail_from_its_level() {
    script(
        "0 last 100
         1 buy qty=1 sl=90 sltrail=5        -> executed, o1.sl working 1 stop 95, o1 buys 1 at 100
         2 last 103                         -> o1.sl working 1 stop 98
         3 last 98                          -> o1.sl sells 1 at 98, long over -2 by trailing_stop
         = trade long 1 from 100 to 98 gross -2 fees 0 net -2 mae -2 mfe 3 r -0.2 bars 0 by trailing_stop",
    );
    script(
        "0 last 100
         1 buy qty=1 sl=97 sltrail=5        -> executed, o1.sl working 1 stop 97, o1 buys 1 at 100
         2 last 101                         -> o1.sl working 1 stop 97
         3 last 103                         -> o1.sl working 1 stop 98",
    );
    script(
        "set instrument.shortable true
         0 last 100
         1 short qty=1 sltrail=2%           -> executed, o1.sl working 1 stop 102, o1 sells 1 at 100
         60000 bar 100 100 90 95            -> o1.sl buys 1 at 91.80, short over 8.20 by trailing_stop",
    );
}

#[test]
fn a_stop_loss_may_have_a_limit() {
    script(
        "0 last 100
         1 buy qty=1 sl=95 sllimit=94       -> executed, o1.sl working 1, o1 buys 1 at 100
         2 last 93                          -> o1.sl triggered 1
         3 last 94.50                       -> o1.sl sells 1 at 94 maker, long over -6 by stop_loss",
    );
}

#[test]
fn brackets_of_two_entries_follow_the_position() {
    script(
        "set max_entries 2
         0 last 100
         1 buy qty=10 sl=90
         2 buy qty=10 sl=80
         3 sell qty=5                       -> executed, o3 sells 5 at 100   # 15 cover each stop of 10
         4 last 90                          -> o2.sl working 5, o1.sl sells 10 at 90
         5 last 80                          -> o2.sl sells 5 at 80, long over -200 by signal,stop_loss",
    );
}
