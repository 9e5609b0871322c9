//! Numbers and times of the venues' JSON, read from their own text: a price never goes through a float.

use crate::error::ReadError;
use domain::{Candle, Price, Quantity, Timestamp, parse_decimal};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::value::RawValue;

/// Reads an answer or a frame.
pub(crate) fn read<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, ReadError> {
    serde_json::from_slice(text).map_err(|error| ReadError::garbage(crate::error::shown(&error.to_string())))
}

/// A number, whether the venue writes it as a number or as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        number(raw).map(Self).map_err(D::Error::custom)
    }
}

fn number(raw: &RawValue) -> Result<Decimal, String> {
    let text = unquoted(raw);
    parse_decimal(text).map_err(|error| format!("{error}: {}", crate::error::shown(text)))
}

/// The text between the quotes; a string with escapes keeps them, and is then no number.
fn unquoted(raw: &RawValue) -> &str {
    let text = raw.get().trim();
    text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text)
}

/// A price that may be missing: absent, null, empty or zero means none.
pub(crate) fn price_opt(number: Option<&RawValue>) -> Result<Option<Price>, ReadError> {
    match number.map(unquoted) {
        None | Some("" | "null") => Ok(None),
        Some(text) => {
            let value = parse_decimal(text)
                .map_err(|error| ReadError::garbage(format!("{error}: {}", crate::error::shown(text))))?;
            Ok(Price::new(value))
        }
    }
}

/// A row of an array of arrays, read by position.
#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Row<'a>(#[serde(borrow)] Vec<&'a RawValue>);

impl Row<'_> {
    fn at(&self, index: usize) -> Result<&RawValue, ReadError> {
        self.0.get(index).copied().ok_or_else(|| ReadError::garbage(format!("a row has no field {index}")))
    }

    /// The text of a field.
    pub(crate) fn text(&self, index: usize) -> Result<&str, ReadError> {
        self.at(index).map(unquoted)
    }

    /// A whole number, such as a time.
    pub(crate) fn whole(&self, index: usize) -> Result<i64, ReadError> {
        whole(self.text(index)?)
    }

    /// A price.
    pub(crate) fn price(&self, index: usize) -> Result<Price, ReadError> {
        price(self.number(index)?)
    }

    fn number(&self, index: usize) -> Result<Number, ReadError> {
        number(self.at(index)?).map(Number).map_err(ReadError::Garbage)
    }

    /// A candle whose open, high, low and close are the fields 1 to 4.
    pub(crate) fn candle(&self, opened_at: Timestamp, volume_at: usize) -> Result<Candle, ReadError> {
        let prices = [self.number(1)?, self.number(2)?, self.number(3)?, self.number(4)?];
        candle(opened_at, prices, self.number(volume_at)?)
    }
}

/// A price, which is above zero.
pub(crate) fn price(number: Number) -> Result<Price, ReadError> {
    Price::new(number.0).ok_or_else(|| ReadError::garbage(format!("{} is no price", number.0)))
}

/// A candle of open, high, low and close; refused where they do not go together.
pub(crate) fn candle(opened_at: Timestamp, prices: [Number; 4], volume: Number) -> Result<Candle, ReadError> {
    let [open, high, low, close] = prices;
    let candle = Candle {
        opened_at,
        open: price(open)?,
        high: price(high)?,
        low: price(low)?,
        close: price(close)?,
        volume: quantity(volume)?,
    };
    candle.checked().map_err(|error| ReadError::garbage(error.to_string()))
}

/// A quantity, which is not below zero.
fn quantity(number: Number) -> Result<Quantity, ReadError> {
    Quantity::new(number.0).ok_or_else(|| ReadError::garbage(format!("{} is no quantity", number.0)))
}

fn whole(text: &str) -> Result<i64, ReadError> {
    text.parse().map_err(|_| ReadError::garbage(format!("{} is no whole number", crate::error::shown(text))))
}

/// A whole number that is written as a string or as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Whole(pub(crate) i64);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        whole(unquoted(raw)).map(Self).map_err(D::Error::custom)
    }
}

/// An RFC 3339 time.
pub(crate) fn time(text: &str) -> Result<Timestamp, ReadError> {
    Timestamp::parse(text)
        .map_err(|error| ReadError::garbage(format!("{error}: {}", crate::error::shown(text))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_every_digit_however_it_is_written() {
        for text in ["106038.2", "\"106038.2\"", "67123.450000000004", "\"0.00000001\""] {
            let found: Number = read(text.as_bytes()).unwrap();
            assert_eq!(found.0.to_string(), text.trim_matches('"'));
        }
        let exponent: Number = read(b"1e-5").unwrap();
        assert_eq!(exponent.0.to_string(), "0.00001");
        for text in ["null", "\"\"", "\"NaN\"", "true", "[1]", "{}", "\"1,000\"", "\"\\u0031\""] {
            assert!(read::<Number>(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn a_row_is_read_by_position_and_a_missing_field_is_named() {
        let row: Row<'_> = read(br#"[1499040000000,"0.0163","0",null]"#).unwrap();
        assert_eq!(row.whole(0), Ok(1_499_040_000_000));
        assert_eq!(row.price(1).unwrap().to_string(), "0.0163");
        assert_eq!(row.number(2).and_then(quantity), Ok(Quantity::ZERO));
        assert_eq!(row.price(2), Err(ReadError::garbage("0 is no price")));
        assert_eq!(row.price(4), Err(ReadError::garbage("a row has no field 4")));
        assert!(row.price(3).is_err() && row.whole(1).is_err());
    }
}
