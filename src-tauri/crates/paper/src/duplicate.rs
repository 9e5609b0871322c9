//! When a message is the same message again: pure rules over keys that the caller keeps in a table.
//!
//! A message with an id of its own is judged by that id alone, for ever. Any other is judged by what it means (its
//! time is no part of that) within a fixed window that starts with the first of its kind and is not extended by
//! repetitions; and a byte-identical body that carries a time is the same alert for 60 seconds.
//!
//! The caller takes [`keys`], looks each up in its table, asks [`judge`], and in the same transaction writes the
//! keys to record. A replay is not judged at all.

use domain::{BracketLevel, Signal, SignalId, StopLoss, TakeProfit, Timestamp, Trail, WebhookId};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

/// The duplicate window of a webhook that sets none, in milliseconds.
pub const WINDOW_MS_DEFAULT: u32 = 1_000;

/// For how long a byte-identical body that carries a time is the same alert, in milliseconds.
pub const BODY_WINDOW_MS: u32 = 60_000;

/// What a key stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// The message's own id.
    ExplicitId,
    /// What the message means.
    Meaning,
    /// The bytes of a body that carries a time.
    Body,
}

/// For how long a key counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// For ever.
    Forever,
    /// For less than this many milliseconds from the first message on; zero is never.
    Millis(u32),
}

/// A key by which a message is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// What it stands for.
    pub kind: KeyKind,
    /// What it stands for, unique within its webhook: a short id as it is, anything else as a SHA-256 of which the
    /// first byte is taken for the distinction.
    pub hash: [u8; 32],
    /// For how long it counts.
    pub window: Window,
}

impl Key {
    /// When a record of this key made at `first_at` may be deleted; nothing: never.
    #[must_use]
    pub fn expires_at(&self, first_at: Timestamp) -> Option<Timestamp> {
        match self.window {
            Window::Forever => None,
            Window::Millis(millis) => Some(first_at.plus_micros(i64::from(millis) * 1_000)),
        }
    }
}

/// A message as far as this rule is concerned.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    /// Whose.
    pub webhook: &'a WebhookId,
    /// The body as received.
    pub body: &'a [u8],
    /// Which of the body's signals this is, from 0 on.
    pub index: usize,
    /// What it says.
    pub signal: &'a Signal,
    /// The webhook's window, in milliseconds; zero switches the rule of meaning off.
    pub window_ms: u32,
}

/// What the caller's table says of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// When the first message of the key was received.
    pub first_at: Timestamp,
    /// Which signal that was.
    pub signal: SignalId,
}

/// Whether a message is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is: write these keys with its time and signal, over what is recorded for them.
    New {
        /// The keys to write.
        record: Vec<Key>,
    },
    /// It repeats this signal; write nothing.
    DuplicateOf(SignalId),
}

/// The keys of a message: look up each one.
#[must_use]
pub fn keys(message: &Message<'_>) -> Vec<Key> {
    let signal = message.signal;
    if let Some(id) = &signal.id {
        let hash = explicit(message.webhook, id);
        return vec![Key { kind: KeyKind::ExplicitId, hash, window: Window::Forever }];
    }
    let meaning = Key {
        kind: KeyKind::Meaning,
        hash: meaning(message.webhook, signal),
        window: Window::Millis(message.window_ms),
    };
    if signal.alert_time.is_none() && signal.bar_time.is_none() {
        return vec![meaning];
    }
    let mut hash = Hash::new(message.webhook, "body");
    hash.bytes(message.body);
    hash.length(message.index);
    let body = Key { kind: KeyKind::Body, hash: hash.finish(), window: Window::Millis(BODY_WINDOW_MS) };
    vec![meaning, body]
}

/// Judges a message received at `at` by its keys and by what `find` knows of each.
///
/// A clock that was set back does not keep a window open: what counts is the distance.
pub fn judge(keys: &[Key], at: Timestamp, find: impl Fn(&Key) -> Option<Recorded>) -> Verdict {
    for key in keys {
        let Some(recorded) = find(key) else { continue };
        let inside = match key.window {
            Window::Forever => true,
            Window::Millis(millis) => {
                at.micros_since(recorded.first_at).unsigned_abs() < u64::from(millis) * 1_000
            }
        };
        if inside {
            return Verdict::DuplicateOf(recorded.signal);
        }
    }
    Verdict::New { record: keys.to_vec() }
}

/// An id of up to 30 bytes is its own key, so that ids that count up lie together in the table, which grows for ever;
/// a longer one is hashed. The first byte keeps the two apart.
fn explicit(webhook: &WebhookId, id: &str) -> [u8; 32] {
    let mut key = [0_u8; 32];
    if let Some(place) = key.get_mut(1..=id.len()).filter(|_| id.len() <= 30) {
        place.copy_from_slice(id.as_bytes());
        key[0] = AS_IT_IS;
        key[31] = u8::try_from(id.len()).unwrap_or(u8::MAX);
        return key;
    }
    let mut hash = Hash::new(webhook, "id");
    hash.text(id);
    hash.finish()
}

/// Webhook, action, symbol, order type, quantity, prices and comment; no times, no id.
fn meaning(webhook: &WebhookId, signal: &Signal) -> [u8; 32] {
    let mut hash = Hash::new(webhook, "meaning");
    hash.text(signal.intent.as_str());
    hash.option(signal.side.map(|side| side.as_str()));
    hash.text(&signal.action);
    hash.text(signal.symbol.as_str());
    hash.option(signal.size.map(|size| size.unit.as_str()));
    hash.number(signal.size.map(|size| size.value));
    hash.number(signal.leverage);
    hash.number(signal.target_position.map(|position| position.get()));
    hash.number(signal.previous_position.map(|position| position.get()));
    hash.text(signal.order.kind.as_str());
    hash.number(signal.order.limit.map(|price| price.get()));
    hash.number(signal.order.stop.map(|price| price.get()));
    hash.trail(signal.order.trail);
    hash.number(signal.price.map(|price| price.get()));
    hash.length(signal.take_profit.len());
    for TakeProfit { level, portion_pct } in &signal.take_profit {
        hash.level(Some(*level));
        hash.number(*portion_pct);
    }
    hash.length(usize::from(signal.stop_loss.is_some()));
    if let Some(StopLoss { level, limit, trail }) = signal.stop_loss {
        hash.level(level);
        hash.number(limit.map(|price| price.get()));
        hash.trail(trail);
    }
    hash.option(signal.reduce_only.then_some("reduce_only"));
    hash.option(signal.comment.as_deref());
    hash.finish()
}

/// The first byte of a key that is the text itself.
const AS_IT_IS: u8 = b'i';
/// The first byte of a key that is a hash.
const HASHED: u8 = b'h';

/// What a digest is taken of, gathered so that neighbouring fields cannot run into each other.
struct Hash(Vec<u8>);

/// Room for what most messages mean.
const HASHED_USUALLY: usize = 256;

impl Hash {
    fn new(webhook: &WebhookId, kind: &str) -> Self {
        let mut hash = Self(Vec::with_capacity(HASHED_USUALLY));
        hash.text(kind);
        hash.text(webhook.as_str());
        hash
    }

    /// A length in as many bytes as it needs, seven bits in each and the lowest first (LEB128).
    fn length(&mut self, length: usize) {
        let mut left = length;
        while left > 0x7f {
            self.0.push(left.to_le_bytes()[0] | 0x80);
            left >>= 7;
        }
        self.0.push(left.to_le_bytes()[0]);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn option(&mut self, text: Option<&str>) {
        self.0.push(u8::from(text.is_some()));
        if let Some(text) = text {
            self.text(text);
        }
    }

    /// 1 and 1.0 are the same number.
    fn number(&mut self, number: Option<Decimal>) {
        let Some(number) = number else { return self.option(None) };
        self.0.push(1);
        let at = self.0.len();
        self.0.push(0);
        write!(self, "{}", number.normalize()).expect("BUG: memory takes every byte");
        self.0[at] = u8::try_from(self.0.len() - at - 1).expect("BUG: a number has some thirty digits");
    }

    fn trail(&mut self, trail: Option<Trail>) {
        self.option(trail.map(|trail| trail.unit.as_str()));
        self.number(trail.map(|trail| trail.value));
    }

    fn level(&mut self, level: Option<BracketLevel>) {
        let (word, number) = match level {
            None => ("none", None),
            Some(BracketLevel::Price(price)) => ("price", Some(price.get())),
            Some(BracketLevel::Percent(number)) => ("pct", Some(number)),
            Some(BracketLevel::Absolute(number)) => ("abs", Some(number)),
            Some(BracketLevel::Pips(number)) => ("pips", Some(number)),
        };
        self.text(word);
        self.number(number);
    }

    fn finish(self) -> [u8; 32] {
        let mut hash: [u8; 32] = Sha256::digest(&self.0).into();
        hash[0] = HASHED;
        hash
    }
}

impl Write for Hash {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests;
