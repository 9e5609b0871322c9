//! What is known about an instrument: what the account says of it, and what is assumed where it says nothing.

use crate::currency::{is_currency_pair, quote_currency};
use domain::{Market, Side, Symbol};
use rust_decimal::Decimal;

/// What an account says about an instrument; an unset field keeps its default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InstrumentSettings {
    /// The smallest price change, above zero; unset: the last decimal of the prices seen.
    pub tick: Option<Decimal>,
    /// The smallest quantity change, above zero; unset: 1 for stocks and futures, 0.00000001 otherwise.
    pub step: Option<Decimal>,
    /// The smallest quantity of an order; unset: none beyond the step.
    pub min_qty: Option<Decimal>,
    /// The largest quantity of an order; unset: none.
    pub max_qty: Option<Decimal>,
    /// The least that an order is worth, in the quote currency; unset: none.
    pub min_notional: Option<Decimal>,
    /// Quote currency per unit and point of price, above zero; unset: 1.
    pub multiplier: Option<Decimal>,
    /// Share of a long's notional that is tied up, above 0 up to 1; unset: 1, fully funded.
    pub init_margin_long: Option<Decimal>,
    /// Share of a short's notional that is tied up, above 0 up to 1; unset: 1, fully funded.
    pub init_margin_short: Option<Decimal>,
    /// One pip, above zero; unset: 0.0001 (0.01 with yen) for currency pairs, one tick otherwise.
    pub pip: Option<Decimal>,
    /// Whether it can be sold short; unset: yes.
    pub shortable: Option<bool>,
}

impl InstrumentSettings {
    /// These settings, with what they leave open taken from `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            tick: self.tick.or(other.tick),
            step: self.step.or(other.step),
            min_qty: self.min_qty.or(other.min_qty),
            max_qty: self.max_qty.or(other.max_qty),
            min_notional: self.min_notional.or(other.min_notional),
            multiplier: self.multiplier.or(other.multiplier),
            init_margin_long: self.init_margin_long.or(other.init_margin_long),
            init_margin_short: self.init_margin_short.or(other.init_margin_short),
            pip: self.pip.or(other.pip),
            shortable: self.shortable.or(other.shortable),
        }
    }
}

/// An instrument with every question answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instrument {
    /// The smallest price change.
    pub tick: Decimal,
    /// The smallest quantity change.
    pub step: Decimal,
    /// The smallest quantity of an order that does not close a position wholly.
    pub min_qty: Decimal,
    /// The largest quantity of an entry.
    pub max_qty: Option<Decimal>,
    /// The least that such an order is worth.
    pub min_notional: Decimal,
    /// Quote currency per unit and point of price.
    pub multiplier: Decimal,
    /// Share of a long's notional that is tied up.
    pub init_margin_long: Decimal,
    /// Share of a short's notional that is tied up.
    pub init_margin_short: Decimal,
    /// What a level in pips counts.
    pub pip: Decimal,
    /// Whether it can be sold short.
    pub shortable: bool,
    /// The decimals of a fee where the account does not set them.
    pub fee_dp: u32,
}

impl Instrument {
    /// Answers what `settings` leave open. `price_scale` is the number of decimals of the finest price seen.
    #[must_use]
    pub fn resolve(
        settings: InstrumentSettings,
        symbol: &Symbol,
        market: Option<Market>,
        price_scale: u32,
    ) -> Self {
        let divisible = is_divisible(symbol, market);
        let step = settings.step.unwrap_or(if divisible {
            Decimal::from_parts(1, 0, 0, false, 8)
        } else {
            Decimal::ONE
        });
        let finest = Decimal::from_parts(1, 0, 0, false, price_scale.min(Decimal::MAX_SCALE));
        let tick = settings.tick.unwrap_or(finest);
        Self {
            tick,
            step,
            min_qty: settings.min_qty.unwrap_or(step),
            max_qty: settings.max_qty,
            min_notional: settings.min_notional.unwrap_or(Decimal::ZERO),
            multiplier: settings.multiplier.unwrap_or(Decimal::ONE),
            init_margin_long: settings.init_margin_long.unwrap_or(Decimal::ONE),
            init_margin_short: settings.init_margin_short.unwrap_or(Decimal::ONE),
            pip: settings.pip.or_else(|| currency_pip(symbol, market)).unwrap_or(tick),
            shortable: settings.shortable.unwrap_or(true),
            fee_dp: if divisible && market != Some(Market::Forex) { 8 } else { 2 },
        }
    }

    /// The share of the notional that a position of this direction ties up.
    #[must_use]
    pub fn margin_rate(&self, side: Side) -> Decimal {
        match side {
            Side::Long => self.init_margin_long,
            Side::Short => self.init_margin_short,
        }
    }
}

/// The pip of a pair of currencies; nothing for anything else.
fn currency_pip(symbol: &Symbol, market: Option<Market>) -> Option<Decimal> {
    match market {
        Some(Market::Forex) => {}
        None if is_currency_pair(symbol) => {}
        Some(Market::Spot | Market::Perpetual | Market::Future | Market::Stock | Market::Option) | None => {
            return None;
        }
    }
    let yen = quote_currency(symbol, market) == Some("JPY");
    Some(if yen { Decimal::new(1, 2) } else { Decimal::new(1, 4) })
}

/// Pairs are divisible; stocks, futures and options are traded in whole units.
fn is_divisible(symbol: &Symbol, market: Option<Market>) -> bool {
    match market {
        Some(Market::Stock | Market::Future | Market::Option) => false,
        Some(Market::Spot | Market::Perpetual | Market::Forex) => true,
        None => symbol.as_str().ends_with(".P") || quote_currency(symbol, None).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(symbol: &str, market: Option<Market>, scale: u32, tick: &str, step: &str, fee_dp: u32) {
        let symbol = Symbol::new(symbol).unwrap();
        let found = Instrument::resolve(InstrumentSettings::default(), &symbol, market, scale);
        let shown = (found.tick.to_string(), found.step.to_string(), found.min_qty, found.fee_dp);
        assert_eq!(shown, (tick.to_owned(), step.to_owned(), found.step, fee_dp), "{symbol}");
        assert!(found.shortable && found.multiplier == Decimal::ONE && found.max_qty.is_none());
    }

    #[test]
    fn an_instrument_that_nobody_described_has_sane_answers() {
        check("AAPL", None, 2, "0.01", "1", 2);
        check("ES1!", None, 2, "0.01", "1", 2);
        check("BTCUSDT", None, 1, "0.1", "0.00000001", 8);
        check("BTCUSDT.P", None, 0, "1", "0.00000001", 8);
        check("EURUSD", Some(Market::Forex), 5, "0.00001", "0.00000001", 2);
        check("SOMETHING", Some(Market::Spot), 8, "0.00000001", "0.00000001", 8);
        check("BTCUSDT", Some(Market::Stock), 2, "0.01", "1", 2);
    }

    #[test]
    fn a_pip_is_the_currencies_own_or_a_tick() {
        let pip = |symbol: &str, market, scale| {
            let symbol = Symbol::new(symbol).unwrap();
            Instrument::resolve(InstrumentSettings::default(), &symbol, market, scale).pip.to_string()
        };
        assert_eq!(pip("EURUSD", None, 5), "0.0001");
        assert_eq!(pip("USDJPY", None, 3), "0.01");
        assert_eq!(pip("USDJPY", Some(Market::Forex), 3), "0.01");
        assert_eq!(pip("EURUSDT", None, 4), "0.0001");
        assert_eq!(pip("BTCUSDT", None, 1), "0.1");
        assert_eq!(pip("BTCJPY", None, 0), "1");
        assert_eq!(pip("EURUSD", Some(Market::Spot), 2), "0.01");
        assert_eq!(pip("AAPL", None, 2), "0.01");
    }

    #[test]
    fn what_the_account_says_wins() {
        let symbol = Symbol::new("AAPL").unwrap();
        let specific = InstrumentSettings { step: Some(Decimal::TWO), ..InstrumentSettings::default() };
        let general = InstrumentSettings {
            step: Some(Decimal::TEN),
            shortable: Some(false),
            ..InstrumentSettings::default()
        };
        let found = Instrument::resolve(specific.or(general), &symbol, None, 2);
        assert_eq!((found.step, found.min_qty, found.shortable), (Decimal::TWO, Decimal::TWO, false));
    }
}
