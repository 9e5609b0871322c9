//! Bodies in, signals or refusals out.

mod canonical;
mod documents;
mod fixtures;
mod masking;
mod property_tests;
mod refusals;

use crate::{Reading, Settings, read};
use domain::{DialectName, SellMode, Side, Signal, Symbol};

/// Settings in words: `symbol=ES1!`, `flip`, `target`, a dialect's name.
pub(super) fn settings(words: &str) -> Settings {
    let mut settings = Settings::default();
    for word in words.split_whitespace() {
        if let Some(symbol) = word.strip_prefix("symbol=") {
            settings.symbol = Some(Symbol::new(symbol).unwrap());
        } else if let Some(side) = word.strip_prefix("side=") {
            settings.default_side = Some(Side::parse(side).unwrap());
        } else if let Some((key, unit)) = word.strip_prefix("unit.").and_then(|unit| unit.split_once('=')) {
            settings.units.set(key, unit).unwrap();
        } else if let Some((from, to)) = word.strip_prefix("map=").and_then(|map| map.rsplit_once('=')) {
            settings.symbol_map.set(from, to).unwrap();
        } else if let Some(mode) = SellMode::parse(word) {
            settings.sell_mode = mode;
        } else {
            settings.dialect = Some(DialectName::parse(word).unwrap());
        }
    }
    settings
}

pub(super) fn reading(body: &str, words: &str) -> Reading {
    read(body.as_bytes(), &settings(words)).unwrap_or_else(|e| panic!("{body}\n{e}"))
}

/// The dialect and what its one signal says, in one line; absent parts are left out.
pub(super) fn line(reading: &Reading) -> String {
    let signals: Vec<String> = reading.signals.iter().map(said).collect();
    format!("{}: {}", reading.dialect, signals.join(" | "))
}

fn said(signal: &Signal) -> String {
    let size = signal.size.map(|s| format!("{} {}", s.value, s.unit.as_str()));
    let order = signal.order.kind.as_str();
    let levels = [("limit", signal.order.limit), ("stop", signal.order.stop), ("price", signal.price)];
    let mut parts = vec![signal.intent.as_str().to_owned()];
    parts.push(signal.side.map_or("-", Side::as_str).to_owned());
    parts.push(signal.symbol.to_string());
    parts.extend(size);
    parts.extend((order != "market").then(|| order.to_owned()));
    parts.extend(levels.iter().filter_map(|(name, price)| price.map(|p| format!("{name}={p}"))));
    parts.extend(signal.previous_position.map(|p| format!("from={p}")));
    parts.extend(signal.target_position.map(|p| format!("to={p}")));
    parts.join(" ")
}

#[track_caller]
pub(super) fn check(body: &str, words: &str, expected: &str) {
    assert_eq!(line(&reading(body, words)), expected, "{body}");
}
