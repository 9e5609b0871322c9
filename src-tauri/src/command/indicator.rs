//! `indicator`: an expression over a file of candles. No data directory is needed.

use super::{Place, analyze};
use crate::terminal::Done;
use clap::Args;
use desk::analytics::CsvFile;
use desk::indicator::indicator_rows;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Indicator {
    /// What to compute, such as rsi(close,14) or macd(close,12,26,9).signal; docs/PIPELINES.md lists everything.
    expression: String,
    /// Candles as CSV: time,open,high,low,close,volume
    #[arg(long, value_name = "FILE")]
    candles: PathBuf,
}

impl Indicator {
    pub(super) fn run(&self, place: &Place) -> Done {
        let bytes = analyze::read(&self.candles)?;
        let name = analyze::name(&self.candles);
        let found = indicator_rows(&self.expression, CsvFile { name: &name, bytes: &bytes })?;
        if place.terminal.json {
            let row = |(time, values): &(String, Vec<Option<f64>>)| {
                let values =
                    found.outputs.iter().zip(values).map(|(name, value)| ((*name).to_owned(), json!(value)));
                let time = std::iter::once(("time".to_owned(), json!(time)));
                Value::Object(time.chain(values).collect::<Map<_, _>>())
            };
            let rows: Vec<Value> = found.rows.iter().map(row).collect();
            return place.terminal.value(&json!({ "rows": rows }));
        }
        let mut text = format!("time,{}", found.outputs.join(","));
        for (time, values) in &found.rows {
            let cells: Vec<String> =
                values.iter().map(|value| value.map(|v| v.to_string()).unwrap_or_default()).collect();
            text.push_str(&format!("\n{time},{}", cells.join(",")));
        }
        place.terminal.line(&text)
    }
}
