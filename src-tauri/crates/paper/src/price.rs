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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{at, d, price};

    struct Case {
        seen: Seen,
        side: OrderSide,
        slippage: (SlippageKind, &'static str),
        spread_bps: &'static str,
        tick: &'static str,
    }

    /// `expected` is reference, spread, slippage, rounding and the price they make.
    fn check(case: &Case, expected: [&str; 5]) {
        let observation = Observation { seen: case.seen, at: at(7) };
        let friction = Friction {
            slippage: Slippage { kind: case.slippage.0, value: d(case.slippage.1) },
            spread_bps: d(case.spread_bps),
            tick: d(case.tick),
        };
        let (found, why) = taking_price(&observation, case.side, &friction).unwrap();
        let parts = [why.reference.get(), why.spread, why.slippage, why.rounding, found.get()];
        assert_eq!(parts, expected.map(d));
        assert_eq!(why.observed_at, at(7));
    }

    #[test]
    fn a_market_order_pays_spread_slippage_and_the_tick() {
        use OrderSide::{Buy, Sell};
        use SlippageKind::{BasisPoints, Ticks};
        let quote = Seen::Quote { bid: price("100.00"), ask: price("100.02") };
        let last = Seen::Last(price("33.33"));
        let case = |seen, side, slippage, spread_bps, tick| Case { seen, side, slippage, spread_bps, tick };
        check(&case(quote, Buy, (Ticks, "0"), "50", "0.01"), ["100.02", "0", "0", "0", "100.02"]);
        check(&case(quote, Sell, (Ticks, "3"), "50", "0.01"), ["100.00", "0", "-0.03", "0", "99.97"]);
        check(&case(last, Buy, (Ticks, "1"), "0", "0.01"), ["33.33", "0", "0.01", "0", "33.34"]);
        // half of 20 bps of 33.33 is 0.03333, up to the tick
        check(&case(last, Buy, (Ticks, "0"), "20", "0.01"), ["33.33", "0.03333", "0", "0.00667", "33.37"]);
        check(&case(last, Sell, (Ticks, "0"), "20", "0.01"), ["33.33", "-0.03333", "0", "-0.00667", "33.29"]);
        // 10 bps of 33.36333 is 0.03336333; 33.39669333 is rounded against the trader
        let both = case(Seen::Alert(price("33.33")), Buy, (BasisPoints, "10"), "20", "0.05");
        check(&both, ["33.33", "0.03333", "0.03336333", "0.00330667", "33.40"]);
    }

    #[test]
    fn a_price_that_is_eaten_up_is_none() {
        let friction = |bps: &str, tick: &str| Friction {
            slippage: Slippage { kind: SlippageKind::BasisPoints, value: d(bps) },
            spread_bps: Decimal::ZERO,
            tick: d(tick),
        };
        let check = |seen: &str, friction: &Friction, expected| {
            let observation = Observation { seen: Seen::Last(price(seen)), at: at(0) };
            assert_eq!(taking_price(&observation, OrderSide::Sell, friction).err(), Some(expected));
        };
        check("100", &friction("10000", "0.01"), NoTakingPrice::BelowZero);
        check("0.009", &friction("0", "0.01"), NoTakingPrice::BelowZero);
        check("79228162514264337593543950335", &friction("1", "0.01"), NoTakingPrice::Overflow);
    }

    #[test]
    fn the_mark_of_a_quote_is_its_exact_middle() {
        let mark = |bid: &str, ask: &str| {
            Observation { seen: Seen::Quote { bid: price(bid), ask: price(ask) }, at: at(0) }.mark()
        };
        assert_eq!(mark("100.00", "100.01"), Ok(price("100.005")));
        assert_eq!(mark("79228162514264337593543950335", "79228162514264337593543950335"), Err(Overflow));
    }
}
