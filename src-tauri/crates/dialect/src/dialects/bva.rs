//! Bitcoin vs Altcoins: `key|strategy name|buy|BTCUSDT`, one message a line. The key is a secret.

use super::{Dialect, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, buy_or_sell, traded};
use crate::fields::Fields;
use crate::settings::Settings;
use crate::text::{Message, Messages, Parts, TextError, lines};
use domain::DialectName;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Bva, json: None, text: Some(messages), read };

const PARTS: [&str; 4] = ["key", "strategy", "action", "symbol"];

/// A text whose first line has four parts between bars.
fn messages(text: &str) -> Option<Messages> {
    let (_, first) = lines(text).next()?;
    (first.split('|').count() == PARTS.len()).then(|| lines(text).map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let values: Vec<&str> = line.split('|').map(str::trim).collect();
    if values.len() != PARTS.len() {
        return Err(TextError::malformed(offset, "A line is key|strategy|action|symbol."));
    }
    let mut parts = Parts::default();
    let start = line.as_ptr() as usize;
    for (name, value) in PARTS.iter().zip(values) {
        parts.add(name, value, offset + (value.as_ptr() as usize - start))?;
    }
    Ok(Message { offset, parts })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let order =
        buy_or_sell(&action).ok_or_else(|| unsupported_action("action", &action, &["buy", "sell"]))?;
    let instrument = instrument(fields, "symbol", settings)?;
    fields.skip(&["key"]);
    let (said, order_side) = traded(order, settings.sell_mode);
    let start = Start { action, said, order_side, instrument, size: None };
    let mut signal = draft::begin(fields, start, settings)?;
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}
