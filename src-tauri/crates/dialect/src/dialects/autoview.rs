//! Autoview: `b=long q=10% s=BTCUSD e=bitmex a=main t=market`, letters with values, one message a line.
//!
//! Percentages of stop and target count as such; a bare `sl` or `tp` counts what the webhook's units say. `c=order`
//! cancels, `c=position` closes.

use super::{Dialect, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, enters, level};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::{LevelUnit, Settings, unit_required};
use crate::text::{Message, Messages, Parts, TextError, assignment, lines};
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Side, Signal, Size, SizeUnit, TimeInForce,
};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Autoview, json: None, text: Some(messages), read };

/// The letters of the format.
const LETTERS: [&str; 14] = ["a", "e", "s", "b", "c", "q", "p", "t", "l", "d", "sl", "tp", "delay", "u"];

/// A text whose first line is of letters and values only, the symbol and a side or a cancellation among them.
fn messages(text: &str) -> Option<Messages> {
    let (_, first) = lines(text).next()?;
    let letters: Option<Vec<String>> = first
        .split_whitespace()
        .map(|word| assignment(word).map(|(name, _)| name.to_ascii_lowercase()))
        .collect();
    let letters = letters?;
    let has = |letter: &str| letters.iter().any(|known| known == letter);
    let all_known = letters.iter().all(|letter| LETTERS.contains(&letter.as_str()));
    (all_known && has("s") && (has("b") || has("c"))).then(|| lines(text).map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let mut parts = Parts::default();
    let start = line.as_ptr() as usize;
    for word in line.split_whitespace() {
        let at = offset + (word.as_ptr() as usize - start);
        let (name, value) = assignment(word)
            .ok_or_else(|| TextError::malformed(at, "A part without a letter: b=long, q=10%."))?;
        parts.add(&name.to_ascii_lowercase(), value, at)?;
    }
    Ok(Message { offset, parts })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "s", settings)?;
    if fields.choice("d")?.unwrap_or(false) {
        return Err(fields.invalid("d", "says that the message is switched off"));
    }
    let cancel = fields.word(&["c"])?.map(|word| word.to_ascii_lowercase());
    let side = fields.word(&["b"])?;
    let action = side.clone().or_else(|| cancel.clone()).ok_or_else(|| fields.missing("b"))?;
    let side = side.map(|word| side_of(&word)).transpose()?;
    let mut signal = match (cancel.as_deref(), side) {
        (Some("order"), side) => bare(Intent::Cancel, side, &action, instrument),
        (Some("position"), side) => {
            let size = size(fields, SizeUnit::PercentPosition)?;
            let intent = if size.is_some() { Intent::Reduce } else { Intent::Close };
            Signal { size, ..bare(intent, side, &action, instrument) }
        }
        (Some(_), _) => return Err(unsupported_action("c", &action, &["order", "position"])),
        (None, None) => return Err(fields.missing("b")),
        (None, Some(side)) => {
            let size = size(fields, SizeUnit::PercentAvailable)?;
            let (said, order_side) = enters(side);
            draft::begin(fields, Start { action, said, order_side, instrument, size }, settings)?
        }
    };
    order(fields, &mut signal)?;
    signal.exchange = match fields.word(&["e"])? {
        None => signal.exchange,
        Some(name) => {
            let known = crate::symbol::parse_exchange(&name);
            Some(known.ok_or_else(|| fields.invalid("e", "cannot be the name of an exchange"))?)
        }
    };
    signal.leverage = fields.unless_zero(&["l"])?;
    signal.stop_loss = bracket(fields, "sl", settings.units.stop_loss)?.map(draft::stop_at);
    let goal = bracket(fields, "tp", settings.units.take_profit)?;
    signal.take_profit = goal.map(|level| draft::target(level, None)).into_iter().collect();
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn side_of(word: &str) -> Result<Side, ReadError> {
    match word.to_ascii_lowercase().as_str() {
        "long" | "buy" => Ok(Side::Long),
        "short" | "sell" => Ok(Side::Short),
        _ => Err(unsupported_action("b", word, &["long", "short", "buy", "sell"])),
    }
}

fn size(fields: &mut Fields<'_>, percent: SizeUnit) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = fields.amount(&["q"])? else { return Ok(None) };
    match suffix.as_str() {
        "" => Ok(Some(Size { value, unit: SizeUnit::Base })),
        "%" => Ok(Some(Size { value, unit: percent })),
        _ => Err(fields.invalid("q", "must be a number, or a percentage as 10%")),
    }
}

fn order(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<(), ReadError> {
    let price = fields.price(&["p"])?;
    signal.price = price;
    let word = fields.word(&["t"])?.map(|word| word.to_ascii_lowercase());
    let (kind, time_in_force) = match word.as_deref() {
        None | Some("market" | "open" | "close") => (OrderType::Market, None),
        Some("limit" | "post") => (OrderType::Limit, None),
        Some("ioc") => (OrderType::Limit, Some(TimeInForce::Ioc)),
        Some(other) => {
            let problem = format!("must be market, limit, post or ioc, not {}", visible(other));
            return Err(fields.invalid("t", &problem));
        }
    };
    if word.as_deref() == Some("close") {
        signal.intent = Intent::Close;
        signal.size = None;
    }
    let order = draft::order(fields, kind, &["p"], &[], price)?;
    signal.order = OrderRequest { time_in_force, ..order };
    Ok(())
}

fn bracket(
    fields: &mut Fields<'_>,
    key: &'static str,
    bare: Option<LevelUnit>,
) -> Result<Option<BracketLevel>, ReadError> {
    let Some((value, suffix)) = fields.amount(&[key])? else { return Ok(None) };
    match suffix.as_str() {
        "%" => Ok(level(value, LevelUnit::Percent)),
        "" => Ok(level(value, bare.ok_or_else(|| unit_required(key))?)),
        _ => Err(fields.invalid(key, "must be a number, or a percentage as 2%")),
    }
}
