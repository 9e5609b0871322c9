//! Table `dedupe`: what each webhook has seen, for the rule about duplicates that `paper` has.
//!
//! Rows are read and written in the transaction that accepts the signal, so two deliveries cannot both be first.

use crate::column::{text, time};
use crate::error::StoreError;
use crate::view::Tx;
use domain::{SignalId, Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE dedupe (
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  key        BLOB NOT NULL,
  first_at   INTEGER NOT NULL,
  signal_uid TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (webhook, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_expires ON dedupe (expires_at) WHERE expires_at IS NOT NULL;
";

/// The first sight of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// When the first signal with this key was received.
    pub first_at: Timestamp,
    /// That signal.
    pub signal_id: SignalId,
    /// When the key may be forgotten; nothing: never.
    pub expires_at: Option<Timestamp>,
}

/// What is known of a key.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(tx: &Tx, webhook: &WebhookId, key: &[u8]) -> Result<Option<Sighting>, StoreError> {
    let Some(webhook) = tx.webhook_no(webhook)? else { return Ok(None) };
    tx.prepared("SELECT first_at, signal_uid, expires_at FROM dedupe WHERE webhook = ?1 AND key = ?2")?
        .query_row(params![webhook, key], |row| {
            Ok(text(row, "signal_uid").and_then(|signal_id| {
                let expires_at = crate::column::time_opt(row, "expires_at")?;
                Ok(Sighting { first_at: time(row, "first_at")?, signal_id, expires_at })
            }))
        })
        .optional()?
        .transpose()
}

/// Notes the first sight of a key that counts for ever; if it was seen before, nothing is written and this is what was
/// noted then.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such webhook.
pub fn put_first(
    tx: &Tx,
    webhook: &WebhookId,
    key: &[u8],
    first_at: Timestamp,
    signal: &SignalId,
) -> Result<Option<Sighting>, StoreError> {
    let no = number_of(tx, webhook)?;
    let new = tx
        .prepared(
            "INSERT INTO dedupe (webhook, key, first_at, signal_uid, expires_at) VALUES (?1, ?2, ?3, ?4, NULL)
             ON CONFLICT (webhook, key) DO NOTHING",
        )?
        .execute(params![no, key, first_at.as_micros(), signal.as_str()])?;
    if new > 0 { Ok(None) } else { get(tx, webhook, key) }
}

fn number_of(tx: &Tx, webhook: &WebhookId) -> Result<i64, StoreError> {
    tx.webhook_no(webhook)?.ok_or_else(|| StoreError::Conflict { message: format!("no webhook {webhook}") })
}

/// Notes the first sight of a key, in place of an older one.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such webhook.
pub fn put(tx: &Tx, webhook: &WebhookId, key: &[u8], sighting: &Sighting) -> Result<(), StoreError> {
    let no = number_of(tx, webhook)?;
    tx.prepared(
        "INSERT INTO dedupe (webhook, key, first_at, signal_uid, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (webhook, key) DO UPDATE SET
           first_at = excluded.first_at, signal_uid = excluded.signal_uid, expires_at = excluded.expires_at",
    )?
    .execute(params![
        no,
        key,
        sighting.first_at.as_micros(),
        sighting.signal_id.as_str(),
        sighting.expires_at.map(Timestamp::as_micros)
    ])?;
    Ok(())
}

/// Forgets up to [`crate::signals::CHUNK_MAX`] keys that expired before `now`, and says how many.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn forget_expired(tx: &Tx, now: Timestamp) -> Result<u32, StoreError> {
    let forgotten = tx
        .prepared(
            "DELETE FROM dedupe WHERE (webhook, key) IN
               (SELECT webhook, key FROM dedupe WHERE expires_at < :now ORDER BY expires_at LIMIT :limit)",
        )?
        .execute(named_params! {":now": now.as_micros(), ":limit": crate::signals::CHUNK_MAX})?;
    Ok(u32::try_from(forgotten).unwrap_or(crate::signals::CHUNK_MAX))
}
