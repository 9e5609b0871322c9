//! The store from outside: one binary, real files in temporary directories.
#![expect(clippy::unwrap_used, reason = "a test ends at the first surprise")]

mod backup;
mod history;
mod opening;
mod retention;
mod search;
mod signals;
mod strategies;
mod support;
mod trading;
mod webhooks;
mod writing;
