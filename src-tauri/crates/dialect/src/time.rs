//! Times as messages write them.

use domain::{Timestamp, parse_decimal};
use rust_decimal::Decimal;

/// From here on a number counts milliseconds: as seconds it would lie beyond the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;
/// The last second of the year 9999.
const SECONDS_MAX: i64 = 253_402_207_199;

/// Reads RFC 3339, or seconds or milliseconds since the Unix epoch, whole or with a fraction.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let Ok(number) = parse_decimal(text) else { return Timestamp::parse(text).ok() };
    let is_millis = number >= Decimal::from(MILLIS_FROM);
    let factor = if is_millis { 1_000 } else { 1_000_000 };
    let micros = number.checked_mul(Decimal::from(factor))?.floor();
    let last = Decimal::from(SECONDS_MAX).checked_mul(Decimal::from(1_000_000))?;
    let in_range = number > Decimal::ZERO && micros <= last;
    in_range.then(|| i64::try_from(micros).ok().map(Timestamp::from_micros)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(parse(text).map(|t| t.to_string()).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn texts_seconds_and_milliseconds_name_the_same_moment() {
        // 2026-05-08T06:20:00Z is 1,778,221,200 s after the epoch.
        let moment = Some("2026-05-08T06:20:00.000000Z");
        check("2026-05-08T06:20:00Z", moment);
        check("2026-05-08T08:20:00+02:00", moment);
        check("1778221200", moment);
        check("1778221200000", moment);
        check("1778221200.25", Some("2026-05-08T06:20:00.250000Z"));
        for wrong in ["", "0", "-5", "2:34 pm", "2026-05-08 06:20:00", "NaN", "9999999999999999", "1e28"] {
            check(wrong, None);
        }
    }
}
