//! Secret fields, found by their names in any text that looks like `name: value` or `name=value`.

use super::view::escape_at;
use domain::DialectName;
use std::ops::Range;

/// Names under which some dialect keeps the webhook's secret; compared without case, `_` and `-`.
const AUTHENTICATION: &[&str] =
    &["authkey", "token", "secret", "passphrase", "key", "identity", "signaltoken"];
/// Names whose values are secret in every dialect.
const SECRET: &[&str] = &[
    "authkey",
    "token",
    "secret",
    "passphrase",
    "signaltoken",
    "emailtoken",
    "accesstoken",
    "authtoken",
    "apikey",
    "apisecret",
    "apipassphrase",
    "secretkey",
    "privatekey",
    "clientsecret",
    "webhooksecret",
    "webhooktoken",
    "signingsecret",
    "password",
    "passwd",
    "licenseid",
    "licenceid",
    "licensekey",
    "licencekey",
    "authorization",
];
/// Names that are secret in some dialects and plain words in others.
const SECRET_UNLESS_KNOWN: &[&str] = &["key", "identity", "pointer"];
/// The longest name that is looked at, in bytes; one written all in escapes fits.
const NAME_MAX: usize = 160;
/// The most letters of a name that is on a list.
const LETTERS_MAX: usize = 32;

/// Whether a field of this name may hold the webhook's secret.
pub(super) fn is_authentication(name: &str) -> bool {
    AUTHENTICATION.contains(&name)
}

/// Whether a field of this name is a secret in a message of `dialect`.
pub(super) fn is_secret(name: &str, dialect: Option<DialectName>) -> bool {
    SECRET.contains(&name)
        || match dialect {
            None => SECRET_UNLESS_KNOWN.contains(&name),
            Some(dialect) => own_secret(dialect) == Some(name),
        }
}

/// The name, plain elsewhere, under which a dialect keeps its secret.
fn own_secret(dialect: DialectName) -> Option<&'static str> {
    match dialect {
        DialectName::CrossTrade | DialectName::Generic => Some("key"),
        DialectName::Jackrabbit => Some("identity"),
        DialectName::Tickerly => Some("pointer"),
        DialectName::Vantixs
        | DialectName::AlgoTradeAnalytics
        | DialectName::StratOne
        | DialectName::Atomik
        | DialectName::TradersPost
        | DialectName::TrendSpider
        | DialectName::ThreeCommasStrategy
        | DialectName::ThreeCommasCustom
        | DialectName::ThreeCommasDca
        | DialectName::PineConnector
        | DialectName::OpenAlgo
        | DialectName::Chartink
        | DialectName::OctoBot
        | DialectName::Alertatron
        | DialectName::AlertatronLite
        | DialectName::WunderTrading
        | DialectName::Okx
        | DialectName::BloFin
        | DialectName::Finandy
        | DialectName::PickMyTrade
        | DialectName::TvHub
        | DialectName::Altrady
        | DialectName::Thibaultyou
        | DialectName::Junta
        | DialectName::MetaApi
        | DialectName::Whook
        | DialectName::Autoview
        | DialectName::Frostybot
        | DialectName::Bva
        | DialectName::Password => None,
    }
}

/// As [`is_authentication`], for a name as a message spells it.
pub(super) fn is_authentication_name(name: &str) -> bool {
    Letters::of(name.as_bytes()).is_some_and(|name| is_authentication(name.as_str()))
}

/// Whether `name`, as a message spells it, is a secret in some dialect.
pub(crate) fn is_secret_name(name: &str) -> bool {
    Letters::of(name.as_bytes()).is_some_and(|name| is_secret(name.as_str(), None))
}

/// The values of all fields whose folded name is `wanted`, without their quotes.
pub(super) fn values_of(bytes: &[u8], mut wanted: impl FnMut(&str) -> bool) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let name = at..at + name_length(&bytes[at..]);
        if name.is_empty() {
            at += 1;
            continue;
        }
        at = name.end;
        // Most words of a message are not names at all. How far the value reaches is asked last: asked for every
        // name, a body of nothing but names would be read once for each of them.
        if let Some(begin) = value_begin(bytes, at)
            && Letters::of(&bytes[name]).is_some_and(|letters| wanted(letters.as_str()))
            && let Some(value) = value_at(bytes, begin)
        {
            at = value.end;
            spans.push(value);
        }
    }
    spans
}

/// The bytes of the name that stands first, `\u0061` for a letter included.
fn name_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some((byte, length)) = name_byte(&bytes[at..]) {
        if !is_name_byte(byte) {
            break;
        }
        at += length;
    }
    at
}

fn name_byte(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [b'\\', b'u', ..] => escape_at(bytes),
        [byte, ..] => Some((*byte, 1)),
        [] => None,
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The letters and digits of a name in lower case. Held in place: every word of every message is looked at.
struct Letters {
    bytes: [u8; LETTERS_MAX],
    length: usize,
}

impl Letters {
    /// Nothing for a name too long to be on a list.
    fn of(name: &[u8]) -> Option<Self> {
        let mut letters = Self { bytes: [0; LETTERS_MAX], length: 0 };
        let mut at = 0;
        while let Some((byte, length)) = name_byte(&name[at..]).filter(|_| at <= NAME_MAX) {
            if byte.is_ascii_alphanumeric() {
                *letters.bytes.get_mut(letters.length)? = byte.to_ascii_lowercase();
                letters.length += 1;
            }
            at += length;
        }
        (at == name.len()).then_some(letters)
    }

    fn as_str(&self) -> &str {
        // Only ASCII is put in, so this never falls back.
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }
}

/// Where a value may begin after a name that ends at `at`: behind closing quote, colon or equals sign, and blanks.
fn value_begin(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + closing_quote(&bytes[at..]);
    at += blanks(&bytes[at..]);
    if !matches!(bytes.get(at), Some(b':' | b'=')) {
        return None;
    }
    at += 1;
    Some(at + blanks(&bytes[at..]))
}

/// The quoted or bare value that stands at `at`.
fn value_at(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let backslashes = super::run(&bytes[at..], |b| b == b'\\');
    let quote = quote_width(&bytes[at + backslashes..]);
    let (start, length) = if quote > 0 {
        let start = at + backslashes + quote;
        (start, quoted_length(&bytes[start..], &bytes[at..start], backslashes))
    } else {
        (at, super::run(&bytes[at..], |b| !is_bare_end(b)))
    };
    (length > 0).then_some(start..start + length)
}

/// Blanks, the invisible ones (U+00A0) among them.
fn blanks(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        match &bytes[at..] {
            [0xC2, 0xA0, ..] => at += 2,
            [byte, ..] if byte.is_ascii_whitespace() => at += 1,
            _ => return at,
        }
    }
}

fn closing_quote(bytes: &[u8]) -> usize {
    let backslashes = super::run(bytes, |b| b == b'\\');
    backslashes + quote_width(&bytes[backslashes..])
}

/// The bytes of the quote that stands first: straight, single or typographic; 0 without one.
fn quote_width(bytes: &[u8]) -> usize {
    match bytes {
        [b'"' | b'\'' | b'`', ..] => 1,
        [0xE2, 0x80, 0x98..=0x9F, ..] => 3,
        _ => 0,
    }
}

/// How far a quoted text reaches: to the quote that matches its opening one, to the line's end when there is none.
fn quoted_length(bytes: &[u8], opening: &[u8], backslashes: usize) -> usize {
    let quote = &opening[backslashes..];
    let mut at = 0;
    while at < bytes.len() && bytes[at] != b'\n' {
        let escapes = super::run(&bytes[at..], |b| b == b'\\');
        let after = &bytes[at + escapes..];
        let closes = if quote.len() == 1 { after.starts_with(quote) } else { quote_width(after) == 3 };
        if closes && backslashes == 0 && escapes % 2 == 0 {
            return at + escapes;
        }
        if closes && escapes <= backslashes && backslashes > 0 {
            return at;
        }
        at += escapes.max(1) + usize::from(escapes > 0 && closes);
    }
    at.min(bytes.len())
}

fn is_bare_end(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'}' | b']' | b'&' | b'{' | b'[')
}
