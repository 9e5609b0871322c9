//! What a strategy says of a signal, with everything it was judged by.

use crate::strategy::{ApplyTo, OnUnknown};
use crate::supply::SeriesKey;
use domain::{ReasonCode, Symbol, Timeframe, Timestamp, Verdict};
use std::fmt;

/// What a strategy says of a signal.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What it comes to.
    pub outcome: Outcome,
    /// Every condition, in the order of the tree; without a verdict, the operands that need no candles have values.
    pub leaves: Vec<LeafReport>,
}

/// What it comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The conditions hold.
    Confirm,
    /// They do not.
    Deny {
        /// The path of the first condition that is to blame.
        first_failing: String,
    },
    /// Nobody knows.
    Unknown(Unknown),
}

/// Why there is no verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Whose candles are missing.
    pub key: SeriesKey,
    /// What is wrong with them.
    pub cause: UnknownCause,
}

/// What is wrong with the candles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownCause {
    /// There are too few yet.
    WarmingUp {
        /// How many are needed.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// The newest is too old.
    Stale {
        /// When it opened.
        newest: Timestamp,
    },
    /// There are none.
    Unavailable,
}

/// One condition and what it was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct LeafReport {
    /// Where it stands in the tree.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Whether it holds; nothing where an operand was na.
    pub passed: Option<bool>,
    /// Whose candles, where there are any.
    pub symbol: Option<Symbol>,
    /// How long they are.
    pub timeframe: Option<Timeframe>,
    /// When the candle that was looked at opened.
    pub opened_at: Option<Timestamp>,
    /// Its operands, the left one first.
    pub values: Vec<Value>,
    /// What is wrong with its candles, where there is no verdict for that.
    pub missing: Option<Unknown>,
}

/// An operand and what it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// What it is called.
    pub operand: String,
    /// What it was; nothing is na.
    pub value: Option<f64>,
    /// What it was one bar before, where it has bars.
    pub before: Option<f64>,
}

impl Unknown {
    /// The code of the catalogue.
    #[must_use]
    pub fn code(&self) -> ReasonCode {
        match self.cause {
            UnknownCause::WarmingUp { .. } => ReasonCode::WarmingUp,
            UnknownCause::Stale { .. } => ReasonCode::CandlesStale,
            UnknownCause::Unavailable => ReasonCode::CandlesUnavailable,
        }
    }
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.cause {
            UnknownCause::WarmingUp { needed, found } => {
                write!(f, "{key}: {needed} closed candles are needed, {found} are there")
            }
            UnknownCause::Stale { newest } => write!(f, "{key}: the newest closed candle opened at {newest}"),
            UnknownCause::Unavailable => write!(f, "{key}: there are no candles"),
        }
    }
}

impl Judgement {
    /// What the broker is told; nothing where the signal goes on without a verdict.
    #[must_use]
    pub fn verdict(&self, on_unknown: OnUnknown, apply_to: ApplyTo) -> Option<Verdict> {
        let code = match (&self.outcome, on_unknown) {
            (Outcome::Confirm, _) => return Some(Verdict::Confirm),
            (Outcome::Deny { .. }, _) => ReasonCode::PipelineDenied,
            (Outcome::Unknown(unknown), OnUnknown::Reject) => unknown.code(),
            (Outcome::Unknown(_), OnUnknown::SkipPipeline) => return None,
        };
        Some(match apply_to {
            ApplyTo::Entries => Verdict::DenyEntries(code),
            ApplyTo::All => Verdict::Deny(code),
        })
    }
}
