//! The last resort: JSON with an action and a symbol under names that many systems use.
//!
//! A plain sell does what the webhook's sell mode says; `short`, `cover` and the like mean what they say. A bare stop or
//! target is a price, as in Pitwire's own format.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, instrument_or_set, leaves, traded};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::protection;
use crate::settings::Settings;
use domain::{DialectName, Intent, OrderSide, OrderType, Side, Size, SizeUnit};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Generic, json: Some(JsonForm::Recognised(recognises)), text: None, read };

const ACTION: [&str; 8] = ["action", "side", "command", "type", "msgtype", "direction", "order", "data"];
const SYMBOL: [&str; 6] = ["symbol", "pair", "ticker", "instrument", "market", "asset"];
const KNOWN: [&str; 7] = ["buy", "sell", "long", "short", "cover", "close", "cancel"];

/// Names that the small formats do not have; theirs is what has `action` with `symbol` or `ticker`.
fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let other_action = marks.any(&[
        Mark::Side,
        Mark::Command,
        Mark::Type,
        Mark::Msgtype,
        Mark::Direction,
        Mark::Order,
        Mark::Data,
    ]);
    let other_symbol = marks.any(&[Mark::Pair, Mark::Instrument, Mark::Market, Mark::Asset]);
    let usual_symbol = marks.any(&[Mark::Symbol, Mark::Ticker]);
    let acts = marks.has(Mark::Action) || other_action;
    match (marks.has(Mark::Action), usual_symbol) {
        (true, true) => false,
        (true, false) => other_symbol,
        (false, _) => acts && (usual_symbol || other_symbol),
    }
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let named = ACTION.into_iter().find(|name| fields.peek(name).is_some());
    let name = named.ok_or_else(|| fields.missing("action"))?;
    let action = fields.required_word(name)?;
    let folded: String = action.chars().filter(char::is_ascii_alphabetic).collect();
    let (said, order_side) = match folded.to_ascii_lowercase().as_str() {
        "buy" => traded(OrderSide::Buy, settings.sell_mode),
        "sell" => traded(OrderSide::Sell, settings.sell_mode),
        "long" | "enterlong" | "entrylong" | "openlong" | "bull" | "bullish" => enters(Side::Long),
        "short" | "entershort" | "entryshort" | "openshort" | "bear" | "bearish" => enters(Side::Short),
        "closelong" | "exitlong" | "selllong" => leaves(Side::Long),
        "closeshort" | "exitshort" | "cover" | "buytocover" => leaves(Side::Short),
        "close" | "exit" | "flat" | "flatten" | "closeall" => (Said::Leave(None), None),
        "cancel" | "cancelall" => {
            let instrument = instrument_or_set(fields, &SYMBOL, settings)?;
            return Ok(vec![bare(Intent::Cancel, None, &action, instrument)]);
        }
        _ => return Err(unsupported_action(name, &action, &KNOWN)),
    };
    let instrument = instrument_or_set(fields, &SYMBOL, settings)?;
    let lots = fields.size(&["volume", "lot", "lots"], SizeUnit::Lots)?;
    let size = match fields.amount(&["quantity", "qty", "contracts", "amount", "size"])? {
        None => lots,
        Some((value, suffix)) => {
            let unit = match (suffix.as_str(), said) {
                ("", _) => SizeUnit::Base,
                ("%", Said::Enter(_)) => SizeUnit::PercentAvailable,
                ("%", Said::Leave(_)) => SizeUnit::PercentPosition,
                ("$", _) => SizeUnit::Quote,
                (_, _) => return Err(fields.invalid("quantity", "must be a number, or a percentage as 10%")),
            };
            Some(Size { value, unit })
        }
    };
    let start = Start { action, said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    signal.price = fields.price_unless_zero(&["price", "marketPrice", "market_price", "close"])?;
    let kind = fields.word(&["orderType", "order_type", "ordertype"])?;
    if let Some(word) = kind {
        let known = OrderType::parse(&word.to_ascii_lowercase());
        let problem = "must be market, limit, stop or stop_limit";
        let kind = known
            .filter(|kind| *kind != OrderType::TrailingStop)
            .ok_or_else(|| fields.invalid("orderType", problem))?;
        let (limit, stop) = (["limitPrice", "limit_price"], ["stopPrice", "stop_price"]);
        signal.order = draft::order(fields, kind, &limit, &stop, signal.price)?;
    }
    protection::read(fields, &mut signal)?;
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}
