//! The grammar, by recursive descent.

use super::{Fault, JsonError, NESTING_MAX, Object, Parsed, Value, cause, is_invisible_blank, string};
use std::collections::BTreeSet;

pub(super) fn parse(text: &str) -> Result<Parsed, JsonError> {
    let mut parser = Parser { text, at: 0, depth: 0, invisible_blanks: 0 };
    let value = parser.value(&cause::Expected::Message)?;
    parser.skip_blanks();
    if parser.at < text.len() {
        return Err(parser.malformed(cause::after_message(text, parser.at, &value)));
    }
    Ok(Parsed { value, invisible_blanks: parser.invisible_blanks })
}

/// How many keys of an object are compared one by one; alerts have about ten, and more are kept sorted.
const KEYS_COMPARED: usize = 16;

/// Whether `key` stands among the pairs already; `sorted` is filled once they are many.
fn is_repeated(key: &str, pairs: &Object, sorted: &mut BTreeSet<String>) -> bool {
    if pairs.len() < KEYS_COMPARED {
        return pairs.iter().any(|(known, _)| known == key);
    }
    if sorted.is_empty() {
        sorted.extend(pairs.iter().map(|(known, _)| known.clone()));
    }
    !sorted.insert(key.to_owned())
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    invisible_blanks: usize,
}

impl Parser<'_> {
    fn value(&mut self, expected: &cause::Expected<'_>) -> Result<Value, JsonError> {
        self.skip_blanks();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number(expected),
            _ => {
                for (word, value) in
                    [("true", Value::Bool(true)), ("false", Value::Bool(false)), ("null", Value::Null)]
                {
                    if cause::word_at(self.text, self.at) == word {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.malformed(cause::for_value(self.text, self.at, expected)))
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Value, JsonError>) -> Result<Value, JsonError> {
        if self.depth == NESTING_MAX {
            return Err(JsonError { offset: self.at, fault: Fault::TooDeep });
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn object(&mut self) -> Result<Value, JsonError> {
        let mut pairs = Object::new();
        let mut keys = BTreeSet::new();
        self.skip_blanks();
        if self.take(b'}') {
            return Ok(Value::Object(pairs));
        }
        loop {
            self.skip_blanks();
            let offset = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.malformed(cause::for_key(self.text, self.at, pairs.is_empty())));
            }
            let key = self.string()?;
            if is_repeated(&key, &pairs, &mut keys) {
                return Err(JsonError { offset, fault: Fault::DuplicateKey(key) });
            }
            self.skip_blanks();
            if !self.take(b':') {
                return Err(self.malformed(cause::for_colon(self.text, self.at, &key)));
            }
            let value = self.value(&cause::Expected::ValueOf(&key))?;
            self.skip_blanks();
            let wants_more = self.take(b',');
            if !wants_more && !self.take(b'}') {
                return Err(self.malformed(cause::after_value(self.text, self.at, &value, '}')));
            }
            pairs.push((key, value));
            if !wants_more {
                return Ok(Value::Object(pairs));
            }
        }
    }

    fn array(&mut self) -> Result<Value, JsonError> {
        let mut items = Vec::new();
        self.skip_blanks();
        if self.take(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            let value = self.value(&cause::Expected::Element)?;
            self.skip_blanks();
            let wants_more = self.take(b',');
            if !wants_more && !self.take(b']') {
                return Err(self.malformed(cause::after_value(self.text, self.at, &value, ']')));
            }
            items.push(value);
            if !wants_more {
                return Ok(Value::Array(items));
            }
        }
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, kept as written.
    fn number(&mut self, expected: &cause::Expected<'_>) -> Result<Value, JsonError> {
        let start = self.at;
        self.take(b'-');
        let whole = self.digits();
        let leading_zero = whole > 1 && self.text.as_bytes()[self.at - whole] == b'0';
        let mut good = whole > 0 && !leading_zero;
        if self.take(b'.') {
            good &= self.digits() > 0;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            good &= self.digits() > 0;
        }
        let continues = !cause::word_at(self.text, self.at).is_empty();
        if good && !continues {
            return Ok(Value::Number(self.text[start..self.at].to_owned()));
        }
        self.at = start;
        Err(self.malformed(cause::for_number(self.text, start, expected)))
    }

    fn digits(&mut self) -> usize {
        let rest = &self.text.as_bytes()[self.at..];
        let count = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        count
    }

    fn string(&mut self) -> Result<String, JsonError> {
        let (value, end) = string::read(self.text, self.at)?;
        self.at = end;
        Ok(value)
    }

    fn skip_blanks(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(byte) if !byte.is_ascii() => {
                    let blank = self.text[self.at..].chars().next().filter(|c| is_invisible_blank(*c));
                    let Some(blank) = blank else { return };
                    self.at += blank.len_utf8();
                    self.invisible_blanks += 1;
                }
                Some(_) | None => return,
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn malformed(&self, sentence: String) -> JsonError {
        JsonError { offset: self.at, fault: Fault::Malformed(sentence) }
    }
}
