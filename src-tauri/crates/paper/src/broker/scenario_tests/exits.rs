//! Exits: partial, whole, too many, none to take from; resting ones.

use crate::bench::script;

#[test]
fn a_partial_exit_rounds_up_to_the_step() {
    script(
        "0 last 10.00
         1 buy qty=3                    -> executed, o1 buys 3 at 10
         5000 last 12.00
         5001 sell comment=EXIT_50      -> executed, o2 sells 2 at 12     # 3 * 50 % = 1.5, up to 2
         9000 last 13.00
         9001 sell comment=EXIT_FINAL   -> executed, o3 sells 1 at 13, long over 7 by signal
         = cash 10007                   # 10,000 - 30 + 24 + 13",
    );
}

#[test]
fn an_exit_without_a_position_is_refused() {
    script(
        "set instrument.shortable true
         0 last 100.00
         1 sell                         -> rejected:NO_POSITION
         2 cover                        -> rejected:NO_POSITION
         3 close                        -> rejected:NO_POSITION
         4 sell comment=EXIT_50         -> rejected:NO_POSITION
         = cash 10000",
    );
}

#[test]
fn the_last_close_takes_the_residual_of_the_cost() {
    script(
        "set max_entries 9
         0 last 10.00
         1 buy qty=1
         5000 last 10.01
         5001 buy qty=2
         = avg 10.00666667              # 30.02 / 3
         9000 last 10.05
         9001 sell qty=1                -> executed, o3 sells 1 at 10.05
         = realized 0.04333333          # 10.05 - 10.00666667
         11001 sell qty=2               -> executed, o4 sells 2 at 10.05, long over 0.13 by signal
         = realized 0.13                # 3 * 10.05 - 30.02
         = cash 10000.13",
    );
}

#[test]
fn closing_everything_leaves_no_cost_beyond_eight_decimals() {
    script(
        "symbol SHIBUSDT
         cash 10
         set instrument.step 0.1
         set instrument.tick 0.00000001
         0 last 0.00001237
         1 buy qty=333.3                -> executed, o1 buys 333.3 at 0.00001237
         5000 last 0.00001300
         5001 sell                      # 0.0043329 - 0.004122921
         = realized 0.000209979
         = cash 10.000209979
         = position 0",
    );
}

#[test]
fn an_exit_percentage_is_between_1_and_100() {
    script(
        "0 last 100.00
         1 buy qty=4
         5001 sell comment=EXIT_0       -> rejected:INVALID_EXIT_PERCENT
         5002 sell comment=EXIT_101     -> rejected:INVALID_EXIT_PERCENT
         5003 sell comment=exit_25      -> executed, o2 sells 1 at 100
         = position 3",
    );
}

#[test]
fn more_than_is_held_is_never_sold() {
    script(
        "0 last 100.00
         1 buy qty=4
         2 sell qty=0.5                 -> rejected:QUANTITY_BELOW_MINIMUM
         3 sell qty=9                   -> executed, o2 sells 4 at 100, long over 0 by signal",
    );
}

#[test]
fn dust_can_always_be_closed() {
    script(
        "symbol BTCUSDT
         set instrument.step 0.001
         set instrument.min_qty 0.01
         set instrument.min_notional 10
         0 last 100.00
         1 buy qty=0.105                -> executed, o1 buys 0.105 at 100
         2 sell qty=0.005               -> rejected:QUANTITY_BELOW_MINIMUM
         3 sell qty=0.05                -> rejected:NOTIONAL_BELOW_MINIMUM
         4 sell qty=0.1                 -> executed, o2 sells 0.1 at 100
         5 sell                         -> executed, o3 sells 0.005 at 100, long over 0 by signal",
    );
}

#[test]
fn a_resting_exit_only_reduces_and_follows_what_is_left() {
    script(
        "0 last 100.00
         1 buy qty=10
         2 sell limit=110               -> executed, o2 working 10
         3 sell stop=95 qty=8           -> executed, o3 working 8
         = available 9000               # exits reserve nothing
         4 sell qty=3                   -> executed, o2 working 7, o3 working 7, o4 sells 3 at 100
         5 last 94                      -> o2 cancelled:POSITION_CLOSED, o3 sells 7 at 94, long over -42 by signal",
    );
}

#[test]
fn a_cancelling_signal_takes_back_what_rests() {
    script(
        "set max_entries 9
         0 last 100.00
         1 cancel-all                   -> rejected:ORDER_NOT_LIVE
         2 buy qty=1 sl=90              -> executed, o1.sl working 1, o1 buys 1 at 100
         3 buy qty=2 limit=95 tp=120    -> executed, o2 working, o2.tp held 2
         4 cancel-long -> executed, o1.sl cancelled:USER_CANCELLED, o2 cancelled:USER_CANCELLED, o2.tp cancelled:PARENT_CANCELLED
         = reserved 0
         5 cancel-all                   -> rejected:ORDER_NOT_LIVE",
    );
}

/// OctoBot: "to only cancel buy or sell orders". Of a long, what sells is its stop and its exits.
#[test]
fn a_cancellation_of_octobot_is_about_orders_that_buy_or_sell() {
    script(
        "set max_entries 9
         0 last 100.00
         1 buy qty=3 tp=120               -> executed, o1.tp working 3, o1 buys 3 at 100
         2 buy qty=2 limit=95             -> executed, o2 working
         3 cancel-short                   -> rejected:ORDER_NOT_LIVE
         4 cancel-short dialect=octobot   -> executed, o1.tp cancelled:USER_CANCELLED
         5 cancel-short dialect=octobot   -> rejected:ORDER_NOT_LIVE
         6 cancel-long dialect=octobot    -> executed, o2 cancelled:USER_CANCELLED",
    );
}
