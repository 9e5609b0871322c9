//! What a venue demands of an instrument, between the venue, the database and the broker.

use ::market::{Rules, Venue};
use domain::{Symbol, Timestamp, parse_decimal};
use paper::InstrumentSettings;
use rust_decimal::Decimal;
use store::instruments::InstrumentRow;

/// As the database keeps it.
pub(crate) fn stored(venue: Venue, symbol: &Symbol, rules: &Rules, fetched_at: Timestamp) -> InstrumentRow {
    let text = |value: Option<Decimal>| value.map(|value| value.to_string());
    InstrumentRow {
        venue: venue.as_str().to_owned(),
        symbol: symbol.clone(),
        tick: text(rules.tick),
        step: text(rules.step),
        min_qty: text(rules.min_qty),
        max_qty: text(rules.max_qty),
        min_notional: text(rules.min_notional),
        fetched_at,
    }
}

/// As the broker takes it. What is not above zero limits nothing.
pub(crate) fn settings_of(row: &InstrumentRow) -> InstrumentSettings {
    let value = |text: &Option<String>| {
        text.as_deref().and_then(|text| parse_decimal(text).ok()).filter(|value| *value > Decimal::ZERO)
    };
    InstrumentSettings {
        tick: value(&row.tick),
        step: value(&row.step),
        min_qty: value(&row.min_qty),
        max_qty: value(&row.max_qty),
        min_notional: value(&row.min_notional),
        ..InstrumentSettings::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_go_to_the_database_and_back_and_zero_limits_nothing() {
        let symbol = Symbol::new("BTCUSDT").unwrap();
        let rules = Rules {
            tick: Some(Decimal::new(1, 2)),
            step: Some(Decimal::new(1, 3)),
            min_qty: Some(Decimal::ZERO),
            max_qty: None,
            min_notional: Some(Decimal::from(5)),
        };
        let found = settings_of(&stored(Venue::Binance, &symbol, &rules, Timestamp::from_seconds(0)));
        let expected = InstrumentSettings {
            tick: Some(Decimal::new(1, 2)),
            step: Some(Decimal::new(1, 3)),
            min_notional: Some(Decimal::from(5)),
            ..InstrumentSettings::default()
        };
        assert_eq!(found, expected);
    }
}
