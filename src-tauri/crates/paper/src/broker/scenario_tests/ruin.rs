//! The ruin rule.

use crate::bench::script;

#[test]
fn an_account_without_equity_is_closed_out() {
    script(
        "cash 1000
         set instrument.shortable true
         0 last 100
         1 short qty=10 sl=300              -> executed, o1.sl working 10, o1 sells 10 at 100
         2 last 199.99                      -> nothing
         = equity 0.10
         3 last 200 -> o1.sl cancelled:LIQUIDATED, o2 buys 10 at 200, short over -1000 by liquidation, liquidated
         = cash 0
         4 last 100                         -> nothing
         5 buy qty=1                        -> rejected:ACCOUNT_LIQUIDATED
         6 deposit 100
         7 sell                             -> rejected:ACCOUNT_LIQUIDATED",
    );
}

#[test]
fn everything_goes_with_it() {
    script(
        "cash 1000
         set instrument.init_margin_long 0.1
         set max_entries 9
         0 last 100
         0 sym=MSFT last 50
         1 sym=MSFT buy qty=2               -> executed, o1 buys 2 at 50
         2 sym=MSFT buy qty=1 limit=40 sl=30 -> executed, o2 working, o2.sl held 1
         3 buy qty=80                       -> executed, o3 buys 80 at 100
         4 last 87.51                       -> nothing
         = equity 0.80
         5 last 87 -> o4 sells 80 at 87, long over -1040 by liquidation, o2 cancelled:LIQUIDATED, o2.sl cancelled:PARENT_CANCELLED, o5 sells 2 at 50, long over 0 by liquidation, liquidated
         = equity -40
         = position 0",
    );
}

#[test]
fn a_stop_that_fills_in_time_spares_the_account() {
    script(
        "cash 1000
         set instrument.shortable true
         0 last 100
         1 short qty=10 sl=190
         60000 bar 150 250 140 240          -> o1.sl buys 10 at 190, short over -900 by stop_loss
         = cash 100",
    );
    script(
        "cash 1000
         set instrument.shortable true
         0 last 100
         1 short qty=10
         60000 bar 150 250 140 240          -> o2 buys 10 at 250, short over -1500 by liquidation, liquidated",
    );
    // The mark of a quote is its middle, off the tick: the purchase is rounded up.
    script(
        "cash 1000
         set instrument.shortable true
         0 last 100
         1 short qty=10
         2 quote 200 200.01                 -> o2 buys 10 at 200.01, short over -1000.10 by liquidation, liquidated",
    );
}

#[test]
fn an_alert_that_ruins_the_account_is_refused() {
    script(
        "cash 1000
         set instrument.shortable true
         1 short qty=10 price=100
         2 cover price=200 -> rejected:ACCOUNT_LIQUIDATED, o2 buys 10 at 200, short over -1000 by liquidation, liquidated",
    );
}

#[test]
fn an_empty_account_is_not_ruined() {
    script(
        "cash 0
         0 last 100                         -> nothing
         1 buy qty=1                        -> rejected:INSUFFICIENT_BALANCE",
    );
}
