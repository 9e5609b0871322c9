//! Altrady: `{"api_key":"…","api_secret":"…","action":"open","exchange":"BYBI","symbol":"BYBI_USDT_SOL","side":"long"}`.
//!
//! The symbol has its exchange and quote first. `signal_id` names a position there, not a message, so it is no id.
//! Further entries at lower prices (`dca_orders`) are refused, not left out.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, enters, leaves};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Side, Signal, Size, SizeUnit, StopLoss,
    TakeProfit,
};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::Altrady,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.all(&[Mark::ApiKey, Mark::ApiSecret, Mark::Action])
    })),
    text: None,
    read,
};

const ACTIONS: [&str; 9] = [
    "open",
    "increase",
    "reduce",
    "close",
    "reverse",
    "start_bot",
    "stop_bot",
    "start_and_open",
    "stop_and_close",
];
const PERCENT: &[&str] = &["price_percentage", "percentage"];
const PORTION: &[&str] = &["position_percentage", "quantity_percentage"];

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let action = fields.required_word("action")?;
    let lower = action.to_ascii_lowercase();
    if !ACTIONS.contains(&lower.as_str()) {
        return Err(unsupported_action("action", &action, &ACTIONS));
    }
    let instrument = instrument(fields, "symbol", settings)?;
    if fields.unread_and_set().any(|name| name == "dca_orders") {
        let problem = "asks for further entries at other prices, which are not traded here";
        return Err(fields.invalid("dca_orders", problem));
    }
    let plain = |intent| bare(intent, None, &lower, instrument.clone());
    let mut signals = match lower.as_str() {
        "start_bot" => vec![plain(Intent::Resume)],
        "stop_bot" => vec![plain(Intent::Pause)],
        "start_and_open" => vec![plain(Intent::Resume), trade(fields, &lower, instrument.clone(), settings)?],
        "stop_and_close" => vec![trade(fields, &lower, instrument.clone(), settings)?, plain(Intent::Pause)],
        _ => vec![trade(fields, &lower, instrument.clone(), settings)?],
    };
    if let Some(last) = signals.last_mut() {
        draft::rest(fields, last, &["signal_id"])?;
        let (exchange, test) = (last.exchange.clone(), last.test);
        for signal in &mut signals {
            signal.exchange.clone_from(&exchange);
            signal.test = test;
        }
    }
    Ok(signals)
}

fn trade(
    fields: &mut Fields<'_>,
    action: &str,
    instrument: Instrument,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let side = side(fields)?;
    let size = size(fields)?;
    let required = || side.ok_or_else(|| fields.missing("side"));
    let mut signal = match action {
        "open" | "start_and_open" => {
            let (said, order_side) = enters(required()?);
            draft::begin(
                fields,
                Start { action: action.to_owned(), said, order_side, instrument, size },
                settings,
            )?
        }
        "increase" => Signal { size, ..bare(Intent::Increase, side, action, instrument) },
        "reverse" => Signal { size, ..bare(Intent::Reverse, side, action, instrument) },
        "reduce" => {
            let size = size.ok_or_else(|| fields.missing("quote_amount"))?;
            Signal { size: Some(size), ..bare(Intent::Reduce, side, action, instrument) }
        }
        _ => {
            let (said, order_side) = side.map_or((Said::Leave(None), None), leaves);
            draft::begin(
                fields,
                Start { action: action.to_owned(), said, order_side, instrument, size: None },
                settings,
            )?
        }
    };
    signal.price = fields.price_unless_zero(&["signal_price", "price"])?;
    signal.order = order(fields, &signal)?;
    signal.take_profit = take_profit(fields, &mut signal)?;
    signal.stop_loss = stop_loss(fields, &mut signal)?;
    Ok(signal)
}

fn side(fields: &mut Fields<'_>) -> Result<Option<Side>, ReadError> {
    let Some(word) = fields.word(&["side"])? else { return Ok(None) };
    let side = Side::parse(&word.to_ascii_lowercase());
    side.map(Some).ok_or_else(|| fields.invalid("side", "must be long or short"))
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let quote = fields.size(&["quote_amount"], SizeUnit::Quote)?;
    let base = fields.size(&["base_amount", "amount", "quantity"], SizeUnit::Base)?;
    let share = fields.size(PORTION, SizeUnit::PercentPosition)?;
    let mut named = [quote, base, share].into_iter().flatten();
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err(fields.contradiction("quote_amount", "base_amount")),
        (first, _) => Ok(first),
    }
}

fn order(fields: &mut Fields<'_>, signal: &Signal) -> Result<OrderRequest, ReadError> {
    match fields.word(&["order_type"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("market") => Ok(OrderRequest::MARKET),
        Some("limit") => draft::order(fields, OrderType::Limit, &["limit_price"], &[], signal.price),
        Some(other) => {
            Err(fields.invalid("order_type", &format!("must be market or limit, not {}", visible(other))))
        }
    }
}

fn take_profit(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Vec<TakeProfit>, ReadError> {
    let mut found = Vec::new();
    for mut step in fields.objects("take_profit", "take_profit.")? {
        let level = level(&mut step, PERCENT, &["price"])?.ok_or_else(|| step.missing("price_percentage"))?;
        let portion = step.positive(PORTION)?;
        fields.adopt(step, &mut signal.extras);
        found.push(draft::target(level, portion));
    }
    draft::within_whole(fields, "take_profit", &found)?;
    Ok(found)
}

fn stop_loss(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Option<StopLoss>, ReadError> {
    let mut stops = fields.objects("stop_loss", "stop_loss.")?;
    let Some(mut stop) = stops.pop() else { return Ok(None) };
    if !stops.is_empty() {
        return Err(fields.invalid("stop_loss", "has several stops: one is traded here"));
    }
    let names: &[&'static str] = &["stop_percentage", "price_percentage", "percentage"];
    let level = level(&mut stop, names, &["stop_price", "price"])?;
    let level = level.ok_or_else(|| stop.missing("stop_percentage"))?;
    fields.adopt(stop, &mut signal.extras);
    Ok(Some(draft::stop_at(level)))
}

fn level(
    step: &mut Fields<'_>,
    percent: &[&'static str],
    price: &[&'static str],
) -> Result<Option<BracketLevel>, ReadError> {
    match (step.unless_zero(percent)?, step.price_unless_zero(price)?) {
        (Some(_), Some(_)) => Err(step.contradiction(percent[0], price[0])),
        (Some(percent), None) => Ok(Some(BracketLevel::Percent(percent))),
        (None, price) => Ok(price.map(BracketLevel::Price)),
    }
}
