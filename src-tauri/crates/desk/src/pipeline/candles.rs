//! Which candles a strategy is judged by for a signal: whose, of which symbols, how long and how many.
//!
//! The same answer holds for a decision, a dry run, a test on the past, a chart, and for what is heard of a venue. Absent:
//! where the candles come from.

use crate::market::SeriesOrder;
use ::market::{Listing, Venue};
use domain::Symbol;
use strategy::{Moment, Strategy};

/// Whose candles: the signal's exchange's if that is a venue, else the account's venue's, else those of the strategy's
/// own source; nothing where all three say none.
pub(crate) fn venue(strategy: &Strategy, exchange: Option<&str>, account: Option<Venue>) -> Option<Venue> {
    let own = || strategy.definition().source.as_deref().and_then(Venue::parse);
    exchange.and_then(Venue::of_exchange).or(account).or_else(own)
}

/// The series that are needed for a signal of `symbol`. What the venue does not list is left out, and the strategy says
/// that it is missing.
pub(crate) fn orders(strategy: &Strategy, symbol: &Symbol, venue: Venue) -> Vec<SeriesOrder> {
    let running = strategy.definition().moment == Moment::Intrabar;
    let listed = strategy.needs(symbol).into_iter().filter_map(|need| {
        let listing = Listing::of(venue, &need.key.symbol).ok()?;
        let count = u32::try_from(need.candles).unwrap_or(u32::MAX);
        Some(SeriesOrder { listing, timeframe: need.key.timeframe, count, running })
    });
    listed.collect()
}
