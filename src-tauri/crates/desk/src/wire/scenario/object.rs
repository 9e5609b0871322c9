//! JSON objects read key by key, each value as its own text, with its place at hand for errors.

use super::pairs::Pairs;
use crate::settings::nearest;
use crate::wire::RpcError;
use domain::{NumberError, ReasonCode, parse_decimal};
use rust_decimal::Decimal;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt::Write;

/// A text of JSON, and where it begins within what the user handed over.
#[derive(Debug)]
pub(crate) struct Document<'a> {
    text: &'a str,
    line_first: usize,
}

impl<'a> Document<'a> {
    /// A text that begins at the line `line_first`, counted from 1.
    pub(crate) fn new(text: &'a str, line_first: usize) -> Self {
        Self { text, line_first }
    }

    /// The whole of it.
    pub(crate) fn root(&'a self) -> Place<'a> {
        Place { document: self, json: self.text, above: Above::Root }
    }

    /// The error of a JSON parser on `part` of the text.
    fn syntax(&self, part: &str, error: &serde_json::Error) -> RpcError {
        let (line, column) = (error.line(), error.column());
        let (line_part, column_part) = self.position(part);
        let column = if line <= 1 { column_part + column.saturating_sub(1) } else { column };
        let line = line_part + line.saturating_sub(1);
        let told = error.to_string();
        let told = told.rsplit_once(" at line ").map_or(told.as_str(), |(cause, _)| cause);
        RpcError {
            line: u32::try_from(line).ok(),
            column: u32::try_from(column.max(1)).ok(),
            ..RpcError::new(ReasonCode::MalformedJson.as_str(), format!("This is no JSON: {told}."))
        }
    }

    /// Line and column, both from 1, of a part of the text.
    fn position(&self, part: &str) -> (usize, usize) {
        let offset = part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr());
        let before = self.text.get(..offset).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.line_first + before.matches('\n').count();
        (line, before[line_start..].chars().count() + 1)
    }
}

/// A value and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    document: &'a Document<'a>,
    json: &'a str,
    above: Above<'a>,
}

/// The last two parts of a path; the ones above them never vary.
#[derive(Debug, Clone, Copy)]
enum Above<'a> {
    Root,
    Element { of: &'a str, number: usize, within: Option<(&'a str, usize)> },
    Field { name: &'a str, within: Option<(&'a str, usize)> },
}

impl<'a> Place<'a> {
    /// Its fields.
    pub(crate) fn object(&self) -> Result<Object<'a>, RpcError> {
        if !self.json.trim_start().starts_with('{') {
            serde_json::from_str::<&RawValue>(self.json).map_err(|e| self.document.syntax(self.json, &e))?;
            let sentence = format!("{} must be an object.", self.shown());
            return Err(self.error(ReasonCode::InvalidField, sentence));
        }
        let pairs = Pairs::read(self.json).map_err(|e| self.document.syntax(self.json, &e))?;
        if let Some(key) = pairs.twice {
            let sentence = format!("The key {key:?} stands twice: which one is meant cannot be guessed.");
            return Err(RpcError {
                path: Some(self.path_of(&key).into()),
                ..self.error(ReasonCode::DuplicateKey, sentence)
            });
        }
        Ok(Object { place: *self, pairs: pairs.all })
    }

    /// An error about this value.
    pub(crate) fn error(&self, code: ReasonCode, sentence: String) -> RpcError {
        let (line, column) = self.document.position(self.json);
        RpcError {
            path: Some(self.path()).filter(|path| !path.is_empty()).map(Into::into),
            line: u32::try_from(line).ok(),
            column: u32::try_from(column).ok(),
            ..RpcError::new(code.as_str(), sentence)
        }
    }

    /// Another value at the same place.
    pub(crate) fn with_json(&self, json: &'a str) -> Self {
        Self { json, ..*self }
    }

    fn path(&self) -> String {
        let mut path = String::new();
        let mut outer = |within: Option<(&str, usize)>| {
            if let Some((of, number)) = within {
                let _always = write!(path, "{of}[{number}].");
            }
        };
        match self.above {
            Above::Root => {}
            Above::Element { of, number, within } => {
                outer(within);
                let _always = write!(path, "{of}[{number}]");
            }
            Above::Field { name, within } => {
                outer(within);
                path.push_str(name);
            }
        }
        path
    }

    /// The path of a field of it.
    pub(crate) fn path_of(&self, key: &str) -> String {
        let path = self.path();
        if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
    }

    fn shown(&self) -> String {
        let path = self.path();
        if path.is_empty() { "The document".to_owned() } else { path }
    }

    /// The element of an array that this object is, for the paths below it.
    fn element(&self) -> Option<(&'a str, usize)> {
        match self.above {
            Above::Element { of, number, .. } => Some((of, number)),
            Above::Root | Above::Field { .. } => None,
        }
    }
}

/// The fields of an object. What was asked for is gone; [`Object::finish`] refuses the rest.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    place: Place<'a>,
    pairs: Vec<(Cow<'a, str>, &'a str)>,
}

impl<'a> Object<'a> {
    /// Whether a key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, _)| name == key)
    }

    /// Whether a key is there and is an array.
    pub(crate) fn is_array(&self, key: &str) -> bool {
        self.pairs.iter().any(|(name, json)| name == key && json.starts_with('['))
    }

    /// Takes a key out; null counts as absent.
    pub(crate) fn take(&mut self, key: &str) -> Option<&'a str> {
        let at = self.pairs.iter().position(|(name, _)| name == key)?;
        let (_, json) = self.pairs.swap_remove(at);
        (json != "null").then_some(json)
    }

    /// Takes keys out that are not looked at.
    pub(crate) fn ignore(&mut self, keys: &[&str]) {
        self.pairs.retain(|(name, _)| !keys.contains(&name.as_ref()));
    }

    /// Every field that is left.
    pub(crate) fn rest(self) -> impl Iterator<Item = (Cow<'a, str>, &'a str)> {
        self.pairs.into_iter()
    }

    /// The place of the object itself.
    pub(crate) fn place(&self) -> Place<'a> {
        self.place
    }

    /// A text; numbers count as their own text.
    pub(crate) fn text(&mut self, key: &'static str) -> Result<Option<Cow<'a, str>>, RpcError> {
        let Some(json) = self.take(key) else { return Ok(None) };
        let wanted = || self.error(key, ReasonCode::InvalidField, format!("{key} must be a text."));
        scalar(json).ok_or_else(wanted).map(Some)
    }

    /// A text that must be there.
    pub(crate) fn required(&mut self, key: &'static str) -> Result<Cow<'a, str>, RpcError> {
        self.text(key)?.ok_or_else(|| self.missing(key))
    }

    /// A number from its own text, as it is or between quotes.
    pub(crate) fn number(&mut self, key: &'static str) -> Result<Option<Number>, RpcError> {
        let Some(json) = self.take(key) else { return Ok(None) };
        let text = scalar(json).unwrap_or(Cow::Borrowed(""));
        match parse_decimal(&text) {
            Ok(value) => Ok(Some(Number::Exact(value))),
            Err(NumberError::OutOfRange) => Ok(Some(Number::TooLong)),
            Err(NumberError::Empty | NumberError::Malformed) => {
                let sentence = format!("{key} must be a number, not {}.", cut(json));
                Err(self.error(key, ReasonCode::InvalidField, sentence))
            }
        }
    }

    /// True or false; false where it is absent.
    pub(crate) fn flag(&mut self, key: &'static str) -> Result<Option<bool>, RpcError> {
        match self.take(key) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(json) => {
                let sentence = format!("{key} must be true or false, not {}.", cut(json));
                Err(self.error(key, ReasonCode::InvalidField, sentence))
            }
        }
    }

    /// The elements of an array that must be there.
    pub(crate) fn array(&mut self, key: &'static str) -> Result<Vec<Place<'a>>, RpcError> {
        let json = self.take(key).ok_or_else(|| self.missing(key))?;
        if !json.starts_with('[') {
            let sentence = format!("{key} must be an array.");
            return Err(self.error(key, ReasonCode::InvalidField, sentence));
        }
        let document = self.place.document;
        let all: Vec<&'a RawValue> = serde_json::from_str(json).map_err(|e| document.syntax(json, &e))?;
        let within = self.place.element();
        let place = |(number, raw): (usize, &&'a RawValue)| Place {
            document,
            json: raw.get(),
            above: Above::Element { of: key, number, within },
        };
        Ok(all.iter().enumerate().map(place).collect())
    }

    /// The fields of an object that must be there.
    pub(crate) fn object(&mut self, key: &'static str) -> Result<Self, RpcError> {
        let json = self.take(key).ok_or_else(|| self.missing(key))?;
        let above = Above::Field { name: key, within: self.place.element() };
        Place { document: self.place.document, json, above }.object()
    }

    /// Refuses what nobody asked for, with the `known` key that was probably meant.
    pub(crate) fn finish(&self, known: &[&str]) -> Result<(), RpcError> {
        self.pairs.first().map_or(Ok(()), |(key, json)| Err(self.unknown(key, json, known.iter().copied())))
    }

    /// The refusal of a key that is none.
    pub(crate) fn unknown<'k>(
        &self,
        key: &str,
        json: &str,
        known: impl Iterator<Item = &'k str> + Clone,
    ) -> RpcError {
        unknown(&self.place, key, json, known)
    }

    /// An error about a field.
    pub(crate) fn error(&self, key: &str, code: ReasonCode, sentence: String) -> RpcError {
        RpcError { path: Some(self.place.path_of(key).into()), ..self.place.error(code, sentence) }
    }

    fn missing(&self, key: &str) -> RpcError {
        let sentence = format!("{} is missing.", self.place.path_of(key));
        self.error(key, ReasonCode::MissingField, sentence)
    }
}

/// The refusal of a key that is none, with those that are like it.
pub(crate) fn unknown<'k>(
    place: &Place<'_>,
    key: &str,
    json: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> RpcError {
    let near = nearest(key, known.clone());
    let named = if near.is_empty() {
        format!("there are {}", known.collect::<Vec<_>>().join(", "))
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    let sentence = format!("There is no key {}; {named}", cut(&format!("{key:?}")));
    let sentence = if sentence.ends_with('?') { sentence } else { format!("{sentence}.") };
    let (line, column) = place.document.position(json);
    RpcError {
        path: Some(place.path_of(key).into()),
        line: u32::try_from(line).ok(),
        column: u32::try_from(column).ok(),
        ..RpcError::new(ReasonCode::InvalidField.as_str(), sentence)
    }
}

/// A number that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// To the last digit.
    Exact(Decimal),
    /// It has more digits than can be held.
    TooLong,
}

/// The text of a text or a number.
pub(crate) fn scalar(json: &str) -> Option<Cow<'_, str>> {
    match json.as_bytes().first() {
        Some(b'"') if !json.contains('\\') => json.get(1..json.len() - 1).map(Cow::Borrowed),
        Some(b'"') => serde_json::from_str::<String>(json).ok().map(Cow::Owned),
        Some(b'-' | b'0'..=b'9') => Some(Cow::Borrowed(json)),
        _ => None,
    }
}

/// As much of a text as an error may repeat.
pub(crate) fn cut(text: &str) -> String {
    const SHOWN_MAX: usize = 60;
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
