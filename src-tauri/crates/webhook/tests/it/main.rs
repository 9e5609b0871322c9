//! The listener on a real socket, with an in-memory directory and sink behind it.

#![expect(clippy::unwrap_used, reason = "a test ends where what it needs is missing")]

mod authentication;
mod connections;
mod freshness;
mod hosts;
mod outcomes;
mod probes;
mod rates;
mod secrecy;
mod sizes;
mod support;
