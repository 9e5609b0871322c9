//! Asks a strategy about signals of the past: one with every value, or all of a webhook in sum.
//!
//! Nothing is decided and nothing written. The candles are those that were closed when a signal was received, from the
//! files handed in; a series that is in none of them is not known, and so is the verdict.

use super::signals::id_of;
use super::{store_error, webhooks};
use crate::analytics::CsvFile;
use crate::context::Context;
use crate::indicator::candles_of;
use crate::pipeline::{KnownStrategy, Supply};
use crate::rpc::strategies;
use crate::wire::{
    CandleText, Canonical, PipelineVerdict, RpcError, StrategyTest, StrategyTestRequest, StrategyTestRow,
};
use domain::{Intent, Signal, Symbol, Timeframe, WebhookId};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;
use store::signals::{SaidRow, SignalNo};
use strategy::{ApplyTo, Candles, Judgement, Observer, Outcome, SeriesKey};

/// The newest rows of an answer.
const ROWS_MAX: usize = 1_000;
/// Signals that are read at once.
const PAGE: u32 = 5_000;
/// The most symbols of which signals are judged in one test.
const SYMBOLS_MAX: usize = 1_000;

pub(crate) fn test(context: &Context, request: &StrategyTestRequest) -> Result<StrategyTest, RpcError> {
    let started = Instant::now();
    let known = known(context, request)?;
    let files = request.candles.as_deref().unwrap_or_default();
    let mut session = Session::new(&known, files)?;
    match (&request.signal_id, &request.webhook_id) {
        (Some(signal), None) => session.one(context, signal)?,
        (None, Some(webhook)) => session.all(context, &webhooks::row_of(context, webhook)?.webhook.id)?,
        (Some(_), Some(_)) | (None, None) => {
            let text = "Name one signal (signal_id) or a webhook whose signals are meant (webhook_id).";
            return Err(RpcError::invalid("signal_id", text));
        }
    }
    let mut answer = session.answer;
    let surplus = answer.rows.len().saturating_sub(ROWS_MAX);
    answer.rows.drain(..surplus);
    answer.took_ms = u32::try_from(crate::clock::micros_since(started) / 1_000).unwrap_or(u32::MAX);
    Ok(answer)
}

/// The strategy as it is saved, or as it would be with another file.
fn known(context: &Context, request: &StrategyTestRequest) -> Result<KnownStrategy, RpcError> {
    let row = strategies::row_of(context, &request.id)?;
    let Some(file) = &request.file else { return KnownStrategy::of(&row).ok_or_else(RpcError::internal) };
    let strategy = strategies::read(file)?;
    let name = strategy.definition().name.clone();
    Ok(KnownStrategy { id: row.id, name, revision: 0, enabled: row.enabled, strategy })
}

struct Session<'a> {
    known: &'a KnownStrategy,
    /// Candles that are whose symbol asks, by timeframe.
    of_any: BTreeMap<Timeframe, Candles>,
    supply: Supply,
    symbols: BTreeSet<Symbol>,
    observer: Observer,
    answer: StrategyTest,
}

impl<'a> Session<'a> {
    fn new(known: &'a KnownStrategy, files: &[CandleText]) -> Result<Self, RpcError> {
        let (mut of_any, mut supply) = (BTreeMap::new(), Supply::default());
        for file in files {
            let timeframe = Timeframe::parse(&file.timeframe).map_err(|e| {
                RpcError::invalid("candles", format!("{:?} cannot be used: {e}.", file.timeframe))
            })?;
            let name = format!("candles of {timeframe}");
            let closed = candles_of(CsvFile { name: &name, bytes: file.csv.as_bytes() })?;
            let candles = Candles::new(closed, None);
            match &file.symbol {
                None => {
                    of_any.insert(timeframe, candles);
                }
                Some(symbol) => {
                    let symbol = Symbol::new(symbol)
                        .map_err(|e| RpcError::invalid("candles", format!("The symbol {symbol:?}: {e}.")))?;
                    supply.series.insert(SeriesKey { symbol, timeframe }, candles);
                }
            }
        }
        let answer = StrategyTest {
            signals: 0,
            confirmed: 0,
            denied: 0,
            unknown: 0,
            exits: 0,
            rows: Vec::new(),
            took_ms: 0,
        };
        Ok(Self { known, of_any, supply, symbols: BTreeSet::new(), observer: Observer::default(), answer })
    }

    fn one(&mut self, context: &Context, id: &str) -> Result<(), RpcError> {
        let id = id_of(id)?;
        let found = context.store.reader().read(|view| store::signals::get(view, &id));
        let found = found.map_err(|e| store_error(&e))?;
        let found = found.ok_or_else(|| RpcError::not_found("signal", id.as_str()))?;
        let unread = || {
            RpcError::new("NOT_READ", "The signal's message could not be read, so there is nothing to judge.")
        };
        let said = SaidRow {
            no: found.signal.no,
            id: found.signal.id,
            received_at: found.signal.received_at,
            status: found.signal.status,
            canonical: found.canonical.ok_or_else(unread)?,
        };
        let signal = read(&said).ok_or_else(unread)?;
        let judgement = self.judge(&said, &signal);
        let report = self.known.report(&judgement, self.supply.venue);
        self.note(&said, &judgement, report);
        Ok(())
    }

    fn all(&mut self, context: &Context, webhook: &WebhookId) -> Result<(), RpcError> {
        let mut after = SignalNo::ZERO;
        loop {
            let page = context.store.reader().read(|view| store::signals::said(view, webhook, after, PAGE));
            let page = page.map_err(|e| store_error(&e))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.no;
            for said in &page {
                self.past(said);
            }
        }
    }

    /// One of many: exits pass by, and of the conditions only the first failing one is told.
    fn past(&mut self, said: &SaidRow) {
        let Some(signal) = read(said) else { return };
        let is_exit = matches!(signal.intent, Intent::Close | Intent::Reduce | Intent::Cancel);
        if is_exit && self.known.strategy.definition().apply_to == ApplyTo::Entries {
            self.answer.exits += 1;
            return;
        }
        let judgement = self.judge(said, &signal);
        let report = self.known.brief(&judgement, self.supply.venue);
        self.note(said, &judgement, report);
    }

    fn judge(&mut self, said: &SaidRow, signal: &Signal) -> Judgement {
        if self.symbols.len() < SYMBOLS_MAX && self.symbols.insert(signal.symbol.clone()) {
            for (timeframe, candles) in &self.of_any {
                let key = SeriesKey { symbol: signal.symbol.clone(), timeframe: *timeframe };
                self.supply.series.entry(key).or_insert_with(|| candles.clone());
            }
        }
        self.observer.judge(&self.known.strategy, signal, said.received_at, &self.supply.series)
    }

    fn note(&mut self, said: &SaidRow, judgement: &Judgement, pipeline: PipelineVerdict) {
        self.answer.signals += 1;
        match judgement.outcome {
            Outcome::Confirm => self.answer.confirmed += 1,
            Outcome::Deny { .. } => self.answer.denied += 1,
            Outcome::Unknown(_) => self.answer.unknown += 1,
        }
        if self.answer.rows.len() >= 2 * ROWS_MAX {
            self.answer.rows.drain(..ROWS_MAX);
        }
        self.answer.rows.push(StrategyTestRow {
            signal_id: said.id.to_string(),
            received_at: said.received_at.to_string(),
            status: said.status.as_str().to_owned(),
            pipeline,
        });
    }
}

fn read(said: &SaidRow) -> Option<Signal> {
    serde_json::from_str::<Canonical>(&said.canonical).ok()?.to_signal().ok()
}
