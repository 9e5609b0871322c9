//! Instruments as an account has them, its settings, and the prices that were seen.

use super::accounts::{id_or_first, opened};
use super::orders::shown_fill;
use super::store_error;
use crate::context::Context;
use crate::wire::{
    AccountRef, Canonical, ConfigKey, FillWhy, Instrument, PricePoint, PriceQuery, PriceSeries, RpcError,
    checks,
};
use domain::Symbol;
use paper::{Broker, CheckName, Config, Position};
use std::collections::BTreeMap;
use store::signals::Refused;

/// Prices of a series that names no number.
const PRICES: u32 = 1_000;
/// Prices of a series at most.
const PRICES_MAX: u32 = 5_000;

/// Every setting of an account.
pub(crate) fn keys() -> Vec<ConfigKey> {
    let shown = |key: paper::ConfigKey| ConfigKey {
        key: key.key.to_owned(),
        description: key.description.to_owned(),
        form: key.form.to_owned(),
        default: key.default,
    };
    Config::keys().into_iter().map(shown).collect()
}

/// Every symbol that the account has seen a price of.
pub(crate) fn list(context: &Context, which: &AccountRef) -> Result<Vec<Instrument>, RpcError> {
    let id = id_or_first(context, which.account_id.as_deref())?;
    let (_, broker) = opened(context, &id)?;
    let seen = broker.state().positions.iter();
    Ok(seen.map(|(symbol, position)| shown(id.as_str(), symbol, position, &broker)).collect())
}

fn shown(account: &str, symbol: &Symbol, position: &Position, broker: &Broker) -> Instrument {
    let found = broker.instrument(symbol);
    let prefix = format!("instrument.{symbol}.");
    let entries = broker.config().entries();
    let own = entries.iter().filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?, value)));
    let settings: BTreeMap<String, String> =
        own.filter(|(field, _)| !field.contains('.')).map(|(f, v)| (f.to_owned(), v.clone())).collect();
    Instrument {
        account_id: account.to_owned(),
        symbol: symbol.to_string(),
        market: position.market.map(|market| market.as_str().to_owned()),
        tick: found.tick.to_string(),
        step: found.step.to_string(),
        min_qty: found.min_qty.to_string(),
        max_qty: found.max_qty.map(|most| most.to_string()),
        min_notional: found.min_notional.to_string(),
        multiplier: found.multiplier.to_string(),
        init_margin_long: found.init_margin_long.to_string(),
        init_margin_short: found.init_margin_short.to_string(),
        pip: found.pip.to_string(),
        shortable: found.shortable,
        mark: position.observation.as_ref().and_then(|o| o.mark().ok()).map(|mark| mark.to_string()),
        mark_at: position.observation.as_ref().map(|o| o.at.to_string()),
        settings,
    }
}

/// The prices of alerts and fills of a symbol, and the fills themselves. An alert that was denied after its price was
/// found good has moved the mark like any other.
pub(crate) fn prices(context: &Context, query: &PriceQuery) -> Result<PriceSeries, RpcError> {
    let id = id_or_first(context, query.account_id.as_deref())?;
    let symbol = Symbol::new(&query.symbol.to_uppercase())
        .map_err(|e| RpcError::invalid("symbol", format!("{e}.")))?;
    let limit = query.limit.unwrap_or(PRICES);
    if !(2..=PRICES_MAX).contains(&limit) {
        return Err(RpcError::invalid("limit", "The limit must be 2 to 5000."));
    }
    let rows = context.store.reader().read(|view| store::fills::of_symbol(view, &id, &symbol, limit));
    let mut rows = rows.map_err(|e| store_error(&e))?;
    rows.reverse();
    let mut points = Vec::new();
    for row in &rows {
        let why = serde_json::from_str::<FillWhy>(&row.why).unwrap_or_default();
        if let (Some(at), "alert") = (why.observed_at, why.source.as_str()) {
            points.push(PricePoint { at, price: why.reference, source: why.source });
        }
        let (at, price) = (row.at.to_string(), row.price.to_string());
        points.push(PricePoint { at, price, source: "fill".to_owned() });
    }
    let refused =
        context.store.reader().read(|view| store::signals::refused_of_symbol(view, &id, &symbol, limit));
    points.extend(refused.map_err(|e| store_error(&e))?.into_iter().filter_map(heard));
    let (_, broker) = opened(context, &id)?;
    let newest = broker.state().positions.get(&symbol).and_then(|p| p.observation.as_ref());
    if let Some((price, at)) = newest.and_then(|o| Some((o.mark().ok()?, o.at))) {
        points.push(PricePoint { at: at.to_string(), price: price.to_string(), source: "mark".to_owned() });
    }
    // Times are of one form and length, so their texts are in their order.
    points.sort_by(|a, b| a.at.cmp(&b.at));
    let fills = rows.into_iter().map(shown_fill).collect();
    Ok(PriceSeries { account_id: id.to_string(), symbol: symbol.to_string(), points, fills })
}

/// The price of a rejected alert, where it was judged to be one.
fn heard(signal: Refused) -> Option<PricePoint> {
    let checks = checks::shown(signal.checks.as_deref());
    let heard = checks.iter().any(|check| check.name == CheckName::Price.as_str() && check.outcome == "pass");
    let says = signal.canonical.filter(|_| heard)?;
    let price = serde_json::from_str::<Canonical>(&says).ok()?.price?;
    Some(PricePoint { at: signal.received_at.to_string(), price, source: "alert".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The settings as `docs/ACCOUNTS.md` has them; `PITWIRE_WRITE_BINDINGS=1` rewrites them there.
    #[test]
    fn every_setting_is_documented() {
        const HEAD: &str = "| Key | Default | Takes | What it does |\n|---|---|---|---|\n";
        let row = |key: &ConfigKey| {
            format!("| `{}` | `{}` | {} | {} |\n", key.key, key.default, key.form, key.description)
        };
        let table: String = keys().iter().map(row).collect();
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/ACCOUNTS.md");
        let found = std::fs::read_to_string(&file).unwrap();
        let (before, rest) = found.split_once(HEAD).unwrap();
        let after = rest.find("\n\n").map_or("", |end| &rest[end + 1..]);
        let wanted = format!("{before}{HEAD}{table}{after}");
        if std::env::var_os("PITWIRE_WRITE_BINDINGS").is_some() {
            std::fs::write(&file, &wanted).unwrap();
        } else {
            assert!(found == wanted, "docs/ACCOUNTS.md is stale: run `cargo xtask bindings`");
        }
    }
}
