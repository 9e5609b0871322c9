//! Worked examples: the arithmetic stands beside each. The language of the scripts is that of the bench.

mod bars;
mod brackets;
mod exits;
mod explained;
mod needs;
mod orders;
mod restart;
mod risk;
mod ruin;
mod sizing;
mod trades;

use crate::bench::script;

#[test]
fn market_orders_buy_at_the_ask_and_sell_at_the_bid() {
    script(
        "0 quote 100.00 100.02
         1 buy qty=10           -> executed, o1 buys 10 at 100.02   # 10,000 - 10 * 100.02 = 8,999.80
         = cash 8999.80
         5000 quote 101.00 101.02
         5001 sell              -> executed, o2 sells 10 at 101.00, long over 9.80 by signal
         = cash 10009.80        # + 10 * 101.00
         = realized 9.80
         = position 0
         = equity 10009.80",
    );
}

#[test]
fn a_quote_stays_the_reference_while_last_prices_move_the_mark() {
    script(
        "0 quote 100.00 100.02
         1 last 101.00
         2 buy qty=1            -> executed, o1 buys 1 at 100.02
         = unrealized 0.98      # 101.00 - 100.02
         3 bar 102 103 101 102.50
         4 sell                 -> executed, o2 sells 1 at 102.50, long over 2.48 by signal
         = cash 10002.48",
    );
}

#[test]
fn a_short_is_covered() {
    script(
        "set instrument.shortable true
         0 last 200.00
         1 short qty=10         -> executed, o1 sells 10 at 200.00
         = cash 12000
         = available 8000       # 10,000 - 10 * 200 of margin
         5000 last 180.00
         = equity 10200         # 12,000 - 1,800
         = available 8400       # 10,200 - 1,800
         5001 cover             -> executed, o2 buys 10 at 180.00, short over 200 by signal
         = cash 10200
         = realized 200",
    );
}

#[test]
fn flip_closes_and_opens_the_other_side_in_two_orders() {
    script(
        "set instrument.shortable true
         set sell_mode flip
         set sizing fixed:5
         0 last 100.00
         1 buy                  -> executed, o1 buys 5 at 100
         5000 last 110.00
         5001 sell              -> executed, o2 sells 5 at 110, long over 50 by signal, o3 sells 5 at 110
         9000 last 105.00
         9001 buy               -> executed, o4 buys 5 at 105, short over 25 by signal, o5 buys 5 at 105
         = position 5
         = avg 105
         = cash 9550            # 10,000 - 500 + 550 + 550 - 525 - 525
         = equity 10075         # 9,550 + 5 * 105
         = realized 75",
    );
}

#[test]
fn flip_cancels_what_rests_first() {
    script(
        "set instrument.shortable true
         set sell_mode flip
         0 last 100.00
         1 buy qty=5 tp=120 sl=90       -> executed, o1.tp working 5, o1.sl working 5, o1 buys 5 at 100
         2 buy qty=1 limit=80           -> rejected:MAX_ENTRIES_REACHED
         3 set-now max_entries 9
         4 buy qty=2 limit=80 sl=70     -> executed, o2 working, o2.sl held 2
         5 sell qty=3 -> executed, o1.tp cancelled:REPLACED_BY_REVERSAL, o1.sl cancelled:REPLACED_BY_REVERSAL, o2 cancelled:REPLACED_BY_REVERSAL, o2.sl cancelled:PARENT_CANCELLED, o3 sells 5 at 100, long over 0 by signal, o4 sells 3 at 100
         = position -3
         = reserved 0",
    );
}

#[test]
fn the_closing_half_of_a_flip_stands_when_the_opening_half_is_denied() {
    // 10 shares at 100 need 1,000 of 1,000; a loss of 10 * 10 leaves 900, and 10 short at 90 need exactly 900.
    let flip = "set instrument.shortable true
         set sell_mode flip
         cash 1000
         0 last 100.00
         1 buy qty=10           -> executed, o1 buys 10 at 100
         5 last 90.00";
    script(&format!(
        "{flip}
         6 sell qty=11 -> executed:INSUFFICIENT_BALANCE, o2 sells 10 at 90, long over -100 by signal
         = position 0
         = cash 900"
    ));
    script(&format!(
        "{flip}
         6 sell qty=10 -> executed, o2 sells 10 at 90, long over -100 by signal, o3 sells 10 at 90
         = cash 1800"
    ));
}

#[test]
fn an_id_is_unique_for_ever_and_a_replay_is_not_asked() {
    script(
        "set max_entries 9
         0 last 100.00
         0 buy qty=1 id=A1          -> executed, o1 buys 1 at 100
         30000 buy qty=1 id=A1      -> rejected:DUPLICATE_SIGNAL
         30001 buy qty=1 id=A1 replay -> executed, o2 buys 1 at 100
         = cash 9800",
    );
}

#[test]
fn directional_refuses_a_short_of_spot_a_second_entry_and_the_other_side() {
    script(
        "0 last 100.00
         1 short qty=1          -> rejected:SHORT_NOT_ALLOWED
         2 buy qty=1            -> executed, o1 buys 1 at 100
         5000 buy qty=2         -> rejected:MAX_ENTRIES_REACHED
         6000 short qty=1       -> rejected:OPPOSITE_POSITION
         = position 1",
    );
}

#[test]
fn a_price_must_be_there_fresh_and_near() {
    script(
        "set risk.max_price_deviation_bps 500
         0 buy qty=1                    -> rejected:PRICE_UNAVAILABLE
         1000 last 100.00
         61001 buy qty=2                -> rejected:PRICE_STALE       # 61,001 - 1,000 > 60,000
         70000 last 100.00
         70001 buy qty=3 price=105.01   -> rejected:PRICE_DEVIATION   # 501 bps
         70002 buy qty=4 price=105.00   -> executed, o1 buys 4 at 100 # 500 bps, and the market's price
         = cash 9600",
    );
}

#[test]
fn an_alerts_price_counts_as_the_last_one_and_clears_an_older_quote() {
    let steps = "0 quote 104.00 104.10
         1 buy qty=1 price=105.00";
    script(&format!(
        "set price_source alert
         {steps} -> executed, o1 buys 1 at 105
         2 sell price=106.00 -> executed, o2 sells 1 at 106, long over 1 by signal"
    ));
    script(&format!(
        "set price_source market
         {steps} -> executed, o1 buys 1 at 104.10
         2 sell price=106.00 -> executed, o2 sells 1 at 104, long over -0.10 by signal"
    ));
    script(&format!("{steps} -> executed, o1 buys 1 at 104.10"));
    // Without a market, and with a market that is stale, the alert's price is taken by default too.
    script(
        "1 buy qty=1 price=105.00       -> executed, o1 buys 1 at 105
         90000 sell price=106.00        -> executed, o2 sells 1 at 106, long over 1 by signal",
    );
    script(
        "0 last 50.00
         60001 buy qty=1 price=105.00   -> executed, o1 buys 1 at 105",
    );
}

#[test]
fn an_alerts_price_moves_what_rests_even_where_the_alert_is_denied() {
    script(
        "1 buy qty=1 price=100 sl=90    -> executed, o1.sl working 1, o1 buys 1 at 100
         2000 short price=95            -> rejected:OPPOSITE_POSITION
         = unrealized -5
         4000 buy qty=2 price=89        -> executed, o1.sl sells 1 at 89, long over -11 by stop_loss, o2 buys 2 at 89",
    );
}

#[test]
fn a_reversal_and_a_target_bring_the_position_where_they_say() {
    script(
        "set instrument.shortable true
         0 last 100.00
         1 buy qty=2            -> executed, o1 buys 2 at 100
         2 reverse-short qty=3  -> executed, o2 sells 2 at 100, long over 0 by signal, o3 sells 3 at 100
         3 target target=-1     -> executed, o4 buys 2 at 100
         4 target target=4      -> executed, o5 buys 1 at 100, short over 0 by signal, o6 buys 4 at 100
         3000 target target=4   -> rejected:QUANTITY_BELOW_MINIMUM
         4000 target target=7   -> rejected:MAX_ENTRIES_REACHED
         5000 target target=0   -> executed, o7 sells 4 at 100, long over 0 by signal
         = cash 10000",
    );
}
