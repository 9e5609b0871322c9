//! StratOne: `{"ticker":"AAPL","action":"buy","orderType":"market","price":150.25,"quantity":100}`.
//!
//! `ticker`, `action` and `price` are required. `buy` and `sell` open and close a long, `short` and `cover` open and
//! close a short, whatever the webhook's sell mode: its documents say so. Its default quantity of 100 is a matter of
//! sizing and not in the signal; `confidence` stays among the extras.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{self, Head, instrument, unsupported_action};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{DialectName, OrderSide, Side};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::StratOne,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.has(Mark::Ticker))),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "ticker", settings)?;
    let action = fields.required_word("action")?;
    let lower = action.to_ascii_lowercase();
    let (said, order_side) = said(&lower)
        .ok_or_else(|| unsupported_action("action", &action, &["buy", "sell", "short", "cover"]))?;
    let head = Head { price_is_level: true, ..Head::new(lower, said, Some(order_side), instrument) };
    let signal = assemble::signal(fields, head, settings)?;
    if signal.price.is_none() { Err(fields.missing("price")) } else { Ok(vec![signal]) }
}

/// What an action word in lower case says.
pub(crate) fn said(action: &str) -> Option<(Said, OrderSide)> {
    match action {
        "buy" => Some((Said::Enter(Side::Long), OrderSide::Buy)),
        "sell" => Some((Said::Leave(Some(Side::Long)), OrderSide::Sell)),
        "short" => Some((Said::Enter(Side::Short), OrderSide::Sell)),
        "cover" => Some((Said::Leave(Some(Side::Short)), OrderSide::Buy)),
        _ => None,
    }
}
