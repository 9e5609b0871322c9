//! The settings of the installation: their names, defaults and forms.
//!
//! A value comes from the environment (`PITWIRE_` + the key in capitals with `_` for `.`), else from the database,
//! else from the default. The window's own preferences are not here; they belong to the window.

use crate::wire::RpcError;
use std::collections::BTreeMap;

/// A setting that can be named.
struct Known {
    key: &'static str,
    default: &'static str,
    form: Form,
}

#[derive(Clone, Copy)]
enum Form {
    Whole { min: u64, max: u64 },
    Words(&'static [&'static str]),
    Host,
}

const KNOWN: &[Known] = &[
    Known { key: "limits.max_webhooks", default: "5", form: Form::Whole { min: 1, max: 1_000 } },
    Known { key: "listen.bind", default: "127.0.0.1", form: Form::Host },
    Known { key: "listen.port", default: "8787", form: Form::Whole { min: 0, max: 65_535 } },
    Known { key: "recover.max_age_s", default: "600", form: Form::Whole { min: 1, max: 31_536_000 } },
    Known {
        key: "retention.max_signals",
        default: "1000000",
        form: Form::Whole { min: 1_000, max: 100_000_000 },
    },
    Known { key: "secrets.backend", default: "auto", form: Form::Words(&["auto", "keychain", "file"]) },
    Known { key: "secrets.seal_tokens", default: "on", form: Form::Words(&["on", "off"]) },
];

/// The settings as they are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    values: BTreeMap<String, String>,
}

impl Settings {
    /// Puts the settings together: environment over database over defaults. Values that cannot be used are passed
    /// over in favour of the next source, with a warning.
    #[must_use]
    pub(crate) fn assemble(
        stored: &[(String, String)],
        environment: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let mut values = BTreeMap::new();
        for known in KNOWN {
            let from_environment = environment(&variable(known.key));
            let from_store = stored.iter().find(|(k, _)| k == known.key).map(|(_, v)| v.clone());
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
            let value = from_environment.filter(usable).or_else(|| from_store.filter(usable));
            values.insert(known.key.to_owned(), value.unwrap_or_else(|| known.default.to_owned()));
        }
        Self { values }
    }

    /// Checks a change before it is stored.
    ///
    /// # Errors
    /// `UNKNOWN_SETTING` listing the known ones, or `INVALID_FIELD` with the form wanted.
    pub(crate) fn check(key: &str, value: &str) -> Result<(), RpcError> {
        let Some(known) = KNOWN.iter().find(|k| k.key == key) else {
            let all: Vec<&str> = KNOWN.iter().map(|k| k.key).collect();
            return Err(RpcError::new(
                "UNKNOWN_SETTING",
                format!("There is no setting {key:?}; there are {}.", all.join(", ")),
            ));
        };
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
        let environment = |name: &str| (name == "PITWIRE_LISTEN_PORT").then(|| "9100".to_owned());
        let settings = Settings::assemble(&stored, environment);
        assert_eq!(settings.whole("listen.port"), 9100);
        assert_eq!(settings.whole("limits.max_webhooks"), 7);
        assert_eq!(settings.text("secrets.backend"), "auto");
    }

    #[test]
    fn what_cannot_be_used_is_passed_over() {
        let stored = [("listen.port".to_owned(), "9000".to_owned())];
        let settings =
            Settings::assemble(&stored, |name| (name == "PITWIRE_LISTEN_PORT").then(|| "a port".to_owned()));
        assert_eq!(settings.whole("listen.port"), 9000);
    }

    #[test]
    fn changes_are_checked() {
        assert!(Settings::check("listen.port", "8788").is_ok());
        assert!(Settings::check("listen.port", "").is_ok());
        assert_eq!(Settings::check("listen.port", "65536").unwrap_err().code, "INVALID_FIELD");
        assert_eq!(Settings::check("secrets.backend", "cloud").unwrap_err().code, "INVALID_FIELD");
        assert_eq!(Settings::check("listen.prot", "1").unwrap_err().code, "UNKNOWN_SETTING");
    }
}
