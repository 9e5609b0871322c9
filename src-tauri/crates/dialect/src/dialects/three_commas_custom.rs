//! 3Commas signal bot of the custom type: `action` is `enter_long`, `exit_long`, `enter_short`, `exit_short` or
//! `disable`.
//!
//! A limit relative to the market (`price_percent`) is taken from the message's `trigger_price`; without one it is
//! refused, since the message then names no price.

use super::three_commas_strategy::{finish, instrument, size};
use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, leaves, target};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Side, Signal, StopLoss, TakeProfit, Trail,
    TrailUnit,
};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::ThreeCommasCustom,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.all(&[Mark::BotUuid, Mark::Secret]))),
    text: None,
    read,
};

const ACTIONS: [&str; 5] = ["enter_long", "exit_long", "enter_short", "exit_short", "disable"];
/// The most steps of a take profit.
const STEPS_MAX: usize = 8;

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let lower = action.to_ascii_lowercase();
    let (said, order_side) = match lower.as_str() {
        "enter_long" => enters(Side::Long),
        "enter_short" => enters(Side::Short),
        "exit_long" => leaves(Side::Long),
        "exit_short" => leaves(Side::Short),
        "disable" => return disable(fields, settings),
        _ => return Err(unsupported_action("action", &action, &ACTIONS)),
    };
    let instrument = instrument(fields, settings)?;
    let mut order = fields.object("order", "order.")?;
    let size = size(&mut order)?;
    let mut signal =
        draft::begin(fields, Start { action: lower, said, order_side, instrument, size }, settings)?;
    signal.price = fields.price_unless_zero(&["trigger_price"])?;
    signal.order = order_request(&mut order, &signal)?;
    signal.take_profit = take_profit(fields, &mut signal)?;
    signal.stop_loss = stop_loss(fields, &mut signal)?;
    finish(fields, &mut signal)?;
    fields.adopt(order, &mut signal.extras);
    Ok(vec![signal])
}

/// Switches the bot off, its position closed first where the message says so.
fn disable(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, settings)?;
    let closes =
        match fields.word(&["positions_sub_action"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
            Some("market_close") => true,
            None | Some("cancel") => false,
            Some(_) => return Err(fields.invalid("positions_sub_action", "must be market_close")),
        };
    let close = bare(Intent::Close, None, "disable", instrument.clone());
    let mut pause = bare(Intent::Pause, None, "disable", instrument);
    finish(fields, &mut pause)?;
    Ok(if closes { vec![close, pause] } else { vec![pause] })
}

fn order_request(order: &mut Fields<'_>, signal: &Signal) -> Result<OrderRequest, ReadError> {
    let kind = order_type(order)?;
    if kind == OrderType::Limit && matches!(signal.intent, Intent::Close | Intent::Reduce) {
        return Err(order.invalid("order_type", "must be market for an exit"));
    }
    if kind == OrderType::Limit && order.positive(&["price_percent"])?.is_some() {
        let problem =
            "is relative to the market's price of that moment, which is not traded here: name `price`";
        return Err(order.invalid("price_percent", problem));
    }
    draft::order(order, kind, &["price"], &[], None)
}

fn order_type(fields: &mut Fields<'_>) -> Result<OrderType, ReadError> {
    match fields.word(&["order_type"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("market") => Ok(OrderType::Market),
        Some("limit") => Ok(OrderType::Limit),
        Some(other) => {
            Err(fields.invalid("order_type", &format!("must be market or limit, not {}", visible(other))))
        }
    }
}

fn take_profit(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Vec<TakeProfit>, ReadError> {
    let mut all = fields.object("take_profit", "take_profit.")?;
    let enabled = all.choice("enabled")?.unwrap_or(true);
    let steps = all.objects("steps", "take_profit.steps.")?;
    if steps.len() > STEPS_MAX {
        return Err(all.invalid("steps", "has more than 8 steps"));
    }
    let mut found = Vec::with_capacity(steps.len());
    for mut step in steps {
        let level = match (step.price_unless_zero(&["price"])?, step.positive(&["price_percent"])?) {
            (Some(price), None) => BracketLevel::Price(price),
            (None, Some(percent)) => BracketLevel::Percent(percent),
            (Some(_), Some(_)) => return Err(step.contradiction("price", "price_percent")),
            (None, None) => return Err(step.missing("price_percent")),
        };
        let portion = step.positive(&["volume_percent"])?;
        step.skip(&["order_type"]);
        fields.adopt(step, &mut signal.extras);
        found.push(target(level, portion));
    }
    if !found.is_empty() && found.iter().all(|step| step.portion_pct.is_some()) {
        let sum = found.iter().filter_map(|s| s.portion_pct).try_fold(Decimal::ZERO, Decimal::checked_add);
        if sum != Some(Decimal::ONE_HUNDRED) {
            return Err(all.invalid("steps", "must have volumes of 100 % in all"));
        }
    }
    fields.adopt(all, &mut signal.extras);
    Ok(if enabled { found } else { Vec::new() })
}

fn stop_loss(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Option<StopLoss>, ReadError> {
    let mut stop = fields.object("stop_loss", "stop_loss.")?;
    let enabled = stop.choice("enabled")?.unwrap_or(true);
    let percent = stop.unless_zero(&["trigger_price_percent"])?;
    let price = stop.price_unless_zero(&["trigger_price"])?;
    let trailing = match stop.peek("trailing").map(str::to_owned) {
        None if stop.has("trailing") => stop.choice("trailing")?.unwrap_or(false),
        None => false,
        Some(_) => stop.choice("trailing")?.unwrap_or(false),
    };
    let found = match (price, percent) {
        (Some(_), Some(_)) => return Err(stop.contradiction("trigger_price", "trigger_price_percent")),
        (Some(_), None) if trailing => return Err(stop.missing("trigger_price_percent")),
        (None, Some(value)) if trailing => {
            let trail = Trail { value, unit: TrailUnit::Percent };
            Some(StopLoss { level: None, limit: None, trail: Some(trail) })
        }
        (Some(price), None) => Some(draft::stop_at(BracketLevel::Price(price))),
        (None, Some(percent)) => Some(draft::stop_at(BracketLevel::Percent(percent))),
        (None, None) if enabled && stop.has("enabled") => return Err(stop.missing("trigger_price_percent")),
        (None, None) => None,
    };
    stop.skip(&["order_type"]);
    fields.adopt(stop, &mut signal.extras);
    Ok(found.filter(|_| enabled))
}
