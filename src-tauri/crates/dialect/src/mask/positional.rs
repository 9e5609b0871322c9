//! Secrets that have no name but a place: the licence id that begins a line of PineConnector, the key that begins a
//! line of Bitcoin vs Altcoins, the password on a line of its own.
//!
//! Found in bytes, line by line, so that broken messages are as safe as good ones.

use crate::dialects::is_pineconnector_command;
use domain::DialectName;
use std::ops::Range;

/// Actions that follow a password on the next line.
const ACTIONS: [&str; 5] = ["long", "short", "buy", "sell", "close"];
/// How long an id of digits is at least.
const LICENCE_MIN: usize = 8;

/// The secrets of a text by their place; without a dialect wherever a line has the form of one.
pub(super) fn spans(bytes: &[u8], dialect: Option<DialectName>) -> Vec<Range<usize>> {
    // JSON has no such places, and most bodies are JSON.
    let first = bytes.iter().find(|b| !b.is_ascii_whitespace());
    let sure = dialect.is_some_and(is_positional);
    if matches!(first, None | Some(b'{' | b'[' | b'"')) || (dialect.is_some() && !sure) {
        return Vec::new();
    }
    let mut spans = Vec::new();
    let mut lines = Lines { bytes, at: 0 };
    let mut before: Option<Range<usize>> = None;
    while let Some(line) = lines.next_said() {
        let text = &bytes[line.clone()];
        let length = match dialect {
            Some(DialectName::PineConnector) => head(text, b',').or(Some(text.len())),
            Some(DialectName::Bva) => head(text, b'|').or(Some(text.len())),
            Some(DialectName::Password) => before.is_none().then_some(text.len()),
            Some(_) => None,
            None => licence(text).or_else(|| key(text)),
        };
        if let Some(length) = length {
            spans.push(trimmed(bytes, line.start..line.start + length));
        }
        if let Some(password) = before.filter(|_| dialect.is_none() && spans.is_empty() && is_action(text)) {
            spans.push(password);
        }
        before = Some(line);
    }
    spans
}

fn is_positional(dialect: DialectName) -> bool {
    matches!(dialect, DialectName::PineConnector | DialectName::Bva | DialectName::Password)
}

/// The id before the first comma, where a command or an id of digits says that it is one.
fn licence(line: &[u8]) -> Option<usize> {
    let length = head(line, b',')?;
    let id = line[..length].trim_ascii();
    let rest = &line[length + 1..];
    let word = &rest[..head(rest, b',').unwrap_or(rest.len())];
    let command = std::str::from_utf8(word.trim_ascii()).is_ok_and(is_pineconnector_command);
    let digits = id.len() >= LICENCE_MIN && id.iter().all(u8::is_ascii_digit);
    (command || digits).then_some(length)
}

/// The key before the first of exactly three bars.
fn key(line: &[u8]) -> Option<usize> {
    let bars = line.iter().filter(|b| **b == b'|').count();
    if bars == 3 { head(line, b'|') } else { None }
}

fn is_action(line: &[u8]) -> bool {
    let word = line.split(u8::is_ascii_whitespace).next().unwrap_or_default();
    let known = ACTIONS.iter().any(|action| action.as_bytes().eq_ignore_ascii_case(word));
    known && word.len() < line.len()
}

fn head(line: &[u8], mark: u8) -> Option<usize> {
    line.iter().position(|b| *b == mark)
}

fn trimmed(bytes: &[u8], span: Range<usize>) -> Range<usize> {
    let text = &bytes[span.clone()];
    let start = span.start + (text.len() - text.trim_ascii_start().len());
    let length = text.trim_ascii().len();
    start..start + length
}

/// The lines of a text that say something.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Lines<'_> {
    fn next_said(&mut self) -> Option<Range<usize>> {
        while self.at < self.bytes.len() {
            let rest = &self.bytes[self.at..];
            let length = line_length(rest);
            let written = usize::from(rest[length..].starts_with(b"\\n"));
            let mark = if rest.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            let line = trimmed(self.bytes, self.at + mark.min(length)..self.at + length);
            self.at += length + 1 + written;
            if !line.is_empty() {
                return Some(line);
            }
        }
        None
    }
}

/// How far the first line reaches: to its break, which may be written out as `\n`.
fn line_length(bytes: &[u8]) -> usize {
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\n' | b'\r' => true,
        b'\\' => bytes.get(at + 1) == Some(&b'n'),
        _ => false,
    };
    bytes.iter().enumerate().position(ends).unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, dialect: Option<DialectName>, expected: &[&str]) {
        let found: Vec<&str> = spans(text.as_bytes(), dialect).into_iter().map(|span| &text[span]).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn secrets_are_found_by_their_place() {
        check("60123456789,buy,AUDUSD,risk=0.1", None, &["60123456789"]);
        check("\u{feff} my-id , CloseLong,X\nother,sell,Y", None, &["my-id", "other"]);
        check("60123456789,nonsense,AUDUSD", None, &["60123456789"]);
        check("abc,def,ghi", None, &[]);
        check("abc,def,ghi", Some(DialectName::PineConnector), &["abc"]);
        check("k1|My strategy|buy|BTCUSDT", None, &["k1"]);
        check("k1|My strategy", Some(DialectName::Bva), &["k1"]);
        check("PasswordTest\nlong BTCUSD q=0.1", None, &["PasswordTest"]);
        check("PasswordTest\\nlong BTCUSD q=0.1", Some(DialectName::Password), &["PasswordTest"]);
        check("other,sell,Y\\nmine,buy,X", Some(DialectName::PineConnector), &["other", "mine"]);
        check("PasswordTest\nnothing", Some(DialectName::Password), &["PasswordTest"]);
        check("60123456789,buy,AUDUSD", Some(DialectName::Whook), &[]);
        check("{\"a\":\"60123456789,buy,X\"}", None, &[]);
        check("", None, &[]);
    }
}
