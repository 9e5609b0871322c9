//! Lengths of candles.

use crate::timestamp::Timestamp;
use std::fmt;
use thiserror::Error;

/// The length of a candle, of those that venues publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timeframe {
    /// One minute.
    M1,
    /// Three minutes.
    M3,
    /// Five minutes.
    M5,
    /// Fifteen minutes.
    M15,
    /// Thirty minutes.
    M30,
    /// One hour.
    H1,
    /// Two hours.
    H2,
    /// Four hours.
    H4,
    /// Six hours.
    H6,
    /// Eight hours.
    H8,
    /// Twelve hours.
    H12,
    /// One day, from midnight UTC.
    D1,
    /// One week, from Monday midnight UTC.
    W1,
}

/// A text that names no timeframe.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a timeframe is one of {}", Timeframe::names())]
pub struct TimeframeError;

/// Microseconds of a minute.
const MINUTE_US: i64 = 60_000_000;
/// Weeks begin on Mondays; 1970-01-01 was a Thursday, four days before one.
const FIRST_MONDAY_US: i64 = 4 * 24 * 60 * MINUTE_US;

impl Timeframe {
    /// Every timeframe, shortest first.
    pub const ALL: [Self; 13] = [
        Self::M1,
        Self::M3,
        Self::M5,
        Self::M15,
        Self::M30,
        Self::H1,
        Self::H2,
        Self::H4,
        Self::H6,
        Self::H8,
        Self::H12,
        Self::D1,
        Self::W1,
    ];

    /// The word used in strategy files, JSON and the database, such as `15m`, `4h`, `1d`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::M1 => "1m",
            Self::M3 => "3m",
            Self::M5 => "5m",
            Self::M15 => "15m",
            Self::M30 => "30m",
            Self::H1 => "1h",
            Self::H2 => "2h",
            Self::H4 => "4h",
            Self::H6 => "6h",
            Self::H8 => "8h",
            Self::H12 => "12h",
            Self::D1 => "1d",
            Self::W1 => "1w",
        }
    }

    /// Reads the word back.
    ///
    /// # Errors
    /// [`TimeframeError`], which lists the words that there are.
    pub fn parse(text: &str) -> Result<Self, TimeframeError> {
        Self::ALL.into_iter().find(|t| t.as_str() == text).ok_or(TimeframeError)
    }

    /// Its length in minutes.
    #[must_use]
    pub fn minutes(self) -> u32 {
        match self {
            Self::M1 => 1,
            Self::M3 => 3,
            Self::M5 => 5,
            Self::M15 => 15,
            Self::M30 => 30,
            Self::H1 => 60,
            Self::H2 => 120,
            Self::H4 => 240,
            Self::H6 => 360,
            Self::H8 => 480,
            Self::H12 => 720,
            Self::D1 => 1_440,
            Self::W1 => 10_080,
        }
    }

    /// Its length in microseconds.
    #[must_use]
    pub fn micros(self) -> i64 {
        i64::from(self.minutes()) * MINUTE_US
    }

    /// When the candle that runs at `at` opened: candles follow the UTC clock, weeks begin on Mondays.
    ///
    /// ```
    /// use domain::{Timeframe, Timestamp};
    /// let at = Timestamp::parse("2026-05-08T06:20:31Z").unwrap();
    /// assert_eq!(Timeframe::H4.open_of(at), Timestamp::parse("2026-05-08T04:00:00Z").unwrap());
    /// ```
    #[must_use]
    pub fn open_of(self, at: Timestamp) -> Timestamp {
        let offset = if self == Self::W1 { FIRST_MONDAY_US } else { 0 };
        let since = at.as_micros().saturating_sub(offset);
        Timestamp::from_micros(offset + since.div_euclid(self.micros()) * self.micros())
    }

    fn names() -> String {
        Self::ALL.map(Self::as_str).join(", ")
    }
}

impl fmt::Display for Timeframe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_others_are_refused_with_the_list() {
        for timeframe in Timeframe::ALL {
            assert_eq!(Timeframe::parse(timeframe.as_str()), Ok(timeframe));
        }
        for other in ["", "1", "60", "1M", "1H", "7m", "D"] {
            let said = Timeframe::parse(other).unwrap_err().to_string();
            assert!(said.ends_with("one of 1m, 3m, 5m, 15m, 30m, 1h, 2h, 4h, 6h, 8h, 12h, 1d, 1w"), "{said}");
        }
        assert!(Timeframe::ALL.windows(2).all(|pair| pair[0].micros() < pair[1].micros()));
    }

    #[test]
    fn candles_follow_the_clock_and_weeks_begin_on_mondays() {
        let check = |timeframe: Timeframe, at: &str, open: &str| {
            let found = timeframe.open_of(Timestamp::parse(at).unwrap());
            assert_eq!(found, Timestamp::parse(open).unwrap(), "{timeframe} {at}");
        };
        check(Timeframe::M1, "2026-05-08T06:20:59.999999Z", "2026-05-08T06:20:00Z");
        check(Timeframe::M5, "2026-05-08T06:20:00Z", "2026-05-08T06:20:00Z");
        check(Timeframe::D1, "2026-05-08T23:59:59Z", "2026-05-08T00:00:00Z");
        check(Timeframe::W1, "2026-05-08T06:20:00Z", "2026-05-04T00:00:00Z");
        check(Timeframe::W1, "2026-05-11T00:00:00Z", "2026-05-11T00:00:00Z");
        check(Timeframe::H1, "1969-12-31T23:30:00Z", "1969-12-31T23:00:00Z");
    }
}
