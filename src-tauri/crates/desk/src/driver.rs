//! Decides signals and the user's commands, in the order in which `queue` hands them out, and writes a whole batch of
//! outcomes in one transaction. One thread owns the books of every account; nothing else trades.
//!
//! The database is the queue: what is `received` there waits, whoever wrote it. A batch that cannot be written leaves
//! the books as they were on disk and is tried again.

use crate::books::{self, BookError};
use crate::context::Context;
use crate::journal::{Decided, Journal, Notes};
use crate::lanes::LaneKey;
use crate::market::GATHER_MAX;
use crate::order_desk;
use crate::outside::{self, Outside};
use crate::pipeline;
use crate::queue::Queue;
use crate::quotes::Quotes;
use crate::refused::Refused;
use crate::turn::{self, Turn};
use crate::upkeep::Upkeep;
use crate::waiting::Waiting;
use crate::wire;
use domain::{AccountId, ReasonCode, SignalId, SignalStatus, Timestamp};
use paper::{Broker, Input, Reason, SignalInput, WebhookRules, WebhookState};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::StoreError;
use store::webhooks::Webhook;

/// Signals decided in one transaction.
const BATCH: u32 = 256;
/// How often the queue is looked at without a call: other processes write to it too.
const POLL: Duration = Duration::from_millis(200);
/// From this size on a batch is part of a flood, and the next one is given time to grow: what is decided together is
/// written together, and the senders of the flood are waiting for the same thread to write.
const FLOOD: u32 = 32;
/// How long a batch may grow; far less than anybody waits for a fill.
const GROW: Duration = Duration::from_millis(20);
/// How long to wait before a batch that could not be written is tried again.
const RETRY: Duration = Duration::from_millis(500);
/// How long a stop may go on deciding what was accepted; the rest is decided by the next start.
const FINISH_MAX: Duration = Duration::from_secs(5);

/// What a round has done.
struct Round {
    /// Whether there was anything to do.
    any: bool,
    /// How many signals were decided.
    signals: u32,
}

pub(crate) struct Driver {
    context: Arc<Context>,
    refused: Arc<Refused>,
    books: HashMap<AccountId, Broker>,
    stop: Arc<AtomicBool>,
    upkeep: Upkeep,
    queue: Queue,
    outside: Outside,
    /// Nothing where only what waits is decided, and no market is followed.
    quotes: Option<Quotes>,
}

impl Driver {
    pub(crate) fn new(context: Arc<Context>, refused: Arc<Refused>, stop: Arc<AtomicBool>) -> Self {
        Self {
            context,
            refused,
            books: HashMap::new(),
            stop,
            upkeep: Upkeep::default(),
            queue: Queue::default(),
            outside: Outside::default(),
            quotes: Some(Quotes::default()),
        }
    }

    /// One that decides what waits and hears no venue.
    pub(crate) fn without_quotes(self) -> Self {
        Self { quotes: None, ..self }
    }

    /// Works until told to stop; what was accepted by then is decided.
    pub(crate) fn run(mut self) {
        let mut chores = crate::chores::Chores::new(Arc::clone(&self.context), Arc::clone(&self.refused));
        while !self.stop.load(Ordering::Acquire) {
            if let Err(error) = self.drain() {
                tracing::error!(%error, "decisions could not be written; they are tried again");
                self.books.clear();
                self.queue.forget();
                self.outside.forget();
                self.context.wake.wait(RETRY);
            }
            chores.due();
            let due_in = self.queue.patience(self.context.clock.now());
            self.context.wake.wait(due_in.map_or(POLL, |due_in| due_in.min(POLL)));
        }
        if let Err(error) = self.finish() {
            tracing::error!(%error, "decisions could not be written; the next start makes them");
        }
        self.refused.flush(&self.context);
    }

    /// Decides everything that waits, or as much as is begun when told to stop.
    pub(crate) fn drain(&mut self) -> Result<(), StoreError> {
        loop {
            let round = self.round()?;
            if !round.any || self.stop.load(Ordering::Acquire) {
                return Ok(());
            }
            if (FLOOD..BATCH).contains(&round.signals) {
                self.context.wake.rest(GROW);
            }
        }
    }

    /// The same, and waits for what was asked of venues, for as long as a venue may take.
    pub(crate) fn drain_outside(&mut self) -> Result<(), StoreError> {
        let began = Instant::now();
        self.drain()?;
        while !self.outside.is_empty() && began.elapsed() < 2 * GATHER_MAX {
            self.context.wake.wait(POLL);
            self.drain()?;
        }
        Ok(())
    }

    /// What is held for its pair for a moment is decided too; what is delayed for longer is left to the next start.
    fn finish(&mut self) -> Result<(), StoreError> {
        let began = Instant::now();
        loop {
            let any = self.round()?.any;
            let left = FINISH_MAX.saturating_sub(began.elapsed());
            match self.queue.patience(self.context.clock.now()) {
                _ if left.is_zero() => return Ok(()),
                _ if any => {}
                _ if !self.outside.is_empty() => self.context.wake.wait(POLL.min(left)),
                Some(due_in) if due_in < left => self.context.wake.rest(due_in),
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// Decides a batch of what waits.
    fn round(&mut self) -> Result<Round, StoreError> {
        self.context.directory.reload()?;
        match self.upkeep.due(&self.context, &mut self.books) {
            // What cannot be written for one account must not keep the signals of all from being decided.
            Err(error) if !is_outage(&error) => {
                tracing::error!(%error, "accounts could not be kept up; it is tried again");
                self.books.clear();
            }
            other => other?,
        }
        if let Some(quotes) = &mut self.quotes {
            quotes.due(&self.context, &mut self.books)?;
        }
        let commands = order_desk::run_queued(&self.context, &mut self.books)?;
        let mut turns = self.outside.take_ready();
        let mut more = !turns.is_empty();
        if !self.outside.is_full() {
            let due = self.queue.due(&self.context, BATCH)?;
            more |= due.more;
            turns.extend(due.turns);
        }
        self.decide(&turns)?;
        self.outside.tell(&self.context.market.board);
        Ok(Round { any: commands || more, signals: u32::try_from(turns.len()).unwrap_or(BATCH) })
    }

    /// Decides a batch; one that breaks as a whole is decided one by one, so that a single broken signal cannot hold
    /// the others up.
    fn decide(&mut self, turns: &[Turn]) -> Result<(), StoreError> {
        if turns.is_empty() {
            return Ok(());
        }
        match self.write(turns) {
            Err(error) if !is_outage(&error) => self.one_by_one(turns),
            other => other,
        }
    }

    fn one_by_one(&mut self, turns: &[Turn]) -> Result<(), StoreError> {
        for turn in turns {
            self.books.clear();
            let written = self.write(std::slice::from_ref(turn));
            let Err(error) = written else { continue };
            if is_outage(&error) {
                return Err(error);
            }
            self.books.clear();
            let id = &turn.signal.id;
            if matches!(error, StoreError::Missing { .. }) {
                tracing::info!(signal.id = %id, "a signal went with its webhook while it waited");
                continue;
            }
            tracing::error!(signal.id = %id, %error, "a signal could not be executed");
            self.write_failed(id)?;
        }
        Ok(())
    }

    fn write(&mut self, turns: &[Turn]) -> Result<(), StoreError> {
        let mut journal = Journal::default();
        let mut broken = false;
        for turn in turns {
            broken = self.decide_one(turn, &mut journal)?.is_break();
            if broken {
                break;
            }
        }
        let journal = Arc::new(journal);
        let job = Arc::clone(&journal);
        self.context.store.writer().run_repeatable(move |tx| job.write(tx))?;
        if broken {
            // The books in memory are ahead of the rows until now, so this is the first moment to read them again.
            self.books.clear();
        }
        self.context.changes.signals(journal.signals());
        if journal.touches_accounts() {
            self.context.changes.account();
        }
        Ok(())
    }

    /// A defect, not an outage: the signal is marked so that it is not tried for ever.
    fn write_failed(&self, id: &SignalId) -> Result<(), StoreError> {
        let decision = failed(id, ReasonCode::InternalError).decision();
        let row = id.clone();
        let written = self.context.store.writer().run(move |tx| store::signals::decide(tx, &row, &decision));
        self.context.changes.signals([id].into_iter());
        match written {
            Err(error) if is_outage(&error) => Err(error),
            Err(error) => {
                tracing::error!(signal.id = %id, %error, "a signal could not be marked as failed");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Decides one signal; a break ends the batch with it, because the books cannot be trusted any more.
    fn decide_one(&mut self, turn: &Turn, journal: &mut Journal) -> Result<ControlFlow<()>, StoreError> {
        let started = Instant::now();
        let waiting = &turn.signal;
        let id = &waiting.id;
        let decided_at = self.context.clock.now();
        let mut timings = timings(waiting, decided_at);
        let webhooks = self.context.directory.rows();
        let Some(webhook) = webhooks.get(&waiting.webhook).map(|row| &row.webhook) else {
            journal.decide(waiting, &nobody(), rejected(id, ReasonCode::WebhookDisabled, timings));
            return Ok(ControlFlow::Continue(()));
        };
        let account = &webhook.account_id;
        let signal = match &waiting.signal {
            Ok(signal) => signal.clone(),
            Err(finding) => {
                tracing::error!(signal.id = %id, finding, "a stored signal cannot be read back");
                journal.decide(waiting, account, failed(id, ReasonCode::InternalError));
                return Ok(ControlFlow::Continue(()));
            }
        };
        if let Some(decided) = turn.refusal(&signal, webhook, &timings) {
            journal.decide(waiting, account, decided);
            return Ok(ControlFlow::Continue(()));
        }
        let broker = match book(&self.context, &mut self.books, account) {
            Ok(broker) => broker,
            Err(BookError::Store(error)) => return Err(error),
            Err(error) => {
                tracing::error!(signal.id = %id, %error, "a signal has no books to be traded in");
                journal.decide(waiting, account, rejected(id, ReasonCode::AccountUnavailable, timings));
                return Ok(ControlFlow::Continue(()));
            }
        };
        if let Some(gathered) = &turn.gathered {
            let events = outside::hear(gathered, broker, decided_at);
            journal.note(account, None, broker, events, &wire::Timings::default());
        }
        let said = signal.clone();
        let (signal, rules) = turn::paced(waiting, signal, webhook);
        let lane = LaneKey { account: account.clone(), symbol: signal.symbol.clone() };
        let mut input = SignalInput {
            id: id.clone(),
            signal,
            dialect: waiting.dialect,
            rules,
            received_at: waiting.received_at,
            decided_at,
            duplicate_of: None,
            replay: waiting.replay,
            kill_switch: self.context.directory.kill_switch(),
            verdict: None,
        };
        if self.outside.holds(&self.context, &lane, turn, webhook, broker, &input) {
            return Ok(ControlFlow::Continue(()));
        }
        let heard = crate::drift::hear(turn, &said, webhook.sell_mode, broker);
        let strategies = self.context.directory.strategies();
        let supply = outside::supply(turn.gathered.as_ref());
        // A defect in a strategy or in the broker must cost one signal, not the process.
        let decided = catch_unwind(AssertUnwindSafe(|| {
            let ruling = pipeline::rule(webhook, &strategies, broker, &input, &supply);
            input.verdict = ruling.verdict;
            (broker.apply(Input::Signal(Box::new(input))), ruling.report)
        }));
        timings.decide = Some(crate::clock::micros_since(started));
        match decided {
            Ok((events, report)) => {
                journal.verdict(id, report);
                journal.note(account, Some(waiting), broker, events, &timings);
                journal.remark(turn.notes(&heard));
                heard.stated.into_iter().for_each(|stated| journal.state(stated));
            }
            Err(_) => {
                tracing::error!(signal.id = %id, "the broker broke on a signal");
                journal.decide(waiting, account, failed(id, ReasonCode::InternalError));
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }
}

/// How long the signal has taken so far.
fn timings(waiting: &Waiting, decided_at: Timestamp) -> wire::Timings {
    let mut timings = waiting.timings.clone();
    let (received_at, committed_at) = (waiting.received_at, waiting.committed_at);
    let before = timings.auth.unwrap_or(0) + timings.parse.unwrap_or(0);
    timings.commit = committed_at.map(|at| (at.micros_since(received_at) - before).max(0));
    timings.queue = Some(decided_at.micros_since(committed_at.unwrap_or(received_at)).max(0));
    timings
}

/// Whether the same may succeed later, without anything being changed.
fn is_outage(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable { .. } | StoreError::QueueFull | StoreError::ShuttingDown)
}

/// The books of an account, opened on first use.
pub(crate) fn book<'a>(
    context: &Context,
    books: &'a mut HashMap<AccountId, Broker>,
    account: &AccountId,
) -> Result<&'a mut Broker, BookError> {
    if !books.contains_key(account) {
        let opened = context.store.reader().read(|view| Ok(books::open(view, account)))?;
        let (row, broker) = opened?;
        context.market.place(account, &row.venue);
        books.insert(account.clone(), broker);
    }
    books.get_mut(account).ok_or_else(|| BookError::Missing(account.clone()))
}

/// What a webhook says about its signals; one that is gone takes none.
pub(crate) fn rules(webhook: Option<&Webhook>) -> WebhookRules {
    let state = match webhook {
        Some(w) if !w.paused && w.reduce_only => WebhookState::ReduceOnly,
        Some(w) if !w.paused => WebhookState::Active,
        Some(_) | None => WebhookState::Paused,
    };
    WebhookRules {
        state,
        sizing: webhook.and_then(|w| w.sizing),
        sell_mode: webhook.map(|w| w.sell_mode),
        max_lag_s: webhook.and_then(|w| w.max_lag_s),
    }
}

/// Stands in the journal for decisions that concern no account's books.
fn nobody() -> AccountId {
    AccountId::parse("acc_none").expect("BUG: the id is plain")
}

pub(crate) fn rejected(id: &SignalId, code: ReasonCode, timings: wire::Timings) -> Decided {
    let reason = Some(Reason { code, limit: None, actual: None });
    let (status, notes) = (SignalStatus::Rejected, Notes::new());
    Decided { id: id.clone(), status, reason, checks: None, timings, notes }
}

/// A signal that Pitwire itself could not finish.
pub(crate) fn failed(id: &SignalId, code: ReasonCode) -> Decided {
    let reason = Some(Reason { code, limit: None, actual: None });
    Decided {
        id: id.clone(),
        status: SignalStatus::Failed,
        reason,
        checks: None,
        timings: wire::Timings::default(),
        notes: Notes::new(),
    }
}
