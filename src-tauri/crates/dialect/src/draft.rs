//! A signal in the making, for dialects whose fields have names of their own: the intent from word and positions, the
//! order, and last the optional fields that any message may carry.
//!
//! `assemble.rs` does the same for the four small formats and Pitwire's own, whose fields all have the same names.

use crate::error::{ReadError, visible};
use crate::fields::Fields;
use crate::meaning::{self, Said, Statement};
use crate::position;
use crate::settings::{LevelUnit, Settings};
use crate::symbol::{self, Instrument};
use domain::{
    BracketLevel, Intent, OrderRequest, OrderSide, OrderType, Price, SellMode, Side, Signal, Size, StopLoss,
    TakeProfit, TimeInForce,
};
use rust_decimal::Decimal;

/// The longest id of a sender, in bytes.
const ID_MAX: usize = 256;

/// What a dialect found out about a message by itself.
pub(crate) struct Start {
    /// The action word.
    pub(crate) action: String,
    /// What the word says.
    pub(crate) said: Said,
    /// Whether it buys or sells.
    pub(crate) order_side: Option<OrderSide>,
    /// What is traded.
    pub(crate) instrument: Instrument,
    /// The size named.
    pub(crate) size: Option<Size>,
}

/// A signal whose intent follows from the word and from the positions that the message names, if it names any.
pub(crate) fn begin(fields: &mut Fields<'_>, start: Start, settings: &Settings) -> Result<Signal, ReadError> {
    let positions = position::read(fields)?;
    begin_at(start, positions, settings)
}

/// As [`begin`], with positions that were found elsewhere.
pub(crate) fn begin_at(
    start: Start,
    positions: position::Positions,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let Start { action, said, order_side, instrument, size } = start;
    let sell_mode = settings.sell_mode;
    let statement = Statement { said, order_side, exit_percent: None, size, positions, sell_mode };
    let meaning = meaning::of(&statement)?;
    let mut signal = bare(meaning.intent, meaning.side, &action, instrument);
    signal.size = meaning.size;
    signal.target_position = positions.target.and_then(position::Position::net);
    signal.previous_position = positions.previous.and_then(position::Position::net);
    Ok(signal)
}

/// A signal that says its intent, its side and its instrument.
pub(crate) fn bare(intent: Intent, side: Option<Side>, action: &str, instrument: Instrument) -> Signal {
    let mut signal = Signal::new(intent, side, &action.to_ascii_lowercase(), instrument.symbol);
    signal.symbol_raw = instrument.raw;
    signal.exchange = instrument.exchange;
    signal.market = instrument.market;
    signal
}

/// Entering by a word that buys or sells, where the documents say that it opens.
pub(crate) fn enters(side: Side) -> (Said, Option<OrderSide>) {
    (Said::Enter(side), Some(side.entry()))
}

/// Leaving a position of a side.
pub(crate) fn leaves(side: Side) -> (Said, Option<OrderSide>) {
    (Said::Leave(Some(side)), Some(side.exit()))
}

/// A plain buy or sell, where the documents leave open what a sell does.
pub(crate) fn traded(side: OrderSide, mode: SellMode) -> (Said, Option<OrderSide>) {
    match (side, mode) {
        (OrderSide::Buy, _) => enters(Side::Long),
        (OrderSide::Sell, SellMode::Flip) => enters(Side::Short),
        (OrderSide::Sell, SellMode::Directional | SellMode::Target) => leaves(Side::Long),
    }
}

/// `buy` or `sell`, in any case.
pub(crate) fn buy_or_sell(word: &str) -> Option<OrderSide> {
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    if is("buy") { Some(OrderSide::Buy) } else { is("sell").then_some(OrderSide::Sell) }
}

/// The symbol in the first of `names` that is there, else the webhook's.
pub(crate) fn instrument_or_set(
    fields: &mut Fields<'_>,
    names: &[&'static str],
    settings: &Settings,
) -> Result<Instrument, ReadError> {
    match names.iter().find(|name| fields.peek(name).is_some()) {
        Some(name) => crate::assemble::instrument(fields, name, settings),
        None => settings.symbol_or_refused().map(Instrument::of_webhook),
    }
}

/// An order of a type with its prices; `fallback` is its limit or stop where it names none.
pub(crate) fn order(
    fields: &mut Fields<'_>,
    kind: OrderType,
    limit: &[&'static str],
    stop: &[&'static str],
    fallback: Option<Price>,
) -> Result<OrderRequest, ReadError> {
    let mut order = OrderRequest { kind, ..OrderRequest::MARKET };
    let mut named = |names: &[&'static str]| -> Result<Option<Price>, ReadError> {
        let price = fields.price_unless_zero(names)?.or(fallback);
        price.map(Some).ok_or_else(|| fields.missing(names.first().copied().unwrap_or("price")))
    };
    if matches!(kind, OrderType::Limit | OrderType::StopLimit) {
        order.limit = named(limit)?;
    }
    if matches!(kind, OrderType::Stop | OrderType::StopLimit) {
        order.stop = named(stop)?;
    }
    Ok(order)
}

/// How long an order stays, where it rests; `name` is the field.
pub(crate) fn time_in_force(
    fields: &mut Fields<'_>,
    name: &str,
    order: &mut OrderRequest,
) -> Result<(), ReadError> {
    let Some(word) = fields.word(&[name])? else { return Ok(()) };
    if order.kind == OrderType::Market {
        return Ok(());
    }
    let known = TimeInForce::parse(&word.to_ascii_lowercase());
    let problem = || format!("must be gtc, day or ioc, not {}", visible(&word));
    order.time_in_force = Some(known.ok_or_else(|| fields.invalid(name, &problem()))?);
    Ok(())
}

/// A level from a number above zero and what it counts.
pub(crate) fn level(value: Decimal, unit: LevelUnit) -> Option<BracketLevel> {
    let price = Price::new(value)?;
    Some(match unit {
        LevelUnit::Price => BracketLevel::Price(price),
        LevelUnit::Percent => BracketLevel::Percent(value),
        LevelUnit::Absolute => BracketLevel::Absolute(value),
        LevelUnit::Pips => BracketLevel::Pips(value),
    })
}

/// A stop loss at a level.
pub(crate) fn stop_at(level: BracketLevel) -> StopLoss {
    StopLoss { level: Some(level), limit: None, trail: None }
}

/// One target for a share of the position, in percent.
pub(crate) fn target(level: BracketLevel, portion_pct: Option<Decimal>) -> TakeProfit {
    TakeProfit { level, portion_pct }
}

/// Refuses steps that together take more than the whole position.
pub(crate) fn within_whole(fields: &Fields<'_>, name: &str, steps: &[TakeProfit]) -> Result<(), ReadError> {
    let mut sum = Decimal::ZERO;
    for portion in steps.iter().filter_map(|step| step.portion_pct) {
        sum = sum.checked_add(portion).unwrap_or(Decimal::MAX);
    }
    if sum > Decimal::ONE_HUNDRED {
        return Err(fields.invalid(name, &format!("takes {sum} % of the position in all: 100 are there")));
    }
    Ok(())
}

/// Reads what any message may carry and the dialect has not read: times, ids, notes and limits.
pub(crate) fn rest(fields: &mut Fields<'_>, signal: &mut Signal, except: &[&str]) -> Result<(), ReadError> {
    if fields.is_finished() {
        return Ok(());
    }
    let open = |fields: &Fields<'_>, names: &[&'static str]| -> Vec<&'static str> {
        let free = |name: &&'static str| fields.is_unread(name) && !except.contains(name);
        names.iter().copied().filter(free).collect()
    };
    let names = open(fields, &["exchange"]);
    if let Some(name) = fields.word(&names)? {
        let known = symbol::parse_exchange(&name);
        signal.exchange =
            Some(known.ok_or_else(|| fields.invalid("exchange", "cannot be the name of an exchange"))?);
    }
    if signal.price.is_none() {
        let names = open(fields, &["price", "marketPrice", "market_price", "signal_price", "trigger_price"]);
        signal.price = fields.price_unless_zero(&names)?;
    }
    let fired = open(fields, &["timenow", "alert_time"]);
    let stamped = open(fields, &["time", "timestamp", "date"]);
    signal.alert_time = match signal.alert_time {
        Some(time) => Some(time),
        None => match fields.time(&fired)? {
            Some(time) => Some(time),
            None => fields.time(&stamped)?,
        },
    };
    let names = open(fields, &["bar_time", "barTime"]);
    signal.bar_time = fields.time(&names)?.or(signal.bar_time);
    texts(fields, signal, &open)?;
    limits(fields, signal, &open)
}

type Open<'o> = &'o dyn Fn(&Fields<'_>, &[&'static str]) -> Vec<&'static str>;

fn texts(fields: &mut Fields<'_>, signal: &mut Signal, open: Open<'_>) -> Result<(), ReadError> {
    let names = open(fields, &["id", "signal_id", "signalId"]);
    signal.id = fields.text(&names)?.or(signal.id.take());
    if signal.id.as_ref().is_some_and(|id| id.len() > ID_MAX) {
        return Err(fields.invalid("id", "is longer than 256 bytes"));
    }
    let names = open(fields, &["strategy", "strategy_name"]);
    signal.strategy = fields.text(&names)?.or(signal.strategy.take());
    let names = open(fields, &["comment"]);
    signal.comment = fields.text(&names)?.or(signal.comment.take());
    if !open(fields, &["test"]).is_empty() {
        signal.test = fields.choice("test")?.unwrap_or(false);
    }
    Ok(())
}

/// A factor, with or without its `x`; zero counts as absent.
fn leverage(fields: &mut Fields<'_>, names: &[&str]) -> Result<Option<Decimal>, ReadError> {
    let Some(text) = fields.text(names)? else { return Ok(None) };
    let number = domain::parse_decimal(text.trim_matches(['x', 'X']));
    let wrong = || fields.invalid("leverage", &format!("is no factor: {}", visible(&text)));
    let factor = number.ok().filter(|factor| *factor >= Decimal::ZERO).ok_or_else(wrong)?;
    Ok(Some(factor).filter(|factor| !factor.is_zero()))
}

fn limits(fields: &mut Fields<'_>, signal: &mut Signal, open: Open<'_>) -> Result<(), ReadError> {
    let names = open(fields, &["leverage"]);
    signal.leverage = leverage(fields, &names)?.or(signal.leverage);
    for name in open(fields, &["reduce_only", "reduceOnly"]) {
        signal.reduce_only |= fields.choice(name)?.unwrap_or(false);
    }
    let names = open(fields, &["max_lag", "maxLag", "max_lag_s"]);
    signal.max_lag_s = fields.seconds(&names)?.or(signal.max_lag_s);
    let names = open(fields, &["delay", "delay_seconds", "delay_s"]);
    signal.delay_s = fields.seconds(&names)?.or(signal.delay_s);
    Ok(())
}
