//! Offsets of Alertatron: `e-1%` from the entry, `1%` and `200` as distances, `@12345` as a price.

use crate::draft::level;
use crate::error::{ReadError, visible};
use crate::fields::{Fields, number_and_suffix};
use crate::settings::LevelUnit;
use domain::{BracketLevel, Price};
use rust_decimal::Decimal;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Offset {
    /// At a price.
    At(Price),
    /// So far from the entry, in percent or as a price distance; never zero.
    FromEntry(Decimal, LevelUnit),
    /// So far from the market's price of that moment.
    FromMarket(Decimal, LevelUnit),
}

impl Offset {
    /// As the stop or target of an entry.
    pub(super) fn as_protection(self) -> Option<BracketLevel> {
        match self {
            Self::At(price) => Some(BracketLevel::Price(price)),
            Self::FromEntry(value, unit) => level(value, unit),
            Self::FromMarket(..) => None,
        }
    }

    /// As a distance from an entry, whatever it is counted from: the entry is made at that moment.
    pub(super) fn as_distance(self) -> Option<BracketLevel> {
        match self {
            Self::At(price) => Some(BracketLevel::Price(price)),
            Self::FromEntry(value, unit) | Self::FromMarket(value, unit) => level(value, unit),
        }
    }

    /// As a price.
    pub(super) fn as_price(self) -> Option<Price> {
        match self {
            Self::At(price) => Some(price),
            Self::FromEntry(..) | Self::FromMarket(..) => None,
        }
    }
}

/// Reads an offset; the sign only repeats what side and kind of the order say.
pub(super) fn read(command: &mut Fields<'_>, name: &'static str) -> Result<Option<Offset>, ReadError> {
    let Some(text) = command.text(&[name])? else { return Ok(None) };
    let wrong = || command.invalid(name, &format!("is no offset: {}", visible(&text)));
    if let Some(price) = text.strip_prefix('@') {
        return Price::parse(price.trim()).map(|price| Some(Offset::At(price))).map_err(|_| wrong());
    }
    let entry = text.strip_prefix(['e', 'E']);
    let (value, suffix) = number_and_suffix(entry.unwrap_or(&text)).ok_or_else(wrong)?;
    let unit = match suffix {
        "" => LevelUnit::Absolute,
        "%" => LevelUnit::Percent,
        _ => return Err(wrong()),
    };
    if value.is_zero() {
        return Err(wrong());
    }
    let value = value.abs();
    Ok(Some(match entry {
        Some(_) => Offset::FromEntry(value, unit),
        None => Offset::FromMarket(value, unit),
    }))
}
