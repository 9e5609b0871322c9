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
    let removed = tx
        .prepared(
            "DELETE FROM signals WHERE id IN
               (SELECT id FROM signals WHERE status <> 'received' ORDER BY id LIMIT :limit)",
        )?
        .execute(named_params! {":limit": limit})?;
    Ok(u32::try_from(removed).unwrap_or(CHUNK_MAX))
}

pub(crate) fn delete_of_webhook(tx: &Tx, webhook_no: i64) -> Result<usize, StoreError> {
    Ok(tx
        .prepared(
            "DELETE FROM signals WHERE id IN
               (SELECT id FROM signals WHERE webhook = :webhook ORDER BY id LIMIT :limit)",
        )?
        .execute(named_params! {":webhook": webhook_no, ":limit": CHUNK_MAX})?)
}
