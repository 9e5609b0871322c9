//! Market data for the window: how the venues are, and candles for its charts.

use super::store_error;
use crate::context::Context;
use crate::market::{Board, GATHER_MAX, Order, SeriesOrder};
use crate::wire::{Candle, CandleQuery, CandleSeries, MarketStatus, RpcError, VenueStatus};
use ::market::{Listing, Venue};
use domain::{Symbol, Timeframe};
use std::sync::Arc;

/// Candles in an answer at most.
const CANDLES_MAX: u32 = 1_500;
/// And where the question names no number.
const CANDLES: u32 = 300;

/// How the venues are doing: of this process, or of the worker where that is another one. A venue that an account is
/// on is there before it was asked for anything.
pub(crate) fn status(context: &Context) -> Result<MarketStatus, RpcError> {
    let mut venues = seen(context)?;
    let accounts = context.store.reader().read(store::accounts::list).map_err(|e| store_error(&e))?;
    for account in accounts.iter().filter(|account| account.archived_at.is_none()) {
        let Some(venue) = Venue::parse(&account.venue) else { continue };
        if venues.iter().all(|row| row.venue != venue.as_str()) {
            venues.push(Board::untouched(venue));
        }
    }
    Ok(MarketStatus { venues })
}

fn seen(context: &Context) -> Result<Vec<VenueStatus>, RpcError> {
    let venues = context.market.board.rows();
    if !venues.is_empty() || !crate::lock::is_held(&context.data_dir) {
        return Ok(venues);
    }
    let told = context.store.reader().read(|view| store::settings::get(view, crate::quotes::BOARD));
    let told = told.map_err(|e| store_error(&e))?;
    Ok(told.and_then(|rows| serde_json::from_str(&rows).ok()).unwrap_or_default())
}

/// Candles of a venue, from the cache as far as they are there. Waits for the venue within its limit.
pub(crate) fn candles(context: &Arc<Context>, query: &CandleQuery) -> Result<CandleSeries, RpcError> {
    let names = Venue::ALL.map(Venue::as_str).join(", ");
    let venue = Venue::parse(&query.venue)
        .ok_or_else(|| RpcError::invalid("venue", format!("The venue must be one of {names}.")))?;
    let symbol = Symbol::new(&query.symbol.to_uppercase())
        .map_err(|e| RpcError::invalid("symbol", format!("{e}.")))?;
    let timeframe =
        Timeframe::parse(&query.timeframe).map_err(|e| RpcError::invalid("timeframe", format!("{e}.")))?;
    let listing = Listing::of(venue, &symbol).map_err(|e| RpcError::invalid("symbol", format!("{e}.")))?;
    let count = query.limit.unwrap_or(CANDLES).clamp(1, CANDLES_MAX);
    let order =
        Order::of(venue, &symbol).with_candles(SeriesOrder { listing, timeframe, count, running: false });
    let mut gathered = context.market.gather(context, order).wait(2 * GATHER_MAX);
    let series = gathered.as_mut().and_then(|gathered| gathered.candles.remove(&(symbol, timeframe)));
    let unavailable = |text: String| RpcError::new("CANDLES_UNAVAILABLE", text);
    match series {
        Some(Ok(candles)) => Ok(CandleSeries {
            closed: candles.closed.iter().map(Candle::of).collect(),
            running: candles.running.as_ref().map(Candle::of),
        }),
        Some(Err(error)) => Err(unavailable(format!("{error}. {}", error.fix()))),
        None => Err(unavailable(format!("{} has not answered in time.", venue.title()))),
    }
}
