//! Jackrabbit Relay: `{"Exchange":"kraken","Market":"Spot","Account":"main","Action":"Buy","Asset":"BTC/USD"}`.
//!
//! Keys have capitals. `Identity` is the secret. `flip` turns the position round; `long` and `short` are other words
//! for buy and sell. A list of exchanges (`"dsr,kucoin"`) is one signal for each.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, traded};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use crate::symbol::parse_exchange;
use domain::{DialectName, Intent, Market, OrderRequest, OrderSide, OrderType, Side, Signal, Size, SizeUnit};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Jackrabbit,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::ActionTitle, Mark::AssetTitle])
            || marks.all(&[Mark::ExchangeTitle, Mark::ActionTitle])
    })),
    text: None,
    read,
};

/// The most exchanges of a list.
const EXCHANGES_MAX: usize = 16;
const SIZES: [(&str, SizeUnit); 4] = [
    ("Units", SizeUnit::Base),
    ("Base", SizeUnit::Base),
    ("USD", SizeUnit::Quote),
    ("Quote", SizeUnit::Quote),
];

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("Action")?;
    let lower = action.to_ascii_lowercase();
    let instrument = instrument(fields, "Asset", settings)?;
    fields.skip(&["Identity"]);
    let size = size(fields)?;
    let start = |(said, order_side)| Start {
        action: lower.clone(),
        said,
        order_side,
        instrument: instrument.clone(),
        size,
    };
    let mut signal = match lower.as_str() {
        "buy" | "long" => draft::begin(fields, start(traded(OrderSide::Buy, settings.sell_mode)), settings)?,
        "sell" => draft::begin(fields, start(traded(OrderSide::Sell, settings.sell_mode)), settings)?,
        "short" => draft::begin(fields, start(draft::enters(Side::Short)), settings)?,
        "close" => draft::begin(fields, start((Said::Leave(None), None)), settings)?,
        "flip" => Signal { size, ..bare(Intent::Reverse, None, &lower, instrument.clone()) },
        _ => return Err(unsupported_action("Action", &action, &["buy", "sell", "close", "flip"])),
    };
    if let Some(size) = &mut signal.size
        && signal.intent == Intent::Reduce
        && size.unit == SizeUnit::PercentAvailable
    {
        size.unit = SizeUnit::PercentPosition;
    }
    signal.market = market(fields)?.or(signal.market);
    signal.price = fields.price_unless_zero(&["Price"])?;
    signal.order = order(fields, &signal)?;
    signal.reduce_only = fields.choice("ReduceOnly")?.unwrap_or(false);
    for_each_exchange(fields, signal)
}

fn for_each_exchange(fields: &mut Fields<'_>, mut signal: Signal) -> Signals {
    let named = fields.word(&["Exchange"])?.unwrap_or_default();
    draft::rest(fields, &mut signal, &[])?;
    let names: Vec<&str> = named.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() > EXCHANGES_MAX {
        return Err(fields.invalid("Exchange", "names more than 16 exchanges"));
    }
    let mut signals = Vec::with_capacity(names.len().max(1));
    for name in names {
        let known = parse_exchange(name);
        let known = known.ok_or_else(|| fields.invalid("Exchange", "cannot be the name of an exchange"))?;
        signals.push(Signal { exchange: Some(known), ..signal.clone() });
    }
    if signals.is_empty() {
        signals.push(signal);
    }
    Ok(signals)
}

fn market(fields: &mut Fields<'_>) -> Result<Option<Market>, ReadError> {
    Ok(match fields.word(&["Market"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        Some("spot") => Some(Market::Spot),
        Some("perpetual" | "swap") => Some(Market::Perpetual),
        Some("forex") => Some(Market::Forex),
        Some("stock" | "stocks") => Some(Market::Stock),
        // Its word for everything with leverage, perpetuals among them: the symbol says more.
        Some(_) | None => None,
    })
}

/// A number, or a percentage of the balance as `1%`.
fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let mut found: Option<(&str, Size)> = None;
    for (name, unit) in SIZES {
        let Some((value, suffix)) = fields.amount(&[name])? else { continue };
        let unit = match suffix.as_str() {
            "" => unit,
            "%" => SizeUnit::PercentAvailable,
            _ => return Err(fields.invalid(name, "must be a number, or a percentage as 1%")),
        };
        if let Some((other, _)) = found {
            return Err(fields.contradiction(other, name));
        }
        found = Some((name, Size { value, unit }));
    }
    Ok(found.map(|(_, size)| size))
}

fn order(fields: &mut Fields<'_>, signal: &Signal) -> Result<OrderRequest, ReadError> {
    let kind = match fields.word(&["OrderType"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("market") => OrderType::Market,
        Some("limit") => OrderType::Limit,
        Some("stop") => OrderType::Stop,
        Some(other) => {
            let problem = format!("must be market, limit or stop, not {}", visible(other));
            return Err(fields.invalid("OrderType", &problem));
        }
    };
    draft::order(fields, kind, &["Price"], &["Price"], signal.price)
}
