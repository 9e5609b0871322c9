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

pub(crate) fn delete_of_webhook(tx: &Tx, webhook_no: i64) -> Result<u32, StoreError> {
    remove(tx, Which::OfWebhook(webhook_no), CHUNK_MAX)
}

#[derive(Debug, Clone, Copy)]
enum Which {
    /// Of those that are decided.
    Oldest,
    OfWebhook(i64),
}

/// Removes the oldest signals of a kind, and counts them out.
fn remove(tx: &Tx, which: Which, limit: u32) -> Result<u32, StoreError> {
    let (condition, webhook) = match which {
        Which::Oldest => (":webhook IS NULL AND status <> 'received'", None),
        Which::OfWebhook(no) => ("webhook = :webhook", Some(no)),
    };
    let ids = format!("SELECT id FROM signals WHERE {condition} ORDER BY id LIMIT :limit");
    let parameters = named_params! {":limit": limit, ":webhook": webhook};
    let mut statement = tx.prepared(&format!(
        "SELECT webhook, status, count(*) AS n, count(replay_of) AS replays FROM signals WHERE id IN ({ids})
         GROUP BY webhook, status"
    ))?;
    let mut rows = statement.query(parameters)?;
    while let Some(row) = rows.next()? {
        let (n, replays): (i64, i64) = (row.get("n")?, row.get("replays")?);
        tx.counts().note(row.get("webhook")?, crate::column::text(row, "status")?, -n, -replays);
    }
    let removed = tx.prepared(&format!("DELETE FROM signals WHERE id IN ({ids})"))?.execute(parameters)?;
    Ok(u32::try_from(removed).unwrap_or(CHUNK_MAX))
}
