//! Account settings by their dotted keys, and the list of them for whoever shows it.

use super::forms::{parse_sizing_part, symbol_settings};
use super::table::{FIELDS, KEYS};
use super::{Config, InstrumentSettings};
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

/// What there is to know about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigKey {
    /// The key. `instrument.*` is for all symbols, or the one that `instrument.symbol` names; with a symbol in
    /// between, as in `instrument.BTCUSDT.P.tick`, it is for that symbol.
    pub key: &'static str,
    /// What it does, in one line.
    pub description: &'static str,
    /// What values it takes.
    pub form: &'static str,
    /// Its value where nobody sets it; `off` for none.
    pub default: String,
}

pub(super) type Applied = Result<(), ConfigErrorKind>;

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
        if let Some(row) = KEYS.iter().find(|row| row.key == key) {
            return (row.set)(self, value).ok_or(ConfigErrorKind::BadValue { wanted: row.form });
        }
        if key == "sizing.type" || key == "sizing.value" {
            self.sizing = Some(parse_sizing_part(self.sizing, key, value)?);
            return Ok(());
        }
        let rest = key.strip_prefix("instrument.").ok_or(ConfigErrorKind::UnknownKey)?;
        // A symbol may have dots of its own.
        match rest.rsplit_once('.') {
            None => set_field(&mut self.instrument.settings, rest, value),
            Some((symbol, field)) => {
                symbol_settings(self, symbol, |settings| set_field(settings, field, value))
            }
        }
    }

    /// Every setting that has a value, as key and text. Setting them in this order on [`Config::default`] gives the
    /// same settings: see [`Config::from_entries`].
    #[must_use]
    pub fn entries(&self) -> Vec<(String, String)> {
        let own = KEYS.iter().map(|row| (row.key.to_owned(), (row.get)(self)));
        let fields = |prefix: String, settings: InstrumentSettings| {
            FIELDS
                .iter()
                .filter_map(move |row| Some((format!("{prefix}{}", row.field), (row.get)(&settings)?)))
        };
        let general = fields("instrument.".to_owned(), self.instrument.settings);
        let by_symbol = self.instruments.iter();
        let by_symbol =
            by_symbol.flat_map(|(symbol, settings)| fields(format!("instrument.{symbol}."), *settings));
        own.chain(general).chain(by_symbol).collect()
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

    /// Every key that there is.
    #[must_use]
    pub fn keys() -> Vec<ConfigKey> {
        let default = Self::default();
        let own = KEYS.iter().map(|row| ConfigKey {
            key: row.key,
            description: row.description,
            form: row.form,
            default: (row.get)(&default),
        });
        let fields = FIELDS.iter().map(|row| ConfigKey {
            key: row.key,
            description: row.description,
            form: row.form,
            default: "off".to_owned(),
        });
        own.chain(fields).collect()
    }
}

fn set_field(settings: &mut InstrumentSettings, field: &str, value: &str) -> Applied {
    let row = FIELDS.iter().find(|row| row.field == field).ok_or(ConfigErrorKind::UnknownKey)?;
    (row.set)(settings, value).ok_or(ConfigErrorKind::BadValue { wanted: row.form })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::forms::AMOUNT_MAX;
    use domain::{Symbol, parse_decimal};
    use rust_decimal::Decimal;

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
        check("slippage.value", "9999.9", Ok("9999.9"));
        check("slippage.value", "10000", Err("a number from 0 to 9999 is wanted"));
        check("bar_path", "pessimistic", Ok("pessimistic"));
        check("limit_fill", "through", Ok("through"));
        check("risk.max_daily_loss", "2%", Ok("2%"));
        check(
            "risk.max_daily_loss",
            "101%",
            Err("an amount such as 200, a share such as 2%, or off is wanted"),
        );
        check("risk.timezone", "Europe/Berlin", Ok("Europe/Berlin"));
        check("risk.timezone", "Berlin", Err("a time zone such as UTC or America/New_York is wanted"));
        check("risk.trading_hours", "Mon-Fri 09:30-16:00", Ok("Mon-Fri 09:30-16:00"));
        check("risk.symbols", "MSFT, AAPL", Ok("AAPL,MSFT"));
        check("risk.symbols", "", Err("symbols with commas between, or off is wanted"));
        check("risk.max_orders_per_day", "0", Err("a whole number from 1 to 1000000000, or off is wanted"));
        check("risk.drawdown_from", "static", Ok("static"));
        check("instrument.pip", "0.1", Ok("0.1"));
    }

    #[test]
    fn a_thousand_symbols_have_settings_of_their_own() {
        let mut config = Config::default();
        for number in 0..1_000 {
            config.set(&format!("instrument.S{number}.tick"), "0.5").unwrap();
        }
        assert!(config.set("instrument.S1000.tick", "0.5").is_err());
        assert!(config.set("instrument.S999.tick", "0.25").is_ok(), "what is there can be changed");
    }

    #[test]
    fn the_limit_of_an_amount_is_ten_to_the_fifteenth() {
        assert_eq!(AMOUNT_MAX, parse_decimal("1e15").unwrap());
    }

    #[test]
    fn every_key_is_listed_with_its_default_and_takes_it() {
        let keys = Config::keys();
        let mut config = Config::default();
        for key in &keys {
            assert!(key.description.ends_with('.') && !key.form.is_empty(), "{}", key.key);
            config.set(key.key, &key.default).unwrap();
        }
        assert_eq!(config, Config::default());
        let mut names: Vec<&str> = keys.iter().map(|key| key.key).collect();
        for (key, _) in Config::default().entries() {
            assert!(names.contains(&key.as_str()), "{key}");
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), keys.len());
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
            ("risk.timezone", "Asia/Tokyo"),
            ("risk.trading_hours", "Mon 09:00-11:30,Mon 12:30-15:00"),
            ("risk.max_daily_loss", "2.5%"),
            ("risk.symbols", "AAPL,BTCUSDT.P"),
            ("slippage.kind", "bps"),
            ("slippage.value", "7.5"),
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
        let of_venue = InstrumentSettings { step: Some(Decimal::TEN), ..InstrumentSettings::default() };
        for symbol in ["AAPL", "MSFT", "TSLA"] {
            config.of_venue.insert(Symbol::new(symbol).unwrap(), of_venue);
        }
        let steps = ["AAPL", "MSFT", "TSLA"].map(|symbol| of(&config, symbol));
        assert_eq!(steps, [Decimal::TWO, Decimal::from(5), Decimal::TEN]);
        assert!(config.entries().iter().all(|(key, _)| !key.contains("TSLA")));
    }
}
