//! The lengths of candles.

use crate::timestamp::Timestamp;
use std::fmt;
use thiserror::Error;

/// A text that is no timeframe.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a timeframe: one of 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w is wanted")]
pub struct TimeframeError;

macro_rules! timeframes {
    ($($(#[$doc:meta])* $variant:ident $text:literal $minutes:literal;)+) => {
        /// How long a candle lasts; ordered from short to long. Every one has a fixed length, so months are not among them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Timeframe {
            $($(#[$doc])* $variant,)+
        }

        impl Timeframe {
            /// Every timeframe, from short to long.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word used in files, JSON and the database; lower case (`15m`, `4h`, `1d`).
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// Its length in minutes.
            #[must_use]
            pub fn minutes(self) -> u32 {
                match self { $(Self::$variant => $minutes,)+ }
            }
        }
    };
}

timeframes! {
    /// One minute.
    Minute1 "1m" 1;
    /// Three minutes.
    Minute3 "3m" 3;
    /// Five minutes.
    Minute5 "5m" 5;
    /// A quarter of an hour.
    Minute15 "15m" 15;
    /// Half an hour.
    Minute30 "30m" 30;
    /// One hour.
    Hour1 "1h" 60;
    /// Two hours.
    Hour2 "2h" 120;
    /// Four hours.
    Hour4 "4h" 240;
    /// Six hours.
    Hour6 "6h" 360;
    /// Eight hours.
    Hour8 "8h" 480;
    /// Twelve hours.
    Hour12 "12h" 720;
    /// One day.
    Day1 "1d" 1_440;
    /// Three days.
    Day3 "3d" 4_320;
    /// One week.
    Week1 "1w" 10_080;
}

impl Timeframe {
    /// Reads the word back.
    ///
    /// # Errors
    /// [`TimeframeError`] when it is none; upper case is none either, since elsewhere `M` means months.
    pub fn parse(text: &str) -> Result<Self, TimeframeError> {
        Self::ALL.iter().copied().find(|t| t.as_str() == text).ok_or(TimeframeError)
    }

    /// Its length in microseconds.
    #[must_use]
    pub fn micros(self) -> i64 {
        i64::from(self.minutes()) * 60_000_000
    }

    /// When a candle that opened at `open` closes.
    #[must_use]
    pub fn close_of(self, open: Timestamp) -> Timestamp {
        open.plus_micros(self.micros())
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
    fn words_are_read_back_and_grow() {
        for pair in Timeframe::ALL.windows(2) {
            assert!(pair[0].minutes() < pair[1].minutes(), "{} {}", pair[0], pair[1]);
        }
        for timeframe in Timeframe::ALL {
            assert_eq!(Timeframe::parse(timeframe.as_str()), Ok(*timeframe));
        }
        for wrong in ["", "60", "1H", "1M", "1month", "1s", " 1h"] {
            assert_eq!(Timeframe::parse(wrong), Err(TimeframeError), "{wrong:?}");
        }
        let noon = Timestamp::parse("2026-05-08T12:00:00Z").unwrap();
        assert_eq!(Timeframe::Hour4.close_of(noon).to_string(), "2026-05-08T16:00:00.000000Z");
    }
}
