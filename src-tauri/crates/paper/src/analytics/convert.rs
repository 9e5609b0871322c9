//! From exact decimals to the nearest `f64`.

use rust_decimal::Decimal;

/// The `f64` nearest to a decimal: the one that any other program reads from the same digits.
pub(super) fn nearest(value: Decimal) -> f64 {
    value.to_string().parse().expect("BUG: a decimal prints as digits with at most one point")
}

/// A count as a number to compute with; counts here are far below 2^53.
pub(super) fn number(count: usize) -> f64 {
    count as f64
}

/// A count as it is shown.
pub(super) fn shown(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
