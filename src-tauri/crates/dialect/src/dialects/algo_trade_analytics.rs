//! Algo Trade Analytics: the token in `auth_key`, the intent in `positionDirection`, the rest in `metadata`.
//!
//! `entryLong`, `exitLong`, `entryShort` and `exitShort` say everything; its older form has `direction` with `long`
//! and `short`, which enter. Its default `qty` of 1 is a matter of sizing and not in the signal.

use super::{JsonDialect, has};
use crate::assemble::{self, Head, instrument, unsupported_action};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::json::Object;
use crate::meaning::Said;
use crate::reading::Settings;
use domain::{DialectName, OrderSide, Side, Signal};

pub(super) const DIALECT: JsonDialect =
    JsonDialect { name: DialectName::AlgoTradeAnalytics, recognises, read };

fn recognises(object: &Object, _: &Settings) -> bool {
    let keyed = has(object, "auth_key");
    let without_action = has(object, "ticker") && !has(object, "action");
    has(object, "positionDirection") || (keyed && (has(object, "direction") || without_action))
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Result<Signal, ReadError> {
    let instrument = instrument(fields, "ticker")?;
    let (action, said, order_side) = direction(fields)?;
    let mut metadata = fields.object("metadata", "metadata.")?;
    let (time, strategy) = (metadata.time(&["timestamp"])?, metadata.text(&["strategy"])?);
    let comment = metadata.text(&["signal"])?;
    let head = Head { comment, ..Head::new(action, said, Some(order_side), instrument) };
    let mut signal = assemble::signal(fields, head, settings)?;
    signal.alert_time = time.or(signal.alert_time);
    signal.strategy = strategy.or(signal.strategy);
    fields.adopt(metadata, &mut signal.extras);
    Ok(signal)
}

fn direction(fields: &mut Fields<'_>) -> Result<(String, Said, OrderSide), ReadError> {
    if let Some(word) = fields.text(&["positionDirection"])? {
        let lower = word.to_ascii_lowercase();
        let (said, order_side) = match lower.as_str() {
            "entrylong" => (Said::Enter(Side::Long), OrderSide::Buy),
            "exitlong" => (Said::Leave(Some(Side::Long)), OrderSide::Sell),
            "entryshort" => (Said::Enter(Side::Short), OrderSide::Sell),
            "exitshort" => (Said::Leave(Some(Side::Short)), OrderSide::Buy),
            _ => {
                let known = ["entryLong", "exitLong", "entryShort", "exitShort"];
                return Err(unsupported_action("positionDirection", &word, &known));
            }
        };
        return Ok((lower, said, order_side));
    }
    let Some(word) = fields.text(&["direction"])? else { return Err(fields.missing("positionDirection")) };
    let lower = word.to_ascii_lowercase();
    let side =
        Side::parse(&lower).ok_or_else(|| unsupported_action("direction", &word, &["long", "short"]))?;
    Ok((lower, Said::Enter(side), side.entry()))
}
