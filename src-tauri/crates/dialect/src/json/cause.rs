//! The likely cause of a break of the grammar, in a sentence for whoever typed the message.

use super::Value;
use crate::error::visible;

/// The longest run of letters that counts as one word.
const WORD_MAX: usize = 64;

/// What should have stood where the grammar broke.
pub(super) enum Expected<'a> {
    /// The message itself.
    Message,
    /// The value of a key.
    ValueOf(&'a str),
    /// An element of an array.
    Element,
}

/// The run of letters, digits and their like at `at`; empty when something else stands there.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-' | '$' | '%');
    let end = rest.char_indices().take(WORD_MAX).find(|(_, c)| !is_part(*c)).map(|(end, _)| end);
    &rest[..end.unwrap_or_else(|| rest.char_indices().nth(WORD_MAX).map_or(rest.len(), |(end, _)| end))]
}

pub(super) fn for_value(text: &str, at: usize, expected: &Expected<'_>) -> String {
    let Some(found) = text[at..].chars().next() else { return ends_early(closing(expected)) };
    if let Some(sentence) = wrong_quote(found) {
        return sentence;
    }
    match (expected, found) {
        (Expected::ValueOf(key), ',' | '}' | ']') => format!(
            "The value of `{}` is missing: a placeholder that TradingView filled with nothing is the usual cause. Put quotes around the placeholder.",
            visible(key)
        ),
        (Expected::Element, ']') => "A comma stands after the last element.".to_owned(),
        (Expected::ValueOf(_) | Expected::Element, _) if !word_at(text, at).is_empty() => unquoted(text, at),
        (Expected::Message | Expected::ValueOf(_) | Expected::Element, _) => unexpected(found),
    }
}

pub(super) fn for_key(text: &str, at: usize, first: bool) -> String {
    let Some(found) = text[at..].chars().next() else { return ends_early('}') };
    if let Some(sentence) = wrong_quote(found) {
        return sentence;
    }
    match found {
        '}' if !first => "A comma stands after the last field: remove it.".to_owned(),
        ',' => "A comma stands where a field should be: remove it.".to_owned(),
        _ if !word_at(text, at).is_empty() => {
            format!("The key `{}` has no quotes around it.", visible(word_at(text, at)))
        }
        _ => unexpected(found),
    }
}

pub(super) fn for_colon(text: &str, at: usize, key: &str) -> String {
    let key = visible(key);
    match text[at..].chars().next() {
        None => ends_early('}'),
        Some('=') => format!("An equals sign stands after `{key}` where a colon should be."),
        Some(',') => format!("A comma stands after `{key}` where a colon should be."),
        Some('}') => format!("`{key}` has no value."),
        Some(_) => format!(
            "A colon should follow `{key}`: a quote inside a text, which must be written \\\", is another cause."
        ),
    }
}

pub(super) fn after_value(text: &str, at: usize, value: &Value, close: char) -> String {
    let Some(found) = text[at..].chars().next() else { return ends_early(close) };
    match (value, found) {
        (_, '"') => {
            "A comma is missing before this field, or a text has a quote inside, which must be written \\\"."
                .to_owned()
        }
        (_, '}' | ']') => {
            format!("`{found}` closes what another bracket opened: `{close}` should stand first.")
        }
        (Value::Text(_), _) => {
            "The text before this ended early: a quote inside a text, as in a comment, must be written \\\"."
                .to_owned()
        }
        (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_), _) => {
            format!("A comma or `{close}` should stand here instead of `{}`.", visible(&found.to_string()))
        }
    }
}

pub(super) fn after_message(text: &str, at: usize, value: &Value) -> String {
    let found = text[at..].chars().next().unwrap_or(' ');
    match (value, found) {
        (Value::Text(_), ':') => "The message has no braces: write { before it and } after it.".to_owned(),
        (Value::Object(_) | Value::Array(_), '{' | '[') => {
            "A second message begins here: several signals stand in one array, [{…},{…}].".to_owned()
        }
        (Value::Object(_) | Value::Array(_), '}' | ']') => {
            format!("One `{found}` too many: the message was closed before.")
        }
        (_, _) => "Text stands after the end of the message: remove it.".to_owned(),
    }
}

pub(super) fn for_number(text: &str, at: usize, expected: &Expected<'_>) -> String {
    match expected {
        Expected::Message => unexpected(text[at..].chars().next().unwrap_or(' ')),
        Expected::ValueOf(_) | Expected::Element => unquoted(text, at),
    }
}

fn closing(expected: &Expected<'_>) -> char {
    match expected {
        Expected::Message | Expected::ValueOf(_) => '}',
        Expected::Element => ']',
    }
}

fn wrong_quote(found: char) -> Option<String> {
    match found {
        '\u{2018}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => {
            Some(format!("A typographic quote ({found}) stands where a straight one (\") should be."))
        }
        '\'' | '`' => Some(format!("A single quote ({found}) stands where a double one (\") should be.")),
        _ => None,
    }
}

fn unquoted(text: &str, at: usize) -> String {
    format!("The value `{}` has no quotes around it and is no number.", visible(word_at(text, at)))
}

fn ends_early(close: char) -> String {
    format!("The message ends too early: `{close}` is missing.")
}

fn unexpected(found: char) -> String {
    format!("`{}` cannot stand here.", visible(&found.to_string()))
}
