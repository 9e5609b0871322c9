//! Trial runs: a message is read and decided on a copy of the books, and nothing is written.

use super::{orders, store_error};
use crate::books;
use crate::context::Context;
use crate::driver::rules;
use crate::journal;
use crate::pipeline::{self, Supply};
use crate::wire::{RpcError, SignalRow, Timings};
use domain::{DialectName, ReasonCode, Signal, SignalId, SignalStatus, Timestamp};
use paper::{Event, Input, SignalInput};
use std::collections::BTreeMap;
use store::webhooks::{Webhook, WebhookRow};

/// A message that was read.
pub(crate) struct Message {
    pub(crate) dialect: DialectName,
    pub(crate) repairs: Vec<String>,
    pub(crate) signal: Signal,
}

/// Reads a body with the webhook's present settings and takes the signal at `leg`, the last one if there are fewer.
pub(crate) fn read(body: &[u8], webhook: &Webhook, leg: usize) -> Result<Message, dialect::ReadError> {
    let reading = dialect::read(body, &crate::directory::reading_settings(webhook))?;
    let repairs = reading.repairs.iter().map(dialect::Repair::sentence).collect();
    let last = reading.signals.len().saturating_sub(1);
    let signal = reading.signals.into_iter().nth(leg.min(last));
    let signal = signal.expect("BUG: a reading has at least one signal");
    Ok(Message { dialect: reading.dialect, repairs, signal })
}

/// A message as if it came now.
pub(crate) struct Trial<'a> {
    pub(crate) id: &'a SignalId,
    pub(crate) webhook: &'a WebhookRow,
    pub(crate) source: &'a str,
    pub(crate) replay_of: Option<&'a SignalId>,
    pub(crate) received_at: Timestamp,
}

impl Trial<'_> {
    /// The row that would be.
    pub(crate) fn run(
        &self,
        context: &Context,
        read: Result<&Message, &dialect::ReadError>,
    ) -> Result<SignalRow, RpcError> {
        let mut row = self.blank();
        let message = match read {
            Ok(message) => message,
            Err(error) => {
                row.dialect = error.dialect.map(|d| d.as_str().to_owned());
                decided(&mut row, SignalStatus::Rejected, Some((error.code, error.sentence.clone())));
                return Ok(row);
            }
        };
        row.dialect = Some(message.dialect.as_str().to_owned());
        row.repairs.clone_from(&message.repairs);
        row.action = Some(message.signal.action.clone());
        row.symbol = Some(message.signal.symbol.to_string());
        let account = &self.webhook.webhook.account_id;
        let opened = context.store.reader().read(|view| Ok(books::open(view, account)));
        let Ok((_, mut broker)) = opened.map_err(|e| store_error(&e))? else {
            decided(&mut row, SignalStatus::Rejected, Some((ReasonCode::AccountUnavailable, String::new())));
            return Ok(row);
        };
        let mut input = SignalInput {
            id: self.id.clone(),
            signal: message.signal.clone(),
            dialect: Some(message.dialect),
            rules: rules(Some(&self.webhook.webhook)),
            received_at: self.received_at,
            decided_at: self.received_at,
            duplicate_of: None,
            replay: self.replay_of.is_some(),
            kill_switch: context.directory.kill_switch(),
            verdict: None,
        };
        let strategies = context.directory.strategies();
        let ruling = pipeline::rule(&self.webhook.webhook, &strategies, &broker, &input, &Supply::new());
        input.verdict = ruling.verdict;
        row.pipeline = ruling.report;
        for event in broker.apply(Input::Signal(Box::new(input))) {
            self.note(&mut row, event);
        }
        Ok(row)
    }

    fn note(&self, row: &mut SignalRow, event: Event) {
        match event {
            Event::Order(order) => {
                row.orders.push(orders::tried_order(&self.webhook.webhook.account_id, &order));
            }
            Event::Filled(fill) => orders::note_fill(&mut row.orders, &fill),
            Event::Decided(decision) => {
                let reason = decision.reason.as_ref().map(|r| (r.code, journal::sentence(r)));
                decided(row, decision.status, reason);
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

    fn blank(&self) -> SignalRow {
        let webhook = &self.webhook.webhook;
        SignalRow {
            id: self.id.to_string(),
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
            details: BTreeMap::new(),
            replayed: self.replay_of.is_some(),
            replay_of: self.replay_of.map(ToString::to_string),
            replays: Vec::new(),
            orders: Vec::new(),
            pipeline: None,
            timings_us: Timings::default(),
            alert_time: None,
            lag_ms: None,
            test: false,
            replayable: false,
            also_refused: 0,
        }
    }
}

fn decided(row: &mut SignalRow, status: SignalStatus, reason: Option<(ReasonCode, String)>) {
    row.status = status.as_str().to_owned();
    row.reason_code = reason.as_ref().map(|(code, _)| code.as_str().to_owned());
    row.fix = reason.as_ref().map(|(code, _)| code.fix().to_owned());
    row.reason = reason.map(|(code, text)| if text.is_empty() { code.sentence().to_owned() } else { text });
}
