//! OctoBot: `EXCHANGE=binance;SYMBOL=BTCUSDT;VOLUME=0.01;SIGNAL=BUY`, parts on lines or between semicolons.
//!
//! Keys are upper case. `TAG` names orders there and stays an extra: orders have no tags here. A buy opens a long; a sell does what the webhook's sell mode says. Prices relative to the
//! market (`-5%`, `10d`) are taken from no price at all here and refused. Signals for programs that move funds are
//! forbidden, the others of that kind unknown.

use super::{Dialect, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, buy_or_sell, traded};
use crate::error::{ReadError, visible};
use crate::fields::{Fields, number_and_suffix};
use crate::settings::Settings;
use crate::text::{Message, Messages, Parts, TextError, assignment, pieces};
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Price, Side, Signal, Size, SizeUnit,
    TakeProfit,
};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::OctoBot, json: None, text: Some(messages), read };

/// The most targets of a message.
const TARGETS_MAX: usize = 20;
/// Decimals of a target's share in percent.
const SHARE_DECIMALS: u32 = 8;

/// A text of assignments with a `SIGNAL` among them; a second `SIGNAL` begins a second message.
fn messages(text: &str) -> Option<Messages> {
    let separator = |c: char| matches!(c, '\n' | '\r' | ';');
    let parts = || pieces(text, separator);
    let has = |key: &str| parts().any(|(_, part)| assignment(part).is_some_and(|(name, _)| name == key));
    (has("SIGNAL") && (has("SYMBOL") || has("EXCHANGE"))).then(|| {
        let mut message = Parts::default();
        for (offset, part) in parts() {
            let (name, value) = assignment(part).ok_or_else(|| {
                TextError::malformed(offset, "A part without a name: every part is KEY=value.")
            })?;
            message.add(name, value, offset)?;
        }
        let offset = parts().next().map_or(0, |(offset, _)| offset);
        Ok(vec![Message { offset, parts: message }])
    })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word("SIGNAL")?;
    let instrument = crate::assemble::instrument(fields, "SYMBOL", settings)?;
    fields.skip(&["TOKEN"]);
    let mut signal = if word.eq_ignore_ascii_case("cancel") {
        bare(Intent::Cancel, cancelled(fields)?, &word, instrument)
    } else {
        let order = buy_or_sell(&word)
            .ok_or_else(|| unsupported_action("SIGNAL", &word, &["buy", "sell", "cancel"]))?;
        let size = volume(fields)?;
        let (said, order_side) = traded(order, settings.sell_mode);
        let start = Start { action: word, said, order_side, instrument, size };
        let mut signal = draft::begin(fields, start, settings)?;
        priced(fields, &mut signal)?;
        signal
    };
    if let Some(name) = fields.word(&["EXCHANGE"])? {
        let known = crate::symbol::parse_exchange(&name);
        signal.exchange =
            Some(known.ok_or_else(|| fields.invalid("EXCHANGE", "cannot be the name of an exchange"))?);
    }
    signal.leverage = fields.unless_zero(&["LEVERAGE"])?;
    signal.reduce_only = fields.choice("REDUCE_ONLY")?.unwrap_or(false);
    if let Some(name) = fields.unread_and_set().find(|name| name.starts_with("TRAILING_PROFILE")) {
        return Err(fields.invalid(name, "moves orders by itself, which is not traded here"));
    }
    Ok(vec![signal])
}

/// The side whose orders a cancellation is about: those that buy are long here, those that sell short.
fn cancelled(fields: &mut Fields<'_>) -> Result<Option<Side>, ReadError> {
    let Some(word) = fields.word(&["PARAM_SIDE"])? else { return Ok(None) };
    let problem = || format!("must be buy or sell, not {}", visible(&word));
    let order = buy_or_sell(&word).ok_or_else(|| fields.invalid("PARAM_SIDE", &problem()))?;
    Ok(Some(order.direction()))
}

/// `0.01` in units, `2%` of the holdings, `12a%` of what is available.
fn volume(fields: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = fields.amount(&["VOLUME"])? else { return Ok(None) };
    let unit = match suffix.as_str() {
        "" => SizeUnit::Base,
        "%" | "t%" => SizeUnit::PercentEquity,
        "a%" => SizeUnit::PercentAvailable,
        _ => {
            let problem =
                format!("counts {}, which is not known: a plain number, % and a% are", visible(&suffix));
            return Err(fields.invalid("VOLUME", &problem));
        }
    };
    Ok(Some(Size { value, unit }))
}

fn priced(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<(), ReadError> {
    let word = fields.word(&["ORDER_TYPE"])?.map(|word| word.to_ascii_uppercase());
    let kind = match word.as_deref() {
        None | Some("MARKET") => OrderType::Market,
        Some("LIMIT") => OrderType::Limit,
        Some("STOP") => OrderType::Stop,
        Some(other) => {
            let problem = format!("must be MARKET, LIMIT or STOP, not {}", visible(other));
            return Err(fields.invalid("ORDER_TYPE", &problem));
        }
    };
    signal.price = absolute(fields, "PRICE")?;
    let stop = absolute(fields, "STOP_PRICE")?;
    signal.order = match kind {
        OrderType::Stop => OrderRequest {
            stop: Some(stop.ok_or_else(|| fields.missing("STOP_PRICE"))?),
            kind,
            ..OrderRequest::MARKET
        },
        OrderType::Market | OrderType::Limit | OrderType::StopLimit | OrderType::TrailingStop => {
            signal.stop_loss = stop.map(|price| draft::stop_at(BracketLevel::Price(price)));
            draft::order(fields, kind, &["PRICE"], &[], signal.price)?
        }
    };
    signal.take_profit = targets(fields)?;
    Ok(())
}

/// A price as a number of its own.
fn absolute(fields: &mut Fields<'_>, name: &str) -> Result<Option<Price>, ReadError> {
    let Some(text) = fields.text(&[name])? else { return Ok(None) };
    match number_and_suffix(&text) {
        Some((value, "")) => {
            Price::new(value).map(Some).ok_or_else(|| fields.invalid(name, "must be a price above zero"))
        }
        Some((_, "%" | "d")) => {
            let problem =
                "is relative to the market's price of that moment, which is not traded here: name a price";
            Err(fields.invalid(name, problem))
        }
        Some(_) | None => Err(fields.invalid(name, &format!("is not a price: {}", visible(&text)))),
    }
}

/// `TAKE_PROFIT_PRICE` and `TAKE_PROFIT_PRICE_1`, …; their ratios, in the same order, are shares of their sum.
fn targets(fields: &mut Fields<'_>) -> Result<Vec<TakeProfit>, ReadError> {
    let (mut prices, mut ratios) = (Vec::new(), Vec::new());
    for index in 0..=TARGETS_MAX {
        let ending = if index == 0 { String::new() } else { format!("_{index}") };
        prices.extend(absolute(fields, &format!("TAKE_PROFIT_PRICE{ending}"))?);
        ratios.extend(fields.positive(&[&format!("TAKE_PROFIT_VOLUME_RATIO{ending}")])?);
    }
    if ratios.is_empty() {
        let even = prices.into_iter().map(|price| draft::target(BracketLevel::Price(price), None));
        return Ok(even.collect());
    }
    if ratios.len() != prices.len() {
        let name = if ratios.len() < prices.len() { "TAKE_PROFIT_VOLUME_RATIO" } else { "TAKE_PROFIT_PRICE" };
        return Err(fields.invalid(name, "must be there once for each target: prices and ratios go in pairs"));
    }
    let sum = ratios.iter().try_fold(Decimal::ZERO, |sum, ratio| sum.checked_add(*ratio));
    let share = |ratio: Decimal| {
        let part = ratio.checked_mul(Decimal::ONE_HUNDRED)?;
        part.checked_div(sum?).map(|share| share.trunc_with_scale(SHARE_DECIMALS).normalize())
    };
    // What rounding leaves over goes to the last: the shares are of the whole entry.
    let mut left = Decimal::ONE_HUNDRED;
    let last = prices.len() - 1;
    let mut steps = Vec::with_capacity(prices.len());
    for (index, (price, ratio)) in prices.into_iter().zip(ratios).enumerate() {
        let portion = if index == last { Some(left.normalize()) } else { share(ratio) };
        let portion = portion.filter(|portion| *portion > Decimal::ZERO);
        let portion =
            portion.ok_or_else(|| fields.invalid("TAKE_PROFIT_VOLUME_RATIO", "is no usable share"))?;
        left -= portion;
        steps.push(draft::target(BracketLevel::Price(price), Some(portion)));
    }
    Ok(steps)
}
