//! Pitwire from the outside: the real program, real sockets and a real database file.
//!
//! Each test has a data directory and a port of its own; what cannot be seen from outside is tested in the crates.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test ends at the first surprise")]

#[path = "../support/support.rs"]
mod support;

mod analyze;
mod books;
mod candles;
mod changes;
mod command_line;
mod crashes;
mod demo;
mod dialects;
mod documented_alerts;
mod duplicates;
mod files;
mod full_disk;
mod market;
mod order;
mod pipelines;
mod prices;
mod replays;
mod secrecy;
mod simulate;
mod stops;
mod strangers;
mod tidy;
mod tunnel;
mod tunnel_cuts;
