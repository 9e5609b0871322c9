//! `signal chart`: what a strategy looked at, as rows for a spreadsheet or as JSON.

use crate::command::Place;
use crate::terminal::Done;
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(in crate::command) struct Chart {
    /// The signal.
    id: String,
    /// Whose candles, where the strategy looks at several symbols.
    #[arg(long, value_name = "S")]
    symbol: Option<String>,
    /// How long each candle, where the strategy looks at several timeframes.
    #[arg(long, value_name = "T")]
    timeframe: Option<String>,
    /// Candles up to the judged one, 1 to 500.
    #[arg(long, value_name = "N")]
    before: Option<u32>,
    /// Candles after it, 0 to 500.
    #[arg(long, value_name = "N")]
    after: Option<u32>,
}

/// The columns of a candle before those of the indicators.
const CANDLE: [(&str, &str); 6] = [
    ("time", "opened_at"),
    ("open", "open"),
    ("high", "high"),
    ("low", "low"),
    ("close", "close"),
    ("volume", "volume"),
];

impl Chart {
    pub(in crate::command) fn run(self, place: &Place) -> Done {
        let params = json!({
            "id": self.id, "symbol": self.symbol, "timeframe": self.timeframe, "before": self.before,
            "after": self.after,
        });
        let chart = place.desk()?.call("signals.chart", params)?;
        if place.terminal.json {
            return place.terminal.object("chart", &chart);
        }
        let lines = chart["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names = CANDLE.iter().map(|(name, _)| (*name).to_owned());
        let labels = lines.iter().map(|line| format!("\"{}\"", text(&line["label"])));
        place.terminal.line(&names.chain(labels).collect::<Vec<_>>().join(","))?;
        for (index, candle) in chart["candles"].as_array().into_iter().flatten().enumerate() {
            let prices = CANDLE.iter().map(|(_, key)| text(&candle[key]));
            let values = lines.iter().map(|line| text(&line["values"][index]));
            place.terminal.line(&prices.chain(values).collect::<Vec<_>>().join(","))?;
        }
        Ok(())
    }
}

/// A text of the answer; na is empty.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
