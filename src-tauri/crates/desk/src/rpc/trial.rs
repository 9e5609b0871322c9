//! Trial runs: messages are read and decided on a copy of the books, one after the other, and nothing is decided in
//! earnest. What a decision needs of venues is asked as for a real one, within a limit.

pub(crate) mod outlook;

use super::{orders, store_error, webhooks};
use crate::books;
use crate::context::Context;
use crate::driver::rules;
use crate::journal;
use crate::lanes::{Arrived, Waiting};
use crate::outside;
use crate::pipeline;
use crate::queue::pace;
use crate::wire::{Canonical, RpcError, SignalDetail, SignalRow, Timings};
use ::market::Venue;
use domain::{DialectName, ReasonCode, Signal, SignalId, SignalStatus, Timestamp};
use outlook::{Outlook, Patience};
use paper::duplicate::{self, Recorded, Verdict};
use paper::{Broker, Event, Input, SignalInput};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::webhooks::{Webhook, WebhookRow};

/// A message that was read.
pub(crate) struct Message {
    /// Nothing for what Pitwire made itself.
    pub(crate) dialect: Option<DialectName>,
    pub(crate) repairs: Vec<String>,
    pub(crate) signal: Signal,
    /// The how manieth of its body it is, from 0.
    pub(crate) leg: u32,
}

/// Reads a body with the webhook's present settings and takes the signal at `leg`, the last one if there are fewer.
pub(crate) fn read(body: &[u8], webhook: &Webhook, leg: usize) -> Result<Message, dialect::ReadError> {
    let mut all = read_all(body, webhook)?;
    let last = all.len().saturating_sub(1);
    Ok(all.swap_remove(leg.min(last)))
}

/// Reads a body with the webhook's present settings; there is at least one signal in it.
pub(crate) fn read_all(body: &[u8], webhook: &Webhook) -> Result<Vec<Message>, dialect::ReadError> {
    let reading = dialect::read(body, &crate::directory::reading_settings(webhook))?;
    let repairs: Vec<String> = reading.repairs.iter().map(dialect::Repair::sentence).collect();
    let dialect = Some(reading.dialect);
    let message = |(leg, signal)| Message { dialect, repairs: repairs.clone(), signal, leg };
    Ok((0..).zip(reading.signals).map(message).collect())
}

/// Messages of a webhook as if they came now.
pub(crate) struct Trial<'a> {
    webhook: &'a WebhookRow,
    source: &'a str,
    replay_of: Option<&'a SignalId>,
    received_at: Timestamp,
    /// The copy of the books, opened with the first message that is read.
    books: Option<Books>,
    patience: Patience,
}

/// A copy of the books of an account, and where its prices come from.
struct Books {
    broker: Broker,
    venue: Option<Venue>,
}

impl<'a> Trial<'a> {
    pub(crate) fn of(
        webhook: &'a WebhookRow,
        source: &'a str,
        replay_of: Option<&'a SignalId>,
        received_at: Timestamp,
    ) -> Self {
        Self { webhook, source, replay_of, received_at, books: None, patience: Patience::default() }
    }

    /// Goes on with another webhook's message on the books of the trial before, where the account is the same.
    pub(crate) fn after(mut self, before: Option<Self>) -> Self {
        let account = |trial: &Self| trial.webhook.webhook.account_id.clone();
        if let Some(before) = before {
            self.patience = before.patience;
            self.books = before.books.filter(|_| before.webhook.webhook.account_id == account(&self));
        }
        self
    }

    /// The signal that would be.
    pub(crate) fn run(
        &mut self,
        context: &Arc<Context>,
        id: &SignalId,
        body: &[u8],
        read: Result<&Message, &dialect::ReadError>,
    ) -> Result<SignalDetail, RpcError> {
        let mut tried = self.blank(id, body);
        let message = match read {
            Ok(message) => message,
            Err(error) => {
                tried.row.dialect = error.dialect.map(|d| d.as_str().to_owned());
                decided(&mut tried.row, SignalStatus::Rejected, Some((error.code, error.sentence.clone())));
                return Ok(tried);
            }
        };
        self.describe(&mut tried, id, message);
        let Some(Books { mut broker, venue }) = self.books(context)? else {
            decided(
                &mut tried.row,
                SignalStatus::Rejected,
                Some((ReasonCode::AccountUnavailable, String::new())),
            );
            return Ok(tried);
        };
        let mut input = SignalInput {
            id: id.clone(),
            signal: message.signal.clone(),
            dialect: message.dialect,
            rules: rules(Some(&self.webhook.webhook)),
            received_at: self.received_at,
            decided_at: self.received_at,
            duplicate_of: self.repeats(context, body, &message.signal)?,
            replay: self.replay_of.is_some(),
            kill_switch: context.directory.kill_switch(),
            verdict: None,
        };
        let strategies = context.directory.strategies();
        let webhook = &self.webhook.webhook;
        let order = outside::needed_for_trial(context, venue, webhook, &broker, &input);
        let outlook = Outlook::of(context, order, &mut self.patience)?;
        if let Some(gathered) = &outlook.gathered {
            input.decided_at = context.clock.now();
            // What a price moves beside the message is not part of its trial.
            let _beside = outside::hear(gathered, &mut broker, input.decided_at);
        }
        let ruling = pipeline::rule(webhook, &strategies, &broker, &input, &outlook.supply);
        input.verdict = ruling.verdict;
        tried.row.pipeline = ruling.report;
        for event in broker.apply(Input::Signal(Box::new(input))) {
            self.note(&mut tried, event);
        }
        if let Some(remark) = outlook.remark(tried.row.reason_code.as_deref()) {
            tried.row.details.insert("market".to_owned(), remark);
        }
        self.books = Some(Books { broker, venue });
        Ok(tried)
    }

    fn books(&mut self, context: &Context) -> Result<Option<Books>, RpcError> {
        if let Some(books) = self.books.take() {
            return Ok(Some(books));
        }
        let account = &self.webhook.webhook.account_id;
        let opened = context.store.reader().read(|view| Ok(books::open(view, account)));
        let opened = opened.map_err(|e| store_error(&e))?.ok();
        Ok(opened.map(|(row, broker)| Books { broker, venue: Venue::parse(&row.venue) }))
    }

    /// The signal that this one would repeat.
    fn repeats(&self, context: &Context, body: &[u8], signal: &Signal) -> Result<Option<SignalId>, RpcError> {
        if self.replay_of.is_some() || self.source == super::resync::SOURCE {
            return Ok(None);
        }
        let webhook = &self.webhook.webhook;
        let window_ms = webhook.dedupe_ms;
        let keys =
            duplicate::keys(&duplicate::Message { webhook: &webhook.id, body, index: 0, signal, window_ms });
        let (hashes, id) = (keys.iter().map(|key| key.hash).collect::<Vec<_>>(), webhook.id.clone());
        let known = context.store.writer().run(move |tx| {
            hashes.iter().map(|hash| store::dedupe::get(tx, &id, hash)).collect::<Result<Vec<_>, _>>()
        });
        let known = known.map_err(|e| store_error(&e))?;
        let find = |key: &duplicate::Key| {
            let sighting =
                keys.iter().position(|k| k.hash == key.hash).and_then(|place| known[place].clone())?;
            Some(Recorded { first_at: sighting.first_at, signal: sighting.signal_id })
        };
        Ok(match duplicate::judge(&keys, self.received_at, find) {
            Verdict::DuplicateOf(first) => Some(first),
            Verdict::New { .. } => None,
        })
    }

    /// What the message says, and how long it would wait.
    fn describe(&self, tried: &mut SignalDetail, id: &SignalId, message: &Message) {
        let signal = &message.signal;
        let row = &mut tried.row;
        row.dialect = message.dialect.map(|d| d.as_str().to_owned());
        row.repairs.clone_from(&message.repairs);
        row.action = Some(signal.action.clone());
        row.symbol = signal.about().map(ToString::to_string);
        row.alert_time = signal.alert_time.map(|at| at.to_string());
        row.leg = message.leg;
        row.lag_ms = signal.alert_time.map(|at| self.received_at.micros_since(at) / 1_000);
        tried.canonical = Some(Canonical::from(signal));
        let webhook = &self.webhook.webhook;
        let arrived =
            Arrived { id, place: 0, webhook: &webhook.id, received_at: self.received_at, test: signal.test };
        let waiting = Waiting::of(arrived, signal, pace(webhook));
        let waits_ms = waiting.ready_at.micros_since(self.received_at) / 1_000;
        if waits_ms > 0 && self.replay_of.is_none() && self.source != super::resync::SOURCE {
            tried.row.details.insert("waits_ms".to_owned(), waits_ms.to_string());
        }
    }

    fn note(&self, tried: &mut SignalDetail, event: Event) {
        let account = &self.webhook.webhook.account_id;
        match event {
            Event::Order(order) => tried.row.orders.push(orders::tried_order(account, &order)),
            Event::Filled(fill) => {
                orders::note_fill(&mut tried.row.orders, &fill);
                tried.fills.push(orders::shown_fill(journal::fill_row(account, &fill)));
            }
            Event::Decided(decision) => {
                tried.checks =
                    crate::wire::checks::shown(Some(&crate::wire::checks::stored(&decision.checks)));
                if let Some(reason) = &decision.reason {
                    let known = journal::details(reason);
                    tried.row.details.extend(known.into_iter().map(|(name, value)| (name.to_owned(), value)));
                }
                let reason = decision.reason.as_ref().map(|r| (r.code, journal::sentence(r)));
                decided(&mut tried.row, decision.status, reason);
            }
            Event::Trade(_)
            | Event::Liquidated { .. }
            | Event::Posted(_)
            | Event::Position { .. }
            | Event::Balances { .. }
            | Event::CommandDenied { .. }
            | Event::InputRefused { .. } => {}
        }
    }

    fn blank(&self, id: &SignalId, body: &[u8]) -> SignalDetail {
        let webhook = &self.webhook.webhook;
        let row = SignalRow {
            id: id.to_string(),
            webhook_id: webhook.id.to_string(),
            webhook_name: webhook.name.clone(),
            mode: webhook.mode.as_str().to_owned(),
            received_at: self.received_at.to_string(),
            source: self.source.to_owned(),
            source_ip: None,
            dialect: None,
            repairs: Vec::new(),
            action: None,
            symbol: None,
            status: SignalStatus::Received.as_str().to_owned(),
            reason_code: None,
            reason: None,
            fix: None,
            docs: None,
            details: BTreeMap::new(),
            reordered: false,
            drift: None,
            replayed: self.replay_of.is_some(),
            replay_of: self.replay_of.map(ToString::to_string),
            replays: Vec::new(),
            orders: Vec::new(),
            pipeline: None,
            timings_us: Timings::default(),
            alert_time: None,
            lag_ms: None,
            leg: 0,
            test: false,
            replayable: false,
            also_refused: 0,
        };
        let config = serde_json::from_str(&webhooks::config_text(webhook)).unwrap_or_default();
        let raw_body = String::from_utf8_lossy(&dialect::mask(body, None, webhook.dialect)).into_owned();
        SignalDetail {
            row,
            raw_body,
            content_type: None,
            headers: BTreeMap::new(),
            canonical: None,
            fills: Vec::new(),
            checks: Vec::new(),
            config,
        }
    }
}

fn decided(row: &mut SignalRow, status: SignalStatus, reason: Option<(ReasonCode, String)>) {
    row.status = status.as_str().to_owned();
    row.reason_code = reason.as_ref().map(|(code, _)| code.as_str().to_owned());
    row.fix = reason.as_ref().map(|(code, _)| code.fix().to_owned());
    row.reason = reason.map(|(code, text)| if text.is_empty() { code.sentence().to_owned() } else { text });
}
