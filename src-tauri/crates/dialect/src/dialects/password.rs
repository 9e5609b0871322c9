//! A password on the first line and trades below it: `PasswordTest`, then `long BTCUSD q=0.1 sl=1000`.
//!
//! The password is a secret. What a bare `sl` or `tp` counts is said by the webhook's units.

use super::{Dialect, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, enters, level, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::{LevelUnit, Settings, unit_required};
use crate::text::{Message, Messages, Parts, TextError, assignment, lines};
use domain::{BracketLevel, DialectName, OrderSide, Side, Size, SizeUnit};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Password, json: None, text: Some(messages), read };

const ACTIONS: [&str; 5] = ["long", "short", "buy", "sell", "close"];

/// A text whose first line is one word and whose second begins with an action and a symbol.
fn messages(text: &str) -> Option<Messages> {
    let mut all = lines(text);
    let (_, password) = all.next()?;
    let mut words = all.next()?.1.split_whitespace();
    let known = words.next().is_some_and(|word| ACTIONS.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let one_word = !password.contains(char::is_whitespace) && !password.contains(['=', ',', '|']);
    (one_word && known && words.next().is_some()).then(|| lines(text).skip(1).map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let mut parts = Parts::default();
    let start = line.as_ptr() as usize;
    for (index, word) in line.split_whitespace().enumerate() {
        let at = offset + (word.as_ptr() as usize - start);
        match (index, assignment(word)) {
            (0, _) => parts.add("action", word, at)?,
            (1, None) => parts.add("symbol", word, at)?,
            (_, Some((name, value))) => parts.add(&name.to_ascii_lowercase(), value, at)?,
            (_, None) => {
                let sentence = "A part without a name: after action and symbol each is name=value.";
                return Err(TextError::malformed(at, sentence));
            }
        }
    }
    Ok(Message { offset, parts })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let (said, order_side) = match action.to_ascii_lowercase().as_str() {
        "long" => enters(Side::Long),
        "short" => enters(Side::Short),
        "buy" => traded(OrderSide::Buy, settings.sell_mode),
        "sell" => traded(OrderSide::Sell, settings.sell_mode),
        "close" => (Said::Leave(None), None),
        _ => return Err(unsupported_action("action", &action, &ACTIONS)),
    };
    let instrument = instrument(fields, "symbol", settings)?;
    let size = match fields.amount(&["q", "qty", "quantity"])? {
        None => None,
        Some((value, suffix)) => match (suffix.as_str(), said) {
            ("", _) => Some(Size { value, unit: SizeUnit::Base }),
            ("%", Said::Enter(_)) => Some(Size { value, unit: SizeUnit::PercentAvailable }),
            ("%", Said::Leave(_)) => Some(Size { value, unit: SizeUnit::PercentPosition }),
            (_, _) => return Err(fields.invalid("q", "must be a number, or a percentage as 10%")),
        },
    };
    let start = Start { action, said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.stop_loss = bracket(fields, "sl", settings.units.stop_loss)?.map(draft::stop_at);
    let goal = bracket(fields, "tp", settings.units.take_profit)?;
    signal.take_profit = goal.map(|level| draft::target(level, None)).into_iter().collect();
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
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
