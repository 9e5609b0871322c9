//! What the webhook says where the message leaves something open: its dialect, symbol, side, units and symbol table.
//!
//! `desk` makes one of every webhook; the dialects ask it, and a refusal names the setting that is missing.

use crate::error::ReadError;
use domain::{DialectName, ReasonCode, SellMode, Side, SizeUnit, Symbol};
use std::collections::BTreeMap;

/// The most entries of a symbol table.
pub const SYMBOL_MAP_MAX: usize = 200;
/// The longest name in a symbol table, in bytes.
const MAPPED_MAX: usize = 160;

/// What the webhook says where the message leaves something open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The dialect to read; nothing means that it is found by its marks.
    pub dialect: Option<DialectName>,
    /// The symbol traded by messages whose dialect has no symbol field (Atomik).
    pub symbol: Option<Symbol>,
    /// The side traded by messages whose dialect names no direction.
    pub default_side: Option<Side>,
    /// What a plain `sell` means where the dialect's own documents leave it open.
    pub sell_mode: SellMode,
    /// What bare numbers count where the dialect leaves it open.
    pub units: Units,
    /// Symbols that are traded under another name.
    pub symbol_map: SymbolMap,
}

/// What a bare distance counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LevelUnit {
    /// It is a price.
    Price,
    /// Percent away from the entry.
    Percent,
    /// A price distance away from the entry.
    Absolute,
    /// Pips away from the entry.
    Pips,
}

impl LevelUnit {
    /// Every unit with its word.
    const WORDS: [(&str, Self); 4] =
        [("price", Self::Price), ("pct", Self::Percent), ("abs", Self::Absolute), ("pips", Self::Pips)];

    fn parse(text: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, unit)| *unit)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::Percent => "pct",
            Self::Absolute => "abs",
            Self::Pips => "pips",
        }
    }
}

/// What bare numbers count, by the name under which messages send them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Units {
    /// A bare `risk`.
    pub risk: Option<SizeUnit>,
    /// A bare `sl`.
    pub stop_loss: Option<LevelUnit>,
    /// A bare `tp`.
    pub take_profit: Option<LevelUnit>,
    /// A bare `price` of a pending order; only a price can be one.
    pub price: Option<LevelUnit>,
}

/// Units for a bare risk.
const RISK: &str = "lots, base, contracts, quote, margin, pct_equity, pct_available, risk_quote or risk_pct";
/// Units for a bare stop or target.
const LEVEL: &str = "price, pct, abs or pips";
/// Units for the bare price of a pending order.
const PRICE: &str = "price";

/// The keys of units, and what each may be.
const KEYS: [(&str, &str); 4] = [("risk", RISK), ("sl", LEVEL), ("tp", LEVEL), ("price", PRICE)];

impl Units {
    /// Sets `unit.<key>`, `key` without its prefix; an empty word clears it.
    ///
    /// # Errors
    /// A sentence that says which keys or words there are.
    pub fn set(&mut self, key: &str, word: &str) -> Result<(), String> {
        let word = word.trim();
        let level = || match word {
            "" => Ok(None),
            _ => LevelUnit::parse(word).map(Some).ok_or_else(|| must_be(key, LEVEL)),
        };
        match key {
            "risk" => {
                let unit = SizeUnit::parse(word).filter(|unit| *unit != SizeUnit::PercentPosition);
                if unit.is_none() && !word.is_empty() {
                    return Err(must_be(key, RISK));
                }
                self.risk = unit;
            }
            "sl" => self.stop_loss = level()?,
            "tp" => self.take_profit = level()?,
            "price" => match word {
                "" => self.price = None,
                "price" => self.price = Some(LevelUnit::Price),
                _ => return Err(must_be(key, PRICE)),
            },
            _ => {
                let keys: Vec<String> = KEYS.iter().map(|(key, _)| format!("unit.{key}")).collect();
                return Err(format!("There is no setting unit.{key}: {} are.", keys.join(", ")));
            }
        }
        Ok(())
    }

    /// The words that a key may have; none for a key that there is not.
    #[must_use]
    pub fn choices(key: &str) -> Vec<&'static str> {
        let words = KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, words)| *words);
        words.split([',', ' ']).filter(|word| !matches!(*word, "" | "or")).collect()
    }

    /// The units that are set, as `(key, word)`.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
        let level = |unit: Option<LevelUnit>| unit.map(LevelUnit::as_str);
        let all = [
            ("risk", self.risk.map(SizeUnit::as_str)),
            ("sl", level(self.stop_loss)),
            ("tp", level(self.take_profit)),
            ("price", level(self.price)),
        ];
        all.into_iter().filter_map(|(key, word)| word.map(|word| (key, word))).collect()
    }
}

fn must_be(key: &str, words: &str) -> String {
    format!("unit.{key} must be {words}.")
}

/// Symbols as alerts name them, and the symbols that are traded for them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SymbolMap(BTreeMap<String, Symbol>);

impl SymbolMap {
    /// Maps `from`, as an alert names it or as it is normalised, to `to`; an empty `to` takes the entry out.
    ///
    /// # Errors
    /// A sentence about the side that cannot be used, or that the table is full.
    pub fn set(&mut self, from: &str, to: &str) -> Result<(), String> {
        let from = crate::symbol::folded(from);
        if from.is_empty() || from.len() > MAPPED_MAX || from.contains(char::is_control) {
            return Err(format!("The symbol to map from must have 1 to {MAPPED_MAX} plain characters."));
        }
        if to.trim().is_empty() {
            self.0.remove(&from);
            return Ok(());
        }
        let to =
            crate::symbol::parse(to).map_err(|e| format!("The symbol to map to cannot be used: {e}."))?;
        if self.0.len() >= SYMBOL_MAP_MAX && !self.0.contains_key(&from) {
            return Err(format!("A webhook may map {SYMBOL_MAP_MAX} symbols at most."));
        }
        self.0.insert(from, to.symbol);
        Ok(())
    }

    /// Every entry, by the name mapped from.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Symbol)> {
        self.0.iter().map(|(from, to)| (from.as_str(), to))
    }

    /// What is traded for a name, if the table has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Symbol> {
        if self.0.is_empty() { None } else { self.0.get(&crate::symbol::folded(name)) }
    }
}

/// The refusal of a message that leaves a bare number open; `key` as in `unit.key`.
pub(crate) fn unit_required(key: &'static str) -> ReadError {
    let words = KEYS.iter().find(|(known, _)| *known == key).map_or(LEVEL, |(_, words)| words);
    let sentence = format!(
        "The message has a bare `{key}`, and its format does not say what it counts: set it on the webhook with --set unit.{key}=… ({words})."
    );
    ReadError::new(ReasonCode::SettingRequired, sentence).at_field(&format!("unit.{key}"))
}

impl Settings {
    /// The webhook's symbol, for a message without one.
    pub(crate) fn symbol_or_refused(&self) -> Result<&Symbol, ReadError> {
        self.symbol.as_ref().ok_or_else(|| {
            let sentence =
                "The message names no symbol, as is usual for its format: set the symbol on the webhook with --symbol.";
            ReadError::new(ReasonCode::SettingRequired, sentence).at_field("symbol")
        })
    }

    /// The webhook's side, for a message without a direction.
    pub(crate) fn side_or_refused(&self) -> Result<Side, ReadError> {
        self.default_side.ok_or_else(|| {
            let sentence = "The message names no direction, as is usual for its format: set the side on the webhook with --default-side long or short.";
            ReadError::new(ReasonCode::SettingRequired, sentence).at_field("default_side")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_set_shown_and_cleared() {
        let mut units = Units::default();
        for (key, word) in [("risk", "lots"), ("sl", "pips"), ("tp", "pct"), ("price", "price")] {
            units.set(key, word).unwrap();
        }
        assert_eq!(units.entries(), [("risk", "lots"), ("sl", "pips"), ("tp", "pct"), ("price", "price")]);
        for key in ["risk", "sl", "tp", "price"] {
            assert!(!Units::choices(key).is_empty());
            assert!(Units::choices(key).iter().all(|word| units.set(key, word).is_ok()));
        }
        units.set("sl", "").unwrap();
        assert_eq!(units.stop_loss, None);
        for (key, word, said) in [
            ("risk", "pips", "unit.risk must be lots, base"),
            ("risk", "pct_position", "unit.risk must be lots"),
            ("sl", "lots", "unit.sl must be price, pct, abs or pips"),
            ("price", "pips", "unit.price must be price"),
            ("volume", "lots", "There is no setting unit.volume"),
        ] {
            let error = units.set(key, word).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        }
    }

    #[test]
    fn symbols_are_mapped_by_any_spelling() {
        let mut map = SymbolMap::default();
        map.set("eurusd=x", "EURUSD").unwrap();
        map.set("XBTUSD", "btcusd").unwrap();
        assert_eq!(map.get("EURUSD=X").map(Symbol::as_str), Some("EURUSD"));
        assert_eq!(map.get(" xbtusd ").map(Symbol::as_str), Some("BTCUSD"));
        map.set("XBTUSD", "").unwrap();
        assert_eq!(map.get("XBTUSD"), None);
        assert!(map.set("", "A").is_err() && map.set("A", "<b>").is_err());
        for n in map.entries().count()..SYMBOL_MAP_MAX {
            map.set(&format!("A{n}"), "B").unwrap();
        }
        assert!(map.set("ONE-MORE", "B").unwrap_err().contains("200"));
    }
}
