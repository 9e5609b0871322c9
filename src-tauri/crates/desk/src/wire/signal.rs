//! Signals as the history shows them.

use super::canonical::Canonical;
use super::order::{Fill, Order};
use super::strategy::PipelineVerdict;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Microseconds spent at each step of a signal's way; null where the step was not reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Timings {
    /// Checking the secret.
    pub auth: Option<i64>,
    /// Reading the message.
    pub parse: Option<i64>,
    /// From the parsed message to the fsync.
    pub commit: Option<i64>,
    /// Waiting for its decision.
    pub queue: Option<i64>,
    /// Deciding.
    pub decide: Option<i64>,
    /// Writing orders and fills.
    pub execute: Option<i64>,
}

/// One check of a decision with the figure it compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Check {
    /// The check's name, such as `position logic`.
    pub name: String,
    /// `pass`, `fail` or `skipped`.
    pub outcome: String,
    /// The limit compared with.
    pub limit: Option<String>,
    /// The figure found.
    pub actual: Option<String>,
    /// The reason code of a failed check.
    pub code: Option<String>,
}

/// What a strategy said that it held before its order, and what the account held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SignalDrift {
    /// Signed.
    pub stated: String,
    /// Signed.
    pub held: String,
}

/// A row of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SignalRow {
    /// The public id; a replay's begins `replayed-`.
    pub id: String,
    /// The webhook that received it.
    pub webhook_id: String,
    /// That webhook's name.
    pub webhook_name: String,
    /// `direct` or `pipeline`.
    pub mode: String,
    /// When it arrived.
    pub received_at: String,
    /// The source label of its URL.
    pub source: String,
    /// The sender's address.
    pub source_ip: Option<String>,
    /// The format it was read as.
    pub dialect: Option<String>,
    /// Sentences about what was repaired in the body.
    pub repairs: Vec<String>,
    /// The action in the message's own word.
    pub action: Option<String>,
    /// The normalised symbol.
    pub symbol: Option<String>,
    /// `received`, `executed`, `rejected` or `failed`.
    pub status: String,
    /// The code of its rejection or failure.
    pub reason_code: Option<String>,
    /// The sentence of its rejection or failure, with its numbers.
    pub reason: Option<String>,
    /// How to fix it.
    pub fix: Option<String>,
    /// Where the documents have its reason: `docs/WEBHOOKS.md#no_position`.
    pub docs: Option<String>,
    /// The numbers behind the reason, and what else is to be known of the decision.
    pub details: BTreeMap<String, String>,
    /// Whether it changed places with another signal; `reordered_before` or `reordered_after` in the details says with
    /// which.
    pub reordered: bool,
    /// Where the account held something else than the strategy said before this order.
    pub drift: Option<SignalDrift>,
    /// Whether it is a replay.
    pub replayed: bool,
    /// The signal that it replays.
    pub replay_of: Option<String>,
    /// The signals that replay it.
    pub replays: Vec<String>,
    /// Its orders.
    pub orders: Vec<Order>,
    /// The pipeline's verdict; null where no strategy was asked.
    pub pipeline: Option<PipelineVerdict>,
    /// Microseconds per step.
    pub timings_us: Timings,
    /// When the alert fired, if the message says so.
    pub alert_time: Option<String>,
    /// Milliseconds from firing to arrival.
    pub lag_ms: Option<i64>,
    /// The how manieth of the signals in its message it is, from 0. With the time it tells which of two came first.
    pub leg: u32,
    /// Whether it is a test.
    pub test: bool,
    /// Whether it may be replayed: everything that was authenticated.
    pub replayable: bool,
    /// How many further requests of the same kind were counted on this row instead of being stored.
    pub also_refused: i64,
}

/// A signal with everything that is kept of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SignalDetail {
    /// The row.
    #[serde(flatten)]
    #[ts(flatten)]
    pub row: SignalRow,
    /// The body as received, secrets masked; bytes that are not UTF-8 are replaced.
    pub raw_body: String,
    /// The declared content type.
    pub content_type: Option<String>,
    /// The request's headers without secrets.
    pub headers: BTreeMap<String, String>,
    /// What the message says in canonical form.
    pub canonical: Option<Canonical>,
    /// Its fills, oldest first, each with how its price came about.
    pub fills: Vec<Fill>,
    /// The checks of its decision.
    pub checks: Vec<Check>,
    /// The webhook's settings as they were.
    #[ts(type = "unknown")]
    pub config: serde_json::Value,
}

/// Which signals are wanted, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct SignalQuery {
    /// Only of this webhook.
    pub webhook_id: Option<String>,
    /// Only these statuses; `replayed` selects replays.
    pub status: Option<Vec<String>>,
    /// Words that the body, symbol or action must have.
    pub query: Option<String>,
    /// At most this many (1 to 500, 100 when absent).
    pub limit: Option<u32>,
    /// The cursor of the page before.
    pub before: Option<String>,
}

/// Which signals to write to a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ExportRequest {
    /// Which; `limit` and `before` do not count.
    pub query: SignalQuery,
    /// `csv`, `json` or `ndjson`.
    pub format: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exported {
    /// The file; null when the user closed the dialog.
    pub path: Option<String>,
    /// How many signals.
    pub signals: u64,
}

/// A page of the history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SignalPage {
    /// The rows, newest first.
    pub signals: Vec<SignalRow>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
    /// Of a dry run: what would become of each, with every check; absent otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<SignalDetail>>")]
    pub trials: Vec<SignalDetail>,
}

impl SignalPage {
    /// The page of a dry run.
    pub(crate) fn tried(trials: Vec<SignalDetail>) -> Self {
        Self { signals: trials.iter().map(|tried| tried.row.clone()).collect(), next: None, trials }
    }
}

/// Names a signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignalRef {
    /// The signal.
    pub id: String,
}

/// Asks for replays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct NewReplay {
    /// The signals to replay, in this order.
    #[ts(optional = false)]
    pub ids: Vec<String>,
    /// Another body in place of the original's; with one id only.
    pub body: Option<String>,
    /// Only say what would happen.
    pub dry_run: Option<bool>,
}

/// Signals per status.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Counts {
    /// Every signal.
    pub all: i64,
    /// Waiting.
    pub received: i64,
    /// Executed.
    pub executed: i64,
    /// Rejected.
    pub rejected: i64,
    /// Failed.
    pub failed: i64,
    /// Replays, whatever became of them.
    pub replayed: i64,
}

/// A reason of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reason {
    /// The code.
    pub code: String,
    /// What happened.
    pub sentence: String,
    /// What to do about it.
    pub fix: String,
    /// Where the documents have it: `docs/WEBHOOKS.md#malformed_json`.
    pub docs: String,
}

/// What a message says, without anything being done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Explained {
    /// The format it was read as.
    pub dialect: String,
    /// What was repaired.
    pub repairs: Vec<String>,
    /// The signals in canonical form.
    pub signals: Vec<Canonical>,
}

/// A message to be explained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ExplainRequest {
    /// The message.
    #[ts(optional = false)]
    pub body: String,
    /// The webhook whose settings apply.
    pub webhook_id: Option<String>,
}
