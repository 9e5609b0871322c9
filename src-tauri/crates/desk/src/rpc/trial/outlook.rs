//! What a dry run knows of markets. While a worker runs, the venues are asked as they are for a real signal, within a
//! limit; else, and beyond it, there are the candles of the cache.

use crate::context::Context;
use crate::market::{GATHER_MAX, Gathered, Order, SeriesOrder};
use crate::outside;
use crate::pipeline::Supply;
use crate::rpc::store_error;
use crate::wire::RpcError;
use domain::ReasonCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::candles::{KEPT_MAX, Series};
use strategy::{Candles, SeriesKey};

/// How long the venues are waited for in one dry run, over all of its messages.
const PATIENCE: Duration = Duration::from_secs(12);

/// What is said where nothing runs.
const NOT_RUNNING: &str = "No venue was asked, since Pitwire is not running on this data directory. Open the window or run `pitwire serve`, and try again.";
/// What is said where the demo runs in another process.
const IN_THE_DEMO: &str = "No venue was asked, since the demo's market is in the process of the demo. Send the message itself, or use the demo's window.";
/// What is said where there was no time left to ask.
const NO_TIME: &str = "The venues were not asked, since the messages before took all the time there is. Try this message alone.";

/// How much longer a dry run may wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience(Duration);

impl Default for Patience {
    fn default() -> Self {
        Self(PATIENCE)
    }
}

/// What is known for one message.
#[derive(Default)]
pub(super) struct Outlook {
    /// What the venues said, where they were asked.
    pub(super) gathered: Option<Gathered>,
    /// The candles for the strategy.
    pub(super) supply: Supply,
    /// Why less is known than there could be, with what to do about it.
    trouble: Option<String>,
}

impl Outlook {
    /// Asks for what a decision needs.
    pub(super) fn of(
        context: &Arc<Context>,
        order: Option<Order>,
        patience: &mut Patience,
    ) -> Result<Self, RpcError> {
        let Some(order) = order else { return Ok(Self::default()) };
        let bar = bar(context).or(patience.0.is_zero().then_some(NO_TIME));
        if let Some(why) = bar {
            let supply = cached(context, order.candles())?;
            return Ok(Self { gathered: None, supply, trouble: Some(why.to_owned()) });
        }
        let began = Instant::now();
        let waited = context.market.gather(context, order.clone()).wait(patience.0.min(2 * GATHER_MAX));
        patience.0 = patience.0.saturating_sub(began.elapsed());
        let gathered = waited.unwrap_or_else(|| Gathered::failed(&order, "no answer in time"));
        let supply = outside::supply(Some(&gathered));
        Ok(Self { supply, trouble: outside::trouble(Some(&gathered)), gathered: Some(gathered) })
    }

    /// What is to be said beside a decision for this reason.
    pub(super) fn remark(&self, reason: Option<&str>) -> Option<String> {
        let of_market = [
            ReasonCode::CandlesUnavailable,
            ReasonCode::CandlesStale,
            ReasonCode::WarmingUp,
            ReasonCode::PriceUnavailable,
            ReasonCode::PriceStale,
        ];
        let concerns = of_market.iter().any(|code| Some(code.as_str()) == reason);
        self.trouble.clone().filter(|_| concerns || self.gathered.is_some())
    }
}

/// Why this process asks no venues for a dry run; nothing where it does: a worker runs, and where that is the demo's, this
/// is its process, which knows where the synthetic market is.
pub(crate) fn bar(context: &Context) -> Option<&'static str> {
    let is_demo = context.is_demo.load(std::sync::atomic::Ordering::Acquire);
    match crate::lock::is_held(&context.data_dir) {
        false => Some(NOT_RUNNING),
        true => (is_demo && !context.market.is_elsewhere()).then_some(IN_THE_DEMO),
    }
}

/// The candles of the cache.
pub(crate) fn cached(context: &Context, orders: &[SeriesOrder]) -> Result<Supply, RpcError> {
    let mut supply = Supply::default();
    for SeriesOrder { listing, timeframe, .. } in orders {
        let (symbol, timeframe) = (listing.symbol.clone(), *timeframe);
        let series = Series { venue: listing.venue.as_str().to_owned(), symbol: symbol.clone(), timeframe };
        let read = context.store.reader().read(|view| store::candles::newest(view, &series, KEPT_MAX));
        let closed = read.map_err(|e| store_error(&e))?;
        supply.venue = Some(listing.venue);
        supply.series.insert(SeriesKey { symbol, timeframe }, Candles::new(closed, None));
    }
    Ok(supply)
}
