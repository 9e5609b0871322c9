//! The venues: their names, where they are reached, and by what name TradingView knows them.

use std::fmt;

/// A venue whose prices and candles can be had without an account there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Venue {
    /// Binance, spot, by its hosts for public data.
    Binance,
    /// Kraken, spot.
    Kraken,
    /// Coinbase Advanced Trade.
    Coinbase,
    /// Bybit, spot and linear perpetuals.
    Bybit,
    /// OKX, spot and swaps.
    Okx,
}

impl Venue {
    /// Every venue.
    pub const ALL: [Self; 5] = [Self::Binance, Self::Kraken, Self::Coinbase, Self::Bybit, Self::Okx];

    /// The word used in settings, JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Kraken => "kraken",
            Self::Coinbase => "coinbase",
            Self::Bybit => "bybit",
            Self::Okx => "okx",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|venue| venue.as_str() == text)
    }

    /// The name that people know it by.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Binance => "Binance",
            Self::Kraken => "Kraken",
            Self::Coinbase => "Coinbase",
            Self::Bybit => "Bybit",
            Self::Okx => "OKX",
        }
    }

    /// The venue behind the exchange of a TradingView symbol, such as the `BINANCE` of `BINANCE:BTCUSDT`.
    ///
    /// ```
    /// use market::Venue;
    /// assert_eq!(Venue::of_exchange("OKX"), Some(Venue::Okx));
    /// assert_eq!(Venue::of_exchange("NASDAQ"), None);
    /// ```
    #[must_use]
    pub fn of_exchange(exchange: &str) -> Option<Self> {
        let name = exchange.to_ascii_lowercase();
        if name == "okex" { Some(Self::Okx) } else { Self::parse(&name) }
    }

    /// The base of its REST addresses where no setting names another.
    #[must_use]
    pub fn rest_url(self) -> &'static str {
        match self {
            Self::Binance => "https://data-api.binance.vision",
            Self::Kraken => "https://api.kraken.com",
            Self::Coinbase => "https://api.coinbase.com",
            Self::Bybit => "https://api.bybit.com",
            Self::Okx => "https://www.okx.com",
        }
    }

    /// The base of its WebSocket addresses where no setting names another.
    #[must_use]
    pub fn ws_url(self) -> &'static str {
        match self {
            Self::Binance => "wss://data-stream.binance.vision",
            Self::Kraken => "wss://ws.kraken.com",
            Self::Coinbase => "wss://advanced-trade-ws.coinbase.com",
            Self::Bybit => "wss://stream.bybit.com",
            Self::Okx => "wss://ws.okx.com:8443",
        }
    }
}

impl fmt::Display for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_exchanges_are_known_by_tradingviews_names() {
        for venue in Venue::ALL {
            assert_eq!(Venue::parse(venue.as_str()), Some(venue));
            assert_eq!(Venue::of_exchange(&venue.as_str().to_uppercase()), Some(venue));
            assert!(venue.rest_url().starts_with("https://") && venue.ws_url().starts_with("wss://"));
        }
        for other in ["", "alert", "BINANCEUS", "COINBASE PRO", "NASDAQ"] {
            assert_eq!(Venue::of_exchange(other), None, "{other}");
        }
    }
}
