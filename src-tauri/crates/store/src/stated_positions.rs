//! Table `stated_positions`: what each strategy last said that it holds, by webhook, symbol and the strategy's name.
//!
//! An account may hold something else. That is worked out where it is asked for, from this and `positions`.

use crate::column::{plain, text, text_opt, time, time_opt};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{NetQuantity, SignalId, Symbol, Timestamp, WebhookId};
use rusqlite::{OptionalExtension, Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE stated_positions (
  webhook    INTEGER NOT NULL REFERENCES webhooks (no),
  symbol     TEXT NOT NULL,
  strategy   TEXT NOT NULL,
  previous   TEXT,
  position   TEXT NOT NULL,
  sized      INTEGER NOT NULL CHECK (sized IN (0, 1)),
  signal_uid TEXT NOT NULL,
  fired_at   INTEGER,
  heard_at   INTEGER NOT NULL,
  PRIMARY KEY (webhook, symbol, strategy)
) STRICT, WITHOUT ROWID;
";

/// Strategies of one webhook that are remembered; those not heard of for longest are forgotten.
pub const KEPT_MAX: u32 = 500;

/// What a strategy said of its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPosition {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The symbol.
    pub symbol: Symbol,
    /// The strategy's name; empty where its messages have none.
    pub strategy: String,
    /// What it held before its order, signed; nothing where it did not say.
    pub previous: Option<NetQuantity>,
    /// What it holds after its order, signed.
    pub position: NetQuantity,
    /// Whether its sizes are ours too, so that they can be compared; otherwise only the sides can.
    pub sized: bool,
    /// The signal that said so.
    pub signal_id: SignalId,
    /// When that alert fired, if it said so.
    pub fired_at: Option<Timestamp>,
    /// When it was received.
    pub heard_at: Timestamp,
}

/// Writes what a strategy says, in place of what it said before.
///
/// # Errors
/// [`StoreError::Conflict`] when there is no such webhook.
pub fn put(tx: &Tx, stated: &StatedPosition) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO stated_positions
           (webhook, symbol, strategy, previous, position, sized, signal_uid, fired_at, heard_at)
         VALUES ((SELECT no FROM webhooks WHERE id = :webhook), :symbol, :strategy, :previous, :position, :sized,
           :signal, :fired_at, :heard_at)
         ON CONFLICT (webhook, symbol, strategy) DO UPDATE SET previous = excluded.previous,
           position = excluded.position, sized = excluded.sized, signal_uid = excluded.signal_uid,
           fired_at = excluded.fired_at, heard_at = excluded.heard_at",
    )?
    .execute(named_params! {
        ":webhook": stated.webhook_id.as_str(),
        ":symbol": stated.symbol.as_str(),
        ":strategy": stated.strategy,
        ":previous": stated.previous.map(|net| net.to_string()),
        ":position": stated.position.to_string(),
        ":sized": stated.sized,
        ":signal": stated.signal_id.as_str(),
        ":fired_at": stated.fired_at.map(Timestamp::as_micros),
        ":heard_at": stated.heard_at.as_micros(),
    })?;
    Ok(())
}

/// What a strategy last said.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn get(
    view: &View,
    webhook: &WebhookId,
    symbol: &Symbol,
    strategy: &str,
) -> Result<Option<StatedPosition>, StoreError> {
    view.prepared(
        "SELECT s.*, w.id AS webhook_id FROM stated_positions s JOIN webhooks w ON w.no = s.webhook
         WHERE w.id = :webhook AND s.symbol = :symbol AND s.strategy = :strategy",
    )?
    .query_row(
        named_params! {":webhook": webhook.as_str(), ":symbol": symbol.as_str(), ":strategy": strategy},
        |row| Ok(read(row)),
    )
    .optional()?
    .transpose()
}

/// What the strategies of a webhook last said, by symbol and name.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn of_webhook(view: &View, webhook: &WebhookId) -> Result<Vec<StatedPosition>, StoreError> {
    view.prepared(
        "SELECT s.*, w.id AS webhook_id FROM stated_positions s JOIN webhooks w ON w.no = s.webhook
         WHERE w.id = :webhook ORDER BY s.symbol, s.strategy",
    )?
    .query_and_then(named_params! {":webhook": webhook.as_str()}, read)?
    .collect()
}

/// Forgets strategies beyond [`KEPT_MAX`] of a webhook, and says how many.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn retain(tx: &Tx, webhook: &WebhookId) -> Result<usize, StoreError> {
    let forgotten = tx
        .prepared(
            "DELETE FROM stated_positions WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook)
               AND (symbol, strategy) NOT IN
                 (SELECT symbol, strategy FROM stated_positions
                  WHERE webhook = (SELECT no FROM webhooks WHERE id = :webhook)
                  ORDER BY heard_at DESC LIMIT :kept)",
        )?
        .execute(named_params! {":webhook": webhook.as_str(), ":kept": KEPT_MAX})?;
    Ok(forgotten)
}

fn read(row: &Row<'_>) -> Result<StatedPosition, StoreError> {
    Ok(StatedPosition {
        webhook_id: text(row, "webhook_id")?,
        symbol: text(row, "symbol")?,
        strategy: plain(row, "strategy")?,
        previous: text_opt(row, "previous")?,
        position: text(row, "position")?,
        sized: plain(row, "sized")?,
        signal_id: text(row, "signal_uid")?,
        fired_at: time_opt(row, "fired_at")?,
        heard_at: time(row, "heard_at")?,
    })
}
