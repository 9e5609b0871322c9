//! TradersPost: `{"ticker":"AMD","action":"buy","signalPrice":143.12,"takeProfit":{"percent":10}}`.
//!
//! `buy` and `sell` enter, and close what is open the other way first; `sentiment` is the position expected
//! afterwards and makes an exit or a reduction of them. `exit` leaves (with `percent_of_position` or a quantity in
//! part), `add` adds, `reverse` turns round, `cancel` cancels. Options chosen by rule (`optionType` and friends) are
//! refused: they name no instrument.

use super::{Dialect, JsonForm, Mark, Marks, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, enters, leaves};
use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::Said;
use crate::protection;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{
    DialectName, Intent, OrderRequest, OrderSide, OrderType, Price, ReasonCode, Side, Signal, Size, SizeUnit,
};

pub(super) const DIALECT: Dialect = Dialect {
    name: DialectName::TradersPost,
    json: Some(JsonForm::Recognised(recognises)),
    text: None,
    read,
};

const ACTIONS: [&str; 6] = ["buy", "sell", "exit", "cancel", "add", "reverse"];
/// Fields that choose an option by rule.
const OPTION_RULES: [&str; 7] = [
    "optionType",
    "intrinsicValue",
    "expiration",
    "strikeCount",
    "strikesAway",
    "strikePrice",
    "optionStrategy",
];

/// Besides its own fields: actions that only it has with a `ticker`, and a ticker with an action and nothing else,
/// which StratOne would send a price with.
fn recognises(marks: &Marks<'_>, _: &Settings) -> bool {
    let own = [Mark::Sentiment, Mark::QuantityType, Mark::TakeProfit, Mark::StopLoss, Mark::SignalPrice];
    let own_action = || {
        let action = marks.text("action").map(str::to_ascii_lowercase);
        match action.as_deref() {
            Some("exit" | "cancel" | "add" | "reverse") => true,
            Some("buy" | "sell") => marks.fields() == 2,
            Some(_) | None => false,
        }
    };
    // StratOne's own words, whatever protection its message has.
    let of_stratone = marks
        .text("action")
        .is_some_and(|word| ["short", "cover"].iter().any(|known| known.eq_ignore_ascii_case(word)));
    marks.all(&[Mark::Ticker, Mark::Action])
        && !marks.any(&[Mark::Symbol, Mark::Pointer])
        && !of_stratone
        && (marks.any(&own) || own_action())
}

pub(super) fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "ticker", settings)?;
    let action = fields.required_word("action")?;
    let lower = action.to_ascii_lowercase();
    if !ACTIONS.contains(&lower.as_str()) {
        return Err(unsupported_action("action", &action, &ACTIONS));
    }
    if buy_or_sell(&lower).is_none() && fields.peek("sentiment").is_some() {
        let sentence = format!("A sentiment goes with buy and sell only, not with {}.", visible(&action));
        return Err(ReadError::new(ReasonCode::InvalidSentimentAction, sentence).at_field("sentiment"));
    }
    refuse_option_rules(fields)?;
    let cancels_first = fields.choice("cancel")?.unwrap_or(false) && lower != "cancel";
    let cancel = bare(Intent::Cancel, None, "cancel", instrument.clone());
    let mut signal = match lower.as_str() {
        "cancel" => bare(Intent::Cancel, None, &lower, instrument),
        _ => order(fields, &lower, instrument, settings)?,
    };
    let test = fields.object("extras", "extras.")?;
    fields.adopt(test, &mut signal.extras);
    draft::rest(fields, &mut signal, &[])?;
    Ok(if cancels_first { vec![cancel, signal] } else { vec![signal] })
}

fn refuse_option_rules(fields: &mut Fields<'_>) -> Result<(), ReadError> {
    let kind = fields.word(&["optionType"])?.map(|kind| kind.to_ascii_lowercase());
    let set = |name: &&&str| fields.unread_and_set().any(|unread| unread == **name);
    let named = OPTION_RULES.iter().skip(1).find(set);
    match (kind.as_deref(), named) {
        (None | Some("both"), None) => Ok(()),
        (_, named) => {
            let name = named.copied().unwrap_or("optionType");
            let problem = "chooses an option by rule, which is not traded here: send the option's own symbol, as SPY 250624C596";
            Err(fields.invalid(name, problem))
        }
    }
}

fn order(
    fields: &mut Fields<'_>,
    action: &str,
    instrument: Instrument,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let size = size(fields, action)?;
    let start = |(said, order_side, size): Meant, instrument| Start {
        action: action.to_owned(),
        said,
        order_side,
        instrument,
        size,
    };
    // Positions of TradingView count here too; without them the word and the sentiment do.
    let mut signal = match (action, buy_or_sell(action)) {
        (_, Some(order)) => {
            let meant = by_sentiment(fields, order, size)?;
            draft::begin(fields, start(meant, instrument), settings)?
        }
        ("exit", None) => draft::begin(fields, start((Said::Leave(None), None, size), instrument), settings)?,
        ("add", None) => Signal { size, ..bare(Intent::Increase, None, action, instrument) },
        (_, None) => Signal { size, ..bare(Intent::Reverse, None, action, instrument) },
    };
    signal.price = fields.price(&["signalPrice", "price"])?;
    signal.order = order_type(fields, signal.price)?;
    protection::read(fields, &mut signal)?;
    let needs_stop = |size: Size| matches!(size.unit, SizeUnit::RiskQuote | SizeUnit::RiskPercent);
    if signal.size.is_some_and(needs_stop) && signal.stop_loss.is_none() {
        return Err(fields.missing("stopLoss"));
    }
    Ok(signal)
}

/// What is said, whether it buys or sells, and how much.
type Meant = (Said, Option<OrderSide>, Option<Size>);

/// What a buy or sell says together with the position that is expected after it.
fn by_sentiment(fields: &mut Fields<'_>, order: OrderSide, size: Option<Size>) -> Result<Meant, ReadError> {
    let entered = order.direction();
    let meant = |(said, order_side), size| (said, order_side, size);
    let Some(word) = fields.word(&["sentiment"])? else { return Ok(meant(enters(entered), size)) };
    let expected = match word.to_ascii_lowercase().as_str() {
        "bullish" | "long" => Some(Side::Long),
        "bearish" | "short" => Some(Side::Short),
        "flat" => None,
        _ => return Err(fields.invalid("sentiment", "must be bullish, long, bearish, short or flat")),
    };
    match expected {
        None => Ok(meant(leaves(entered.opposite()), None)),
        Some(side) if side == entered => Ok(meant(enters(side), size)),
        Some(side) => {
            let size = size.ok_or_else(|| fields.missing("quantity"))?;
            Ok(meant(leaves(side), Some(size)))
        }
    }
}

fn size(fields: &mut Fields<'_>, action: &str) -> Result<Option<Size>, ReadError> {
    let word = fields.word(&["quantityType"])?.map(|word| word.to_ascii_lowercase());
    let unit = match word.as_deref() {
        None | Some("fixed_quantity") => SizeUnit::Base,
        Some("dollar_amount") => SizeUnit::Quote,
        Some("risk_dollar_amount") => SizeUnit::RiskQuote,
        Some("risk_percent") => SizeUnit::RiskPercent,
        Some("percent_of_equity") => SizeUnit::PercentEquity,
        Some("percent_of_position") if action == "exit" => SizeUnit::PercentPosition,
        Some("percent_of_position") => {
            return Err(fields.invalid("quantityType", "may be percent_of_position with exit only"));
        }
        Some(_) => {
            let problem = "must be fixed_quantity, dollar_amount, risk_dollar_amount, risk_percent, percent_of_equity or percent_of_position";
            return Err(fields.invalid("quantityType", problem));
        }
    };
    let size = fields.size(&["quantity"], unit)?;
    match size {
        None if unit != SizeUnit::Base => Err(fields.missing("quantity")),
        found => Ok(found),
    }
}

/// A limit or stop that is not named is the signal's price.
fn order_type(fields: &mut Fields<'_>, price: Option<Price>) -> Result<OrderRequest, ReadError> {
    let Some(word) = fields.word(&["orderType"])? else { return Ok(OrderRequest::MARKET) };
    let kind = OrderType::parse(&word.to_ascii_lowercase()).ok_or_else(|| {
        let problem =
            format!("must be market, limit, stop, stop_limit or trailing_stop, not {}", visible(&word));
        fields.invalid("orderType", &problem)
    })?;
    let mut order = draft::order(fields, kind, &["limitPrice"], &["stopPrice"], price)?;
    if kind == OrderType::TrailingStop {
        order.trail = Some(protection::trail(fields)?.ok_or_else(|| fields.missing("trailPercent"))?);
    }
    draft::time_in_force(fields, "timeInForce", &mut order)?;
    Ok(order)
}
