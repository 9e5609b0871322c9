//! What the signals of a webhook say, for asking a strategy about all of them.

use super::row::SignalNo;
use crate::column::{plain, text, time};
use crate::error::StoreError;
use crate::view::View;
use domain::{SignalId, SignalStatus, Timestamp, WebhookId};
use rusqlite::named_params;

/// What a signal says, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidRow {
    /// Its place in the order of arrival.
    pub no: SignalNo,
    /// Its id.
    pub id: SignalId,
    /// When the request was received.
    pub received_at: Timestamp,
    /// Where it stands.
    pub status: SignalStatus,
    /// The canonical signal, JSON.
    pub canonical: String,
}

/// The signals of a webhook that could be read and came after `after`, oldest first, at most `limit`.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn said(
    view: &View,
    webhook: &WebhookId,
    after: SignalNo,
    limit: u32,
) -> Result<Vec<SaidRow>, StoreError> {
    view.prepared(
        "SELECT s.id, s.uid, s.received_at, coalesce(d.status, 'received') AS status,
           s.canonical
         FROM signals s
         LEFT JOIN signal_decisions d ON d.signal = s.id
         WHERE s.webhook = (SELECT no FROM webhooks WHERE id = :webhook) AND s.id > :after
           AND s.canonical IS NOT NULL
         ORDER BY s.id LIMIT :limit",
    )?
    .query_and_then(
        named_params! {":webhook": webhook.as_str(), ":after": after.get(), ":limit": limit},
        |row| {
            Ok(SaidRow {
                no: SignalNo::new(plain(row, "id")?),
                id: text(row, "uid")?,
                received_at: time(row, "received_at")?,
                status: text(row, "status")?,
                canonical: plain(row, "canonical")?,
            })
        },
    )?
    .collect()
}
