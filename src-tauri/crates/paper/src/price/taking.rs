//! The price at which an order takes: from the reference to the fill, each step against the trader.

use super::{PriceSource, Reference};
use crate::exact::{self, Overflow};
use crate::fill::Why;
use domain::{OrderSide, Price, Timestamp};
use rust_decimal::Decimal;

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

/// The price at which an order of `side` takes, and how it comes about: reference, half the spread where there is no
/// quote, slippage, and rounding to the tick, each against the trader. A sale gets one tick at least, so that no
/// slippage can keep a position from being closed.
pub(crate) fn taking_price(
    reference: &Reference,
    side: OrderSide,
    friction: &Friction,
) -> Result<(Price, Why), Overflow> {
    let base = reference.price.get();
    let spread = match reference.source {
        PriceSource::Quote | PriceSource::Limit | PriceSource::Stop | PriceSource::Mark => Decimal::ZERO,
        PriceSource::Last | PriceSource::Alert | PriceSource::Bar if friction.spread_bps.is_zero() => {
            Decimal::ZERO
        }
        PriceSource::Last | PriceSource::Alert | PriceSource::Bar => {
            let half = exact::mul(exact::mul(friction.spread_bps, PER_BPS)?, Decimal::new(5, 1))?;
            signed(side, exact::mul(base, half)?)
        }
    };
    let touch = exact::add(base, spread)?;
    let slippage = if friction.slippage.value.is_zero() {
        Decimal::ZERO
    } else {
        let distance = match friction.slippage.kind {
            SlippageKind::Ticks => exact::mul(friction.slippage.value, friction.tick)?,
            SlippageKind::BasisPoints => exact::mul3(touch, friction.slippage.value, PER_BPS)?,
        };
        signed(side, distance)
    };
    let raw = exact::add(touch, slippage)?;
    let rounded = against_trader(raw, side, friction.tick)?;
    let price = Price::new(rounded).or_else(|| Price::new(friction.tick.min(base))).ok_or(Overflow)?;
    let rounding = exact::sub(price.get(), raw)?;
    let (source, observed_at) = (reference.source, reference.at);
    let cap = Decimal::ZERO;
    Ok((price, Why { reference: reference.price, source, observed_at, spread, slippage, rounding, cap }))
}

/// The same price, but not beyond the order's own limit.
pub(crate) fn capped(
    (price, why): (Price, Why),
    side: OrderSide,
    limit: Price,
) -> Result<(Price, Why), Overflow> {
    let beyond = match side {
        OrderSide::Buy => price > limit,
        OrderSide::Sell => price < limit,
    };
    if !beyond {
        return Ok((price, why));
    }
    Ok((limit, Why { cap: exact::sub(limit.get(), price.get())?, ..why }))
}

/// How a fill at the order's own limit came about.
pub(crate) fn at_limit(limit: Price, observed_at: Timestamp) -> (Price, Why) {
    at_reference(&Reference { price: limit, source: PriceSource::Limit, at: observed_at })
}

/// How a fill at a reference as it is came about.
pub(crate) fn at_reference(reference: &Reference) -> (Price, Why) {
    let zero = Decimal::ZERO;
    let Reference { price, source, at } = *reference;
    let (spread, slippage, rounding, cap) = (zero, zero, zero, zero);
    (price, Why { reference: price, source, observed_at: at, spread, slippage, rounding, cap })
}

/// How a fill at a reference, rounded to the tick against the trader, came about.
pub(crate) fn at_reference_on_tick(
    reference: &Reference,
    side: OrderSide,
    tick: Decimal,
) -> Result<(Price, Why), Overflow> {
    let rounded = against_trader(reference.price.get(), side, tick)?;
    let price = Price::new(rounded).unwrap_or(reference.price);
    let (_, why) = at_reference(reference);
    Ok((price, Why { rounding: exact::sub(price.get(), reference.price.get())?, ..why }))
}

/// A value rounded to the tick: up for a buy, down for a sell.
pub(crate) fn against_trader(value: Decimal, side: OrderSide, tick: Decimal) -> Result<Decimal, Overflow> {
    match side {
        OrderSide::Buy => exact::ceil_step(value, tick),
        OrderSide::Sell => exact::floor_step(value, tick),
    }
}

/// As it is for a buy, with the other sign for a sell; a zero has none.
pub(crate) fn signed(side: OrderSide, value: Decimal) -> Decimal {
    match side {
        OrderSide::Sell if !value.is_zero() => -value,
        OrderSide::Buy | OrderSide::Sell => value,
    }
}

const PER_BPS: Decimal = Decimal::from_parts(1, 0, 0, false, 4);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{at, d, price};
    use crate::price::{Observation, Seen};

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
        let (found, why) = taking_price(&observation.reference(case.side), case.side, &friction).unwrap();
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
    fn a_sale_gets_one_tick_at_least() {
        let check =
            |seen: &str, slippage: (SlippageKind, &str), tick: &str, expected: Result<&str, Overflow>| {
                let reference =
                    Observation { seen: Seen::Last(price(seen)), at: at(0) }.reference(OrderSide::Sell);
                let slippage = Slippage { kind: slippage.0, value: d(slippage.1) };
                let friction = Friction { slippage, spread_bps: Decimal::ZERO, tick: d(tick) };
                let found = taking_price(&reference, OrderSide::Sell, &friction);
                assert_eq!(found.map(|(price, _)| price), expected.map(price));
                if let Ok((price, why)) = found {
                    let sum = why.reference.get() + why.spread + why.slippage + why.rounding + why.cap;
                    assert_eq!(price.get(), sum);
                }
            };
        check("100", (SlippageKind::BasisPoints, "9999"), "0.01", Ok("0.01"));
        check("100", (SlippageKind::BasisPoints, "9999.99"), "0.01", Ok("0.01"));
        check("5", (SlippageKind::Ticks, "9999"), "0.1", Ok("0.1"));
        // A price below the tick is taken as it is.
        check("0.009", (SlippageKind::Ticks, "0"), "0.01", Ok("0.009"));
        let huge = "79228162514264337593543950335";
        check(huge, (SlippageKind::BasisPoints, "1"), "0.01", Err(Overflow));
    }

    #[test]
    fn a_limit_caps_the_price_and_shows_it() {
        let friction = Friction {
            slippage: Slippage { kind: SlippageKind::Ticks, value: d("5") },
            spread_bps: Decimal::ZERO,
            tick: d("0.01"),
        };
        let check = |side, limit: &str, expected: &str, cap: &str| {
            let reference = Observation { seen: Seen::Last(price("100")), at: at(0) }.reference(side);
            let taken = taking_price(&reference, side, &friction).unwrap();
            let (found, why) = capped(taken, side, price(limit)).unwrap();
            assert_eq!((found, why.cap), (price(expected), d(cap)));
        };
        check(OrderSide::Buy, "100.10", "100.05", "0");
        check(OrderSide::Buy, "100.02", "100.02", "-0.03");
        check(OrderSide::Sell, "99.90", "99.95", "0");
        check(OrderSide::Sell, "99.99", "99.99", "0.04");
    }
}
