//! Texts taken apart into messages of named parts, so that text and JSON dialects are read by the same code.

use crate::error::{ReadError, visible};
use crate::json::{Object, Value};
use domain::ReasonCode;

/// One message of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Where it begins in the text, in bytes.
    pub(crate) offset: usize,
    /// Its parts by name.
    pub(crate) parts: Object,
}

/// The messages of a text, or what is wrong with it; the place is a byte of the text.
pub(crate) type Messages = Result<Vec<Message>, TextError>;

/// Why a text of a known format cannot be taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TextError {
    /// Where.
    pub(crate) offset: usize,
    /// What.
    pub(crate) code: ReasonCode,
    /// The sentence.
    pub(crate) sentence: String,
}

impl TextError {
    /// A text that breaks the form of its format.
    pub(crate) fn malformed(offset: usize, sentence: impl Into<String>) -> Self {
        Self { offset, code: ReasonCode::MalformedText, sentence: sentence.into() }
    }

    /// The refusal, with its place.
    pub(crate) fn at(self, text: &str) -> ReadError {
        ReadError::new(self.code, self.sentence).at_offset(text, self.offset)
    }
}

/// A piece of a text and where it begins.
pub(crate) type Piece<'a> = (usize, &'a str);

/// The lines of a text that say something, trimmed, with their places.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = Piece<'_>> {
    pieces(text, |c| matches!(c, '\n' | '\r'))
}

/// The pieces between separators that say something, trimmed, with their places.
pub(crate) fn pieces(text: &str, is_separator: impl Fn(char) -> bool) -> impl Iterator<Item = Piece<'_>> {
    let start = text.as_ptr() as usize;
    text.split(is_separator)
        .map(str::trim)
        .filter(|piece| !piece.is_empty())
        .map(move |piece| (piece.as_ptr() as usize - start, piece))
}

/// Adds a part to a message; a name that stands twice is an error.
pub(crate) fn add(parts: &mut Object, name: &str, value: &str, offset: usize) -> Result<(), TextError> {
    if parts.iter().any(|(known, _)| known == name) {
        let sentence = format!("{} stands twice: which one is meant cannot be guessed.", visible(name));
        return Err(TextError { offset, code: ReasonCode::DuplicateKey, sentence });
    }
    parts.push((name.to_owned(), Value::Text(value.to_owned())));
    Ok(())
}

/// `name=value` as its two trimmed sides; nothing without an equals sign or without a name.
pub(crate) fn assignment(piece: &str) -> Option<(&str, &str)> {
    let (name, value) = piece.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    (!name.is_empty() && name.bytes().all(plain)).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_know_where_they_begin() {
        let found: Vec<_> = lines(" a \r\n\n  bé c\nd").collect();
        assert_eq!(found, [(1, "a"), (8, "bé c"), (14, "d")]);
        assert_eq!(assignment(" A = b=c "), Some(("A", "b=c")));
        assert_eq!((assignment("a b"), assignment("=b"), assignment("a b=c")), (None, None, None));
        let mut parts = Object::new();
        add(&mut parts, "a", "1", 0).unwrap();
        assert_eq!(add(&mut parts, "a", "2", 5).unwrap_err().code, ReasonCode::DuplicateKey);
    }
}
