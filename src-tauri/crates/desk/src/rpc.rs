//! The methods of the window and the command line: one function each, from parameters to result. Nothing here knows
//! whether a window or a shell asks.

pub(crate) mod accounts;
pub(crate) mod chart;
pub(crate) mod copy;
pub(crate) mod drift;
pub(crate) mod instruments;
pub(crate) mod market;
pub(crate) mod orders;
pub(crate) mod paste;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod resync;
pub(crate) mod risk;
pub(crate) mod signals;
pub(crate) mod status;
pub(crate) mod strategies;
pub(crate) mod strategy_test;
pub(crate) mod symbols;
pub(crate) mod test_signal;
pub(crate) mod trial;
pub(crate) mod tunnel;
pub(crate) mod webhooks;

use crate::context::Context;
use crate::refused::Refused;
use crate::tunnel::now::TunnelNow;
use crate::wire::{ListenerState, RpcError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use store::StoreError;
use webhook::ReplyQuantiles;

/// What is true of this process only: whether it listens, and how fast it answers.
#[derive(Default)]
pub(crate) struct Runtime {
    listener: Mutex<Option<ListenerState>>,
    reply_times: Mutex<Option<ReplyTimesOf>>,
    pub(crate) refused: Arc<Refused>,
    pub(crate) tunnel: TunnelNow,
}

impl Runtime {
    pub(crate) fn listener(&self) -> ListenerState {
        self.listener.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or(ListenerState::Off)
    }

    pub(crate) fn set_listener(&self, state: ListenerState) {
        *self.listener.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
    }

    /// How long the listener's answers take; nothing before it runs.
    pub(crate) fn reply_times(&self) -> Option<ReplyQuantiles> {
        let of = self.reply_times.lock().unwrap_or_else(PoisonError::into_inner);
        of.as_ref().map(|of| of())
    }

    pub(crate) fn set_reply_times(&self, of: impl Fn() -> ReplyQuantiles + Send + 'static) {
        *self.reply_times.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(of));
    }
}

type ReplyTimesOf = Box<dyn Fn() -> ReplyQuantiles + Send>;

/// Calls a method by name. Blocks for the database and for other workers, never for longer than their limits.
///
/// # Errors
/// `UNKNOWN_METHOD`, `INVALID_PARAMS`, and the method's own.
pub(crate) fn call(
    context: &Arc<Context>,
    runtime: &Runtime,
    method: &str,
    params: Value,
) -> Result<Value, RpcError> {
    match method {
        "status" => reply(status::status(context, runtime)),
        "kill.set" => reply(status::kill(context, runtime, read(params)?)),
        "doctor" => reply(Ok(crate::doctor::checks(context, runtime))),
        "market.status" => reply(market::status(context)),
        "candles.list" => reply(market::candles(context, &read(params)?)),
        "reasons" => reply(Ok(status::reasons())),
        "tunnel.status" => reply(tunnel::status(context, runtime)),
        "tunnel.acknowledge" => reply(tunnel::acknowledge(context, runtime)),
        "tunnel.reconnect" => reply(tunnel::reconnect(context, runtime)),
        "tunnel.set_token" => reply(tunnel::set_token(context, runtime, read(params)?)),
        "tunnel.clear_token" => reply(tunnel::clear_token(context, runtime)),
        "tunnel.test" => reply(tunnel::test(context, runtime)),
        "tunnel.timeline" => reply(tunnel::timeline(context, &read(params)?)),
        "settings.get" => reply(status::settings(context)),
        "settings.set" => reply(status::set(context, &read(params)?)),
        "webhooks.list" => reply(webhooks::list(context, runtime)),
        "webhooks.create" => reply(webhooks::create(context, runtime, &read(params)?)),
        "webhooks.edit" => reply(webhooks::edit(context, runtime, &read(params)?)),
        "webhooks.pause" => reply(webhooks::pause(context, runtime, &read(params)?, true)),
        "webhooks.resume" => reply(webhooks::pause(context, runtime, &read(params)?, false)),
        "webhooks.rotate" => reply(webhooks::rotate(context, runtime, &read(params)?)),
        "webhooks.delete" => reply(webhooks::delete(context, read(params)?)),
        "webhooks.template" => reply(copy::template(context, &read(params)?)),
        "webhooks.test" => reply(test_signal::send(context, runtime, &read(params)?)),
        "webhooks.resync" => reply(resync::resync(context, &read(params)?)),
        "signals.list" => reply(signals::list(context, &read(params)?)),
        "signals.show" => reply(signals::show(context, &read(params)?)),
        "signals.chart" => reply(chart::chart(context, &read(params)?)),
        "signals.replay" => reply(replay::replay(context, &read(params)?)),
        "explain" => reply(signals::explain(context, &read(params)?)),
        "messages.paste" => reply(paste::paste(context, &read(params)?)),
        "symbols.suggest" => reply(symbols::suggest(context, &read(params)?)),
        "strategies.list" => reply(strategies::list(context)),
        "strategies.show" => reply(strategies::show(context, &read(params)?)),
        "strategies.add" => reply(strategies::add(context, &read(params)?)),
        "strategies.edit" => reply(strategies::edit(context, &read(params)?)),
        "strategies.enable" => reply(strategies::enable(context, &read(params)?, true)),
        "strategies.disable" => reply(strategies::enable(context, &read(params)?, false)),
        "strategies.delete" => reply(strategies::delete(context, read(params)?)),
        "strategies.check" => reply(Ok(strategies::check(&read::<crate::wire::NewStrategy>(params)?.file))),
        "strategies.test" => reply(strategy_test::test(context, &read(params)?)),
        "accounts.list" => reply(accounts::list(context)),
        "accounts.create" => reply(accounts::create(context, &read(params)?)),
        "accounts.set" => reply(accounts::set(context, read(params)?)),
        "accounts.deposit" => reply(accounts::deposit(context, read(params)?)),
        "accounts.withdraw" => reply(accounts::withdraw(context, read(params)?)),
        "accounts.reset" => reply(accounts::reset(context, &read(params)?)),
        "accounts.archive" => reply(accounts::archive(context, read(params)?)),
        "positions.list" => reply(accounts::positions(context, &read(params)?)),
        "positions.close" => reply(accounts::close(context, read(params)?)),
        "positions.flatten" => reply(accounts::flatten(context, &read(params)?)),
        "accounts.risk" => reply(risk::usage(context, &read(params)?)),
        "accounts.keys" => reply(Ok(instruments::keys())),
        "instruments.list" => reply(instruments::list(context, &read(params)?)),
        "prices.list" => reply(instruments::prices(context, &read(params)?)),
        "orders.list" => reply(orders::list(context, &read(params)?)),
        "orders.cancel" => reply(orders::cancel(context, &read(params)?)),
        "fills.list" => reply(orders::fills(context, &read(params)?)),
        "trades.list" => reply(orders::trades(context, &read(params)?)),
        "report" => reply(report::report(context, &read(params)?)),
        "report.definitions" => reply(Ok(crate::analytics::definitions())),
        other => Err(RpcError::new("UNKNOWN_METHOD", format!("There is no method {other:?}."))),
    }
}

fn read<T: DeserializeOwned>(params: Value) -> Result<T, RpcError> {
    serde_json::from_value(params)
        .map_err(|e| RpcError::new("INVALID_PARAMS", format!("The parameters: {e}.")))
}

fn reply<T: Serialize>(result: Result<T, RpcError>) -> Result<Value, RpcError> {
    serde_json::to_value(result?).map_err(|error| {
        tracing::error!(%error, "an answer could not be written as JSON");
        RpcError::internal()
    })
}

/// An error of the database as the outside sees it; causes that the user cannot act on go to the log.
pub(crate) fn store_error(error: &StoreError) -> RpcError {
    match error {
        StoreError::Unavailable { .. } => RpcError::new(
            "STORAGE_UNAVAILABLE",
            format!("{error}. Free disk space or check the disk, then try again."),
        ),
        StoreError::QueueFull => RpcError::new("BUSY", "Too much is waiting to be written; try again."),
        StoreError::ShuttingDown => RpcError::reason(domain::ReasonCode::ShuttingDown),
        StoreError::BadCursor => RpcError::invalid("before", "The cursor is not one that a page gave out."),
        StoreError::Missing { what } => RpcError::new("NOT_FOUND", format!("There is no such {what}.")),
        StoreError::Panicked { .. }
        | StoreError::Conflict { .. }
        | StoreError::Decided { .. }
        | StoreError::Unbalanced { .. }
        | StoreError::Unreadable { .. }
        | StoreError::Newer { .. }
        | StoreError::Foreign { .. }
        | StoreError::Damaged { .. }
        | StoreError::Unsafe { .. }
        | StoreError::File { .. }
        | StoreError::Statement { .. } => {
            tracing::error!(%error, "the database refused");
            RpcError::internal()
        }
    }
}

/// A name given by the user: 1 to 80 visible characters.
pub(crate) fn name(text: &str) -> Result<String, RpcError> {
    let trimmed = text.trim();
    let fits = (1..=80).contains(&trimmed.chars().count()) && !trimmed.chars().any(char::is_control);
    if fits && trimmed.chars().any(is_visible) {
        Ok(trimmed.to_owned())
    } else {
        Err(RpcError::invalid("name", "The name must have 1 to 80 visible characters."))
    }
}

/// False for blanks and for characters that only act on their neighbours: joiners, directions, fillers.
fn is_visible(character: char) -> bool {
    let acts = matches!(
        character,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    !acts && !character.is_whitespace()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(name(text).ok().as_deref(), expected, "{text:?}");
        };
        check("  BTC scalper ", Some("BTC scalper"));
        check("👩\u{200d}🔬", Some("👩\u{200d}🔬"));
        check(&"x".repeat(80), Some(&"x".repeat(80)));
        check(&"x".repeat(81), None);
        check("", None);
        check(" \t", None);
        check("a\nb", None);
        check("\u{200b}\u{2060}\u{feff}", None);
        check("\u{3164} \u{ad}", None);
    }
}
