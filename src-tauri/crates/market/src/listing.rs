//! What a venue calls a symbol. Every mapping is written down here; nothing is guessed by asking the venue.

use crate::venue::Venue;
use domain::Symbol;
use std::fmt;
use thiserror::Error;

/// The quote currencies by which a pair is taken apart, and the fewest letters that must stand before them. Longer
/// ones come first, so that `BTCUSDT` is not `BTCUSD` and a T.
const QUOTES: [(&str, usize); 19] = [
    ("FDUSD", 1),
    ("USDT", 1),
    ("USDC", 1),
    ("USD", 2),
    ("EUR", 2),
    ("GBP", 2),
    ("BTC", 2),
    ("XBT", 2),
    ("ETH", 2),
    ("BNB", 2),
    ("DAI", 2),
    ("JPY", 2),
    ("CHF", 2),
    ("AUD", 2),
    ("CAD", 2),
    ("TRY", 2),
    ("BRL", 2),
    ("SOL", 3),
    ("XRP", 3),
];

/// The kind of instrument behind a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Bought and sold outright.
    Spot,
    /// A perpetual future that settles in its quote currency; `.P` in a symbol.
    Perpetual,
}

/// An instrument as one venue calls it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Listing {
    /// The venue.
    pub venue: Venue,
    /// The symbol under which books are kept.
    pub symbol: Symbol,
    /// Its name in the venue's REST addresses, such as `BTC-USD`.
    pub code: String,
    /// Its name in the venue's streams, such as `BTC/USD`.
    pub stream_code: String,
    /// Which of the venue's markets it is on.
    pub kind: Kind,
}

/// A symbol that a venue is not asked about.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListingError {
    /// The letters name no pair of a base and a quote currency.
    #[error("{symbol} is no pair of two currencies, and {} lists nothing else", venue.title())]
    NoPair {
        /// The venue.
        venue: Venue,
        /// The symbol.
        symbol: Symbol,
    },
    /// Perpetuals are not read from this venue.
    #[error("{symbol} is a perpetual, and perpetuals are read from Bybit and OKX only, not from {}", venue.title())]
    NoPerpetuals {
        /// The venue.
        venue: Venue,
        /// The symbol.
        symbol: Symbol,
    },
}

impl Listing {
    /// What `venue` calls `symbol`.
    ///
    /// # Errors
    /// [`ListingError`] when the symbol is no pair, or a perpetual of a venue whose perpetuals are not read.
    ///
    /// ```
    /// use market::{Listing, Venue};
    /// let symbol = domain::Symbol::new("BTCUSD").unwrap();
    /// assert_eq!(Listing::of(Venue::Coinbase, &symbol).unwrap().code, "BTC-USD");
    /// ```
    pub fn of(venue: Venue, symbol: &Symbol) -> Result<Self, ListingError> {
        let text = symbol.as_str();
        let (pair, kind) = match text.strip_suffix(".P") {
            Some(pair) => (pair, Kind::Perpetual),
            None => (text, Kind::Spot),
        };
        let (base, quote) =
            split(pair).ok_or_else(|| ListingError::NoPair { venue, symbol: symbol.clone() })?;
        let (code, stream_code) = match (venue, kind) {
            (Venue::Binance, Kind::Spot) => {
                (format!("{base}{quote}"), format!("{base}{quote}").to_lowercase())
            }
            (Venue::Kraken, Kind::Spot) => (
                format!("{}{}", kraken_rest(base), kraken_rest(quote)),
                format!("{}/{}", plain(base), plain(quote)),
            ),
            (Venue::Coinbase, Kind::Spot) => twice(format!("{}-{}", plain(base), plain(quote))),
            (Venue::Bybit, Kind::Spot | Kind::Perpetual) => twice(format!("{base}{quote}")),
            (Venue::Okx, Kind::Spot) => twice(format!("{base}-{quote}")),
            (Venue::Okx, Kind::Perpetual) => twice(format!("{base}-{quote}-SWAP")),
            (Venue::Binance | Venue::Kraken | Venue::Coinbase, Kind::Perpetual) => {
                return Err(ListingError::NoPerpetuals { venue, symbol: symbol.clone() });
            }
        };
        Ok(Self { venue, symbol: symbol.clone(), code, stream_code, kind })
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.code, self.venue.title())
    }
}

fn twice(code: String) -> (String, String) {
    (code.clone(), code)
}

/// Base and quote of a pair written together.
fn split(pair: &str) -> Option<(&str, &str)> {
    if !pair.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    QUOTES.iter().find_map(|(quote, base_min)| {
        let base = pair.strip_suffix(quote)?;
        (base.len() >= *base_min).then_some((base, *quote))
    })
}

/// Kraken's REST has old names for two currencies.
fn kraken_rest(currency: &str) -> &str {
    match currency {
        "BTC" => "XBT",
        "DOGE" => "XDG",
        other => other,
    }
}

/// The common name of a currency that may be written in Kraken's old way.
fn plain(currency: &str) -> &str {
    match currency {
        "XBT" => "BTC",
        "XDG" => "DOGE",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(venue: Venue, symbol: &str, expected: Result<(&str, &str), &str>) {
        let found = Listing::of(venue, &Symbol::new(symbol).unwrap());
        match (found, expected) {
            (Ok(listing), Ok((code, stream_code))) => {
                assert_eq!(
                    (listing.code.as_str(), listing.stream_code.as_str()),
                    (code, stream_code),
                    "{symbol}"
                );
                assert_eq!(listing.kind == Kind::Perpetual, symbol.ends_with(".P"));
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, _) => panic!("{venue} {symbol}: {found:?}"),
        }
    }

    #[test]
    fn every_venue_has_its_own_name_for_a_symbol() {
        check(Venue::Binance, "BTCUSDT", Ok(("BTCUSDT", "btcusdt")));
        check(Venue::Binance, "ETHBTC", Ok(("ETHBTC", "ethbtc")));
        check(Venue::Binance, "1000SATSFDUSD", Ok(("1000SATSFDUSD", "1000satsfdusd")));
        check(Venue::Kraken, "BTCUSD", Ok(("XBTUSD", "BTC/USD")));
        check(Venue::Kraken, "XBTUSD", Ok(("XBTUSD", "BTC/USD")));
        check(Venue::Kraken, "ETHXBT", Ok(("ETHXBT", "ETH/BTC")));
        check(Venue::Kraken, "DOGEEUR", Ok(("XDGEUR", "DOGE/EUR")));
        check(Venue::Kraken, "ALGOUSD", Ok(("ALGOUSD", "ALGO/USD")));
        check(Venue::Coinbase, "BTCUSD", Ok(("BTC-USD", "BTC-USD")));
        check(Venue::Coinbase, "XBTEUR", Ok(("BTC-EUR", "BTC-EUR")));
        check(Venue::Coinbase, "ETHUSDC", Ok(("ETH-USDC", "ETH-USDC")));
        check(Venue::Bybit, "BTCUSDT", Ok(("BTCUSDT", "BTCUSDT")));
        check(Venue::Bybit, "BTCUSDT.P", Ok(("BTCUSDT", "BTCUSDT")));
        check(Venue::Okx, "BTCUSDT", Ok(("BTC-USDT", "BTC-USDT")));
        check(Venue::Okx, "BTCUSDT.P", Ok(("BTC-USDT-SWAP", "BTC-USDT-SWAP")));
        check(Venue::Okx, "SUSDT", Ok(("S-USDT", "S-USDT")));
    }

    #[test]
    fn what_a_venue_does_not_list_is_refused_before_it_is_asked() {
        for venue in Venue::ALL {
            check(venue, "AAPL", Err("AAPL is no pair of two currencies"));
            check(venue, "ES1!", Err("is no pair"));
            check(venue, "BRK.B", Err("is no pair"));
            check(venue, "USDT", Err("is no pair"));
            check(venue, "ETH.P", Err("is no pair"));
            check(venue, "SPY 250624C596", Err("is no pair"));
        }
        check(
            Venue::Binance,
            "BTCUSDT.P",
            Err("perpetuals are read from Bybit and OKX only, not from Binance"),
        );
        check(Venue::Kraken, "BTCUSD.P", Err("not from Kraken"));
        check(Venue::Coinbase, "BTCUSDC.P", Err("not from Coinbase"));
    }
}
