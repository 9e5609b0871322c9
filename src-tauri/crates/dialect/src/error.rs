//! Why a body could not be read.

use crate::mask::mask_tokens_in_text;
use domain::{DialectName, ReasonCode};
use std::fmt;

/// The longest piece of a body that an error sentence repeats, in characters.
const QUOTED_MAX: usize = 60;

/// A refusal of a body; the sentence may be shown to the sender, it never repeats a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// What kind of refusal; callers branch on this alone.
    pub code: ReasonCode,
    /// What is wrong with this body, with the likely cause where there is one.
    pub sentence: String,
    /// The line, from 1; set for errors of JSON and text, and for placeholders.
    pub line: Option<u32>,
    /// The column in characters, from 1; set together with the line.
    pub column: Option<u32>,
    /// The field that is missing or wrong; `[1].symbol` is the symbol of the second element of an array.
    pub field: Option<String>,
    /// The dialect that the body was read as, when that was known by then.
    pub dialect: Option<DialectName>,
}

impl ReadError {
    /// A refusal that points at no place.
    pub(crate) fn new(code: ReasonCode, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), line: None, column: None, field: None, dialect: None }
    }

    /// The same refusal, pointing at a field.
    pub(crate) fn at_field(mut self, field: &str) -> Self {
        self.field = Some(visible(field));
        self
    }

    /// The same refusal, pointing at the byte `offset` of `text`.
    pub(crate) fn at_offset(mut self, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.line = Some(count(before.matches('\n').count() + 1));
        self.column = Some(count(before[line_start..].chars().count() + 1));
        self
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.sentence)?;
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, " (line {line}, column {column})"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for ReadError {}

/// A piece of the body as it may stand in a sentence: short, one line, without tokens.
pub(crate) fn visible(text: &str) -> String {
    let masked = mask_tokens_in_text(text);
    let mut characters = masked.chars().map(|c| if c.is_control() { ' ' } else { c });
    let head: String = characters.by_ref().take(QUOTED_MAX).collect();
    if characters.next().is_some() { format!("{head}…") } else { head }
}
