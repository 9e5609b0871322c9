//! Decimal numbers from hostile text.

use rust_decimal::Decimal;
use thiserror::Error;

/// The longest number text that is looked at, in bytes; 28 digits, a sign, a point and an exponent fit easily.
const NUMBER_TEXT_MAX: usize = 64;

/// Why a text is not a usable number.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing but white space.
    #[error("the number is empty")]
    Empty,
    /// Not a plain or exponent decimal; `NaN` and `Infinity` are among them.
    #[error("not a decimal number")]
    Malformed,
    /// More digits than 96 bits hold, or over 64 bytes of text.
    #[error("the number has more digits than can be held exactly")]
    OutOfRange,
}

/// Reads a decimal from its own text, plain (`67123.45`) or with an exponent (`1e-5`), exactly.
///
/// # Errors
/// [`NumberError`] for anything that is not a number or that cannot be held without losing a digit.
///
/// ```
/// assert_eq!(domain::parse_decimal("67123.450000000004").unwrap().to_string(), "67123.450000000004");
/// assert_eq!(domain::parse_decimal("1.5E3").unwrap().to_string(), "1500");
/// assert!(domain::parse_decimal("NaN").is_err());
/// ```
pub fn parse_decimal(text: &str) -> Result<Decimal, NumberError> {
    let text = text.trim();
    if let Some(value) = short(text) {
        return Ok(value);
    }
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let shape_ok = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'))
        && text.bytes().any(|b| b.is_ascii_digit());
    if !shape_ok {
        return Err(NumberError::Malformed);
    }
    if text.len() > NUMBER_TEXT_MAX {
        return Err(NumberError::OutOfRange);
    }
    match text.find(['e', 'E']) {
        Some(at) => with_exponent(&text[..at], &text[at + 1..]),
        None => plain(text),
    }
}

/// The longest text whose digits fit 64 bits whatever they are.
const SHORT_MAX: usize = 18;

/// A short number without sign and exponent, as nearly all are, in one pass; nothing for any other text.
fn short(text: &str) -> Option<Decimal> {
    if text.len() > SHORT_MAX {
        return None;
    }
    let (mut value, mut digits, mut point) = (0_i64, 0_u32, None);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
            }
            b'.' if point.is_none() => point = Some(digits),
            _ => return None,
        }
    }
    (digits > 0).then(|| Decimal::new(value, point.map_or(0, |before| digits - before)))
}

fn plain(text: &str) -> Result<Decimal, NumberError> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = unsigned.splitn(2, '.');
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next().unwrap_or_default();
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(NumberError::Malformed);
    }
    Decimal::from_str_exact(text).map_err(|_| NumberError::OutOfRange)
}

fn with_exponent(mantissa: &str, exponent: &str) -> Result<Decimal, NumberError> {
    let mantissa = plain(mantissa)?;
    let exponent: i32 = exponent.parse().map_err(|_| NumberError::Malformed)?;
    if mantissa.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let scale = i64::from(mantissa.scale()) - i64::from(exponent);
    if scale >= 0 {
        let scale =
            u32::try_from(scale).ok().filter(|s| *s <= Decimal::MAX_SCALE).ok_or(NumberError::OutOfRange)?;
        let mut value = mantissa;
        value.set_scale(scale).map_err(|_| NumberError::OutOfRange)?;
        return Ok(value);
    }
    let zeros =
        u32::try_from(-scale).ok().filter(|z| *z <= Decimal::MAX_SCALE).ok_or(NumberError::OutOfRange)?;
    let mut value = mantissa;
    value.set_scale(0).map_err(|_| NumberError::OutOfRange)?;
    let factor = Decimal::from_i128_with_scale(10_i128.pow(zeros), 0);
    value.checked_mul(factor).ok_or(NumberError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<&str, NumberError>) {
        assert_eq!(parse_decimal(text).map(|d| d.to_string()), expected.map(str::to_owned), "{text:?}");
    }

    #[test]
    fn numbers_are_read_exactly_or_refused() {
        check("100", Ok("100"));
        check(" 0.10 ", Ok("0.10"));
        check("-3.5", Ok("-3.5"));
        check("+2", Ok("2"));
        check(".5", Ok("0.5"));
        check("5.", Ok("5"));
        check("0.", Ok("0"));
        check(".", Err(NumberError::Malformed));
        check("999999999999999999", Ok("999999999999999999"));
        check("99999999999999999.9", Ok("99999999999999999.9"));
        check("1234567890123456789", Ok("1234567890123456789"));
        check("1e3", Ok("1000"));
        check("12.5e-3", Ok("0.0125"));
        check("0e99", Ok("0"));
        check("1e-28", Ok("0.0000000000000000000000000001"));
        check("79228162514264337593543950335", Ok("79228162514264337593543950335"));
        check("", Err(NumberError::Empty));
        check("  ", Err(NumberError::Empty));
        check("NaN", Err(NumberError::Malformed));
        check("Infinity", Err(NumberError::Malformed));
        check("1,000", Err(NumberError::Malformed));
        check("1.2.3", Err(NumberError::Malformed));
        check("--1", Err(NumberError::Malformed));
        check("1e", Err(NumberError::Malformed));
        check("e5", Err(NumberError::Malformed));
        check("79228162514264337593543950336", Err(NumberError::OutOfRange));
        check("1e29", Err(NumberError::OutOfRange));
        check("1e-29", Err(NumberError::OutOfRange));
        check("1e999999999999", Err(NumberError::Malformed));
        check(&"1".repeat(64), Err(NumberError::OutOfRange));
        check(&"0".repeat(64), Ok("0"));
        check(&"0".repeat(65), Err(NumberError::OutOfRange));
        check(&"x1".repeat(40), Err(NumberError::Malformed));
    }

    mod property_tests {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            #[test]
            fn any_text_is_answered_without_a_panic(text in ".{0,80}") {
                let _answered = parse_decimal(&text);
            }

            #[test]
            fn short_numbers_are_read_as_others(text in "[0-9]{0,10}[.]?[0-9]{0,10}") {
                if let Some(value) = short(&text) {
                    let read = plain(&text).map(|other| (other, other.scale()));
                    prop_assert_eq!(read, Ok((value, value.scale())));
                }
            }

            #[test]
            fn what_a_decimal_prints_is_read_back(mantissa in any::<i64>(), scale in 0_u32..=28) {
                let value = Decimal::from_i128_with_scale(i128::from(mantissa), scale);
                prop_assert_eq!(parse_decimal(&value.to_string()), Ok(value));
            }
        }
    }
}
