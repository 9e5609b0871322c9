//! What a condition compares: a number, an indicator, or a field of the alert.

use domain::Signal;
use indicators::{Expression, ExpressionError};
use rust_decimal::prelude::ToPrimitive;
use std::fmt;

/// One side of a condition.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// An expression over the candles of the condition's timeframe.
    Expression(Expression),
    /// A field of the alert.
    Alert(AlertField),
}

/// A field of the alert that holds a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertField {
    /// The price that the message names.
    Price,
    /// The size that the message names, in whatever unit.
    Quantity,
    /// The leverage that the message names.
    Leverage,
    /// The limit price of the order asked for.
    Limit,
    /// The stop price of the order asked for.
    Stop,
    /// A field of the message that has no place of its own, such as `confidence`.
    Extra(String),
}

impl AlertField {
    fn named(name: &str) -> Self {
        match name {
            "price" => Self::Price,
            "quantity" => Self::Quantity,
            "leverage" => Self::Leverage,
            "limit" => Self::Limit,
            "stop" => Self::Stop,
            other => Self::Extra(other.to_owned()),
        }
    }

    /// Its name after `alert.`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Price => "price",
            Self::Quantity => "quantity",
            Self::Leverage => "leverage",
            Self::Limit => "limit",
            Self::Stop => "stop",
            Self::Extra(name) => name,
        }
    }

    /// The number that the signal has there; na where it has none, or a text that is no number.
    #[must_use]
    pub fn of(&self, signal: &Signal) -> Option<f64> {
        let decimal = match self {
            Self::Price => signal.price.map(domain::Price::get),
            Self::Quantity => signal.size.map(|size| size.value),
            Self::Leverage => signal.leverage,
            Self::Limit => signal.order.limit.map(domain::Price::get),
            Self::Stop => signal.order.stop.map(domain::Price::get),
            Self::Extra(name) => signal.extras.get(name).and_then(|text| domain::parse_decimal(text).ok()),
        };
        decimal.and_then(|number| number.to_f64())
    }
}

impl Operand {
    /// Reads an operand from its text: `alert.<field>`, else an expression with one output.
    ///
    /// # Errors
    /// [`ExpressionError`] with the column at which the text cannot be used.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        match text.trim().strip_prefix("alert.") {
            Some(field) if !field.is_empty() => Ok(Self::Alert(AlertField::named(field))),
            Some(_) | None => Expression::parse_single(text).map(Self::Expression),
        }
    }

    /// The expression, where it is one.
    #[must_use]
    pub fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Expression(expression) => Some(expression),
            Self::Number(_) | Self::Alert(_) => None,
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Expression(expression) => expression.fmt(f),
            Self::Alert(field) => write!(f, "alert.{}", field.as_str()),
        }
    }
}
