//! Quoted texts: reading and writing.

use super::{Fault, JsonError};
use crate::error::visible;
use std::fmt::Write as _;

/// Reads the text whose opening quote stands at `start`; answers it unescaped, with the offset after its closing quote.
pub(super) fn read(text: &str, start: usize) -> Result<(String, usize), JsonError> {
    let bytes = text.as_bytes();
    let mut value = String::new();
    let mut at = start + 1;
    loop {
        let length = bytes[at..].iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20));
        let Some(length) = length else {
            return Err(malformed(start, "The text that begins here is never closed: a quote is missing."));
        };
        value.push_str(&text[at..at + length]);
        at += length;
        match bytes[at] {
            b'"' => return Ok((value, at + 1)),
            b'\\' => at = escape(text, at, &mut value)?,
            b'\n' | b'\r' => {
                let cause = "A line ends inside a text: its closing quote is missing, or the line break must be written \\n.";
                return Err(malformed(at, cause));
            }
            _ => return Err(malformed(at, "A control character stands inside a text.")),
        }
    }
}

fn escape(text: &str, at: usize, value: &mut String) -> Result<usize, JsonError> {
    let plain = match text.as_bytes().get(at + 1) {
        Some(b'"') => '"',
        Some(b'\\') => '\\',
        Some(b'/') => '/',
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode_escape(text, at, value),
        Some(_) | None => {
            let found = text[at + 1..].chars().next().map(String::from).unwrap_or_default();
            let cause =
                format!("`\\{}` is no escape of JSON: a backslash itself is written \\\\.", visible(&found));
            return Err(malformed(at, &cause));
        }
    };
    value.push(plain);
    Ok(at + 2)
}

fn unicode_escape(text: &str, at: usize, value: &mut String) -> Result<usize, JsonError> {
    let unit = |at: usize| -> Option<u16> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if hex { u16::from_str_radix(digits, 16).ok() } else { None }
    };
    let first =
        unit(at).ok_or_else(|| malformed(at, "`\\u` must be followed by four hexadecimal digits."))?;
    let units = [Some(first), unit(at + 6)];
    let read = |count: usize| char::decode_utf16(units.into_iter().flatten().take(count)).next();
    for count in [1, 2] {
        if let Some(Ok(c)) = read(count) {
            value.push(c);
            return Ok(at + 6 * count);
        }
    }
    Err(malformed(at, "This `\\u` escape is half of a character: its other half is missing."))
}

fn malformed(offset: usize, cause: &str) -> JsonError {
    JsonError { offset, fault: Fault::Malformed(cause.to_owned()) }
}

/// Writes a text with its quotes.
pub(super) fn write(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                write!(out, "\\u{:04x}", u32::from(c)).expect("BUG: writing into a String cannot fail");
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
