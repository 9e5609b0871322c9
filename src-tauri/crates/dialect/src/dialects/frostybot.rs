//! Frostybot: `trade:mystub:long symbol=BTC-PERP size=1000`, one message a line.
//!
//! A size is in dollars; `3x` is that many times the equity, `50%` that share of it (of the position on a close). With
//! a price the order is a limit order. A sell does what the webhook's sell mode says.

use super::{Dialect, Signals};
use crate::assemble::unsupported_action;
use crate::draft::{self, Start, bare, enters, instrument_or_set, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use crate::text::{Message, Messages, Parts, TextError, assignment, lines};
use domain::{DialectName, Intent, OrderRequest, OrderSide, OrderType, Side, Size, SizeUnit};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Frostybot, json: None, text: Some(messages), read };

const COMMANDS: [&str; 6] = ["long", "short", "buy", "sell", "close", "cancelall"];

/// A text whose first line begins with `trade:`.
fn messages(text: &str) -> Option<Messages> {
    let (_, first) = lines(text).next()?;
    let head = first.split_whitespace().next()?;
    let mut names = head.split(':');
    let is_trade =
        names.next().is_some_and(|name| name.eq_ignore_ascii_case("trade")) && names.next().is_some();
    is_trade.then(|| lines(text).map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let mut parts = Parts::default();
    let start = line.as_ptr() as usize;
    for (index, word) in line.split_whitespace().enumerate() {
        let at = offset + (word.as_ptr() as usize - start);
        if index == 0 {
            let mut names = word.split(':');
            let (head, stub, command) = (names.next(), names.next(), names.next());
            let (Some("trade" | "TRADE"), Some(stub), Some(command), None) =
                (head, stub, command, names.next())
            else {
                return Err(TextError::malformed(at, "A line begins with trade:stub:command."));
            };
            let place = |name: &str| at + (name.as_ptr() as usize - word.as_ptr() as usize);
            parts.add("stub", stub, place(stub))?;
            parts.add("command", command, place(command))?;
            continue;
        }
        let (name, value) = assignment(word)
            .ok_or_else(|| TextError::malformed(at, "A part without a name: symbol=BTC/USD."))?;
        parts.add(&name.to_ascii_lowercase(), value, at)?;
    }
    Ok(Message { offset, parts })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let command = fields.required_word("command")?;
    let lower = command.to_ascii_lowercase();
    let said = match lower.as_str() {
        "long" => Some(enters(Side::Long)),
        "short" => Some(enters(Side::Short)),
        "buy" => Some(traded(OrderSide::Buy, settings.sell_mode)),
        "sell" => Some(traded(OrderSide::Sell, settings.sell_mode)),
        "close" => Some((Said::Leave(None), None)),
        "cancelall" => None,
        _ => return Err(unsupported_action("command", &command, &COMMANDS)),
    };
    let instrument = instrument_or_set(fields, &["symbol"], settings)?;
    let mut signal = match said {
        None => bare(Intent::Cancel, None, &lower, instrument),
        Some((said, order_side)) => {
            let share = match said {
                Said::Enter(_) => SizeUnit::PercentEquity,
                Said::Leave(_) => SizeUnit::PercentPosition,
            };
            let size = size(fields, share)?;
            let start = Start { action: lower, said, order_side, instrument, size };
            let mut signal = draft::begin(fields, start, settings)?;
            signal.price = fields.price(&["price"])?;
            if let Some(price) = signal.price {
                signal.order =
                    OrderRequest { kind: OrderType::Limit, limit: Some(price), ..OrderRequest::MARKET };
            }
            signal
        }
    };
    for name in ["stoptrigger", "profittrigger", "stopprice", "profitprice", "trailstop"] {
        if fields.is_unread(name) {
            return Err(
                fields.invalid(name, "is not known here: a stop or target must not be left out silently")
            );
        }
    }
    signal.reduce_only = fields.choice("reduce")?.unwrap_or(false);
    draft::rest(fields, &mut signal, &[])?;
    Ok(vec![signal])
}

fn size(fields: &mut Fields<'_>, share: SizeUnit) -> Result<Option<Size>, ReadError> {
    let base = fields.size(&["base"], SizeUnit::Base)?;
    let quote = fields.size(&["quote", "usd"], SizeUnit::Quote)?;
    let sized = match fields.amount(&["size"])? {
        None => None,
        Some((value, suffix)) => Some(match suffix.to_ascii_lowercase().as_str() {
            "" => Size { value, unit: SizeUnit::Quote },
            "%" => Size { value, unit: share },
            "x" => {
                let percent = value.checked_mul(Decimal::ONE_HUNDRED).map(|percent| percent.normalize());
                let value = percent.ok_or_else(|| fields.invalid("size", "is too large"))?;
                Size { value, unit: SizeUnit::PercentEquity }
            }
            _ => {
                return Err(
                    fields.invalid("size", "must be an amount in dollars, a percentage or a factor as 3x")
                );
            }
        }),
    };
    let mut named = [base, quote, sized].into_iter().flatten();
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err(fields.contradiction("size", "base")),
        (first, _) => Ok(first),
    }
}
