//! The canonical signal as JSON: printed by `explain`, shown by `signal show`, kept in the database.

mod stored;

use domain::{
    BracketLevel, Intent, Market, NetQuantity, OrderRequest, OrderType, Price, Side, Signal, Size, SizeUnit,
    StopLoss, Symbol, TakeProfit, TimeInForce, Timestamp, Trail, TrailUnit, parse_decimal,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

pub(crate) use stored::stored;

/// A stored canonical signal that cannot be read back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the canonical signal's {field} cannot be read: {value:?}")]
pub struct CanonicalError {
    /// Which part.
    pub field: &'static str,
    /// What stood there.
    pub value: String,
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Measure {
    /// A decimal.
    pub value: String,
    /// What it counts.
    pub unit: String,
}

/// The order asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CanonicalOrder {
    /// `market`, `limit`, `stop`, `stop_limit` or `trailing_stop`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The limit price.
    pub limit: Option<String>,
    /// The stop price.
    pub stop: Option<String>,
    /// The trailing distance.
    pub trail: Option<Measure>,
    /// The price at which a trailing stop begins to trail.
    #[serde(default)]
    pub activation: Option<String>,
    /// `gtc`, `day` or `ioc`.
    pub time_in_force: Option<String>,
}

/// A bracket leg; exactly one of `price`, `pct`, `abs` and `pips` says where, or a trail does.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(optional_fields)]
pub struct Leg {
    /// At a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<String>,
    /// Percent away from the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pct: Option<String>,
    /// A price distance away from the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abs: Option<String>,
    /// Pips away from the entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pips: Option<String>,
    /// How much of the position, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portion_pct: Option<String>,
    /// The limit price of a stop-limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// The trailing distance of a stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trail: Option<Measure>,
}

/// What one alert says; absent parts are null, decimals are strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Canonical {
    /// What is to be done.
    pub intent: String,
    /// `long` or `short`.
    pub side: Option<String>,
    /// The action in the message's own word.
    pub action: String,
    /// The normalised symbol; null for a switch that names none.
    pub symbol: Option<String>,
    /// The symbol as sent.
    pub symbol_raw: String,
    /// The exchange, upper case.
    pub exchange: Option<String>,
    /// The kind of market.
    pub market: Option<String>,
    /// The size named.
    pub size: Option<Measure>,
    /// Leverage, as a factor.
    pub leverage: Option<String>,
    /// The strategy's position after the order, signed.
    pub target_position: Option<String>,
    /// The strategy's position before the order, signed.
    pub previous_position: Option<String>,
    /// The order asked for.
    pub order: CanonicalOrder,
    /// Take-profit steps.
    #[serde(default)]
    pub take_profit: Vec<Leg>,
    /// The stop loss.
    pub stop_loss: Option<Leg>,
    /// Whether it may only take from a position.
    #[serde(default)]
    pub reduce_only: bool,
    /// The price named.
    pub price: Option<String>,
    /// When the alert fired.
    pub alert_time: Option<String>,
    /// The open time of its bar.
    pub bar_time: Option<String>,
    /// The greatest age in seconds.
    pub max_lag_s: Option<u32>,
    /// Seconds to wait.
    pub delay_s: Option<u32>,
    /// The sender's own id.
    pub id: Option<String>,
    /// The strategy's name.
    pub strategy: Option<String>,
    /// The comment.
    pub comment: Option<String>,
    /// Whether the sender marked it as a test.
    #[serde(default)]
    pub test: bool,
    /// Fields without a place of their own.
    #[serde(default)]
    pub extras: BTreeMap<String, String>,
}

fn text<T: ToString>(value: Option<T>) -> Option<String> {
    value.map(|v| v.to_string())
}

impl Leg {
    fn at(level: Option<BracketLevel>) -> Self {
        let mut leg = Self::default();
        match level {
            Some(BracketLevel::Price(p)) => leg.price = Some(p.to_string()),
            Some(BracketLevel::Percent(d)) => leg.pct = Some(d.to_string()),
            Some(BracketLevel::Absolute(d)) => leg.abs = Some(d.to_string()),
            Some(BracketLevel::Pips(d)) => leg.pips = Some(d.to_string()),
            None => {}
        }
        leg
    }

    fn of_take_profit(step: &TakeProfit) -> Self {
        Self { portion_pct: text(step.portion_pct), ..Self::at(Some(step.level)) }
    }

    fn of_stop_loss(stop: &StopLoss) -> Self {
        let trail = stop.trail.map(Measure::of_trail);
        Self { limit: text(stop.limit), trail, ..Self::at(stop.level) }
    }

    fn level(&self) -> Result<Option<BracketLevel>, CanonicalError> {
        Ok(match (&self.price, &self.pct, &self.abs, &self.pips) {
            (Some(p), ..) => Some(BracketLevel::Price(price("price", p)?)),
            (_, Some(d), ..) => Some(BracketLevel::Percent(decimal("pct", d)?)),
            (_, _, Some(d), _) => Some(BracketLevel::Absolute(decimal("abs", d)?)),
            (.., Some(d)) => Some(BracketLevel::Pips(decimal("pips", d)?)),
            _ => None,
        })
    }
}

impl Measure {
    pub(crate) fn of_trail(trail: Trail) -> Self {
        Self { value: trail.value.to_string(), unit: trail.unit.as_str().to_owned() }
    }

    fn trail(&self) -> Result<Trail, CanonicalError> {
        Ok(Trail {
            value: decimal("trail", &self.value)?,
            unit: word("trail", &self.unit, TrailUnit::parse)?,
        })
    }
}

impl From<&Signal> for Canonical {
    fn from(s: &Signal) -> Self {
        Self {
            intent: s.intent.as_str().to_owned(),
            side: text(s.side),
            action: s.action.clone(),
            symbol: text(s.about()),
            symbol_raw: s.symbol_raw.clone(),
            exchange: s.exchange.clone(),
            market: s.market.map(|m| m.as_str().to_owned()),
            size: s.size.map(|z| Measure { value: z.value.to_string(), unit: z.unit.as_str().to_owned() }),
            leverage: text(s.leverage),
            target_position: text(s.target_position),
            previous_position: text(s.previous_position),
            order: CanonicalOrder {
                kind: s.order.kind.as_str().to_owned(),
                limit: text(s.order.limit),
                stop: text(s.order.stop),
                trail: s.order.trail.map(Measure::of_trail),
                activation: text(s.order.activation),
                time_in_force: s.order.time_in_force.map(|t| t.as_str().to_owned()),
            },
            take_profit: s.take_profit.iter().map(Leg::of_take_profit).collect(),
            stop_loss: s.stop_loss.as_ref().map(Leg::of_stop_loss),
            reduce_only: s.reduce_only,
            price: text(s.price),
            alert_time: text(s.alert_time),
            bar_time: text(s.bar_time),
            max_lag_s: s.max_lag_s,
            delay_s: s.delay_s,
            id: s.id.clone(),
            strategy: s.strategy.clone(),
            comment: s.comment.clone(),
            test: s.test,
            extras: s.extras.clone(),
        }
    }
}

fn decimal(field: &'static str, value: &str) -> Result<Decimal, CanonicalError> {
    parse_decimal(value).map_err(|_| CanonicalError { field, value: value.to_owned() })
}

fn price(field: &'static str, value: &str) -> Result<Price, CanonicalError> {
    Price::parse(value).map_err(|_| CanonicalError { field, value: value.to_owned() })
}

fn word<T>(field: &'static str, value: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, CanonicalError> {
    parse(value).ok_or_else(|| CanonicalError { field, value: value.to_owned() })
}

fn optional<T>(
    value: Option<&String>,
    read: impl Fn(&str) -> Result<T, CanonicalError>,
) -> Result<Option<T>, CanonicalError> {
    value.map(|v| read(v)).transpose()
}

fn time(field: &'static str, value: &str) -> Result<Timestamp, CanonicalError> {
    Timestamp::parse(value).map_err(|_| CanonicalError { field, value: value.to_owned() })
}

impl Canonical {
    /// Reads the signal back.
    ///
    /// # Errors
    /// [`CanonicalError`] naming the part that no signal has; the database then holds something that Pitwire did
    /// not write.
    pub fn to_signal(&self) -> Result<Signal, CanonicalError> {
        let net = |v: &str| decimal("position", v).map(NetQuantity::new);
        // What is about no symbol has the word of its command for one.
        let symbol = self.symbol.clone().unwrap_or_else(|| self.action.to_ascii_uppercase());
        let symbol = Symbol::new(&symbol).map_err(|_| CanonicalError { field: "symbol", value: symbol })?;
        Ok(Signal {
            intent: word("intent", &self.intent, Intent::parse)?,
            side: optional(self.side.as_ref(), |v| word("side", v, Side::parse))?,
            action: self.action.clone(),
            symbol,
            symbol_raw: self.symbol_raw.clone(),
            exchange: self.exchange.clone(),
            market: optional(self.market.as_ref(), |v| word("market", v, Market::parse))?,
            size: self.size.as_ref().map(read_size).transpose()?,
            leverage: optional(self.leverage.as_ref(), |v| decimal("leverage", v))?,
            target_position: optional(self.target_position.as_ref(), net)?,
            previous_position: optional(self.previous_position.as_ref(), net)?,
            order: self.read_order()?,
            take_profit: self.take_profit.iter().map(read_take_profit).collect::<Result<_, _>>()?,
            stop_loss: self.stop_loss.as_ref().map(read_stop_loss).transpose()?,
            reduce_only: self.reduce_only,
            price: optional(self.price.as_ref(), |v| price("price", v))?,
            alert_time: optional(self.alert_time.as_ref(), |v| time("alert_time", v))?,
            bar_time: optional(self.bar_time.as_ref(), |v| time("bar_time", v))?,
            max_lag_s: self.max_lag_s,
            delay_s: self.delay_s,
            id: self.id.clone(),
            strategy: self.strategy.clone(),
            comment: self.comment.clone(),
            test: self.test,
            extras: self.extras.clone(),
        })
    }

    fn read_order(&self) -> Result<OrderRequest, CanonicalError> {
        Ok(OrderRequest {
            kind: word("order type", &self.order.kind, OrderType::parse)?,
            limit: optional(self.order.limit.as_ref(), |v| price("limit", v))?,
            stop: optional(self.order.stop.as_ref(), |v| price("stop", v))?,
            trail: self.order.trail.as_ref().map(Measure::trail).transpose()?,
            activation: optional(self.order.activation.as_ref(), |v| price("activation", v))?,
            time_in_force: optional(self.order.time_in_force.as_ref(), |v| {
                word("time in force", v, TimeInForce::parse)
            })?,
        })
    }
}

fn read_size(size: &Measure) -> Result<Size, CanonicalError> {
    Ok(Size { value: decimal("size", &size.value)?, unit: word("size unit", &size.unit, SizeUnit::parse)? })
}

fn read_take_profit(leg: &Leg) -> Result<TakeProfit, CanonicalError> {
    let level = leg.level()?.ok_or(CanonicalError { field: "take_profit", value: String::new() })?;
    Ok(TakeProfit { level, portion_pct: optional(leg.portion_pct.as_ref(), |v| decimal("portion_pct", v))? })
}

fn read_stop_loss(leg: &Leg) -> Result<StopLoss, CanonicalError> {
    Ok(StopLoss {
        level: leg.level()?,
        limit: optional(leg.limit.as_ref(), |v| price("limit", v))?,
        trail: leg.trail.as_ref().map(Measure::trail).transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_signal_survives_its_json() {
        let mut signal =
            Signal::new(Intent::Open, Some(Side::Long), "buy", Symbol::new("BTCUSDT.P").unwrap());
        signal.symbol_raw = "BINANCE:BTCUSDT.P".to_owned();
        signal.exchange = Some("BINANCE".to_owned());
        signal.market = Some(Market::Perpetual);
        signal.size = Some(Size { value: Decimal::new(5, 1), unit: SizeUnit::Base });
        signal.leverage = Some(Decimal::from(3));
        signal.target_position = Some(NetQuantity::new(Decimal::from(-2)));
        signal.previous_position = Some(NetQuantity::FLAT);
        signal.order = OrderRequest {
            kind: OrderType::StopLimit,
            limit: Price::parse("67001").ok(),
            stop: Price::parse("67000").ok(),
            trail: Some(Trail { value: Decimal::ONE, unit: TrailUnit::Percent }),
            activation: Price::parse("67100").ok(),
            time_in_force: Some(TimeInForce::Day),
        };
        signal.take_profit = vec![TakeProfit {
            level: BracketLevel::Percent(Decimal::TWO),
            portion_pct: Some(Decimal::from(50)),
        }];
        signal.stop_loss = Some(StopLoss {
            level: Some(BracketLevel::Price(Price::parse("66000").unwrap())),
            limit: None,
            trail: None,
        });
        signal.price = Price::parse("67000.5").ok();
        signal.alert_time = Timestamp::parse("2026-05-08T06:20:00Z").ok();
        signal.max_lag_s = Some(300);
        signal.extras.insert("confidence".to_owned(), "0.8".to_owned());

        let json = serde_json::to_string(&Canonical::from(&signal)).unwrap();
        assert!(json.contains(r#""size":{"value":"0.5","unit":"base"}"#), "{json}");
        assert!(json.contains(r#""take_profit":[{"pct":"2","portion_pct":"50"}]"#), "{json}");
        assert!(json.contains(r#""target_position":"-2","previous_position":"0""#), "{json}");
        let read: Canonical = serde_json::from_str(&json).unwrap();
        assert_eq!(read.to_signal().unwrap(), signal);
    }

    #[test]
    fn a_switch_about_no_symbol_survives_its_json_and_its_row() {
        let mut signal = Signal::new(Intent::Resume, None, "eaon", Symbol::new("EAON").unwrap());
        signal.symbol_raw.clear();
        let shown = serde_json::to_string(&Canonical::from(&signal)).unwrap();
        assert!(shown.contains(r#""symbol":null,"symbol_raw":"""#), "{shown}");
        for json in [shown, stored(&signal)] {
            let read: Canonical = serde_json::from_str(&json).unwrap();
            assert_eq!((read.symbol.as_ref(), read.to_signal().unwrap()), (None, signal.clone()), "{json}");
        }
    }
}
