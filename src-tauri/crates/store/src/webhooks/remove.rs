//! Deleting a webhook: at once for everybody who looks, its signals in chunks that never hold the writer long.

use crate::error::StoreError;
use crate::settings::bump_generation;
use crate::signals;
use crate::view::{Tx, View};
use domain::{Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params};

/// How far a deletion got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// Rows are left; call again in a job of its own.
    More,
    /// Nothing is left of the webhook.
    Done,
}

/// Hides a webhook; its rows are then removed by [`remove_chunk`].
///
/// # Errors
/// [`StoreError::Missing`] when there is no such webhook.
pub fn mark_deleted(tx: &Tx, id: &WebhookId, at: Timestamp) -> Result<(), StoreError> {
    let changed = tx
        .prepared("UPDATE webhooks SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL")?
        .execute(named_params! {":id": id.as_str(), ":at": at.as_micros()})?;
    if changed == 0 {
        return Err(StoreError::Missing { what: "webhook" });
    }
    bump_generation(tx)
}

/// Webhooks whose removal is not finished, perhaps since a crash.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn deleted(view: &View) -> Result<Vec<WebhookId>, StoreError> {
    view.prepared("SELECT id FROM webhooks WHERE deleted_at IS NOT NULL ORDER BY no")?
        .query_and_then([], |row| crate::column::text(row, "id"))?
        .collect()
}

/// Removes up to [`signals::CHUNK_MAX`] signals or duplicate marks of a deleted webhook, and at last the webhook.
/// Orders, fills and ledger rows keep the signal's id as text and stay.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn remove_chunk(tx: &Tx, id: &WebhookId) -> Result<Removal, StoreError> {
    let no: Option<i64> = tx
        .prepared("SELECT no FROM webhooks WHERE id = :id AND deleted_at IS NOT NULL")?
        .query_row(named_params! {":id": id.as_str()}, |row| row.get("no"))
        .optional()?;
    let Some(no) = no else { return Ok(Removal::Done) };
    if signals::delete_of_webhook(tx, no)? > 0 {
        return Ok(Removal::More);
    }
    let marks = tx
        .prepared(
            "DELETE FROM dedupe WHERE webhook = :no AND key IN
               (SELECT key FROM dedupe WHERE webhook = :no LIMIT :limit)",
        )?
        .execute(named_params! {":no": no, ":limit": signals::CHUNK_MAX})?;
    if marks > 0 {
        return Ok(Removal::More);
    }
    for sql in [
        "DELETE FROM counts WHERE webhook = :no",
        "DELETE FROM webhook_revisions WHERE webhook = :no",
        "DELETE FROM webhooks WHERE no = :no",
    ] {
        tx.prepared(sql)?.execute(named_params! {":no": no})?;
    }
    tx.forget();
    Ok(Removal::Done)
}
