//! The canonical signal as the database keeps it: [`super::Canonical`] without what is absent, written straight from the
//! signal. Of some thirty parts a usual alert has ten, and a row is written for every alert.

use super::{Leg, Measure};
use domain::{OrderRequest, OrderType, Signal};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;

/// The text of `signal` for its row; [`super::Canonical`] reads it back.
pub(crate) fn stored(signal: &Signal) -> String {
    serde_json::to_string(&Stored::of(signal)).expect("BUG: texts and numbers are always JSON")
}

/// A value that is written as its text.
struct AsText<T>(T);

impl<T: Display> Serialize for AsText<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

type Text<T> = Option<AsText<T>>;

#[derive(Serialize)]
struct Stored<'a> {
    intent: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    side: Text<domain::Side>,
    action: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    symbol: Option<&'a str>,
    symbol_raw: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exchange: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    market: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leverage: Text<rust_decimal::Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_position: Text<domain::NetQuantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous_position: Text<domain::NetQuantity>,
    order: Order,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    take_profit: Vec<Leg>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop_loss: Option<Leg>,
    #[serde(skip_serializing_if = "is_no")]
    reduce_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Text<domain::Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert_time: Text<domain::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bar_time: Text<domain::Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_lag_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_s: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strategy: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
    #[serde(skip_serializing_if = "is_no")]
    test: bool,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extras: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Size {
    value: AsText<rust_decimal::Decimal>,
    unit: &'static str,
}

#[derive(Serialize)]
struct Order {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Text<domain::Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stop: Text<domain::Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trail: Option<Measure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    activation: Text<domain::Price>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time_in_force: Option<&'static str>,
}

fn is_no(value: &bool) -> bool {
    !value
}

impl Order {
    fn of(order: &OrderRequest) -> Self {
        let OrderRequest { kind, limit, stop, trail, activation, time_in_force } = *order;
        Self {
            kind: OrderType::as_str(kind),
            limit: limit.map(AsText),
            stop: stop.map(AsText),
            trail: trail.map(Measure::of_trail),
            activation: activation.map(AsText),
            time_in_force: time_in_force.map(|t| t.as_str()),
        }
    }
}

impl<'a> Stored<'a> {
    /// Takes the signal apart, so that a part that is added to it cannot be forgotten here.
    fn of(signal: &'a Signal) -> Self {
        let Signal {
            intent,
            side,
            action,
            symbol: _,
            symbol_raw,
            exchange,
            market,
            size,
            leverage,
            target_position,
            previous_position,
            order,
            take_profit,
            stop_loss,
            reduce_only,
            price,
            alert_time,
            bar_time,
            max_lag_s,
            delay_s,
            id,
            strategy,
            comment,
            test,
            extras,
        } = signal;
        Self {
            intent: intent.as_str(),
            side: side.map(AsText),
            action,
            symbol: signal.about().map(domain::Symbol::as_str),
            symbol_raw,
            exchange: exchange.as_deref(),
            market: market.map(|m| m.as_str()),
            size: size.map(|z| Size { value: AsText(z.value), unit: z.unit.as_str() }),
            leverage: leverage.map(AsText),
            target_position: target_position.map(AsText),
            previous_position: previous_position.map(AsText),
            order: Order::of(order),
            take_profit: take_profit.iter().map(Leg::of_take_profit).collect(),
            stop_loss: stop_loss.as_ref().map(Leg::of_stop_loss),
            reduce_only: *reduce_only,
            price: price.map(AsText),
            alert_time: alert_time.map(AsText),
            bar_time: bar_time.map(AsText),
            max_lag_s: *max_lag_s,
            delay_s: *delay_s,
            id: id.as_deref(),
            strategy: strategy.as_deref(),
            comment: comment.as_deref(),
            test: *test,
            extras,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Canonical;
    use super::*;

    fn check(signal: &Signal, length_max: usize) {
        let text = stored(signal);
        let read: Canonical = serde_json::from_str(&text).unwrap();
        assert_eq!(read, Canonical::from(signal), "{text}");
        assert_eq!(read.to_signal().as_ref(), Ok(signal), "{text}");
        assert!(!text.contains("null") && text.len() <= length_max, "{} bytes: {text}", text.len());
    }

    fn reading(body: &str) -> Signal {
        let reading = dialect::read(body.as_bytes(), &dialect::Settings::default()).unwrap();
        reading.signals.into_iter().next().unwrap()
    }

    #[test]
    fn what_is_kept_is_what_was_read_without_what_is_absent() {
        check(&reading(r#"{"action":"buy","symbol":"BTCUSDT"}"#), 130);
        check(
            &reading(
                r#"{"action":"buy","symbol":"BINANCE:BTCUSDT.P","price":"67123.45","quantity":"0.001","id":"7",
                "time":"2026-05-08T06:20:00Z","interval":"15","strategy":"Supertrend","comment":"ENTRY","test":true,
                "orderType":"stop_limit","limitPrice":"67200","stopPrice":"67150","timeInForce":"day",
                "stopLoss":{"percent":2},"takeProfit":70000,"bar_time":"2026-05-08T06:15:00Z"}"#,
            ),
            900,
        );
        check(
            &reading(
                r#"{"action":"sell","symbol":"ES1!","price":5000,"quantity":1,"orderType":"trailing_stop",
                "trailPercent":1.5,"activationPrice":5100,"market_position":"short","position_size":-1,
                "prev_market_position":"long","prev_market_position_size":1}"#,
            ),
            600,
        );
    }
}
