//! What a start does with signals that a crash left undecided: recent ones are simply still in the queue, old ones
//! are failed, since the market has moved on.

use crate::context::Context;
use crate::driver::failed;
use crate::queue::pace;
use crate::waiting::Waiting;
use domain::ReasonCode;
use domain::Timestamp;
use store::signals::{ReceivedSignal, SignalNo};
use store::{StoreError, View};

/// Signals looked at in one transaction.
const CHUNK: u32 = 256;

/// Fails the received signals that are older than `recover.max_age_s`, and says how many there were. A delay that was
/// asked for does not make a signal old.
pub(crate) fn fail_stale(context: &Context) -> Result<usize, StoreError> {
    let age_us = i64::try_from(context.settings().whole("recover.max_age_s")).unwrap_or(i64::MAX / 1_000_000);
    let oldest = context.clock.now().plus_micros(-(age_us.saturating_mul(1_000_000)));
    let mut count = 0;
    let mut after = SignalNo::ZERO;
    loop {
        let page = context.store.reader().read(|view| page(view, after))?;
        let Some(last) = page.last() else { return Ok(count) };
        after = last.signal.no;
        let old = page.into_iter().filter(|s| s.signal.received_at < oldest).map(Waiting::of_row);
        let stale: Vec<_> =
            old.filter(|signal| entered_at(context, signal) < oldest).map(|signal| signal.id).collect();
        count += stale.len();
        context.store.writer().run(move |tx| {
            stale.iter().try_for_each(|id| {
                store::signals::decide(tx, id, &failed(id, ReasonCode::StaleSignal).decision())
            })
        })?;
    }
}

fn page(view: &View, after: SignalNo) -> Result<Vec<ReceivedSignal>, StoreError> {
    let places = store::signals::waiting(view, after, CHUNK)?;
    places.into_iter().filter_map(|no| store::signals::received(view, no).transpose()).collect()
}

/// When the delay of a signal was over.
fn entered_at(context: &Context, signal: &Waiting) -> Timestamp {
    let webhooks = context.directory.rows();
    let delay_s = match (&signal.signal, webhooks.get(&signal.webhook)) {
        (Ok(said), Some(row)) if !signal.by_hand => pace(&row.webhook).delay_s(said),
        (_, _) => 0,
    };
    signal.received_at.plus_micros(i64::from(delay_s) * 1_000_000)
}
