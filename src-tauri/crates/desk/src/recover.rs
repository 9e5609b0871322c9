//! What a start does with signals that a crash left undecided: recent ones are simply still in the queue, old ones
//! are failed, since the market has moved on.

use crate::context::Context;
use crate::driver::failed;
use domain::ReasonCode;
use store::signals::{SignalNo, SignalRow};
use store::{StoreError, View};

/// Signals looked at in one transaction.
const CHUNK: u32 = 256;

/// Fails the received signals that are older than `recover.max_age_s`, and says how many there were.
pub(crate) fn fail_stale(context: &Context) -> Result<usize, StoreError> {
    let age_us = i64::try_from(context.settings().whole("recover.max_age_s")).unwrap_or(i64::MAX / 1_000_000);
    let oldest = context.clock.now().plus_micros(-(age_us.saturating_mul(1_000_000)));
    let mut count = 0;
    let mut after = SignalNo::ZERO;
    loop {
        let page = context.store.reader().read(|view| page(view, after))?;
        let Some(last) = page.last() else { return Ok(count) };
        after = last.no;
        let stale: Vec<_> = page.into_iter().filter(|s| s.received_at < oldest).map(|s| s.id).collect();
        count += stale.len();
        context.store.writer().run(move |tx| {
            stale.iter().try_for_each(|id| {
                store::signals::decide(tx, id, &failed(id, ReasonCode::StaleSignal).decision())
            })
        })?;
    }
}

fn page(view: &View, after: SignalNo) -> Result<Vec<SignalRow>, StoreError> {
    let places = store::signals::waiting(view, after, CHUNK)?;
    let rows = places.into_iter().map(|no| store::signals::received(view, no));
    rows.filter_map(|row| row.map(|row| row.map(|row| row.signal)).transpose()).collect()
}
