//! Prices as they are observed.
//!
//! Deliberately absent: where observations come from. The newest observation is the mark; the latest quote stays the
//! reference for taking until the next quote, bar or alert price.

mod taking;

use crate::exact::{self, Overflow};
use domain::{OrderSide, Price, Timestamp};
use rust_decimal::Decimal;

pub(crate) use taking::{
    Friction, against_trader, at_limit, at_reference_on_tick, capped, signed, taking_price,
};
pub use taking::{Slippage, SlippageKind};

/// Which price a market order starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum PriceChoice {
    /// The market's, never the alert's.
    Market,
    /// The alert's where it names one, else the last one known.
    Alert,
    /// The market's while it is fresh, else the alert's.
    #[default]
    MarketThenAlert,
}

impl PriceChoice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Market, Self::Alert, Self::MarketThenAlert];

    /// The word used in settings, JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Market => "market",
            Self::Alert => "alert",
            Self::MarketThenAlert => "market_then_alert",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == text)
    }
}

/// Where a price came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceSource {
    /// A side of a market quote.
    Quote,
    /// A last price of the market.
    Last,
    /// The price in an alert.
    Alert,
    /// A point of a closed bar.
    Bar,
    /// The order's own limit.
    Limit,
    /// The order's own stop, touched inside a bar.
    Stop,
    /// The mark, at which a ruined account is closed out.
    Mark,
}

impl PriceSource {
    /// Every source.
    pub const ALL: [Self; 7] =
        [Self::Quote, Self::Last, Self::Alert, Self::Bar, Self::Limit, Self::Stop, Self::Mark];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Last => "last",
            Self::Alert => "alert",
            Self::Bar => "bar",
            Self::Limit => "limit",
            Self::Stop => "stop",
            Self::Mark => "mark",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// What was seen of a symbol's price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// The two sides of a market quote; `bid` is not above `ask`.
    Quote {
        /// What a sale gets.
        bid: Price,
        /// What a purchase costs.
        ask: Price,
    },
    /// A last price of the market.
    Last(Price),
    /// The price in an alert; it counts as a last price at the time the alert was received.
    Alert(Price),
    /// A point of a closed bar: the close, once the bar is walked.
    Bar(Price),
}

/// A market quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What a sale gets; not above `ask`.
    pub bid: Price,
    /// What a purchase costs.
    pub ask: Price,
    /// When it was observed.
    pub at: Timestamp,
}

/// The price that a fill starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reference {
    pub(crate) price: Price,
    pub(crate) source: PriceSource,
    pub(crate) at: Timestamp,
}

/// The newest observation of a symbol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// What was seen.
    pub seen: Seen,
    /// When.
    pub at: Timestamp,
}

impl Observation {
    /// The price at which open positions are valued: the middle of a quote, else the price itself.
    ///
    /// # Errors
    /// [`Overflow`] when the middle cannot be held exactly.
    pub fn mark(&self) -> Result<Price, Overflow> {
        match self.seen {
            Seen::Last(price) | Seen::Alert(price) | Seen::Bar(price) => Ok(price),
            Seen::Quote { bid, ask } => {
                let half = Decimal::new(5, 1);
                let mid = exact::mul(exact::add(bid.get(), ask.get())?, half)?;
                Price::new(mid).ok_or(Overflow)
            }
        }
    }

    /// Whether a market, not an alert, said so.
    #[must_use]
    pub fn is_market(&self) -> bool {
        match self.seen {
            Seen::Quote { .. } | Seen::Last(_) | Seen::Bar(_) => true,
            Seen::Alert(_) => false,
        }
    }

    /// Whether it is at most `age_ms_max` old; exactly that age is fresh.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp, age_ms_max: u64) -> bool {
        now.micros_since(self.at) <= i64::try_from(age_ms_max).unwrap_or(i64::MAX).saturating_mul(1_000)
    }

    /// The most decimals among its prices.
    pub(crate) fn scale(&self) -> u32 {
        match self.seen {
            Seen::Last(price) | Seen::Alert(price) | Seen::Bar(price) => price.get().scale(),
            Seen::Quote { bid, ask } => bid.get().scale().max(ask.get().scale()),
        }
    }

    /// The price of this observation for an order of `side`.
    pub(crate) fn reference(&self, side: OrderSide) -> Reference {
        let (price, source) = match (self.seen, side) {
            (Seen::Quote { ask, .. }, OrderSide::Buy) => (ask, PriceSource::Quote),
            (Seen::Quote { bid, .. }, OrderSide::Sell) => (bid, PriceSource::Quote),
            (Seen::Last(price), _) => (price, PriceSource::Last),
            (Seen::Alert(price), _) => (price, PriceSource::Alert),
            (Seen::Bar(price), _) => (price, PriceSource::Bar),
        };
        Reference { price, source, at: self.at }
    }
}

impl Quote {
    /// The side of the quote that an order of `side` takes.
    pub(crate) fn reference(&self, side: OrderSide) -> Reference {
        let price = match side {
            OrderSide::Buy => self.ask,
            OrderSide::Sell => self.bid,
        };
        Reference { price, source: PriceSource::Quote, at: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{at, price};

    #[test]
    fn the_mark_of_a_quote_is_its_exact_middle() {
        let mark = |bid: &str, ask: &str| {
            Observation { seen: Seen::Quote { bid: price(bid), ask: price(ask) }, at: at(0) }.mark()
        };
        assert_eq!(mark("100.00", "100.01"), Ok(price("100.005")));
        assert_eq!(mark("79228162514264337593543950335", "79228162514264337593543950335"), Err(Overflow));
    }
}
