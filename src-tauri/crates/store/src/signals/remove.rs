//! Taking signals away in chunks: ten thousand rows at once would hold the writer for longer than an answer may take.

use crate::counts;
use crate::error::StoreError;
use crate::view::Tx;
use rusqlite::named_params;

/// The most rows that one job removes.
pub const CHUNK_MAX: u32 = 1_000;

/// Removes up to [`CHUNK_MAX`] of the oldest decided signals that are more than `max`, and says how many went.
/// Signals that wait are never removed. Zero means that nothing is left to do.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn retain(tx: &Tx, max: u64) -> Result<u32, StoreError> {
    let excess = counts::total(tx)?.saturating_sub(max);
    let limit = u32::try_from(excess).map_or(CHUNK_MAX, |e| e.min(CHUNK_MAX));
    if limit == 0 {
        return Ok(0);
    }
    remove(tx, Which::Oldest, limit)
}

/// Removes up to [`CHUNK_MAX`] signals of a webhook; zero means that none are left, waiting ones neither.
pub(crate) fn delete_of_webhook(tx: &Tx, webhook_no: i64) -> Result<u32, StoreError> {
    let decided = remove(tx, Which::DecidedOf(webhook_no), CHUNK_MAX)?;
    let waiting = remove(tx, Which::WaitingOf(webhook_no), CHUNK_MAX.saturating_sub(decided))?;
    Ok(decided + waiting)
}

#[derive(Debug, Clone, Copy)]
enum Which {
    /// The oldest of those that are decided.
    Oldest,
    /// Those of a webhook that are decided.
    DecidedOf(i64),
    /// Those of a webhook that wait.
    WaitingOf(i64),
}

/// Removes signals of a kind in the order of the index by which they are found, and counts them out.
fn remove(tx: &Tx, which: Which, limit: u32) -> Result<u32, StoreError> {
    let (found, webhook) = match which {
        Which::Oldest => ("signal_decisions WHERE :webhook IS NULL ORDER BY signal", None),
        Which::DecidedOf(no) => {
            ("signal_decisions WHERE webhook = :webhook ORDER BY status, signal", Some(no))
        }
        Which::WaitingOf(no) => (
            "signal_queue CROSS JOIN signals ON id = signal WHERE webhook = :webhook ORDER BY signal",
            Some(no),
        ),
    };
    let ids = format!("SELECT signal FROM {found} LIMIT :limit");
    let parameters = named_params! {":limit": limit, ":webhook": webhook};
    let mut statement = tx.prepared(&format!(
        "SELECT s.webhook AS webhook, coalesce(d.status, 'received') AS status, count(*) AS n,
           count(s.replay_of) AS replays
         FROM signals s LEFT JOIN signal_decisions d ON d.signal = s.id WHERE s.id IN ({ids}) GROUP BY 1, 2"
    ))?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let (n, replays): (i64, i64) = (row.get("n")?, row.get("replays")?);
        tx.counts().note(row.get("webhook")?, crate::column::text(row, "status")?, -n, -replays);
    }
    tx.prepared(&format!(
        "UPDATE signal_numbers SET removed = max(removed, (SELECT coalesce(max(id), 0) FROM signals WHERE id IN ({ids})))"
    ))?
    .execute(parameters)?;
    let removed = tx.prepared(&format!("DELETE FROM signals WHERE id IN ({ids})"))?.execute(parameters)?;
    Ok(u32::try_from(removed).unwrap_or(CHUNK_MAX))
}
