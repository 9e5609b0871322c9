//! Symbols, normalised.

use std::fmt;
use std::sync::Arc;
use thiserror::Error;

/// A normalised symbol: `[A-Z0-9][A-Z0-9 ._:!/&*+-]{0,39}`. Books are kept per symbol; copies share their text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

/// A text that cannot be a symbol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SymbolError {
    /// No characters.
    #[error("the symbol is empty")]
    Empty,
    /// More than 40 characters.
    #[error("the symbol is longer than 40 characters")]
    TooLong,
    /// A character that no symbol has; look-alike letters of other scripts are the usual cause.
    #[error("the symbol has the character {character:?} (U+{code:04X}), which no symbol has", code = u32::from(*character))]
    Character {
        /// The first such character.
        character: char,
    },
}

impl Symbol {
    /// Checks a symbol that is already normalised.
    ///
    /// # Errors
    /// [`SymbolError`] saying what is wrong.
    pub fn new(text: &str) -> Result<Self, SymbolError> {
        let mut characters = text.chars();
        let first = characters.next().ok_or(SymbolError::Empty)?;
        let head = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
        if !head(first) {
            return Err(SymbolError::Character { character: first });
        }
        if let Some(character) = characters.find(|c| !head(*c) && !" ._:!/&*+-".contains(*c)) {
            return Err(SymbolError::Character { character });
        }
        if text.len() > 40 {
            return Err(SymbolError::TooLong);
        }
        Ok(Self(text.into()))
    }

    /// The symbol as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_strict_character_set_passes() {
        for good in ["AAPL", "BTCUSDT.P", "ES1!", "SPY 250624C596", "BRK.B", "6E1!"] {
            assert_eq!(Symbol::new(good).unwrap().as_str(), good);
        }
        assert_eq!(Symbol::new(""), Err(SymbolError::Empty));
        assert_eq!(Symbol::new("BTС"), Err(SymbolError::Character { character: 'С' }));
        assert_eq!(Symbol::new("aapl"), Err(SymbolError::Character { character: 'a' }));
        assert_eq!(Symbol::new(".P"), Err(SymbolError::Character { character: '.' }));
        assert_eq!(Symbol::new("A\u{202e}B"), Err(SymbolError::Character { character: '\u{202e}' }));
        assert_eq!(Symbol::new(&"A".repeat(41)), Err(SymbolError::TooLong));
    }
}
