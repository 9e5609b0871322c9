//! The window's own preferences: `settings.json` in the data directory, by tauri-plugin-store, from Rust only.

use desk::wire;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;
use tauri::{Manager, Wry};
use tauri_plugin_store::{Store, StoreBuilder};

const FILE: &str = "settings.json";

/// The open file, managed by Tauri.
pub(super) struct Preferences(Arc<Store<Wry>>);

impl Preferences {
    /// Read the file; without one, or with an unreadable one, everything has its default.
    ///
    /// # Errors
    ///
    /// The store cannot be set up.
    pub(super) fn open(manager: &impl Manager<Wry>, data_dir: &Path) -> anyhow::Result<Self> {
        // Written at each change, by hand: the page is told when that fails.
        Ok(Self(StoreBuilder::new(manager, data_dir.join(FILE)).disable_auto_save().build()?))
    }

    /// All of them.
    pub(super) fn get(&self) -> wire::Preferences {
        read(self.0.entries().into_iter().collect())
    }

    /// Keep what these name; what they leave out stays as it was.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(super) fn set(&self, changes: &wire::Preferences) -> anyhow::Result<wire::Preferences> {
        for (key, value) in named(changes)? {
            self.0.set(key, value);
        }
        self.0.save()?;
        Ok(self.get())
    }

    /// Whether closing the window keeps Pitwire in the tray; off unless asked for.
    pub(super) fn close_to_tray(&self) -> bool {
        self.get().close_to_tray.unwrap_or(false)
    }

    /// Whether the system notifies when the tunnel goes down and when it is back; off unless asked for.
    pub(super) fn notify_tunnel(&self) -> bool {
        self.get().notify_tunnel.unwrap_or(false)
    }
}

/// A value of the wrong kind, from another version or another hand, counts as left out.
fn read(entries: Map<String, Value>) -> wire::Preferences {
    let fits = |key: &String, value: &Value| {
        let alone = Map::from_iter([(key.clone(), value.clone())]);
        serde_json::from_value::<wire::Preferences>(Value::Object(alone)).is_ok()
    };
    let readable = entries.into_iter().filter(|(key, value)| fits(key, value)).collect();
    serde_json::from_value(Value::Object(readable)).unwrap_or_default()
}

fn named(changes: &wire::Preferences) -> serde_json::Result<impl Iterator<Item = (String, Value)>> {
    let Value::Object(fields) = serde_json::to_value(changes)? else {
        unreachable!("BUG: a struct is an object")
    };
    Ok(fields.into_iter().filter(|(_, value)| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_unreadable_value_costs_only_itself() {
        let check = |file: Value, expected: wire::Preferences| {
            let Value::Object(entries) = file.clone() else { panic!("an object") };
            assert_eq!(read(entries), expected, "{file}");
        };
        check(json!({}), wire::Preferences::default());
        let dark = wire::Preferences { theme: Some("dark".to_owned()), ..wire::Preferences::default() };
        check(json!({ "theme": "dark" }), dark.clone());
        check(json!({ "theme": "dark", "close_to_tray": "yes", "of_tomorrow": 1 }), dark);
    }

    #[test]
    fn a_change_names_only_what_it_gives() {
        let changes = wire::Preferences { close_to_tray: Some(true), ..wire::Preferences::default() };
        let named: Vec<_> = named(&changes).unwrap().collect();
        assert_eq!(named, [("close_to_tray".to_owned(), json!(true))]);
    }
}
