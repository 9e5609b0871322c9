//! Vantixs: `{"action":"buy","symbol":"{{ticker}}"}`, with `buy`, `sell` and `close`.
//!
//! Its documents stop there. The same shape with the shared optional fields (`price`, `quantity`, `exchange`, `time`,
//! `id`, `comment`, the positions, …) is Pitwire's own format. What `sell` does is left open, so the webhook's sell
//! mode decides; `close` leaves whatever is open. The symbol is in `symbol` only: a message with `ticker` is StratOne's.

use super::{JsonDialect, atomik, has};
use crate::assemble::{self, Head, entered_by, instrument, unsupported_action};
use crate::error::ReadError;
use crate::exit;
use crate::fields::Fields;
use crate::json::Object;
use crate::meaning::Said;
use crate::reading::Settings;
use domain::{DialectName, OrderSide, SellMode, Side, Signal};

pub(super) const DIALECT: JsonDialect = JsonDialect { name: DialectName::Vantixs, recognises, read };

/// An action alone is Atomik's when the webhook has a symbol for it or when it looks like Atomik's; otherwise its
/// symbol was forgotten, and saying so helps more than asking for a setting.
fn recognises(object: &Object, settings: &Settings) -> bool {
    let symbol_forgotten = has(object, "action")
        && !has(object, "ticker")
        && settings.symbol.is_none()
        && !atomik::is_certain(object);
    has(object, "symbol") || symbol_forgotten
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Result<Signal, ReadError> {
    let action = fields.required_word("action")?;
    let instrument = instrument(fields, "symbol")?;
    let comment = fields.text(&["comment"])?;
    let lower = action.to_ascii_lowercase();
    let (said, order_side) = said(&lower, settings.sell_mode, comment.as_deref())
        .ok_or_else(|| unsupported_action("action", &action, &["buy", "sell", "close"]))?;
    let head = Head { comment, ..Head::new(lower, said, order_side, instrument) };
    assemble::signal(fields, head, settings)
}

/// What an action word in lower case says.
pub(crate) fn said(action: &str, mode: SellMode, comment: Option<&str>) -> Option<(Said, Option<OrderSide>)> {
    match action {
        "buy" => Some((Said::Enter(Side::Long), Some(OrderSide::Buy))),
        "sell" => Some((sell(mode, comment), Some(OrderSide::Sell))),
        "close" => Some((Said::Leave(None), None)),
        _ => None,
    }
}

fn sell(mode: SellMode, comment: Option<&str>) -> Said {
    match mode {
        SellMode::Flip => entered_by(OrderSide::Sell),
        SellMode::Directional | SellMode::Target if exit::is_entry(comment) => entered_by(OrderSide::Sell),
        SellMode::Directional | SellMode::Target => Said::Leave(Some(Side::Long)),
    }
}
