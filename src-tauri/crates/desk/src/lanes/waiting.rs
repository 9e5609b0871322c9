//! How long a signal waits for its decision, and for what: the delay that its message or webhook asks for, and then
//! the hold window in which the other half of a pair may come. Pure; made by `queue` when a row is read.

use super::chain::{Holding, Link};
use super::heard::Statement;
use domain::{Intent, Signal, SignalId, Symbol, Timestamp, WebhookId};

/// How long a signal that names the position before and after it is held where the webhook says nothing, in
/// milliseconds.
pub(crate) const HOLD_DEFAULT_MS: u32 = 750;
/// The longest hold window that a webhook may set, in milliseconds.
pub(crate) const HOLD_MAX_MS: u32 = 60_000;
/// The longest delay that a webhook or a message may ask for, in seconds.
pub(crate) const DELAY_MAX_S: u32 = 3_600;

/// Whose alerts follow each other: one strategy on one webhook and symbol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Stream {
    pub(crate) webhook: WebhookId,
    pub(crate) symbol: Symbol,
    /// As the messages name it; empty when they do not.
    pub(crate) strategy: String,
}

impl Stream {
    pub(crate) fn of(webhook: &WebhookId, signal: &Signal) -> Self {
        Self {
            webhook: webhook.clone(),
            symbol: signal.symbol.clone(),
            strategy: signal.strategy.clone().unwrap_or_default(),
        }
    }
}

/// What decides a row's place among those that wait with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its arrival: it waits for no pair.
    AsItCame,
    /// It leaves a position, and goes before entries.
    Exit,
    /// It does anything else.
    Entry,
    /// The positions that it names.
    Linked(Link),
}

/// A signal that waits, as far as its order is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) id: SignalId,
    /// The place in the order of arrival.
    pub(crate) place: i64,
    pub(crate) received_at: Timestamp,
    /// When its delay is over.
    pub(crate) enters_at: Timestamp,
    /// When its hold window is over.
    pub(crate) ready_at: Timestamp,
    /// When the alert fired, if the message says so.
    pub(crate) fired_at: Option<Timestamp>,
    pub(crate) stream: Stream,
    pub(crate) part: Part,
    /// What it says of its strategy's position; nothing of a test, and of what was sent again by hand.
    pub(crate) states: Option<Statement>,
}

/// What a webhook says about waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Pace {
    /// Milliseconds; nothing: [`HOLD_DEFAULT_MS`] for signals that name both positions, none for others.
    pub(crate) hold_ms: Option<u32>,
    /// Seconds.
    pub(crate) delay_s: Option<u32>,
}

impl Pace {
    /// The delay of a signal in seconds: its own, else the webhook's.
    pub(crate) fn delay_s(self, signal: &Signal) -> u32 {
        signal.delay_s.or(self.delay_s).unwrap_or(0)
    }
}

/// A signal as it arrived.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) id: &'a SignalId,
    pub(crate) place: i64,
    pub(crate) webhook: &'a WebhookId,
    pub(crate) received_at: Timestamp,
    /// Whether the sender means it as a test.
    pub(crate) test: bool,
}

impl Waiting {
    /// A signal that came by itself.
    pub(crate) fn of(arrived: Arrived<'_>, signal: &Signal, pace: Pace) -> Self {
        let link = Link::of(signal);
        let hold_ms = pace.hold_ms.unwrap_or(if link.is_some() { HOLD_DEFAULT_MS } else { 0 });
        let part = match link {
            Some(link) => Part::Linked(link),
            None if hold_ms == 0 => Part::AsItCame,
            None if leaves(signal) => Part::Exit,
            None => Part::Entry,
        };
        let after = link.map(|link| link.to).or(signal.target_position.map(Holding::from));
        let states = after.filter(|_| !arrived.test).map(|to| Statement {
            from: link.map(|link| link.from),
            to,
            fired_at: signal.alert_time,
            signal: arrived.id.clone(),
        });
        let enters_at = arrived.received_at.plus_micros(i64::from(pace.delay_s(signal)) * 1_000_000);
        let ready_at = enters_at.plus_micros(i64::from(hold_ms) * 1_000);
        Self { enters_at, ready_at, part, states, ..Self::asked_for(arrived, signal) }
    }

    /// A signal that somebody asked for, who also chose its place: a replay.
    pub(crate) fn asked_for(arrived: Arrived<'_>, signal: &Signal) -> Self {
        Self {
            id: arrived.id.clone(),
            place: arrived.place,
            received_at: arrived.received_at,
            enters_at: arrived.received_at,
            ready_at: arrived.received_at,
            fired_at: signal.alert_time,
            stream: Stream::of(arrived.webhook, signal),
            part: Part::AsItCame,
            states: None,
        }
    }

    /// Whether it waits for nothing, and nothing is to be remembered of it.
    pub(crate) fn is_prompt(&self) -> bool {
        self.ready_at == self.received_at && self.states.is_none()
    }
}

fn leaves(signal: &Signal) -> bool {
    signal.reduce_only
        || match signal.intent {
            Intent::Reduce | Intent::Close | Intent::Cancel => true,
            Intent::Target => signal.target_position.is_some_and(|target| target.side().is_none()),
            Intent::Open
            | Intent::Increase
            | Intent::Reverse
            | Intent::OrderUpdate
            | Intent::Pause
            | Intent::Resume
            | Intent::Trigger => false,
        }
}
