//! A signal whose turn it is: what came of its waiting, and what that means for its decision.

use crate::drift;
use crate::driver::{rejected, rules};
use crate::journal::{Decided, Notes};
use crate::lanes::{DELAY_MAX_S, Reordered};
use crate::market::Gathered;
use crate::outside;
use crate::queue;
use crate::waiting::Waiting;
use crate::wire::Timings;
use domain::{Intent, ReasonCode, SellMode, Signal, SignalId};
use paper::{Figure, Reason, WebhookRules};
use store::webhooks::Webhook;

/// A signal whose turn it is.
#[derive(Debug, Clone)]
pub(crate) struct Turn {
    pub(crate) signal: Waiting,
    /// Whether it changed places with another one.
    pub(crate) reordered: Option<Reordered>,
    /// The later alert that has made its position out of date.
    pub(crate) superseded_by: Option<SignalId>,
    /// What was asked for it outside, once it was.
    pub(crate) gathered: Option<Gathered>,
}

impl Turn {
    /// The decision of a signal that is not for the broker: the position that it asks for is out of date, or the
    /// delay is too long.
    pub(crate) fn refusal(&self, signal: &Signal, webhook: &Webhook, timings: &Timings) -> Option<Decided> {
        let id = &self.signal.id;
        let by_target = webhook.sell_mode == SellMode::Target || signal.intent == Intent::Target;
        if let Some(later) = self.superseded_by.as_ref().filter(|_| by_target) {
            let mut decided = rejected(id, ReasonCode::Superseded, timings.clone());
            decided.notes.insert("superseded_by", later.to_string());
            return Some(decided);
        }
        let delay_s = signal.delay_s.filter(|&delay_s| delay_s > DELAY_MAX_S && !self.signal.by_hand)?;
        let seconds = |seconds: u32| Some(Figure::Seconds(seconds.into()));
        let reason =
            Reason { code: ReasonCode::InvalidField, limit: seconds(DELAY_MAX_S), actual: seconds(delay_s) };
        let mut decided = rejected(id, ReasonCode::InvalidField, timings.clone());
        decided.reason = Some(reason);
        decided.notes.insert("field", "delay".to_owned());
        Some(decided)
    }

    /// What is to be known of a decision beside its reason: whether the signal was decided in its turn, and how far
    /// the account has drifted from the strategy.
    pub(crate) fn notes(&self, heard: &drift::Heard) -> Notes {
        let mut notes = Notes::new();
        match &self.reordered {
            Some(Reordered::Before(other)) => notes.insert("reordered_before", other.to_string()),
            Some(Reordered::After(other)) => notes.insert("reordered_after", other.to_string()),
            None => None,
        };
        if let Some(trouble) = outside::trouble(self.gathered.as_ref()) {
            notes.insert("market", trouble);
        }
        if let Some((stated, held)) = heard.drift {
            notes.insert(drift::STATED, stated.to_string());
            notes.insert(drift::HELD, held.to_string());
        }
        notes
    }
}

/// A signal and its rules, with a greatest age to which the delay that was asked for is added.
pub(crate) fn paced(waiting: &Waiting, mut signal: Signal, webhook: &Webhook) -> (Signal, WebhookRules) {
    let mut rules = rules(Some(webhook));
    if !waiting.by_hand {
        let delay_s = queue::pace(webhook).delay_s(&signal);
        signal.max_lag_s = signal.max_lag_s.map(|lag_s| lag_s.saturating_add(delay_s));
        rules.max_lag_s = rules.max_lag_s.map(|lag_s| lag_s.saturating_add(delay_s));
    }
    (signal, rules)
}
