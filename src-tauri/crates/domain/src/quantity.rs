//! Quantities: how much is traded, and how much is held.

use crate::number::{NumberError, parse_decimal};
use crate::side::Side;
use rust_decimal::Decimal;
use std::fmt;

/// How much is ordered or filled, in units of the instrument; never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(Decimal);

impl Quantity {
    /// No quantity.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A quantity, or nothing when `value` is negative. It is written without trailing zeros: a step of 0.00000001
    /// must not make 0.1 read 0.10000000.
    #[must_use]
    pub fn new(value: Decimal) -> Option<Self> {
        (value.is_zero() || value.is_sign_positive()).then(|| Self(value.normalize()))
    }

    /// Reads a quantity from its text.
    ///
    /// # Errors
    /// [`NumberError`] as [`parse_decimal`], and [`NumberError::Malformed`] for a negative one.
    pub fn parse(text: &str) -> Result<Self, NumberError> {
        Self::new(parse_decimal(text)?).ok_or(NumberError::Malformed)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }

    /// Whether it is nothing.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A signed holding in units of the instrument: long above zero, short below, flat at zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct NetQuantity(Decimal);

impl NetQuantity {
    /// Flat.
    pub const FLAT: Self = Self(Decimal::ZERO);

    /// A holding of `value` units, signed, written without trailing zeros.
    #[must_use]
    pub fn new(value: Decimal) -> Self {
        Self(value.normalize())
    }

    /// The number, signed.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }

    /// The size without its sign.
    #[must_use]
    pub fn magnitude(self) -> Quantity {
        Quantity(self.0.abs())
    }

    /// The side held; nothing when flat.
    #[must_use]
    pub fn side(self) -> Option<Side> {
        if self.0.is_zero() {
            None
        } else if self.0.is_sign_negative() {
            Some(Side::Short)
        } else {
            Some(Side::Long)
        }
    }
}

impl fmt::Display for NetQuantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
