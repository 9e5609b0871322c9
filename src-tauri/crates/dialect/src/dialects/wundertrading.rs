//! WunderTrading: `ENTER-LONG_BINANCE_BTCUSDT_BOT-NAME_5M_ed68…` on a line, or the same in `code` with amounts.
//!
//! Codes chosen by the user (`Enter-Long`) name no pair: the webhook's symbol is traded. Distances and shares are
//! fractions (0.01 is one percent). `reduceOnly` belongs to the conditional orders, not to the entry.

use super::{Dialect, JsonForm, Marks, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, leaves};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::settings::Settings;
use crate::symbol::{self, Instrument};
use crate::text::{Message, Messages, Parts, lines};
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, ReasonCode, Side, Signal, Size, SizeUnit,
    TakeProfit,
};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::WunderTrading,
    json: Some(JsonForm::Recognised(|marks: &Marks<'_>, _| {
        marks.text("code").is_some_and(|code| action_of(code).is_some())
    })),
    text: Some(messages),
    read,
};

const ACTIONS: [&str; 5] = ["ENTER-LONG", "EXIT-LONG", "ENTER-SHORT", "EXIT-SHORT", "EXIT-ALL"];

/// The action that a code begins with.
fn action_of(code: &str) -> Option<&'static str> {
    let head = code.trim().split('_').next().unwrap_or_default();
    ACTIONS.into_iter().find(|action| action.eq_ignore_ascii_case(head))
}

/// A text whose first line is a code that begins with an action.
fn messages(text: &str) -> Option<Messages> {
    let (_, first) = lines(text).next()?;
    let _known = action_of(first)?;
    let each = lines(text).map(|(offset, line)| {
        let mut parts = Parts::default();
        parts.add("code", line, offset).map(|()| Message { offset, parts })
    });
    Some(each.collect())
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let code = fields.required_word("code")?;
    let Some(action) = action_of(&code) else { return Err(unsupported_action("code", &code, &ACTIONS)) };
    let instrument = traded(&code, settings)?;
    let size = size(fields)?;
    let start = |(said, order_side)| Start {
        action: action.to_owned(),
        said,
        order_side,
        instrument: instrument.clone(),
        size,
    };
    let begun = match action {
        "ENTER-LONG" => draft::begin(fields, start(enters(Side::Long)), settings)?,
        "ENTER-SHORT" => draft::begin(fields, start(enters(Side::Short)), settings)?,
        "EXIT-LONG" => draft::begin(fields, start(leaves(Side::Long)), settings)?,
        "EXIT-SHORT" => draft::begin(fields, start(leaves(Side::Short)), settings)?,
        _ => bare(Intent::Close, None, action, instrument.clone()),
    };
    let mut signal = exit_share(begun);
    signal.order = order(fields)?;
    signal.take_profit = take_profits(fields, &mut signal)?;
    let mut stop = fields.object("stopLoss", "stopLoss.")?;
    signal.stop_loss = fraction(&mut stop, "priceDeviation")?.map(BracketLevel::Percent).map(draft::stop_at);
    fields.adopt(stop, &mut signal.extras);
    draft::rest(fields, &mut signal, &["reduceOnly"])?;
    Ok(vec![signal])
}

/// A percentage of an exit is one of the position.
fn exit_share(mut signal: Signal) -> Signal {
    if let Some(size) = &mut signal.size
        && signal.intent == Intent::Reduce
        && size.unit == SizeUnit::PercentAvailable
    {
        size.unit = SizeUnit::PercentPosition;
        if size.value >= Decimal::ONE_HUNDRED {
            signal.intent = Intent::Close;
            signal.size = None;
        }
    }
    signal
}

/// The pair of `ACTION_EXCHANGE_PAIR_…`; a code without one, or with `NONE` for its pair, means the webhook's symbol.
fn traded(code: &str, settings: &Settings) -> Result<Instrument, ReadError> {
    let mut parts = code.split('_').skip(1);
    let (exchange, pair) = (parts.next(), parts.next());
    let (Some(exchange), Some(pair)) = (exchange, pair.filter(|pair| !pair.eq_ignore_ascii_case("none")))
    else {
        return settings.symbol_or_refused().map(Instrument::of_webhook);
    };
    let found = symbol::mapped(pair, &settings.symbol_map)
        .map_err(|error| crate::assemble::invalid_symbol("code", pair, &error))?;
    let known = symbol::parse_exchange(exchange);
    let wrong = || {
        ReadError::new(ReasonCode::InvalidField, "The code's second part cannot be the name of an exchange.")
            .at_field("code")
    };
    Ok(Instrument { exchange: Some(known.ok_or_else(wrong)?), ..found })
}

fn size(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let word = fields.word(&["amountPerTradeType"])?.map(|word| word.to_ascii_lowercase());
    let unit = match word.as_deref() {
        None | Some("base") => SizeUnit::Base,
        Some("quote" | "$") => SizeUnit::Quote,
        Some("contracts") => SizeUnit::Contracts,
        Some("percents") => {
            let percent = fraction(fields, "amountPerTrade")?;
            return Ok(percent.map(|value| Size { value, unit: SizeUnit::PercentAvailable }));
        }
        Some(other) => {
            let problem = format!("must be quote, base, $, percents or contracts, not {}", visible(other));
            return Err(fields.invalid("amountPerTradeType", &problem));
        }
    };
    fields.size(&["amountPerTrade"], unit)
}

/// A fraction from above 0 to 1, as percent.
fn fraction(fields: &mut Fields<'_>, name: &str) -> Result<Option<Decimal>, ReadError> {
    let Some(value) = fields.unless_zero(&[name])? else { return Ok(None) };
    if value > Decimal::ONE {
        return Err(fields.invalid(name, "must be a fraction, 0.01 for one percent"));
    }
    Ok(Some((value * Decimal::ONE_HUNDRED).normalize()))
}

fn order(fields: &mut Fields<'_>) -> Result<OrderRequest, ReadError> {
    match fields.word(&["orderType"])?.map(|word| word.to_ascii_lowercase()).as_deref() {
        None | Some("market") => Ok(OrderRequest::MARKET),
        Some("limit") => draft::order(fields, OrderType::Limit, &["price", "limitPrice"], &[], None),
        Some(other) => {
            Err(fields.invalid("orderType", &format!("must be market or limit, not {}", visible(other))))
        }
    }
}

fn take_profits(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<Vec<TakeProfit>, ReadError> {
    let mut found = Vec::new();
    for mut step in fields.objects("takeProfits", "takeProfits.")? {
        let level = fraction(&mut step, "priceDeviation")?.ok_or_else(|| step.missing("priceDeviation"))?;
        let portion = fraction(&mut step, "portfolio")?;
        fields.adopt(step, &mut signal.extras);
        found.push(draft::target(BracketLevel::Percent(level), portion));
    }
    draft::within_whole(fields, "takeProfits", &found)?;
    Ok(found)
}
