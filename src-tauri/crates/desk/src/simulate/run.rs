//! A scenario on its way: steps in, inputs of the broker out.

use super::record::{Record, Totals};
use super::repeats::Repeats;
use crate::wire::scenario::{Account, Alert, OrderName, Place, Step, Timed};
use crate::wire::{RpcError, Snapshot, Summary};
use dialect::{Traded, Words, from_words};
use domain::{
    BracketLevel, OrderId, OrderRequest, OrderType, ReasonCode, Signal, SignalId, StopLoss, Symbol,
    Timestamp, Trail,
};
use paper::{Broker, Event, Input, SignalInput, WebhookRules};
use std::fmt::Write;

/// An account and everything about it that a scenario asks for.
pub(super) struct Run {
    id: Option<String>,
    broker: Broker,
    symbol: Symbol,
    /// The symbol that was traded last: the next one is usually the same.
    traded: Option<Traded>,
    repeats: Repeats,
    kill_switch: bool,
    /// Room for the id of a signal.
    id_text: String,
    totals: Totals,
    /// What a snapshot shows beside the totals; nothing where only these are wanted.
    record: Option<Record>,
}

impl Run {
    /// A run that keeps what a snapshot shows.
    pub(super) fn recorded(account: Account) -> Self {
        Self { record: Some(Record::default()), ..Self::counted(account) }
    }

    /// A run that keeps totals only.
    pub(super) fn counted(account: Account) -> Self {
        let Account { id, config, symbol, cash, dedupe_ms } = account;
        Self {
            id,
            broker: Broker::new(config, cash),
            symbol,
            traded: None,
            repeats: Repeats::new(dedupe_ms),
            kill_switch: false,
            id_text: String::new(),
            totals: Totals::default(),
            record: None,
        }
    }

    /// Takes a step.
    pub(super) fn step(&mut self, timed: Timed<'_>, place: &Place<'_>) -> Result<(), RpcError> {
        let Timed { at, step } = timed;
        self.totals.steps += 1;
        let symbol = || self.symbol.clone();
        let input = match step {
            Step::Last(price) => Input::Last { symbol: symbol(), price, at },
            Step::Quote { bid, ask } => Input::Quote { symbol: symbol(), bid, ask, at },
            Step::Bar(bar) => Input::Bar { symbol: symbol(), bar, opened_at: at, at },
            Step::Signal(alert) => return self.alert(&alert, at, place),
            Step::Cancel(name) => match self.live(name) {
                Some(order) => {
                    Input::Cancel { command: format!("step {}", self.totals.steps).into(), order, at }
                }
                // What is over, or never was, has nothing to cancel.
                None => Input::Tick { at },
            },
            Step::Kill(true) => {
                self.kill_switch = true;
                Input::KillSwitch { at }
            }
            Step::Kill(false) => {
                self.kill_switch = false;
                Input::Tick { at }
            }
        };
        self.apply(input, place)
    }

    fn alert(&mut self, alert: &Alert<'_>, at: Timestamp, place: &Place<'_>) -> Result<(), RpcError> {
        self.totals.signals += 1;
        let signal = match self.signal(alert) {
            Ok(signal) => signal,
            Err(code) => {
                self.totals.refused(code);
                if let Some(record) = &mut self.record {
                    record.refused(code);
                }
                return Ok(());
            }
        };
        let repeats = !alert.replay && self.repeats.judge(&signal, at);
        let id = signal_id(self.totals.signals, alert.replay, &mut self.id_text);
        let input = SignalInput {
            // The broker wants to know that there was one; which is nowhere shown.
            duplicate_of: repeats.then(|| id.clone()),
            id,
            signal,
            dialect: None,
            rules: WebhookRules::default(),
            received_at: at,
            decided_at: at,
            replay: alert.replay,
            kill_switch: self.kill_switch,
            verdict: None,
        };
        self.apply(Input::Signal(Box::new(input)), place)
    }

    /// The signal that a message with these words and numbers would be.
    fn signal(&mut self, alert: &Alert<'_>) -> Result<Signal, ReasonCode> {
        if let Some(code) = alert.refused {
            return Err(code);
        }
        let known = self.traded.take().filter(|traded| traded.is_of(&alert.symbol));
        let traded = match known {
            Some(traded) => traded,
            None => Traded::parse(&alert.symbol).map_err(|error| error.code)?,
        };
        let traded = &*self.traded.insert(traded);
        let words = Words {
            action: &alert.action,
            comment: alert.comment.as_deref(),
            quantity: alert.quantity,
            traded,
            sell_mode: self.broker.config().sell_mode,
        };
        let mut signal = from_words(&words).map_err(|error| error.code)?;
        signal.order = order(alert);
        let level = |price| BracketLevel::Price(price);
        signal.take_profit.clone_from(&alert.take_profit);
        signal.stop_loss =
            alert.stop_loss.map(|price| StopLoss { level: Some(level(price)), limit: None, trail: None });
        signal.price = alert.price;
        signal.id = alert.id.as_deref().map(str::to_owned);
        Ok(signal)
    }

    /// Hands an input to the broker. A price that the account cannot be valued with ends the scenario.
    fn apply(&mut self, input: Input, place: &Place<'_>) -> Result<(), RpcError> {
        let events = self.broker.apply(input);
        for event in &events {
            if let Event::InputRefused { reason, .. } = event {
                return Err(place.error(reason.code, refused(reason)));
            }
            self.totals.note(event);
        }
        if let Some(record) = &mut self.record {
            record.note(events);
        }
        Ok(())
    }

    /// The id of a live order.
    fn live(&self, name: OrderName) -> Option<OrderId> {
        let mut live = self.broker.state().orders.values().flatten();
        let named = live.find(|order| order.number == name.number && order.client_id.role == name.role);
        named.map(|order| order.id.clone())
    }

    /// The account as it is now, and how it came there.
    pub(super) fn snapshot(self) -> Snapshot {
        let figures = super::record::figures(&self.broker, &self.symbol);
        self.record.unwrap_or_default().snapshot(self.id, figures)
    }

    /// The account as it is now, and how much came before.
    pub(super) fn summary(self) -> Summary {
        let figures = super::record::figures(&self.broker, &self.symbol);
        self.totals.summary(self.id, self.broker.state().orders_placed, figures)
    }
}

/// `text` is room for the id.
fn signal_id(number: u64, is_replay: bool, text: &mut String) -> SignalId {
    text.clear();
    text.push_str(if is_replay { "replayed-" } else { "sig_" });
    write!(text, "{number}").expect("BUG: memory takes every text");
    SignalId::parse(text).expect("BUG: a number is a plain tail of an id")
}

fn order(alert: &Alert<'_>) -> OrderRequest {
    let trails = alert.kind == OrderType::TrailingStop;
    OrderRequest {
        kind: alert.kind,
        limit: alert.limit,
        stop: alert.stop,
        trail: alert.trail.filter(|_| trails).map(|value| Trail { value, unit: alert.trail_unit }),
        activation: alert.activation,
        time_in_force: alert.time_in_force,
    }
}

fn refused(reason: &paper::Reason) -> String {
    let figure = |name: &str, figure: Option<&paper::Figure>| {
        figure.map(|figure| format!(" ({name}: {figure})")).unwrap_or_default()
    };
    format!(
        "This step cannot be taken: {}{}{}",
        reason.code.sentence(),
        figure("wanted", reason.limit.as_ref()),
        figure("found", reason.actual.as_ref())
    )
}
