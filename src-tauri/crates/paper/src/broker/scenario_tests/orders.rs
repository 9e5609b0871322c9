//! Orders against quotes and last prices: limits, stops, stop-limits, trailing stops, times in force, reserves.

use crate::Event;
use crate::bench::script;
use domain::ReasonCode;

#[test]
fn a_resting_entry_reserves_its_worth_and_its_fee() {
    script(
        "set fees.taker_bps 5
         set fees.maker_bps 2
         0 quote 100.00 100.05
         1 buy qty=5 limit=99.90        -> executed, o1 working
         = available 9500.25            # 10,000 - 499.50 - 0.25 (499.50 * 0.0005 = 0.24975)
         = cash 10000
         2 quote 99.89 99.90            -> o1 buys 5 at 99.90 maker fee 0.10   # 499.50 * 0.0002 = 0.0999
         = cash 9500.40
         = reserved 0",
    );
}

#[test]
fn the_last_cent_of_buying_power_can_be_reserved() {
    script(
        "set max_entries 9
         0 last 100.00
         1 buy qty=60 limit=90          -> executed, o1 working      # 5,400 of 10,000
         2 buy qty=46 limit=100.01      -> rejected:INSUFFICIENT_BALANCE   # 4,600.46 of 4,600
         3 buy qty=46 limit=99.99       -> executed, o2 working
         = available 0.46               # 4,600 - 4,599.54
         4 buy qty=1                    -> rejected:INSUFFICIENT_BALANCE",
    );
}

#[test]
fn a_marketable_limit_takes_what_there_is_within_its_limit() {
    let quote = "set slippage.value 5
         0 quote 100.00 100.02";
    script(&format!("{quote}\n1 buy qty=1 limit=101 -> executed, o1 buys 1 at 100.07"));
    script(&format!("{quote}\n1 buy qty=1 limit=100.03 -> executed, o1 buys 1 at 100.03"));
    script(&format!("{quote}\n1 buy qty=1 limit=100.02 -> executed, o1 buys 1 at 100.02"));
    script(&format!("{quote}\n1 buy qty=1 limit=100.01 -> executed, o1 working"));
    script(&format!(
        "{quote}\nset instrument.shortable true\n1 short qty=1 limit=99.98 -> executed, o1 sells 1 at 99.98"
    ));
}

#[test]
fn a_resting_limit_fills_at_its_limit_when_touched_or_when_gone_through() {
    let rest = "0 last 100
         1 buy qty=1 limit=99 -> executed, o1 working
         2 last 99.01 -> nothing";
    script(&format!("{rest}\n3 last 99 -> o1 buys 1 at 99 maker"));
    script(&format!("{rest}\n3 last 98 -> o1 buys 1 at 99 maker"));
    script(&format!(
        "set limit_fill through\n{rest}\n3 last 99 -> nothing\n4 last 98.99 -> o1 buys 1 at 99 maker"
    ));
    script(&format!(
        "set limit_fill through\n{rest}\n3 quote 98 99 -> nothing\n4 quote 98 98.99 -> o1 buys 1 at 99 maker"
    ));
}

#[test]
fn a_stop_triggers_on_the_side_that_it_takes() {
    script(
        "set instrument.shortable true
         set slippage.value 2
         0 quote 100 100.10
         1 buy qty=1 stop=101           -> executed, o1 working
         = available 9899               # sized and reserved at the stop, without slippage
         2 quote 100.80 100.99          -> nothing
         3 quote 100.90 101             -> o1 buys 1 at 101.02
         4 sell stop=100.50             -> executed, o2 working 1
         5 quote 100.51 100.60          -> nothing
         6 quote 99 101                 -> o2 sells 1 at 98.98, long over -2.04 by signal",
    );
}

#[test]
fn a_stop_that_the_price_has_passed_triggers_on_arrival() {
    script(
        "set instrument.shortable true
         0 last 100
         1 buy qty=1 stop=99            -> executed, o1 buys 1 at 100
         2 sell stop=100                -> executed, o2 sells 1 at 100, long over 0 by signal
         3 short qty=1 stop=101         -> executed, o3 sells 1 at 100",
    );
}

#[test]
fn half_the_spread_is_paid_around_a_last_price() {
    script(
        "set spread_bps 20
         0 last 100
         1 buy qty=1                    -> executed, o1 buys 1 at 100.10   # 100 * (1 + 0.001)
         2 sell stop=99                 -> executed, o2 working 1
         3 last 98                      -> o2 sells 1 at 97.90, long over -2.20 by signal   # 97.902, down",
    );
}

#[test]
fn a_stop_limit_becomes_a_limit() {
    let rest = "0 last 100
         1 buy qty=1 stop=105 limit=106 -> executed, o1 working
         = available 9894               # reserved at the limit";
    script(&format!("{rest}\n2 last 105.50 -> o1 buys 1 at 105.50"));
    script(&format!(
        "{rest}
         2 last 107                     -> o1 triggered
         3 last 106.01                  -> nothing
         4 last 105                     -> o1 buys 1 at 106 maker"
    ));
    script(&format!("set slippage.value 80\n{rest}\n2 last 105.50 -> o1 buys 1 at 106"));
}

#[test]
fn a_trailing_stop_follows_the_mark_and_never_goes_back() {
    script(
        "set instrument.shortable true
         0 last 100.00
         1 short qty=10
         2 cover trail=2%               -> executed, o2 working 10 stop 102
         5000 last 95.01                -> o2 working 10 stop 96.92     # 95.01 * 1.02 = 96.9102, up
         5500 last 96.00                -> nothing
         6000 last 96.91                -> nothing
         7000 last 96.92                -> o2 buys 10 at 96.92, short over 30.80 by signal
         = realized 30.80               # 10 * (100 - 96.92)",
    );
}

#[test]
fn a_trailing_stop_waits_for_its_activation() {
    script(
        "0 last 100.00
         1 buy qty=1
         2 sell trail=3 activation=105  -> executed, o2 working 1
         3 last 90                      -> nothing
         4 last 104.99                  -> nothing
         5 last 105                     -> o2 working 1 stop 102
         6 last 108.555                 -> o2 working 1 stop 105.55   # 105.555, down
         7 quote 105.54 105.60          -> o2 sells 1 at 105.54, long over 5.54 by signal",
    );
}

#[test]
fn a_trailing_entry_is_sized_like_a_market_order() {
    script(
        "set sizing pct-equity:50
         0 last 100.00
         1 buy trail=5                  -> executed, o1 working stop 105
         = reserved 5000                # 50 * 100
         2 last 90                      -> o1 working stop 95
         = reserved 5000
         3 last 96                      -> o1 buys 50 at 96",
    );
}

#[test]
fn an_order_that_may_not_wait_expires() {
    script(
        "0 last 100
         1 buy qty=1 limit=99 tif=ioc sl=90 -> executed, o1 expired, o1.sl cancelled:PARENT_CANCELLED
         2 buy qty=1 limit=100 tif=ioc      -> executed, o2 buys 1 at 100
         3 sell stop=90 tif=ioc             -> executed, o3 expired",
    );
}

#[test]
fn a_day_order_expires_at_midnight_or_with_its_session() {
    script(
        "0 last 100
         1 buy qty=1 limit=99 tif=day tp=110    -> executed, o1 working, o1.tp held 1
         86399999 tick                          -> nothing
         86400000 last 98                       -> o1 expired, o1.tp cancelled:PARENT_CANCELLED
         = reserved 0",
    );
    // What protects a position lives as long as that does, however short its entry was to live.
    script(
        "0 last 100
         1 buy qty=1 limit=99 tif=day tp=110    -> executed, o1 working, o1.tp held 1
         2 last 99                              -> o1.tp working 1, o1 buys 1 at 99 maker
         86400000 tick                          -> nothing",
    );
    // 1970-01-01 was a Thursday; New York was at UTC-5: the session ends at 21:00 UTC, the day at 05:00.
    let york = "set risk.timezone America/New_York
         54000000 last 100
         54000001 buy qty=1 limit=99 tif=day    -> executed, o1 working";
    script(&format!(
        "set risk.trading_hours Thu 09:30-16:00
         {york}
         75599999 tick                          -> nothing
         75600000 tick                          -> o1 expired"
    ));
    script(&format!("{york}\n104399999 tick -> nothing\n104400000 tick -> o1 expired"));
    // The last bar of the day is asked before it expires.
    script(
        "0 last 100
         1 buy qty=1 limit=99 tif=day           -> executed, o1 working
         2 buy qty=1 limit=98 tif=day           -> executed, o2 working
         86340000 bar 100 100 98.50 100 86400001 -> o1 buys 1 at 99 maker, o2 expired",
    );
}

#[test]
fn an_entry_may_cross_zero_in_one_fill() {
    script(
        "set instrument.shortable true
         set fees.taker_bps 10
         0 last 100
         1 short qty=10 limit=110               -> executed, o1 working
         2 buy qty=4 sl=90                      -> executed, o2.sl working 4, o2 buys 4 at 100 fee 0.40
         3 set-now fees.maker_bps 10
         4 last 111 -> o2.sl cancelled:POSITION_CLOSED, o1 sells 10 at 110 maker fee 1.10, long over 39.16 by reversal
         = position -6                          # 4 * 10 - 0.40 - 1.10 * 4 / 10
         = trade long 4 from 100 to 110 gross 40 fees 0.84 net 39.16 mae 0 mfe 44 r 0.979 bars 0 by reversal
         5 cover                                -> executed, o3 buys 6 at 111 fee 0.67, short over -7.33 by signal
         = fees 2.17                            # 0.40 + 1.10 + 0.666 up; -6 - 0.66 - 0.67",
    );
}

#[test]
fn what_cannot_be_an_order_is_refused() {
    script(
        "0 last 100
         1 buy qty=1 limit=99.995               -> rejected:PRICE_NOT_ON_TICK
         2 buy qty=1 stop=100.001               -> rejected:PRICE_NOT_ON_TICK
         3 buy qty=1 stop=101 limit=101.005     -> rejected:PRICE_NOT_ON_TICK
         4 buy qty=1 trail=0                    -> rejected:INVALID_FIELD
         5 buy qty=1 trail=100%                 -> rejected:INVALID_FIELD
         6 buy qty=1 trail=-1                   -> rejected:INVALID_FIELD
         7 buy qty=1                            -> executed, o1 buys 1 at 100
         8 sell limit=100.005                   -> rejected:PRICE_NOT_ON_TICK
         9 cancel o7                            -> denied:ORDER_NOT_LIVE
         10 cancel o1                           -> denied:ORDER_NOT_LIVE",
    );
}

#[test]
fn an_instrument_without_a_tick_takes_the_decimals_that_it_sees() {
    script(
        "set instrument.tick off
         0 last 100.5
         1 buy qty=1 limit=99.25 sl=98.125      -> executed, o1 working, o1.sl held 1
         2 last 99                              -> o1.sl working 1, o1 buys 1 at 99.25 maker
         3 last 98                              -> o1.sl sells 1 at 98, long over -1.25 by stop_loss",
    );
}

#[test]
fn what_rests_on_alerts_alone_says_so() {
    let bench = script(
        "1 buy qty=1 price=100 limit=95         -> executed, o1 working
         2 last 100
         3 buy qty=1 limit=94                   -> executed, o2 working",
    );
    let waits: Vec<bool> =
        bench.broker.state().orders[&bench.symbol].iter().map(|o| o.waits_for_alert).collect();
    assert_eq!(waits, [true, false]);
}

#[test]
fn a_refused_cancellation_names_the_order_that_was_asked_for() {
    let mut bench = script("0 last 100");
    let events = bench.step("1 cancel o7");
    let [Event::CommandDenied { reason, .. }] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!((reason.code, reason.limit.as_ref()), (ReasonCode::OrderNotLive, None));
    assert_eq!(reason.actual, Some("ord_nobody".to_owned().into()));
}
