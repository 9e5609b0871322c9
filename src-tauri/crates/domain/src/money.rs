//! Amounts of money.

use rust_decimal::Decimal;
use std::fmt;

/// An amount in the settlement currency of its account, signed. Whether fees are inside is said where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// An amount.
    #[must_use]
    pub fn new(value: Decimal) -> Self {
        Self(if value.is_zero() { Decimal::ZERO } else { value })
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> Decimal {
        self.0
    }

    /// The sum, or nothing when it cannot be held exactly enough (over 28 digits).
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self::new)
    }

    /// The difference, or nothing on overflow.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self::new)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
