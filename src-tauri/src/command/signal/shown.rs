//! A signal for people: what it is, then what its strategy said, why it was decided so, what was ordered, and how each
//! fill got its price and its fee.

use crate::command::verdict;
use crate::terminal::{Column, Done, Terminal};
use serde_json::{Value, json};

const CHECKS: &[Column] =
    &[("CHECK", "name"), ("OUTCOME", "outcome"), ("LIMIT", "limit"), ("FOUND", "actual"), ("CODE", "code")];
const ORDERS: &[Column] = &[
    ("ORDER", "label"),
    ("SIDE", "side"),
    ("TYPE", "type"),
    ("QUANTITY", "quantity"),
    ("FILLED", "filled"),
    ("LIMIT", "limit"),
    ("STOP", "stop"),
    ("STATUS", "status"),
    ("REASON", "reason_code"),
    ("ID", "id"),
];
const FILLS: &[Column] = &[("FILL", "id"), ("WHAT", "what"), ("PRICE", "price"), ("FEE", "fee")];

pub(super) fn print(terminal: Terminal, mut signal: Value) -> Done {
    if terminal.json {
        return terminal.object("signal", &signal);
    }
    let [pipeline, checks, orders, fills] =
        ["pipeline", "checks", "orders", "fills"].map(|key| signal[key].take());
    if let Some(fields) = signal.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    terminal.object("signal", &signal)?;
    if !pipeline.is_null() {
        terminal.line("")?;
        verdict::print(terminal, &pipeline, None)?;
    }
    let fills: Value = fills.as_array().into_iter().flatten().map(explained).collect();
    let reached = checks.as_array().into_iter().flatten().filter(|check| check["outcome"] != "skipped");
    let reached: Value = reached.cloned().collect();
    for (rows, columns) in [(reached, CHECKS), (orders, ORDERS), (fills, FILLS)] {
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            terminal.line("")?;
            terminal.table(&rows, columns)?;
        }
    }
    Ok(())
}

/// A fill with its price and its fee as sums that can be checked by hand.
fn explained(fill: &Value) -> Value {
    let (why, text) = (&fill["why"], |value: &Value| value.as_str().unwrap_or_default().to_owned());
    let mut price =
        format!("{} = {} ({})", text(&fill["price"]), text(&why["reference"]), text(&why["source"]));
    for part in ["spread", "slippage", "rounding", "cap"] {
        let amount = text(&why[part]);
        if amount.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
            let (sign, amount) = amount.strip_prefix('-').map_or(("+", amount.as_str()), |rest| ("-", rest));
            price.push_str(&format!(" {sign} {amount} {part}"));
        }
    }
    let fee = format!(
        "{} = {} * {} / 10000, to {} decimals, at least {} ({})",
        text(&fill["fee"]),
        text(&why["notional"]),
        text(&why["fee_bps"]),
        why["fee_dp"],
        text(&why["fee_minimum"]),
        text(&fill["liquidity"]),
    );
    let what = format!("{} {} {}", text(&fill["side"]), text(&fill["quantity"]), text(&fill["symbol"]));
    json!({"id": fill["id"], "what": what, "price": price, "fee": fee})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fill_is_a_sum_that_can_be_checked() {
        let fill = json!({"id": "fil_1", "side": "sell", "quantity": "2", "symbol": "BTCUSDT", "price": "94.9",
            "fee": "0.19", "liquidity": "taker", "why": {"reference": "95", "source": "alert", "spread": "0",
            "slippage": "-0.15", "rounding": "0.00", "cap": "0.05", "notional": "189.8", "fee_bps": "10",
            "fee_dp": 2, "fee_minimum": "0"}});
        let found = explained(&fill);
        assert_eq!(found["price"], "94.9 = 95 (alert) - 0.15 slippage + 0.05 cap");
        assert_eq!(found["fee"], "0.19 = 189.8 * 10 / 10000, to 2 decimals, at least 0 (taker)");
        assert_eq!(found["what"], "sell 2 BTCUSDT");
    }
}
