//! Revisions: what a webhook's configuration was when a signal came.

use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{Timestamp, WebhookId};
use rusqlite::{OptionalExtension, named_params};

/// One state of a webhook's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevisionId(i64);

impl RevisionId {
    pub(crate) fn new(id: i64) -> Self {
        Self(id)
    }

    pub(crate) fn get(self) -> i64 {
        self.0
    }
}

/// The configuration of a revision, JSON.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn config_of(view: &View, revision: RevisionId) -> Result<Option<String>, StoreError> {
    let mut statement = view.prepared("SELECT config FROM webhook_revisions WHERE id = :id")?;
    Ok(statement.query_row(named_params! {":id": revision.get()}, |row| row.get("config")).optional()?)
}

/// Writes a revision and makes it the present one.
pub(super) fn insert(
    tx: &Tx,
    webhook: &WebhookId,
    config: &str,
    at: Timestamp,
) -> Result<RevisionId, StoreError> {
    let id = tx
        .prepared(
            "INSERT INTO webhook_revisions (webhook, config, created_at)
             VALUES ((SELECT no FROM webhooks WHERE id = :webhook), :config, :at)",
        )?
        .insert(named_params! {":webhook": webhook.as_str(), ":config": config, ":at": at.as_micros()})?;
    tx.prepared("UPDATE webhooks SET revision = :revision WHERE id = :webhook")?
        .execute(named_params! {":webhook": webhook.as_str(), ":revision": id})?;
    Ok(RevisionId(id))
}
