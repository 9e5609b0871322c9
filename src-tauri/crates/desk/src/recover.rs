//! What a start does with signals that a crash left undecided: recent ones are simply still in the queue, old ones
//! are failed, since the market has moved on.

use crate::context::Context;
use crate::driver::failed;
use domain::ReasonCode;
use store::StoreError;
use store::signals::SignalNo;

/// Signals looked at in one transaction.
const CHUNK: u32 = 256;

/// Fails the received signals that are older than `recover.max_age_s`, and says how many there were.
pub(crate) fn fail_stale(context: &Context) -> Result<usize, StoreError> {
    let age_us = i64::try_from(context.settings().whole("recover.max_age_s")).unwrap_or(i64::MAX / 1_000_000);
    let oldest = context.clock.now().plus_micros(-(age_us.saturating_mul(1_000_000)));
    let mut count = 0;
    let mut after = SignalNo::ZERO;
    loop {
        let page = context.store.reader().read(|view| store::signals::received(view, after, CHUNK))?;
        let Some(last) = page.last() else { return Ok(count) };
        after = last.signal.no;
        let stale: Vec<_> =
            page.into_iter().filter(|s| s.signal.received_at < oldest).map(|s| s.signal.id).collect();
        count += stale.len();
        context.store.writer().run(move |tx| {
            stale.iter().try_for_each(|id| {
                let decided = failed(id, ReasonCode::StaleSignal);
                store::signals::decide(tx, id, &decided.decision(&decided.timings))
            })
        })?;
    }
}
