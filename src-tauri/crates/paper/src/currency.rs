//! Currencies: of accounts, and of symbols as far as their letters tell.
//!
//! No table of exchange rates: a symbol in another currency than the account's is refused, not converted.

use domain::{Market, Symbol};
use std::fmt;
use thiserror::Error;

/// A currency code: 2 to 8 letters or digits, upper case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(Box<str>);

/// A text that is no currency code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a currency is 2 to 8 letters or digits, such as USD")]
pub struct CurrencyError;

/// The currencies that settle at par with each other unless the account says otherwise.
const PAR: [&str; 5] = ["USD", "USDT", "USDC", "FDUSD", "DAI"];

/// Quote currencies that a symbol may end with, longest first, and the fewest characters that must stand before
/// them, so that a ticker such as GBTC is not taken for a pair.
const QUOTES: [(&str, usize); 33] = [
    ("FDUSD", 1),
    ("USDT", 1),
    ("USDC", 1),
    ("USD", 2),
    ("BTC", 2),
    ("ETH", 2),
    ("BNB", 2),
    ("DAI", 3),
    ("EUR", 3),
    ("GBP", 3),
    ("JPY", 3),
    ("CHF", 3),
    ("AUD", 3),
    ("CAD", 3),
    ("NZD", 3),
    ("TRY", 3),
    ("BRL", 3),
    ("MXN", 3),
    ("ZAR", 3),
    ("INR", 3),
    ("KRW", 3),
    ("SGD", 3),
    ("HKD", 3),
    ("CNH", 3),
    ("PLN", 3),
    ("SEK", 3),
    ("NOK", 3),
    ("DKK", 3),
    ("CZK", 3),
    ("HUF", 3),
    ("THB", 3),
    ("IDR", 3),
    ("UAH", 3),
];

impl Currency {
    /// Reads a code; lower case is raised.
    ///
    /// # Errors
    /// [`CurrencyError`] for anything but 2 to 8 ASCII letters or digits.
    pub fn parse(text: &str) -> Result<Self, CurrencyError> {
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric());
        if plain && (2..=8).contains(&text.len()) {
            Ok(Self(text.to_ascii_uppercase().into()))
        } else {
            Err(CurrencyError)
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an account in this currency can settle what is quoted in `quote`: the same currency or, with
    /// `stablecoins_at_par`, any two of USD, USDT, USDC, FDUSD and DAI.
    #[must_use]
    pub fn settles(&self, quote: &str, stablecoins_at_par: bool) -> bool {
        self.as_str() == quote || (stablecoins_at_par && PAR.contains(&self.as_str()) && PAR.contains(&quote))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The quote currency that the symbol's letters name; nothing for stocks, futures and options, which count as the
/// account's currency.
#[must_use]
pub fn quote_currency(symbol: &Symbol, market: Option<Market>) -> Option<&'static str> {
    match market {
        Some(Market::Stock | Market::Future | Market::Option) => return None,
        Some(Market::Spot | Market::Perpetual | Market::Forex) | None => {}
    }
    let text = symbol.as_str();
    let pair = text.strip_suffix(".P").unwrap_or(text);
    QUOTES.iter().find_map(|(quote, base_min)| {
        let base = pair.strip_suffix(quote)?;
        (base.len() >= *base_min && base.bytes().all(|b| b.is_ascii_alphanumeric())).then_some(*quote)
    })
}

/// Whether the symbol is two currencies of countries, as far as its letters tell.
pub(crate) fn is_currency_pair(symbol: &Symbol) -> bool {
    let national = |code: &str| {
        code == "USD"
            || QUOTES
                .iter()
                .any(|(quote, base_min)| *quote == code && code.len() == 3 && *base_min == 3 && code != "DAI")
    };
    let text = symbol.as_str();
    text.len() == 6 && text.is_char_boundary(3) && national(&text[..3]) && national(&text[3..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(symbol: &str, market: Option<Market>, expected: Option<&str>) {
        assert_eq!(quote_currency(&Symbol::new(symbol).unwrap(), market), expected, "{symbol}");
    }

    #[test]
    fn a_pair_names_its_quote_and_a_ticker_does_not() {
        check("BTCUSDT", None, Some("USDT"));
        check("BTCUSDT.P", None, Some("USDT"));
        check("BTCFDUSD", None, Some("FDUSD"));
        check("ETHBTC", None, Some("BTC"));
        check("SUSDT", None, Some("USDT"));
        check("EURUSD", Some(Market::Forex), Some("USD"));
        check("DOTUSD", None, Some("USD"));
        check("BTCEUR", None, Some("EUR"));
        check("AAPL", None, None);
        check("GBTC", None, None);
        check("ES1!", None, None);
        check("BRK.B", None, None);
        check("SPY 250624C596", None, None);
        check("BTCUSD", Some(Market::Future), None);
        check("USDT", None, None);
    }

    #[test]
    fn dollars_and_stablecoins_settle_at_par_unless_told_otherwise() {
        let usd = Currency::parse("usd").unwrap();
        assert!(usd.settles("USDT", true));
        assert!(!usd.settles("USDT", false));
        assert!(usd.settles("USD", false));
        assert!(!usd.settles("EUR", true));
        assert!(!Currency::parse("EUR").unwrap().settles("USDT", true));
        for wrong in ["", "U", "US D", "NINELETTERS", "€€"] {
            assert_eq!(Currency::parse(wrong), Err(CurrencyError), "{wrong:?}");
        }
    }
}
