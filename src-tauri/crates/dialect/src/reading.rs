//! What comes out of a body that was understood.

use domain::{DialectName, Signal};
use std::fmt;

/// A body that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The dialect that it was read as.
    pub dialect: DialectName,
    /// What had to be put right first, in the order of the body; empty for most.
    pub repairs: Vec<Repair>,
    /// At least one signal; several when the body is an array, has several lines, or names several steps.
    pub signals: Vec<Signal>,
}

/// Something in the body that was put right; never silent, and never a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// A byte order mark before the message was skipped.
    ByteOrderMark,
    /// Blanks or line breaks around the message were skipped; TradingView then sends it as plain text.
    SurroundingWhitespace,
    /// The message was taken out of the wrapper `{"key":…,"message":…}`.
    Wrapper,
    /// Invisible blanks that JSON does not know, outside texts, were read as blanks.
    InvisibleBlanks {
        /// How many.
        count: usize,
    },
    /// Typographic quotes around keys or values were read as straight ones.
    TypographicQuotes {
        /// How many.
        count: usize,
    },
    /// Single quotes around keys or values were read as double ones.
    SingleQuotes {
        /// How many.
        count: usize,
    },
    /// Commas after the last field or element were left out.
    TrailingCommas {
        /// How many.
        count: usize,
    },
    /// Equals signs after keys were read as colons.
    EqualsSigns {
        /// How many.
        count: usize,
    },
    /// `\n` written out between the lines of a text was read as a line break.
    WrittenLineBreaks {
        /// How many.
        count: usize,
    },
    /// A field whose value is an empty text was read as absent.
    EmptyField {
        /// The field.
        field: String,
    },
    /// Fields without a place of their own, beyond the number that is kept, were left out.
    ExtrasLeftOut {
        /// How many.
        count: usize,
    },
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark => f.write_str("a byte order mark before the message was skipped"),
            Self::SurroundingWhitespace => {
                f.write_str("blanks or line breaks around the message were skipped")
            }
            Self::Wrapper => f.write_str("the message was taken out of the field message"),
            Self::InvisibleBlanks { count } => {
                write!(f, "{count} invisible blanks were read as plain blanks")
            }
            Self::TypographicQuotes { count } => {
                write!(f, "{count} typographic quotes were read as straight ones")
            }
            Self::SingleQuotes { count } => write!(f, "{count} single quotes were read as double ones"),
            Self::TrailingCommas { count } => write!(f, "trailing comma: {count} left out"),
            Self::EqualsSigns { count } => write!(f, "{count} equals signs were read as colons"),
            Self::WrittenLineBreaks { count } => {
                write!(f, "{count} written-out \\n were read as line breaks")
            }
            Self::EmptyField { field } => write!(f, "the empty field {field} was read as absent"),
            Self::ExtrasLeftOut { count } => write!(f, "{count} fields without a use were left out"),
        }
    }
}

impl Repair {
    /// The sentence for the log, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.to_string()
    }
}
