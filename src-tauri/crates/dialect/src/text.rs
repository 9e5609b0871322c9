//! Texts taken apart into messages of named parts, so that text and JSON dialects are read by the same code.

use crate::error::{ReadError, visible};
use crate::json::{Object, Value};
use domain::ReasonCode;

/// The most parts of one message, far more than any format has.
const PARTS_MAX: usize = 256;

/// One message of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Where it begins in the text, in bytes.
    pub(crate) offset: usize,
    /// Its parts by name.
    pub(crate) parts: Parts,
}

impl Message {
    /// Where in the text the part stands that a refusal names, else where the message begins.
    pub(crate) fn place_of(&self, field: &str) -> usize {
        self.parts.place_of(field).unwrap_or(self.offset)
    }
}

/// The parts of a message as the fields of an object, each with its place in the text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Parts {
    pairs: Object,
    /// Where each pair stands, in bytes.
    places: Vec<usize>,
    /// The places within the elements of the one part that is a list.
    elements: Vec<(usize, Vec<(String, usize)>)>,
}

impl Parts {
    /// Adds a part.
    ///
    /// # Errors
    /// A name that stands twice, and a message of more parts than any format has.
    pub(crate) fn add(&mut self, name: &str, value: &str, offset: usize) -> Result<(), TextError> {
        if self.pairs.iter().any(|(known, _)| known == name) {
            let sentence = format!("{} stands twice: which one is meant cannot be guessed.", visible(name));
            return Err(TextError { offset, code: ReasonCode::DuplicateKey, sentence });
        }
        if self.pairs.len() == PARTS_MAX {
            let sentence = format!("A message has at most {PARTS_MAX} parts: this is one more.");
            return Err(TextError::malformed(offset, sentence));
        }
        self.pairs.push((name.to_owned(), Value::Text(value.to_owned())));
        self.places.push(offset);
        Ok(())
    }

    /// Adds a part that is a list of messages, each a command with parts of its own.
    pub(crate) fn add_list(&mut self, name: &str, list: Vec<Message>, offset: usize) {
        let mut values = Vec::with_capacity(list.len());
        for Message { offset, parts } in list {
            let names = parts.pairs.iter().map(|(name, _)| name.clone());
            self.elements.push((offset, names.zip(parts.places).collect()));
            values.push(Value::Object(parts.pairs));
        }
        self.pairs.push((name.to_owned(), Value::Array(values)));
        self.places.push(offset);
    }

    /// The parts as fields.
    pub(crate) fn object(&self) -> &Object {
        &self.pairs
    }

    /// Whether a part is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// The place of `name`, of `list[2].name`, or of the part that `unit.name` is about.
    fn place_of(&self, field: &str) -> Option<usize> {
        if let Some((list, rest)) = field.split_once('[') {
            let (index, name) = rest.split_once("].").unwrap_or((rest.trim_end_matches(']'), ""));
            let element = self.elements.get(index.parse::<usize>().ok()?).filter(|_| self.has(list))?;
            let named = element.1.iter().find(|(known, _)| known == name);
            return Some(named.map_or(element.0, |(_, place)| *place));
        }
        let name = field.strip_prefix("unit.").unwrap_or(field);
        let at = self.pairs.iter().position(|(known, _)| known == name)?;
        self.places.get(at).copied()
    }
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
    }

    #[test]
    fn parts_are_found_again_by_the_names_of_refusals() {
        let mut command = Parts::default();
        command.add("side", "buy", 24).unwrap();
        let mut parts = Parts::default();
        parts.add("risk", "1", 7).unwrap();
        assert_eq!(parts.add("risk", "2", 9).unwrap_err().code, ReasonCode::DuplicateKey);
        parts.add_list("commands", vec![Message { offset: 20, parts: command }], 12);
        let message = Message { offset: 3, parts };
        for (field, place) in [
            ("risk", 7),
            ("unit.risk", 7),
            ("commands", 12),
            ("commands[0].side", 24),
            ("commands[0].amount", 20),
            ("commands[0]", 20),
            ("commands[1].side", 3),
            ("symbol", 3),
        ] {
            assert_eq!(message.place_of(field), place, "{field}");
        }
        let mut many = Parts::default();
        let added = (0..=PARTS_MAX).try_for_each(|n| many.add(&n.to_string(), "", n));
        assert_eq!(
            added.unwrap_err(),
            TextError::malformed(256, "A message has at most 256 parts: this is one more.")
        );
    }
}
