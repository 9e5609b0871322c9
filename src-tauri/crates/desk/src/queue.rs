//! The queue as the driver sees it: reads received rows once, lets those wait that have to, and hands out what is due.
//!
//! The rows in the database are the queue; what is kept here is only which of them were read, and when they are due.
//! It can be forgotten and read again at any time, and is after a failure; so a restart finds every hold and delay as
//! it was. Most signals wait for nothing and pass through.

use crate::context::Context;
use crate::lanes::{Arrived, DELAY_MAX_S, Due, LaneKey, Lanes, Pace, Statement, Stream, Waiting as Place};
use crate::turn::Turn;
use crate::waiting::Waiting;
use domain::{Signal, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;
use store::StoreError;
use store::signals::SignalNo;
use store::stated_positions::StatedPosition;
use store::webhooks::Webhook;

/// What is to be done now.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) turns: Vec<Turn>,
    /// Whether there may be more to do at once.
    pub(crate) more: bool,
}

#[derive(Debug)]
pub(crate) struct Queue {
    /// Up to where the queue was read.
    read: SignalNo,
    lanes: Lanes<Waiting>,
    /// Due, and not handed out yet.
    ready: VecDeque<Turn>,
}

impl Default for Queue {
    fn default() -> Self {
        Self { read: SignalNo::ZERO, lanes: Lanes::default(), ready: VecDeque::new() }
    }
}

impl Queue {
    /// What is due now, at most `limit`.
    pub(crate) fn due(&mut self, context: &Context, limit: u32) -> Result<Round, StoreError> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut read = 0;
        if self.ready.is_empty() {
            if !self.lanes.is_full() {
                let fresh = context.kept.next(context.store.reader(), self.read, limit)?;
                read = fresh.len();
                self.sort_in(context, fresh)?;
            }
            let due = self.lanes.take_due(context.clock.now());
            self.ready.extend(due.into_iter().map(|Due { item: signal, reordered, superseded_by }| Turn {
                signal,
                reordered,
                superseded_by,
                gathered: None,
            }));
        }
        let turns: Vec<Turn> = self.ready.drain(..most.min(self.ready.len())).collect();
        let more = !turns.is_empty() || read == most;
        Ok(Round { turns, more })
    }

    /// How long there is nothing to do for want of time passing; nothing when nothing waits for that.
    pub(crate) fn patience(&self, now: Timestamp) -> Option<Duration> {
        let micros = self.lanes.next_look()?.micros_since(now);
        Some(Duration::from_micros(u64::try_from(micros).unwrap_or(0)))
    }

    /// Forgets what was read; it is read again.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    fn sort_in(&mut self, context: &Context, fresh: Vec<Waiting>) -> Result<(), StoreError> {
        let webhooks = context.directory.rows();
        for signal in fresh {
            self.read = signal.no;
            let webhook = webhooks.get(&signal.webhook).map(|row| &row.webhook);
            match (&signal.signal, webhook) {
                (Ok(said), Some(webhook)) if !self.passes(&signal, said, webhook) => {
                    let lane = LaneKey { account: webhook.account_id.clone(), symbol: said.symbol.clone() };
                    let place = place(&signal, said, pace(webhook));
                    if place.is_prompt() && self.lanes.is_free(&lane) {
                        self.ready.push_back(Turn {
                            signal,
                            reordered: None,
                            superseded_by: None,
                            gathered: None,
                        });
                        continue;
                    }
                    self.look_up(context, &place)?;
                    self.lanes.put(lane, place, signal);
                }
                (_, _) => self.ready.push_back(Turn {
                    signal,
                    reordered: None,
                    superseded_by: None,
                    gathered: None,
                }),
            }
        }
        Ok(())
    }

    /// Whether a signal need not be looked at any closer, as almost all need not: it waits for nothing, says nothing of
    /// its strategy's position, and nothing waits that it would have to wait behind. So does one that cannot wait as
    /// long as it asks for, which the driver refuses.
    fn passes(&self, signal: &Waiting, said: &Signal, webhook: &Webhook) -> bool {
        let pace = pace(webhook);
        let waits = !signal.by_hand
            && (pace.hold_ms.is_some_and(|ms| ms > 0)
                || pace.delay_s(said) > 0
                || said.target_position.is_some()
                || said.previous_position.is_some());
        !waits && self.lanes.is_empty() || said.delay_s.is_some_and(|s| s > DELAY_MAX_S)
    }

    fn look_up(&mut self, context: &Context, place: &Place) -> Result<(), StoreError> {
        let Stream { webhook, symbol, strategy } = &place.stream;
        if self.lanes.knows(&place.stream) {
            return Ok(());
        }
        let said = context
            .store
            .reader()
            .read(|view| store::stated_positions::get(view, webhook, symbol, strategy))?;
        self.lanes.learn(place.stream.clone(), said.map(statement));
        Ok(())
    }
}

fn place(signal: &Waiting, said: &Signal, pace: Pace) -> Place {
    let arrived = Arrived {
        id: &signal.id,
        place: signal.no.get(),
        webhook: &signal.webhook,
        received_at: signal.received_at,
        test: said.test,
    };
    if signal.by_hand { Place::asked_for(arrived, said) } else { Place::of(arrived, said, pace) }
}

/// What a webhook says about waiting.
pub(crate) fn pace(webhook: &Webhook) -> Pace {
    Pace { hold_ms: webhook.hold_ms, delay_s: webhook.delay_s }
}

fn statement(stated: StatedPosition) -> Statement {
    Statement {
        from: stated.previous.map(Into::into),
        to: stated.position.into(),
        fired_at: stated.fired_at,
        signal: stated.signal_id,
    }
}
