//! Messages that somebody pasted to see what they are, and symbols that are probably another's.

use super::canonical::Canonical;
use super::error::RpcError;
use super::signal::SignalRow;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A message from the paste box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct PasteRequest {
    /// The message.
    #[ts(optional = false)]
    pub body: String,
    /// The webhook that it would be sent to; without one nothing is decided.
    pub webhook_id: Option<String>,
}

/// What a pasted message is, what it would do, and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Pasted {
    /// The format, where it is known.
    pub dialect: Option<String>,
    /// Its name for people.
    pub title: Option<String>,
    /// What was repaired.
    pub repairs: Vec<String>,
    /// The signals in canonical form; empty when the message is refused.
    pub signals: Vec<Canonical>,
    /// What each signal would come to now, decided on a copy of the account; nothing is kept.
    pub outcomes: Vec<SignalRow>,
    /// What the webhook must say first.
    pub missing: Vec<MissingSetting>,
    /// Why the message would be refused.
    pub error: Option<RpcError>,
}

/// A setting without which a message cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MissingSetting {
    /// `symbol`, `default_side` or `unit.<key>`.
    pub setting: String,
    /// What is open, in a sentence.
    pub sentence: String,
    /// The option of `pitwire webhook edit` that sets it.
    pub option: String,
    /// What it may be; empty for a symbol, which may be any.
    pub choices: Vec<String>,
}

/// A symbol that is probably meant by another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SymbolSuggestion {
    /// As the message names it.
    pub from: String,
    /// As the account knows it.
    pub to: String,
}
