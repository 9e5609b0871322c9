//! OKX signal bot: `signalToken` and `instrument`, with TradingView's positions or an action such as `ENTER_LONG`.
//!
//! `id` is the name of the strategy's order, the same for every alert of its kind, so it is no id of the message. An
//! offset from the market's price (`orderPriceOffset`) is refused for a limit order: the message names no price.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, buy_or_sell, enters, leaves, traded};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::position;
use crate::settings::Settings;
use domain::{DialectName, OrderRequest, OrderType, Side, Size, SizeUnit};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Okx,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.has(Mark::SignalToken))),
    text: None,
    read,
};

const ACTIONS: [&str; 6] = ["buy", "sell", "ENTER_LONG", "EXIT_LONG", "ENTER_SHORT", "EXIT_SHORT"];

pub(super) fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let instrument = instrument(fields, "instrument", settings)?;
    let positions = position::read(fields)?;
    let (said, order_side) = match (buy_or_sell(&action), action.to_ascii_uppercase().as_str()) {
        (Some(order), _) => {
            if positions.target.is_none() {
                return Err(fields.missing("marketPosition"));
            }
            if positions.previous.is_none() {
                return Err(fields.missing("prevMarketPosition"));
            }
            traded(order, settings.sell_mode)
        }
        (None, "ENTER_LONG") => enters(Side::Long),
        (None, "ENTER_SHORT") => enters(Side::Short),
        (None, "EXIT_LONG") => leaves(Side::Long),
        (None, "EXIT_SHORT") => leaves(Side::Short),
        (None, _) => return Err(unsupported_action("action", &action, &ACTIONS)),
    };
    let order_side = buy_or_sell(&action).or(order_side);
    let size = size(fields)?;
    let start = Start { action, said, order_side, instrument, size };
    let mut signal = draft::begin_at(start, positions, settings)?;
    signal.order = order(fields)?;
    draft::rest(fields, &mut signal, &["id"])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let word = fields.word(&["investmentType"])?.map(|word| word.to_ascii_lowercase());
    let unit = match word.as_deref() {
        None | Some("base") => SizeUnit::Base,
        Some("margin") => SizeUnit::Margin,
        Some("contract") => SizeUnit::Contracts,
        Some("percentage_balance") => SizeUnit::PercentAvailable,
        Some("percentage_investment") => SizeUnit::PercentEquity,
        Some("percentage_position") => SizeUnit::PercentPosition,
        Some(other) => {
            let problem = format!(
                "must be margin, contract, base, percentage_balance, percentage_investment or percentage_position, not {}",
                visible(other)
            );
            return Err(fields.invalid("investmentType", &problem));
        }
    };
    fields.size(&["amount"], unit)
}

fn order(fields: &mut Fields<'_>) -> Result<OrderRequest, ReadError> {
    let word = fields.word(&["orderType"])?.map(|word| word.to_ascii_lowercase());
    match word.as_deref() {
        None | Some("market") => {
            fields.skip(&["orderPriceOffset"]);
            Ok(OrderRequest::MARKET)
        }
        Some("limit") if fields.decimal(&["orderPriceOffset"])?.is_none_or(|offset| offset.is_zero()) => {
            draft::order(fields, OrderType::Limit, &["price"], &[], None)
        }
        Some("limit") => {
            let problem =
                "is relative to the market's price of that moment, which is not traded here: name `price`";
            Err(fields.invalid("orderPriceOffset", problem))
        }
        Some(other) => {
            Err(fields.invalid("orderType", &format!("must be market or limit, not {}", visible(other))))
        }
    }
}
