//! How the values of settings are read, and the bounds that leave room for arithmetic.

use super::keys::{Applied, ConfigErrorKind};
use super::{Config, InstrumentSettings};
use crate::risk::Amount;
use domain::{Sizing, Symbol, parse_decimal};
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// The most symbols that an account may have settings of their own for, or allow by name.
const SYMBOLS_MAX: usize = 1_000;

/// The largest amount that a setting may name.
pub(super) const AMOUNT_MAX: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0); // 10^15

pub(super) const AMOUNT: &str = "a number from 0 to 1000000000000000";
pub(super) const LIMIT: &str = "a number from 0 to 1000000000000000, or off";
pub(super) const POSITIVE: &str = "a number above 0, or off";
pub(super) const RATE: &str = "a number above 0 and at most 1, or off";
pub(super) const BPS: &str = "a number from 0 to 10000";
pub(super) const FLAG: &str = "true or false";
pub(super) const COUNT: &str = "a whole number from 1 to 1000000000, or off";
pub(super) const MILLIS: &str = "a whole number of milliseconds above 0, or off";
pub(super) const PERCENT: &str = "a number above 0 and at most 100, or off";

/// Puts a value that could be read.
pub(super) fn put<T>(place: &mut T, value: Option<T>) -> Option<()> {
    *place = value?;
    Some(())
}

/// `off` unsets; anything else must be readable.
pub(super) fn unset_or<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if value == "off" { Some(None) } else { read(value).map(Some) }
}

/// The text of a value that may be unset.
pub(super) fn or_off<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "off".to_owned(), |value| value.to_string())
}

pub(super) fn flag(value: &str) -> Option<bool> {
    value.parse().ok()
}

pub(super) fn amount(value: &str) -> Option<Decimal> {
    parse_decimal(value).ok().filter(|v| (Decimal::ZERO..=AMOUNT_MAX).contains(v))
}

pub(super) fn positive(value: &str) -> Option<Decimal> {
    amount(value).filter(|v| *v > Decimal::ZERO)
}

pub(super) fn rate(value: &str) -> Option<Decimal> {
    positive(value).filter(|v| *v <= Decimal::ONE)
}

pub(super) fn percent(value: &str) -> Option<Decimal> {
    positive(value).filter(|v| *v <= Decimal::ONE_HUNDRED)
}

pub(super) fn bps(value: &str) -> Option<Decimal> {
    amount(value).filter(|v| *v <= Decimal::from(10_000))
}

pub(super) fn count(value: &str) -> Option<u32> {
    value.parse().ok().filter(|n| (1..=1_000_000_000).contains(n))
}

pub(super) fn millis(value: &str) -> Option<u64> {
    value.parse().ok().filter(|n| (1..=1_000_000_000_000_000).contains(n))
}

/// `200`, or `2%`.
pub(super) fn amount_or_share(value: &str) -> Option<Amount> {
    match value.strip_suffix('%') {
        Some(share) => percent(share).map(Amount::Percent),
        None => positive(value).map(Amount::Money),
    }
}

/// `BTCUSDT, ETHUSDT`.
pub(super) fn symbols(value: &str) -> Option<BTreeSet<Symbol>> {
    let all: Option<BTreeSet<Symbol>> = value.split(',').map(|s| Symbol::new(s.trim()).ok()).collect();
    all.filter(|all| all.len() <= SYMBOLS_MAX)
}

const SIZING_WORDS: [(&str, &str); 5] = [
    ("fixed_qty", "fixed"),
    ("fixed_notional", "notional"),
    ("pct_balance", "pct-balance"),
    ("pct_equity", "pct-equity"),
    ("risk_pct", "risk-pct"),
];

fn sizing_parts(sizing: Sizing) -> (&'static str, Decimal) {
    match sizing {
        Sizing::FixedQuantity(v) => ("fixed_qty", v),
        Sizing::FixedNotional(v) => ("fixed_notional", v),
        Sizing::PercentBalance(v) => ("pct_balance", v),
        Sizing::PercentEquity(v) => ("pct_equity", v),
        Sizing::RiskPercent(v) => ("risk_pct", v),
    }
}

/// The sizing after one of its two parts was set; the other keeps its value.
pub(super) fn parse_sizing_part(
    current: Option<Sizing>,
    key: &str,
    value: &str,
) -> Result<Sizing, ConfigErrorKind> {
    let (kind, number) = sizing_parts(current.unwrap_or(Sizing::FixedQuantity(Decimal::ONE)));
    let (kind, number) =
        if key == "sizing.type" { (value, number.to_string()) } else { (kind, value.to_owned()) };
    let word = SIZING_WORDS.iter().find(|(name, _)| *name == kind).map(|(_, word)| *word);
    let word = word.ok_or(ConfigErrorKind::BadValue {
        wanted: "fixed_qty, fixed_notional, pct_balance, pct_equity or risk_pct",
    })?;
    Sizing::parse(&format!("{word}:{number}")).map_err(|_| ConfigErrorKind::BadValue {
        wanted: "a number above 0, for percentages at most 100 (set the value before the type if need be)",
    })
}

/// Changes what is said about one symbol.
pub(super) fn symbol_settings(
    config: &mut Config,
    symbol: &str,
    change: impl FnOnce(&mut InstrumentSettings) -> Applied,
) -> Applied {
    let symbol = Symbol::new(symbol).map_err(|_| ConfigErrorKind::UnknownKey)?;
    let mut settings = config.instruments.get(&symbol).copied().unwrap_or_default();
    change(&mut settings)?;
    if settings == InstrumentSettings::default() {
        config.instruments.remove(&symbol);
    } else if config.instruments.len() < SYMBOLS_MAX || config.instruments.contains_key(&symbol) {
        config.instruments.insert(symbol, settings);
    } else {
        return Err(ConfigErrorKind::BadValue { wanted: "at most 1000 symbols with settings of their own" });
    }
    Ok(())
}
