//! Randomness and the ids made of it.

use domain::{AccountId, SignalId, StrategyId, Timestamp, WebhookId};
use std::cell::RefCell;

/// Random letters at the end of a signal's id, five bits each.
const ID_LETTERS: usize = 12;
/// How many signals' ids are made of what the operating system is asked for at once.
const IDS_AT_ONCE: usize = 64;

/// Fills `bytes` from the operating system.
pub(crate) fn fill(bytes: &mut [u8]) {
    // Without the system's randomness no token is safe: stopping is the only honest answer.
    getrandom::fill(bytes).expect("BUG: the operating system has no random numbers");
}

/// A number from 0 up to 1.
pub(crate) fn fraction() -> f64 {
    let mut bytes = [0_u8; 4];
    fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

thread_local! {
    static RESERVE: RefCell<Reserve> = const { RefCell::new(Reserve::EMPTY) };
}

/// Random bytes that are fetched ahead, since asking the system costs as much as writing a row. For ids only: what is
/// secret is never kept ahead of its use.
struct Reserve {
    bytes: [[u8; ID_LETTERS]; IDS_AT_ONCE],
    left: usize,
}

impl Reserve {
    const EMPTY: Self = Self { bytes: [[0; ID_LETTERS]; IDS_AT_ONCE], left: 0 };

    fn take(&mut self) -> [u8; ID_LETTERS] {
        if self.left == 0 {
            fill(self.bytes.as_flattened_mut());
            self.left = IDS_AT_ONCE;
        }
        self.left -= 1;
        self.bytes[self.left]
    }
}

/// `length` characters of lower-case base32, five random bits each.
fn text(length: usize) -> String {
    let mut bytes = vec![0_u8; length];
    fill(&mut bytes);
    bytes.iter().map(|b| letter(*b)).collect()
}

fn letter(random: u8) -> char {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    char::from(ALPHABET[usize::from(random & 31)])
}

/// `prefix`, the milliseconds in ten characters that sort like the time does, and 60 random bits: ids that come together
/// stay together in an index, which is what keeps a commit of many signals to few pages.
fn timed(prefix: &str, at: Timestamp) -> SignalId {
    const SORTED: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    let digit = |place: u32| char::from(SORTED[usize::try_from((millis >> (5 * place)) & 31).unwrap_or(0)]);
    let random = RESERVE.with_borrow_mut(Reserve::take);
    let mut text = String::with_capacity(prefix.len() + 10 + ID_LETTERS);
    text.push_str(prefix);
    text.extend((0..10).rev().map(digit));
    text.extend(random.map(letter));
    SignalId::parse(&text).expect("BUG: base32 is plain text")
}

/// A random number from 0 up to 1, for jitter.
pub(crate) fn chance() -> f64 {
    let mut bytes = [0_u8; 4];
    fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

/// A fresh signal id: the time, then 60 random bits.
pub(crate) fn signal_id(at: Timestamp) -> SignalId {
    timed("sig_", at)
}

/// A fresh id for a replay: the time, then 60 random bits.
pub(crate) fn replay_id(at: Timestamp) -> SignalId {
    timed("replayed-", at)
}

/// A fresh webhook id.
pub(crate) fn webhook_id() -> WebhookId {
    WebhookId::parse(&format!("wh_{}", text(12))).expect("BUG: base32 is plain text")
}

/// A fresh account id.
pub(crate) fn account_id() -> AccountId {
    AccountId::parse(&format!("acc_{}", text(12))).expect("BUG: base32 is plain text")
}

/// A fresh strategy id.
pub(crate) fn strategy_id() -> StrategyId {
    StrategyId::parse(&format!("str_{}", text(12))).expect("BUG: base32 is plain text")
}

/// A fresh id of a user's command.
pub(crate) fn command_id() -> String {
    format!("cmd_{}", text(16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_sort_by_their_time() {
        let mut last = String::new();
        for millis in [0, 1, 31, 32, 1_023, 1_024, 1_778_221_200_000, 1_778_221_200_001, 4_000_000_000_000] {
            let id = signal_id(Timestamp::from_millis(millis)).to_string();
            assert!(id > last, "{id} after {last}");
            last = id;
        }
    }

    #[test]
    fn ids_of_the_same_moment_differ() {
        let many = 3 * IDS_AT_ONCE;
        let ids: HashSet<_> = (0..many).map(|_| signal_id(Timestamp::from_millis(0)).to_string()).collect();
        assert_eq!(ids.len(), many);
    }
}
