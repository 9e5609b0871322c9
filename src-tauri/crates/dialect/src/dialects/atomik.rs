//! Atomik: `{"action":"SELL","comment":"EXIT_50"}`, with the symbol set on the webhook.
//!
//! `BUY` enters a long and `SELL` leaves it wholly, unless the comment says `ENTRY` (then `SELL` enters a short) or
//! `EXIT_…` (then `SELL` takes from a long and `BUY` from a short). Any other comment counts as none: TradingView fills
//! the comment with the order's name when the script has no comment. A message with a symbol of its own is read as
//! Atomik's only where the webhook says so.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{self, Head, entered_by, instrument, unsupported_action};
use crate::error::ReadError;
use crate::exit;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{DialectName, OrderSide, Side};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Atomik,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.has(Mark::Action))),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let comment = fields.text(&["comment"])?;
    let lower = action.to_ascii_lowercase();
    let (said, order_side) = match lower.as_str() {
        "buy" => (Said::Enter(Side::Long), OrderSide::Buy),
        "sell" if exit::is_entry(comment.as_deref()) => (entered_by(OrderSide::Sell), OrderSide::Sell),
        "sell" => (Said::Leave(Some(Side::Long)), OrderSide::Sell),
        _ => return Err(unsupported_action("action", &action, &["BUY", "SELL"])),
    };
    let instrument = traded(fields, settings)?;
    let head = Head { comment, strict_exits: true, ..Head::new(lower, said, Some(order_side), instrument) };
    assemble::signal(fields, head, settings).map(|signal| vec![signal])
}

fn traded(fields: &mut Fields<'_>, settings: &Settings) -> Result<Instrument, ReadError> {
    if let Some(name) = ["symbol", "ticker"].into_iter().find(|name| fields.has(name)) {
        return instrument(fields, name, settings);
    }
    settings.symbol_or_refused().map(Instrument::of_webhook)
}

/// Whether an object without a symbol is Atomik's by its own marks: a word in capitals, or one of its comments. A
/// plain `{"action":"buy"}` may as well be a message whose symbol was forgotten.
pub(super) fn is_certain(marks: &Marks<'_>) -> bool {
    let comment = marks.text("comment");
    let shouted = matches!(marks.text("action"), Some("BUY" | "SELL"));
    let exits = comment.is_some_and(|c| c.to_ascii_uppercase().starts_with("EXIT_"));
    shouted || exits || exit::is_entry(comment)
}
