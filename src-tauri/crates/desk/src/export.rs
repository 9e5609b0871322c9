//! The history as a file: CSV, JSON or one JSON value a line, streamed page by page.

use crate::context::Context;
use crate::rpc::signals::{filter, index_for, shown};
use crate::rpc::store_error;
use crate::wire::{RpcError, SignalQuery, SignalRow};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Rows read at once.
const PAGE: u32 = 500;

/// The form of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values with a header; texts that a spreadsheet would run as a formula begin with `'`.
    Csv,
    /// One array.
    Json,
    /// One value a line.
    NdJson,
}

impl ExportFormat {
    /// Reads `csv`, `json` or `ndjson`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "ndjson" => Some(Self::NdJson),
            _ => None,
        }
    }
}

const COLUMNS: [&str; 17] = [
    "id",
    "webhook_id",
    "webhook_name",
    "received_at",
    "source",
    "source_ip",
    "dialect",
    "action",
    "symbol",
    "status",
    "reason_code",
    "reason",
    "replay_of",
    "alert_time",
    "lag_ms",
    "test",
    "fills",
];

/// As [`signals`], to a file: one that is half written is never taken for a whole one, and an older file of the name
/// stays until then.
pub(crate) fn signals_to(
    context: &Context,
    query: &SignalQuery,
    format: ExportFormat,
    file: &Path,
) -> Result<u64, RpcError> {
    let cannot =
        |why: &str| RpcError::new("EXPORT_FAILED", format!("{} cannot be written: {why}.", file.display()));
    let name = file.file_name().ok_or_else(|| cannot("it is not a file"))?;
    if let Some(directory) = file.parent().filter(|d| !d.as_os_str().is_empty() && !d.is_dir()) {
        return Err(cannot(&format!("there is no directory {}", directory.display())));
    }
    let partial = file.with_file_name(format!(".{}.partial", name.to_string_lossy()));
    let whole = || {
        let mut out = BufWriter::new(File::create(&partial).map_err(|e| cannot(&e.to_string()))?);
        let written = signals(context, query, format, &mut out)?;
        let flushed = out.flush().and_then(|()| out.get_ref().sync_all());
        flushed.and_then(|()| fs::rename(&partial, file)).map_err(|e| cannot(&e.to_string()))?;
        Ok(written)
    };
    whole().inspect_err(|_| {
        // The half file is of no use; the error that matters is the one above.
        let _gone = fs::remove_file(&partial);
    })
}

/// Writes every signal that passes `query`, newest first, and says how many.
pub(crate) fn signals(
    context: &Context,
    query: &SignalQuery,
    format: ExportFormat,
    out: &mut dyn Write,
) -> Result<u64, RpcError> {
    let filter = filter(query)?;
    index_for(context, &filter);
    write_head(format, out).map_err(|e| failed(&e))?;
    let mut before = None;
    let mut written = 0;
    loop {
        let (rows, next) = context
            .store
            .reader()
            .read(|view| {
                let page = store::signals::list(view, &filter, before, PAGE)?;
                let rows =
                    page.signals.into_iter().map(|row| shown(view, row)).collect::<Result<Vec<_>, _>>()?;
                Ok((rows, page.next))
            })
            .map_err(|e| store_error(&e))?;
        for row in &rows {
            write_row(format, row, written == 0, out).map_err(|e| failed(&e))?;
            written += 1;
        }
        let Some(cursor) = next else { break };
        before = Some(cursor);
    }
    if format == ExportFormat::Json {
        out.write_all(b"\n]\n").map_err(|e| failed(&e))?;
    }
    out.flush().map_err(|e| failed(&e))?;
    Ok(written)
}

fn write_head(format: ExportFormat, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        ExportFormat::Csv => write_record(&COLUMNS.map(str::to_owned), out),
        ExportFormat::Json => out.write_all(b"["),
        ExportFormat::NdJson => Ok(()),
    }
}

fn write_row(format: ExportFormat, row: &SignalRow, first: bool, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        ExportFormat::Csv => write_record(&record(row), out),
        ExportFormat::Json => {
            out.write_all(if first { b"\n" } else { b",\n" })?;
            serde_json::to_writer(out, row).map_err(Into::into)
        }
        ExportFormat::NdJson => {
            serde_json::to_writer(&mut *out, row)?;
            out.write_all(b"\n")
        }
    }
}

fn write_record(fields: &[String], out: &mut dyn Write) -> std::io::Result<()> {
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(fields).map_err(std::io::Error::other)?;
    let bytes = line.into_inner().map_err(|e| std::io::Error::other(e.to_string()))?;
    out.write_all(&bytes)
}

fn record(row: &SignalRow) -> [String; 17] {
    let text = |value: &Option<String>| unformulated(value.as_deref().unwrap_or_default());
    let fills: Vec<String> = row
        .orders
        .iter()
        .map(|o| format!("{} {} @ {}", o.side, o.filled, o.price_average.as_deref().unwrap_or("-")))
        .collect();
    [
        row.id.clone(),
        row.webhook_id.clone(),
        unformulated(&row.webhook_name),
        row.received_at.clone(),
        unformulated(&row.source),
        text(&row.source_ip),
        text(&row.dialect),
        text(&row.action),
        text(&row.symbol),
        row.status.clone(),
        text(&row.reason_code),
        text(&row.reason),
        text(&row.replay_of),
        text(&row.alert_time),
        row.lag_ms.map(|n| n.to_string()).unwrap_or_default(),
        row.test.to_string(),
        fills.join("; "),
    ]
}

/// A spreadsheet must not run what a stranger wrote.
pub(crate) fn unformulated(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn failed(error: &dyn std::error::Error) -> RpcError {
    RpcError::new("EXPORT_FAILED", format!("The export could not be written: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        for (text, expected) in
            [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2", "'-2"), ("buy", "buy"), ("", "")]
        {
            assert_eq!(unformulated(text), expected);
        }
    }
}
