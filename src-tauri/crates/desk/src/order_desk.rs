//! The user's own commands on accounts. They go through the same queue and the same thread as signals, whichever
//! process they come from, so that nothing trades beside the driver.

use crate::books::{self, BookError};
use crate::context::Context;
use crate::driver::{Driver, book};
use crate::intake::json;
use crate::journal::Journal;
use crate::lock::{LockError, WorkerLock};
use crate::refused::Refused;
use crate::settings::account_setting;
use crate::wake::Wake;
use crate::wire::{self, RpcError};
use crate::{journal, random};
use ::market::Venue;
use domain::{AccountId, Money, OrderId, Symbol, Timestamp, parse_decimal};
use paper::{Broker, CancelReason, Event, Input, PriceChoice, Transaction};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};
use store::StoreError;
use store::commands::{CommandId, CommandRow, CommandStatus};
use store::ledger::{LedgerAccount, LedgerKind, LedgerTransaction};

/// The venue of accounts whose prices come from the alerts.
const ALERT: &str = "alert";
/// Commands done in one round.
const ROUND_MAX: u32 = 16;
/// How long the answer of a worker is waited for.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// How often it is looked for.
const ANSWER_POLL: Duration = Duration::from_millis(15);

/// Something that the user wants done to an account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Command {
    /// Close a position at the last price known.
    Close { account: String, symbol: String },
    /// Close every position.
    Flatten { account: String },
    /// Cancel a live order.
    Cancel { account: String, order: String },
    /// Pay in.
    Deposit { account: String, amount: String },
    /// Pay out.
    Withdraw { account: String, amount: String },
    /// Change settings.
    Configure { account: String, settings: BTreeMap<String, String> },
    /// Begin anew with the opening cash; what was traded stays in the history.
    Reset { account: String },
    /// Put the account away.
    Archive { account: String },
}

impl Command {
    fn kind(&self) -> &'static str {
        match self {
            Self::Close { .. } => "close",
            Self::Flatten { .. } => "flatten",
            Self::Cancel { .. } => "cancel",
            Self::Deposit { .. } => "deposit",
            Self::Withdraw { .. } => "withdraw",
            Self::Configure { .. } => "configure",
            Self::Reset { .. } => "reset",
            Self::Archive { .. } => "archive",
        }
    }

    fn account(&self) -> &str {
        match self {
            Self::Close { account, .. }
            | Self::Flatten { account }
            | Self::Cancel { account, .. }
            | Self::Deposit { account, .. }
            | Self::Withdraw { account, .. }
            | Self::Configure { account, .. }
            | Self::Reset { account }
            | Self::Archive { account } => account,
        }
    }
}

/// What a command brought: the ids of the orders that it made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) orders: Vec<String>,
}

/// Has a command done by whoever is the worker, this process if nobody is, and waits for the outcome.
///
/// # Errors
/// The command's own refusal, or `WORKER_SILENT` when the worker does not answer in ten seconds.
pub(crate) fn ask(context: &Arc<Context>, command: &Command) -> Result<Outcome, RpcError> {
    let (kind, payload, at) = (command.kind(), json(command), context.clock.now());
    let id = context
        .store
        .writer()
        .run(move |tx| store::commands::enqueue(tx, kind, &payload, at))
        .map_err(|e| crate::rpc::store_error(&e))?;
    context.wake.call();
    work_if_nobody_does(context)?;
    let started = Instant::now();
    let patience = Wake::default();
    loop {
        if let Some(outcome) = answer(context, id)? {
            return outcome;
        }
        if started.elapsed() >= ANSWER_MAX {
            return Err(RpcError::new(
                "WORKER_SILENT",
                "The running Pitwire has not answered in ten seconds; the command stays queued. Look at its log.",
            ));
        }
        patience.wait(ANSWER_POLL);
    }
}

/// Decides what waits when no worker runs on this data directory.
pub(crate) fn work_if_nobody_does(context: &Arc<Context>) -> Result<(), RpcError> {
    match WorkerLock::take(&context.data_dir) {
        Ok(_lock) => {
            let stop = Arc::new(AtomicBool::new(false));
            let mut driver =
                Driver::new(Arc::clone(context), Arc::new(Refused::default()), stop).without_quotes();
            let drained = driver.drain_outside();
            context.market.stop();
            drained.map_err(|e| crate::rpc::store_error(&e))
        }
        Err(LockError::Held { .. }) => Ok(()),
        Err(LockError::File(error)) => Err(RpcError::new("LOCK_FAILED", format!("The lock file: {error}."))),
    }
}

fn answer(context: &Context, id: CommandId) -> Result<Option<Result<Outcome, RpcError>>, RpcError> {
    let row = context
        .store
        .reader()
        .read(|view| store::commands::get(view, id))
        .map_err(|e| crate::rpc::store_error(&e))?
        .ok_or_else(RpcError::internal)?;
    let text = row.result.unwrap_or_default();
    Ok(match row.status {
        CommandStatus::Queued => None,
        CommandStatus::Done => Some(serde_json::from_str(&text).map_err(|_| RpcError::internal())),
        CommandStatus::Failed => {
            Some(Err(serde_json::from_str(&text).unwrap_or_else(|_| RpcError::internal())))
        }
    })
}

/// Does the commands that wait, and says whether there were any.
pub(crate) fn run_queued(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
) -> Result<bool, StoreError> {
    let queued = context.store.reader().read(|view| store::commands::queued(view, ROUND_MAX))?;
    for row in &queued {
        run_one(context, books, row)?;
    }
    Ok(!queued.is_empty())
}

fn run_one(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
    row: &CommandRow,
) -> Result<(), StoreError> {
    let at = context.clock.now();
    let id = row.id;
    let done = serde_json::from_str::<Command>(&row.payload)
        .map_err(|e| RpcError::new("UNKNOWN_COMMAND", e.to_string()))
        .and_then(|command| execute(context, books, &command, at));
    let finished = match done {
        Ok(Work { outcome, write }) => {
            let result = json(&outcome);
            context.store.writer().run(move |tx| {
                write(tx)?;
                store::commands::finish(tx, id, Ok(&result), at)
            })
        }
        Err(refused) => {
            let result = json(&refused);
            context.store.writer().run(move |tx| store::commands::finish(tx, id, Err(&result), at))
        }
    };
    if finished.is_err() {
        books.clear();
    }
    context.changes.account();
    finished
}

type Write = Box<dyn FnOnce(&store::Tx) -> Result<(), StoreError> + Send>;

/// What a command leaves to be written.
struct Work {
    outcome: Outcome,
    write: Write,
}

fn execute(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
    command: &Command,
    at: Timestamp,
) -> Result<Work, RpcError> {
    let account =
        AccountId::parse(command.account()).map_err(|_| RpcError::not_found("account", command.account()))?;
    let broker = book(context, books, &account).map_err(|e| book_error(&e))?;
    let id: Box<str> = random::command_id().into();
    let input = match command {
        Command::Close { symbol, .. } => {
            let symbol = Symbol::new(&symbol.to_uppercase())
                .map_err(|e| RpcError::invalid("symbol", format!("{e}.")))?;
            Input::Close { command: id, symbol, at }
        }
        Command::Flatten { .. } => Input::Flatten { command: id, at },
        Command::Cancel { order, .. } => {
            let order = OrderId::parse(order).map_err(|_| RpcError::not_found("order", order))?;
            Input::Cancel { command: id, order, at }
        }
        Command::Deposit { amount, .. } => Input::Deposit { command: id, amount: positive(amount)?, at },
        Command::Withdraw { amount, .. } => Input::Withdraw { command: id, amount: positive(amount)?, at },
        Command::Configure { settings, .. } => return configure(context, broker, &account, settings, at),
        Command::Reset { .. } => return reset(context, books, &account, at),
        Command::Archive { .. } => return archive(context, books, &account, at),
    };
    traded(broker, &account, input)
}

/// Applies an input that trades or moves money.
fn traded(broker: &mut Broker, account: &AccountId, input: Input) -> Result<Work, RpcError> {
    let events = broker.apply(input);
    let mut outcome = Outcome::default();
    for event in &events {
        match event {
            Event::CommandDenied { reason, .. } | Event::InputRefused { reason, .. } => {
                let text = format!("{} {}", journal::sentence(reason), reason.code.fix());
                return Err(RpcError::new(reason.code.as_str(), text));
            }
            Event::Order(order) => outcome.orders.push(order.id.to_string()),
            Event::Filled(_)
            | Event::Trade(_)
            | Event::Liquidated { .. }
            | Event::Posted(_)
            | Event::Position { .. }
            | Event::Balances { .. }
            | Event::Decided(_) => {}
        }
    }
    let mut journal = Journal::default();
    journal.note(account, None, broker, events, &wire::Timings::default());
    Ok(Work { outcome, write: Box::new(move |tx| journal.write(tx)) })
}

fn positive(text: &str) -> Result<Money, RpcError> {
    let wanted = || RpcError::invalid("amount", "The amount must be a number above zero.");
    let amount = parse_decimal(text).map_err(|_| wanted())?;
    if amount > rust_decimal::Decimal::ZERO { Ok(Money::new(amount)) } else { Err(wanted()) }
}

fn configure(
    context: &Context,
    broker: &mut Broker,
    account: &AccountId,
    settings: &BTreeMap<String, String>,
    at: Timestamp,
) -> Result<Work, RpcError> {
    let mut row = account_row(context, account)?;
    let mut config = broker.config().clone();
    for (key, value) in settings {
        match key.as_str() {
            "name" => row.name = crate::rpc::name(value)?,
            "venue" => {
                row.venue = venue(value)?;
                if !settings.contains_key("price_source") {
                    config.price_source = price_source(value, config.price_source);
                }
                let known = context.store.reader().read(|view| books::of_venue(view, value));
                config.of_venue = known.map_err(|e| crate::rpc::store_error(&e))?;
                context.market.place(account, value);
            }
            "currency" => {
                return Err(RpcError::invalid(
                    "currency",
                    "The currency of an account cannot be changed; add an account.",
                ));
            }
            _ => config.set(key, value).map_err(|e| account_setting(&e))?,
        }
    }
    let work = traded(broker, account, Input::Configure { config: Box::new(config.clone()), at })?;
    row.config = books::config_text(&config);
    let outcome = work.outcome;
    Ok(Work {
        outcome,
        write: Box::new(move |tx| {
            store::accounts::update(tx, &row)?;
            (work.write)(tx)
        }),
    })
}

/// Where prices come from: the alerts themselves, or a venue.
pub(crate) fn venue(text: &str) -> Result<String, RpcError> {
    if text == ALERT || Venue::parse(text).is_some() {
        return Ok(text.to_owned());
    }
    let names = Venue::ALL.map(Venue::as_str).join(", ");
    Err(RpcError::invalid(
        "venue",
        format!("The venue must be {ALERT} (prices come from the alerts) or one of {names}."),
    ))
}

/// Which price counts on a venue where the user does not say: the market's alone. An account that goes back to the
/// alerts takes theirs again; with the market's alone it could trade nothing.
pub(crate) fn price_source(venue: &str, chosen: PriceChoice) -> PriceChoice {
    match chosen {
        PriceChoice::MarketThenAlert if venue != ALERT => PriceChoice::Market,
        PriceChoice::Market if venue == ALERT => PriceChoice::MarketThenAlert,
        PriceChoice::Market | PriceChoice::Alert | PriceChoice::MarketThenAlert => chosen,
    }
}

fn account_row(context: &Context, account: &AccountId) -> Result<store::accounts::AccountRow, RpcError> {
    let row = context.store.reader().read(|view| store::accounts::get(view, account));
    row.map_err(|e| crate::rpc::store_error(&e))?
        .ok_or_else(|| RpcError::not_found("account", account.as_str()))
}

/// Closes the books of the past in the ledger and opens them anew; orders, fills, round trips and ledger rows stay,
/// and live orders are cancelled.
fn reset(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
    account: &AccountId,
    at: Timestamp,
) -> Result<Work, RpcError> {
    let mut row = account_row(context, account)?;
    let Some(broker) = books.remove(account) else { return Err(RpcError::internal()) };
    let closing = closing_entries(&broker)?;
    row.state = books::fresh_state_text(row.opening);
    row.cash = row.opening;
    row.realized = Money::ZERO;
    row.fees = Money::ZERO;
    row.opened_at = at;
    let account = account.clone();
    Ok(Work {
        outcome: Outcome::default(),
        write: Box::new(move |tx| {
            let transaction = LedgerTransaction {
                account_id: &account,
                kind: LedgerKind::Reset,
                reference: None,
                at,
                entries: &closing,
            };
            store::ledger::append(tx, &transaction)?;
            journal::append(tx, &account, &Transaction::opening(row.opening, at))?;
            store::orders::cancel_live(tx, &account, CancelReason::UserCancelled.as_str(), at)?;
            store::positions::clear(tx, &account)?;
            store::accounts::update(tx, &row)
        }),
    })
}

/// What takes every ledger account of the books to zero.
fn closing_entries(broker: &Broker) -> Result<Vec<(LedgerAccount, Money)>, RpcError> {
    let state = broker.state();
    let overflow = |_| RpcError::reason(domain::ReasonCode::ArithmeticOverflow);
    let capital = state.funds.capital().map_err(overflow)?;
    let minus = |amount: Money| Money::new(-amount.get());
    let mut entries = vec![
        (LedgerAccount::Cash, minus(state.funds.cash)),
        (LedgerAccount::RealizedPnl, state.funds.realized_gross),
        (LedgerAccount::Fees, minus(state.funds.fees)),
        (LedgerAccount::Capital, capital),
    ];
    for (symbol, position) in &state.positions {
        entries.push((LedgerAccount::Inventory(symbol.clone()), minus(position.cost)));
    }
    entries.retain(|(_, amount)| *amount != Money::ZERO);
    Ok(entries)
}

/// Puts an account away once nothing depends on it.
fn archive(
    context: &Context,
    books: &mut HashMap<AccountId, Broker>,
    account: &AccountId,
    at: Timestamp,
) -> Result<Work, RpcError> {
    let mut row = account_row(context, account)?;
    let in_use = |e: &str| RpcError::new("ACCOUNT_IN_USE", e.to_owned());
    let state = books.get(account).map(Broker::state);
    if state.is_some_and(|s| s.positions.values().any(|p| p.net.side().is_some()) || !s.orders.is_empty()) {
        return Err(in_use("The account has open positions or resting orders. Flatten it first."));
    }
    context.directory.reload().map_err(|e| crate::rpc::store_error(&e))?;
    if let Some(webhook) = context.directory.rows().values().find(|r| r.webhook.account_id == *account) {
        let name = &webhook.webhook.name;
        return Err(in_use(&format!(
            "The webhook {name:?} trades on this account. Move or delete it first."
        )));
    }
    let all = context.store.reader().read(store::accounts::list).map_err(|e| crate::rpc::store_error(&e))?;
    if !all.iter().any(|a| a.archived_at.is_none() && a.id != *account) {
        return Err(in_use("This is the only account; add another one first."));
    }
    row.archived_at = Some(at);
    books.remove(account);
    Ok(Work { outcome: Outcome::default(), write: Box::new(move |tx| store::accounts::update(tx, &row)) })
}

fn book_error(error: &BookError) -> RpcError {
    match error {
        BookError::Store(error) => crate::rpc::store_error(error),
        BookError::Missing(id) => RpcError::not_found("account", id.as_str()),
        BookError::Damaged { finding, .. } => RpcError::new("BOOKS_DAMAGED", format!("{error}: {finding}")),
    }
}
