//! What commands print: JSON for programs, tables for people, errors on stderr.

use anyhow::Context;
use desk::wire::RpcError;
use serde_json::{Map, Value, json};
use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

/// How the answer of a command is printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    /// One JSON value on stdout.
    pub(crate) json: bool,
    /// Never ask.
    pub(crate) yes: bool,
}

/// How a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The desk refused; the reason has a code.
    Refused(RpcError),
    /// The desk refused and had more to say: fields that stand beside the error in its JSON.
    Explained(RpcError, Box<Map<String, Value>>),
    /// Something around the desk broke.
    Broken(anyhow::Error),
}

impl From<RpcError> for Failure {
    fn from(error: RpcError) -> Self {
        Self::Refused(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Broken(error)
    }
}

pub(crate) type Done = Result<(), Failure>;

/// A column of a table: its title and where its text is in a row.
pub(crate) type Column = (&'static str, &'static str);

impl Terminal {
    /// Prints one object under its name, for people as lines of `key  value`; what is in an inner object stands beside
    /// `key.inner`, unless it is empty.
    pub(crate) fn object(self, name: &str, value: &Value) -> Done {
        if self.json {
            return self.value(&json!({ name: value }));
        }
        let Some(object) = value.as_object() else { return self.line(&cell(value)) };
        let mut lines = Vec::new();
        for (key, value) in object {
            flatten(key.clone(), value, &mut lines);
        }
        let width = lines.iter().map(|(key, _)| key.chars().count()).max().unwrap_or(0);
        for (key, value) in lines {
            self.line(&format!("{key:<width$}  {value}"))?;
        }
        Ok(())
    }

    /// Prints a list under its name, for people as a table.
    pub(crate) fn list(self, name: &str, rows: &Value, columns: &[Column]) -> Done {
        if self.json {
            return self.value(&json!({ name: rows }));
        }
        self.table(rows, columns)
    }

    /// Prints rows as a table, or says that there are none.
    pub(crate) fn table(self, rows: &Value, columns: &[Column]) -> Done {
        let rows: Vec<Vec<String>> = rows
            .as_array()
            .map(|rows| {
                rows.iter().map(|row| columns.iter().map(|(_, at)| cell(lookup(row, at))).collect()).collect()
            })
            .unwrap_or_default();
        if rows.is_empty() {
            return self.line("none");
        }
        let width =
            |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> =
            columns.iter().enumerate().map(|(i, (title, _))| width(i).max(title.len())).collect();
        let titles: Vec<String> = columns.iter().map(|(title, _)| (*title).to_owned()).collect();
        for row in std::iter::once(&titles).chain(&rows) {
            let padded: Vec<String> = row.iter().zip(&widths).map(|(c, w)| format!("{c:<w$}")).collect();
            self.line(padded.join("  ").trim_end())?;
        }
        Ok(())
    }

    /// Prints a JSON value on one line.
    pub(crate) fn value(self, value: &Value) -> Done {
        self.line(&value.to_string())
    }

    /// Prints a line. A reader that went away ends the output, not the program.
    pub(crate) fn line(self, text: &str) -> Done {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::Broken(anyhow::Error::new(error).context("stdout cannot be written")))
            }
            _ => Ok(()),
        }
    }

    /// Asks a person before something is lost; a script is taken at its word.
    pub(crate) fn confirm(self, consequence: &str) -> Done {
        if self.yes || !std::io::stdin().is_terminal() {
            return Ok(());
        }
        let mut err = std::io::stderr().lock();
        write!(err, "{consequence}\nGo on? [y/N] ").context("stderr cannot be written")?;
        err.flush().context("stderr cannot be written")?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).context("the answer cannot be read")?;
        if matches!(answer.trim(), "y" | "Y" | "yes") {
            return Ok(());
        }
        Err(Failure::Refused(RpcError::new("NOT_CONFIRMED", "Nothing was done.")))
    }

    /// The exit code, with the reason of a failure on stderr.
    pub(crate) fn conclude(self, done: Done) -> ExitCode {
        let (error, more) = match done {
            Ok(()) => return ExitCode::SUCCESS,
            Err(Failure::Refused(error)) => (error, Map::new()),
            Err(Failure::Explained(error, more)) => (error, *more),
            Err(Failure::Broken(error)) => (RpcError::new("FAILED", with_causes(&error)), Map::new()),
        };
        let mut err = std::io::stderr().lock();
        let place = match (error.line, error.column) {
            (Some(line), Some(column)) => format!(" (line {line}, column {column})"),
            _ => String::new(),
        };
        // With stderr gone there is nobody left to tell.
        let _unheard = writeln!(err, "pitwire: {}{place} [{}]", error.error, error.code);
        if self.json
            && let Ok(Value::Object(mut value)) = serde_json::to_value(&error)
        {
            value.extend(more);
            let _unheard = self.value(&Value::Object(value));
        }
        ExitCode::FAILURE
    }
}

/// An error and its causes in one line. Some errors repeat the cause in their own words, which is not said twice.
fn with_causes(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if line.is_empty() {
            line = cause;
        } else if !line.ends_with(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line
}

/// `a.b` is the field `b` of the field `a`.
fn lookup<'a>(row: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(row, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// The lines of a value: one, or those of its fields that say something.
fn flatten(key: String, value: &Value, lines: &mut Vec<(String, String)>) {
    match value.as_object() {
        Some(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !is_empty(value)) {
                flatten(format!("{key}.{}", plain(name)), value, lines);
            }
        }
        None => lines.push((key, cell(value))),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// A value as one cell.
fn cell(value: &Value) -> String {
    let text = match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "-".to_owned(),
        Value::Array(_) | Value::Object(_) | Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    plain(&text)
}

/// Payload text is hostile: neither control characters nor those that turn the direction of what follows may reach the
/// terminal.
fn plain(text: &str) -> String {
    let turns = |c| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    text.chars().map(|c| if c.is_control() || turns(c) { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_said_once() {
        let cause = || std::io::Error::other("no such device");
        let error =
            anyhow::Error::new(cause()).context("the disk: no such device").context("nothing was written");
        assert_eq!(with_causes(&error), "nothing was written: the disk: no such device");
        let plain = anyhow::Error::new(cause()).context("nothing was written");
        assert_eq!(with_causes(&plain), "nothing was written: no such device");
    }

    #[test]
    fn what_is_nested_is_told_line_by_line_without_what_is_empty() {
        let mut lines = Vec::new();
        let value =
            json!({"none": null, "list": [], "of": {"it": 1, "a\u{1b}b": "x\ny"}, "all": [1, {"b": 2}]});
        flatten("is".to_owned(), &value, &mut lines);
        let told: Vec<String> = lines.iter().map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(told, ["is.all=[1,{\"b\":2}]", "is.of.a b=x y", "is.of.it=1"]);
    }

    #[test]
    fn escape_sequences_of_a_payload_do_not_reach_the_terminal() {
        assert_eq!(cell(&json!("a\u{1b}[31mb\nc")), "a [31mb c");
        assert_eq!(cell(&json!("buy \u{202e}yub")), "buy  yub");
        assert_eq!(cell(&json!(null)), "-");
        assert_eq!(cell(lookup(&json!({"a": {"b": 1}}), "a.b")), "1");
    }
}
