//! PineConnector: `60123456789,buy,AUDUSD,risk=0.1`, one message a line.
//!
//! The licence id stands first and is a secret. Bare `risk`, `sl`, `tp` and `price` have no unit of their own: the
//! expert advisor's settings say it there, and the webhook's units here. Distances from the market's price of that
//! moment (`entry_pips`, `entry_pct`) and stops that move by themselves are refused, not left out.

mod command;

use super::{Dialect, Signals};
use crate::draft::{self, Start, bare, enters, leaves, level};
use crate::error::ReadError;
use crate::fields::Fields;
use crate::meaning::Said;
use crate::settings::{LevelUnit, Settings, unit_required};
use crate::symbol::Instrument;
use crate::text::{Message, Messages, Parts, TextError, assignment, lines, pieces};
use command::{Command, Step};
use domain::{
    BracketLevel, DialectName, Intent, OrderRequest, OrderType, Price, Side, Signal, Size, SizeUnit, Symbol,
};

pub(super) const DIALECT: Dialect =
    Dialect { name: DialectName::PineConnector, json: None, text: Some(messages), read };

/// Names of the parts that stand without one.
const LICENCE: &str = "licenseid";
const COMMAND: &str = "command";
const SYMBOL: &str = "symbol";
/// The longest comment.
const COMMENT_MAX: usize = 20;
/// Sizes by the unit that their name says.
const VOLUMES: [(&str, SizeUnit); 5] = [
    ("vol_lots", SizeUnit::Lots),
    ("vol_dollar", SizeUnit::RiskQuote),
    ("vol_pct_bal_loss", SizeUnit::RiskPercent),
    ("vol_pct_eq_loss", SizeUnit::RiskPercent),
    ("vol_pct_bal_margin", SizeUnit::PercentAvailable),
];
/// What moves a stop by itself or waits for a distance: not traded here.
const NOT_TRADED: [&str; 14] = [
    "entry_pips",
    "entry_pct",
    "trailtrig",
    "traildist",
    "trailstep",
    "atrtimeframe",
    "atrperiod",
    "atrmultiplier",
    "atrshift",
    "atrtrigger",
    "betrigger",
    "beoffset",
    "spread",
    "accfilter",
];

/// Whether a word is a command.
pub(super) fn is_command(word: &str) -> bool {
    Command::parse(word).is_some()
}

/// A text whose first line is an id, a comma and a command that is known.
fn messages(text: &str) -> Option<Messages> {
    let (_, first) = lines(text).next()?;
    let mut parts = first.split(',');
    let licence = parts.next()?.trim();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'*' | b'-' | b'_');
    let command = parts.next()?.trim();
    // A command that is not known is still PineConnector's after an id of digits.
    let known = Command::parse(command).is_some();
    let digits = licence.len() >= 8 && licence.bytes().all(|b| b.is_ascii_digit() || b == b'*');
    let named = !licence.is_empty() && licence.bytes().all(plain) && !command.contains(['=', ' ']);
    (named && (known || digits)).then(|| lines(text).map(message).collect())
}

fn message((offset, line): (usize, &str)) -> Result<Message, TextError> {
    let mut parts = Parts::default();
    for (index, (at, piece)) in pieces(line, |c| c == ',').enumerate() {
        let at = offset + at;
        match (index, assignment(piece)) {
            (0, _) => parts.add(LICENCE, piece, at)?,
            (1, _) => parts.add(COMMAND, piece, at)?,
            (2, None) => parts.add(SYMBOL, piece, at)?,
            (_, Some((name, value))) => parts.add(&name.to_ascii_lowercase(), value, at)?,
            (_, None) => {
                let sentence = "A part without a name: after id, command and symbol each is name=value.";
                return Err(TextError::malformed(at, sentence));
            }
        }
    }
    Ok(Message { offset, parts })
}

fn read(fields: &mut Fields<'_>, settings: &Settings) -> Signals {
    let word = fields.required_word(COMMAND)?;
    let command = Command::parse(&word).ok_or_else(|| Command::unknown(&word))?;
    refuse_untraded(fields)?;
    fields.skip(&[LICENCE, "secret"]);
    let instrument = match command.is_switch() {
        true => switched(fields, &word, settings)?,
        false => crate::assemble::instrument(fields, SYMBOL, settings)?,
    };
    let steps = command.steps();
    let last = steps.len().saturating_sub(1);
    let mut signals = Vec::with_capacity(steps.len());
    for (index, step) in steps.iter().enumerate() {
        let instrument = instrument.clone();
        let signal = if index == last {
            let mut signal = step_of(fields, *step, &word, instrument, settings)?;
            comment(fields, &mut signal)?;
            draft::rest(fields, &mut signal, &["price"])?;
            signal
        } else {
            let (intent, side) = step.plain();
            bare(intent, side, &word, instrument)
        };
        signals.push(signal);
    }
    Ok(signals)
}

/// Switching the advisor needs no symbol: where none stands, or the command a second time, it is about none.
fn switched(fields: &mut Fields<'_>, command: &str, settings: &Settings) -> Result<Instrument, ReadError> {
    if fields.peek(SYMBOL).is_some_and(|symbol| !symbol.eq_ignore_ascii_case(command)) {
        return crate::assemble::instrument(fields, SYMBOL, settings);
    }
    fields.skip(&[SYMBOL]);
    let word = Symbol::new(&command.to_ascii_uppercase());
    let word = word.map_err(|error| crate::assemble::invalid_symbol(COMMAND, command, &error))?;
    Ok(Instrument::of_webhook(&word))
}

fn refuse_untraded(fields: &Fields<'_>) -> Result<(), ReadError> {
    match fields.unread_and_set().find(|name| NOT_TRADED.contains(name)) {
        None => Ok(()),
        Some(name @ ("spread" | "accfilter")) => {
            Err(fields.invalid(name, "is a condition on the broker's account, which is not there"))
        }
        Some(name) => {
            let problem = "needs the market's price of every moment, which an alert does not have: use sl, tp and price";
            Err(fields.invalid(name, problem))
        }
    }
}

fn comment(fields: &mut Fields<'_>, signal: &mut Signal) -> Result<(), ReadError> {
    signal.comment = fields.text(&["comment"])?;
    if signal.comment.as_ref().is_some_and(|comment| comment.chars().count() > COMMENT_MAX) {
        return Err(fields.invalid("comment", "is longer than 20 characters"));
    }
    Ok(())
}

fn step_of(
    fields: &mut Fields<'_>,
    step: Step,
    word: &str,
    instrument: Instrument,
    settings: &Settings,
) -> Result<Signal, ReadError> {
    let start = |(said, order_side): (Said, _), instrument, size| Start {
        action: word.to_owned(),
        said,
        order_side,
        instrument,
        size,
    };
    let mut signal = match step {
        Step::Enter(side, kind) => {
            let size = volume(fields, settings)?;
            let mut signal = draft::begin(fields, start(enters(side), instrument, size), settings)?;
            signal.order = pending(fields, kind, settings)?;
            signal
        }
        Step::Leave(side, unit) => {
            let size = match unit {
                Some(unit) => Some(part(fields, unit)?),
                None => None,
            };
            let said = side.map_or((Said::Leave(None), None), leaves);
            draft::begin(fields, start(said, instrument, size), settings)?
        }
        Step::Reverse(side) => {
            let size = volume(fields, settings)?;
            Signal { size, ..bare(Intent::Reverse, Some(side), word, instrument) }
        }
        Step::Cancel(_) | Step::Update(_) | Step::On | Step::Off => {
            let (intent, side) = step.plain();
            bare(intent, side, word, instrument)
        }
    };
    if matches!(step, Step::Enter(..) | Step::Reverse(_) | Step::Update(_)) {
        let stop = bracket(fields, "sl", settings.units.stop_loss)?;
        signal.stop_loss = stop.map(draft::stop_at);
        let goal = bracket(fields, "tp", settings.units.take_profit)?;
        signal.take_profit = goal.map(|level| draft::target(level, None)).into_iter().collect();
    }
    Ok(signal)
}

/// How much to trade; a bare `risk` counts what the webhook says.
fn volume(fields: &mut Fields<'_>, settings: &Settings) -> Result<Option<Size>, ReadError> {
    let mut found: Option<(&str, Size)> = None;
    for (name, unit) in VOLUMES {
        let Some(size) = fields.size(&[name], unit)? else { continue };
        if let Some((other, _)) = found {
            return Err(fields.contradiction(other, name));
        }
        found = Some((name, size));
    }
    let Some(value) = fields.positive(&["risk"])? else { return Ok(found.map(|(_, size)| size)) };
    if let Some((other, _)) = found {
        return Err(fields.contradiction(other, "risk"));
    }
    let unit = settings.units.risk.ok_or_else(|| unit_required("risk"))?;
    Ok(Some(Size { value, unit }))
}

/// How much of a position to close, in the unit that the command says.
fn part(fields: &mut Fields<'_>, unit: SizeUnit) -> Result<Size, ReadError> {
    let names: &[&str] =
        if unit == SizeUnit::Lots { &["vol_lots", "vol", "risk"] } else { &["pct", "vol_pct", "risk"] };
    fields.size(names, unit)?.ok_or_else(|| fields.missing(names[0]))
}

fn pending(fields: &mut Fields<'_>, kind: OrderType, settings: &Settings) -> Result<OrderRequest, ReadError> {
    if kind == OrderType::Market {
        return Ok(OrderRequest::MARKET);
    }
    let price: Option<Price> = match fields.price(&["entry_price"])? {
        Some(price) => Some(price),
        None => {
            let bare = fields.price(&["price"])?;
            match (bare, settings.units.price) {
                (Some(_), None) => return Err(unit_required("price")),
                (bare, _) => bare,
            }
        }
    };
    draft::order(fields, kind, &["entry_price"], &["entry_price"], price)
}

/// A stop or target: named with its unit, or bare and counted as the webhook says.
fn bracket(
    fields: &mut Fields<'_>,
    key: &'static str,
    bare: Option<LevelUnit>,
) -> Result<Option<BracketLevel>, ReadError> {
    let named = [
        (format!("{key}_pips"), LevelUnit::Pips),
        (format!("{key}_price"), LevelUnit::Price),
        (format!("{key}_pct"), LevelUnit::Percent),
    ];
    let mut found: Option<(String, BracketLevel)> = None;
    for (name, unit) in named {
        let Some(value) = fields.positive(&[&name])? else { continue };
        if let Some((other, _)) = &found {
            return Err(fields.contradiction(other, &name));
        }
        found = level(value, unit).map(|level| (name, level));
    }
    let Some(value) = fields.positive(&[key])? else { return Ok(found.map(|(_, level)| level)) };
    if let Some((other, _)) = found {
        return Err(fields.contradiction(&other, key));
    }
    let unit = bare.ok_or_else(|| unit_required(key))?;
    Ok(level(value, unit))
}

/// The side that a step is about, for steps that need no more.
impl Step {
    fn plain(self) -> (Intent, Option<Side>) {
        match self {
            Self::Enter(side, _) => (Intent::Open, Some(side)),
            Self::Leave(side, _) => (Intent::Close, side),
            Self::Reverse(side) => (Intent::Reverse, Some(side)),
            Self::Cancel(side) => (Intent::Cancel, Some(side)),
            Self::Update(side) => (Intent::OrderUpdate, Some(side)),
            Self::On => (Intent::Resume, None),
            Self::Off => (Intent::Pause, None),
        }
    }
}
