//! 3Commas DCA bot: `{"message_type":"bot","bot_id":123,"email_token":"…","delay_seconds":0,"pair":"USDT_BTC"}`.
//!
//! Without an action it starts a deal, whose direction is a setting of the bot and so of the webhook. The pair has its
//! quote first.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, instrument_or_set};
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{DialectName, Intent};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::ThreeCommasDca,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::MessageType, Mark::EmailToken]) || marks.all(&[Mark::BotId, Mark::EmailToken])
    })),
    text: None,
    read,
};

const ACTIONS: [&str; 4] = ["close_at_market_price", "close_at_market_price_all", "start_bot", "stop_bot"];

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument_or_set(fields, &["pair"], settings)?;
    let action = fields.word(&["action"])?;
    let lower = action.as_deref().map(str::to_ascii_lowercase);
    let mut signal = match lower.as_deref() {
        None => {
            let (said, order_side) = enters(settings.side_or_refused()?);
            let start = Start { action: "start deal".to_owned(), said, order_side, instrument, size: None };
            draft::begin(fields, start, settings)?
        }
        Some(word @ ("close_at_market_price" | "close_at_market_price_all")) => {
            bare(Intent::Close, settings.default_side, word, instrument)
        }
        Some(word @ "start_bot") => bare(Intent::Resume, None, word, instrument),
        Some(word @ "stop_bot") => bare(Intent::Pause, None, word, instrument),
        Some(_) => return Err(unsupported_action("action", action.as_deref().unwrap_or_default(), &ACTIONS)),
    };
    fields.skip(&["message_type"]);
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}
