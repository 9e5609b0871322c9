//! A signal as canonical JSON without what is absent, without the words of its sender (`action`, `symbol_raw`) and
//! without extras; a plain market order is absent too.

use domain::{BracketLevel, OrderType, Signal, Trail};
use serde_json::{Map, Value, json};

pub(super) fn canonical(signal: &Signal) -> Value {
    let text = |value: Option<String>| value.map_or(Value::Null, Value::from);
    let order = &signal.order;
    let steps: Vec<Value> = signal
        .take_profit
        .iter()
        .map(|step| with(leg(Some(step.level)), "portion_pct", text(step.portion_pct.map(|p| p.to_string()))))
        .collect();
    let stop = signal.stop_loss.as_ref().map(|stop| {
        let limit = text(stop.limit.map(|p| p.to_string()));
        with(with(leg(stop.level), "limit", limit), "trail", stop.trail.map_or(Value::Null, trail))
    });
    let order = if order.kind == OrderType::Market {
        Value::Null
    } else {
        without_nulls(json!({
            "type": order.kind.as_str(),
            "limit": text(order.limit.map(|p| p.to_string())),
            "stop": text(order.stop.map(|p| p.to_string())),
            "trail": order.trail.map_or(Value::Null, trail),
            "time_in_force": order.time_in_force.map(|t| t.as_str()),
        }))
    };
    without_nulls(json!({
        "intent": signal.intent.as_str(),
        "side": signal.side.map(|s| s.as_str()),
        "symbol": signal.about().map(domain::Symbol::as_str),
        "exchange": signal.exchange,
        "market": signal.market.map(|m| m.as_str()),
        "size": signal.size.map(|s| json!({"value": s.value.to_string(), "unit": s.unit.as_str()})),
        "leverage": text(signal.leverage.map(|l| l.to_string())),
        "target_position": text(signal.target_position.map(|p| p.to_string())),
        "previous_position": text(signal.previous_position.map(|p| p.to_string())),
        "order": order,
        "take_profit": if steps.is_empty() { Value::Null } else { Value::from(steps) },
        "stop_loss": stop,
        "reduce_only": signal.reduce_only.then_some(true),
        "price": text(signal.price.map(|p| p.to_string())),
        "alert_time": text(signal.alert_time.map(|t| t.to_string())),
        "bar_time": text(signal.bar_time.map(|t| t.to_string())),
        "max_lag_s": signal.max_lag_s,
        "delay_s": signal.delay_s,
        "id": signal.id,
        "strategy": signal.strategy,
        "comment": signal.comment,
        "test": signal.test.then_some(true),
    }))
}

fn leg(level: Option<BracketLevel>) -> Value {
    match level {
        None => json!({}),
        Some(BracketLevel::Price(price)) => json!({"price": price.to_string()}),
        Some(BracketLevel::Percent(value)) => json!({"pct": value.to_string()}),
        Some(BracketLevel::Absolute(value)) => json!({"abs": value.to_string()}),
        Some(BracketLevel::Pips(value)) => json!({"pips": value.to_string()}),
    }
}

fn trail(trail: Trail) -> Value {
    json!({"value": trail.value.to_string(), "unit": trail.unit.as_str()})
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    without_nulls(object)
}

fn without_nulls(value: Value) -> Value {
    let Value::Object(object) = value else { return value };
    let kept: Map<String, Value> = object.into_iter().filter(|(_, value)| !value.is_null()).collect();
    Value::Object(kept)
}
