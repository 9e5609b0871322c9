//! Secrets in a body: found without a parser, so that broken bodies are as safe as good ones.
//!
//! Absent: any judgement of a secret. The listener compares candidates; this file finds and hides them.

mod fields;
mod positional;
mod view;

use crate::json::{Value, parse};
use crate::wrapper;
use domain::DialectName;
use std::ops::Range;
use view::{ROUNDS_MAX, View};

pub(crate) use fields::is_secret_name;

/// The top-level fields that [`secrets_in`] looks into, as their formats spell them.
pub const TOKEN_FIELDS: [&str; 7] =
    ["auth_key", "token", "secret", "passphrase", "key", "Identity", "signalToken"];
/// The most candidates that [`secrets_in`] and [`tokens_in`] return.
const CANDIDATES_MAX: usize = 16;
/// Characters of the webhook's part of a token, after `pw_`.
const TOKEN_HEAD: usize = 12;
/// Characters of the random part of a token, at least.
const TOKEN_TAIL: usize = 32;
/// Characters of a signing secret after `whsec_`, at least; shorter texts are no secrets.
const SIGNING_SECRET_TAIL: usize = 16;

/// Texts that may be the webhook's secret, where dialects keep it: in the top-level [`TOKEN_FIELDS`] (of every element
/// of an array).
///
/// In a body that is not JSON the same names are looked for in the text, and anything token-shaped counts, so that
/// the sender of a broken message can be told so instead of being taken for a stranger. At most 16, without repeats.
#[must_use]
pub fn secrets_in(body: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    match std::str::from_utf8(body).ok().and_then(|text| parse(text.trim_start_matches('\u{feff}')).ok()) {
        Some(parsed) => from_json(&parsed.value, false, &mut found),
        None => for_each_view(body, |view| {
            for span in positional::spans(view.bytes(), None) {
                note(String::from_utf8_lossy(&view.bytes()[span]).into_owned(), &mut found);
            }
            let fields = fields::values_of(view.bytes(), fields::is_authentication);
            for span in fields.into_iter().chain(token_spans(view.bytes())) {
                note(String::from_utf8_lossy(&view.bytes()[span]).into_owned(), &mut found);
            }
            true
        }),
    }
    found
}

/// Everything token-shaped in the body, wherever it stands, to tell a sender whose token stands in the wrong place
/// from a stranger. At most 16, without repeats.
#[must_use]
pub fn tokens_in(body: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    for_each_view(body, |view| {
        for span in token_spans(view.bytes()) {
            note(String::from_utf8_lossy(&view.bytes()[span]).into_owned(), &mut found);
        }
        true
    });
    found
}

/// `inside` a wrapper, no other one is looked into.
fn from_json(value: &Value, inside: bool, found: &mut Vec<String>) {
    match value {
        Value::Object(pairs) => {
            for (key, value) in pairs {
                if let (true, Value::Text(text) | Value::Number(text)) =
                    (fields::is_authentication_name(key), value)
                {
                    note(text.clone(), found);
                }
            }
            match wrapper::message(pairs).filter(|_| !inside) {
                Some(Value::Text(text)) => {
                    if let Ok(parsed) = parse(text) {
                        from_json(&parsed.value, true, found);
                    }
                }
                Some(message) => from_json(message, true, found),
                None => {}
            }
        }
        Value::Array(items) => {
            for item in items.iter().filter(|item| matches!(item, Value::Object(_))) {
                from_json(item, inside, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

fn note(candidate: String, found: &mut Vec<String>) {
    if found.len() < CANDIDATES_MAX && !candidate.is_empty() && !found.contains(&candidate) {
        found.push(candidate);
    }
}

/// The body as it may be stored: the bytes as received, and `*` in place of every byte of `token`, of anything
/// token-shaped (`pw_…`, `whsec_…`) and of the values of secret fields. Works on bytes, in broken bodies too, and
/// also finds secrets that are JSON-escaped or percent-encoded, up to three times over.
///
/// `dialect` is the recognised one; without it every name that is a secret in some dialect counts. A `key` beside a
/// `message` is the wrapper's and always secret.
#[must_use]
pub fn mask(body: &[u8], token: Option<&str>, dialect: Option<DialectName>) -> Vec<u8> {
    let mut masked = body.to_vec();
    for_each_view(body, |view| {
        let mut spans = token_spans(view.bytes());
        let mut wraps = false;
        spans.extend(fields::values_of(view.bytes(), |name| {
            wraps |= name == wrapper::MESSAGE;
            fields::is_secret(name, dialect)
        }));
        if wraps {
            spans.extend(of_wrapper(view.bytes(), dialect));
        }
        spans.extend(positional::spans(view.bytes(), dialect));
        if let Some(token) = token.filter(|t| !t.is_empty()) {
            spans.extend(occurrences(view.bytes(), token.as_bytes()));
        }
        for span in spans {
            masked[view.source_of(&span)].fill(b'*');
        }
        true
    });
    masked
}

/// The key of a wrapper, and the secrets that have only a place in the text that it holds.
fn of_wrapper(bytes: &[u8], dialect: Option<DialectName>) -> Vec<Range<usize>> {
    let mut spans = fields::values_of(bytes, |name| name == wrapper::KEY);
    for text in fields::values_of(bytes, |name| name == wrapper::MESSAGE) {
        let inside = positional::spans(&bytes[text.clone()], dialect);
        spans.extend(inside.into_iter().map(|span| text.start + span.start..text.start + span.end));
    }
    spans
}

/// Whether `token` stands anywhere in the body, plain, JSON-escaped or percent-encoded.
#[must_use]
pub fn contains_token(body: &[u8], token: &str) -> bool {
    let mut found = false;
    if !token.is_empty() {
        for_each_view(body, |view| {
            found = !occurrences(view.bytes(), token.as_bytes()).is_empty();
            !found
        });
    }
    found
}

/// `text` with everything token-shaped in it masked.
pub(crate) fn mask_tokens_in_text(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in token_spans(text.as_bytes()) {
        bytes[span].fill(b'*');
    }
    String::from_utf8(bytes).expect("BUG: token shapes are ASCII, so masking them keeps the text whole")
}

/// Shows `visit` the body as received, then decoded again and again until nothing changes; stops when told to.
fn for_each_view(body: &[u8], mut visit: impl FnMut(&View<'_>) -> bool) {
    let mut view = View::of(body);
    for _ in 0..ROUNDS_MAX {
        if !visit(&view) {
            return;
        }
        match view.decoded() {
            Some(next) => view = next,
            None => return,
        }
    }
    visit(&view);
}

fn occurrences(bytes: &[u8], needle: &[u8]) -> Vec<Range<usize>> {
    let width = needle.len();
    // The first byte is looked at by itself: a comparison of slices is a call.
    let like = |window: &[u8]| window.first() == needle.first() && window == needle;
    let starts = bytes.windows(width).enumerate().filter(|(_, window)| like(window));
    starts.map(|(at, _)| at..at + width).collect()
}

/// Everything of the form `pw_<12>_<32 or more>` or `whsec_<16 or more>`, whatever its case.
fn token_spans(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = Vec::new();
    // Both begin with some letters and an underscore, which most texts have few of.
    for (underscore, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_') {
        let free = spans.last().map_or(0, |span| span.end);
        let from = |letters: usize| underscore.checked_sub(letters).filter(|start| *start >= free);
        let token = from(2).and_then(|start| Some((start, token_length(&bytes[start..])?)));
        let secret = || from(5).and_then(|start| Some((start, signing_secret_length(&bytes[start..])?)));
        if let Some((start, length)) = token.or_else(secret) {
            spans.push(start..start + length);
        }
    }
    spans
}

fn token_length(bytes: &[u8]) -> Option<usize> {
    let after_prefix = strip_prefix(bytes, b"pw_")?;
    let (head, rest) = after_prefix.split_at_checked(TOKEN_HEAD)?;
    let tail = strip_prefix(rest, b"_")?;
    let tail_length = run(tail, |b| b.is_ascii_alphanumeric());
    let whole = head.iter().all(u8::is_ascii_alphanumeric) && tail_length >= TOKEN_TAIL;
    whole.then_some(b"pw_".len() + TOKEN_HEAD + b"_".len() + tail_length)
}

fn signing_secret_length(bytes: &[u8]) -> Option<usize> {
    let tail = strip_prefix(bytes, b"whsec_")?;
    let length = run(tail, |b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_'));
    (length >= SIGNING_SECRET_TAIL).then_some(b"whsec_".len() + length)
}

fn strip_prefix<'a>(bytes: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn run(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|b| !wanted(*b)).unwrap_or(bytes.len())
}
