//! Prices.

use crate::number::{NumberError, parse_decimal};
use rust_decimal::Decimal;
use std::fmt;

/// A price per unit in the instrument's quote currency; always above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(Decimal);

impl Price {
    /// A price, or nothing when `value` is zero or below.
    #[must_use]
    pub fn new(value: Decimal) -> Option<Self> {
        (!value.is_zero() && value.is_sign_positive()).then_some(Self(value))
    }

    /// Reads a price from its text.
    ///
    /// # Errors
    /// [`NumberError`] as [`parse_decimal`], and [`NumberError::Malformed`] for zero and below.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::new(parse_decimal(text)?).ok_or(NumberError::Malformed)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }
}

impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
