//! The tunnel: how alerts reach this machine from the internet, what it went through, and what may have been lost.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the tunnel stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TunnelState {
    /// Not wanted, not configured, or nothing runs.
    #[default]
    Off,
    /// The first attempt since it was wanted.
    Connecting,
    /// Alerts can come in.
    Online,
    /// It was online and will be again by itself.
    Reconnecting,
    /// Only the user can mend it; it is tried again every half minute all the same.
    Failed,
}

/// Why the tunnel is not online, or what should be seen to though it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelReason {
    /// A stable code, such as `TOKEN_REFUSED`; docs/TUNNEL.md lists all.
    pub code: String,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// What to do about it.
    pub fix: String,
    /// The service's own code, such as `ERR_NGROK_107`.
    pub service_code: Option<String>,
}

/// The authtoken, as far as it may be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelToken {
    /// Whether there is one.
    pub present: bool,
    /// Its last four characters after `…`; null for a token too short to show any.
    pub hint: Option<String>,
    /// `environment` or `keychain`; null without one.
    pub source: Option<String>,
    /// Whether there is a keychain to keep one in; else only `NGROK_AUTHTOKEN` gives it.
    pub can_be_kept: bool,
}

/// How serious a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TunnelLevel {
    /// As it should be.
    Ok,
    /// Should be seen to.
    Warning,
    /// Over.
    Over,
}

/// Requests of this calendar month (UTC) against what the plan allows. What Pitwire has counted, not the service's own count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelQuota {
    /// Such as `2026-11`.
    pub month: String,
    /// Requests that came through the tunnel in this month.
    pub requests: i64,
    /// What the plan allows in a month; null when the user said that there is no limit.
    pub limit: Option<i64>,
    /// What the month will come to at the rate of the last seven days.
    pub expected: i64,
    /// `warning` from four fifths of the limit on, counted or expected; `over` once it is counted.
    pub level: TunnelLevel,
    /// The same as a sentence.
    pub sentence: String,
}

/// How long answers take against the three seconds after which TradingView gives up. Of this process's listeners
/// since the start; all null where it does not listen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelReplies {
    /// How many answers were given.
    pub count: i64,
    /// Half of them took at most this long, microseconds.
    pub p50_us: Option<i64>,
    /// 99 of 100 took at most this long, microseconds.
    pub p99_us: Option<i64>,
    /// What TradingView waits, microseconds: 3,000,000.
    pub limit_us: i64,
}

/// Whether one part of the way from the internet to the queue works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HopOutcome {
    /// It does.
    Ok,
    /// It does not; the fix says what to do.
    Failed,
    /// A hop before it is broken, so nobody knows.
    NotReached,
}

/// One part of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelHop {
    /// `internet`, `edge`, `listener`, `token` or `queue`, in this order.
    pub name: String,
    /// Whether it works.
    pub outcome: HopOutcome,
    /// What was found.
    pub finding: String,
    /// What to do about it.
    pub fix: Option<String>,
}

/// A self-test: a request sent to the public address, followed to the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelTest {
    /// When.
    pub at: String,
    /// `probe` for a request of its own, `signal` when an alert that came through was proof enough.
    pub by: String,
    /// Whether no part of the way is broken.
    pub ok: bool,
    /// The five hops, always all of them.
    pub hops: Vec<TunnelHop>,
    /// From the first byte sent to the answer, microseconds; null where none came, and when a signal was the proof.
    pub reply_us: Option<i64>,
    /// Whether it was made for this call; else it is the last one, because five minutes have not passed.
    pub fresh: bool,
    /// When the next probe may be sent.
    pub next_at: String,
}

/// A webhook whose address in TradingView is no longer right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MovedWebhook {
    /// The webhook.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Its URL before, with `<token>`.
    pub old_url: String,
    /// Its URL now, with `<token>`.
    pub new_url: String,
}

/// The public address has changed: alerts in TradingView still go to the old one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddressChange {
    /// When it was seen.
    pub at: String,
    /// The address before, such as `https://old.ngrok-free.app`.
    pub old_url: String,
    /// The address now.
    pub new_url: String,
    /// Every webhook that was there before the change.
    pub webhooks: Vec<MovedWebhook>,
}

/// Whether the machine is kept from sleeping while the tunnel is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SleepGuard {
    /// Whether the user wants it (`tunnel.prevent_sleep`).
    pub wanted: bool,
    /// Whether the system does it.
    pub held: bool,
    /// Why it does not though it is wanted.
    pub error: Option<String>,
}

/// Everything about the tunnel at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TunnelStatus {
    /// `ngrok`, `own-url` or `off`.
    pub mode: String,
    /// Where it stands.
    pub state: TunnelState,
    /// Why; null while nothing is to be said.
    pub reason: Option<TunnelReason>,
    /// The public address, such as `https://name.ngrok-free.app`; null while there is none.
    pub public_url: Option<String>,
    /// The domain that is wanted (`tunnel.domain`); null for the one that the account was given.
    pub domain: Option<String>,
    /// When this state began.
    pub since: String,
    /// Attempts since it was last online.
    pub attempts: i64,
    /// When the next attempt is made; null when none is waited for.
    pub retry_at: Option<String>,
    /// Whether another process is the worker, whose reply times are not known here.
    pub elsewhere: bool,
    /// The authtoken of ngrok.
    pub token: TunnelToken,
    /// Whether only TradingView's addresses pass the edge (`tunnel.only_tradingview`).
    pub only_tradingview: bool,
    /// Requests against the plan.
    pub quota: TunnelQuota,
    /// How long answers take.
    pub replies: TunnelReplies,
    /// The newest self-test.
    pub last_test: Option<TunnelTest>,
    /// A changed address that has not been acknowledged.
    pub address_change: Option<AddressChange>,
    /// Whether the machine is kept awake.
    pub sleep: SleepGuard,
}

/// A line that `serve` prints when the tunnel changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TunnelEvent {
    /// Always `tunnel`.
    pub event: String,
    /// Where it stands.
    pub state: TunnelState,
    /// The public address; null while there is none.
    pub public_url: Option<String>,
    /// Why; null while nothing is to be said.
    pub reason: Option<TunnelReason>,
    /// When this state began.
    pub since: String,
    /// When the next attempt is made; null when none is waited for.
    pub retry_at: Option<String>,
}

/// An authtoken to keep. It is never shown again.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NewTunnelToken {
    /// As ngrok's dashboard shows it.
    pub token: String,
}

/// Asks for the timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(optional_fields)]
pub struct TimelineQuery {
    /// The cursor of the page before.
    pub before: Option<String>,
    /// How many rows, 1 to 500; 100 when absent.
    pub limit: Option<u32>,
}

/// A change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimelineRow {
    /// Its number; larger is later.
    pub id: String,
    /// When.
    pub at: String,
    /// The state that began.
    pub state: TunnelState,
    /// Why.
    pub reason: Option<TunnelReason>,
    /// The public address, once it was online.
    pub public_url: Option<String>,
}

/// What a webhook may have missed in a gap.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GapWebhook {
    /// The webhook.
    pub id: String,
    /// What the user calls it.
    pub name: String,
    /// Alerts that came for it in the seven days before the gap.
    pub alerts_7d: i64,
    /// How many of them fall into a time as long as the gap: what may have been lost, an estimate.
    pub at_risk: f64,
}

/// A time in which no alert could come in though the tunnel was wanted: alerts sent then were lost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TunnelGap {
    /// When it went down.
    pub from: String,
    /// When it was back; null while it lasts.
    pub to: Option<String>,
    /// How long, in seconds; up to now while it lasts.
    pub seconds: i64,
    /// Why it went down.
    pub reason: TunnelReason,
    /// Every webhook that was there and not paused, those that may have lost most first.
    pub webhooks: Vec<GapWebhook>,
}

/// The timeline, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Timeline {
    /// Every change of state.
    pub rows: Vec<TimelineRow>,
    /// The gaps that began among these rows.
    pub gaps: Vec<TunnelGap>,
    /// The cursor of the next page; null at the end.
    pub next: Option<String>,
}
