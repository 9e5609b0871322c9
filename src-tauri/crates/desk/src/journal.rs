//! What a batch of decisions writes, gathered so that each account and position is written once per batch, and all
//! of it in one transaction. Rows are made here, by the thread that decides: the one that writes serves all senders.

use crate::books;
use crate::pipeline;
use crate::waiting::Waiting;
use crate::wire::{self, PipelineVerdict};
use domain::{AccountId, Money, SignalId, SignalStatus, Symbol, WebhookId};
use paper::{
    Broker, Event, Figure, Fill, Funds, LedgerAccount, Order, Position, Reason, Subject, Trade, Transaction,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::time::Instant;
use store::accounts::AccountBalances;
use store::equity_points::EquityPoint;
use store::fills::{FillNo, FillRow};
use store::ledger::{LedgerKind, LedgerTransaction};
use store::orders::OrderRow;
use store::signals::{Decision, SignalNo};
use store::stated_positions::StatedPosition;
use store::trades::{TradeNo, TradeRow};
use store::verdicts::VerdictRow;
use store::{StoreError, Tx};

/// Everything that one batch changes.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Vec<Entry>,
    positions: BTreeMap<(AccountId, Symbol), Held>,
    accounts: BTreeMap<AccountId, Figures>,
    /// The last word of each strategy, by webhook, symbol and name.
    stated: BTreeMap<(WebhookId, Symbol, String), StatedPosition>,
    verdicts: Vec<(SignalId, VerdictRow)>,
}

/// What an account's own row says of its books.
#[derive(Debug)]
struct Figures {
    funds: Funds,
    state: books::AccountState,
}

/// What one input of the broker left behind, as rows.
#[derive(Debug)]
struct Entry {
    account: AccountId,
    asked: Option<Asked>,
    orders: Vec<OrderRow>,
    fills: Vec<FillRow>,
    trades: Vec<TradeRow>,
    ledger: Vec<Transaction>,
    equity: Vec<EquityPoint>,
    decided: Option<Decided>,
}

/// Where the signal stands that asked.
#[derive(Debug, Clone)]
struct Asked {
    no: SignalNo,
    webhook: WebhookId,
}

/// A decision with what is known of the signal's way so far.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    pub(crate) id: SignalId,
    pub(crate) status: SignalStatus,
    pub(crate) reason: Option<Reason>,
    /// As the database keeps them; made here, so that the thread that writes need not.
    pub(crate) checks: Option<String>,
    pub(crate) timings: wire::Timings,
    /// What else is to be known of it, beside the figures of the reason.
    pub(crate) notes: Notes,
}

/// Names and values that stand in a decision's details.
pub(crate) type Notes = BTreeMap<&'static str, String>;

/// A position and what the columns that are only shown are worked out with.
#[derive(Debug)]
struct Held {
    position: Position,
    multiplier: Decimal,
}

impl Journal {
    /// Notes what a strategy said of a signal, where one was asked.
    pub(crate) fn verdict(&mut self, signal: &SignalId, report: Option<PipelineVerdict>) {
        let row = report.as_ref().and_then(pipeline::verdict_row);
        self.verdicts.extend(row.map(|row| (signal.clone(), row)));
    }

    /// Notes the events of one input to `account`, whose broker stands after it; `signal` is the input, if it is one.
    pub(crate) fn note(
        &mut self,
        account: &AccountId,
        signal: Option<&Waiting>,
        broker: &Broker,
        events: Vec<Event>,
        timings: &wire::Timings,
    ) {
        let mut entry = Entry::new(account, signal);
        let mut changed = false;
        for event in events {
            changed |= !matches!(
                event,
                Event::Decided(_) | Event::CommandDenied { .. } | Event::InputRefused { .. }
            );
            match event {
                Event::Order(order) => entry.orders.push(order_row(account, signal, &order)),
                Event::Filled(fill) => entry.fills.push(fill_row(account, &fill)),
                Event::Posted(transaction) => entry.ledger.push(transaction),
                Event::Trade(trade) => entry.trades.push(trade_row(account, &trade)),
                Event::Position { symbol, position } => self.position(account, symbol, *position, broker),
                Event::Balances { balances, at } => entry.equity.push(EquityPoint {
                    account_id: account.clone(),
                    at,
                    equity: balances.equity,
                    balance: balances.balance,
                    available: balances.available,
                }),
                Event::Decided(decision) => {
                    entry.decided = Some(Decided {
                        id: decision.signal,
                        status: decision.status,
                        reason: decision.reason,
                        checks: Some(wire::checks::stored(&decision.checks)),
                        timings: timings.clone(),
                        notes: Notes::new(),
                    });
                }
                Event::Liquidated { at } => {
                    tracing::warn!(account.id = %account, %at, "an account lost all its money");
                }
                Event::CommandDenied { .. } | Event::InputRefused { .. } => {}
            }
        }
        if changed {
            let state = broker.state();
            let figures = Figures { funds: state.funds, state: books::AccountState::of(state) };
            self.accounts.insert(account.clone(), figures);
        }
        self.entries.push(entry);
    }

    /// Notes a signal that never reached a broker.
    pub(crate) fn decide(&mut self, signal: &Waiting, account: &AccountId, decided: Decided) {
        self.entries.push(Entry { decided: Some(decided), ..Entry::new(account, Some(signal)) });
    }

    /// Adds to the decision that was noted last.
    pub(crate) fn remark(&mut self, notes: Notes) {
        if let Some(decided) = self.entries.last_mut().and_then(|entry| entry.decided.as_mut()) {
            decided.notes.extend(notes);
        }
    }

    /// Notes what a strategy says of its position.
    pub(crate) fn state(&mut self, stated: StatedPosition) {
        let key = (stated.webhook_id.clone(), stated.symbol.clone(), stated.strategy.clone());
        self.stated.insert(key, stated);
    }

    /// The signals that it decides.
    pub(crate) fn signals(&self) -> impl Iterator<Item = &SignalId> {
        self.entries.iter().filter_map(|e| e.decided.as_ref()).map(|d| &d.id)
    }

    /// Whether any account's figures or orders change.
    pub(crate) fn touches_accounts(&self) -> bool {
        !self.accounts.is_empty()
            || !self.positions.is_empty()
            || self.entries.iter().any(|e| !e.orders.is_empty())
    }

    fn position(&mut self, account: &AccountId, symbol: Symbol, position: Position, broker: &Broker) {
        let multiplier = broker.instrument(&symbol).multiplier;
        self.positions.insert((account.clone(), symbol), Held { position, multiplier });
    }

    /// Writes all of it.
    pub(crate) fn write(&self, tx: &Tx) -> Result<(), StoreError> {
        for entry in &self.entries {
            let started = Instant::now();
            entry.write_trades(tx)?;
            if let Some((decided, asked)) = entry.decided.as_ref().zip(entry.asked.as_ref()) {
                let execute = (!entry.orders.is_empty()).then(|| crate::clock::micros_since(started));
                let decision = decided.decided_in(execute);
                store::signals::decide_known(tx, asked.no, &asked.webhook, &decided.id, &decision)?;
            }
        }
        for (signal, verdict) in &self.verdicts {
            store::verdicts::insert(tx, signal, verdict)?;
        }
        for ((account, symbol), held) in &self.positions {
            let row = books::position_row(account, symbol, &held.position, held.multiplier);
            store::positions::put(tx, &row)?;
        }
        for (account, Figures { funds, state }) in &self.accounts {
            let balances = AccountBalances {
                state: &state.text(),
                cash: funds.cash,
                realized: funds.realized_gross,
                fees: funds.fees,
            };
            store::accounts::set_balances(tx, account, &balances)?;
        }
        self.stated.values().try_for_each(|stated| store::stated_positions::put(tx, stated))
    }
}

impl Asked {
    fn of(signal: &Waiting) -> Self {
        Self { no: signal.no, webhook: signal.webhook.clone() }
    }
}

impl Entry {
    fn new(account: &AccountId, signal: Option<&Waiting>) -> Self {
        Self {
            account: account.clone(),
            asked: signal.map(Asked::of),
            orders: Vec::new(),
            fills: Vec::new(),
            trades: Vec::new(),
            ledger: Vec::new(),
            equity: Vec::new(),
            decided: None,
        }
    }

    fn write_trades(&self, tx: &Tx) -> Result<(), StoreError> {
        for order in &self.orders {
            store::orders::put(tx, order)?;
        }
        for fill in &self.fills {
            store::fills::insert(tx, fill)?;
        }
        for trade in &self.trades {
            store::trades::insert(tx, trade)?;
        }
        for transaction in &self.ledger {
            append(tx, &self.account, transaction)?;
        }
        for point in &self.equity {
            store::equity_points::put(tx, point)?;
        }
        Ok(())
    }
}

/// The webhook of an order is that of the signal that asked for it; an alert may also move orders of others.
fn order_row(account: &AccountId, signal: Option<&Waiting>, order: &Order) -> OrderRow {
    let own = signal.filter(|signal| order.client_id.origin.signal() == Some(&signal.id));
    books::order_row(account, own.map(|signal| &signal.webhook), order)
}

/// A fill as the database keeps it.
pub(crate) fn fill_row(account: &AccountId, fill: &Fill) -> FillRow {
    FillRow {
        no: FillNo::new(0),
        id: fill.id.clone(),
        order_id: fill.order_id.clone(),
        signal_id: fill.origin.signal().cloned(),
        account_id: account.clone(),
        symbol: fill.symbol.clone(),
        side: fill.side,
        quantity: fill.quantity,
        price: fill.price,
        fee: fill.fee,
        realized: fill.realized,
        liquidity: fill.liquidity.as_str().to_owned(),
        at: fill.at,
        why: serde_json::to_string(&why(fill)).expect("BUG: texts are always JSON"),
    }
}

fn trade_row(account: &AccountId, trade: &Trade) -> TradeRow {
    TradeRow {
        no: TradeNo::new(0),
        account_id: account.clone(),
        symbol: trade.symbol.clone(),
        direction: trade.direction,
        opened_by: trade.opened_by.clone(),
        closed_by: trade.closed_by.clone(),
        quantity_max: trade.quantity_max,
        price_entry: trade.price_entry.to_string(),
        price_exit: trade.price_exit.to_string(),
        gross: trade.gross,
        fees: trade.fees,
        net: trade.net,
        risk: trade.risk,
        r: trade.r.map(|r| r.to_string()),
        mae: trade.mae,
        mfe: trade.mfe,
        bars: trade.bars,
        exits: trade.exits.to_string(),
        opened_at: trade.opened_at,
        closed_at: trade.closed_at,
        signal_id: None,
        webhook_id: None,
    }
}

pub(crate) fn why(fill: &Fill) -> wire::FillWhy {
    wire::FillWhy {
        reference: fill.why.reference.to_string(),
        source: fill.why.source.as_str().to_owned(),
        spread: fill.why.spread.to_string(),
        slippage: fill.why.slippage.to_string(),
        rounding: fill.why.rounding.to_string(),
        cap: fill.why.cap.to_string(),
        observed_at: Some(fill.why.observed_at.to_string()),
        notional: fill.fee_parts.notional.to_string(),
        fee_bps: fill.fee_parts.bps.to_string(),
        fee_dp: fill.fee_parts.dp,
        fee_minimum: fill.fee_parts.minimum.to_string(),
    }
}

/// Appends a transaction of the broker to the ledger.
pub(crate) fn append(tx: &Tx, account: &AccountId, transaction: &Transaction) -> Result<(), StoreError> {
    let (kind, reference) = match transaction.subject() {
        Subject::Opening => (LedgerKind::Deposit, "opening".to_owned()),
        Subject::Fill(id) => (LedgerKind::Fill, id.to_string()),
        Subject::Deposit(id) => (LedgerKind::Deposit, id.to_string()),
        Subject::Withdrawal(id) => (LedgerKind::Withdrawal, id.to_string()),
    };
    let entries: Vec<(store::ledger::LedgerAccount, Money)> =
        transaction.entries().iter().map(|e| (ledger_account(&e.account), e.amount)).collect();
    let row = LedgerTransaction {
        account_id: account,
        kind,
        reference: Some(&reference),
        at: transaction.at(),
        entries: &entries,
    };
    store::ledger::append(tx, &row)
}

fn ledger_account(account: &LedgerAccount) -> store::ledger::LedgerAccount {
    use store::ledger::LedgerAccount as Stored;
    match account {
        LedgerAccount::Cash => Stored::Cash,
        LedgerAccount::Inventory(symbol) => Stored::Inventory(symbol.clone()),
        LedgerAccount::RealizedPnl => Stored::RealizedPnl,
        LedgerAccount::Fees => Stored::Fees,
        LedgerAccount::Capital => Stored::Capital,
    }
}

impl Decided {
    /// The row's form of the decision.
    pub(crate) fn decision(&self) -> Decision {
        self.decided_in(None)
    }

    /// The same when writing what was traded took so many microseconds.
    fn decided_in(&self, execute: Option<i64>) -> Decision {
        let timings = wire::Timings { execute, ..self.timings.clone() };
        let json = |value: serde_json::Result<String>| value.expect("BUG: texts and numbers are always JSON");
        let mut known = self.reason.as_ref().map(details).unwrap_or_default();
        known.extend(self.notes.iter().map(|(name, value)| (*name, value.clone())));
        let is_explained = self.reason.is_some() || !known.is_empty();
        Decision {
            status: self.status,
            reason_code: self.reason.as_ref().map(|r| r.code),
            reason: self.reason.as_ref().map(sentence),
            details: is_explained.then(|| json(serde_json::to_string(&known))),
            checks: self.checks.clone(),
            timings: Some(json(serde_json::to_string(&timings))),
        }
    }
}

/// The reason in a sentence, with its figures where both are numbers; words stand in the details.
pub(crate) fn sentence(reason: &Reason) -> String {
    let general = reason.code.sentence();
    let number = |figure: &Option<Figure>| {
        let text = figure.as_ref().map(ToString::to_string);
        text.filter(|text| domain::parse_decimal(text).is_ok())
    };
    match (number(&reason.limit), number(&reason.actual)) {
        (Some(limit), Some(actual)) => format!("{general} The limit is {limit}, here it is {actual}."),
        _ => general.to_owned(),
    }
}

/// The figures behind a reason.
pub(crate) fn details(reason: &Reason) -> BTreeMap<&'static str, String> {
    let mut details = BTreeMap::new();
    if let Some(limit) = &reason.limit {
        details.insert("limit", limit.to_string());
    }
    if let Some(actual) = &reason.actual {
        details.insert("actual", actual.to_string());
    }
    details
}
