//! What a body is read with and what comes out.

use domain::{DialectName, SellMode, Side, Signal, Symbol};
use std::fmt;

/// What the webhook says where the message leaves something open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The dialect to read; nothing means that it is found by its marks.
    pub dialect: Option<DialectName>,
    /// The symbol traded by messages whose dialect has no symbol field (Atomik).
    pub symbol: Option<Symbol>,
    /// The side traded by messages whose dialect names no direction.
    pub default_side: Option<Side>,
    /// What a plain `sell` means where the dialect's own documents leave it open.
    pub sell_mode: SellMode,
}

/// A body that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The dialect that it was read as.
    pub dialect: DialectName,
    /// What had to be put right first, in the order of the body; empty for most.
    pub repairs: Vec<Repair>,
    /// At least one signal; several when the body is an array.
    pub signals: Vec<Signal>,
}

/// Something in the body that was put right; never silent, and never a digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// A byte order mark before the message was skipped.
    ByteOrderMark,
    /// Blanks or line breaks around the message were skipped; TradingView then sends it as plain text.
    SurroundingWhitespace,
    /// Invisible blanks that JSON does not know, outside texts, were read as blanks.
    InvisibleBlanks {
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
            Self::InvisibleBlanks { count } => {
                write!(f, "{count} invisible blanks were read as plain blanks")
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
