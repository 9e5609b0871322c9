//! Points in time.

use std::fmt;
use thiserror::Error;

/// A point in time in microseconds since 1970-01-01T00:00:00Z; printed as RFC 3339 in UTC with microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text or number that names no point in time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a time: RFC 3339 such as 2026-05-08T06:20:00Z is wanted")]
pub struct TimestampError;

impl Timestamp {
    /// From microseconds since the Unix epoch; values outside the years 0001 to 9999 are clamped to them.
    #[must_use]
    pub fn from_micros(micros: i64) -> Self {
        let (min, max) = (-62_135_596_800_000_000, 253_402_207_199_999_999);
        Self(micros.clamp(min, max))
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// From milliseconds since the Unix epoch.
    #[must_use]
    pub fn from_millis(millis: i64) -> Self {
        Self::from_micros(millis.saturating_mul(1_000))
    }

    /// Milliseconds since the Unix epoch, rounded down.
    #[must_use]
    pub fn as_millis(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// From seconds since the Unix epoch.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Self {
        Self::from_micros(seconds.saturating_mul(1_000_000))
    }

    /// Seconds since the Unix epoch, rounded down.
    #[must_use]
    pub fn as_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// Microseconds from `earlier` to `self`; negative when `self` is the earlier one.
    #[must_use]
    pub fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// This point moved by `micros`.
    #[must_use]
    pub fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Reads RFC 3339 (`2026-05-08T06:20:00Z`, any offset).
    ///
    /// # Errors
    /// [`TimestampError`] when the text is anything else.
    pub fn parse(text: &str) -> Result<Self, TimestampError> {
        let parsed: jiff::Timestamp = text.trim().parse().map_err(|_| TimestampError)?;
        Ok(Self::from_micros(parsed.as_microsecond()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(time) => write!(f, "{time:.6}"),
            Err(_) => write!(f, "{}us", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_with_microseconds_and_read_back() {
        let time = Timestamp::parse("2026-05-08T06:20:00Z").unwrap();
        assert_eq!(time.to_string(), "2026-05-08T06:20:00.000000Z");
        assert_eq!(time.as_seconds(), 1_778_221_200);
        assert_eq!(Timestamp::parse("2026-05-08T08:20:00.5+02:00").unwrap().micros_since(time), 500_000);
        assert!(Timestamp::parse("yesterday").is_err());
        assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), "9999-12-30T21:59:59.999999Z");
        assert_eq!(Timestamp::from_micros(i64::MIN).to_string(), "0001-01-01T00:00:00.000000Z");
    }
}
