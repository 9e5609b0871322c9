//! JSON as alert messages have it: every value keeps its own text, keys keep their order, and an error says what
//! probably went wrong.
//!
//! Written by hand because three things matter here that general parsers do not give: numbers untouched, a second
//! `"action"` seen, and a sentence that helps somebody who typed the message into a small field. Linear in the length
//! of the body; recursion ends at [`NESTING_MAX`].

mod cause;
mod parser;
mod string;

/// How deep arrays and objects may be nested; the outermost counts as one.
pub(crate) const NESTING_MAX: usize = 32;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A text, unescaped.
    Text(String),
    /// An array.
    Array(Vec<Value>),
    /// An object; keys are unique and in the order of the message.
    Object(Object),
}

impl Value {
    /// Whether it says nothing: absent, empty, zero or false.
    pub(crate) fn is_unset(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Bool(set) => !set,
            Self::Number(text) | Self::Text(text) => {
                text.trim().is_empty() || domain::parse_decimal(text).is_ok_and(|n| n.is_zero())
            }
            Self::Array(items) => items.is_empty(),
            Self::Object(pairs) => pairs.is_empty(),
        }
    }
}

/// The pairs of an object.
pub(crate) type Object = Vec<(String, Value)>;

/// A value and what was put right to read it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parsed {
    /// The value.
    pub(crate) value: Value,
    /// How many blanks outside texts were ones that JSON does not know.
    pub(crate) invisible_blanks: usize,
}

/// Why a text is no JSON that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JsonError {
    /// Where, in bytes.
    pub(crate) offset: usize,
    /// What.
    pub(crate) fault: Fault,
}

/// What is wrong with a JSON text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It breaks the grammar; the sentence names the likely cause.
    Malformed(String),
    /// An object has a key twice.
    DuplicateKey(String),
    /// Deeper than [`NESTING_MAX`].
    TooDeep,
}

/// Reads a whole text as one JSON value.
pub(crate) fn parse(text: &str) -> Result<Parsed, JsonError> {
    parser::parse(text)
}

/// Blanks that JSON does not know and that nobody sees: no-break spaces, zero-width ones, a misplaced byte order mark.
pub(crate) fn is_invisible_blank(c: char) -> bool {
    matches!(
        c,
        '\u{a0}' | '\u{85}' | '\u{2000}'
            ..='\u{200b}'
                | '\u{2028}'
                | '\u{2029}'
                | '\u{202f}'
                | '\u{205f}'
                | '\u{2060}'
                | '\u{3000}'
                | '\u{feff}'
    )
}

/// Blanks around a message, whether or not JSON knows them.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n') || is_invisible_blank(c)
}

impl Value {
    /// The value as text: a text as it is, everything else as compact JSON.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Array(_) | Self::Object(_) => {
                let mut out = String::new();
                self.write_json(&mut out);
                out
            }
        }
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(text) => out.push_str(text),
            Self::Text(text) => string::write(text, out),
            Self::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write_json(out);
                }
                out.push(']');
            }
            Self::Object(pairs) => {
                out.push('{');
                for (index, (key, value)) in pairs.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    string::write(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests;
