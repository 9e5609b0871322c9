//! PickMyTrade: `{"symbol":"NQ1!","data":"buy","quantity":"1","price":"…","percentage_tp":"1","token":"…"}`.
//!
//! `data` is `buy`, `sell` or `close`; everything that is zero is unset, and numbers and booleans are often texts.
//! `update_tp` and `update_sl` change the bracket of the position instead of trading. Stops that move by themselves
//! (`trail_trigger`, `trail_freq`, `breakeven`) are refused.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, enters};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Side, Signal, Size, SizeUnit, StopLoss,
    Trail, TrailUnit,
};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::PickMyTrade,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::Data, Mark::Token, Mark::Symbol])
    })),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("data")?;
    let lower = word.to_ascii_lowercase();
    let instrument = instrument(fields, "symbol", settings)?;
    let (said, order_side) = match lower.as_str() {
        "buy" => enters(Side::Long),
        "sell" => enters(Side::Short),
        "close" => (Said::Leave(None), None),
        _ => return Err(unsupported_action("data", &word, &["buy", "sell", "close"])),
    };
    let updates = fields.choice("update_tp")?.unwrap_or(false) | fields.choice("update_sl")?.unwrap_or(false);
    let size = size(fields)?;
    let mut signal = match said {
        Said::Enter(side) if updates => bare(Intent::OrderUpdate, Some(side), &lower, instrument),
        // A close is of everything there, whatever quantity the template has.
        Said::Leave(_) => {
            draft::begin(fields, Start { action: lower, said, order_side, instrument, size: None }, settings)?
        }
        Said::Enter(_) => {
            draft::begin(fields, Start { action: lower, said, order_side, instrument, size }, settings)?
        }
    };
    signal.price = fields.price_unless_zero(&["price"])?;
    signal.order = order(fields, &signal)?;
    let goal = level(fields, "tp", "percentage_tp", "dollar_tp")?;
    let stop = level(fields, "sl", "percentage_sl", "dollar_sl")?;
    let trail = trail(fields)?;
    if signal.intent != Intent::Close {
        signal.take_profit = goal.map(|level| draft::target(level, None)).into_iter().collect();
        signal.stop_loss =
            (stop.is_some() || trail.is_some()).then_some(StopLoss { level: stop, limit: None, trail });
    }
    fields.skip(&["duplicate_position_allow", "reverse_order_close", "multiple_accounts", "pyramid"]);
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let quantity = fields.unless_zero(&["quantity"])?;
    let risk = fields.unless_zero(&["risk_percentage"])?;
    Ok(match (risk, quantity) {
        (Some(value), _) => Some(Size { value, unit: SizeUnit::RiskPercent }),
        (None, Some(value)) => Some(Size { value, unit: SizeUnit::Base }),
        (None, None) => None,
    })
}

fn order(fields: &mut Fields<'_>, signal: &Signal) -> Result<OrderRequest, ReadError> {
    let kind = match fields.word(&["order_type"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("mkt" | "market") => return Ok(OrderRequest::MARKET),
        Some("lmt" | "limit") => OrderType::Limit,
        Some("stp" | "stop") => OrderType::Stop,
        Some(other) => {
            return Err(
                fields.invalid("order_type", &format!("must be MKT, LMT or STP, not {}", visible(other)))
            );
        }
    };
    draft::order(fields, kind, &["price"], &["price"], signal.price)
}

/// The one of a price, a percentage and a distance that is set.
fn level(
    fields: &mut Fields<'_>,
    price: &'static str,
    percent: &'static str,
    distance: &'static str,
) -> Result<Option<BracketLevel>, ReadError> {
    let named = [
        (price, fields.price_unless_zero(&[price])?.map(BracketLevel::Price)),
        (percent, fields.unless_zero(&[percent])?.map(BracketLevel::Percent)),
        (distance, fields.unless_zero(&[distance])?.map(BracketLevel::Absolute)),
    ];
    let mut set = named.into_iter().filter_map(|(name, level)| Some((name, level?)));
    match (set.next(), set.next()) {
        (Some((one, _)), Some((other, _))) => Err(fields.contradiction(one, other)),
        (first, _) => Ok(first.map(|(_, level)| level)),
    }
}

fn trail(fields: &mut Fields<'_>) -> Result<Option<Trail>, ReadError> {
    for name in ["trail_trigger", "trail_freq", "breakeven"] {
        if fields.unless_zero(&[name])?.is_some() {
            return Err(fields.invalid(name, "moves the stop by steps, which is not traded here"));
        }
    }
    let on = fields.unless_zero(&["trail"])?.is_some();
    let distance = fields.unless_zero(&["trail_stop"])?;
    match (on, distance) {
        (true, None) => Err(fields.missing("trail_stop")),
        (_, distance) => Ok(distance.map(|value| Trail { value, unit: TrailUnit::Absolute })),
    }
}
