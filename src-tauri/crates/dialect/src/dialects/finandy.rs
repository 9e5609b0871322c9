//! Finandy: `{"name":"…","secret":"…","side":"buy","symbol":"BTCUSDT","tp":{"orders":[{"ofs":"1.0","piece":"25"}]}}`.
//!
//! `side` is exactly `buy` or `sell`. Whether a sell closes or turns round is a setting there, and the webhook's sell
//! mode here. A step stands at its offset in percent, or at its price.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, target, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{BracketLevel, DialectName, OrderSide, Signal, TakeProfit};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Finandy,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::Secret, Mark::Side, Mark::Symbol]) && !marks.has(Mark::Action)
    })),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let side = fields.required_word("side")?;
    let order = match side.as_str() {
        "buy" => OrderSide::Buy,
        "sell" => OrderSide::Sell,
        _ => return Err(unsupported_action("side", &side, &["buy", "sell"])),
    };
    let instrument = instrument(fields, "symbol", settings)?;
    let (said, order_side) = traded(order, settings.sell_mode);
    let start = Start { action: side, said, order_side, instrument, size: None };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.strategy = fields.text(&["name"])?;
    signal.take_profit = steps(fields, "tp", "tp.", "tp.orders.", &mut signal)?;
    let stops = steps(fields, "sl", "sl.", "sl.orders.", &mut signal)?;
    signal.stop_loss = match stops.as_slice() {
        [] => None,
        [stop] => Some(draft::stop_at(stop.level)),
        [_, _, ..] => return Err(fields.invalid("sl", "has several orders: one stop is traded here")),
    };
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

/// The orders of a side, or the one order that stands there without a list.
fn steps(
    fields: &mut Fields<'_>,
    name: &str,
    path: &'static str,
    inner: &'static str,
    signal: &mut Signal,
) -> Result<Vec<TakeProfit>, ReadError> {
    let mut all = fields.object(name, path)?;
    let orders = all.objects("orders", inner)?;
    let mut found = Vec::new();
    for mut order in orders {
        found.extend(step(&mut order)?);
        fields.adopt(order, &mut signal.extras);
    }
    if found.is_empty() {
        found.extend(step(&mut all)?);
    }
    let off = all.choice("enabled")? == Some(false);
    all.skip(&["update"]);
    fields.adopt(all, &mut signal.extras);
    draft::within_whole(fields, name, &found)?;
    Ok(if off { Vec::new() } else { found })
}

fn step(order: &mut Fields<'_>) -> Result<Option<TakeProfit>, ReadError> {
    let offset = order.unless_zero(&["ofs"])?;
    let price = order.price_unless_zero(&["price"])?;
    let level = match (offset, price) {
        (Some(_), Some(_)) => return Err(order.contradiction("ofs", "price")),
        (Some(percent), None) => BracketLevel::Percent(percent),
        (None, Some(price)) => BracketLevel::Price(price),
        (None, None) => return Ok(None),
    };
    Ok(Some(target(level, order.positive(&["piece"])?)))
}
