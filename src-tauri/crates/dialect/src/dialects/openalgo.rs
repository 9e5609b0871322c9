//! OpenAlgo: `{"apikey":"…","symbol":"SBIN","exchange":"NSE","action":"BUY","quantity":"100","pricetype":"MARKET"}`.
//!
//! With `position_size` (smart orders, and strategies that trade both ways) the message names the position to be held,
//! signed, and nothing else counts. Without it a buy opens a long; a sell does what the webhook's sell mode says.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, traded};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::Settings;
use domain::{DialectName, Intent, NetQuantity, OrderRequest, OrderSide, OrderType, Side, SizeUnit};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::OpenAlgo, json: Some(JsonForm::Recognised(recognises)), text: None, read };

fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let keyed = marks.has(Mark::Symbol) && marks.any(&[Mark::Apikey, Mark::PriceType]);
    let own = marks.any(&[Mark::MarketPosition, Mark::PrevMarketPosition, Mark::Price]);
    keyed || (marks.all(&[Mark::Symbol, Mark::Action, Mark::PositionSize]) && !own)
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "symbol", settings)?;
    let action = fields.required_word("action")?;
    let order_side =
        buy_or_sell(&action).ok_or_else(|| unsupported_action("action", &action, &["BUY", "SELL"]))?;
    let of_strategy = !fields.has("apikey");
    let mut signal = match fields.decimal(&["position_size"])? {
        Some(size) => {
            agrees(fields, order_side, size, of_strategy)?;
            let side = match size.is_zero() {
                true => None,
                false => Some(if size < Decimal::ZERO { Side::Short } else { Side::Long }),
            };
            let mut signal = bare(Intent::Target, side, &action, instrument);
            signal.target_position = Some(NetQuantity::new(size.normalize()));
            signal
        }
        None => {
            let size = fields.size(&["quantity"], SizeUnit::Base)?;
            let (said, order_side) = traded(order_side, settings.sell_mode);
            draft::begin(fields, Start { action, said, order_side, instrument, size }, settings)?
        }
    };
    signal.order = order(fields)?;
    draft::rest(fields, &mut signal, &["price"])?;
    Ok(vec![signal])
}

/// A strategy of both directions buys towards a long and sells towards a short; a smart order may do either.
fn agrees(fields: &Fields<'_>, order: OrderSide, size: Decimal, of_strategy: bool) -> Result<(), ReadError> {
    let against = match order {
        OrderSide::Buy => size < Decimal::ZERO,
        OrderSide::Sell => size > Decimal::ZERO,
    };
    if of_strategy && against {
        return Err(fields.contradiction("action", "position_size"));
    }
    Ok(())
}

fn order(fields: &mut Fields<'_>) -> Result<OrderRequest, ReadError> {
    let word = fields.word(&["pricetype"])?.map(|word| word.to_ascii_uppercase());
    let kind = match word.as_deref() {
        None | Some("MARKET") => return Ok(OrderRequest::MARKET),
        Some("LIMIT") => OrderType::Limit,
        Some("SL") => OrderType::StopLimit,
        Some("SL-M") => OrderType::Stop,
        Some(other) => {
            let problem = format!("must be MARKET, LIMIT, SL or SL-M, not {}", visible(other));
            return Err(fields.invalid("pricetype", &problem));
        }
    };
    draft::order(fields, kind, &["price"], &["trigger_price"], None)
}
