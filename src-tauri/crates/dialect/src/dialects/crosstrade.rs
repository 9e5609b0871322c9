//! CrossTrade: `key=…;command=PLACE;account=sim101;instrument=MNQ 06-25;action=BUY;qty=1;order_type=MARKET;tif=DAY;`.
//!
//! Keys in any case; the key is a secret. A second `key=` begins a second message. A sell does what the webhook's sell
//! mode says. Commands about single orders or about all instruments at once are refused by name.

use super::{Dialect, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, buy_or_sell, instrument_or_set, traded};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::Settings;
use crate::symbol::Instrument;
use crate::text::{Message, Messages, Parts, TextError, assignment, pieces};
use domain::{DialectName, Intent, OrderRequest, OrderType, Signal, SizeUnit};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::CrossTrade, json: None, text: Some(messages), read };

const COMMANDS: [&str; 9] = [
    "PLACE",
    "FLATPLACE",
    "CLOSEPOSITION",
    "FLATTEN",
    "REVERSE",
    "REVERSEPOSITION",
    "CANCEL",
    "CANCELORDERS",
    "CANCELALLORDERS",
];

/// A text of assignments with a `command` and a `key` or an `instrument` among them.
fn messages(text: &str) -> Option<Messages> {
    let separator = |c: char| matches!(c, '\n' | '\r' | ';');
    let parts = || pieces(text, separator);
    let has = |key: &str| {
        parts().any(|(_, part)| assignment(part).is_some_and(|(name, _)| name.eq_ignore_ascii_case(key)))
    };
    (has("command") && (has("key") || has("instrument"))).then(|| {
        let mut messages: Vec<Message> = Vec::new();
        for (offset, part) in parts() {
            let (name, value) = assignment(part).ok_or_else(|| {
                TextError::malformed(offset, "A part without a name: every part is key=value.")
            })?;
            let name = name.to_ascii_lowercase();
            if messages.is_empty() || name == "key" {
                let parts = Parts::default();
                // The key need not stand first in the first message.
                if messages.last().is_none_or(|m| m.parts.has("key")) {
                    messages.push(Message { offset, parts });
                }
            }
            if let Some(message) = messages.last_mut() {
                message.parts.add(&name, value, offset)?;
            }
        }
        Ok(messages)
    })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let command = fields.required_word("command")?;
    let upper = command.to_ascii_uppercase();
    if !COMMANDS.contains(&upper.as_str()) {
        return Err(unsupported_action("command", &command, &COMMANDS));
    }
    fields.skip(&["key"]);
    let instrument = instrument_or_set(fields, &["instrument"], settings)?;
    let plain = |intent| bare(intent, None, &command, instrument.clone());
    let mut signals = match upper.as_str() {
        "PLACE" => vec![place(fields, instrument.clone(), settings)?],
        "FLATPLACE" => vec![plain(Intent::Close), place(fields, instrument.clone(), settings)?],
        "CLOSEPOSITION" | "FLATTEN" => vec![plain(Intent::Close)],
        "REVERSE" | "REVERSEPOSITION" => vec![reverse(fields, &command, instrument.clone())?],
        _ => vec![plain(Intent::Cancel)],
    };
    if let Some(last) = signals.last_mut() {
        draft::rest(fields, last, &["price"])?;
    }
    Ok(signals)
}

fn place(fields: &mut Fields<'_>, instrument: Instrument, settings: &Settings) -> Result<Signal, ReadError> {
    let action = fields.required_word("action")?;
    let order =
        buy_or_sell(&action).ok_or_else(|| unsupported_action("action", &action, &["BUY", "SELL"]))?;
    let size = fields.size(&["qty", "quantity"], SizeUnit::Contracts)?;
    let (said, order_side) = traded(order, settings.sell_mode);
    let start = Start { action, said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.order = order_request(fields)?;
    Ok(signal)
}

/// Turning round, towards the action's side where there is one.
fn reverse(fields: &mut Fields<'_>, command: &str, instrument: Instrument) -> Result<Signal, ReadError> {
    let side = match fields.word(&["action"])? {
        None => None,
        Some(word) => {
            let order = buy_or_sell(&word);
            Some(order.ok_or_else(|| unsupported_action("action", &word, &["BUY", "SELL"]))?.direction())
        }
    };
    let size = fields.size(&["qty", "quantity"], SizeUnit::Contracts)?;
    Ok(Signal { size, ..bare(Intent::Reverse, side, command, instrument) })
}

fn order_request(fields: &mut Fields<'_>) -> Result<OrderRequest, ReadError> {
    let kind = match fields.word(&["order_type"])?.map(|word| word.to_ascii_uppercase()).as_deref() {
        None | Some("MARKET") => OrderType::Market,
        Some("LIMIT") => OrderType::Limit,
        Some("STOPMARKET") => OrderType::Stop,
        Some("STOPLIMIT") => OrderType::StopLimit,
        Some(other) => {
            let problem = format!("must be MARKET, LIMIT, STOPMARKET or STOPLIMIT, not {}", visible(other));
            return Err(fields.invalid("order_type", &problem));
        }
    };
    let mut order = draft::order(fields, kind, &["limit_price"], &["stop_price"], None)?;
    draft::time_in_force(fields, "tif", &mut order)?;
    Ok(order)
}
