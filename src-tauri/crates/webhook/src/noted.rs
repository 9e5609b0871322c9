//! Which refusals of strangers are noted in full.

use domain::{ReasonCode, WebhookId};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long after a full note the next ones are only counted, in microseconds.
const FULL_EVERY_US: u64 = 60_000_000;
/// The most pairs of webhook and code that are remembered.
const PAIRS_MAX: usize = 1024;

/// When each webhook and code was last noted in full.
#[derive(Default)]
pub(crate) struct Noted(Mutex<HashMap<(Option<WebhookId>, ReasonCode), u64>>);

impl Noted {
    /// Whether this one is to be noted in full; it is remembered then.
    pub(crate) fn is_first(&self, webhook: Option<&WebhookId>, code: ReasonCode, now: u64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (webhook.cloned(), code);
        if last.get(&key).is_some_and(|at| now.saturating_sub(*at) < FULL_EVERY_US) {
            return false;
        }
        if last.len() >= PAIRS_MAX {
            last.retain(|_, at| now.saturating_sub(*at) < FULL_EVERY_US);
        }
        if last.len() < PAIRS_MAX {
            last.insert(key, now);
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn once_a_minute_per_webhook_and_code() {
        let noted = Noted::default();
        let webhook = WebhookId::parse("wh_abcdefghij23").unwrap();
        let first = |code, now| noted.is_first(Some(&webhook), code, now);
        assert!(first(ReasonCode::InvalidToken, 0));
        assert!(!first(ReasonCode::InvalidToken, 59_999_999));
        assert!(first(ReasonCode::RateLimited, 1));
        assert!(first(ReasonCode::InvalidToken, 60_000_000));
        assert!(noted.is_first(None, ReasonCode::InvalidToken, 0));
    }
}
