//! Sizes: fixed, by worth, by balance, by equity, by risk.

use crate::bench::script;

#[test]
fn all_of_the_balance_with_fee_and_slippage_never_overdraws() {
    script(
        "cash 1000
         set fees.taker_bps 10
         set fees.dp 2
         set slippage.value 1
         set sizing pct-balance:100
         0 last 33.33
         1 buy          -> executed, o1 buys 29 at 33.34 fee 0.97   # 1,000 / (33.34 * 1.001) = 29.96
         = cash 32.17   # 1,000 - 966.86 - 0.97",
    );
    // 1,000 / 1.001 = 999.000999: its fee of 0.999 is rounded to 1.00, which is too much. With a cent of room:
    // 999.99 / 1.001 = 998.99100899.
    script(
        "cash 1000
         set fees.taker_bps 10
         set fees.dp 2
         set sizing pct-balance:100
         set instrument.step 0.00000001
         0 last 1.00
         1 buy          -> executed, o1 buys 998.99100899 at 1 fee 1.00
         = cash 0.00899101",
    );
}

#[test]
fn sizes_are_measured_at_the_orders_own_price() {
    let size = |words: &str, expected: &str| {
        script(&format!(
            "set sizing pct-equity:10
             set fees.taker_bps 100
             set slippage.value 10
             0 quote 99.90 100.00
             1 buy {words} -> executed, {expected}"
        ))
    };
    size("", "o1 buys 9 at 100.10 fee 9.01"); // 1,000 / (100.10 * 1.01) = 9.89
    size("limit=50", "o1 working"); // 1,000 / 50.50 = 19.80
    size("stop=200", "o1 working"); // 1,000 / 202 = 4.95, without slippage
    for (words, reserved) in [("limit=50", "959.50"), ("stop=200", "808")] {
        script(&format!(
            "set sizing pct-equity:10
             set fees.taker_bps 100
             0 last 100
             1 buy {words}
             = reserved {reserved}     # 19 * 50 * 1.01; 4 * 200 * 1.01"
        ));
    }
}

#[test]
fn a_size_by_risk_is_lost_at_the_stop() {
    script(
        "set sizing risk-pct:1
         0 last 100
         1 buy                  -> rejected:STOP_REQUIRED
         2 buy sl=97            -> executed, o1.sl working 33, o1 buys 33 at 100     # 100 / 3
         3 last 97              -> o1.sl sells 33 at 97, long over -99 by stop_loss",
    );
    script(
        "set sizing risk-pct:1
         set instrument.multiplier 5
         set instrument.init_margin_long 0.1
         0 last 100
         1 buy sltrail=2%       -> executed, o1.sl working 10 stop 98, o1 buys 10 at 100   # 100 / (2 * 5)",
    );
    script(
        "set instrument.shortable true
         0 last 100
         1 short size=50:risk_quote sl=104  -> executed, o1.sl working 12, o1 sells 12 at 100   # 50 / 4
         2 cover
         3 short size=1:risk_pct sl=110     -> executed, o3.sl working 10, o3 sells 10 at 100   # 100 / 10
         4 cover
         5 buy size=1:risk_pct sl=101       -> rejected:BRACKET_INVALID
         6 buy size=1:risk_pct sl=99.9999   -> rejected:PRICE_NOT_ON_TICK
         7 buy size=10:risk_pct sl=99.99    -> rejected:INSUFFICIENT_BALANCE",
    );
}

#[test]
fn sizes_of_the_message_are_converted() {
    let size = |words: &str, quantity: &str| {
        script(&format!(
            "cash 1000000
             set instrument.tick 1
             0 last 100
             1 buy {words} -> executed, o1 buys {quantity} at 100"
        ))
    };
    size("size=5050:quote", "50");
    size("size=5050:margin leverage=3", "151");
    size("size=10:pct_equity", "1000");
    size("size=10:pct_available", "1000");
    size("size=7:contracts", "7");
    size("size=7.9:lots", "7");
    size("", "1");
}

#[test]
fn without_money_a_share_of_it_is_refused_as_that() {
    // 100 short at 100 with 10,000: at 150 equity is 5,000, the margin 15,000.
    script(
        "set instrument.shortable true
         set sizing pct-balance:50
         0 sym=MSFT last 100
         0 last 100
         1 sym=MSFT short qty=100   -> executed, o1 sells 100 at 100
         = available 0
         2 buy                      -> rejected:INSUFFICIENT_BALANCE
         3 sym=MSFT last 150
         = available -10000
         4 buy                      -> rejected:INSUFFICIENT_BALANCE
         5 buy qty=1                -> rejected:INSUFFICIENT_BALANCE
         6 buy qty=0.5              -> rejected:QUANTITY_BELOW_MINIMUM",
    );
}

#[test]
fn tiny_prices_are_traded_or_refused_in_words_that_fit() {
    script(
        "symbol PEPEUSDT
         set instrument.tick off
         set instrument.step off
         set sizing pct-balance:100
         0 last 0.000000001234
         1 buy                      -> executed, o1 buys 8103727714748.78444084 at 0.000000001234
         2 last 0.0000000000000000000000000001 -> refused:ARITHMETIC_OVERFLOW",
    );
    script(
        "symbol PEPEUSDT
         set instrument.tick off
         0 last 0.0000000000000000000000000001
         1 buy qty=1                -> rejected:ARITHMETIC_OVERFLOW",
    );
    let sentence = domain::ReasonCode::ArithmeticOverflow.sentence();
    assert!(sentence.contains("too small"), "{sentence}");
}

#[test]
fn margin_lets_a_position_be_larger_than_the_cash() {
    script(
        "set instrument.init_margin_long 0.05
         set sizing pct-balance:100
         0 last 100
         1 buy                      -> executed, o1 buys 2000 at 100     # 10,000 / (100 * 0.05)
         = available 0
         = cash -190000
         2 last 101
         = equity 12000
         = available 1900           # 12,000 - 202,000 * 0.05",
    );
}
