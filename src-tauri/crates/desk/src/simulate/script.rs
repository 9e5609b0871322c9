//! The steps of a scenario as tasks for the broker: everything that can be said of a step without knowing the books.

use super::repeats::Repeats;
use crate::wire::scenario::{Account, Alert, OrderName, Step, Timed};
use dialect::{Traded, Words, from_words};
use domain::{
    BracketLevel, OrderRequest, OrderType, ReasonCode, SellMode, Signal, SignalId, StopLoss, Symbol,
    Timestamp, Trail,
};
use paper::{Input, SignalInput, WebhookRules};
use std::fmt::Write;

/// What is to be done for a step.
#[derive(Debug)]
pub(super) enum Task {
    /// The broker takes it as it is.
    Input(Input),
    /// An alert that no message could be.
    Refused(ReasonCode),
    /// The order that has this name by then is cancelled.
    Cancel { command: Box<str>, name: OrderName, at: Timestamp },
}

/// Reads the steps of one scenario in their order.
pub(super) struct Script {
    /// The instrument that prices are about.
    symbol: Symbol,
    sell_mode: SellMode,
    /// The symbol that was traded last: the next one is usually the same.
    traded: Option<Traded>,
    repeats: Repeats,
    kill_switch: bool,
    steps: u64,
    signals: u64,
    /// Room for the id of a signal.
    id_text: String,
}

impl Script {
    pub(super) fn new(account: &Account) -> Self {
        Self {
            symbol: account.symbol.clone(),
            sell_mode: account.config.sell_mode,
            traded: None,
            repeats: Repeats::new(account.dedupe_ms),
            kill_switch: false,
            steps: 0,
            signals: 0,
            id_text: String::new(),
        }
    }

    /// Takes a step.
    pub(super) fn task(&mut self, timed: Timed<'_>) -> Task {
        let Timed { at, step } = timed;
        self.steps += 1;
        let symbol = || self.symbol.clone();
        Task::Input(match step {
            Step::Last(price) => Input::Last { symbol: symbol(), price, at },
            Step::Quote { bid, ask } => Input::Quote { symbol: symbol(), bid, ask, at },
            Step::Bar(bar) => Input::Bar { symbol: symbol(), bar, opened_at: at, at },
            Step::Signal(alert) => return self.alert(&alert, at),
            Step::Cancel(name) => {
                return Task::Cancel { command: format!("step {}", self.steps).into(), name, at };
            }
            Step::Kill(true) => {
                self.kill_switch = true;
                Input::KillSwitch { at }
            }
            Step::Kill(false) => {
                self.kill_switch = false;
                Input::Tick { at }
            }
        })
    }

    fn alert(&mut self, alert: &Alert<'_>, at: Timestamp) -> Task {
        self.signals += 1;
        let signal = match self.signal(alert) {
            Ok(signal) => signal,
            Err(code) => return Task::Refused(code),
        };
        let repeats = !alert.replay && self.repeats.judge(&signal, at);
        let id = signal_id(self.signals, alert.replay, &mut self.id_text);
        Task::Input(Input::Signal(Box::new(SignalInput {
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
        })))
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
            sell_mode: self.sell_mode,
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
