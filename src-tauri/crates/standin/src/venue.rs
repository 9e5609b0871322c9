//! Exchanges over a synthetic market: real HTTP and WebSocket servers that speak the documented JSON and frames of
//! Binance, Kraken, Coinbase, Bybit and OKX, and fail to order.

mod binance;
mod bybit;
mod coinbase;
mod dialect;
mod fault;
mod kraken;
mod market;
mod okx;
mod rest;
mod server;
mod stream;
mod walk;

pub use dialect::Exchange;
pub use fault::Fault;
pub use market::{Bar, Book, Market};
pub use server::VenueServer;
