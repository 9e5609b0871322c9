//! A CSV file as rows with named columns, which know where they stand so that an error can say it.

use super::{CsvFile, FILE_BYTES_MAX};
use crate::wire::RpcError;
use csv::{ReaderBuilder, StringRecord, Trim};
use domain::{Timestamp, parse_decimal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The longest piece of a value that an error quotes.
const QUOTED_MAX: usize = 40;

/// The rows of a file with a header.
pub(crate) struct Table<'a> {
    name: &'a str,
    text: &'a str,
    header: StringRecord,
    records: Vec<StringRecord>,
}

/// The place of a column that was looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    index: usize,
}

/// A row under the header.
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    table: &'a Table<'a>,
    record: &'a StringRecord,
}

impl<'a> Table<'a> {
    /// Reads a file; every row has as many values as the header.
    pub(crate) fn read(file: CsvFile<'a>, wanted: &str) -> Result<Self, RpcError> {
        let refuse = |code: &str, text: String| RpcError::new(code, format!("{}: {text}", file.name));
        if file.bytes.len() > FILE_BYTES_MAX {
            let limit = FILE_BYTES_MAX / 1024 / 1024;
            return Err(refuse("FILE_TOO_LARGE", format!("The file is over {limit} MiB; thin it out.")));
        }
        let text = std::str::from_utf8(file.bytes).map_err(|e| {
            let before = file.bytes.get(..e.valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let error = refuse("MALFORMED_CSV", "The text is not UTF-8; save it as CSV in UTF-8.".to_owned());
            RpcError { line: u32::try_from(line).ok(), ..error }
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            return Err(refuse("EMPTY_FILE", format!("The file is empty; its first line must be {wanted}.")));
        }
        let mut reader = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(text.as_bytes());
        let broken = |e: csv::Error| refuse("MALFORMED_CSV", format!("The file cannot be read as CSV: {e}."));
        let header = reader.headers().map_err(broken)?.clone();
        let records = reader.records().collect::<Result<Vec<_>, _>>().map_err(broken)?;
        let table = Self { name: file.name, text, header, records };
        let ragged = table.rows().find(|row| row.record.len() != table.header.len());
        match ragged {
            Some(row) => Err(row.ragged()),
            None => Ok(table),
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row { table: self, record })
    }

    /// A column that must be there.
    pub(crate) fn column(&self, name: &'static str) -> Result<Column, RpcError> {
        let found: Vec<&str> = self.header.iter().collect();
        self.column_if_any(name)?.ok_or_else(|| {
            let comma = if self.header.len() == 1 { " Values are separated by commas." } else { "" };
            let found = quoted(&found.join(","));
            self.header_error(
                name,
                format!(
                    "There is no column {name:?} in the header {found}; the first line names them.{comma}"
                ),
            )
        })
    }

    /// A column that may be there.
    pub(crate) fn column_if_any(&self, name: &'static str) -> Result<Option<Column>, RpcError> {
        let mut places = self.header.iter().enumerate().filter(|(_, title)| title.eq_ignore_ascii_case(name));
        let first = places.next();
        if places.next().is_some() {
            return Err(self.header_error(name, format!("The header names {name:?} twice; keep one column.")));
        }
        Ok(first.map(|(index, _)| Column { name, index }))
    }

    /// Something is wrong with the file as a whole.
    pub(crate) fn error(&self, code: &str, text: &str) -> RpcError {
        RpcError::new(code, format!("{}: {text}", self.name))
    }

    fn header_error(&self, field: &str, text: String) -> RpcError {
        RpcError {
            field: Some(field.to_owned()),
            line: Some(1),
            column: Some(1),
            ..self.error("MALFORMED_CSV", &text)
        }
    }
}

impl Row<'_> {
    /// The text of a value, without white space around it.
    pub(crate) fn text(&self, column: Column) -> &str {
        self.record.get(column.index).unwrap_or_default()
    }

    /// What the file calls a column.
    pub(crate) fn name(&self, column: Column) -> &'static str {
        column.name
    }

    /// A number, exactly.
    pub(crate) fn number(&self, column: Column) -> Result<Decimal, RpcError> {
        let text = self.text(column);
        let reason =
            |e| format!("{} cannot be used as {}: {e}; write it like 100250.75.", quoted(text), column.name);
        parse_decimal(text).map_err(|e| self.error(column, reason(e)))
    }

    /// A number, or nothing where the value is empty.
    pub(crate) fn number_if_any(&self, column: Column) -> Result<Option<Decimal>, RpcError> {
        if self.text(column).is_empty() { Ok(None) } else { self.number(column).map(Some) }
    }

    /// A time: Unix seconds, RFC 3339, or a date for its first moment in UTC.
    pub(crate) fn time(&self, column: Column) -> Result<Timestamp, RpcError> {
        let text = self.text(column);
        read_time(text).map_err(|why| {
            let example = "write it like 1778221200, 2026-05-08T06:20:00Z or 2026-05-08";
            self.error(
                column,
                format!("{} cannot be used as {}: {why}; {example}.", quoted(text), column.name),
            )
        })
    }

    /// A value cannot be used.
    pub(crate) fn error(&self, column: Column, text: String) -> RpcError {
        let (line, place) = self.place(column.index);
        RpcError {
            field: Some(column.name.to_owned()),
            line: Some(line),
            column: Some(place),
            ..self.table.error("INVALID_FIELD", &text)
        }
    }

    fn ragged(&self) -> RpcError {
        let (found, wanted) = (self.record.len(), self.table.header.len());
        let hint = if found > wanted { "; numbers are written without separators of thousands" } else { "" };
        let text = format!("The header has {wanted} values and this row {found}{hint}.");
        let (line, place) = self.place(found.min(wanted));
        RpcError { line: Some(line), column: Some(place), ..self.table.error("MALFORMED_CSV", &text) }
    }

    /// Line, and column in characters, at which a value begins; both counted from 1. The reader's own line numbers
    /// are of where it stopped before, which may be an empty line.
    fn place(&self, index: usize) -> (u32, u32) {
        let start = self.record.position().map_or(0, csv::Position::byte);
        let (before, rest) =
            self.table.text.split_at_checked(usize::try_from(start).unwrap_or(0)).unwrap_or_default();
        let record = rest.trim_start_matches(['\r', '\n']);
        let skipped = rest.get(..rest.len() - record.len()).unwrap_or_default();
        let (mut line, mut column, mut commas, mut is_quoted) = (1, 1, 0, false);
        line += before.matches('\n').count() + skipped.matches('\n').count();
        for c in record.chars() {
            if commas == index {
                break;
            }
            match c {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => commas += 1,
                '\n' if is_quoted => (line, column) = (line + 1, 0),
                '\n' => break,
                _ => {}
            }
            column += 1;
        }
        let shown = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (shown(line), shown(column))
    }
}

/// A value in an error: short, and without control characters.
fn quoted(text: &str) -> String {
    let short: String = text.chars().take(QUOTED_MAX).collect();
    let more = if short.len() < text.len() { "…" } else { "" };
    format!("{short:?}{more}")
}

/// The times that a [`Timestamp`] holds, in seconds.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_207_199;

fn read_time(text: &str) -> Result<Timestamp, &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if is_compact_date(text) {
        return Err("as Unix seconds it is in 1970, and it looks like a date without dashes");
    }
    if let Ok(seconds) = parse_decimal(text) {
        let micros = seconds.checked_mul(Decimal::from(1_000_000)).and_then(|micros| micros.floor().to_i64());
        let is_in_range = seconds.floor().to_i64().is_some_and(|whole| SECONDS.contains(&whole));
        return match micros.filter(|_| is_in_range) {
            Some(micros) => Ok(Timestamp::from_micros(micros)),
            None => Err("it is not in the years 1 to 9999 as Unix seconds, perhaps it is milliseconds"),
        };
    }
    if let Ok(date) = text.parse::<jiff::civil::Date>()
        && text.len() == "2026-05-08".len()
    {
        let start = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| "it is no day")?;
        return Ok(Timestamp::from_micros(start.timestamp().as_microsecond()));
    }
    if text.parse::<jiff::civil::DateTime>().is_ok() && Timestamp::parse(text).is_err() {
        return Err("its offset from UTC is missing (Z for none)");
    }
    Timestamp::parse(text).map_err(|_| "it is no time")
}

/// Whether the text is a day of the years 1900 to 2099 such as 20260508.
fn is_compact_date(text: &str) -> bool {
    let is_shaped = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_recent = text.starts_with("19") || text.starts_with("20");
    is_shaped && is_recent && text.parse::<jiff::civil::Date>().is_ok()
}
