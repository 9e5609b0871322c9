//! Asks a strategy about signals of the past: one with every value, or all of a webhook in sum.
//!
//! Nothing is decided. The candles are those that were closed when a signal was received: from the files handed in, else
//! from the cache, and for one signal from its venue while a worker runs. A series that is in none of them is not known,
//! and so is the verdict.

use super::signals::id_of;
use super::{store_error, webhooks};
use crate::analytics::CsvFile;
use crate::context::Context;
use crate::indicator::candles_of;
use crate::market::{GATHER_MAX, Order, SeriesOrder};
use crate::outside;
use crate::pipeline::{KnownStrategy, Supply, candles};
use crate::rpc::strategies;
use crate::rpc::trial::outlook;
use crate::wire::{
    CandleText, Canonical, PipelineVerdict, RpcError, StrategyTest, StrategyTestRequest, StrategyTestRow,
};
use ::market::Venue;
use domain::{Intent, Signal, Symbol, Timeframe, WebhookId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;
use store::candles::KEPT_MAX;
use store::signals::{SaidRow, SignalNo};
use strategy::{ApplyTo, Candles, Judgement, Observer, Outcome, SeriesKey};

/// The newest rows of an answer.
const ROWS_MAX: usize = 1_000;
/// Signals that are read at once.
const PAGE: u32 = 5_000;
/// The most symbols of which signals are judged in one test.
const SYMBOLS_MAX: usize = 1_000;
/// The most series that are taken from the cache in one test.
const SERIES_MAX: usize = 60;

pub(crate) fn test(context: &Arc<Context>, request: &StrategyTestRequest) -> Result<StrategyTest, RpcError> {
    let started = Instant::now();
    let known = known(context, request)?;
    let files = request.candles.as_deref().unwrap_or_default();
    context.directory.reload().map_err(|e| store_error(&e))?;
    let mut session = Session::new(context, &known, Files::read(files)?);
    match (&request.signal_id, &request.webhook_id) {
        (Some(signal), None) => session.one(signal)?,
        (None, Some(webhook)) => session.all(&webhooks::row_of(context, webhook)?.webhook.id)?,
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
    context: &'a Arc<Context>,
    known: &'a KnownStrategy,
    files: Files,
    /// Where the prices of the account come from.
    account: Option<Venue>,
    benches: BTreeMap<Option<Venue>, Bench>,
    series: usize,
    answer: StrategyTest,
}

/// Candles of files.
#[derive(Default)]
struct Files {
    /// Those that are of whatever symbol asks, by timeframe.
    of_any: BTreeMap<Timeframe, Candles>,
    of_symbol: BTreeMap<SeriesKey, Candles>,
}

/// What signals are judged by whose candles come from one venue, or from files alone.
#[derive(Default)]
struct Bench {
    supply: Supply,
    symbols: BTreeSet<Symbol>,
    observer: Observer,
}

impl Files {
    fn read(files: &[CandleText]) -> Result<Self, RpcError> {
        let mut read = Self::default();
        for file in files {
            let timeframe = Timeframe::parse(&file.timeframe).map_err(|e| {
                RpcError::invalid("candles", format!("{:?} cannot be used: {e}.", file.timeframe))
            })?;
            let name = format!("candles of {timeframe}");
            let closed = candles_of(CsvFile { name: &name, bytes: file.csv.as_bytes() })?;
            let candles = Candles::new(closed, None);
            match &file.symbol {
                None => {
                    read.of_any.insert(timeframe, candles);
                }
                Some(symbol) => {
                    let symbol = Symbol::new(symbol)
                        .map_err(|e| RpcError::invalid("candles", format!("The symbol {symbol:?}: {e}.")))?;
                    read.of_symbol.insert(SeriesKey { symbol, timeframe }, candles);
                }
            }
        }
        Ok(read)
    }
}

impl<'a> Session<'a> {
    fn new(context: &'a Arc<Context>, known: &'a KnownStrategy, files: Files) -> Self {
        let answer = StrategyTest {
            signals: 0,
            confirmed: 0,
            denied: 0,
            unknown: 0,
            exits: 0,
            rows: Vec::new(),
            took_ms: 0,
        };
        Self { context, known, files, account: None, benches: BTreeMap::new(), series: 0, answer }
    }

    /// The signals are those of this webhook.
    fn at(&mut self, webhook: &WebhookId) -> Result<(), RpcError> {
        let webhooks = self.context.directory.rows();
        let Some(row) = webhooks.get(webhook) else { return Ok(()) };
        let account = &row.webhook.account_id;
        let row = self.context.store.reader().read(|view| store::accounts::get(view, account));
        self.account = row.map_err(|e| store_error(&e))?.and_then(|row| Venue::parse(&row.venue));
        Ok(())
    }

    fn one(&mut self, id: &str) -> Result<(), RpcError> {
        let id = id_of(id)?;
        let found = self.context.store.reader().read(|view| store::signals::get(view, &id));
        let found = found.map_err(|e| store_error(&e))?;
        let found = found.ok_or_else(|| RpcError::not_found("signal", id.as_str()))?;
        self.at(&found.signal.webhook_id)?;
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
        let mut judgement = self.judge(&said, &signal)?;
        let mut trouble = None;
        if matches!(judgement.outcome, Outcome::Unknown(_)) {
            trouble = self.ask(&said, &signal);
            judgement = self.judge(&said, &signal)?;
        }
        let report = self.known.report(&judgement, self.bench(&signal).supply.venue);
        self.note(&said, &judgement, report, trouble);
        Ok(())
    }

    fn all(&mut self, webhook: &WebhookId) -> Result<(), RpcError> {
        self.at(webhook)?;
        let mut after = SignalNo::ZERO;
        loop {
            let read = |view: &store::View| store::signals::said(view, webhook, after, PAGE);
            let page = self.context.store.reader().read(read).map_err(|e| store_error(&e))?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.no;
            for said in &page {
                self.past(said)?;
            }
        }
    }

    /// One of many: exits pass by, and of the conditions only the first failing one is told.
    fn past(&mut self, said: &SaidRow) -> Result<(), RpcError> {
        let Some(signal) = read(said) else { return Ok(()) };
        let is_exit = matches!(signal.intent, Intent::Close | Intent::Reduce | Intent::Cancel);
        if is_exit && self.known.strategy.definition().apply_to == ApplyTo::Entries {
            self.answer.exits += 1;
            return Ok(());
        }
        let judgement = self.judge(said, &signal)?;
        let report = self.known.brief(&judgement, self.bench(&signal).supply.venue);
        self.note(said, &judgement, report, None);
        Ok(())
    }

    fn venue_of(&self, signal: &Signal) -> Option<Venue> {
        candles::venue(&self.known.strategy, signal.exchange.as_deref(), self.account)
    }

    fn bench(&mut self, signal: &Signal) -> &mut Bench {
        let venue = self.venue_of(signal);
        let of_files = &self.files.of_symbol;
        self.benches.entry(venue).or_insert_with(|| Bench {
            supply: Supply { venue: None, series: of_files.clone() },
            ..Bench::default()
        })
    }

    fn judge(&mut self, said: &SaidRow, signal: &Signal) -> Result<Judgement, RpcError> {
        let venue = self.venue_of(signal);
        let bench = self.bench(signal);
        if bench.symbols.len() < SYMBOLS_MAX && bench.symbols.insert(signal.symbol.clone()) {
            for (timeframe, candles) in self.files.of_any.clone() {
                let key = SeriesKey { symbol: signal.symbol.clone(), timeframe };
                self.bench(signal).supply.series.entry(key).or_insert(candles);
            }
            let orders = venue.map(|venue| candles::orders(&self.known.strategy, &signal.symbol, venue));
            self.load(signal, orders.unwrap_or_default())?;
        }
        let known = self.known;
        let bench = self.bench(signal);
        let series = &bench.supply.series;
        Ok(bench.observer.judge(&known.strategy, signal, said.received_at, series))
    }

    /// Takes candles of the cache for what no file has.
    fn load(&mut self, signal: &Signal, mut orders: Vec<SeriesOrder>) -> Result<(), RpcError> {
        let series = &self.bench(signal).supply.series;
        orders.retain(|order| !series.contains_key(&key_of(order)));
        orders.truncate(SERIES_MAX.saturating_sub(self.series));
        if orders.is_empty() {
            return Ok(());
        }
        self.series += orders.len();
        let cached = outlook::cached(self.context, &orders)?;
        let bench = self.bench(signal);
        bench.supply.venue = cached.venue;
        bench.supply.series.extend(cached.series);
        Ok(())
    }

    /// Asks the venue of a signal for the candles that it was to be judged by, as far as that goes back, and says what is
    /// in the way.
    fn ask(&mut self, said: &SaidRow, signal: &Signal) -> Option<String> {
        let venue = self.venue_of(signal)?;
        if let Some(why) = outlook::bar(self.context) {
            return Some(why.to_owned());
        }
        let since = self.context.clock.now().micros_since(said.received_at);
        let mut order = Order::of(venue, &signal.symbol);
        for one in candles::orders(&self.known.strategy, &signal.symbol, venue) {
            let is_of_file = self.files.of_any.contains_key(&one.timeframe)
                || self.files.of_symbol.contains_key(&key_of(&one));
            let later = u32::try_from(since / one.timeframe.micros()).unwrap_or(u32::MAX);
            let count = one.count.saturating_add(later).saturating_add(1);
            if !is_of_file && count <= KEPT_MAX {
                order = order.with_candles(SeriesOrder { count, running: false, ..one });
            }
        }
        if order.is_empty() {
            return None;
        }
        let gathered = self.context.market.gather(self.context, order).wait(2 * GATHER_MAX);
        let Supply { series, .. } = outside::supply(gathered.as_ref());
        let bench = self.bench(signal);
        bench.supply.venue = Some(venue);
        bench.supply.series.extend(series);
        bench.observer = Observer::default();
        let late = || format!("{} has not answered in time.", venue.title());
        if gathered.is_none() { Some(late()) } else { outside::trouble(gathered.as_ref()) }
    }

    fn note(
        &mut self,
        said: &SaidRow,
        judgement: &Judgement,
        pipeline: PipelineVerdict,
        market: Option<String>,
    ) {
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
            market,
        });
    }
}

fn key_of(order: &SeriesOrder) -> SeriesKey {
    SeriesKey { symbol: order.listing.symbol.clone(), timeframe: order.timeframe }
}

fn read(said: &SaidRow) -> Option<Signal> {
    serde_json::from_str::<Canonical>(&said.canonical).ok()?.to_signal().ok()
}
