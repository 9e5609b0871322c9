//! The dYdX bot of junta: `{"exchange":"dydx","strategy":"…","market":"BTC-USD","size":0.1,"order":"buy","price":50000,
//! "position":"long","reverse":false}`.
//!
//! `position` is the one after the order: buying towards long opens, selling towards long reduces, any order towards
//! flat closes. `reverse` says that the other side was open before.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::position::{Position, Positions};
use crate::settings::Settings;
use domain::{DialectName, Intent, Side, Signal, Size, SizeUnit};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Junta,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::Market, Mark::Order, Mark::Position])
    })),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("order")?;
    let order = buy_or_sell(&word).ok_or_else(|| unsupported_action("order", &word, &["buy", "sell"]))?;
    let instrument = instrument(fields, "market", settings)?;
    let size = size(fields)?;
    let position = fields.required_word("position")?;
    let side = match position.to_ascii_lowercase().as_str() {
        "long" => Some(Side::Long),
        "short" => Some(Side::Short),
        "flat" => None,
        _ => return Err(fields.invalid("position", "must be long, short or flat")),
    };
    let reverse = fields.choice("reverse")?.unwrap_or(false);
    let mut signal = match side {
        Some(side) if reverse && side.entry() == order => {
            Signal { size, ..bare(Intent::Reverse, Some(side), &word, instrument) }
        }
        _ => {
            let flat = || Position { side: None, size: Some(Decimal::ZERO) };
            let target = side.map_or_else(flat, |side| Position { side: Some(side), size: None });
            let (said, _) = traded(order, settings.sell_mode);
            let start = Start { action: word, said, order_side: Some(order), instrument, size };
            draft::begin_at(start, Positions { previous: None, target: Some(target) }, settings)?
        }
    };
    fields.skip(&["passphrase"]);
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let base = fields.size(&["size"], SizeUnit::Base)?;
    let quote = fields.size(&["sizeUsd"], SizeUnit::Quote)?;
    let leverage = fields.positive(&["sizeByLeverage"])?;
    let times = |factor: Decimal| factor.checked_mul(Decimal::ONE_HUNDRED).map(|value| value.normalize());
    let equity = leverage.and_then(times).map(|value| Size { value, unit: SizeUnit::PercentEquity });
    let mut named = [base, quote, equity].into_iter().flatten();
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err(fields.contradiction("size", "sizeUsd")),
        (first, _) => Ok(first),
    }
}
