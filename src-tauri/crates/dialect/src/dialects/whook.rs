//! whook: `myKucoinA ETH/USDT buy 300$ x3`, words in any order, one message a line, `//` before a comment.
//!
//! A quantity ends in `$` (collateral), `@` (contracts), `%` (of the balance, or of the position on a close) or nothing
//! (units). `pos` and `position` name the position to be held. A sell does what the webhook's sell mode says. What is
//! no word of the format is the account's name.

mod words;

use super::{Dialect, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, instrument_or_set, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{
    DialectName, Intent, NetQuantity, OrderRequest, OrderType, Price, Side, Signal, Size, SizeUnit,
};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Whook, json: None, text: Some(words::messages), read };

const COMMANDS: [&str; 5] = ["buy", "sell", "pos", "close", "cancel"];

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let leverage = fields.positive(&["leverage"])?;
    let Some(command) = fields.word(&["command"])? else {
        return match fields.text(&["cancel"])? {
            Some(which) => cancel(fields, &which, settings),
            None => Err(fields.missing("command")),
        };
    };
    let lower = command.to_ascii_lowercase();
    let instrument = instrument(fields, "symbol", settings)?;
    let cancels = fields.text(&["cancel"])?;
    let first = cancels.map(|_| bare(Intent::Cancel, None, "cancel", instrument.clone()));
    let mut signal = match lower.as_str() {
        "pos" | "position" => target(fields, &lower, instrument)?,
        "close" => {
            let size = quantity(fields, leverage, SizeUnit::PercentPosition)?;
            let start = Start { action: lower, said: Said::Leave(None), order_side: None, instrument, size };
            draft::begin(fields, start, settings)?
        }
        _ => trade(fields, &lower, instrument, leverage, settings)?,
    };
    signal.leverage = leverage;
    signal.order = limit(fields)?;
    signal.reduce_only = fields.choice("reduce")?.unwrap_or(false);
    Ok(first.into_iter().chain([signal]).collect())
}

/// `cancel:all` or `cancel:id`: the resting orders of the symbol, which is the webhook's where the line names none.
fn cancel(fields: &mut Fields<'_>, which: &str, settings: &Settings) -> Signals {
    let instrument = instrument_or_set(fields, &["symbol"], settings)?;
    let mut signal = bare(Intent::Cancel, None, "cancel", instrument);
    if which != "all" {
        signal.comment = Some(which.to_owned());
    }
    Ok(vec![signal])
}

fn trade(
    fields: &mut Fields<'_>,
    action: &str,
    instrument: Instrument,
    leverage: Option<Decimal>,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let order = buy_or_sell(action).ok_or_else(|| unsupported_action("command", action, &COMMANDS))?;
    let size = quantity(fields, leverage, SizeUnit::PercentAvailable)?;
    let (said, order_side) = traded(order, settings.sell_mode);
    let start = Start { action: action.to_owned(), said, order_side, instrument, size };
    let mut signal = draft::begin(fields, start, settings)?;
    // Of a position, a percentage is a share; a sell that reduces takes that share.
    if let Some(size) = &mut signal.size
        && signal.intent == Intent::Reduce
        && size.unit == SizeUnit::PercentAvailable
    {
        size.unit = SizeUnit::PercentPosition;
    }
    Ok(signal)
}

fn quantity(
    fields: &mut Fields<'_>,
    leverage: Option<Decimal>,
    percent: SizeUnit,
) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = fields.amount(&["quantity"])? else { return Ok(None) };
    let unit = match (suffix.as_str(), leverage) {
        ("$", Some(_)) => SizeUnit::Margin,
        ("$", None) => SizeUnit::Quote,
        ("@", _) => SizeUnit::Contracts,
        ("%", _) => percent,
        ("", _) => SizeUnit::Base,
        (_, _) => return Err(fields.invalid("quantity", "must end in $, @, % or in nothing")),
    };
    Ok(Some(Size { value, unit }))
}

/// The position to be held, signed.
fn target(fields: &mut Fields<'_>, action: &str, instrument: Instrument) -> Result<Signal, ReadError> {
    let Some(text) = fields.text(&["quantity"])? else { return Err(fields.missing("quantity")) };
    let number = domain::parse_decimal(text.strip_suffix('@').unwrap_or(&text));
    let held = number.map_err(|_| {
        fields.invalid(
            "quantity",
            "must be a number of units or contracts: what an amount of money buys is not known here",
        )
    })?;
    let side = match held.is_zero() {
        true => None,
        false => Some(if held < Decimal::ZERO { Side::Short } else { Side::Long }),
    };
    let mut signal = bare(Intent::Target, side, action, instrument);
    signal.target_position = Some(NetQuantity::new(held.normalize()));
    Ok(signal)
}

/// `limit:id:price` as the parts `limit_id` and `limit`.
fn limit(fields: &mut Fields<'_>) -> Result<OrderRequest, ReadError> {
    let price: Option<Price> = fields.price(&["limit"])?;
    Ok(match price {
        None => OrderRequest::MARKET,
        Some(price) => OrderRequest { kind: OrderType::Limit, limit: Some(price), ..OrderRequest::MARKET },
    })
}
