//! The numbers behind a check, kept typed until somebody shows them.

use domain::{Money, NetQuantity, Price, Quantity, Side};
use rust_decimal::Decimal;
use std::fmt;

/// What was allowed or what there was, with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A word of the broker's own.
    Word(&'static str),
    /// A text of the input.
    Text(Box<str>),
    /// A number: money, a price, a quantity.
    Number(Decimal),
    /// A count.
    Count(u64),
    /// Basis points (1/10,000).
    BasisPoints(Decimal),
    /// Percent.
    Percent(Decimal),
    /// Milliseconds.
    Millis(i64),
    /// Seconds.
    Seconds(Decimal),
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Text(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::BasisPoints(number) => write!(f, "{number} bps"),
            Self::Percent(number) => write!(f, "{number} %"),
            Self::Millis(number) => write!(f, "{number} ms"),
            Self::Seconds(number) => write!(f, "{number} s"),
        }
    }
}

macro_rules! figures {
    ($($from:ty: $value:ident => $figure:expr;)+) => {
        $(impl From<$from> for Figure {
            fn from($value: $from) -> Self {
                $figure
            }
        })+
    };
}

figures! {
    &'static str: word => Self::Word(word);
    String: text => Self::Text(text.into());
    Decimal: number => Self::Number(number);
    Money: amount => Self::Number(amount.get());
    Price: price => Self::Number(price.get());
    Quantity: quantity => Self::Number(quantity.get());
    NetQuantity: net => Self::Number(net.get());
    u32: count => Self::Count(count.into());
    Side: side => Self::Word(side.as_str());
}
