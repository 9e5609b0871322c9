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
    short_sum(a, b).map_or_else(|| long_sum(a, b), Ok)
}

/// The sum of two numbers of up to 64 bits, as amounts usually are; nothing where one or the sum is longer.
#[inline]
fn short_sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (left, right) = (short(a)?, short(b)?);
    let scale = left.scale.max(right.scale);
    let aligned = |one: &Short| {
        let digits = match POWERS_OF_TEN.get(usize::try_from(scale - one.scale).ok()?)? {
            1 => one.digits,
            power => one.digits.checked_mul(*power)?,
        };
        Some(if one.negative { -i128::from(digits) } else { i128::from(digits) })
    };
    let sum = aligned(&left)? + aligned(&right)?;
    let digits = u64::try_from(sum.unsigned_abs()).ok()?;
    // A zero has no decimals here.
    Some(Short { digits, scale: if digits == 0 { 0 } else { scale }, negative: sum < 0 }.get())
}

fn long_sum(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
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
    short_product(a, b).map_or_else(|| long_product(a, b), Ok)
}

/// The product of two numbers of up to 64 bits; nothing where one or the product is longer.
#[inline]
fn short_product(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (left, right) = (short(a)?, short(b)?);
    let (digits, scale) = (left.digits.checked_mul(right.digits)?, left.scale + right.scale);
    let negative = left.negative != right.negative;
    (scale <= Decimal::MAX_SCALE).then(|| Short { digits, scale, negative }.get())
}

fn long_product(a: Decimal, b: Decimal) -> Result<Decimal, Overflow> {
    let attempt =
        |a: Decimal, b: Decimal| a.checked_mul(b).filter(|product| product.scale() == a.scale() + b.scale());
    attempt(a, b).or_else(|| attempt(a.normalize(), b.normalize())).ok_or(Overflow)
}

/// A number whose digits fit 64 bits.
struct Short {
    digits: u64,
    scale: u32,
    negative: bool,
}

impl Short {
    #[inline]
    fn get(&self) -> Decimal {
        let bytes = self.digits.to_le_bytes();
        let [a, b, c, d, e, f, g, h] = bytes;
        let (lo, mid) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
        Decimal::from_parts(lo, mid, 0, self.negative, self.scale)
    }
}

#[inline]
fn short(value: Decimal) -> Option<Short> {
    let parts = value.unpack();
    let digits = u64::from(parts.mid) << 32 | u64::from(parts.lo);
    (parts.hi == 0).then_some(Short { digits, scale: parts.scale, negative: parts.negative })
}

/// All that fit 64 bits.
const POWERS_OF_TEN: [u64; 20] = {
    let mut powers = [1; 20];
    let mut place = 1;
    while place < powers.len() {
        powers[place] = powers[place - 1] * 10;
        place += 1;
    }
    powers
};

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
        if value.scale() == step.scale() {
            return Ok(unsigned_zero(value));
        }
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

    mod property_tests {
        use super::*;
        use proptest::prelude::*;

        /// Numbers around the 64 bits up to which the short way goes.
        fn number() -> impl Strategy<Value = Decimal> {
            let digits =
                prop_oneof![-1_000_i128..1_000, any::<i64>().prop_map(i128::from), -(1_i128 << 70)..1 << 70];
            (digits, 0_u32..=28)
                .prop_map(|(digits, scale)| Decimal::from_i128_with_scale(digits, scale))
                // Zeros never come so far.
                .prop_filter("zero", |number| !number.is_zero())
        }

        /// The number and the decimals that it is shown with.
        fn shown(result: Result<Decimal, Overflow>) -> Result<String, Overflow> {
            result.map(|number| number.to_string())
        }

        proptest! {
            #[test]
            fn the_short_way_and_the_long_one_come_to_the_same(a in number(), b in number()) {
                if let Some(sum) = short_sum(a, b) {
                    prop_assert_eq!(shown(Ok(sum)), shown(long_sum(a, b)));
                }
                if let Some(product) = short_product(a, b) {
                    prop_assert_eq!(shown(Ok(product)), shown(long_product(a, b)));
                }
            }
        }
    }
}
