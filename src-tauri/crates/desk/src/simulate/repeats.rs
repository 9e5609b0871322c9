//! What one scenario's webhook has seen, for the rule of duplicates; what its windows no longer reach is forgotten.

use domain::{Signal, SignalId, Timestamp, WebhookId};
use paper::duplicate::{self, Key, Message, Recorded, Verdict, Window};
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many marks may lie about before those that are over are swept out.
const SWEEP_AT: usize = 1_024;

/// The marks of a webhook.
pub(super) struct Repeats {
    webhook: WebhookId,
    window_ms: u32,
    /// What the first signal is called wherever one is wanted; a snapshot never shows it.
    first: SignalId,
    /// Marks that count for a while, with the time of the first signal.
    passing: HashMap<[u8; 32], Timestamp>,
    /// Ids, which count for ever, 16 bytes of each.
    lasting: HashSet<u128>,
    sweep_at: usize,
}

impl Repeats {
    pub(super) fn new(window_ms: u32) -> Self {
        Self {
            webhook: WebhookId::parse("wh_scenario").expect("BUG: the name is plain"),
            window_ms,
            first: SignalId::parse("sig_first").expect("BUG: the name is plain"),
            passing: HashMap::new(),
            lasting: HashSet::new(),
            sweep_at: SWEEP_AT,
        }
    }

    /// Whether a signal repeats an earlier one; if not, it is remembered.
    pub(super) fn judge(&mut self, signal: &Signal, at: Timestamp) -> bool {
        if self.window_ms == 0 && signal.id.is_none() {
            return false;
        }
        let message =
            Message { webhook: &self.webhook, body: b"", index: 0, signal, window_ms: self.window_ms };
        let keys = duplicate::keys(&message);
        match duplicate::judge(&keys, at, |key| self.find(key)) {
            Verdict::DuplicateOf(_) => true,
            Verdict::New { record } => {
                record.iter().for_each(|key| self.remember(key, at));
                false
            }
        }
    }

    fn find(&self, key: &Key) -> Option<Recorded> {
        let first_at = match key.window {
            Window::Forever => self.lasting.contains(&fingerprint(key)).then_some(Timestamp::from_micros(0)),
            Window::Millis(_) => self.passing.get(&key.hash).copied(),
        };
        first_at.map(|first_at| Recorded { first_at, signal: self.first.clone() })
    }

    fn remember(&mut self, key: &Key, at: Timestamp) {
        match key.window {
            Window::Forever => {
                self.lasting.insert(fingerprint(key));
            }
            Window::Millis(_) => {
                self.passing.insert(key.hash, at);
                self.sweep(at);
            }
        }
    }

    fn sweep(&mut self, at: Timestamp) {
        if self.passing.len() < self.sweep_at {
            return;
        }
        let window_us = u64::from(self.window_ms.max(duplicate::BODY_WINDOW_MS)) * 1_000;
        self.passing.retain(|_, first_at| at.micros_since(*first_at).unsigned_abs() < window_us);
        self.sweep_at = self.passing.len().saturating_mul(2).max(SWEEP_AT);
    }
}

/// Half of a key is enough to tell millions of ids apart, and takes half the memory.
fn fingerprint(key: &Key) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, key.hash).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}
