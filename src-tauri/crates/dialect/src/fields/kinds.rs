//! Fields of particular kinds: sizes with a unit, whole seconds, numbers with a suffix, lists of objects, and formats
//! in which zero means unset.

use super::{Fields, Level, scalar, yes_or_no};
use crate::error::{ReadError, visible};
use crate::json::Value;
use domain::{Price, Size, SizeUnit, parse_decimal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The longest list of objects in a field.
const LIST_MAX: usize = 32;
/// The longest suffix of a number, in characters.
const SUFFIX_MAX: usize = 8;

impl<'a> Fields<'a> {
    /// A number above zero.
    pub(crate) fn positive(&mut self, names: &[&str]) -> Result<Option<Decimal>, ReadError> {
        let name = self.name_of(names);
        match self.decimal(names)? {
            Some(value) if value <= Decimal::ZERO => Err(self.invalid(&name, "must be above zero")),
            found => Ok(found),
        }
    }

    /// A number above zero; zero counts as absent.
    pub(crate) fn unless_zero(&mut self, names: &[&str]) -> Result<Option<Decimal>, ReadError> {
        let name = self.name_of(names);
        match self.decimal(names)? {
            Some(value) if value.is_zero() => Ok(None),
            Some(value) if value < Decimal::ZERO => Err(self.invalid(&name, "must not be negative")),
            found => Ok(found),
        }
    }

    /// A price; zero counts as absent.
    pub(crate) fn price_unless_zero(&mut self, names: &[&str]) -> Result<Option<Price>, ReadError> {
        Ok(self.unless_zero(names)?.and_then(Price::new))
    }

    /// A size above zero, counted in `unit`.
    pub(crate) fn size(&mut self, names: &[&str], unit: SizeUnit) -> Result<Option<Size>, ReadError> {
        Ok(self.positive(names)?.map(|value| Size { value, unit }))
    }

    /// A number above zero with what stands behind it: `25%`, `300$`, `10s%`.
    pub(crate) fn amount(&mut self, names: &[&str]) -> Result<Option<(Decimal, String)>, ReadError> {
        let name = self.name_of(names);
        let Some(text) = self.text(names)? else { return Ok(None) };
        let (value, suffix) = number_and_suffix(&text)
            .ok_or_else(|| self.invalid(&name, &format!("is not a number: {}", visible(&text))))?;
        if value <= Decimal::ZERO {
            return Err(self.invalid(&name, "must be above zero"));
        }
        Ok(Some((value, suffix.to_owned())))
    }

    /// Whole seconds, up to a day; zero counts as absent.
    pub(crate) fn seconds(&mut self, names: &[&str]) -> Result<Option<u32>, ReadError> {
        let name = self.name_of(names);
        let Some(value) = self.unless_zero(names)? else { return Ok(None) };
        let seconds =
            Some(value).filter(|v| v.is_integer()).and_then(|v| v.to_u32()).filter(|s| *s <= 86_400);
        seconds.map(Some).ok_or_else(|| self.invalid(&name, "must be whole seconds, 86400 at most"))
    }

    /// A yes or no, or nothing when it is absent.
    pub(crate) fn choice(&mut self, name: &str) -> Result<Option<bool>, ReadError> {
        let Some(found) = self.take(&[name]) else { return Ok(None) };
        let value = match found.value {
            Value::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" => Some(true),
                "no" | "false" | "0" => Some(false),
                _ => None,
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                yes_or_no(found.value)
            }
        };
        value.map(Some).ok_or_else(|| self.invalid(name, "must be true or false"))
    }

    /// The objects of a list, their fields named `path` in errors; a single object counts as a list of one.
    pub(crate) fn objects(&mut self, name: &str, path: &'static str) -> Result<Vec<Fields<'a>>, ReadError> {
        let of = |pairs: &'a [(String, Value)]| Self { path, ..Self::of(pairs) };
        match self.take(&[name]).map(|found| found.value) {
            None => Ok(Vec::new()),
            Some(Value::Object(pairs)) => Ok(vec![of(pairs)]),
            Some(Value::Array(items)) if items.len() <= LIST_MAX => {
                let each = items.iter().map(|item| match item {
                    Value::Object(pairs) => Ok(of(pairs)),
                    Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Array(_) => {
                        Err(self.invalid(name, "must be a list of objects"))
                    }
                });
                each.collect()
            }
            Some(Value::Array(_)) => Err(self.invalid(name, "has more than 32 entries")),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) => {
                Err(self.invalid(name, "must be a list of objects"))
            }
        }
    }

    /// The prices or objects of a list, or the one that stands there without a list; what is empty or zero is absent.
    pub(crate) fn levels(&mut self, names: &[&str], path: &'static str) -> Result<Vec<Level<'a>>, ReadError> {
        let found = match self.take(names) {
            Some(found) if matches!(found.value, Value::Array(_)) => found,
            Some(_) | None => return Ok(self.level(names, path)?.into_iter().collect()),
        };
        self.agreed(found, names, |other| other == found.value)?;
        let Value::Array(items) = found.value else { return Ok(Vec::new()) };
        if items.len() > LIST_MAX {
            return Err(self.invalid(found.name, "has more than 32 entries"));
        }
        let each = items.iter().map(|item| match item {
            Value::Object(pairs) => Ok(Level::Object(Self { path, ..Self::of(pairs) })),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Array(_) => {
                let price = scalar(item).and_then(|text| Price::parse(text).ok());
                let wrong = || self.invalid(found.name, "must be a list of prices or of objects");
                price.map(Level::Price).ok_or_else(wrong)
            }
        });
        each.collect()
    }

    /// Whether a field is there that nobody has read.
    pub(crate) fn is_unread(&self, name: &str) -> bool {
        self.pairs.iter().zip(&self.read).any(|((key, _), read)| key == name && !read)
    }

    /// Whether every field has been read.
    pub(crate) fn is_finished(&self) -> bool {
        self.read.iter().all(|read| *read)
    }

    /// Reads away a field that means nothing here.
    pub(crate) fn skip(&mut self, names: &[&str]) {
        for name in names {
            if let Some(at) = self.pairs.iter().position(|(key, _)| key == name) {
                self.read[at] = true;
            }
        }
    }
}

/// Splits `25%` into the number and what stands behind it.
pub(crate) fn number_and_suffix(text: &str) -> Option<(Decimal, &str)> {
    let text = text.trim();
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+'))).unwrap_or(text.len());
    let (number, suffix) = text.split_at(end);
    let suffix = suffix.trim();
    let value = parse_decimal(number).ok()?;
    (suffix.len() <= SUFFIX_MAX && !suffix.contains(|c: char| c.is_ascii_digit())).then_some((value, suffix))
}
