//! The fields of one JSON object, each with its value as its own text.
//!
//! Flat objects without escapes, as programs write them by the million, are taken apart here in one pass; everything
//! else, and everything that is no JSON, is serde_json's to read and to refuse. `object` calls it.

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// The pairs of an object as they stand, and the first key that stands twice.
pub(super) struct Pairs<'a> {
    pub(super) all: Vec<(Cow<'a, str>, &'a str)>,
    pub(super) twice: Option<String>,
}

impl<'a> Pairs<'a> {
    /// Reads an object.
    pub(super) fn read(json: &'a str) -> Result<Self, serde_json::Error> {
        flat(json).map_or_else(|| serde_json::from_str(json), Ok)
    }

    fn new() -> Self {
        Self { all: Vec::with_capacity(8), twice: None }
    }

    fn push(&mut self, key: Cow<'a, str>, value: &'a str) {
        if self.twice.is_none() && self.all.iter().any(|(known, _)| *known == key) {
            self.twice = Some(key.clone().into_owned());
        }
        self.all.push((key, value));
    }
}

/// Takes a flat object apart; nothing for any other text.
fn flat(json: &str) -> Option<Pairs<'_>> {
    let mut pairs = Pairs::new();
    let mut text = Text { json, at: 0 };
    text.skip(b'{')?;
    loop {
        let key = text.quoted()?;
        text.skip(b':')?;
        let value = text.value()?;
        // The other reader knows the limit.
        if pairs.all.len() >= FIELDS_MAX {
            return None;
        }
        pairs.push(Cow::Borrowed(key.get(1..key.len() - 1)?), value);
        match text.next()? {
            b',' => text.at += 1,
            b'}' => {
                text.at += 1;
                return text.next().is_none().then_some(pairs);
            }
            _ => return None,
        }
    }
}

/// A text and how far it is read.
struct Text<'a> {
    json: &'a str,
    at: usize,
}

impl<'a> Text<'a> {
    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    /// The next byte that is not white space.
    fn next(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.at += 1;
        }
        self.byte()
    }

    fn skip(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then(|| self.at += 1)
    }

    /// A text with its quotes; nothing where it has escapes or control characters.
    fn quoted(&mut self) -> Option<&'a str> {
        let from = self.at_next(b'"')?;
        self.at += 1;
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' | 0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        self.json.get(from..self.at)
    }

    fn at_next(&mut self, wanted: u8) -> Option<usize> {
        (self.next()? == wanted).then_some(self.at)
    }

    fn value(&mut self) -> Option<&'a str> {
        match self.next()? {
            b'"' => self.quoted(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => ["true", "false", "null"].into_iter().find_map(|word| {
                let rest = self.json.get(self.at..)?;
                rest.starts_with(word).then(|| {
                    self.at += word.len();
                    &rest[..word.len()]
                })
            }),
        }
    }

    /// A number by the grammar of JSON.
    fn number(&mut self) -> Option<&'a str> {
        let from = self.at;
        if self.byte() == Some(b'-') {
            self.at += 1;
        }
        match self.byte()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.at += 1;
            }
            self.digits()?;
        }
        self.json.get(from..self.at)
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }
}

/// The most fields that are looked through for a second one of the same name.
const FIELDS_MAX: usize = 1_000;

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Pairs::new();
                while let Some(Key(key)) = map.next_key()? {
                    let value: &'de RawValue = map.next_value()?;
                    if pairs.all.len() >= FIELDS_MAX {
                        return Err(de::Error::custom("an object has more than 1000 keys"));
                    }
                    pairs.push(key, value.get());
                }
                Ok(pairs)
            }
        }
        from.deserialize_map(Fields)
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        from.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What is taken apart here is what serde_json makes of it; `flat` says whether it is.
    #[track_caller]
    fn check(json: &str, is_flat: bool) {
        let found = flat(json);
        assert_eq!(found.is_some(), is_flat, "{json}");
        let Some(found) = found else { return };
        let other: Pairs<'_> = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
        assert_eq!((found.all, found.twice), (other.all, other.twice), "{json}");
    }

    #[test]
    fn flat_objects_are_taken_apart_and_others_are_left() {
        for json in [
            r#"{"t":0,"type":"last","price":"100.00"}"#,
            " {\t\"a\" :\r\n-0.5e+7 , \"b\": true,\"c\":null ,\"d\":false } ",
            r#"{"ключ":"значение","":""}"#,
            r#"{"a":1,"a":2,"a":3}"#,
            r#"{"a":0}"#,
            r#"{"a":1E9,"b":10.25}"#,
        ] {
            check(json, true);
        }
        for json in [
            "",
            "{",
            "{}",
            "[]",
            "1",
            r#"{"a"}"#,
            r#"{"a":}"#,
            r#"{"a":1"#,
            r#"{"a":1,}"#,
            r#"{,"a":1}"#,
            r#"{"a":1}{"#,
            r#"{"a":1} x"#,
            r#"{"a":01}"#,
            r#"{"a":1.}"#,
            r#"{"a":.5}"#,
            r#"{"a":-}"#,
            r#"{"a":1e}"#,
            r#"{"a":+1}"#,
            r#"{"a":nul}"#,
            r#"{"a":truely}"#,
            r#"{a:1}"#,
            r#"{"a":{"b":1}}"#,
            r#"{"a":[1]}"#,
            r#"{"a":"\u0031"}"#,
            r#"{"\u0061":1}"#,
            "{\"a\":\"\n\"}",
            r#"{"a":"b}"#,
        ] {
            check(json, false);
        }
    }

    proptest! {
        #[test]
        fn texts_like_objects_are_read_as_by_serde_json(json in r#"\{( ?"[a-c]{0,2}" ?: ?("[a-c1\\]{0,2}"|-?[0-9]{0,2}[.]?[0-9e]{0,2}|null|true|\[\]),?){0,3}\}"#) {
            if let Some(found) = flat(&json) {
                let other: Pairs<'_> = serde_json::from_str(&json)
                    .map_err(|error| TestCaseError::fail(format!("{json}: {error}")))?;
                prop_assert_eq!((found.all, found.twice), (other.all, other.twice));
            }
        }
    }
}
