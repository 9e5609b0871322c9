//! The wrapper in which robswc's tradingview-webhooks-bot wants its messages: `{"key":"WebhookReceived:abc123","message":…}`.
//!
//! What stands in `message` is read as if it had come by itself, an object, an array or a text of any format; the key
//! is a secret of that program. `read.rs` takes it off, `mask.rs` hides the key.

use crate::error::{ReadError, visible};
use crate::json::{Object, Value};
use domain::ReasonCode;

/// The name of the field that holds the message.
pub(crate) const MESSAGE: &str = "message";
/// The name of the field that holds the key.
pub(crate) const KEY: &str = "key";

/// What an object that is nothing but a wrapper holds.
pub(crate) fn message(object: &Object) -> Option<&Value> {
    match object.as_slice() {
        [(one, value), (other, _)] if one == MESSAGE && other == KEY => Some(value),
        [(one, _), (other, value)] if one == KEY && other == MESSAGE => Some(value),
        _ => None,
    }
}

/// A refusal of what is in the wrapper, as one of the whole: the place in it is said in words, since the body has
/// other lines.
pub(crate) fn of_message(error: ReadError) -> ReadError {
    let place = match (error.line, error.column) {
        (Some(line), Some(column)) => format!(", line {line}, column {column}"),
        _ => String::new(),
    };
    let field = match &error.field {
        Some(field) if field.starts_with('[') => format!("{MESSAGE}{field}"),
        Some(field) => format!("{MESSAGE}.{field}"),
        None => MESSAGE.to_owned(),
    };
    let sentence = format!("In the field {MESSAGE}{place}: {}", error.sentence);
    ReadError { sentence, line: None, column: None, field: Some(field), ..error }
}

/// The refusal of a wrapper around nothing that could be a message.
pub(crate) fn without_message(value: &Value) -> ReadError {
    let (code, sentence) = match value {
        Value::Null | Value::Text(_) => (ReasonCode::MissingField, "It is empty.".to_owned()),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            let found = visible(&value.to_text());
            (ReasonCode::InvalidField, format!("It is no message: {found}."))
        }
    };
    ReadError::new(code, sentence)
}
