//! Prices as they are observed, and the price at which a market order fills.
//!
//! Deliberately absent: where observations come from. The newest observation is the mark; the latest quote stays the
//! reference for taking until the next observation.

use crate::exact::{self, Overflow};
use crate::fill::Why;
use domain::{OrderSide, Price, Timestamp};
use rust_decimal::Decimal;

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
}

impl PriceSource {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Quote, Self::Last, Self::Alert];

    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Quote => "quote",
            Self::Last => "last",
            Self::Alert => "alert",
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
            Seen::Last(price) | Seen::Alert(price) => Ok(price),
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
            Seen::Quote { .. } | Seen::Last(_) => true,
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
            Seen::Last(price) | Seen::Alert(price) => price.get().scale(),
            Seen::Quote { bid, ask } => bid.get().scale().max(ask.get().scale()),
        }
    }

    fn reference(&self, side: OrderSide) -> (Price, PriceSource) {
        match (self.seen, side) {
            (Seen::Quote { ask, .. }, OrderSide::Buy) => (ask, PriceSource::Quote),
            (Seen::Quote { bid, .. }, OrderSide::Sell) => (bid, PriceSource::Quote),
            (Seen::Last(price), _) => (price, PriceSource::Last),
            (Seen::Alert(price), _) => (price, PriceSource::Alert),
        }
    }
}

/// What the number of a slippage counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum SlippageKind {
    /// Ticks of the instrument.
    #[default]
    Ticks,
    /// Basis points (1/10,000) of the price.
    BasisPoints,
}

impl SlippageKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Ticks, Self::BasisPoints];

    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ticks => "ticks",
            Self::BasisPoints => "bps",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.as_str() == text)
    }
}

/// How much worse than the reference a market order fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slippage {
    /// What the number counts.
    pub kind: SlippageKind,
    /// Zero or above.
    pub value: Decimal,
}

/// What lies between the reference and the fill of a market order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Friction {
    pub(crate) slippage: Slippage,
    pub(crate) spread_bps: Decimal,
    pub(crate) tick: Decimal,
}

/// Why a market order has no price to fill at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoTakingPrice {
    /// Spread, slippage and rounding leave nothing of the price.
    BelowZero,
    /// The numbers are too large.
    Overflow,
}

impl From<Overflow> for NoTakingPrice {
    fn from(_: Overflow) -> Self {
        Self::Overflow
    }
}

/// The price at which a market order of `side` fills, and how it comes about: reference, half the spread where there
/// is no quote, slippage, and rounding to the tick, each against the trader.
pub(crate) fn taking_price(
    observation: &Observation,
    side: OrderSide,
    friction: &Friction,
) -> Result<(Price, Why), NoTakingPrice> {
    let (reference, source) = observation.reference(side);
    let sign = match side {
        OrderSide::Buy => Decimal::ONE,
        OrderSide::Sell => Decimal::NEGATIVE_ONE,
    };
    let per_bps = Decimal::new(1, 4);
    let spread = match source {
        PriceSource::Quote => Decimal::ZERO,
        PriceSource::Last | PriceSource::Alert => {
            let half = exact::mul(exact::mul(friction.spread_bps, per_bps)?, Decimal::new(5, 1))?;
            exact::mul3(sign, reference.get(), half)?
        }
    };
    let touch = exact::add(reference.get(), spread)?;
    let distance = match friction.slippage.kind {
        SlippageKind::Ticks => exact::mul(friction.slippage.value, friction.tick)?,
        SlippageKind::BasisPoints => exact::mul3(touch, friction.slippage.value, per_bps)?,
    };
    let slippage = exact::mul(sign, distance)?;
    let raw = exact::add(touch, slippage)?;
    let rounded = match side {
        OrderSide::Buy => exact::ceil_step(raw, friction.tick)?,
        OrderSide::Sell => exact::floor_step(raw, friction.tick)?,
    };
    let price = Price::new(rounded).ok_or(NoTakingPrice::BelowZero)?;
    let rounding = exact::sub(rounded, raw)?;
    Ok((price, Why { reference, source, observed_at: observation.at, spread, slippage, rounding }))
}
