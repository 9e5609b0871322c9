//! `config`: settings of the installation.

use super::Place;
use crate::terminal::Done;
use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Every setting in force.
    List,
    /// One setting.
    Get {
        /// Such as `limits.max_webhooks`.
        key: String,
    },
    /// Change a setting; an empty value is the default.
    Set {
        /// Such as `limits.max_webhooks`.
        key: String,
        /// The new value.
        value: String,
    },
}

impl Config {
    pub(super) fn run(self, place: &Place) -> Done {
        let desk = place.desk()?;
        match self {
            Self::List => place.terminal.object("settings", &desk.call("settings.get", json!({}))?["values"]),
            Self::Get { key } => one(place, &desk.call("settings.get", json!({}))?, &key),
            Self::Set { key, value } => {
                let settings = desk.call("settings.set", json!({"key": key, "value": value}))?;
                one(place, &settings, &key)
            }
        }
    }
}

fn one(place: &Place, settings: &Value, key: &str) -> Done {
    let value = settings["values"].get(key).ok_or_else(|| desk::unknown_setting(key))?;
    if place.terminal.json {
        return place.terminal.value(&json!({"setting": {"key": key, "value": value}}));
    }
    place.terminal.line(value.as_str().unwrap_or_default())
}
