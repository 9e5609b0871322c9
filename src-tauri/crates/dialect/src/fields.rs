//! The fields of one message: each is asked for by its names, and what nobody asked for becomes extras.

mod kinds;

use crate::error::{ReadError, visible};
use crate::json::Value;
use crate::mask::{is_secret_name, mask, mask_tokens_in_text};
use crate::reading::Repair;
use crate::time;
use domain::{NumberError, Price, ReasonCode, Size, SizeUnit, Timestamp, parse_decimal};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

pub(crate) use kinds::number_and_suffix;

/// How many fields without a place of their own are kept.
const EXTRAS_MAX: usize = 32;
/// How long the name of an extra may be, in characters.
const EXTRA_NAME_MAX: usize = 64;
/// How long an extra may be, in characters; longer ones are cut.
const EXTRA_VALUE_MAX: usize = 256;
/// How long a text field may be, in bytes.
const TEXT_MAX: usize = 4_096;

/// The fields of an object, with a note of those that were read.
pub(crate) struct Fields<'a> {
    pairs: &'a [(String, Value)],
    read: Vec<bool>,
    /// What stands before a name in errors and extras: nothing, or `metadata.`.
    path: &'static str,
    repairs: Vec<Repair>,
}

/// A field that is there: the name it was found under and its value.
#[derive(Clone, Copy)]
struct Found<'a> {
    name: &'a str,
    value: &'a Value,
}

/// A price, or an object that says more.
pub(crate) enum Level<'a> {
    Price(Price),
    Object(Fields<'a>),
}

impl<'a> Fields<'a> {
    pub(crate) fn of(pairs: &'a [(String, Value)]) -> Self {
        Self { pairs, read: vec![false; pairs.len()], path: "", repairs: Vec::new() }
    }

    /// The text of the first of `names` that is there, trimmed; numbers count as their own text. The others must say
    /// the same, here and in all that follows: which one is meant cannot be guessed.
    pub(crate) fn text(&mut self, names: &[&str]) -> Result<Option<String>, ReadError> {
        self.text_where(names, |one, other| one == other)
    }

    /// As [`Fields::text`], for texts whose case means nothing.
    pub(crate) fn word(&mut self, names: &[&str]) -> Result<Option<String>, ReadError> {
        self.text_where(names, str::eq_ignore_ascii_case)
    }

    /// As [`Fields::word`], and an error when it is absent.
    pub(crate) fn required_word(&mut self, name: &str) -> Result<String, ReadError> {
        self.word(&[name])?.ok_or_else(|| self.missing(name))
    }

    fn text_where(
        &mut self,
        names: &[&str],
        same: impl Fn(&str, &str) -> bool,
    ) -> Result<Option<String>, ReadError> {
        let Some(found) = self.take(names) else { return Ok(None) };
        let text = self.plain(found)?;
        if text.len() > TEXT_MAX {
            let problem = format!("is {} bytes long: {TEXT_MAX} are allowed at most", text.len());
            return Err(self.invalid(found.name, &problem));
        }
        self.agreed(found, names, |other| scalar(other).is_some_and(|other| same(text, other)))?;
        Ok(Some(mask_tokens_in_text(text)))
    }

    /// A number, read from its own text.
    pub(crate) fn decimal(&mut self, names: &[&str]) -> Result<Option<Decimal>, ReadError> {
        let Some(found) = self.take(names) else { return Ok(None) };
        let text = self.plain(found)?;
        let number = parse_decimal(text).map_err(|error| match error {
            NumberError::OutOfRange => self.overflow(found.name),
            NumberError::Malformed if has_huge_exponent(text) => self.overflow(found.name),
            NumberError::Malformed | NumberError::Empty => {
                self.invalid(found.name, &format!("is not a number: {}", visible(text)))
            }
        })?;
        let same = |other: &Value| scalar(other).and_then(|text| parse_decimal(text).ok()) == Some(number);
        self.agreed(found, names, same)?;
        Ok(Some(number))
    }

    /// A price, above zero.
    pub(crate) fn price(&mut self, names: &[&str]) -> Result<Option<Price>, ReadError> {
        let name = self.name_of(names);
        let Some(value) = self.decimal(names)? else { return Ok(None) };
        Price::new(value).map(Some).ok_or_else(|| self.invalid(&name, "must be a price above zero"))
    }

    /// A bare quantity, above zero.
    pub(crate) fn quantity(&mut self, names: &[&str]) -> Result<Option<Size>, ReadError> {
        let name = self.name_of(names);
        let Some(value) = self.decimal(names)? else { return Ok(None) };
        if value <= Decimal::ZERO {
            return Err(self.invalid(&name, "must be a quantity above zero"));
        }
        Ok(Some(Size { value, unit: SizeUnit::Base }))
    }

    /// A point in time.
    pub(crate) fn time(&mut self, names: &[&str]) -> Result<Option<Timestamp>, ReadError> {
        let Some(found) = self.take(names) else { return Ok(None) };
        let text = self.plain(found)?;
        let time = time::parse(text).ok_or_else(|| {
            let problem =
                "is not a time: RFC 3339 (as {{timenow}} gives) or Unix seconds or milliseconds is wanted";
            self.invalid(found.name, problem)
        })?;
        self.agreed(found, names, |other| scalar(other).and_then(time::parse) == Some(time))?;
        Ok(Some(time))
    }

    /// A yes or no; absent is no.
    pub(crate) fn flag(&mut self, name: &str) -> Result<bool, ReadError> {
        let Some(found) = self.take(&[name]) else { return Ok(false) };
        let value = yes_or_no(found.value).ok_or_else(|| self.invalid(name, "must be true or false"))?;
        self.agreed(found, &[name], |other| yes_or_no(other) == Some(value))?;
        Ok(value)
    }

    /// The fields of an object in a field; no fields when it is absent.
    pub(crate) fn object(&mut self, name: &str, path: &'static str) -> Result<Self, ReadError> {
        match self.take(&[name]).map(|found| found.value) {
            None => Ok(Self { path, ..Self::of(&[]) }),
            Some(Value::Object(pairs)) => Ok(Self { path, ..Self::of(pairs) }),
            Some(_) => Err(self.invalid(name, "must be an object")),
        }
    }

    /// A price or an object; what is empty or zero is absent.
    pub(crate) fn level(
        &mut self,
        names: &[&str],
        path: &'static str,
    ) -> Result<Option<Level<'a>>, ReadError> {
        let Some(found) = self.take(names) else { return Ok(None) };
        let number = |value: &Value| scalar(value).and_then(|text| parse_decimal(text).ok());
        self.agreed(found, names, |other| {
            other == found.value || (number(other).is_some() && number(other) == number(found.value))
        })?;
        if found.value.is_unset() {
            return Ok(None);
        }
        if let Value::Object(pairs) = found.value {
            return Ok(Some(Level::Object(Self { path, ..Self::of(pairs) })));
        }
        Ok(self.price(names)?.map(Level::Price))
    }

    /// The names of the fields that nobody has read and that have a value.
    pub(crate) fn unread_and_set(&self) -> impl Iterator<Item = &'a str> {
        let unread = self.pairs.iter().zip(&self.read).filter(|(_, read)| !**read).map(|(pair, _)| pair);
        unread.filter(|(_, value)| !value.is_unset()).map(|(name, _)| name.as_str())
    }

    /// Whether a field is there, be it null or empty.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// The text of a field that another one is compared with; it stays unread.
    pub(crate) fn peek(&self, name: &str) -> Option<&'a str> {
        let (_, value) = self.pairs.iter().find(|(key, _)| key == name)?;
        scalar(value).filter(|text| !text.is_empty())
    }

    /// Everything that was not asked for, as text, without secrets; and the repairs that reading needed.
    pub(crate) fn finish(self, extras: &mut BTreeMap<String, String>, repairs: &mut Vec<Repair>) {
        repairs.extend(self.repairs);
        let mut left_out = 0;
        let unread = self.pairs.iter().zip(&self.read).filter(|(_, read)| !**read).map(|(pair, _)| pair);
        for (key, value) in unread.filter(|(key, _)| !is_secret_name(key)) {
            let name = cut(&mask_tokens_in_text(&format!("{}{key}", self.path)), EXTRA_NAME_MAX);
            if extras.len() < EXTRAS_MAX && !extras.contains_key(&name) {
                extras.insert(name, cut(&extra_text(value), EXTRA_VALUE_MAX));
            } else {
                left_out += 1;
            }
        }
        if left_out > 0 {
            repairs.push(Repair::ExtrasLeftOut { count: left_out });
        }
    }

    /// Finishes the fields of a nested object together with these.
    pub(crate) fn adopt(&mut self, nested: Self, extras: &mut BTreeMap<String, String>) {
        nested.finish(extras, &mut self.repairs);
    }

    /// An error about a field that should be there.
    pub(crate) fn missing(&self, name: &str) -> ReadError {
        let empty = if self.has(name) { "is empty" } else { "is missing" };
        let sentence = format!("The field {}{} {empty}.", self.path, visible(name));
        ReadError::new(ReasonCode::MissingField, sentence).at_field(&format!("{}{name}", self.path))
    }

    /// An error about a field whose value cannot be used; `problem` follows its name in the sentence.
    pub(crate) fn invalid(&self, name: &str, problem: &str) -> ReadError {
        let sentence = format!("The field {}{} {problem}.", self.path, visible(name));
        ReadError::new(ReasonCode::InvalidField, sentence).at_field(&format!("{}{name}", self.path))
    }

    /// An error about two fields that cannot both be meant.
    pub(crate) fn contradiction(&self, one: &str, other: &str) -> ReadError {
        let sentence = format!(
            "The fields {path}{} and {path}{} contradict each other: send one of them, or the same in both.",
            visible(one),
            visible(other),
            path = self.path
        );
        ReadError::new(ReasonCode::InvalidField, sentence).at_field(&format!("{}{one}", self.path))
    }

    fn overflow(&self, name: &str) -> ReadError {
        let sentence = format!(
            "The number in the field {}{} cannot be held exactly: at most 28 digits can.",
            self.path,
            visible(name)
        );
        ReadError::new(ReasonCode::ArithmeticOverflow, sentence).at_field(&format!("{}{name}", self.path))
    }

    /// The first of `names` with a value; null counts as absent, and so does an empty text, which is noted.
    fn take(&mut self, names: &[&str]) -> Option<Found<'a>> {
        for name in names {
            let Some(at) = self.pairs.iter().position(|(key, _)| key == name) else { continue };
            let (key, value) = &self.pairs[at];
            let noted = std::mem::replace(&mut self.read[at], true);
            match value {
                Value::Null => {}
                Value::Text(text) if text.trim().is_empty() => {
                    if !noted {
                        self.repairs.push(Repair::EmptyField { field: format!("{}{key}", self.path) });
                    }
                }
                Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Array(_) | Value::Object(_) => {
                    return Some(Found { name: key, value });
                }
            }
        }
        None
    }

    /// Refuses other values under the other names, or under the same name in another spelling (`Action`, `ACTION`).
    fn agreed(
        &self,
        found: Found<'a>,
        names: &[&str],
        same: impl Fn(&Value) -> bool,
    ) -> Result<(), ReadError> {
        let others = self.pairs.iter().filter(|(key, value)| {
            key != found.name && !is_absent(value) && names.iter().any(|name| is_spelling_of(key, name))
        });
        for (key, value) in others {
            if !same(value) {
                return Err(self.contradiction(found.name, key));
            }
        }
        Ok(())
    }

    fn name_of(&self, names: &[&str]) -> String {
        let there =
            |name: &&&str| self.pairs.iter().any(|(key, value)| key == **name && *value != Value::Null);
        names.iter().find(there).or(names.first()).map(|name| (*name).to_owned()).unwrap_or_default()
    }

    fn plain(&self, found: Found<'a>) -> Result<&'a str, ReadError> {
        match found.value {
            Value::Text(text) | Value::Number(text) => Ok(text.trim()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                Err(self.invalid(found.name, "must be a text or a number"))
            }
        }
    }
}

fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.trim().is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

/// The text of a text or a number.
fn scalar(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) | Value::Number(text) => Some(text.trim()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn yes_or_no(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Text(text) | Value::Number(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a key is `name` but for case, `_` and `-`.
fn is_spelling_of<'a>(key: &'a str, name: &'a str) -> bool {
    let letters =
        |text: &'a str| text.bytes().filter(|b| !matches!(b, b'_' | b'-')).map(|b| b.to_ascii_lowercase());
    letters(key).eq(letters(name))
}

/// Everything is masked as a whole body is: nested objects may hold secrets of their own.
fn extra_text(value: &Value) -> String {
    String::from_utf8_lossy(&mask(value.to_text().as_bytes(), None, None)).into_owned()
}

fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `1e999999999999` is a number by its form, only not one that anybody can hold.
fn has_huge_exponent(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && parse_decimal(mantissa).is_ok()
}
