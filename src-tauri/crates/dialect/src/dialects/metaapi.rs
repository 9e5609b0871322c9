//! MetaApi: `{"symbol":"EURUSD","type":"POSITION_TYPE_BUY","volume":0.01,"stopLoss":1.09,"takeProfit":1.12}`.
//!
//! The volume is in lots, stop and target are prices. Pending orders have `ORDER_TYPE_…` and their price in `openPrice`.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, enters};
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{BracketLevel, DialectName, OrderType, Side, SizeUnit};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::MetaApi, json: Some(JsonForm::Recognised(recognises)), text: None, read };

const TYPES: [&str; 4] =
    ["POSITION_TYPE_BUY", "POSITION_TYPE_SELL", "ORDER_TYPE_BUY_LIMIT", "ORDER_TYPE_SELL_STOP"];

fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let kind = marks.text("type");
    marks.has(Mark::Symbol)
        && kind.is_some_and(|kind| kind.starts_with("POSITION_TYPE_") || kind.starts_with("ORDER_TYPE_"))
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("type")?;
    let upper = word.to_ascii_uppercase();
    let known = upper.strip_prefix("POSITION_TYPE_").or_else(|| upper.strip_prefix("ORDER_TYPE_"));
    let (side, kind) = match known {
        Some("BUY") => (Side::Long, OrderType::Market),
        Some("SELL") => (Side::Short, OrderType::Market),
        Some("BUY_LIMIT") => (Side::Long, OrderType::Limit),
        Some("SELL_LIMIT") => (Side::Short, OrderType::Limit),
        Some("BUY_STOP") => (Side::Long, OrderType::Stop),
        Some("SELL_STOP") => (Side::Short, OrderType::Stop),
        Some(_) | None => return Err(unsupported_action("type", &word, &TYPES)),
    };
    let instrument = instrument(fields, "symbol", settings)?;
    let size = fields.size(&["volume"], SizeUnit::Lots)?;
    let (said, order_side) = enters(side);
    let start = Start { action: word, said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.order = draft::order(fields, kind, &["openPrice"], &["openPrice"], None)?;
    let stop = fields.price_unless_zero(&["stopLoss"])?;
    signal.stop_loss = stop.map(|price| draft::stop_at(BracketLevel::Price(price)));
    let goal = fields.price_unless_zero(&["takeProfit"])?;
    signal.take_profit =
        goal.map(|price| draft::target(BracketLevel::Price(price), None)).into_iter().collect();
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}
