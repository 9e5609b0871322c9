//! `strategy`: conditions that alerts are asked to meet.

use super::{Place, analyze, verdict};
use crate::terminal::{Column, Done, Failure};
use anyhow::Context;
use clap::{Args, Subcommand};
use desk::wire::{RpcError, StrategyCheck};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Strategy {
    /// Make a strategy of a file.
    Add {
        /// The file, JSON; docs/PIPELINES.md says what is in it.
        file: PathBuf,
    },
    /// Give a strategy a new revision.
    Edit {
        /// The strategy.
        id: String,
        /// The file, JSON.
        file: PathBuf,
    },
    /// Let a strategy be asked again.
    Enable {
        /// The strategy.
        id: String,
    },
    /// Let a strategy not be asked; its webhooks refuse their alerts.
    Disable {
        /// The strategy.
        id: String,
    },
    /// Every strategy.
    List,
    /// One strategy with its file.
    Show {
        /// The strategy.
        id: String,
        /// A revision other than the newest.
        #[arg(long, value_name = "N")]
        revision: Option<u32>,
        /// Print the file alone, to be kept or handed on.
        #[arg(long)]
        file: bool,
    },
    /// Delete a strategy; verdicts that name it stay readable.
    Delete {
        /// The strategy.
        id: String,
    },
    /// Say everything that is wrong with a file, without anything being kept.
    Check {
        /// The file, JSON.
        file: PathBuf,
    },
    /// Ask a strategy about signals of the past; nothing is decided.
    Test(Test),
}

#[derive(Debug, Args)]
pub(super) struct Test {
    /// The strategy.
    id: String,
    /// One signal.
    #[arg(long, value_name = "ID", conflicts_with = "webhook", required_unless_present = "webhook")]
    signal: Option<String>,
    /// Every signal of a webhook: what would have passed.
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
    /// Another file in place of the saved one.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Candles of a timeframe as CSV; with SYMBOL: in front they are of that symbol alone. May be given several times.
    #[arg(long, value_name = "[SYMBOL:]TIMEFRAME=FILE")]
    candles: Vec<String>,
}

const COLUMNS: &[Column] = &[
    ("ID", "id"),
    ("NAME", "name"),
    ("ENABLED", "enabled"),
    ("REVISION", "revision"),
    ("APPLIES TO", "apply_to"),
    ("UPDATED", "updated_at"),
];
const NEEDS: &[Column] = &[("SYMBOL", "symbol"), ("TIMEFRAME", "timeframe"), ("CANDLES", "candles")];
const ROWS: &[Column] = &[
    ("SIGNAL", "signal_id"),
    ("RECEIVED", "received_at"),
    ("STATUS", "status"),
    ("VERDICT", "pipeline.verdict"),
    ("REASON", "pipeline.reason"),
];
impl Strategy {
    pub(super) fn run(self, place: &Place) -> Done {
        let terminal = place.terminal;
        let one = |method: &str, params: Value| -> Done {
            terminal.object("strategy", &place.desk()?.call(method, params)?)
        };
        match self {
            Self::Add { file } => one("strategies.add", json!({"file": text(&file)?})),
            Self::Edit { id, file } => one("strategies.edit", json!({"id": id, "file": text(&file)?})),
            Self::Enable { id } => one("strategies.enable", json!({ "id": id })),
            Self::Disable { id } => one("strategies.disable", json!({ "id": id })),
            Self::List => {
                terminal.list("strategies", &place.desk()?.call("strategies.list", json!({}))?, COLUMNS)
            }
            Self::Show { id, revision, file } => {
                let found = place.desk()?.call("strategies.show", json!({"id": id, "revision": revision}))?;
                if file {
                    let file =
                        serde_json::to_string_pretty(&found["file"]).context("the file is not JSON")?;
                    return terminal.line(&file);
                }
                terminal.object("strategy", &found)
            }
            Self::Delete { id } => {
                terminal.confirm("Webhooks that ask this strategy refuse their alerts from now on.")?;
                one("strategies.delete", json!({ "id": id }))
            }
            Self::Check { file } => check(place, &file),
            Self::Test(test) => test.run(place),
        }
    }
}

/// Everything that is wrong, a line each; the exit code says whether there is anything.
fn check(place: &Place, file: &Path) -> Done {
    let found: StrategyCheck = desk::check_strategy(&text(file)?);
    let value = serde_json::to_value(&found).context("the answer is not JSON")?;
    if found.ok {
        return if place.terminal.json {
            place.terminal.object("check", &value)
        } else {
            place.terminal.line("The file can be used. For an alert it needs these closed candles:")?;
            place.terminal.table(&value["needs"], NEEDS)
        };
    }
    let place_of = |fault: &desk::wire::StrategyFault| {
        let line = fault.line.map(|line| format!("line {line}, "));
        let column = fault.column.map(|column| format!("column {column}"));
        let within = [line, column].into_iter().flatten().collect::<String>();
        match (fault.path.as_str(), within.as_str()) {
            ("", "") => String::new(),
            ("", within) => format!("{within}: "),
            (path, "") => format!("{path}: "),
            (path, within) => format!("{path}, {within}: "),
        }
    };
    let lines: Vec<String> = found.faults.iter().map(|f| format!("{}{}", place_of(f), f.error)).collect();
    let count = if lines.len() == 1 { "a fault".to_owned() } else { format!("{} faults", lines.len()) };
    let sentence = format!("{} has {count}:\n{}", file.display(), lines.join("\n"));
    let faults = serde_json::Map::from_iter([("faults".to_owned(), value["faults"].clone())]);
    Err(Failure::Explained(RpcError::new("INVALID_STRATEGY", sentence), Box::new(faults)))
}

impl Test {
    fn run(self, place: &Place) -> Done {
        let candles: Vec<Value> =
            self.candles.iter().map(|text| candles_of(text)).collect::<Result<_, _>>()?;
        let file = self.file.as_deref().map(text).transpose()?;
        let params = json!({
            "id": self.id, "signal_id": self.signal, "webhook_id": self.webhook, "file": file,
            "candles": candles,
        });
        let found = place.desk()?.call("strategies.test", params)?;
        if place.terminal.json {
            return place.terminal.object("test", &found);
        }
        if self.signal.is_none() {
            place.terminal.table(&found["rows"], ROWS)?;
            return place.terminal.line(&format!(
                "{} signals: {} would have passed, {} denied, {} not known, {} exits that pass by; {} ms",
                found["signals"],
                found["confirmed"],
                found["denied"],
                found["unknown"],
                found["exits"],
                found["took_ms"]
            ));
        }
        let pipeline = &found["rows"][0]["pipeline"];
        verdict::print(place.terminal, pipeline, found["rows"][0]["market"].as_str())
    }
}

/// `[SYMBOL:]TIMEFRAME=FILE`.
fn candles_of(argument: &str) -> Result<Value, Failure> {
    let wanted = || {
        let text = format!("{argument:?} is not of the form TIMEFRAME=FILE or SYMBOL:TIMEFRAME=FILE.");
        RpcError::invalid("candles", text)
    };
    let (which, file) = argument.split_once('=').ok_or_else(wanted)?;
    let (symbol, timeframe) = match which.rsplit_once(':') {
        Some((symbol, timeframe)) => (Some(symbol), timeframe),
        None => (None, which),
    };
    Ok(json!({"timeframe": timeframe, "symbol": symbol, "csv": text(Path::new(file))?}))
}

/// A file that is read as text; the method says what is wrong with it otherwise.
fn text(file: &Path) -> Result<String, Failure> {
    let bytes = analyze::read(file)?;
    let told = |_| RpcError::new("MALFORMED_TEXT", format!("{} is not UTF-8.", file.display()));
    Ok(String::from_utf8(bytes).map_err(told)?)
}
