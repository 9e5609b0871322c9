//! Strategies: made, changed, enabled, disabled, deleted, checked.

use super::{name, store_error};
use crate::context::Context;
use crate::random;
use crate::wire::{
    NewStrategy, RpcError, Strategy as Shown, StrategyCheck, StrategyFault, StrategyNeed, StrategyPatch,
    StrategyRef, StrategyRevision, strategy_file,
};
use domain::{StrategyId, Symbol};
use store::strategies::StrategyRow;
use store::{StoreError, Tx, View};
use strategy::Strategy;

/// The most strategies of an installation.
const STRATEGIES_MAX: usize = 200;

pub(crate) fn list(context: &Context) -> Result<Vec<Shown>, RpcError> {
    let read = |view: &View| {
        store::strategies::list(view)?.into_iter().map(|row| shown(view, row)).collect::<Result<Vec<_>, _>>()
    };
    context.store.reader().read(read).map_err(|e| store_error(&e))
}

pub(crate) fn show(context: &Context, which: &StrategyRef) -> Result<Shown, RpcError> {
    let mut row = row_of(context, &which.id)?;
    if let Some(revision) = which.revision {
        let id = row.id.clone();
        let file = context.store.reader().read(|view| store::strategies::file_of(view, &id, revision));
        let missing = || RpcError::not_found("revision", &revision.to_string());
        row.file = file.map_err(|e| store_error(&e))?.ok_or_else(missing)?;
        row.revision = revision;
    }
    context.store.reader().read(|view| shown(view, row)).map_err(|e| store_error(&e))
}

/// The row of a strategy.
pub(crate) fn row_of(context: &Context, text: &str) -> Result<StrategyRow, RpcError> {
    let missing = || RpcError::not_found("strategy", text);
    let id = StrategyId::parse(text).map_err(|_| missing())?;
    let row = context.store.reader().read(|view| store::strategies::get(view, &id));
    row.map_err(|e| store_error(&e))?.ok_or_else(missing)
}

fn shown(view: &View, row: StrategyRow) -> Result<Shown, StoreError> {
    let revisions = store::strategies::revisions(view, &row.id)?;
    let asks = |webhook: &store::webhooks::Webhook| webhook.strategy_id.as_deref() == Some(row.id.as_str());
    let webhooks = store::webhooks::list(view)?;
    let read = strategy_file::read(&row.file).ok();
    let apply_to = read.as_ref().map(|s| s.definition().apply_to).unwrap_or(strategy::ApplyTo::Entries);
    let timeframes = read.iter().flat_map(Strategy::timeframes).map(|t| t.to_string()).collect();
    Ok(Shown {
        webhook_ids: webhooks.iter().filter(|w| asks(&w.webhook)).map(|w| w.webhook.id.to_string()).collect(),
        id: row.id.to_string(),
        name: row.name,
        enabled: row.enabled,
        revision: row.revision,
        revisions: revisions
            .iter()
            .map(|r| StrategyRevision { number: r.number, created_at: r.created_at.to_string() })
            .collect(),
        apply_to: apply_to.as_str().to_owned(),
        timeframes,
        file: serde_json::from_str(&row.file).unwrap_or(serde_json::Value::Null),
        created_at: row.created_at.to_string(),
        updated_at: row.updated_at.to_string(),
    })
}

/// Reads a file that is to be kept. The error is the first fault; `strategies.check` has them all.
pub(crate) fn read(text: &str) -> Result<Strategy, RpcError> {
    let strategy = strategy_file::read(text).map_err(|faults| refused(&faults))?;
    name(&strategy.definition().name).map_err(|e| RpcError { path: Some("name".into()), ..e })?;
    Ok(strategy)
}

fn refused(faults: &[StrategyFault]) -> RpcError {
    let Some(first) = faults.first() else { return RpcError::internal() };
    let place = if first.path.is_empty() { String::new() } else { format!("{}: ", first.path) };
    let more = match faults.len() - 1 {
        0 => String::new(),
        1 => " There is one more fault.".to_owned(),
        more => format!(" There are {more} more faults."),
    };
    RpcError {
        path: Some(first.path.as_str()).filter(|path| !path.is_empty()).map(Into::into),
        line: first.line,
        column: first.column,
        ..RpcError::new("INVALID_STRATEGY", format!("{place}{}{more}", first.error))
    }
}

/// The text that is kept of a strategy: its one form, not what was typed.
fn kept(strategy: &Strategy) -> String {
    strategy_file::write(strategy.definition()).to_string()
}

pub(crate) fn add(context: &Context, new: &NewStrategy) -> Result<Shown, RpcError> {
    let strategy = read(&new.file)?;
    let (id, at) = (random::strategy_id(), context.clock.now());
    let (row, called, file) = (id.clone(), strategy.definition().name.clone(), kept(&strategy));
    let inserted = context.store.writer().run(move |tx| {
        if store::strategies::list(tx)?.len() >= STRATEGIES_MAX {
            return Ok(false);
        }
        store::strategies::insert(tx, &row, &called, &file, at).map(|()| true)
    });
    if !inserted.map_err(|e| store_error(&e))? {
        let text = format!("There are {STRATEGIES_MAX} strategies already, as many as allowed. Delete one.");
        return Err(RpcError::new("TOO_MANY_STRATEGIES", text));
    }
    changed(context, id.as_str())
}

pub(crate) fn edit(context: &Context, patch: &StrategyPatch) -> Result<Shown, RpcError> {
    let id = row_of(context, &patch.id)?.id;
    let strategy = read(&patch.file)?;
    let (called, file, at) = (strategy.definition().name.clone(), kept(&strategy), context.clock.now());
    write(context, move |tx| store::strategies::revise(tx, &id, &called, &file, at))?;
    changed(context, &patch.id)
}

pub(crate) fn enable(context: &Context, which: &StrategyRef, enabled: bool) -> Result<Shown, RpcError> {
    let (id, at) = (row_of(context, &which.id)?.id, context.clock.now());
    write(context, move |tx| store::strategies::set_enabled(tx, &id, enabled, at))?;
    changed(context, &which.id)
}

/// Deletes a strategy; its revisions stay for the verdicts that name them.
pub(crate) fn delete(context: &Context, which: StrategyRef) -> Result<StrategyRef, RpcError> {
    let (id, at) = (row_of(context, &which.id)?.id, context.clock.now());
    write(context, move |tx| store::strategies::delete(tx, &id, at))?;
    context.directory.reload().map_err(|e| store_error(&e))?;
    Ok(which)
}

fn write(
    context: &Context,
    job: impl Fn(&Tx) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), RpcError> {
    context.store.writer().run(move |tx| job(tx)).map_err(|e| store_error(&e))
}

fn changed(context: &Context, id: &str) -> Result<Shown, RpcError> {
    context.directory.reload().map_err(|e| store_error(&e))?;
    show(context, &StrategyRef { id: id.to_owned(), revision: None })
}

/// Everything that is wrong with a file, or the candles that it needs.
pub(crate) fn check(text: &str) -> StrategyCheck {
    let strategy = match strategy_file::read(text) {
        Ok(strategy) => strategy,
        Err(faults) => return StrategyCheck { ok: false, faults, needs: Vec::new() },
    };
    // No alert has this symbol, so what is of it is of whatever symbol an alert has.
    let any = Symbol::new("0").expect("BUG: a digit is a symbol");
    let needs = strategy.needs(&any).into_iter().map(|need| StrategyNeed {
        symbol: Some(need.key.symbol.to_string()).filter(|_| need.key.symbol != any),
        timeframe: need.key.timeframe.to_string(),
        candles: u32::try_from(need.candles).unwrap_or(u32::MAX),
    });
    StrategyCheck { ok: true, faults: Vec::new(), needs: needs.collect() }
}
