//! The settings of a scenario: the account's own keys, nested or dotted, over the defaults of scenarios.

use super::Account;
use super::object::{Number, Object, Place, cut, scalar, unknown};
use crate::wire::RpcError;
use domain::{Money, ReasonCode, Symbol};
use paper::{Config, ConfigErrorKind, duplicate, quote_currency};
use rust_decimal::Decimal;

/// Where scenarios differ from an account that nobody has set up.
const DEFAULTS: [(&str, &str); 4] = [
    ("instrument.shortable", "false"),
    ("price_source", "market"),
    ("fees.dp", "2"),
    ("risk.max_price_deviation_bps", "off"),
];

/// The keys that are no settings of an account.
const OWN: [&str; 2] = ["starting_cash", "dedupe_ms"];

/// How deep settings may be nested.
const DEPTH_MAX: usize = 3;

/// Reads the settings.
pub(super) fn read(id: Option<String>, mut object: Object<'_>) -> Result<Account, RpcError> {
    let place = object.place();
    let cash = starting_cash(&mut object)?;
    let dedupe_ms = dedupe_ms(&mut object)?;
    let mut setting = Setting { config: Config::default(), place, has_currency: false };
    for (key, value) in DEFAULTS {
        setting.config.set(key, value).map_err(|e| place.error(ReasonCode::InvalidField, format!("{e}.")))?;
    }
    for (key, json) in object.rest() {
        setting.apply(&key, json, 1)?;
    }
    let Setting { mut config, has_currency, .. } = setting;
    let Some(symbol) = config.instrument.symbol.clone() else {
        let sentence = "config.instrument.symbol is missing: prices are about that symbol.".to_owned();
        let error = place.error(ReasonCode::MissingField, sentence);
        return Err(RpcError {
            path: error.path.map(|path| format!("{path}.instrument.symbol").into()),
            ..error
        });
    };
    if !has_currency {
        settle_in(&mut config, &symbol);
    }
    Ok(Account { id, config, symbol, cash, dedupe_ms })
}

/// An account whose scenario names no currency is kept in the one that its instrument is priced in.
fn settle_in(config: &mut Config, symbol: &Symbol) {
    let quote =
        quote_currency(symbol, None).filter(|q| !config.currency.settles(q, config.stablecoins_at_par));
    if let Some(quote) = quote {
        // A quote that is no code of a currency is left to the broker's own check.
        let _known = config.set("currency", quote);
    }
}

fn starting_cash(object: &mut Object<'_>) -> Result<Money, RpcError> {
    let key = "starting_cash";
    let sentence = |what: &str| format!("starting_cash must be {what}.");
    match object.number(key)? {
        None => Err(object.error(key, ReasonCode::MissingField, "starting_cash is missing.".to_owned())),
        Some(Number::TooLong) => {
            Err(object.error(key, ReasonCode::ArithmeticOverflow, sentence("a number of at most 28 digits")))
        }
        Some(Number::Exact(cash)) if cash < Decimal::ZERO => {
            Err(object.error(key, ReasonCode::InvalidField, sentence("0 or more")))
        }
        Some(Number::Exact(cash)) => Ok(Money::new(cash)),
    }
}

fn dedupe_ms(object: &mut Object<'_>) -> Result<u32, RpcError> {
    let Some(text) = object.text("dedupe_ms")? else { return Ok(duplicate::WINDOW_MS_DEFAULT) };
    text.parse().map_err(|_| {
        let sentence = "dedupe_ms must be a whole number of milliseconds, 0 for no window.".to_owned();
        object.error("dedupe_ms", ReasonCode::InvalidField, sentence)
    })
}

struct Setting<'a> {
    config: Config,
    place: Place<'a>,
    has_currency: bool,
}

impl<'a> Setting<'a> {
    /// Sets a key from a value, or every key of an object.
    fn apply(&mut self, key: &str, json: &'a str, depth: usize) -> Result<(), RpcError> {
        match json.as_bytes().first() {
            Some(b'{') if depth < DEPTH_MAX => {
                let inner = self
                    .place
                    .with_json(json)
                    .object()
                    .map_err(|e| RpcError { path: Some(self.place.path_of(key).into()), ..e })?;
                for (name, json) in inner.rest() {
                    self.apply(&format!("{key}.{name}"), json, depth + 1)?;
                }
                Ok(())
            }
            Some(b'n') => Ok(()),
            Some(b't' | b'f') => self.set(key, json, json),
            _ => match scalar(json) {
                Some(text) => self.set(key, &text, json),
                None => {
                    let sentence = format!("{key} must be a text, a number, true or false.");
                    Err(self.error(key, json, ReasonCode::InvalidField, sentence))
                }
            },
        }
    }

    fn set(&mut self, key: &str, value: &str, json: &str) -> Result<(), RpcError> {
        self.has_currency |= key == "currency";
        self.config.set(key, value).map_err(|error| match error.kind {
            ConfigErrorKind::UnknownKey => {
                let keys = Config::keys();
                let known = OWN.into_iter().chain(keys.iter().map(|k| k.key));
                unknown(&self.place, key, json, known)
            }
            ConfigErrorKind::BadValue { wanted } => {
                let sentence = format!("{key} is {}; {wanted} is wanted.", cut(json));
                self.error(key, json, ReasonCode::InvalidField, sentence)
            }
        })
    }

    fn error(&self, key: &str, json: &'a str, code: ReasonCode, sentence: String) -> RpcError {
        RpcError {
            path: Some(self.place.path_of(key).into()),
            ..self.place.with_json(json).error(code, sentence)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::scenario::Document;

    fn read_text(json: &str) -> Result<Account, RpcError> {
        let document = Document::new(json, 1);
        read(None, document.root().object()?)
    }

    #[test]
    fn what_a_scenario_does_not_say_has_its_own_defaults() {
        let account = read_text(r#"{"instrument":{"symbol":"AAPL"},"starting_cash":"1e4"}"#).unwrap();
        let entries = account.config.entries();
        let of = |key: &str| entries.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        for (key, expected) in [
            ("instrument.shortable", "false"),
            ("price_source", "market"),
            ("fees.dp", "2"),
            ("fees.taker_bps", "0"),
            ("slippage.value", "0"),
            ("risk.max_price_deviation_bps", "off"),
            ("currency", "USD"),
            ("max_entries", "1"),
        ] {
            assert_eq!(of(key), Some(expected), "{key}");
        }
        assert_eq!((account.cash, account.dedupe_ms), (Money::new(10_000.into()), 1_000));
    }

    #[test]
    fn the_account_is_kept_in_the_instruments_currency() {
        let check = |symbol: &str, expected: &str| {
            let json = format!(r#"{{"instrument":{{"symbol":"{symbol}"}},"starting_cash":1}}"#);
            assert_eq!(read_text(&json).unwrap().config.currency.to_string(), expected, "{symbol}");
        };
        check("AAPL", "USD");
        check("BTCUSDT", "USD");
        check("BTCEUR", "EUR");
        check("USDJPY", "JPY");
    }

    #[test]
    fn bad_settings_are_refused_with_their_place() {
        let check = |more: &str, path: &str, named: &str| {
            let json = format!(r#"{{"instrument":{{"symbol":"AAPL"}},"starting_cash":1,{more}}}"#);
            let error = read_text(&json).unwrap_err();
            assert_eq!(
                (error.code.as_str(), error.path.as_deref()),
                ("INVALID_FIELD", Some(path)),
                "{error}"
            );
            assert!(error.error.contains(named), "{error}");
            assert!(error.line.is_some());
        };
        check(r#""fees":{"taker_bp":"1"}"#, "fees.taker_bp", "fees.taker_bps");
        check(r#""max_entry":1"#, "max_entry", "max_entries");
        check(r#""fees":{"taker_bps":"-1"}"#, "fees.taker_bps", "0 to 10000");
        check(r#""fees":{"taker_bps":"NaN"}"#, "fees.taker_bps", "\"NaN\"");
        check(r#""fees":[1]"#, "fees", "must be");
        check(r#""risk":{"max_daily_loss":{"a":{"b":1}}}"#, "risk.max_daily_loss.a", "must be");
        check(r#""dedupe_ms":-1"#, "dedupe_ms", "whole number");
        assert_eq!(read_text(r#"{"starting_cash":1}"#).unwrap_err().code, "MISSING_FIELD");
        assert_eq!(read_text(r#"{"instrument":{"symbol":"A"}}"#).unwrap_err().code, "MISSING_FIELD");
        let huge = r#"{"instrument":{"symbol":"A"},"starting_cash":1e40}"#;
        assert_eq!(read_text(huge).unwrap_err().code, "ARITHMETIC_OVERFLOW");
    }
}
