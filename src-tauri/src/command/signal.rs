//! `signal`: the history, and replays.

mod chart;
mod shown;

use super::{Place, webhook};
use crate::terminal::{Column, Done, Failure, Terminal};
use anyhow::Context;
use chart::Chart;
use clap::{Args, Subcommand};
use desk::wire::SignalQuery;
use desk::{Desk, ExportFormat};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often `tail` looks.
const TAIL_EVERY: Duration = Duration::from_millis(250);
/// Rows that `tail` looks at.
const TAIL_ROWS: u32 = 200;

#[derive(Debug, Subcommand)]
pub(super) enum Signal {
    /// A page of the history, newest first.
    List(List),
    /// Everything about one signal.
    Show {
        /// The signal.
        id: String,
    },
    /// The candles around a signal that a strategy was asked about, with the strategy's indicators, as CSV.
    Chart(Chart),
    /// Print signals as they come and are decided, until interrupted.
    Tail,
    /// The history as a file.
    Export {
        /// `csv`, `json` or `ndjson`.
        #[arg(long, value_parser = format_of)]
        format: ExportFormat,
        /// Where to; stdout when absent.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        #[command(flatten)]
        which: Which,
    },
    /// Read and execute signals again, as new ones.
    Replay {
        /// The signals.
        #[arg(required = true)]
        ids: Vec<String>,
        /// Another body in place of the original's; with one signal only.
        #[arg(long, value_name = "FILE")]
        edit: Option<PathBuf>,
        /// Only say what would happen.
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    which: Which,
    /// At most this many.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u32,
    /// The cursor of the page before.
    #[arg(long, value_name = "CURSOR")]
    before: Option<String>,
}

/// Which signals are wanted.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only of this webhook.
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
    /// Only these.
    #[arg(long, value_name = "S", value_delimiter = ',', value_parser = STATUSES)]
    status: Vec<String>,
    /// Words that the body, symbol or action must have, all of them; they match whole, `btc*` matches a beginning.
    #[arg(long, value_name = "Q")]
    query: Option<String>,
}

impl Which {
    fn asked(self, desk: &Desk) -> Result<SignalQuery, Failure> {
        if let Some(id) = &self.webhook {
            webhook::known(desk, id)?;
        }
        let status = Some(self.status).filter(|names| !names.is_empty());
        Ok(SignalQuery { webhook_id: self.webhook, status, query: self.query, ..SignalQuery::default() })
    }
}

/// What `--status` may name.
const STATUSES: [&str; 5] = ["received", "executed", "rejected", "failed", "replayed"];

const COLUMNS: &[Column] = &[
    ("TIME", "received_at"),
    ("STATUS", "status"),
    ("ACTION", "action"),
    ("SYMBOL", "symbol"),
    ("WEBHOOK", "webhook_name"),
    ("REASON", "reason_code"),
    ("ID", "id"),
];

impl Signal {
    pub(super) fn run(self, place: &Place) -> Done {
        match self {
            Self::List(list) => list.run(place),
            Self::Show { id } => {
                let signal = place.desk()?.call("signals.show", json!({"id": id}))?;
                shown::print(place.terminal, signal)
            }
            Self::Chart(chart) => chart.run(place),
            Self::Tail => tail(place),
            Self::Export { format, out, which } => export(place, format, out.as_deref(), which),
            Self::Replay { ids, edit, dry_run } => replay(place, &ids, edit.as_deref(), dry_run),
        }
    }
}

impl List {
    fn run(self, place: &Place) -> Done {
        let desk = place.desk()?;
        let Self { which, limit, before } = self;
        let query = SignalQuery { limit: Some(limit), before, ..which.asked(&desk)? };
        let page = desk.call("signals.list", json!(query))?;
        if place.terminal.json {
            return place.terminal.value(&page);
        }
        place.terminal.table(&page["signals"], COLUMNS)?;
        match page["next"].as_str() {
            Some(next) => place.terminal.line(&format!("more: --before {next}")),
            None => Ok(()),
        }
    }
}

fn tail(place: &Place) -> Done {
    let desk = place.desk()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("no runtime could be started")?;
    let mut seen: HashMap<String, String> = HashMap::new();
    let mut first = true;
    runtime.block_on(async {
        let mut tick = tokio::time::interval(TAIL_EVERY);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                _ = tokio::signal::ctrl_c() => return Ok(()),
            }
            let page = desk.call("signals.list", json!({"limit": TAIL_ROWS}))?;
            let rows = page["signals"].as_array().cloned().unwrap_or_default();
            let mut now = HashMap::new();
            for row in rows.iter().rev() {
                let key = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
                let (id, status) = (key("id"), key("status"));
                if !first && seen.get(&id) != Some(&status) {
                    print_tailed(place, row)?;
                }
                now.insert(id, status);
            }
            (seen, first) = (now, false);
        }
    })
}

fn print_tailed(place: &Place, row: &Value) -> Done {
    if place.terminal.json {
        return place.terminal.value(row);
    }
    let text = |key: &str| row[key].as_str().unwrap_or("-").escape_debug().to_string();
    let columns: Vec<String> = COLUMNS.iter().map(|(_, at)| text(at)).collect();
    place.terminal.line(&columns.join("  "))
}

fn format_of(text: &str) -> Result<ExportFormat, &'static str> {
    ExportFormat::parse(text).ok_or("csv, json or ndjson is wanted")
}

fn export(place: &Place, format: ExportFormat, out: Option<&Path>, which: Which) -> Done {
    let desk = place.desk()?;
    let query = which.asked(&desk)?;
    let Some(file) = out else {
        let mut stdout = std::io::stdout().lock();
        desk.export(&query, format, &mut stdout)?;
        return Ok(());
    };
    let written = desk.export_to(&query, format, file)?;
    place.terminal.object("export", &json!({"file": file.display().to_string(), "signals": written}))
}

fn replay(place: &Place, ids: &[String], edit: Option<&Path>, dry_run: bool) -> Done {
    let mut params = json!({"ids": ids, "dry_run": dry_run});
    if let Some(file) = edit {
        let body = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read as text", file.display()))?;
        params["body"] = json!(body);
    }
    let desk = place.desk()?;
    if !dry_run {
        ask_about_executed(place, &desk, ids)?;
    }
    print_page(place.terminal, &desk.call("signals.replay", params)?)
}

/// Signals that were just made; of a dry run, what would become of each, with every check.
pub(super) fn print_page(terminal: Terminal, page: &Value) -> Done {
    if page["trials"].is_null() {
        return terminal.list("signals", &page["signals"], COLUMNS);
    }
    if terminal.json {
        return terminal.list("signals", &page["trials"], COLUMNS);
    }
    print_trials(terminal, &page["trials"])
}

/// What would become of signals, one after the other.
pub(super) fn print_trials(terminal: Terminal, trials: &Value) -> Done {
    for (place, tried) in trials.as_array().into_iter().flatten().enumerate() {
        if place > 0 {
            terminal.line("")?;
        }
        shown::print(terminal, tried.clone())?;
    }
    Ok(())
}

/// A signal that was executed trades a second time when it is replayed.
fn ask_about_executed(place: &Place, desk: &Desk, ids: &[String]) -> Done {
    for id in ids {
        if desk.call("signals.show", json!({ "id": id }))?["status"] == "executed" {
            return place.terminal.confirm(&format!("{id} was executed; its replay trades a second time."));
        }
    }
    Ok(())
}
