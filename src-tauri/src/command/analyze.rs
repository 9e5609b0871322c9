//! `analyze`: the figures of an equity file and a trades file. No data directory is needed.

use super::Place;
use crate::terminal::{Done, Terminal};
use anyhow::Context;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use desk::analytics::{CsvFile, FILE_BYTES_MAX, analyze_files, definitions};
use desk::wire::FigureDefinition;
use serde_json::Value;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Analyze {
    /// Equity over time, as CSV: time,equity
    #[arg(long, value_name = "FILE")]
    equity: PathBuf,
    /// Closed trades, as CSV: entry_time,exit_time,direction,quantity,entry_price,exit_price,fees,net
    #[arg(long, value_name = "FILE")]
    trades: Option<PathBuf>,
    /// Periods a year: 365 where the market never closes, 252 for exchanges.
    #[arg(long, value_name = "365|252", default_value_t = 365, value_parser = periods())]
    periods: u32,
    /// The risk-free rate a year as a fraction: 0.02 is 2 %.
    #[arg(long, value_name = "R", default_value_t = 0.0, allow_negative_numbers = true)]
    rf: f64,
}

impl Analyze {
    pub(super) fn run(&self, place: &Place) -> Done {
        let equity = read(&self.equity)?;
        let trades = self.trades.as_deref().map(read).transpose()?;
        let (equity_name, trades_name) =
            (name(&self.equity), self.trades.as_deref().map(name).unwrap_or_default());
        let trades = trades.as_deref().map(|bytes| CsvFile { name: &trades_name, bytes });
        let equity = CsvFile { name: &equity_name, bytes: &equity };
        let analytics = analyze_files(equity, trades, self.periods, self.rf)?;
        if place.terminal.json {
            return place
                .terminal
                .value(&serde_json::to_value(&analytics).context("the answer is not JSON")?);
        }
        print(place.terminal, &serde_json::to_value(&analytics).context("the answer is not JSON")?)
    }
}

pub(super) fn periods() -> impl TypedValueParser<Value = u32> {
    PossibleValuesParser::new(["365", "252"]).try_map(|text| text.parse::<u32>())
}

/// One byte over the limit is enough for the refusal.
pub(super) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    let limit = u64::try_from(FILE_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    opened
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(bytes)
}

pub(super) fn name(file: &Path) -> String {
    file.display().to_string()
}

/// A block for each group of figures that is there, and the notes below.
pub(super) fn print(terminal: Terminal, value: &Value) -> Done {
    let definitions = definitions();
    let width = definitions.iter().map(|d| d.name.chars().count()).max().unwrap_or(0);
    let basis = format!(
        "Equity, {} periods a year, risk-free rate {}",
        value["periods_per_year"],
        percent(value["risk_free"].as_f64().unwrap_or_default() * 100.0)
    );
    let blocks = [
        (None, basis.as_str()),
        (Some("trades"), "Trades"),
        (Some("tradingview"), "As TradingView defines them"),
    ];
    for (group, title) in blocks {
        let figures = group.map_or(value, |key| &value[key]);
        if figures.is_null() {
            continue;
        }
        terminal.line(title)?;
        for d in definitions.iter().filter(|d| d.group.as_deref() == group) {
            terminal.line(&format!("  {:<width$}  {}", d.name, cell(d, &figures[d.field.as_str()])))?;
        }
    }
    for note in value["notes"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        terminal.line(&format!("Note: {note}"))?;
    }
    Ok(())
}

/// A figure for people; `-` where it is undefined.
fn cell(definition: &FigureDefinition, value: &Value) -> String {
    let Some(number) = value.as_f64() else {
        return value.as_str().unwrap_or("-").to_owned();
    };
    match definition.unit.as_str() {
        "fraction" => percent(number * 100.0),
        "percent" => percent(number),
        "money" => format!("{number:.2}"),
        "ratio" => format!("{number:.3}"),
        _ => format!("{number}"),
    }
}

/// A growth that was brought from days to a year may be beyond any use of digits.
fn percent(number: f64) -> String {
    if number.abs() < 1e9 { format!("{number:.2} %") } else { format!("{number:.2e} %") }
}
