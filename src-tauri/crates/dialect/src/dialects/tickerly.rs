//! Tickerly: `{"ticker":"EURUSD","action":"buy","prev_position":"flat","quantity":"1000","pointer":"…"}`.
//!
//! The action with the position before it decides: a buy when flat or long enters, a buy when short leaves the short.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, leaves, traded};
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{DialectName, Intent, NetQuantity, Side, Signal, SizeUnit};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Tickerly,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.has(Mark::Pointer) || marks.all(&[Mark::Ticker, Mark::Action, Mark::PrevPosition])
    })),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let order =
        buy_or_sell(&action).ok_or_else(|| unsupported_action("action", &action, &["buy", "sell"]))?;
    let instrument = instrument(fields, "ticker", settings)?;
    let size = fields.size(&["quantity"], SizeUnit::Base)?;
    fields.skip(&["pointer"]);
    let previous = fields.word(&["prev_position"])?.map(|word| word.to_ascii_lowercase());
    let entered = order.direction();
    let mut signal = match previous.as_deref() {
        None => {
            let (said, order_side) = traded(order, settings.sell_mode);
            draft::begin(fields, Start { action, said, order_side, instrument, size }, settings)?
        }
        Some("flat") => {
            let mut signal = bare(Intent::Open, Some(entered), &action, instrument);
            signal.previous_position = Some(NetQuantity::new(Decimal::ZERO));
            Signal { size, ..signal }
        }
        Some(word @ ("long" | "short")) if Side::parse(word) == Some(entered) => {
            Signal { size, ..bare(Intent::Increase, Some(entered), &action, instrument) }
        }
        Some("long" | "short") => {
            let (said, order_side) = leaves(entered.opposite());
            draft::begin(fields, Start { action, said, order_side, instrument, size }, settings)?
        }
        Some(_) => return Err(fields.invalid("prev_position", "must be long, short or flat")),
    };
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}
