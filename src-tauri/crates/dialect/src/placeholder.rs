//! Placeholders that nobody filled in: `{{…}}` of TradingView, `%…%` of TrendSpider.

use crate::error::{ReadError, visible};
use domain::ReasonCode;

/// The longest placeholder, in bytes between its marks.
const NAME_MAX: usize = 120;

/// The first placeholder left in the text, as an error that names it and its place.
pub(crate) fn unresolved(text: &str) -> Option<ReadError> {
    let (offset, found) = first(text)?;
    let sentence = format!(
        "The placeholder {} was not filled in: check its spelling, and that the alert is of the kind that fills it.",
        visible(found)
    );
    Some(ReadError::new(ReasonCode::UnresolvedPlaceholder, sentence).at_offset(text, offset))
}

fn first(text: &str) -> Option<(usize, &str)> {
    let bytes = text.as_bytes();
    let marks = bytes.iter().enumerate().filter(|(_, b)| matches!(b, b'{' | b'%'));
    marks
        .filter_map(|(at, mark)| {
            let length = match mark {
                b'{' => braces(&bytes[at..]),
                _ => percents(&bytes[at..], at.checked_sub(1).and_then(|before| bytes.get(before))),
            };
            length.and_then(|length| text.get(at..at + length)).map(|found| (at, found))
        })
        .next()
}

/// The length of `{{name}}`. Two braces before a quote are an object in an object with a key forgotten, not a
/// placeholder, and JSON says so better.
fn braces(bytes: &[u8]) -> Option<usize> {
    let name = bytes.strip_prefix(b"{{")?;
    let end = name.iter().take(NAME_MAX).position(|b| matches!(b, b'{' | b'}' | b'\n'))?;
    let is_object = name[..end].trim_ascii_start().starts_with(b"\"");
    (name[end..].starts_with(b"}}") && !is_object).then_some(2 + end + 2)
}

/// The length of `%name%`. Percentages (`5%or10%`) and percent-encoded text (`%C3abc%A4`) are none.
fn percents(bytes: &[u8], before: Option<&u8>) -> Option<usize> {
    let name = &bytes[1..];
    let end = name.iter().take(NAME_MAX).position(|b| !b.is_ascii_alphanumeric() && *b != b'_')?;
    let closed = name.get(end) == Some(&b'%') && end >= 3 && name[0].is_ascii_alphabetic();
    let is_hex = |pair: Option<&[u8]>| pair.is_some_and(|p| p.iter().all(u8::is_ascii_hexdigit));
    let encoded = is_hex(name.get(..2)) && is_hex(name.get(end + 1..end + 3));
    let a_percentage = before.is_some_and(u8::is_ascii_digit);
    (closed && !encoded && !a_percentage).then_some(1 + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(u32, u32, &str)>) {
        let found = unresolved(text);
        let place = found.as_ref().map(|e| (e.line.unwrap(), e.column.unwrap()));
        assert_eq!(place, expected.map(|(line, column, _)| (line, column)), "{text:?}");
        if let (Some(error), Some((_, _, name))) = (found, expected) {
            assert!(error.sentence.contains(&format!(" {name} ")), "{}", error.sentence);
        }
    }

    #[test]
    fn placeholders_are_told_from_braces_and_percentages() {
        check(r#"{"symbol":"{{ticker}}"}"#, Some((1, 12, "{{ticker}}")));
        check("{\n \"é\": {{strategy.order.contracts}}\n}", Some((2, 7, "{{strategy.order.contracts}}")));
        check(r#"{"a":"{{plot("Name")}}"}"#, Some((1, 7, r#"{{plot("Name")}}"#)));
        check("{{}}", Some((1, 1, "{{}}")));
        check("%alert_symbol%USDT", Some((1, 1, "%alert_symbol%")));
        check("{{ 1 }} {{ticker}}", Some((1, 1, "{{ 1 }}")));
        check(r#"{"a":{"b":{"c":1}}}"#, None);
        check(r#"{{"a":1}}"#, None);
        check("{{ticker", None);
        check("{{a\n}}", None);
        check("up 5%or10% and 100%a, 50%p", None);
        check("50%long%", None);
        check("x%C3abc%A4 %41%42 %%", None);
        check("plain", None);
    }
}
