//! The dialects: one file each, and the order in which their marks are looked for.

mod algo_trade_analytics;
mod atomik;
pub(crate) mod stratone;
pub(crate) mod vantixs;

use crate::error::ReadError;
use crate::fields::Fields;
use crate::json::{Object, Value};
use crate::reading::Settings;
use domain::{DialectName, Signal};

/// What a JSON dialect can do.
pub(crate) struct JsonDialect {
    /// Its name.
    pub(crate) name: DialectName,
    /// Whether an object has its marks, given that no earlier dialect claimed it.
    recognises: fn(&Object, &Settings) -> bool,
    /// Reads an object; what it does not ask for becomes extras.
    pub(crate) read: fn(&mut Fields<'_>, &Settings) -> Result<Signal, ReadError>,
}

/// The more particular marks first.
const DETECTION: &[&JsonDialect] =
    &[&algo_trade_analytics::DIALECT, &vantixs::DIALECT, &stratone::DIALECT, &atomik::DIALECT];

/// The dialect whose marks an object has.
pub(crate) fn detect(object: &Object, settings: &Settings) -> Option<&'static JsonDialect> {
    DETECTION.iter().copied().find(|dialect| (dialect.recognises)(object, settings))
}

/// The dialect of a name.
pub(crate) fn named(name: DialectName) -> &'static JsonDialect {
    match name {
        DialectName::Vantixs => &vantixs::DIALECT,
        DialectName::AlgoTradeAnalytics => &algo_trade_analytics::DIALECT,
        DialectName::StratOne => &stratone::DIALECT,
        DialectName::Atomik => &atomik::DIALECT,
    }
}

fn has(object: &Object, name: &str) -> bool {
    object.iter().any(|(key, _)| key == name)
}

/// A top-level text, for marks that lie in a value.
fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.iter().find_map(|(key, value)| match value {
        Value::Text(text) if key == name => Some(text.as_str()),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Array(_)
        | Value::Object(_) => None,
    })
}
