//! The state of the machine: header, footer and the live channel.

use super::signal::{Counts, SignalRow};
use super::tunnel::{TunnelState, TunnelStatus};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The local listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ListenerState {
    /// Not started.
    Off,
    /// Alerts are accepted.
    Listening {
        /// Such as `http://127.0.0.1:8787`.
        url: String,
    },
    /// It could not start; in the window it is tried again every few seconds.
    Failed {
        /// What is wrong.
        error: String,
        /// A port that is free, where the one of the settings is taken.
        port_free: Option<u16>,
    },
}

/// Nothing can be written: every alert is answered 503, and its sender does not try again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StorageDown {
    /// When the first write was lost.
    pub since: String,
    /// Why, and what to do.
    pub sentence: String,
}

/// Everything the frame of the window shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// Pitwire's version.
    pub version: String,
    /// The data directory.
    pub data_dir: String,
    /// The local listener.
    pub listener: ListenerState,
    /// Why no alert can be kept; null while all is well.
    pub storage_down: Option<StorageDown>,
    /// Where the tunnel stands.
    pub tunnel: TunnelState,
    /// The public address; null while there is none.
    pub public_url: Option<String>,
    /// True where everything shown is a demo's: a synthetic market and made-up alerts. Absent otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub demo: Option<bool>,
    /// Whether everything is paused.
    pub kill_switch: bool,
    /// `keychain` or `file`.
    pub secrets_home: String,
    /// Signals per status.
    pub counts: Counts,
    /// How many webhooks there are.
    pub webhooks: u32,
    /// How many there may be.
    pub max_webhooks: u32,
    /// How many accounts there are.
    pub accounts: u32,
    /// The name of the first account.
    pub account: String,
    /// Its equity.
    pub equity: String,
    /// Its currency.
    pub currency: String,
    /// Its equity over its opening, as a fraction.
    pub total_return: Option<f64>,
    /// Its open positions.
    pub positions: u32,
    /// Median reply time of the listener, microseconds.
    pub reply_p50_us: Option<i64>,
    /// 99th percentile of the reply time, microseconds.
    pub reply_p99_us: Option<i64>,
    /// This machine's time.
    pub now: String,
}

/// Switches everything off or on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KillSwitch {
    /// Whether everything is paused.
    pub on: bool,
}

/// What changed, at most ten times a second.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Batch {
    /// New and changed rows of the history, oldest first; at most 200, see `overflow`.
    pub signals: Vec<SignalRow>,
    /// Whether rows were left out: read the page again.
    pub overflow: bool,
    /// Whether positions, fills or balances changed.
    pub account: bool,
    /// Whether webhooks changed.
    pub webhooks: bool,
    /// The frame's figures.
    pub status: Option<Status>,
    /// The tunnel, when its state, its self-test or its address has changed: what notifications are made of.
    pub tunnel: Option<TunnelStatus>,
    /// What the user is to be told, such as that a webhook has gone silent; absent when there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Notice>>")]
    pub notices: Vec<Notice>,
}

/// Something that the user is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Notice {
    /// `silence`.
    pub kind: String,
    /// The webhook it is about.
    pub webhook_id: Option<String>,
    /// In a few words.
    pub title: String,
    /// In a sentence or two, with what to do.
    pub text: String,
}

/// How a check of `doctor` came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// As it should be.
    Ok,
    /// Works, but should be seen to.
    Warning,
    /// Does not work.
    Error,
}

/// One check of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]

pub struct DoctorCheck {
    /// What was checked.
    pub name: String,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// What was found.
    pub finding: String,
    /// What to do about it.
    pub fix: Option<String>,
}

/// The settings of the installation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Settings {
    /// Keys and values, defaults included.
    pub values: std::collections::BTreeMap<String, String>,
}

/// One setting to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    /// Such as `limits.max_webhooks`.
    pub key: String,
    /// The new value; empty for the default.
    pub value: String,
}

/// The window's own preferences, kept in `settings.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Preferences {
    /// `system` (when absent), `dark` or `light`.
    pub theme: Option<String>,
    /// The pane shown last.
    pub pane: Option<String>,
    /// `utc` or `local` (when absent).
    pub time_zone: Option<String>,
    /// Whether up is red and down is green.
    pub swap_colours: Option<bool>,
    /// Whether closing the window keeps Pitwire in the tray.
    pub close_to_tray: Option<bool>,
    /// Whether single-letter keys are off.
    pub letter_keys_off: Option<bool>,
    /// Whether the first-run guide was closed.
    pub guide_closed: Option<bool>,
    /// The last filter of the history.
    pub signal_filter: Option<String>,
    /// Whether the system notifies when the tunnel goes down and when it is back.
    pub notify_tunnel: Option<bool>,
}

/// A text for the clipboard that the page already shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Clipboard {
    /// The text.
    pub text: String,
    /// Whether clipboard histories are asked to leave it out.
    pub secret: bool,
}

/// A page to open in the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// An https address of a known host.
    pub url: String,
}

/// A file to save where the user says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveFile {
    /// The proposed name.
    pub name: String,
    /// The content.
    pub content: String,
}

/// Where a file was saved; null when the user closed the dialog.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Saved {
    /// The path.
    pub path: Option<String>,
}
