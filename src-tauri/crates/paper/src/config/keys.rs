//! Account settings by their dotted keys.

use super::Config;
use crate::currency::Currency;
use crate::instrument::InstrumentSettings;
use crate::price::{PriceChoice, SlippageKind};
use domain::{SellMode, Sizing, Symbol, parse_decimal};
use rust_decimal::Decimal;
use std::fmt;
use thiserror::Error;

/// A setting that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{key}: {kind}")]
pub struct ConfigError {
    /// The key as given.
    pub key: String,
    /// What is wrong.
    pub kind: ConfigErrorKind,
}

/// What is wrong with a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfigErrorKind {
    /// There is no such key.
    UnknownKey,
    /// The value is not of the form wanted.
    BadValue {
        /// The form wanted.
        wanted: &'static str,
    },
}

impl fmt::Display for ConfigErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownKey => f.write_str("there is no such setting"),
            Self::BadValue { wanted } => write!(f, "{wanted} is wanted"),
        }
    }
}

type Applied = Result<(), ConfigErrorKind>;

/// The most symbols that an account may have settings of their own for.
const INSTRUMENTS_MAX: usize = 1_000;

/// The largest amount that a setting may name; leaves room for arithmetic.
const AMOUNT_MAX: Decimal = Decimal::from_parts(2_764_472_320, 232_830, 0, false, 0); // 10^15

impl Config {
    /// Sets one key from text. On an error nothing changes.
    ///
    /// # Errors
    /// [`ConfigError`] naming the key and, for a bad value, the form wanted.
    ///
    /// ```
    /// let mut config = paper::Config::default();
    /// config.set("fees.taker_bps", "10").unwrap();
    /// config.set("instrument.BTCUSDT.P.tick", "0.1").unwrap();
    /// assert_eq!(config.set("fees.taker", "10").unwrap_err().to_string(), "fees.taker: there is no such setting");
    /// ```
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), ConfigError> {
        self.apply(key, value.trim()).map_err(|kind| ConfigError { key: key.to_owned(), kind })
    }

    fn apply(&mut self, key: &str, value: &str) -> Applied {
        match key {
            "currency" => {
                put(&mut self.currency, Currency::parse(value).ok(), "2 to 8 letters or digits, such as USD")
            }
            "stablecoins_at_par" => put(&mut self.stablecoins_at_par, flag(value), "true or false"),
            "price_source" => {
                put(&mut self.price_source, PriceChoice::parse(value), "market, alert or market_then_alert")
            }
            "sell_mode" => put(&mut self.sell_mode, SellMode::parse(value), "directional, flip or target"),
            "max_entries" => put(
                &mut self.max_entries,
                value.parse().ok().filter(|n| (1..=1_000_000_000).contains(n)),
                "a whole number from 1 to 1000000000",
            ),
            "sizing" => put(
                &mut self.sizing,
                unset_or(value, |v| Sizing::parse(v).ok()),
                "fixed:QTY, notional:AMT, pct-balance:P, pct-equity:P, risk-pct:P or off",
            ),
            "sizing.type" | "sizing.value" => self.apply_sizing(key, value),
            "spread_bps" => put(&mut self.spread_bps, bps(value), BPS),
            "max_price_age_ms" => put(
                &mut self.max_price_age_ms,
                value.parse().ok().filter(|n| (1..=1_000_000_000_000_000).contains(n)),
                "a whole number of milliseconds above 0",
            ),
            "risk.max_price_deviation_bps" => put(
                &mut self.max_price_deviation_bps,
                unset_or(value, amount),
                "a number of 0 or above, or off",
            ),
            _ if key.starts_with("fees.") || key.starts_with("slippage.") => self.apply_friction(key, value),
            _ => self.apply_instrument(key.strip_prefix("instrument.").ok_or(UNKNOWN)?, value),
        }
    }

    fn apply_friction(&mut self, key: &str, value: &str) -> Applied {
        match key {
            "fees.taker_bps" => put(&mut self.fees.taker_bps, bps(value), BPS),
            "fees.maker_bps" => {
                let within = |v: &Decimal| v.abs() <= Decimal::from(10_000);
                put(
                    &mut self.fees.maker_bps,
                    parse_decimal(value).ok().filter(within),
                    "a number from -10000 to 10000",
                )
            }
            "fees.min_fee" => put(&mut self.fees.min_fee, amount(value), AMOUNT),
            "fees.dp" => put(
                &mut self.fees.dp,
                unset_or(value, |v| v.parse().ok().filter(|dp| *dp <= 12)),
                "a whole number from 0 to 12, or off",
            ),
            "slippage.kind" => put(&mut self.slippage.kind, SlippageKind::parse(value), "ticks or bps"),
            "slippage.value" => put(&mut self.slippage.value, amount(value), AMOUNT),
            _ => Err(UNKNOWN),
        }
    }

    fn apply_sizing(&mut self, key: &str, value: &str) -> Applied {
        let current = self.sizing.unwrap_or(Sizing::FixedQuantity(Decimal::ONE));
        let (kind, number) = sizing_parts(current);
        let (kind, number) =
            if key == "sizing.type" { (value, number.to_string()) } else { (kind, value.to_owned()) };
        let word = SIZING_WORDS.iter().find(|(name, _)| *name == kind).map(|(_, word)| *word);
        let word = word.ok_or(ConfigErrorKind::BadValue {
            wanted: "fixed_qty, fixed_notional, pct_balance, pct_equity or risk_pct",
        })?;
        let sizing = Sizing::parse(&format!("{word}:{number}")).map_err(|_| ConfigErrorKind::BadValue {
            wanted: "a number above 0, for percentages at most 100 (set the value before the type if need be)",
        })?;
        self.sizing = Some(sizing);
        Ok(())
    }

    /// `rest` is a field, `symbol`, or a symbol, a dot and a field; symbols may have dots of their own.
    fn apply_instrument(&mut self, rest: &str, value: &str) -> Applied {
        let Some((symbol, field)) = rest.rsplit_once('.') else {
            if rest == "symbol" {
                let wanted = "a symbol such as BTCUSDT, or off for all";
                return put(&mut self.instrument.symbol, unset_or(value, |v| Symbol::new(v).ok()), wanted);
            }
            return apply_field(&mut self.instrument.settings, rest, value);
        };
        let symbol = Symbol::new(symbol).map_err(|_| UNKNOWN)?;
        let mut settings = self.instruments.get(&symbol).copied().unwrap_or_default();
        apply_field(&mut settings, field, value)?;
        if settings == InstrumentSettings::default() {
            self.instruments.remove(&symbol);
        } else if self.instruments.len() < INSTRUMENTS_MAX || self.instruments.contains_key(&symbol) {
            self.instruments.insert(symbol, settings);
        } else {
            return Err(ConfigErrorKind::BadValue {
                wanted: "at most 1000 symbols with settings of their own",
            });
        }
        Ok(())
    }

    /// Every setting that has a value, as key and text. Setting them in this order on [`Config::default`] gives the
    /// same settings, provided that those left out are unset there: see [`Config::from_entries`].
    #[must_use]
    pub fn entries(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        let mut put = |key: &str, value: String| out.push((key.to_owned(), value));
        put("currency", self.currency.to_string());
        put("stablecoins_at_par", self.stablecoins_at_par.to_string());
        put("price_source", self.price_source.as_str().to_owned());
        put("sell_mode", self.sell_mode.as_str().to_owned());
        put("max_entries", self.max_entries.to_string());
        put("sizing", self.sizing.map_or_else(off, |sizing| sizing.to_string()));
        put("fees.taker_bps", self.fees.taker_bps.to_string());
        put("fees.maker_bps", self.fees.maker_bps.to_string());
        put("fees.min_fee", self.fees.min_fee.to_string());
        put("fees.dp", self.fees.dp.map_or_else(off, |dp| dp.to_string()));
        put("slippage.kind", self.slippage.kind.as_str().to_owned());
        put("slippage.value", self.slippage.value.to_string());
        put("spread_bps", self.spread_bps.to_string());
        put("max_price_age_ms", self.max_price_age_ms.to_string());
        put("risk.max_price_deviation_bps", self.max_price_deviation_bps.map_or_else(off, |v| v.to_string()));
        if let Some(symbol) = &self.instrument.symbol {
            put("instrument.symbol", symbol.to_string());
        }
        for (field, value) in field_entries(&self.instrument.settings) {
            put(&format!("instrument.{field}"), value);
        }
        for (symbol, settings) in &self.instruments {
            for (field, value) in field_entries(settings) {
                put(&format!("instrument.{symbol}.{field}"), value);
            }
        }
        out
    }

    /// Settings from stored keys and values, over the default.
    ///
    /// # Errors
    /// [`ConfigError`] for the first entry that cannot be set.
    pub fn from_entries<'a>(
        entries: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        for (key, value) in entries {
            config.set(key, value)?;
        }
        Ok(config)
    }
}

const UNKNOWN: ConfigErrorKind = ConfigErrorKind::UnknownKey;
const BPS: &str = "a number from 0 to 10000";
const AMOUNT: &str = "a number of 0 or above";

const SIZING_WORDS: [(&str, &str); 5] = [
    ("fixed_qty", "fixed"),
    ("fixed_notional", "notional"),
    ("pct_balance", "pct-balance"),
    ("pct_equity", "pct-equity"),
    ("risk_pct", "risk-pct"),
];

fn sizing_parts(sizing: Sizing) -> (&'static str, Decimal) {
    match sizing {
        Sizing::FixedQuantity(v) => ("fixed_qty", v),
        Sizing::FixedNotional(v) => ("fixed_notional", v),
        Sizing::PercentBalance(v) => ("pct_balance", v),
        Sizing::PercentEquity(v) => ("pct_equity", v),
        Sizing::RiskPercent(v) => ("risk_pct", v),
    }
}

fn apply_field(settings: &mut InstrumentSettings, field: &str, value: &str) -> Applied {
    let positive = |v: &str| amount(v).filter(|v| *v > Decimal::ZERO);
    let rate = |v: &str| positive(v).filter(|v| *v <= Decimal::ONE);
    const POSITIVE: &str = "a number above 0, or off";
    const RATE: &str = "a number above 0 and at most 1, or off";
    match field {
        "tick" => put(&mut settings.tick, unset_or(value, positive), POSITIVE),
        "step" => put(&mut settings.step, unset_or(value, positive), POSITIVE),
        "min_qty" => put(&mut settings.min_qty, unset_or(value, amount), "a number of 0 or above, or off"),
        "max_qty" => put(&mut settings.max_qty, unset_or(value, positive), POSITIVE),
        "min_notional" => {
            put(&mut settings.min_notional, unset_or(value, amount), "a number of 0 or above, or off")
        }
        "multiplier" => put(&mut settings.multiplier, unset_or(value, positive), POSITIVE),
        "init_margin_long" => put(&mut settings.init_margin_long, unset_or(value, rate), RATE),
        "init_margin_short" => put(&mut settings.init_margin_short, unset_or(value, rate), RATE),
        "shortable" => put(&mut settings.shortable, unset_or(value, flag), "true, false or off"),
        _ => Err(UNKNOWN),
    }
}

fn field_entries(settings: &InstrumentSettings) -> Vec<(&'static str, String)> {
    let numbers = [
        ("tick", settings.tick),
        ("step", settings.step),
        ("min_qty", settings.min_qty),
        ("max_qty", settings.max_qty),
        ("min_notional", settings.min_notional),
        ("multiplier", settings.multiplier),
        ("init_margin_long", settings.init_margin_long),
        ("init_margin_short", settings.init_margin_short),
    ];
    let numbers = numbers.into_iter().filter_map(|(field, value)| Some((field, value?.to_string())));
    numbers.chain(settings.shortable.map(|value| ("shortable", value.to_string()))).collect()
}

fn put<T>(place: &mut T, value: Option<T>, wanted: &'static str) -> Applied {
    *place = value.ok_or(ConfigErrorKind::BadValue { wanted })?;
    Ok(())
}

/// `off` unsets; anything else must be readable.
fn unset_or<T>(value: &str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    if value == "off" { Some(None) } else { read(value).map(Some) }
}

fn off() -> String {
    "off".to_owned()
}

fn flag(value: &str) -> Option<bool> {
    value.parse().ok()
}

fn amount(value: &str) -> Option<Decimal> {
    parse_decimal(value).ok().filter(|v| (Decimal::ZERO..=AMOUNT_MAX).contains(v))
}

fn bps(value: &str) -> Option<Decimal> {
    amount(value).filter(|v| *v <= Decimal::from(10_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(key: &str, value: &str, expected: Result<&str, &str>) {
        let mut config = Config::default();
        let before = config.clone();
        match (config.set(key, value), expected) {
            (Ok(()), Ok(shown)) => {
                let entries = config.entries();
                let found =
                    entries.iter().find(|(k, _)| k == key || (key.starts_with("sizing.") && k == "sizing"));
                assert_eq!(found.map(|(_, v)| v.as_str()), Some(shown), "{key}");
            }
            (Err(error), Err(sentence)) => {
                assert_eq!(error.to_string(), format!("{key}: {sentence}"));
                assert_eq!(config, before);
            }
            (found, _) => panic!("{key}={value}: {found:?}"),
        }
    }

    #[test]
    fn settings_are_read_or_refused_with_the_form_wanted() {
        check("currency", "eur", Ok("EUR"));
        check("currency", "€", Err("2 to 8 letters or digits, such as USD is wanted"));
        check("fees.taker_bps", "10", Ok("10"));
        check("fees.taker_bps", "-1", Err("a number from 0 to 10000 is wanted"));
        check("fees.taker_bps", "NaN", Err("a number from 0 to 10000 is wanted"));
        check("fees.maker_bps", "-1", Ok("-1"));
        check("fees.dp", "13", Err("a whole number from 0 to 12, or off is wanted"));
        check("fees.taker", "10", Err("there is no such setting"));
        check("slippage.kind", "bps", Ok("bps"));
        check("slippage.kind", "pips", Err("ticks or bps is wanted"));
        check("sell_mode", "flip", Ok("flip"));
        check("max_entries", "0", Err("a whole number from 1 to 1000000000 is wanted"));
        check("sizing", "pct-balance:100", Ok("pct-balance:100"));
        check("sizing.type", "pct_equity", Ok("pct-equity:1"));
        check("sizing.value", "500", Ok("fixed:500"));
        check("price_source", "alert", Ok("alert"));
        check("risk.max_price_deviation_bps", "off", Ok("off"));
        check("instrument.symbol", "AAPL", Ok("AAPL"));
        check("instrument.step", "0.1", Ok("0.1"));
        check("instrument.step", "0", Err("a number above 0, or off is wanted"));
        check("instrument.BTCUSDT.P.tick", "0.1", Ok("0.1"));
        check("instrument.BTCUSDT.P.tack", "0.1", Err("there is no such setting"));
        check("instrument.btc.tick", "0.1", Err("there is no such setting"));
        check(
            "instrument.AAPL.init_margin_long",
            "1.1",
            Err("a number above 0 and at most 1, or off is wanted"),
        );
        check("", "", Err("there is no such setting"));
        check("starting_cash", "5", Err("there is no such setting"));
    }

    #[test]
    fn the_limit_of_an_amount_is_ten_to_the_fifteenth() {
        assert_eq!(AMOUNT_MAX, parse_decimal("1e15").unwrap());
    }

    #[test]
    fn entries_make_the_same_settings_again() {
        let mut config = Config::default();
        for (key, value) in [
            ("sizing.value", "50"),
            ("sizing.type", "pct_balance"),
            ("risk.max_price_deviation_bps", "off"),
            ("instrument.symbol", "AAPL"),
            ("instrument.shortable", "false"),
            ("instrument.BTCUSDT.P.tick", "0.1"),
            ("instrument.ES1!.multiplier", "50"),
            ("fees.dp", "4"),
        ] {
            config.set(key, value).unwrap();
        }
        let entries = config.entries();
        let pairs = entries.iter().map(|(k, v)| (k.as_str(), v.as_str()));
        assert_eq!(Config::from_entries(pairs), Ok(config.clone()));
        config.set("instrument.ES1!.multiplier", "off").unwrap();
        assert_eq!(config.instruments.len(), 1);
    }

    #[test]
    fn a_described_symbol_is_found_by_the_most_exact_description() {
        let mut config = Config::default();
        let of =
            |config: &Config, symbol: &str| config.instrument(&Symbol::new(symbol).unwrap(), None, 2).step;
        config.set("instrument.step", "5").unwrap();
        config.set("instrument.AAPL.step", "2").unwrap();
        assert_eq!((of(&config, "AAPL"), of(&config, "MSFT")), (Decimal::TWO, Decimal::from(5)));
        config.set("instrument.symbol", "MSFT").unwrap();
        assert_eq!((of(&config, "MSFT"), of(&config, "TSLA")), (Decimal::from(5), Decimal::ONE));
    }
}
