//! 3Commas signal bot of the strategy type: `bot_uuid`, `secret`, and TradingView's positions in `strategy_info`.
//!
//! The positions say what is to be done; `action` only agrees with them. `timestamp` and `max_lag` bound its age.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, buy_or_sell, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::position;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{DialectName, OrderRequest, Size, SizeUnit};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::ThreeCommasStrategy,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.all(&[Mark::BotUuid, Mark::StrategyInfo]))),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let order_side =
        buy_or_sell(&action).ok_or_else(|| unsupported_action("action", &action, &["buy", "sell"]))?;
    let instrument = instrument(fields, settings)?;
    let mut info = fields.object("strategy_info", "strategy_info.")?;
    let positions = position::read(&mut info)?;
    if positions.target.is_none() {
        return Err(info.missing("market_position"));
    }
    let mut order = fields.object("order", "order.")?;
    let size = size(&mut order)?;
    let (said, side) = traded(order_side, settings.sell_mode);
    let start = Start { action, said, order_side: side, instrument, size };
    let mut signal = draft::begin_at(start, positions, settings)?;
    signal.order = OrderRequest::MARKET;
    finish(fields, &mut signal)?;
    fields.adopt(info, &mut signal.extras);
    fields.adopt(order, &mut signal.extras);
    Ok(vec![signal])
}

/// The instrument of both kinds of signal bot.
pub(super) fn instrument(fields: &mut Fields<'_>, settings: &Settings) -> Result<Instrument, ReadError> {
    crate::assemble::instrument(fields, "tv_instrument", settings)
}

/// What both kinds have at the end.
pub(super) fn finish(fields: &mut Fields<'_>, signal: &mut domain::Signal) -> Result<(), ReadError> {
    fields.skip(&["bot_uuid"]);
    if let Some(name) = fields.word(&["tv_exchange"])? {
        let known = crate::symbol::parse_exchange(&name);
        let problem = "cannot be the name of an exchange";
        signal.exchange = Some(known.ok_or_else(|| fields.invalid("tv_exchange", problem))?);
    }
    draft::rest(fields, signal, &[])
}

/// `order.amount` in `order.currency_type`.
pub(super) fn size(order: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let word = order.word(&["currency_type"])?.map(|word| word.to_ascii_lowercase());
    let unit = match word.as_deref() {
        None | Some("base") => SizeUnit::Base,
        Some("quote") => SizeUnit::Quote,
        Some("margin_percent") => SizeUnit::PercentAvailable,
        Some("position_percent") => SizeUnit::PercentPosition,
        Some(_) => {
            let problem = "must be base, quote, margin_percent or position_percent";
            return Err(order.invalid("currency_type", problem));
        }
    };
    order.size(&["amount"], unit)
}
