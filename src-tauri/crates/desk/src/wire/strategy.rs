//! Strategies as the outside has them: rows, checks, verdicts and what a test came to.

pub(crate) mod file;
mod json;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A strategy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Strategy {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it may be asked; webhooks of a disabled one refuse their signals.
    pub enabled: bool,
    /// The revision shown.
    pub revision: u32,
    /// Every revision, oldest first.
    pub revisions: Vec<StrategyRevision>,
    /// `entries` or `all`.
    pub apply_to: String,
    /// The timeframes that it looks at.
    pub timeframes: Vec<String>,
    /// The file of the revision shown.
    #[ts(type = "unknown")]
    pub file: serde_json::Value,
    /// The webhooks that ask it.
    pub webhook_ids: Vec<String>,
    /// When it was made.
    pub created_at: String,
    /// When it was changed last.
    pub updated_at: String,
}

/// A revision of a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StrategyRevision {
    /// Its number, from 1.
    pub number: u32,
    /// When it was made.
    pub created_at: String,
}

/// Names a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct StrategyRef {
    /// The strategy.
    #[ts(optional = false)]
    pub id: String,
    /// The revision; the newest when absent.
    pub revision: Option<u32>,
}

/// A strategy to be made, from the text of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewStrategy {
    /// The text of the file.
    pub file: String,
}

/// A new revision of a strategy, from the text of its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct StrategyPatch {
    /// The strategy.
    pub id: String,
    /// The text of the file.
    pub file: String,
}

/// What a check of a file found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StrategyCheck {
    /// Whether it can be used.
    pub ok: bool,
    /// Everything that is wrong.
    pub faults: Vec<StrategyFault>,
    /// The candles that it needs for a signal; empty where something is wrong.
    pub needs: Vec<StrategyNeed>,
}

/// Something wrong in a strategy file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StrategyFault {
    /// Where in the tree, such as `when.all[0].left`; empty for the file as a whole.
    pub path: String,
    /// The column in the expression, or in the file where that is no JSON; counted from 1.
    pub column: Option<u32>,
    /// The line in the file where that is no JSON.
    pub line: Option<u32>,
    /// What, and what may stand there.
    pub error: String,
}

/// Candles that a strategy needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StrategyNeed {
    /// Whose; null is the signal's symbol.
    pub symbol: Option<String>,
    /// How long each.
    pub timeframe: String,
    /// How many closed ones.
    pub candles: u32,
}

/// What a strategy said of a signal, with everything that it was judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PipelineVerdict {
    /// `confirm`, `deny` or `unknown`.
    pub verdict: String,
    /// The code of a denial or of what is not known.
    pub reason_code: Option<String>,
    /// The same in a sentence with its numbers.
    pub reason: Option<String>,
    /// The path of the first condition that is to blame for a denial.
    pub first_failing: Option<String>,
    /// The strategy.
    pub strategy_id: String,
    /// Its name then.
    pub strategy_name: String,
    /// The revision that was asked; 0 is a file that is not saved.
    pub revision: u32,
    /// Whose candles it was judged by, such as `binance`; absent where no venue has them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub venue: Option<String>,
    /// Every condition, in the order of the tree.
    pub leaves: Vec<PipelineLeaf>,
}

/// One condition and what it was judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PipelineLeaf {
    /// Where it stands in the tree.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Whether it holds; null where a value was na.
    pub passed: Option<bool>,
    /// Whose candles.
    pub symbol: Option<String>,
    /// How long they are.
    pub timeframe: Option<String>,
    /// When the candle that was looked at opened.
    pub candle_opened_at: Option<String>,
    /// The values, the left one first.
    pub values: Vec<PipelineValue>,
    /// What is wrong with its candles, in a sentence, where there was no verdict for that; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub missing: Option<String>,
}

/// A value that a condition was judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PipelineValue {
    /// What it is the value of.
    pub operand: String,
    /// The value; null is na.
    pub value: Option<f64>,
    /// The value one bar before, where there are bars.
    pub before: Option<f64>,
}

/// Asks a strategy about signals of the past.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct StrategyTestRequest {
    /// The strategy.
    #[ts(optional = false)]
    pub id: String,
    /// A file in place of the saved one.
    pub file: Option<String>,
    /// One signal.
    pub signal_id: Option<String>,
    /// Every signal of a webhook.
    pub webhook_id: Option<String>,
    /// Candles in place of the ones that are kept.
    pub candles: Option<Vec<CandleText>>,
}

/// A candle file for a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct CandleText {
    /// How long its candles are.
    #[ts(optional = false)]
    pub timeframe: String,
    /// Whose; the signals' own symbol when absent.
    pub symbol: Option<String>,
    /// CSV: time,open,high,low,close,volume
    #[ts(optional = false)]
    pub csv: String,
}

/// What a strategy says of signals of the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StrategyTest {
    /// Signals that it was asked about.
    pub signals: u32,
    /// Signals that would have passed.
    pub confirmed: u32,
    /// Signals that would have been denied.
    pub denied: u32,
    /// Signals about which nothing is known.
    pub unknown: u32,
    /// Exits, which pass by.
    pub exits: u32,
    /// Signal by signal, newest last; at most 1,000, the newest.
    pub rows: Vec<StrategyTestRow>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// What a strategy says of one signal of the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StrategyTestRow {
    /// The signal.
    pub signal_id: String,
    /// When it was received, which is what the candles are as of.
    pub received_at: String,
    /// What became of it then.
    pub status: String,
    /// The verdict; its conditions only when one signal was asked about.
    pub pipeline: PipelineVerdict,
    /// Why candles could not be had, and what to do about it, where one signal was asked about; absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub market: Option<String>,
}
