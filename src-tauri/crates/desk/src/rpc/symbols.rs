//! A suggestion for the symbol table of a webhook, from a signal whose symbol the account does not know.

use super::accounts::opened;
use super::signals::id_of;
use super::store_error;
use super::webhooks::row_of;
use crate::context::Context;
use crate::wire::{RpcError, SignalRef, SymbolSuggestion};

/// The symbol that the account has prices of and that is probably the signal's; null when it knows the signal's own,
/// or nothing like it.
pub(crate) fn suggest(context: &Context, which: &SignalRef) -> Result<Option<SymbolSuggestion>, RpcError> {
    let id = id_of(&which.id)?;
    let found = context
        .store
        .reader()
        .read(|view| store::signals::get(view, &id))
        .map_err(|e| store_error(&e))?
        .ok_or_else(|| RpcError::not_found("signal", &which.id))?;
    let Some(symbol) = found.signal.symbol else { return Ok(None) };
    let webhook = row_of(context, found.signal.webhook_id.as_str())?.webhook;
    let (_, broker) = opened(context, &webhook.account_id)?;
    let priced = broker.state().positions.iter().filter(|(_, position)| position.observation.is_some());
    let known = dialect::same_instrument(&symbol, priced.map(|(known, _)| known));
    Ok(known.map(|known| SymbolSuggestion { from: symbol.to_string(), to: known.to_string() }))
}
