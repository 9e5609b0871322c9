//! A scenario on its way through the broker.

use super::record::{Record, Totals};
use super::script::Task;
use crate::wire::scenario::{Account, OrderName};
use crate::wire::{Snapshot, Summary};
use domain::{OrderId, Symbol};
use paper::{Broker, Event, Input, Reason};

/// An account with everything that a scenario asks of it.
pub(super) struct Run {
    id: Option<String>,
    broker: Broker,
    symbol: Symbol,
    totals: Totals,
    /// What a snapshot shows beside the totals; nothing where only these are wanted.
    record: Option<Record>,
    /// Room for the events of one input.
    events: Vec<Event>,
}

impl Run {
    /// A run that keeps what a snapshot shows.
    pub(super) fn recorded(account: Account) -> Self {
        Self { record: Some(Record::default()), ..Self::counted(account) }
    }

    /// A run that keeps totals only.
    pub(super) fn counted(account: Account) -> Self {
        let Account { id, config, symbol, cash, dedupe_ms: _ } = account;
        Self {
            id,
            broker: Broker::new(config, cash),
            symbol,
            totals: Totals::default(),
            record: None,
            events: Vec::new(),
        }
    }

    /// Does what a step asks for. A price that the account cannot be valued with ends the scenario: the error is what
    /// is wrong with the step, in a sentence.
    pub(super) fn take(&mut self, task: &Task) -> Result<(), Box<Unvalued>> {
        self.totals.steps += 1;
        match task {
            Task::Input(input) => self.apply(input),
            Task::Refused(code) => {
                self.totals.signals += 1;
                self.totals.refused(*code);
                if let Some(record) = &mut self.record {
                    record.refused(*code);
                }
                Ok(())
            }
            Task::Cancel { command, name, at } => match self.live(*name) {
                Some(order) => self.apply(&Input::Cancel { command: command.clone(), order, at: *at }),
                // What is over, or never was, has nothing to cancel.
                None => self.apply(&Input::Tick { at: *at }),
            },
        }
    }

    fn apply(&mut self, input: &Input) -> Result<(), Box<Unvalued>> {
        self.totals.signals += u64::from(matches!(input, Input::Signal(_)));
        self.events.clear();
        self.broker.apply_to(input, &mut self.events);
        for event in &self.events {
            if let Event::InputRefused { reason, .. } = event {
                return Err(Box::new(Unvalued(reason.clone())));
            }
            self.totals.note(event);
        }
        if let Some(record) = &mut self.record {
            record.note(&self.events);
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

/// Why a step cannot be taken.
#[derive(Debug)]
pub(super) struct Unvalued(Reason);

impl Unvalued {
    pub(super) fn code(&self) -> domain::ReasonCode {
        self.0.code
    }

    pub(super) fn sentence(&self) -> String {
        let Self(reason) = self;
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
}
