//! Market data: prices, candles and rules of instruments of five venues, asked for by REST and followed by WebSocket.
//!
//! [`Source`] asks one venue, [`follow()`] hears its streams; both are made by `desk`, which is their only caller.
//! Deliberately absent: the price in an alert, which needs no venue; orders and accounts at venues; the database. Time and
//! randomness are handed in.

mod backoff;
mod closing;
mod connect;
mod error;
mod follow;
mod http;
mod json;
mod listing;
mod observed;
mod protocol;
mod source;
mod venue;
mod venues;

pub use error::{MarketError, ReadError};
pub use follow::{Heard, follow};
pub use listing::{Kind, Listing, ListingError};
pub use observed::{Candles, Event, Rules, Standing, Ticker, Usable};
pub use protocol::Wanted;
pub use source::{Endpoints, Now, Source};
pub use venue::Venue;
