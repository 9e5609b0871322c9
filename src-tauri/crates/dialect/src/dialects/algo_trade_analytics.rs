//! Algo Trade Analytics: the token in `auth_key`, the intent in `positionDirection`, the rest in `metadata`.
//!
//! `entryLong`, `exitLong`, `entryShort` and `exitShort` say everything; its older form has `direction` with `long`
//! and `short`, which enter. Its default `qty` of 1 is a matter of sizing and not in the signal.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{self, Head, instrument, unsupported_action};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{DialectName, OrderSide, Side};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::AlgoTradeAnalytics,
    json: Some(JsonForm::Recognised(recognises)),
    text: None,
    read,
};

fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let keyed = marks.has(Mark::AuthKey);
    let without_action = marks.has(Mark::Ticker) && !marks.has(Mark::Action);
    marks.has(Mark::PositionDirection) || (keyed && (marks.has(Mark::Direction) || without_action))
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "ticker", settings)?;
    let (action, said, order_side) = direction(fields)?;
    let mut metadata = fields.object("metadata", "metadata.")?;
    let (time, strategy) = (metadata.time(&["timestamp"])?, metadata.text(&["strategy"])?);
    let comment = metadata.text(&["signal"])?;
    let head = Head { comment, ..Head::new(action, said, Some(order_side), instrument) };
    let mut signal = assemble::signal(fields, head, settings)?;
    signal.alert_time = time.or(signal.alert_time);
    signal.strategy = strategy.or(signal.strategy);
    fields.adopt(metadata, &mut signal.extras);
    Ok(vec![signal])
}

fn direction(fields: &mut Fields<'_>) -> Result<(String, Said, OrderSide), ReadError> {
    if let Some(word) = fields.word(&["positionDirection"])? {
        let lower = word.to_ascii_lowercase();
        let (side, said, order_side) = match lower.as_str() {
            "entrylong" => (Side::Long, Said::Enter(Side::Long), OrderSide::Buy),
            "exitlong" => (Side::Long, Said::Leave(Some(Side::Long)), OrderSide::Sell),
            "entryshort" => (Side::Short, Said::Enter(Side::Short), OrderSide::Sell),
            "exitshort" => (Side::Short, Said::Leave(Some(Side::Short)), OrderSide::Buy),
            _ => {
                let known = ["entryLong", "exitLong", "entryShort", "exitShort"];
                return Err(unsupported_action("positionDirection", &word, &known));
            }
        };
        let older = fields.peek("direction").and_then(|word| Side::parse(&word.to_ascii_lowercase()));
        if older.is_some_and(|older| older != side) {
            return Err(fields.contradiction("positionDirection", "direction"));
        }
        return Ok((lower, said, order_side));
    }
    let Some(word) = fields.word(&["direction"])? else { return Err(fields.missing("positionDirection")) };
    let lower = word.to_ascii_lowercase();
    let side =
        Side::parse(&lower).ok_or_else(|| unsupported_action("direction", &word, &["long", "short"]))?;
    Ok((lower, Said::Enter(side), side.entry()))
}
