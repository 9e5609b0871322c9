//! Bars of numbers, and the sources that can be read off one.

use crate::indicator::defined;
use domain::{Candle, Timestamp};
use rust_decimal::prelude::ToPrimitive;

/// A bar; `NaN` in a field means na.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// When it opened.
    pub opened_at: Timestamp,
    /// The first price.
    pub open: f64,
    /// The highest price.
    pub high: f64,
    /// The lowest price.
    pub low: f64,
    /// The last price.
    pub close: f64,
    /// How many units of the base were traded.
    pub volume: f64,
}

impl From<&Candle> for Bar {
    fn from(candle: &Candle) -> Self {
        let number = |decimal: rust_decimal::Decimal| decimal.to_f64().unwrap_or(f64::NAN);
        Self {
            opened_at: candle.opened_at,
            open: number(candle.open.get()),
            high: number(candle.high.get()),
            low: number(candle.low.get()),
            close: number(candle.close.get()),
            volume: number(candle.volume.get()),
        }
    }
}

impl Bar {
    /// High, low and close, where all three are known.
    pub(crate) fn range(&self) -> Option<[f64; 3]> {
        Some([defined(self.high)?, defined(self.low)?, defined(self.close)?])
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident $text:literal;)+) => {
        /// A number that can be read off a bar.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Field {
            $($(#[$doc])* $variant,)+
        }

        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Its name in an expression.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
    };
}

fields! {
    /// The first price.
    Open "open";
    /// The highest price.
    High "high";
    /// The lowest price.
    Low "low";
    /// The last price.
    Close "close";
    /// The units traded.
    Volume "volume";
    /// (high + low) / 2.
    Hl2 "hl2";
    /// (high + low + close) / 3.
    Hlc3 "hlc3";
    /// (open + high + low + close) / 4.
    Ohlc4 "ohlc4";
    /// (high + low + close + close) / 4.
    Hlcc4 "hlcc4";
}

impl Field {
    /// The number of this bar; nothing where it is na.
    #[must_use]
    pub fn of(self, bar: &Bar) -> Option<f64> {
        defined(match self {
            Self::Open => bar.open,
            Self::High => bar.high,
            Self::Low => bar.low,
            Self::Close => bar.close,
            Self::Volume => bar.volume,
            Self::Hl2 => (bar.high + bar.low) / 2.0,
            Self::Hlc3 => (bar.high + bar.low + bar.close) / 3.0,
            Self::Ohlc4 => (bar.open + bar.high + bar.low + bar.close) / 4.0,
            Self::Hlcc4 => (bar.high + bar.low + bar.close + bar.close) / 4.0,
        })
    }
}
