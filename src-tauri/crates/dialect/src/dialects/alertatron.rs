//! Alertatron scripts: `MyKeys(BTCUSD) { market(side=buy, amount=100%a); stopOrder(side=sell, amount=100%p, stop=e-1%,
//! reduceOnly=true); } #bot`.
//!
//! Each command is a step. Reduce-only orders with a distance from the entry (`e1%`) become the stop and the targets of
//! the entry before them, which is what `oneCancelsOther` makes of them there. `position=` is a target. Commands that
//! wait, repeat, split or watch are refused by name: half a script is worse than none.

mod offset;
mod script;

use super::{Dialect, Signals};
use crate::assemble::{instrument, unsupported_action};
use crate::draft::{self, Start, bare, buy_or_sell, enters, leaves, traded};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::settings::Settings;
use crate::symbol::Instrument;
use domain::{
    DialectName, Intent, NetQuantity, OrderRequest, OrderSide, OrderType, Side, Signal, Size, SizeUnit,
};
use rust_decimal::Decimal;

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::Alertatron, json: None, text: Some(script::messages), read };

const COMMANDS: [&str; 7] =
    ["market", "limit", "stopOrder", "stopOrTakeProfit", "managed", "cancel", "oneCancelsOther"];

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let instrument = instrument(fields, "symbol", settings)?;
    let mut signals: Vec<Signal> = Vec::new();
    for (index, mut command) in fields.objects("commands", "")?.into_iter().enumerate() {
        follow(&mut command, &instrument, &mut signals, settings)
            .map_err(|error| of_command(index, error))?;
        match signals.last_mut() {
            Some(signal) => fields.adopt(command, &mut signal.extras),
            None => command.skip(&["command"]),
        }
    }
    if signals.is_empty() { Err(fields.missing("commands")) } else { Ok(signals) }
}

/// What a command adds to the signals before it.
fn follow(
    command: &mut Fields<'_>,
    instrument: &Instrument,
    signals: &mut Vec<Signal>,
    settings: &Settings,
) -> Result<(), ReadError> {
    let name = command.required_word("command")?;
    let step = Step { settings, instrument, name: &name };
    match name.to_ascii_lowercase().as_str() {
        "market" => signals.push(step.market(command)?),
        "limit" => step.resting(command, OrderType::Limit, signals)?,
        "stoporder" => step.resting(command, OrderType::Stop, signals)?,
        "stoportakeprofit" => protect(command, signals)?,
        "managed" => signals.push(step.managed(command)?),
        "cancel" => {
            command.skip(&["which"]);
            signals.push(bare(Intent::Cancel, None, &name, instrument.clone()));
        }
        // The broker's stop and targets cancel each other anyway.
        "onecancelsother" => command.skip(&["which"]),
        _ => return Err(unsupported_action("command", &name, &COMMANDS)),
    }
    Ok(())
}

/// The refusal of a command of a script.
fn of_command(index: usize, error: ReadError) -> ReadError {
    let field = match &error.field {
        Some(field) => format!("commands[{index}].{field}"),
        None => format!("commands[{index}]"),
    };
    ReadError { field: Some(field), ..error }
}

/// One command of a script.
struct Step<'s> {
    settings: &'s Settings,
    instrument: &'s Instrument,
    name: &'s str,
}

impl Step<'_> {
    fn market(&self, command: &mut Fields<'_>) -> Result<Signal, ReadError> {
        if let Some(target) = target(command)? {
            let side = side_of(target);
            let mut signal = bare(Intent::Target, side, self.name, self.instrument.clone());
            signal.target_position = Some(NetQuantity::new(target));
            return Ok(signal);
        }
        self.order(command)
    }

    /// An order of a side and an amount; reduce-only ones take from the other side's position.
    fn order(&self, command: &mut Fields<'_>) -> Result<Signal, ReadError> {
        let order = side(command)?;
        let size = amount(command)?;
        let reduces = command.choice("reduceOnly")?.unwrap_or(false)
            || size.is_some_and(|size| size.unit == SizeUnit::PercentPosition);
        let (said, order_side) = if reduces {
            leaves(order.direction().opposite())
        } else {
            traded(order, self.settings.sell_mode)
        };
        let start = Start {
            action: self.name.to_owned(),
            said,
            order_side,
            instrument: self.instrument.clone(),
            size,
        };
        let mut signal = draft::begin(command, start, self.settings)?;
        signal.reduce_only = reduces;
        Ok(signal)
    }

    /// A limit or stop order: the protection of the entry before it, or an order of its own.
    fn resting(
        &self,
        command: &mut Fields<'_>,
        kind: OrderType,
        signals: &mut Vec<Signal>,
    ) -> Result<(), ReadError> {
        let name = if kind == OrderType::Stop { "stop" } else { "offset" };
        let name = if command.has(name) { name } else { "offset" };
        let offset = offset::read(command, name)?.ok_or_else(|| command.missing(name))?;
        let left = left_over(command)?;
        let reduces = left.is_some() || matches!(command.peek("reduceOnly"), Some("true" | "1"));
        match (signals.last_mut().filter(|s| is_entry(s)), offset.as_protection()) {
            (Some(entry), Some(level)) if reduces => {
                let portion = match left {
                    Some(left) => Some(Decimal::ONE_HUNDRED - left),
                    None => share(command)?,
                };
                command.skip(&["side", "reduceOnly"]);
                if kind == OrderType::Stop {
                    entry.stop_loss = Some(draft::stop_at(level));
                } else {
                    entry.take_profit.push(draft::target(level, portion));
                }
                Ok(())
            }
            (_, _) => {
                let price = offset.as_price().ok_or_else(|| {
                    command.invalid(
                        name,
                        "is a distance, and there is no entry before it to count from: write @ and a price",
                    )
                })?;
                if left.is_some() {
                    return Err(command.invalid("position", "of an order that rests must follow an entry"));
                }
                let mut signal = self.order(command)?;
                signal.order = OrderRequest { kind, ..OrderRequest::MARKET };
                match kind {
                    OrderType::Stop => signal.order.stop = Some(price),
                    OrderType::Market | OrderType::Limit | OrderType::StopLimit | OrderType::TrailingStop => {
                        signal.order.limit = Some(price)
                    }
                }
                signals.push(signal);
                Ok(())
            }
        }
    }

    /// An entry with its stop and target as distances.
    fn managed(&self, command: &mut Fields<'_>) -> Result<Signal, ReadError> {
        let (said, order_side) = enters(side(command)?.direction());
        let size = amount(command)?;
        let entry = command.word(&["entry"])?.map(|word| word.to_ascii_lowercase());
        if entry.as_deref().is_some_and(|word| word != "market") {
            return Err(command.invalid("entry", "must be market"));
        }
        let instrument = self.instrument.clone();
        let start = Start { action: self.name.to_owned(), said, order_side, instrument, size };
        let mut signal = draft::begin(command, start, self.settings)?;
        brackets(command, &mut signal, "stoploss", "takeprofit")?;
        Ok(signal)
    }
}

/// `stopOrTakeProfit` protects the entry before it.
fn protect(command: &mut Fields<'_>, signals: &mut [Signal]) -> Result<(), ReadError> {
    let Some(entry) = signals.last_mut().filter(|signal| is_entry(signal)) else {
        return Err(command.invalid("command", "stopOrTakeProfit must follow an entry"));
    };
    command.skip(&["amount", "side", "reduceOnly"]);
    brackets(command, entry, "sl", "tp")
}

fn brackets(
    command: &mut Fields<'_>,
    signal: &mut Signal,
    stop: &'static str,
    goal: &'static str,
) -> Result<(), ReadError> {
    if let Some(offset) = offset::read(command, stop)? {
        let level = offset.as_distance().ok_or_else(|| command.invalid(stop, "must not be zero"))?;
        signal.stop_loss = Some(draft::stop_at(level));
    }
    if let Some(offset) = offset::read(command, goal)? {
        let level = offset.as_distance().ok_or_else(|| command.invalid(goal, "must not be zero"))?;
        signal.take_profit = vec![draft::target(level, None)];
    }
    Ok(())
}

fn is_entry(signal: &Signal) -> bool {
    match signal.intent {
        Intent::Open | Intent::Increase | Intent::Reverse => !signal.reduce_only,
        Intent::Target => signal.side.is_some(),
        Intent::Reduce
        | Intent::Close
        | Intent::Cancel
        | Intent::OrderUpdate
        | Intent::Pause
        | Intent::Resume
        | Intent::Trigger => false,
    }
}

fn side(command: &mut Fields<'_>) -> Result<OrderSide, ReadError> {
    let word = command.required_word("side")?;
    buy_or_sell(&word).ok_or_else(|| unsupported_action("side", &word, &["buy", "sell"]))
}

/// `100%a` of what is available, `50%p` of the position, or a number of units.
fn amount(command: &mut Fields<'_>) -> Result<Option<Size>, ReadError> {
    let Some((value, suffix)) = command.amount(&["amount"])? else { return Ok(None) };
    let unit = match suffix.to_ascii_lowercase().as_str() {
        "" => SizeUnit::Base,
        "%" | "%a" => SizeUnit::PercentAvailable,
        "%e" => SizeUnit::PercentEquity,
        "%p" => SizeUnit::PercentPosition,
        _ => return Err(command.invalid("amount", "must be a number, or a percentage as 100%a or 100%p")),
    };
    Ok(Some(Size { value, unit }))
}

/// The share of the position that an order takes, for a target.
fn share(command: &mut Fields<'_>) -> Result<Option<Decimal>, ReadError> {
    let size = amount(command)?;
    Ok(size.filter(|s| s.unit == SizeUnit::PercentPosition).map(|s| s.value.min(Decimal::ONE_HUNDRED)))
}

/// `position=75%p`: what is to be left of the position, in percent.
fn left_over(command: &mut Fields<'_>) -> Result<Option<Decimal>, ReadError> {
    if !command.peek("position").is_some_and(|text| text.ends_with(['p', 'P'])) {
        return Ok(None);
    }
    match command.amount(&["position"])? {
        Some((left, _)) if left < Decimal::ONE_HUNDRED => Ok(Some(left)),
        Some(_) | None => Err(command.invalid("position", "must be above 0%p and below 100%p")),
    }
}

/// `position=0`: the position to be held, signed, in units.
fn target(command: &mut Fields<'_>) -> Result<Option<Decimal>, ReadError> {
    if command.peek("position").is_some_and(|text| text.contains('%')) {
        return Err(command.invalid("position", "must be a number of units: the account is not known here"));
    }
    Ok(command.decimal(&["position"])?.map(|target| target.normalize()))
}

fn side_of(target: Decimal) -> Option<Side> {
    if target.is_zero() {
        return None;
    }
    Some(if target < Decimal::ZERO { Side::Short } else { Side::Long })
}
