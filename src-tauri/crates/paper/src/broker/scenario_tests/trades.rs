//! Round trips: what is recorded from flat to flat.

use crate::bench::script;

#[test]
fn extremes_include_the_path_of_bars() {
    script(
        "0 last 100.00
         1 buy qty=10
         60000 bar 100.00 104.00 97.00 103.00
         61000 sell                         -> executed, o2 sells 10 at 103, long over 30 by signal
         = trade long 10 from 100 to 103 gross 30 fees 0 net 30 mae -30 mfe 40 r none bars 1 by signal",
    );
}

#[test]
fn extremes_end_with_the_exit() {
    // 104 is behind the exit at 97: the path goes down first (3 < 4 is not up first).
    script(
        "0 last 100.00
         1 buy qty=10 sl=97.50
         60000 bar 100.00 104.00 97.00 103.00
         = trade long 10 from 100 to 97.50 gross -25 fees 0 net -25 mae -25 mfe 0 r -1 bars 1 by stop_loss",
    );
}

#[test]
fn the_entrys_own_observation_is_an_extreme() {
    script(
        "set slippage.value 5
         0 quote 100.00 100.10
         1 buy qty=2                        -> executed, o1 buys 2 at 100.15
         2 quote 101.00 101.10
         3 sell                             -> executed, o2 sells 2 at 100.95, long over 1.60 by signal
         = trade long 2 from 100.15 to 100.95 gross 1.60 fees 0 net 1.60 mae -0.20 mfe 1.80 r none bars 0 by signal",
    );
}

#[test]
fn extremes_begin_where_the_entry_stands_and_not_at_zero() {
    // Bought at the ask, a whole below which the middle stands.
    script(
        "0 quote 100.00 102.00
         1 buy qty=1
         2 sell
         = trade long 1 from 102 to 100 gross -2 fees 0 net -2 mae -1 mfe -1 r none bars 0 by signal",
    );
    // Bought at the standing ask while the newest price is 0.98 above it.
    script(
        "0 quote 100.00 100.02
         1 last 101.00
         2 buy qty=1
         3 sell
         = trade long 1 from 100.02 to 100 gross -0.02 fees 0 net -0.02 mae 0.98 mfe 0.98 r none bars 0 by signal",
    );
}

#[test]
fn entries_and_exits_are_averaged_by_quantity() {
    script(
        "set max_entries 2
         set fees.taker_bps 100
         0 last 100
         1 buy qty=1 sl=90                  # risks 10
         2 last 103
         3 buy qty=2 sl=98                  # risks 2 * 5
         4 last 110
         5 sell qty=1                       -> executed, o3 sells 1 at 110 fee 1.10
         6 last 104
         7 sell
         = trade long 3 from 102 to 106 gross 12 fees 6.24 net 5.76 mae 0 mfe 24 r 0.288 bars 0 by signal",
    );
}

#[test]
fn a_risk_that_was_not_limited_from_the_start_has_no_multiple() {
    script(
        "set max_entries 2
         0 last 100
         1 buy qty=1
         2 buy qty=1 sl=90
         3 last 110
         4 sell
         = trade long 2 from 100 to 110 gross 20 fees 0 net 20 mae 0 mfe 20 r none bars 0 by signal",
    );
}

#[test]
fn a_reversal_shares_its_fee_by_quantity() {
    script(
        "set instrument.shortable true
         set fees.taker_bps 10
         set max_entries 9
         0 last 100
         1 buy qty=3                        -> executed, o1 buys 3 at 100 fee 0.30
         2 short qty=10 stop=95             -> rejected:OPPOSITE_POSITION
         3 sell                             -> executed, o2 sells 3 at 100 fee 0.30, long over -0.60 by signal
         4 short qty=10 stop=95             -> executed, o3 working
         5 buy qty=3                        -> executed, o4 buys 3 at 100 fee 0.30
         6 last 95                          -> o3 sells 10 at 95 fee 0.95, long over -15.59 by reversal
         = trade long 3 from 100 to 95 gross -15 fees 0.59 net -15.59 mae -15 mfe 0 r none bars 0 by reversal
         7 cover                            -> executed, o5 buys 7 at 95 fee 0.67, short over -1.33 by signal",
    );
}

#[test]
fn a_short_gains_when_the_price_falls() {
    script(
        "set instrument.shortable true
         set instrument.multiplier 50
         set instrument.init_margin_short 0.1
         0 last 100
         1 short qty=2 sl=104               -> executed, o1.sl working 2, o1 sells 2 at 100
         = margin 1000                      # 2 * 100 * 50 * 0.1
         2 last 103
         3 last 90
         4 cover                            -> executed, o1.sl cancelled:POSITION_CLOSED, o2 buys 2 at 90, short over 1000 by signal
         = trade short 2 from 100 to 90 gross 1000 fees 0 net 1000 mae -300 mfe 1000 r 2.5 bars 0 by signal",
    );
}

#[test]
fn the_hand_that_closes_is_named() {
    script(
        "0 last 100
         1 buy qty=1 tp=110                 -> executed, o1.tp working 1, o1 buys 1 at 100
         2 close-by-hand                    -> o1.tp cancelled:POSITION_CLOSED, o2 sells 1 at 100, long over 0 by user
         3 close-by-hand                    -> denied:NO_POSITION
         4 flatten                          -> denied:NO_POSITION
         5 buy qty=1 limit=90               -> executed, o3 working
         6 flatten                          -> o3 cancelled:USER_CANCELLED
         7 buy qty=1 sl=90
         90000000 flatten                   -> o4.sl cancelled:POSITION_CLOSED, o5 sells 1 at 100, long over 0 by user",
    );
}
