//! The words of an alert that stand by themselves, as in a scenario: what `sell` with `EXIT_50` means is said here in
//! the same way as for a message, without a message.
//!
//! Prices, ids and times are not looked at: whoever has taken them apart puts them into the signal. `desk` calls it.

use crate::assemble::unsupported_action;
use crate::dialects::{stratone, vantixs};
use crate::error::ReadError;
use crate::meaning::{self, Statement};
use crate::position::Positions;
use crate::symbol::{self, Instrument};
use crate::{assemble, exit};
use domain::{ReasonCode, SellMode, Signal, Size, SizeUnit};
use rust_decimal::Decimal;

/// A symbol that has been read, to be used for any number of signals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traded(Instrument);

impl Traded {
    /// Reads a symbol field.
    ///
    /// # Errors
    /// `INVALID_SYMBOL`.
    pub fn parse(raw: &str) -> Result<Self, ReadError> {
        symbol::parse(raw).map(Self).map_err(|error| assemble::invalid_symbol("symbol", raw, &error))
    }

    /// The symbol under which books are kept.
    #[must_use]
    pub fn symbol(&self) -> &domain::Symbol {
        &self.0.symbol
    }

    /// Whether it was read from this very text.
    #[must_use]
    pub fn is_of(&self, raw: &str) -> bool {
        self.0.raw == raw
    }
}

/// What an alert says in words.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// `buy`, `sell`, `short`, `cover` or `close`, in any case.
    pub action: &'a str,
    /// The comment; `EXIT_50` and `ENTRY` count.
    pub comment: Option<&'a str>,
    /// The quantity, in units of the instrument.
    pub quantity: Option<Decimal>,
    /// What is traded.
    pub traded: &'a Traded,
    /// What a plain `sell` means.
    pub sell_mode: SellMode,
}

/// The signal that the words are, as a market order without a price.
///
/// # Errors
/// `UNSUPPORTED_ACTION`, `INVALID_EXIT_PERCENT`, and `INVALID_FIELD` for a quantity that is not above zero.
pub fn from_words(words: &Words<'_>) -> Result<Signal, ReadError> {
    let lower = words.action.trim().to_ascii_lowercase();
    let said = vantixs::said(&lower, words.sell_mode, words.comment);
    let (said, order_side) =
        said.or_else(|| stratone::said(&lower).map(|(said, side)| (said, Some(side)))).ok_or_else(|| {
            unsupported_action("action", words.action, &["buy", "sell", "short", "cover", "close"])
        })?;
    let exit_percent = words.comment.map(|comment| exit::percent(comment, false)).transpose()?.flatten();
    if words.quantity.is_some_and(|quantity| quantity <= Decimal::ZERO) {
        let sentence = "The field qty must be a quantity above zero.";
        return Err(ReadError::new(ReasonCode::InvalidField, sentence).at_field("qty"));
    }
    let meaning = meaning::of(&Statement {
        said,
        order_side,
        exit_percent,
        size: words.quantity.map(|value| Size { value, unit: SizeUnit::Base }),
        positions: Positions::default(),
        sell_mode: words.sell_mode,
    })?;
    let Instrument { symbol, raw, exchange, market } = &words.traded.0;
    let mut signal = Signal::new(meaning.intent, meaning.side, &lower, symbol.clone());
    signal.symbol_raw.clone_from(raw);
    signal.exchange.clone_from(exchange);
    signal.market = *market;
    signal.size = meaning.size;
    signal.comment = words.comment.map(str::to_owned);
    Ok(signal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// The same words in a message of a webhook give the same signal; `ticker` makes the message StratOne's.
    fn check(action: &str, comment: &str, quantity: Option<&str>, sell_mode: SellMode) {
        let key = if matches!(action, "short" | "cover") { "ticker" } else { "symbol" };
        let quantity_field = quantity.map(|q| format!(r#","quantity":"{q}""#)).unwrap_or_default();
        let comment_field =
            if comment.is_empty() { String::new() } else { format!(r#","comment":"{comment}""#) };
        let body = format!(
            r#"{{"action":"{action}","{key}":"BINANCE:BTCUSDT.P","price":"1"{quantity_field}{comment_field}}}"#
        );
        let settings = Settings { sell_mode, ..Settings::default() };
        let expected = crate::read(body.as_bytes(), &settings).map(|reading| {
            let mut signal = reading.signals[0].clone();
            signal.price = None;
            signal
        });
        let found = from_words(&Words {
            action,
            comment: Some(comment).filter(|c| !c.is_empty()),
            quantity: quantity.map(|q| q.parse().unwrap()),
            traded: &Traded::parse("BINANCE:BTCUSDT.P").unwrap(),
            sell_mode,
        });
        assert_eq!(found.map_err(|e| e.code), expected.map_err(|e| e.code), "{body}");
    }

    #[test]
    fn words_mean_what_they_mean_in_a_message() {
        for action in ["buy", "SELL", "short", "cover", "close", "hold"] {
            for comment in ["", "ENTRY", "EXIT_50", "exit_final", "EXIT_0", "EXIT_101", "Exit_Long"] {
                for quantity in [None, Some("2"), Some("0"), Some("-1")] {
                    for sell_mode in SellMode::ALL {
                        check(action, comment, quantity, sell_mode);
                    }
                }
            }
        }
    }

    #[test]
    fn a_symbol_is_read_as_in_a_message() {
        let traded = Traded::parse("NASDAQ:aapl").unwrap();
        assert_eq!(traded.symbol().as_str(), "AAPL");
        assert!(traded.is_of("NASDAQ:aapl") && !traded.is_of("AAPL"));
        assert_eq!(Traded::parse("").unwrap_err().code, ReasonCode::InvalidSymbol);
    }
}
