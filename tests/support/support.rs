//! What the tests stand on: a desk of their own with the real program on it, and requests as bytes on a socket.
//!
//! Nothing here knows the inside of the program; tests see what a sender, a user at a terminal and a file browser see.

mod desk;
mod http;
mod patience;
mod real_time;
mod run;
mod senders;
mod venue;
mod webhook;

pub(crate) use desk::{STOPS_IN_ORDER, TestDesk};
pub(crate) use http::{Answer, Connection, exchange, request};
pub(crate) use patience::{PATIENCE, eventually, pause};
pub(crate) use real_time::unix_millis;
#[cfg(target_os = "linux")]
pub(crate) use run::at_a_terminal;
pub(crate) use run::{Run, run_to_end};
pub(crate) use senders::{Senders, size};
pub(crate) use venue::TestVenue;
pub(crate) use webhook::Hook;

use serde_json::Value;

/// A string field; the empty text where there is none.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The elements of an array.
pub(crate) fn rows(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A decimal text without the zeros that change nothing, so that `1.50` is `1.5`.
pub(crate) fn plain(decimal: &str) -> &str {
    if decimal.contains('.') { decimal.trim_end_matches('0').trim_end_matches('.') } else { decimal }
}
