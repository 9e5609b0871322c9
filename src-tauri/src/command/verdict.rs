//! What a strategy said of a signal, for people: the verdict, then every condition with its values.

use crate::terminal::{Column, Done, Terminal};
use serde_json::{Value, json};

const LEAVES: &[Column] = &[
    ("CONDITION", "text"),
    ("TIMEFRAME", "timeframe"),
    ("CANDLE", "candle_opened_at"),
    ("HOLDS", "passed"),
    ("VALUES", "shown"),
];

/// `trouble` is what kept the venue from answering, in a sentence.
pub(super) fn print(terminal: Terminal, pipeline: &Value, trouble: Option<&str>) -> Done {
    let verdict = pipeline["verdict"].as_str().unwrap_or_default();
    let reason = pipeline["reason"].as_str().unwrap_or_default();
    terminal.line(format!("{verdict}  {reason}").trim_end())?;
    if let Some(trouble) = trouble {
        terminal.line(trouble)?;
    }
    let leaves = pipeline["leaves"].as_array().cloned().unwrap_or_default();
    terminal.table(&Value::Array(leaves.into_iter().map(with_values).collect()), LEAVES)
}

/// A condition with its values, or with what is wrong with its candles, as one text.
fn with_values(mut leaf: Value) -> Value {
    let one = |value: &Value| {
        let number = value["value"].as_f64().map_or_else(|| "na".to_owned(), |number| number.to_string());
        format!("{} = {number}", value["operand"].as_str().unwrap_or_default())
    };
    // A number is no news.
    let named = |value: &&Value| value["operand"].as_str().is_some_and(|text| text.parse::<f64>().is_err());
    let values: Vec<String> =
        leaf["values"].as_array().into_iter().flatten().filter(named).map(one).collect();
    let shown = leaf["missing"].as_str().map_or_else(|| values.join(", "), str::to_owned);
    leaf["shown"] = json!(shown);
    leaf
}
