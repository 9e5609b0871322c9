//! Alert bodies of every known system, read into canonical [`domain::Signal`]s.
//!
//! [`read()`] sniffs the body (a Content-Type is never asked for), finds the dialect, and answers with signals or with
//! one [`ReadError`] that names the place. [`secrets_in`] finds what may be the webhook's secret, [`mask()`] makes the
//! bytes storable, [`template()`] writes the message to paste, [`from_words`] reads words that stand by themselves.
//!
//! Deliberately absent: input and output, clocks, randomness, floating point. A number is read from its own text.
//! The listener and the desk are the callers.

mod assemble;
mod dialects;
mod draft;
mod error;
mod exit;
mod fields;
mod json;
mod mask;
mod meaning;
mod placeholder;
mod position;
mod protection;
mod read;
mod reading;
mod repair;
mod settings;
mod symbol;
mod template;
mod text;
mod time;
mod words;
mod wrapper;

pub use error::ReadError;
pub use mask::{TOKEN_FIELDS, contains_token, mask, secrets_in, tokens_in};
pub use read::{SIGNALS_MAX, read};
pub use reading::{Reading, Repair};
pub use settings::{LevelUnit, SYMBOL_MAP_MAX, Settings, SymbolMap, Units};
pub use symbol::same_instrument;
pub use template::{AUTH_KEY_PLACEHOLDER, TemplateKind, template};
pub use words::{Traded, Words, from_words};

#[cfg(test)]
mod tests;
