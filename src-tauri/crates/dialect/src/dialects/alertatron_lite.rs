//! Alertatron Signals Lite: `{"side":"long","amount":"25%","takeProfit":true,"takeProfitOffset":"2%"}`.
//!
//! The symbol is a setting there and so of the webhook. `closeExisting` closes what is open the other way first.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, instrument_or_set, level};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::{LevelUnit, Settings};
use domain::{BracketLevel, DialectName, Intent, OrderType, Side, Signal, Size, SizeUnit};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::AlertatronLite,
    json: Some(JsonForm::Recognised(recognises)),
    text: None,
    read,
};

fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let side = marks.text("side").map(str::to_ascii_lowercase);
    let own = match side.as_deref() {
        Some("long" | "short") => marks.has(Mark::Amount),
        Some("close") => true,
        Some(_) | None => false,
    };
    let others =
        [Mark::Symbol, Mark::Ticker, Mark::Pair, Mark::Instrument, Mark::Asset, Mark::Market, Mark::Action];
    own && !marks.any(&others)
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("side")?;
    let instrument = instrument_or_set(fields, &["symbol"], settings)?;
    let side = match word.to_ascii_lowercase().as_str() {
        "long" => Side::Long,
        "short" => Side::Short,
        "close" => {
            let mut signal = bare(Intent::Close, None, &word, instrument);
            draft::rest(fields, &mut signal, &[])?;
            return Ok(vec![signal]);
        }
        _ => return Err(unsupported_action("side", &word, &["long", "short", "close"])),
    };
    let size = size(fields)?;
    let closes = fields.choice("closeExisting")?.unwrap_or(false);
    let mut signal = if closes {
        Signal { size, ..bare(Intent::Reverse, Some(side), &word, instrument) }
    } else {
        let (said, order_side) = enters(side);
        draft::begin(fields, Start { action: word, said, order_side, instrument, size }, settings)?
    };
    let kind = match fields.word(&["entry"])?.map(|entry| entry.to_ascii_lowercase()).as_deref() {
        None | Some("market") => OrderType::Market,
        Some("limit") => OrderType::Limit,
        Some(other) => {
            return Err(fields.invalid("entry", &format!("must be market or limit, not {}", visible(other))));
        }
    };
    signal.price = fields.price(&["price"])?;
    signal.order = draft::order(fields, kind, &["price"], &[], signal.price)?;
    signal.take_profit = offset(fields, "takeProfit", "takeProfitOffset")?
        .map(|level| draft::target(level, None))
        .into_iter()
        .collect();
    signal.stop_loss = offset(fields, "stopLoss", "stopLossOffset")?.map(draft::stop_at);
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

/// `25%` of what is available, or a number of units.
fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = fields.amount(&["amount"])? else { return Err(fields.missing("amount")) };
    let unit = match suffix.as_str() {
        "" => SizeUnit::Base,
        "%" | "%a" => SizeUnit::PercentAvailable,
        "%e" => SizeUnit::PercentEquity,
        _ => return Err(fields.invalid("amount", "must be a number, or a percentage as 25%")),
    };
    Ok(Some(Size { value, unit }))
}

/// A protection that is switched on, and its distance.
fn offset(
    fields: &mut Fields<'_>,
    switch: &str,
    name: &'static str,
) -> Result<Option<BracketLevel>, ReadError> {
    let on = fields.choice(switch)?;
    let Some((value, suffix)) = fields.amount(&[name])? else {
        return if on == Some(true) { Err(fields.missing(name)) } else { Ok(None) };
    };
    let unit = match suffix.as_str() {
        "%" => LevelUnit::Percent,
        "" => LevelUnit::Absolute,
        _ => return Err(fields.invalid(name, "must be a distance, as 2% or 200")),
    };
    Ok(level(value, unit).filter(|_| on != Some(false)))
}
