//! JSON that people and text editors broke in ways that leave no doubt about what was meant: typographic and single
//! quotes, a comma after the last field, an equals sign for a colon.
//!
//! The text is written anew with only its quotes and separators changed, never a digit; whether the result is JSON is
//! for the parser to say. A text that needs anything else is left to its first error: a missing comma, a quote inside
//! a text or a key and a value on two lines have more than one reading.

use crate::json::is_blank;
use crate::reading::Repair;

/// A text that reads as JSON, and what was changed for it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repaired {
    pub(crate) text: String,
    pub(crate) repairs: Vec<Repair>,
}

/// Writes the text anew, or nothing when there is no certain way.
pub(crate) fn repaired(text: &str) -> Option<Repaired> {
    let mut writer = Writer::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        at = match Quote::of(c) {
            Some(quote) => writer.quoted(text, at, quote)?,
            None => writer.bare(text, at, c)?,
        };
    }
    writer.finish()
}

/// What may open and close a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quote {
    Straight,
    Single,
    Typographic,
    TypographicSingle,
}

impl Quote {
    fn of(c: char) -> Option<Self> {
        match c {
            '"' => Some(Self::Straight),
            '\'' | '`' => Some(Self::Single),
            '\u{201c}'..='\u{201f}' => Some(Self::Typographic),
            '\u{2018}'..='\u{201b}' => Some(Self::TypographicSingle),
            _ => None,
        }
    }
}

#[derive(Debug, Default)]
struct Writer {
    out: String,
    typographic: usize,
    single: usize,
    commas: usize,
    equals: usize,
    /// Whether the last thing written, blanks aside, was a text that may be a key.
    after_text: bool,
}

impl Writer {
    /// A text with its quotes; answers where it ends.
    fn quoted(&mut self, text: &str, at: usize, quote: Quote) -> Option<usize> {
        let opening = text[at..].chars().next()?;
        let start = at + opening.len_utf8();
        let (content, end) = match quote {
            Quote::Straight => straight(text, start)?,
            Quote::Single | Quote::Typographic | Quote::TypographicSingle => {
                let closes =
                    |c: char| if quote == Quote::Single { c == opening } else { Quote::of(c) == Some(quote) };
                let (length, closing) = text[start..].char_indices().find(|(_, c)| closes(*c))?;
                let content = &text[start..start + length];
                let end = start + length + closing.len_utf8();
                // A straight quote or the end of a line inside means that the two quotes are no pair.
                if content.contains(['"', '\n', '\r', '\\']) || !self.ends_well(text, end) {
                    return None;
                }
                if quote == Quote::Typographic {
                    self.typographic += 2
                } else {
                    self.single += 2
                }
                (content, end)
            }
        };
        self.out.push('"');
        self.out.push_str(content);
        self.out.push('"');
        self.after_text = true;
        Some(end)
    }

    /// Only what may follow a text follows it.
    fn ends_well(&self, text: &str, end: usize) -> bool {
        let next = text[end..].trim_start_matches(is_blank).chars().next();
        matches!(next, None | Some(',' | ':' | '=' | '}' | ']'))
    }

    /// Anything that is no text; answers where it ends.
    fn bare(&mut self, text: &str, at: usize, c: char) -> Option<usize> {
        let end = at + c.len_utf8();
        match c {
            '=' if self.after_text => {
                self.equals += 1;
                self.out.push(':');
            }
            // `=>` and `==` are no separators of anything that is like JSON.
            '=' => return None,
            ',' => {
                let next = text[end..].trim_start_matches(is_blank).chars().next();
                if matches!(next, Some('}' | ']')) && !self.out.trim_end().ends_with(['{', '[', ',', ':']) {
                    self.commas += 1;
                } else {
                    self.out.push(',');
                }
            }
            other => self.out.push(other),
        }
        self.after_text = self.after_text && is_blank(c);
        Some(end)
    }

    fn finish(self) -> Option<Repaired> {
        let made = [
            (self.typographic, Repair::TypographicQuotes { count: self.typographic }),
            (self.single, Repair::SingleQuotes { count: self.single }),
            (self.commas, Repair::TrailingCommas { count: self.commas }),
            (self.equals, Repair::EqualsSigns { count: self.equals }),
        ];
        let repairs: Vec<Repair> =
            made.into_iter().filter(|(count, _)| *count > 0).map(|(_, repair)| repair).collect();
        (!repairs.is_empty()).then_some(Repaired { text: self.out, repairs })
    }
}

/// The content of a text in straight quotes, escapes and all, and where it ends.
fn straight(text: &str, start: usize) -> Option<(&str, usize)> {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        match bytes.get(at)? {
            b'"' => return Some((&text[start..at], at + 1)),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(repaired(text).map(|r| r.text).as_deref(), expected, "{text}");
    }

    #[test]
    fn quotes_and_separators_are_put_right() {
        check(r#"{"a":"b",}"#, Some(r#"{"a":"b"}"#));
        check("[1, 2 ,\n]", Some("[1, 2 \n]"));
        check("{“a”: “b”}", Some(r#"{"a": "b"}"#));
        check("{'a':'b'}", Some(r#"{"a":"b"}"#));
        check("{‘a’:`b`}", Some(r#"{"a":"b"}"#));
        check(r#"{"a"="b","c" = 1.50}"#, Some(r#"{"a":"b","c" : 1.50}"#));
        check(r#"{"a":"x=y, 'z',}","b":'c'}"#, Some(r#"{"a":"x=y, 'z',}","b":"c"}"#));
        check("{“a”:“it's”}", Some(r#"{"a":"it's"}"#));
    }

    #[test]
    fn what_has_two_readings_is_left_alone() {
        for text in [
            r#"{"a":"b"}"#,
            r#"{'a":"b"}"#,
            r#"{"a":'b","c":'d'}"#,
            r#"{"a":'say "hi"'}"#,
            "{“a\":1}",
            "{'a':'it's'}",
            "{'a\n':1,}",
            r#"{"a":"b"#,
            r#"{a=1}"#,
            r#"{"a"=>1}"#,
            "{,}",
            "{'a\\'b':1}",
        ] {
            let found = repaired(text);
            let read = found.and_then(|r| crate::json::parse(&r.text).ok());
            assert_eq!(read, None, "{text}");
        }
    }
}
