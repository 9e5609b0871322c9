//! The settings of the installation: their names, defaults and forms.
//!
//! A value comes from the environment (`PITWIRE_` + the key in capitals with `_` for `.`; an empty one counts as
//! none), else from the database, else from the default. The window's own preferences are not here; they belong to the window.

use crate::wire::RpcError;
use paper::{Config, ConfigError, ConfigErrorKind};
use std::collections::BTreeMap;
use thiserror::Error;

/// A setting that can be named.
struct Known {
    key: &'static str,
    default: &'static str,
    form: Form,
}

#[derive(Clone, Copy)]
enum Form {
    Whole {
        min: u64,
        max: u64,
    },
    Words(&'static [&'static str]),
    Host,
    /// An address without a query that begins with one of these.
    Url(&'static [&'static str]),
    /// A host name without scheme and path.
    Domain,
    /// `https://host`, with a port where it is not 443 and nothing after it.
    PublicUrl,
    /// `host:port`.
    HostAndPort,
    /// A file; whether it is there shows when it is read.
    Path,
}

const REST: Form = Form::Url(&["https://", "http://"]);
const WS: Form = Form::Url(&["wss://", "ws://"]);

const KNOWN: &[Known] = &[
    Known { key: "limits.max_webhooks", default: "5", form: Form::Whole { min: 1, max: 1_000 } },
    Known { key: "listen.bind", default: "127.0.0.1", form: Form::Host },
    Known { key: "listen.port", default: "8787", form: Form::Whole { min: 0, max: 65_535 } },
    Known { key: "market.binance.rest_url", default: "https://data-api.binance.vision", form: REST },
    Known { key: "market.binance.ws_url", default: "wss://data-stream.binance.vision", form: WS },
    Known { key: "market.bybit.rest_url", default: "https://api.bybit.com", form: REST },
    Known { key: "market.bybit.ws_url", default: "wss://stream.bybit.com", form: WS },
    Known { key: "market.coinbase.rest_url", default: "https://api.coinbase.com", form: REST },
    Known { key: "market.coinbase.ws_url", default: "wss://advanced-trade-ws.coinbase.com", form: WS },
    Known { key: "market.kraken.rest_url", default: "https://api.kraken.com", form: REST },
    Known { key: "market.kraken.ws_url", default: "wss://ws.kraken.com", form: WS },
    Known { key: "market.okx.rest_url", default: "https://www.okx.com", form: REST },
    Known { key: "market.okx.ws_url", default: "wss://ws.okx.com:8443", form: WS },
    Known { key: "recover.max_age_s", default: "600", form: Form::Whole { min: 1, max: 31_536_000 } },
    Known {
        key: "retention.max_signals",
        default: "1000000",
        form: Form::Whole { min: 1_000, max: 100_000_000 },
    },
    Known { key: "secrets.backend", default: "auto", form: Form::Words(&["auto", "keychain", "file"]) },
    Known { key: "secrets.seal_tokens", default: "on", form: Form::Words(&["on", "off"]) },
    Known { key: "tunnel.backoff_max_s", default: "30", form: Form::Whole { min: 1, max: 300 } },
    Known { key: "tunnel.domain", default: "", form: Form::Domain },
    Known { key: "tunnel.heartbeat_s", default: "10", form: Form::Whole { min: 1, max: 60 } },
    Known { key: "tunnel.listen_port", default: "8788", form: Form::Whole { min: 1, max: 65_535 } },
    Known { key: "tunnel.mode", default: "ngrok", form: Form::Words(&["ngrok", "own-url", "off"]) },
    Known {
        key: "tunnel.monthly_requests",
        default: "20000",
        form: Form::Whole { min: 0, max: 1_000_000_000 },
    },
    Known { key: "tunnel.only_tradingview", default: "off", form: Form::Words(&["on", "off"]) },
    Known { key: "tunnel.own_url", default: "", form: Form::PublicUrl },
    Known { key: "tunnel.prevent_sleep", default: "off", form: Form::Words(&["on", "off"]) },
    Known { key: "tunnel.probe_min", default: "15", form: Form::Whole { min: 0, max: 1_440 } },
    Known { key: "tunnel.root_cas", default: "", form: Form::Path },
    Known { key: "tunnel.server_addr", default: "", form: Form::HostAndPort },
];

/// A variable of the environment that cannot be a setting.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{variable} is {value:?}, but must be {wanted}: correct the variable, or unset it")]
pub struct BadVariable {
    /// The variable.
    pub variable: String,
    /// What it is set to.
    pub value: String,
    /// What it may be set to.
    pub wanted: String,
}

/// The settings that the environment names, each of them checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Environment {
    values: BTreeMap<&'static str, String>,
}

impl Environment {
    /// Reads the variables of this process.
    ///
    /// # Errors
    /// [`BadVariable`]: what somebody set on purpose must hold or be refused, never be passed over.
    pub(crate) fn of_process() -> Result<Self, BadVariable> {
        Self::read(|name| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()))
    }

    fn read(variables: impl Fn(&str) -> Option<String>) -> Result<Self, BadVariable> {
        let mut values = BTreeMap::new();
        for known in KNOWN {
            let variable = variable(known.key);
            let Some(value) = variables(&variable).filter(|v| !v.is_empty()) else { continue };
            if let Err(wanted) = known.form.check(&value) {
                return Err(BadVariable { variable, value, wanted });
            }
            values.insert(known.key, value);
        }
        Ok(Self { values })
    }
}

/// The settings as they are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    values: BTreeMap<String, String>,
}

impl Settings {
    /// Puts the settings together: environment over database over defaults. Stored values that cannot be used (of
    /// another version, perhaps) are passed over in favour of the default, with a warning.
    #[must_use]
    pub(crate) fn assemble(stored: &[(String, String)], environment: &Environment) -> Self {
        let mut values = BTreeMap::new();
        for known in KNOWN {
            let usable = |value: &String| match known.form.check(value) {
                Ok(()) => true,
                Err(wanted) => {
                    tracing::warn!(
                        setting.key = known.key,
                        setting.wanted = wanted,
                        "a setting cannot be used"
                    );
                    false
                }
            };
            let from_store = || stored.iter().find(|(k, _)| k == known.key).map(|(_, v)| v.clone());
            let value = environment.values.get(known.key).cloned().or_else(|| from_store().filter(usable));
            values.insert(known.key.to_owned(), value.unwrap_or_else(|| known.default.to_owned()));
        }
        Self { values }
    }

    /// Checks a change before it is stored.
    ///
    /// # Errors
    /// `UNKNOWN_SETTING` listing the known ones, or `INVALID_FIELD` with the form wanted.
    pub(crate) fn check(key: &str, value: &str) -> Result<(), RpcError> {
        let known = KNOWN.iter().find(|k| k.key == key).ok_or_else(|| unknown_setting(key))?;
        if value.is_empty() {
            return Ok(());
        }
        known.form.check(value).map_err(|wanted| RpcError::invalid(key, format!("{key} must be {wanted}.")))
    }

    /// Every value.
    #[must_use]
    pub(crate) fn values(&self) -> &BTreeMap<String, String> {
        &self.values
    }

    /// The value of a known setting.
    #[must_use]
    pub(crate) fn text(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// The value of a known setting that is a whole number.
    #[must_use]
    pub(crate) fn whole(&self, key: &str) -> u64 {
        self.text(key).parse().unwrap_or_default()
    }
}

/// The refusal of a key that is none, with those that are like it.
#[must_use]
pub fn unknown_setting(key: &str) -> RpcError {
    let all = || KNOWN.iter().map(|k| k.key);
    let near: Vec<&str> = all().filter(|known| is_near(key, known)).collect();
    let named = if near.is_empty() {
        format!("there are {}", all().collect::<Vec<_>>().join(", "))
    } else {
        format!("did you mean {}? `pitwire config list` shows all", near.join(" or "))
    };
    RpcError::new("UNKNOWN_SETTING", format!("There is no setting {key:?}; {named}."))
}

/// Whether a key was probably meant: of the same section, or with few slips as a whole or in its last part.
fn is_near(key: &str, known: &str) -> bool {
    let key = key.to_lowercase().replace('-', "_");
    let (section, last) = known.split_once('.').unwrap_or((known, known));
    let length = key.chars().count();
    let as_a_whole = slips(&key, known).min(slips(&key, &known.replace('.', "_")));
    // People slip within a word, not at its first letter; without that any short word is like some other.
    let in_its_last_part = key.chars().next() == last.chars().next() && slips(&key, last) * 2 <= length;
    key.split('.').next() == Some(section) || as_a_whole * 3 <= length || in_its_last_part
}

/// The refusal of an account's setting; a key that is none comes with those that are like it.
pub(crate) fn account_setting(error: &ConfigError) -> RpcError {
    let sentence = match error.kind {
        ConfigErrorKind::BadValue { .. } => format!("{error}."),
        ConfigErrorKind::UnknownKey => {
            let keys = Config::keys();
            let near = nearest(&error.key, keys.iter().map(|known| known.key));
            let meant = if near.is_empty() {
                String::new()
            } else {
                format!("; did you mean {}?", near.join(" or "))
            };
            let end = if meant.is_empty() { "; " } else { " " };
            format!("{error}{meant}{end}`pitwire account show` lists all.")
        }
    };
    RpcError::invalid(&error.key, sentence)
}

/// Of the known keys those that were probably meant: the ones with the fewest slips, where these are few.
pub(crate) fn nearest<'k>(key: &str, known: impl Iterator<Item = &'k str>) -> Vec<&'k str> {
    let near = known.map(|name| (slips(key, name), name)).filter(|(count, name)| count * 2 <= name.len());
    let near: Vec<_> = near.collect();
    let fewest = near.iter().map(|(count, _)| *count).min();
    near.into_iter().filter(|(count, _)| Some(*count) == fewest).map(|(_, name)| name).collect()
}

/// The edit distance of Levenshtein, a row of the table at a time.
fn slips(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().take(100).enumerate() {
        let mut left_above = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (left_above + usize::from(a != *b)).min(above + 1).min(row[j] + 1);
            left_above = above;
        }
    }
    row[other.len()]
}

/// Letters, digits, hyphens and dots, as RFC 1123 has them, at most 253 characters.
fn is_host_name(text: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    text.len() <= 253 && text.split('.').all(is_label)
}

/// The host of `host` or `host:port`.
fn host_of(text: &str, needs_port: bool) -> Option<&str> {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    let is_port = |p: &str| p.parse::<u16>().is_ok_and(|n| n > 0) && p.bytes().all(|b| b.is_ascii_digit());
    let port_fits = port.map_or(!needs_port, is_port);
    (port_fits && is_host_name(host)).then_some(host)
}

fn variable(key: &str) -> String {
    format!("PITWIRE_{}", key.to_uppercase().replace('.', "_"))
}

impl Form {
    fn check(self, value: &str) -> Result<(), String> {
        match self {
            Self::Whole { min, max } => {
                let fits = value.parse::<u64>().is_ok_and(|n| (min..=max).contains(&n));
                if fits { Ok(()) } else { Err(format!("a whole number from {min} to {max}")) }
            }
            Self::Words(words) => {
                if words.contains(&value) {
                    Ok(())
                } else {
                    Err(format!("one of {}", words.join(", ")))
                }
            }
            Self::Url(beginnings) => {
                let rest = beginnings.iter().find_map(|beginning| value.strip_prefix(beginning));
                let is_plain = |c: char| c.is_ascii_graphic() && !"?#@\"<>\\".contains(c);
                let fits = rest
                    .is_some_and(|rest| !rest.is_empty() && value.len() <= 200 && rest.chars().all(is_plain));
                if fits {
                    Ok(())
                } else {
                    Err(format!("an address that begins with {}", beginnings.join(" or ")))
                }
            }
            Self::Domain => {
                let wanted = "a host name such as name.ngrok-free.app, without https:// and without a path";
                if is_host_name(value) { Ok(()) } else { Err(wanted.to_owned()) }
            }
            Self::PublicUrl => {
                let wanted = "an address such as https://alerts.example.com, without a path";
                let host = value.strip_prefix("https://").and_then(|rest| host_of(rest, false));
                if host.is_some() { Ok(()) } else { Err(wanted.to_owned()) }
            }
            Self::HostAndPort => {
                let wanted = "a host and a port such as connect.ngrok-agent.com:443";
                if host_of(value, true).is_some() { Ok(()) } else { Err(wanted.to_owned()) }
            }
            Self::Path => {
                let fits = !value.chars().any(char::is_control);
                if fits { Ok(()) } else { Err("the path of a file".to_owned()) }
            }
            Self::Host => {
                let fits = value.parse::<std::net::IpAddr>().is_ok();
                if fits { Ok(()) } else { Err("an IP address such as 127.0.0.1 or 0.0.0.0".to_owned()) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_database_over_the_default() {
        let stored = [
            ("listen.port".to_owned(), "9000".to_owned()),
            ("limits.max_webhooks".to_owned(), "7".to_owned()),
        ];
        let environment = set("PITWIRE_LISTEN_PORT", "9100").unwrap();
        let settings = Settings::assemble(&stored, &environment);
        assert_eq!(settings.whole("listen.port"), 9100);
        assert_eq!(settings.whole("limits.max_webhooks"), 7);
        assert_eq!(settings.text("secrets.backend"), "auto");
        assert_eq!(set("PITWIRE_LISTEN_PORT", ""), Ok(Environment::default()));
    }

    #[test]
    fn a_setting_of_an_account_that_is_none_comes_with_the_likeliest_one() {
        let check = |key: &str, value: &str, expected: &str| {
            let refused = account_setting(&Config::default().set(key, value).unwrap_err());
            assert_eq!((refused.field.as_deref(), refused.error.as_str()), (Some(key), expected));
        };
        check(
            "risk.max_daily_los",
            "5",
            "risk.max_daily_los: there is no such setting; did you mean risk.max_daily_loss? `pitwire account show` lists all.",
        );
        check("colour", "red", "colour: there is no such setting; `pitwire account show` lists all.");
        check("max_entries", "many", "max_entries: a whole number from 1 to 1000000000 is wanted.");
    }

    #[test]
    fn what_cannot_be_used_is_refused_in_the_environment_and_passed_over_in_the_database() {
        for (variable, value, wanted) in [
            ("PITWIRE_LISTEN_PORT", "abc", "a whole number from 0 to 65535"),
            ("PITWIRE_LISTEN_PORT", "65536", "a whole number from 0 to 65535"),
            ("PITWIRE_LIMITS_MAX_WEBHOOKS", "0", "a whole number from 1 to 1000"),
            ("PITWIRE_LISTEN_BIND", "localhost", "an IP address such as 127.0.0.1 or 0.0.0.0"),
            (
                "PITWIRE_TUNNEL_DOMAIN",
                "https://name.ngrok-free.app",
                "a host name such as name.ngrok-free.app, without https:// and without a path",
            ),
            (
                "PITWIRE_TUNNEL_OWN_URL",
                "http://alerts.example.com",
                "an address such as https://alerts.example.com, without a path",
            ),
            (
                "PITWIRE_TUNNEL_SERVER_ADDR",
                "localhost",
                "a host and a port such as connect.ngrok-agent.com:443",
            ),
            ("PITWIRE_SECRETS_BACKEND", "cloud", "one of auto, keychain, file"),
        ] {
            let said = set(variable, value).unwrap_err().to_string();
            assert!(said.starts_with(&format!("{variable} is {value:?}, but must be {wanted}: ")), "{said}");
        }
        let stored = [("listen.port".to_owned(), "a port".to_owned())];
        let settings = Settings::assemble(&stored, &Environment::default());
        assert_eq!(settings.whole("listen.port"), 8787);
    }

    fn set(variable: &str, value: &str) -> Result<Environment, BadVariable> {
        Environment::read(|name| (name == variable).then(|| value.to_owned()))
    }

    #[test]
    fn unknown_keys_are_answered_with_near_ones() {
        for (key, named) in [
            ("listen.prot", "did you mean listen.bind or listen.port or tunnel.listen_port?"),
            ("port", "did you mean listen.port?"),
            ("prot", "did you mean listen.port?"),
            ("LISTEN_PORT", "did you mean listen.port or tunnel.listen_port?"),
            ("max_webhooks", "did you mean limits.max_webhooks?"),
            ("limits", "did you mean limits.max_webhooks?"),
            ("secret.backend", "did you mean secrets.backend?"),
            ("nonsense", "there are limits.max_webhooks, listen.bind, listen.port,"),
            ("nope", "there are limits.max_webhooks,"),
            ("", "there are limits.max_webhooks,"),
        ] {
            let error = unknown_setting(key);
            assert!(error.code == "UNKNOWN_SETTING" && error.error.contains(named), "{key:?}: {error}");
        }
    }

    #[test]
    fn addresses_are_hosts_with_ports_and_nothing_after_them() {
        for (key, value, fits) in [
            ("tunnel.domain", "name.ngrok-free.app", true),
            ("tunnel.domain", "localhost", true),
            ("tunnel.domain", "name.ngrok-free.app:443", false),
            ("tunnel.domain", "name..app", false),
            ("tunnel.domain", "-name.app", false),
            ("tunnel.domain", "name.app/path", false),
            ("tunnel.domain", "a name", false),
            ("tunnel.own_url", "https://alerts.example.com", true),
            ("tunnel.own_url", "https://alerts.example.com:8443", true),
            ("tunnel.own_url", "https://alerts.example.com/", false),
            ("tunnel.own_url", "https://user@alerts.example.com", false),
            ("tunnel.own_url", "https://", false),
            ("tunnel.own_url", "alerts.example.com", false),
            ("tunnel.server_addr", "127.0.0.1:4443", true),
            ("tunnel.server_addr", "localhost:0", false),
            ("tunnel.server_addr", "localhost:+1", false),
            ("tunnel.server_addr", "localhost:70000", false),
            ("tunnel.root_cas", "/etc/ca with blanks.pem", true),
            ("tunnel.root_cas", "/etc/ca\n.pem", false),
        ] {
            assert_eq!(Settings::check(key, value).is_ok(), fits, "{key} {value:?}");
        }
    }

    #[test]
    fn changes_are_checked() {
        assert!(Settings::check("listen.port", "8788").is_ok());
        assert!(Settings::check("listen.port", "").is_ok());
        assert!(Settings::check("market.kraken.rest_url", "http://127.0.0.1:9000/kraken").is_ok());
        assert!(Settings::check("market.kraken.ws_url", "ws://127.0.0.1:9000").is_ok());
        for (key, value) in [
            ("market.kraken.rest_url", "ftp://x"),
            ("market.kraken.rest_url", "https://"),
            ("market.kraken.rest_url", "https://user@x"),
            ("market.kraken.ws_url", "https://x"),
            ("market.kraken.ws_url", "wss://x?y=1"),
        ] {
            assert_eq!(Settings::check(key, value).unwrap_err().code, "INVALID_FIELD", "{key}={value}");
        }
        let default = Settings::assemble(&[], &Environment::default());
        for venue in market::Venue::ALL {
            assert_eq!(default.text(&format!("market.{venue}.rest_url")), venue.rest_url());
            assert_eq!(default.text(&format!("market.{venue}.ws_url")), venue.ws_url());
        }
        assert_eq!(Settings::check("listen.port", "65536").unwrap_err().code, "INVALID_FIELD");
        assert_eq!(Settings::check("secrets.backend", "cloud").unwrap_err().code, "INVALID_FIELD");
        assert_eq!(Settings::check("listen.prot", "1").unwrap_err().code, "UNKNOWN_SETTING");
    }
}
