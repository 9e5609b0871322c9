//! Randomness and the ids made of it.

use domain::{AccountId, SignalId, WebhookId};

/// Fills `bytes` from the operating system.
pub(crate) fn fill(bytes: &mut [u8]) {
    // Without the system's randomness no token is safe: stopping is the only honest answer.
    getrandom::fill(bytes).expect("BUG: the operating system has no random numbers");
}

/// `length` characters of lower-case base32, five random bits each.
fn text(length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let mut bytes = vec![0_u8; length];
    fill(&mut bytes);
    bytes.iter().map(|b| char::from(ALPHABET[usize::from(*b & 31)])).collect()
}

/// A fresh signal id with 100 random bits.
pub(crate) fn signal_id() -> SignalId {
    SignalId::parse(&format!("sig_{}", text(20))).expect("BUG: base32 is plain text")
}

/// A fresh id for a replay.
pub(crate) fn replay_id() -> SignalId {
    SignalId::parse(&format!("replayed-{}", text(20))).expect("BUG: base32 is plain text")
}

/// A fresh webhook id.
pub(crate) fn webhook_id() -> WebhookId {
    WebhookId::parse(&format!("wh_{}", text(12))).expect("BUG: base32 is plain text")
}

/// A fresh account id.
pub(crate) fn account_id() -> AccountId {
    AccountId::parse(&format!("acc_{}", text(12))).expect("BUG: base32 is plain text")
}

/// A fresh id of a user's command.
pub(crate) fn command_id() -> String {
    format!("cmd_{}", text(16))
}
