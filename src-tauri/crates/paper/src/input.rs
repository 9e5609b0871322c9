//! Everything that can happen to an account, as one closed enum.
//!
//! Time, ids and the kill switch come in with the input; the broker knows none of them by itself. Applying the same
//! inputs to a new broker gives the same state and the same events.

use crate::config::Config;
use domain::{
    DialectName, Money, OrderId, Price, SellMode, Signal, SignalId, Sizing, Symbol, Timestamp, Verdict,
};

/// Something that happens to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A signal is to be decided and executed.
    Signal(Box<SignalInput>),
    /// A last price of the market.
    Last {
        /// Whose.
        symbol: Symbol,
        /// The price.
        price: Price,
        /// When it was observed.
        at: Timestamp,
    },
    /// A quote of the market.
    Quote {
        /// Whose.
        symbol: Symbol,
        /// What a sale gets; not above `ask`.
        bid: Price,
        /// What a purchase costs.
        ask: Price,
        /// When it was observed.
        at: Timestamp,
    },
    /// A closed bar of the market, walked along its path.
    Bar {
        /// Whose.
        symbol: Symbol,
        /// Its four prices.
        bar: Bar,
        /// When it opened: orders accepted later are not matched with it.
        opened_at: Timestamp,
        /// When it was observed.
        at: Timestamp,
    },
    /// Time passes: day orders expire. Every other input does that too, with its own time.
    Tick {
        /// When.
        at: Timestamp,
    },
    /// The kill switch was thrown: resting entries are cancelled, what protects a position stays. That it is on comes
    /// with each signal.
    KillSwitch {
        /// When.
        at: Timestamp,
    },
    /// The user cancels a live order; with it go the held children of its bracket.
    Cancel {
        /// The caller's unique id of this command.
        command: Box<str>,
        /// Which.
        order: OrderId,
        /// When.
        at: Timestamp,
    },
    /// The user closes a position at the last price known, whatever its age.
    Close {
        /// The caller's unique id of this command.
        command: Box<str>,
        /// Which position.
        symbol: Symbol,
        /// When.
        at: Timestamp,
    },
    /// The user cancels every resting entry and closes every position.
    Flatten {
        /// The caller's unique id of this command.
        command: Box<str>,
        /// When.
        at: Timestamp,
    },
    /// Money comes in.
    Deposit {
        /// The caller's unique id of this command.
        command: Box<str>,
        /// Above zero.
        amount: Money,
        /// When.
        at: Timestamp,
    },
    /// Money goes out.
    Withdraw {
        /// The caller's unique id of this command.
        command: Box<str>,
        /// Above zero, at most what is available.
        amount: Money,
        /// When.
        at: Timestamp,
    },
    /// The account's settings change; positions stay.
    Configure {
        /// The settings from now on.
        config: Box<Config>,
        /// When.
        at: Timestamp,
    },
}

impl Input {
    /// When it happens.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Signal(signal) => signal.decided_at,
            Self::Last { at, .. }
            | Self::Quote { at, .. }
            | Self::Bar { at, .. }
            | Self::Tick { at }
            | Self::KillSwitch { at }
            | Self::Cancel { at, .. }
            | Self::Close { at, .. }
            | Self::Flatten { at, .. }
            | Self::Deposit { at, .. }
            | Self::Withdraw { at, .. }
            | Self::Configure { at, .. } => *at,
        }
    }
}

/// The prices of a closed bar; the high is not below the others, the low not above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bar {
    /// The first price.
    pub open: Price,
    /// The highest.
    pub high: Price,
    /// The lowest.
    pub low: Price,
    /// The last.
    pub close: Price,
}

/// A signal and all that its decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalInput {
    /// Its public id; the ids of its orders and fills follow from it.
    pub id: SignalId,
    /// What it says. One that is marked as a test is executed like any other.
    pub signal: Signal,
    /// The format it came in; decides the size where nobody names one.
    pub dialect: Option<DialectName>,
    /// What its webhook says.
    pub rules: WebhookRules,
    /// When it was received; its price counts as observed at this time.
    pub received_at: Timestamp,
    /// When it is decided; ages of prices and of the alert are measured against this time.
    pub decided_at: Timestamp,
    /// The earlier signal that it repeats, as `duplicate::judge` found; nothing for a replay.
    pub duplicate_of: Option<SignalId>,
    /// Whether it is a replay, which is spared the checks of age and duplicate and no other.
    pub replay: bool,
    /// Whether everything is paused.
    pub kill_switch: bool,
    /// What the strategy says; nothing where the webhook asks none, or does not ask it about signals like this.
    pub verdict: Option<Verdict>,
}

/// What a webhook says about its signals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WebhookRules {
    /// What the webhook may do.
    pub state: WebhookState,
    /// The size of an entry whose message names none; unset: the account's.
    pub sizing: Option<Sizing>,
    /// What a plain sell means; unset: the account's.
    pub sell_mode: Option<SellMode>,
    /// The greatest age of an alert in seconds; unset: none. Of this and the message's own limit the lower counts.
    pub max_lag_s: Option<u32>,
}

/// What a webhook may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum WebhookState {
    /// Everything.
    #[default]
    Active,
    /// Exits only.
    ReduceOnly,
    /// Nothing.
    Paused,
}

impl WebhookState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Active, Self::ReduceOnly, Self::Paused];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReduceOnly => "reduce_only",
            Self::Paused => "paused",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_states_of_a_webhook_are_read_from_their_words() {
        assert_eq!(WebhookState::parse("active"), Some(WebhookState::Active));
        assert_eq!(WebhookState::parse("reduce_only"), Some(WebhookState::ReduceOnly));
        assert_eq!(WebhookState::parse("paused"), Some(WebhookState::Paused));
        assert_eq!(WebhookState::parse("Paused"), None);
    }
}
