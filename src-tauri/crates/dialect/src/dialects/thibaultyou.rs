//! tradingview-alerts-processor of thibaultyou: `{"stub":"dev","direction":"long","symbol":"ETH-PERP","size":"50"}`.
//!
//! `size` is in dollars, or a percentage: of the balance on an entry, of the position on a close; one outside 1 to 100
//! counts as 100.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, enters};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use domain::{DialectName, Side, Size, SizeUnit};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Thibaultyou,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| marks.all(&[Mark::Stub, Mark::Direction]))),
    text: None,
    read,
};

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("direction")?;
    let instrument = instrument(fields, "symbol", settings)?;
    let (said, order_side) = match word.to_ascii_lowercase().as_str() {
        "long" => enters(Side::Long),
        "short" => enters(Side::Short),
        "close" => (Said::Leave(None), None),
        _ => return Err(unsupported_action("direction", &word, &["long", "short", "close"])),
    };
    let share = match said {
        Said::Enter(_) => SizeUnit::PercentAvailable,
        Said::Leave(_) => SizeUnit::PercentPosition,
    };
    let size = size(fields, share)?;
    let start = Start { action: word, said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>, share: SizeUnit) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = fields.amount(&["size"])? else { return Ok(None) };
    let whole = value < Decimal::ONE || value > Decimal::ONE_HUNDRED;
    match suffix.as_str() {
        "" => Ok(Some(Size { value, unit: SizeUnit::Quote })),
        "%" => Ok(Some(Size { value: if whole { Decimal::ONE_HUNDRED } else { value }, unit: share })),
        _ => Err(fields.invalid("size", "must be an amount in dollars, or a percentage as 50%")),
    }
}
