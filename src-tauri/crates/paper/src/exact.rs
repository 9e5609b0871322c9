//! Decimal arithmetic that is exact or refuses. `rust_decimal` panics on overflow in its operators and rounds
//! silently in its checked functions when 28 digits do not suffice; the accounts must see neither.

use rust_decimal::{Decimal, RoundingStrategy};
use thiserror::Error;

/// A result that cannot be held exactly in 28 digits; on the outside it is `ARITHMETIC_OVERFLOW`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a number is too large, or has too many digits, to be computed with exactly")]
pub struct Overflow;

/// The exact sum.
#[inline]
pub(crate) fn add(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    if a.is_zero() {
        return Ok(b);
    }
    if b.is_zero() {
        return Ok(a);
    }
    let attempt = |a: Decimal, b: Decimal| {
        a.checked_add(b).filter(|sum| sum.scale() == a.scale().max(b.scale()) || sum.is_zero())
    };
    attempt(a, b).or_else(|| attempt(a.normalize(), b.normalize())).map(unsigned_zero).ok_or(Overflow)
}

/// The exact difference.
#[inline]
pub(crate) fn sub(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    add(a, -b)
}

/// The exact product.
#[inline]
pub(crate) fn mul(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    if a.is_zero() || b.is_zero() {
        return Ok(Decimal::ZERO);
    }
    // Multipliers, margin rates and signs: what is multiplied keeps its digits.
    match (unit(a), unit(b)) {
        (_, Some(sign)) => return Ok(if sign < 0 { -a } else { a }),
        (Some(sign), None) => return Ok(if sign < 0 { -b } else { b }),
        (None, None) => {}
    }
    let attempt =
        |a: Decimal, b: Decimal| a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale());
    attempt(a, b).or_else(|| attempt(a.normalize(), b.normalize())).ok_or(Overflow)
}

/// The sign of 1 and -1.
#[inline]
fn unit(value: Decimal) -> Option<i128> {
    let mantissa = value.mantissa();
    (value.scale() == 0 && mantissa.unsigned_abs() == 1).then_some(mantissa)
}

/// The exact product of three.
#[inline]
pub(crate) fn mul3(a: Decimal, b: Decimal, c: Decimal) -> Result<Decimal, Overflow> {
    mul(mul(a, b)?, c)
}

/// The quotient to 28 digits; refuses overflow and division by zero.
#[inline]
pub(crate) fn div(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    a.checked_div(b).ok_or(Overflow)
}

/// The product to 28 digits, for figures that are compared and never booked.
#[inline]
pub(crate) fn mul_near(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    a.checked_mul(b).ok_or(Overflow)
}

/// The greatest multiple of `step` that is not above `value`; `step` is above zero.
pub(crate) fn floor_step(value: Decimal, step: Decimal) -> Result<Decimal, Overflow> {
    if step.mantissa() == 1 {
        // A power of ten: what is behind its last decimal goes.
        let mut floor = value.round_dp_with_strategy(step.scale(), RoundingStrategy::ToNegativeInfinity);
        // Shown with the decimals of the step, as a product with it is.
        floor.rescale(step.scale());
        return Ok(unsigned_zero(floor));
    }
    let below = mul(div(value, step)?.floor(), step)?;
    // The quotient may have been rounded up to the next whole number.
    let floor = if below > value { sub(below, step)? } else { below };
    Ok(unsigned_zero(floor))
}

/// The smallest multiple of `step` that is not below `value`; `step` is above zero.
pub(crate) fn ceil_step(value: Decimal, step: Decimal) -> Result<Decimal, Overflow> {
    let floor = floor_step(value, step)?;
    if floor == value { Ok(floor) } else { add(floor, step) }
}

/// Half-even to eight decimals: the share of a cost that a partial close takes out.
pub(crate) fn round8(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(8, RoundingStrategy::MidpointNearestEven)
}

/// Towards zero to eight decimals.
pub(crate) fn truncate8(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(8, RoundingStrategy::ToZero)
}

/// Half away from zero to `dp` decimals: fees.
pub(crate) fn round_away(value: Decimal, dp: u32) -> Decimal {
    value.round_dp_with_strategy(dp, RoundingStrategy::MidpointAwayFromZero)
}

fn unsigned_zero(value: Decimal) -> Decimal {
    if value.is_zero() { Decimal::ZERO } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        domain::parse_decimal(text).unwrap()
    }

    fn check(result: Result<Decimal, Overflow>, expected: Option<&str>) {
        assert_eq!(result, expected.map(d).ok_or(Overflow));
    }

    #[test]
    fn a_digit_is_never_lost() {
        check(add(d("0.1"), d("0.20")), Some("0.3"));
        check(add(d("1"), d("0.0000000000000000000000000001")), Some("1.0000000000000000000000000001"));
        check(add(d("10"), d("0.0000000000000000000000000001")), None);
        check(add(d("79228162514264337593543950335"), d("1")), None);
        // 28 digits of trailing zeros are no digits.
        check(add(d("100000000000000000000"), d("0.0000000000")), Some("100000000000000000000"));
        check(add(d("1000000000000000000.0"), d("1.000000000000")), Some("1000000000000000001"));
        check(mul(d("333.3"), d("0.00001237")), Some("0.004122921"));
        check(mul(d("0.00000000000001"), d("0.00000000000001")), Some("1e-28"));
        check(mul(d("0.000000000000001"), d("0.00000000000001")), None);
        check(mul(d("79228162514264337593543950335"), d("2")), None);
        check(mul(d("10.00000000000000"), d("20.000000000000000")), Some("200"));
        check(div(d("1"), d("0")), None);
    }

    #[test]
    fn steps_are_floored_and_ceiled_exactly() {
        check(floor_step(d("29.97"), d("1")), Some("29"));
        check(floor_step(d("0.3"), d("0.1")), Some("0.3"));
        check(floor_step(d("0.05"), d("0.1")), Some("0"));
        check(floor_step(d("-0.05"), d("0.1")), Some("-0.1"));
        check(ceil_step(d("1.5"), d("1")), Some("2"));
        check(ceil_step(d("2"), d("1")), Some("2"));
        check(ceil_step(d("100.0201"), d("0.03")), Some("100.05"));
        // A seventh of it has 29 digits and is rounded up to 10.
        check(floor_step(d("69.999999999999999999999999999"), d("7")), Some("63"));
        check(floor_step(d("79228162514264337593543950335"), d("0.00000002")), None);
        check(
            floor_step(d("79228162514264337593543950335"), d("0.00000001")),
            Some("79228162514264337593543950335"),
        );
        check(floor_step(d("-1.23"), d("0.1")), Some("-1.3"));
        check(ceil_step(d("1.21"), d("0.1")), Some("1.3"));
    }

    #[test]
    fn rounding_names_its_strategy() {
        assert_eq!(round8(d("10.006666666666")), d("10.00666667"));
        assert_eq!(round8(d("0.000000005")), d("0"));
        assert_eq!(round8(d("0.000000015")), d("0.00000002"));
        assert_eq!(round_away(d("0.96686"), 2), d("0.97"));
        assert_eq!(round_away(d("0.125"), 2), d("0.13"));
        assert_eq!(round_away(d("-0.125"), 2), d("-0.13"));
    }
}
