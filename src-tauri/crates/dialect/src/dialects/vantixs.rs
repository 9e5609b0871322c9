//! Vantixs: `{"action":"buy","symbol":"{{ticker}}"}`, with `buy`, `sell` and `close`.
//!
//! Its documents stop there. The same shape with the shared optional fields (`price`, `quantity`, `exchange`, `time`,
//! `id`, `comment`, the positions, …) is Pitwire's own format. What `sell` does is left open, so the webhook's sell
//! mode decides; `close` leaves whatever is open. The symbol is in `symbol` only: a message with `ticker` is StratOne's.

use super::{Dialect, JsonForm, Mark, Marks, Signals, atomik};
use crate::assemble::{self, Head, entered_by, instrument, unsupported_action};
use crate::exit;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{DialectName, OrderSide, SellMode, Side};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Vantixs, json: Some(JsonForm::Recognised(recognises)), text: None, read };

/// An action alone is Atomik's when the webhook has a symbol for it or when it looks like Atomik's; otherwise its
/// symbol was forgotten, and saying so helps more than asking for a setting.
fn recognises(marks: &Marks<'_>, settings: &Settings) -> bool {
    let symbol_forgotten = marks.has(Mark::Action)
        && !marks.has(Mark::Ticker)
        && settings.symbol.is_none()
        && !atomik::is_certain(marks);
    marks.has(Mark::Symbol) || symbol_forgotten
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let instrument = instrument(fields, "symbol", settings)?;
    let comment = fields.text(&["comment"])?;
    let lower = action.to_ascii_lowercase();
    let (said, order_side) = said(&lower, settings.sell_mode, comment.as_deref())
        .ok_or_else(|| unsupported_action("action", &action, &["buy", "sell", "close"]))?;
    let head = Head { comment, ..Head::new(lower, said, order_side, instrument) };
    assemble::signal(fields, head, settings).map(|signal| vec![signal])
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
