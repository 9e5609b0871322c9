//! A body with its escapes taken out, byte for byte traceable to the body as received.

use std::borrow::Cow;
use std::ops::Range;

/// How often escapes are taken out of one another: `%255Cu0070` needs three rounds.
pub(super) const ROUNDS_MAX: usize = 3;

/// Bytes, and for each of them where it begins in the body.
pub(super) struct View<'a> {
    bytes: Cow<'a, [u8]>,
    /// One longer than `bytes`: the last entry is where the body ends. Absent where nothing was decoded.
    starts: Option<Vec<usize>>,
}

impl<'a> View<'a> {
    /// The body as received.
    pub(super) fn of(body: &'a [u8]) -> Self {
        Self { bytes: Cow::Borrowed(body), starts: None }
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Where a part of the view stands in the body.
    pub(super) fn source_of(&self, span: &Range<usize>) -> Range<usize> {
        self.start_of(span.start)..self.start_of(span.end)
    }

    fn start_of(&self, at: usize) -> usize {
        self.starts.as_ref().map_or(at, |starts| starts[at])
    }

    /// The view with one layer of escapes (`\u0070`, `\"`, `%70`) taken out, or nothing when there are none.
    pub(super) fn decoded(&self) -> Option<View<'static>> {
        // Most bodies have no escapes at all, and every request is looked at.
        if !self.bytes.iter().any(|byte| matches!(byte, b'\\' | b'%')) {
            return None;
        }
        let mut bytes = Vec::with_capacity(self.bytes.len());
        let mut starts = Vec::with_capacity(self.bytes.len() + 1);
        let mut at = 0;
        while at < self.bytes.len() {
            let (byte, length) = escape_at(&self.bytes[at..]).unwrap_or((self.bytes[at], 1));
            bytes.push(byte);
            starts.push(self.start_of(at));
            at += length;
        }
        starts.push(self.start_of(self.bytes.len()));
        let shorter = bytes.len() < self.bytes.len();
        shorter.then_some(View { bytes: Cow::Owned(bytes), starts: Some(starts) })
    }
}

/// The byte that an escape stands for and the length of the escape. Escapes of other than ASCII are left alone: no
/// secret of ours has such characters.
pub(super) fn escape_at(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [b'\\', b'u' | b'U', a, b, c, d, ..] => {
            let (high, low) = (hex_pair(*a, *b)?, hex_pair(*c, *d)?);
            (high == 0 && low.is_ascii()).then_some((low, 6))
        }
        [b'\\', escaped @ (b'"' | b'\\' | b'/' | b'\''), ..] => Some((*escaped, 2)),
        [b'%', a, b, ..] => hex_pair(*a, *b).filter(u8::is_ascii).map(|byte| (byte, 3)),
        _ => None,
    }
}

fn hex_pair(high: u8, low: u8) -> Option<u8> {
    let digit = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    Some(digit(high)? * 16 + digit(low)?)
}
