//! Stop loss and take profits, each as a price or as an object with one distance; several take profits as a list.
//! `assemble.rs` calls it for every format.
//!
//! A position must not be opened without the protection that its message asks for, so fields that ask for it in ways
//! that are not read here refuse the message instead of becoming extras.

use crate::draft;
use crate::error::{ReadError, visible};
use crate::fields::{Fields, Level};
use domain::{BracketLevel, Price, ReasonCode, Signal, StopLoss, TakeProfit, Trail, TrailUnit};
use rust_decimal::Decimal;

const STOP_LOSS: &[&str] = &["stopLoss", "stop_loss", "stoploss", "sl"];
const TAKE_PROFIT: &[&str] =
    &["takeProfit", "take_profit", "takeprofit", "tp", "takeProfits", "take_profits", "targets"];
/// How much of the position a take profit takes, in percent.
const PORTION: &[&str] = &["portion", "portionPct", "portion_pct"];
const TRAIL_PERCENT: &[&str] = &["trailPercent", "trail_percent"];
const TRAIL_AMOUNT: &[&str] = &["trailAmount", "trail_amount"];
const LIMIT: &[&str] = &["limitPrice", "limit_price", "limit"];

/// Names, in any case, under which formats ask for protection.
const ASKING: [&str; 12] = [
    "takeprofit",
    "take_profit",
    "takeprofits",
    "tp",
    "targets",
    "stoploss",
    "stop_loss",
    "sl",
    "trailamount",
    "trailpercent",
    "trailingstop",
    "trail",
];

/// Reads stop loss and take profits into the signal.
pub(crate) fn read(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<(), ReadError> {
    signal.stop_loss = match fields.level(STOP_LOSS, "stopLoss.")? {
        None => None,
        Some(Level::Price(price)) => Some(at(BracketLevel::Price(price))),
        Some(Level::Object(mut nested)) => {
            let stop = stop_loss(&mut nested)?;
            fields.adopt(nested, &mut signal.extras);
            Some(stop)
        }
    };
    for level in fields.levels(TAKE_PROFIT, "takeProfit.")? {
        let step = match level {
            Level::Price(price) => draft::target(BracketLevel::Price(price), None),
            Level::Object(mut nested) => {
                let step = take_profit(&mut nested)?;
                fields.adopt(nested, &mut signal.extras);
                step
            }
        };
        signal.take_profit.push(step);
    }
    draft::within_whole(fields, TAKE_PROFIT[0], &signal.take_profit)
}

/// What a trailing stop trails by.
pub(crate) fn trail(fields: &mut Fields<'_>) -> Result<Option<Trail>, ReadError> {
    let percent = above_zero(fields, TRAIL_PERCENT)?.map(|value| Trail { value, unit: TrailUnit::Percent });
    let amount = above_zero(fields, TRAIL_AMOUNT)?.map(|value| Trail { value, unit: TrailUnit::Absolute });
    if percent.is_some() && amount.is_some() {
        return Err(fields.contradiction(TRAIL_PERCENT[0], TRAIL_AMOUNT[0]));
    }
    Ok(percent.or(amount))
}

/// Refuses what asks for protection and was not read.
pub(crate) fn refuse_unread(fields: &Fields<'_>) -> Result<(), ReadError> {
    let asks = |name: &str| ASKING.iter().any(|known| known.eq_ignore_ascii_case(name));
    let Some(name) = fields.unread_and_set().find(|name| asks(name)) else { return Ok(()) };
    let sentence = format!(
        "The message asks for a stop loss or take profit with {}, which is not known: `stopLoss` and `takeProfit` are, \
         with a price or with {{\"percent\":…}}, {{\"amount\":…}} or {{\"pips\":…}}.",
        visible(name)
    );
    Err(ReadError::new(ReasonCode::InvalidField, sentence).at_field(name))
}

fn at(level: BracketLevel) -> StopLoss {
    StopLoss { level: Some(level), limit: None, trail: None }
}

fn take_profit(fields: &mut Fields<'_>) -> Result<TakeProfit, ReadError> {
    let level = distance(fields, &["price", "limitPrice", "limit_price"])?;
    let level = level.ok_or_else(|| fields.missing("percent"))?;
    Ok(draft::target(level, fields.positive(PORTION)?))
}

fn stop_loss(fields: &mut Fields<'_>) -> Result<StopLoss, ReadError> {
    let kind = fields.word(&["type"])?.map(|word| word.to_ascii_lowercase());
    if let Some(kind) = kind.filter(|kind| !["stop", "stop_limit", "trailing_stop"].contains(&kind.as_str()))
    {
        let problem = format!("must be stop, stop_limit or trailing_stop, not {}", visible(&kind));
        return Err(fields.invalid("type", &problem));
    }
    let level = distance(fields, &["price", "stopPrice", "stop_price"])?;
    let (limit, trail) = (fields.price(LIMIT)?, trail(fields)?);
    if level.is_none() && trail.is_none() {
        return Err(fields.missing("percent"));
    }
    Ok(StopLoss { level, limit, trail })
}

/// The one level that an object names.
fn distance(fields: &mut Fields<'_>, prices: &[&str]) -> Result<Option<BracketLevel>, ReadError> {
    let price: Option<Price> = fields.price(prices)?;
    let named = [
        ("price", price.map(BracketLevel::Price)),
        ("percent", above_zero(fields, &["percent", "pct"])?.map(BracketLevel::Percent)),
        ("amount", above_zero(fields, &["amount", "abs"])?.map(BracketLevel::Absolute)),
        ("pips", above_zero(fields, &["pips"])?.map(BracketLevel::Pips)),
    ];
    let mut found = named.into_iter().filter_map(|(name, level)| Some((name, level?)));
    match (found.next(), found.next()) {
        (Some((one, _)), Some((other, _))) => Err(fields.contradiction(one, other)),
        (first, _) => Ok(first.map(|(_, level)| level)),
    }
}

fn above_zero(fields: &mut Fields<'_>, names: &[&str]) -> Result<Option<Decimal>, ReadError> {
    let value = fields.decimal(names)?;
    if value.is_some_and(|value| value <= Decimal::ZERO) {
        return Err(fields.invalid(names[0], "must be above zero"));
    }
    Ok(value)
}
