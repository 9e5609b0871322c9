//! Webhooks as cards, and what is asked about them.

use super::signal::{Counts, SignalDetail};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A webhook as its card shows it; never its token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Webhook {
    /// `wh_…`.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// What the user says about it.
    pub description: String,
    /// `direct` or `pipeline`.
    pub mode: String,
    /// The strategy of pipeline mode.
    pub strategy_id: Option<String>,
    /// The account that trades.
    pub account_id: String,
    /// The format, where the user fixed it.
    pub dialect: Option<String>,
    /// `fixed:1`, `notional:500`, `pct-balance:5`, `pct-equity:5` or `risk-pct:1`; null: what the message says, else 1.
    pub sizing: Option<String>,
    /// `directional`, `flip` or `target`.
    pub sell_mode: String,
    /// The symbol of messages that name none.
    pub symbol: Option<String>,
    /// The side of messages that name none.
    pub default_side: Option<String>,
    /// What bare numbers of messages count, by `unit.risk`, `unit.sl`, `unit.tp` and `unit.price`.
    pub units: BTreeMap<String, String>,
    /// Symbols as messages name them, and what is traded for them.
    pub symbol_map: BTreeMap<String, String>,
    /// Addresses and networks that may send; empty: everybody.
    pub allow_ips: Vec<String>,
    /// `30/min,10/s` or `off`.
    pub rate: String,
    /// The window in milliseconds in which a repeated message counts once.
    pub dedupe_ms: u32,
    /// Milliseconds to hold a signal for its pair; null: 750 for those that name the positions before and after, 0 for
    /// others.
    pub hold_ms: Option<u32>,
    /// The greatest age in seconds of an alert; null: no limit.
    pub max_lag_s: Option<u32>,
    /// Seconds to wait before executing.
    pub delay_s: Option<u32>,
    /// After how many seconds without an alert a reminder is given; null: never.
    pub remind_after_s: Option<u32>,
    /// `pw_…a1b2`.
    pub token_preview: String,
    /// When the token stops working.
    pub token_expires_at: Option<String>,
    /// Whether Copy URL can fill in the token (it is sealed in the keychain).
    pub token_sealed: bool,
    /// `active`, `paused` or `expired`.
    pub state: String,
    /// Whether receiving is paused.
    pub paused: bool,
    /// Whether it takes exits only.
    pub reduce_only: bool,
    /// When it was made.
    pub created_at: String,
    /// The path of its URL with `<token>` in place of the token.
    pub url_path: String,
    /// Its URL on this machine with `<token>`; null while nothing listens.
    pub local_url: Option<String>,
    /// Its URL on the internet with `<token>`; null without a tunnel.
    pub public_url: Option<String>,
    /// Its newest signal.
    pub last_signal: Option<LastSignal>,
    /// Its signals per status.
    pub counts: Counts,
    /// How many alerts came in the last three minutes; TradingView stops an alert after 15.
    pub recent_3min: i64,
    /// Whether that is so near to 15 that the alert may soon be stopped.
    pub recent_warning: bool,
    /// Whether no alert has come for longer than `remind_after_s`.
    pub silent: bool,
    /// Where the account holds something else than a strategy of this webhook says.
    pub drift: Vec<Drift>,
}

/// A strategy and the account that follows it, apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Drift {
    /// The symbol.
    pub symbol: String,
    /// The strategy's name; null where its messages have none.
    pub strategy: Option<String>,
    /// What the strategy last said that it holds, signed.
    pub stated: String,
    /// What the account holds, signed.
    pub held: String,
    /// Whether sizes are compared; otherwise only sides are, since webhook or account say how much is traded.
    pub sized: bool,
    /// The signal that said so.
    pub signal_id: String,
    /// When it came.
    pub at: String,
}

/// Asks for an account to be brought to where its strategies say they stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct ResyncRequest {
    /// The webhook.
    #[ts(optional = false)]
    pub id: String,
    /// Only this symbol; every one that has drifted when absent.
    pub symbol: Option<String>,
    /// Only say what would happen.
    pub dry_run: Option<bool>,
}

/// The newest signal of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastSignal {
    /// The signal.
    pub id: String,
    /// When it came.
    pub at: String,
    /// What became of it.
    pub status: String,
}

/// A new webhook.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct NewWebhook {
    /// 1 to 80 characters.
    pub name: String,
    /// The rest; what is absent has its default.
    #[serde(flatten)]
    pub settings: WebhookSettings,
}

/// Changes to a webhook; what is absent stays, an empty text clears.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookPatch {
    /// The webhook.
    pub id: String,
    /// The new name.
    #[ts(optional)]
    pub name: Option<String>,
    /// The rest.
    #[serde(flatten)]
    pub settings: WebhookSettings,
}

/// What may be said about a webhook when it is made and when it is changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct WebhookSettings {
    /// Up to 500 characters.
    pub description: Option<String>,
    /// `direct` (of a new webhook when absent) or `pipeline`.
    pub mode: Option<String>,
    /// The strategy of pipeline mode.
    pub strategy_id: Option<String>,
    /// The account; of a new webhook when absent, the default one.
    pub account_id: Option<String>,
    /// A fixed format.
    pub dialect: Option<String>,
    /// See [`Webhook::sizing`].
    pub sizing: Option<String>,
    /// See [`Webhook::sell_mode`].
    pub sell_mode: Option<String>,
    /// See [`Webhook::symbol`].
    pub symbol: Option<String>,
    /// See [`Webhook::default_side`].
    pub default_side: Option<String>,
    /// See [`Webhook::units`]; those named are changed, an empty word clears one.
    pub units: Option<BTreeMap<String, String>>,
    /// See [`Webhook::symbol_map`]; those named are changed, an empty symbol takes one out.
    pub symbol_map: Option<BTreeMap<String, String>>,
    /// See [`Webhook::allow_ips`]; `tradingview` stands for its four addresses.
    pub allow_ips: Option<Vec<String>>,
    /// See [`Webhook::rate`].
    pub rate: Option<String>,
    /// See [`Webhook::dedupe_ms`].
    pub dedupe_ms: Option<u32>,
    /// See [`Webhook::hold_ms`]; 0 is no hold at all.
    pub hold_ms: Option<u32>,
    /// Whether to hold as long as the signal gives reason to, in place of a number.
    pub hold_default: Option<bool>,
    /// See [`Webhook::max_lag_s`]; 0 clears.
    pub max_lag_s: Option<u32>,
    /// See [`Webhook::delay_s`]; 0 clears.
    pub delay_s: Option<u32>,
    /// See [`Webhook::remind_after_s`]; 0 clears.
    pub remind_after_s: Option<u32>,
    /// See [`Webhook::reduce_only`].
    pub reduce_only: Option<bool>,
    /// When the token stops working, RFC 3339.
    pub token_expires_at: Option<String>,
}

/// Names a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookRef {
    /// The webhook.
    pub id: String,
}

/// A webhook that was just made or given a new token: the only answer that ever has its secrets.
#[derive(Clone, Serialize, Deserialize, TS)]
pub struct WebhookCreated {
    /// The webhook.
    pub webhook: Webhook,
    /// The token; shown once.
    pub token: String,
    /// The path with the token.
    pub url_path: String,
    /// The secret for signed requests; shown once.
    pub signing_secret: String,
    /// The whole URL on this machine; null while nothing listens.
    pub local_url: Option<String>,
    /// The whole URL on the internet; null without a tunnel.
    pub public_url: Option<String>,
}

/// What is to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CopyKind {
    /// The URL.
    Url,
    /// A curl command that sends an alert.
    Curl,
    /// The alert message for a strategy alert.
    MessageStrategy,
    /// The alert message for an indicator alert.
    MessageIndicator,
}

/// Asks for something to be copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CopyRequest {
    /// The webhook.
    pub id: String,
    /// What.
    pub kind: CopyKind,
}

/// A text for the clipboard; it may hold a token and goes from the desk to the clipboard, never to the page.
#[derive(Clone, PartialEq, Eq)]
pub struct CopyText {
    /// The text.
    pub text: String,
    /// What it is, for the toast.
    pub label: String,
    /// Whether the token is filled in; otherwise `<token>` stands in its place.
    pub complete: bool,
}

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Copied {
    /// What it is, for the toast.
    pub label: String,
    /// Whether the token is filled in; otherwise `<token>` stands in its place.
    pub complete: bool,
}

/// Asks for an alert message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct TemplateRequest {
    /// The webhook.
    #[ts(optional = false)]
    pub id: String,
    /// `strategy` (when absent) or `indicator`.
    pub kind: Option<String>,
    /// Another format than the webhook's.
    pub dialect: Option<String>,
}

/// An alert message to paste into TradingView.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Template {
    /// The format.
    pub dialect: String,
    /// The message.
    pub message: String,
}

/// Asks for a test signal through the real listener.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(optional_fields)]
pub struct TestRequest {
    /// The webhook.
    #[ts(optional = false)]
    pub id: String,
    /// The body to send; a small buy of BTCUSDT when absent.
    pub body: Option<String>,
    /// Only say what would happen.
    pub dry_run: Option<bool>,
    /// Send it to the public address instead of the local one.
    pub public: Option<bool>,
}

/// What the listener answered to a test signal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TestSent {
    /// The HTTP status.
    pub http_status: u16,
    /// The answer's body.
    #[ts(type = "unknown")]
    pub answer: serde_json::Value,
    /// The signal that was made.
    pub signal_id: Option<String>,
    /// Of a dry run: what would become of each signal in the body, with every check; absent otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<SignalDetail>>")]
    pub trials: Vec<SignalDetail>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, from_value, json};

    #[test]
    fn what_is_said_about_a_webhook_stands_beside_its_name_and_nothing_unknown_does() {
        let patch: WebhookPatch = from_value(json!({"id": "wh_x", "rate": "off", "hold_ms": 0})).unwrap();
        assert_eq!((patch.settings.rate.as_deref(), patch.settings.hold_ms), (Some("off"), Some(0)));
        let new = |more: Value| from_value::<NewWebhook>(more).map(|new| new.settings);
        assert_eq!(new(json!({"name": "a"})).unwrap(), WebhookSettings::default());
        assert_eq!(new(json!({"name": "a", "symbol": "X"})).unwrap().symbol.as_deref(), Some("X"));
        assert!(new(json!({"name": "a", "symbl": "X"})).is_err());
        assert!(from_value::<WebhookPatch>(json!({"id": "wh_x", "paused": true})).is_err());
    }
}
