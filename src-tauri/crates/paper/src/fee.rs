//! What a fill costs.

use crate::exact::{self, Overflow};
use domain::Money;
use rust_decimal::Decimal;

/// Whether a fill took the price that was there or waited for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Liquidity {
    /// Took the price that was there, as every market order does.
    Taker,
    /// Waited in the book.
    Maker,
}

impl Liquidity {
    /// The word used in JSON and the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Taker => "taker",
            Self::Maker => "maker",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Taker, Self::Maker].into_iter().find(|l| l.as_str() == text)
    }
}

/// The fees of an account; all zero unless set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeeSchedule {
    /// Basis points (1/10,000) of a taker's notional, 0 to 10,000.
    pub taker_bps: Decimal,
    /// Basis points of a maker's notional, -10,000 to 10,000; below zero is a rebate.
    pub maker_bps: Decimal,
    /// The least that a fill costs, in the account's currency.
    pub min_fee: Decimal,
    /// Decimals that a fee is rounded to, 0 to 12; unset means 8 for crypto pairs and 2 otherwise.
    pub dp: Option<u32>,
}

impl FeeSchedule {
    /// The fee rate in basis points.
    pub(crate) fn bps(&self, liquidity: Liquidity) -> Decimal {
        match liquidity {
            Liquidity::Taker => self.taker_bps,
            Liquidity::Maker => self.maker_bps,
        }
    }

    /// The fee rate as a fraction of the notional.
    pub(crate) fn rate(&self, liquidity: Liquidity) -> Result<Decimal, Overflow> {
        exact::mul_near(self.bps(liquidity), Decimal::new(1, 4))
    }

    /// The fee of a fill: the rate on its notional, rounded half away from zero to `dp` decimals, then at least
    /// the minimum where one is set.
    pub(crate) fn fee(&self, notional: Decimal, liquidity: Liquidity, dp: u32) -> Result<Money, Overflow> {
        let rounded = if self.bps(liquidity).is_zero() {
            Decimal::ZERO
        } else {
            exact::round_away(exact::mul_near(notional, self.rate(liquidity)?)?, dp)
        };
        let fee = if self.min_fee.is_zero() { rounded } else { rounded.max(self.min_fee) };
        Ok(Money::new(fee))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        domain::parse_decimal(text).unwrap()
    }

    fn check(taker_bps: &str, min_fee: &str, dp: u32, notional: &str, expected: &str) {
        let schedule = FeeSchedule { taker_bps: d(taker_bps), min_fee: d(min_fee), ..FeeSchedule::default() };
        assert_eq!(schedule.fee(d(notional), Liquidity::Taker, dp), Ok(Money::new(d(expected))));
    }

    #[test]
    fn a_fee_is_rounded_away_from_zero_and_then_raised_to_the_minimum() {
        check("10", "0", 2, "966.86", "0.97"); // 0.96686
        check("10", "0", 8, "966.86", "0.96686");
        check("5", "0", 2, "1001", "0.50"); // 0.5005
        check("5", "0", 2, "1010", "0.51"); // 0.505
        check("0", "0", 2, "1010", "0");
        check("1", "1", 2, "100", "1"); // 0.01
        check("100", "1", 2, "1000", "10");
    }

    #[test]
    fn a_rebate_is_negative() {
        let schedule = FeeSchedule { maker_bps: d("-1"), ..FeeSchedule::default() };
        assert_eq!(schedule.fee(d("1050"), Liquidity::Maker, 2), Ok(Money::new(d("-0.11")))); // -0.105
    }
}
