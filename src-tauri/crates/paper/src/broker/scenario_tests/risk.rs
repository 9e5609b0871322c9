//! The limits of an account, the kill switch, and what they look back on.

use crate::bench::script;

#[test]
fn the_kill_switch_takes_resting_entries_and_leaves_protection() {
    script(
        "set max_entries 9
         0 last 100
         1 buy qty=1 sl=90
         2 buy qty=2 limit=95 tp=120    -> executed, o2 working, o2.tp held 2
         3 sell limit=130               -> executed, o3 working 1
         4 kill                         -> o2 cancelled:KILL_SWITCH, o2.tp cancelled:PARENT_CANCELLED
         5 kill                         -> nothing
         6 sell                         -> rejected:KILL_SWITCH_ACTIVE
         7 last 89                      -> o3 cancelled:POSITION_CLOSED, o1.sl sells 1 at 89, long over -11 by stop_loss
         8 resume
         9 buy qty=2                    -> executed, o4 buys 2 at 89",
    );
}

#[test]
fn a_reduce_only_account_takes_exits() {
    script(
        "set instrument.shortable true
         set sell_mode flip
         0 last 100
         1 buy qty=1
         2 set-now risk.reduce_only true
         3 buy qty=2                    -> rejected:REDUCE_ONLY_MODE
         4 sell                         -> executed:REDUCE_ONLY_MODE, o2 sells 1 at 100, long over 0 by signal
         5 sell                         -> rejected:REDUCE_ONLY_MODE",
    );
}

#[test]
fn the_daily_loss_counts_open_positions_and_ends_with_the_day() {
    script(
        "set max_entries 9
         set max_price_age_ms 1000000000000
         set risk.max_daily_loss 200
         0 last 100.00
         1 buy qty=10
         5000 last 79.00
         5001 buy qty=1                 -> rejected:DAILY_LOSS_LIMIT      # 10 * 21 = 210
         6001 sell                      -> executed, o2 sells 10 at 79, long over -210 by signal
         7001 buy qty=3                 -> rejected:DAILY_LOSS_LIMIT
         86400000 last 79.00
         86400001 buy qty=4             -> executed, o3 buys 4 at 79
         = cash 9474",
    );
    // 2 % of 10,000 is 200, refused at equality.
    script(
        "set max_entries 9
         set risk.max_daily_loss 2%
         0 last 100.00
         1 buy qty=10
         2 last 80.01
         3 buy qty=1                    -> executed, o2 buys 1 at 80.01
         4 last 80
         5 buy qty=1 limit=79           -> rejected:DAILY_LOSS_LIMIT      # 10 * 20 + 0.01",
    );
    // Midnight in New York is 05:00 UTC in January.
    script(
        "set max_price_age_ms 1000000000000
         set risk.timezone America/New_York
         set risk.max_daily_loss 5
         0 last 100.00
         1 buy qty=1
         2 last 95
         3 sell
         17999999 buy qty=1             -> rejected:DAILY_LOSS_LIMIT
         18000000 buy qty=1             -> executed, o3 buys 1 at 95",
    );
    // Money that comes and goes is neither gain nor loss.
    script(
        "set risk.max_daily_loss 200
         0 last 100.00
         1 withdraw 5000
         2 buy qty=1                    -> executed, o1 buys 1 at 100
         3 deposit 1000
         4 sell
         5 last 100
         6 buy qty=2                    -> executed, o3 buys 2 at 100",
    );
}

#[test]
fn the_drawdown_is_measured_from_the_peak_or_from_the_capital() {
    let steps = "set max_entries 9
         0 last 100
         1 buy qty=50
         2 last 120
         3 last 98";
    // Peak 11,000; at 98 equity is 9,900: 10 % of the peak, 1 % of the capital.
    script(&format!("set risk.max_drawdown_pct 10\n{steps}\n4 buy qty=1 -> rejected:MAX_DRAWDOWN"));
    script(&format!("set risk.max_drawdown_pct 10.01\n{steps}\n4 buy qty=1 -> executed, o2 buys 1 at 98"));
    let fixed = "set risk.drawdown_from static";
    script(&format!("set risk.max_drawdown_pct 1\n{fixed}\n{steps}\n4 buy qty=1 -> rejected:MAX_DRAWDOWN"));
    script(&format!(
        "set risk.max_drawdown_pct 1.01\n{fixed}\n{steps}\n4 buy qty=1 -> executed, o2 buys 1 at 98"
    ));
}

#[test]
fn an_entry_waits_after_a_loss() {
    let loss = "set max_price_age_ms 1000000000
         0 last 100.00
         0 sym=MSFT last 50
         1 buy qty=1
         5000 last 99.00
         5001 sell";
    script(&format!(
        "set risk.cooldown_after_loss_ms 60000
         {loss}
         65000 buy qty=2                -> rejected:COOLDOWN_ACTIVE       # 59,999 < 60,000
         65000 sym=MSFT buy qty=2       -> rejected:COOLDOWN_ACTIVE
         65001 buy qty=3                -> executed, o3 buys 3 at 99"
    ));
    script(&format!(
        "set risk.symbol_cooldown_ms 60000
         {loss}
         65000 buy qty=2                -> rejected:COOLDOWN_ACTIVE
         65000 sym=MSFT buy qty=2       -> executed, o3 buys 2 at 50
         65001 buy qty=3                -> executed, o4 buys 3 at 99"
    ));
    // A round trip that gives and takes nothing is no loss.
    script(
        "set risk.symbol_cooldown_ms 60000
         0 last 100
         1 buy qty=1
         2 sell
         3 buy qty=1                    -> executed, o3 buys 1 at 100",
    );
}

#[test]
fn a_losing_streak_ends_with_a_gain_or_with_the_day() {
    let lose = |t: i64| format!("{} last 100\n{} buy qty=1\n{} last 99\n{} sell", t, t + 1, t + 2, t + 3);
    script(&format!(
        "set risk.max_consecutive_losses 2
         {}
         {}
         3000 buy qty=1                 -> rejected:CONSECUTIVE_LOSSES
         86400000 last 99
         86400001 buy qty=1             -> executed, o5 buys 1 at 99",
        lose(0),
        lose(2000)
    ));
    script(&format!(
        "set risk.max_consecutive_losses 2
         {}
         1000 buy qty=1
         1001 sell                      # neither gained nor lost
         {}
         4000 buy qty=1                 -> executed, o7 buys 1 at 99",
        lose(0),
        lose(3000)
    ));
}

#[test]
fn entries_of_a_day_are_counted_when_they_are_placed() {
    script(
        "set risk.max_orders_per_day 2
         set max_entries 9
         0 last 100
         1 buy qty=1 limit=90
         2 buy qty=1                    -> executed, o2 buys 1 at 100
         3 buy qty=2                    -> rejected:MAX_ORDERS_PER_DAY
         4 sell                         -> executed, o3 sells 1 at 100, long over 0 by signal
         86400000 last 100
         86400001 buy qty=3             -> executed, o4 buys 3 at 100",
    );
}

#[test]
fn sizes_are_limited() {
    let limited = |key: &str, value: &str, passes: &str, fails: &str, code: &str| {
        let start = format!("set {key} {value}\nset max_entries 9\n0 last 100\n1 buy qty=5");
        script(&format!("{start}\n2 buy qty={passes} -> executed, o2 buys {passes} at 100"));
        script(&format!(
            "{start}\n2 buy qty={fails} -> rejected:{code}\n= position 5\n3 sell -> executed, o2 sells 5 at 100, long over 0 by signal"
        ));
    };
    limited("risk.max_order_notional", "1000", "10", "11", "ORDER_NOTIONAL_EXCEEDS_LIMIT");
    limited("risk.max_position_notional", "1000", "5", "6", "POSITION_NOTIONAL_EXCEEDS_LIMIT");
    limited("risk.max_position_qty", "10", "5", "6", "POSITION_NOTIONAL_EXCEEDS_LIMIT");
    limited("risk.max_gross_exposure_pct", "50", "45", "46", "EXPOSURE_LIMIT");
    // At the order's own price: 5 * 90 + 6 * 90 = 990.
    script(
        "set risk.max_position_notional 990
         set max_entries 9
         0 last 100
         1 buy qty=5
         2 buy qty=7 limit=90           -> rejected:POSITION_NOTIONAL_EXCEEDS_LIMIT
         3 buy qty=6 limit=90           -> executed, o2 working",
    );
}

#[test]
fn open_positions_are_limited_and_may_be_added_to() {
    script(
        "set risk.max_open_positions 1
         set max_entries 2
         0 last 100
         0 sym=MSFT last 50
         1 buy qty=1
         2 sym=MSFT buy qty=1           -> rejected:MAX_OPEN_POSITIONS
         3 buy qty=2                    -> executed, o2 buys 2 at 100
         4 sell
         5 sym=MSFT buy qty=3           -> executed, o4 buys 3 at 50",
    );
}

#[test]
fn directions_symbols_hours_and_stops_are_kept() {
    script(
        "set instrument.shortable true
         set risk.direction long_only
         0 last 100
         1 short qty=1                  -> rejected:DIRECTION_NOT_ALLOWED
         2 buy qty=1                    -> executed, o1 buys 1 at 100",
    );
    script(
        "set risk.direction short_only
         0 last 100
         1 buy qty=1                    -> rejected:DIRECTION_NOT_ALLOWED",
    );
    script(
        "set risk.symbols MSFT,TSLA
         0 last 100
         0 sym=MSFT last 50
         1 buy qty=1                    -> rejected:SYMBOL_NOT_ALLOWED
         2 sym=MSFT buy qty=1           -> executed, o1 buys 1 at 50
         3 set-now risk.symbols TSLA
         4 sym=MSFT buy qty=2           -> rejected:SYMBOL_NOT_ALLOWED
         5 sym=MSFT sell                -> executed, o2 sells 1 at 50, long over 0 by signal",
    );
    // 1970-01-01 was a Thursday.
    script(
        "set risk.trading_hours Thu 09:30-16:00
         34199999 last 100
         34199999 buy qty=1             -> rejected:OUTSIDE_TRADING_HOURS
         34200000 buy qty=2             -> executed, o1 buys 2 at 100
         57599999 last 100
         57600000 buy qty=3             -> rejected:MAX_ENTRIES_REACHED
         57600001 sell                  -> executed, o2 sells 2 at 100, long over 0 by signal
         57600002 buy qty=4             -> rejected:OUTSIDE_TRADING_HOURS",
    );
    script(
        "set risk.require_stop true
         0 last 100
         1 buy qty=1 tp=110             -> rejected:STOP_REQUIRED
         2 buy qty=1 sltrail=5          -> executed, o1.sl working 1 stop 95, o1 buys 1 at 100",
    );
}

#[test]
fn resting_orders_are_limited_whatever_the_settings() {
    let bench = script("set instrument.step 0.01\n0 last 100");
    let mut bench = bench;
    for number in 0..1_000_i64 {
        bench.step(&format!("{number} buy qty=0.01 limit=1.00 id=a{number}"));
    }
    assert_eq!(bench.decided.iter().filter(|d| *d == "executed").count(), 1_000);
    let told = |bench: &mut crate::bench::Bench, line: &str| {
        let events = bench.step(line);
        bench.told(&events)
    };
    assert_eq!(told(&mut bench, "1001 buy qty=0.01 limit=1.00 id=b"), "rejected:TOO_MANY_ORDERS");
    assert_eq!(told(&mut bench, "1002 buy qty=1 sl=90 id=c"), "rejected:TOO_MANY_ORDERS");
    assert_eq!(told(&mut bench, "1003 buy qty=1 id=d"), "executed, o1001 buys 1 at 100.00");
    assert_eq!(told(&mut bench, "1004 sell limit=110 id=e"), "rejected:TOO_MANY_ORDERS");
}
