//! How the messages of a webhook are read where they leave something open: units and the symbol table, kept with the
//! webhook as JSON.
//!
//! `dialect` says what may stand there; this file carries it between the outside, the database and the reader.

use crate::intake::json;
use crate::wire::RpcError;
use dialect::{SymbolMap, Units};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What stands before the key of a unit.
const UNIT: &str = "unit.";

/// Everything of a webhook that has no column of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// Whether the token is sealed in the keychain.
    pub(crate) sealed: bool,
    /// Units, by `unit.<key>`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) units: BTreeMap<String, String>,
    /// Symbols as alerts name them, and what is traded for them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) symbol_map: BTreeMap<String, String>,
}

impl Kept {
    /// Reads it back; what cannot be read counts as nothing set, and is said.
    pub(crate) fn of(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| {
            tracing::error!(%error, "the settings of a webhook cannot be read");
            Self::default()
        })
    }

    /// As it is stored.
    pub(crate) fn text(&self) -> String {
        json(self)
    }

    /// The units, for the reader.
    pub(crate) fn units(&self) -> Units {
        let mut units = Units::default();
        for (key, word) in &self.units {
            note(units.set(key.strip_prefix(UNIT).unwrap_or(key), word));
        }
        units
    }

    /// The symbol table, for the reader.
    pub(crate) fn symbols(&self) -> SymbolMap {
        let mut map = SymbolMap::default();
        for (from, to) in &self.symbol_map {
            note(map.set(from, to));
        }
        map
    }

    /// Applies the units that a change names, `unit.sl` to its word; an empty word clears.
    pub(super) fn set_units(&mut self, named: &BTreeMap<String, String>) -> Result<(), RpcError> {
        let mut units = self.units();
        for (name, word) in named {
            let key = name.strip_prefix(UNIT).ok_or_else(|| {
                RpcError::invalid(name, format!("There is no setting {name:?} of a webhook: unit.KEY is."))
            })?;
            units.set(key, word).map_err(|error| RpcError::invalid(name, error))?;
        }
        let entry = |(key, word): (&str, &str)| (format!("{UNIT}{key}"), word.to_owned());
        self.units = units.entries().into_iter().map(entry).collect();
        Ok(())
    }

    /// Applies the symbols that a change names; an empty one takes the entry out.
    pub(super) fn set_symbols(&mut self, named: &BTreeMap<String, String>) -> Result<(), RpcError> {
        let mut map = self.symbols();
        for (from, to) in named {
            map.set(from, to).map_err(|error| RpcError::invalid("symbol_map", error))?;
        }
        self.symbol_map = map.entries().map(|(from, to)| (from.to_owned(), to.to_string())).collect();
        Ok(())
    }
}

/// What was checked when it was set cannot fail now, unless an older version knew more.
fn note(set: Result<(), String>) {
    if let Err(error) = set {
        tracing::warn!(%error, "a setting of a webhook is not known any more");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_set_is_kept_and_cleared_by_an_empty_word() {
        let mut kept = Kept::of("{\"sealed\":true}");
        assert!(kept.sealed);
        kept.set_units(&named(&[("unit.sl", "pips"), ("unit.risk", "lots")])).unwrap();
        kept.set_symbols(&named(&[("eurusd=x", "eurusd"), ("XBTUSD", "BTCUSD")])).unwrap();
        let again = Kept::of(&kept.text());
        assert_eq!(again, kept);
        assert_eq!(again.symbol_map, named(&[("EURUSD=X", "EURUSD"), ("XBTUSD", "BTCUSD")]));
        kept.set_units(&named(&[("unit.risk", "")])).unwrap();
        kept.set_symbols(&named(&[("xbtusd", "")])).unwrap();
        assert_eq!(kept.units, named(&[("unit.sl", "pips")]));
        assert_eq!(kept.symbol_map, named(&[("EURUSD=X", "EURUSD")]));
        let field = |error: RpcError| error.field.unwrap_or_default();
        assert_eq!(field(kept.set_units(&named(&[("unit.sl", "lots")])).unwrap_err()), "unit.sl");
        assert_eq!(field(kept.set_units(&named(&[("sl", "pips")])).unwrap_err()), "sl");
        assert_eq!(field(kept.set_symbols(&named(&[("A", "<b>")])).unwrap_err()), "symbol_map");
        assert_eq!(Kept::of("nonsense"), Kept::default());
    }
}
