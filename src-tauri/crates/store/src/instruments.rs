//! Table `instruments`: what a venue demands of orders in a symbol, as it last said.

use crate::column::{text, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{Symbol, Timestamp};
use rusqlite::{Row, named_params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE instruments (
  venue        TEXT NOT NULL,
  symbol       TEXT NOT NULL,
  tick         TEXT,
  step         TEXT,
  min_qty      TEXT,
  max_qty      TEXT,
  min_notional TEXT,
  fetched_at   INTEGER NOT NULL,
  PRIMARY KEY (venue, symbol)
) STRICT, WITHOUT ROWID;
";

/// The rules of a symbol on a venue, decimal text; what is absent is not limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstrumentRow {
    /// The venue's word.
    pub venue: String,
    /// The symbol.
    pub symbol: Symbol,
    /// The smallest price change.
    pub tick: Option<String>,
    /// The smallest quantity change.
    pub step: Option<String>,
    /// The smallest quantity.
    pub min_qty: Option<String>,
    /// The largest quantity.
    pub max_qty: Option<String>,
    /// The least that an order is worth, in the quote currency.
    pub min_notional: Option<String>,
    /// When the venue said so.
    pub fetched_at: Timestamp,
}

/// Writes what a venue says, in place of what it said before.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn put(tx: &Tx, row: &InstrumentRow) -> Result<(), StoreError> {
    tx.prepared(
        "INSERT INTO instruments (venue, symbol, tick, step, min_qty, max_qty, min_notional, fetched_at)
         VALUES (:venue, :symbol, :tick, :step, :min_qty, :max_qty, :min_notional, :fetched_at)
         ON CONFLICT (venue, symbol) DO UPDATE SET tick = excluded.tick, step = excluded.step,
           min_qty = excluded.min_qty, max_qty = excluded.max_qty, min_notional = excluded.min_notional,
           fetched_at = excluded.fetched_at",
    )?
    .execute(named_params! {
        ":venue": row.venue,
        ":symbol": row.symbol.as_str(),
        ":tick": row.tick,
        ":step": row.step,
        ":min_qty": row.min_qty,
        ":max_qty": row.max_qty,
        ":min_notional": row.min_notional,
        ":fetched_at": row.fetched_at.as_micros(),
    })?;
    Ok(())
}

/// What is known of a venue's instruments, by symbol.
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn of_venue(view: &View, venue: &str) -> Result<Vec<InstrumentRow>, StoreError> {
    view.prepared("SELECT * FROM instruments WHERE venue = :venue ORDER BY symbol")?
        .query_and_then(named_params! {":venue": venue}, read)?
        .collect()
}

fn read(row: &Row<'_>) -> Result<InstrumentRow, StoreError> {
    Ok(InstrumentRow {
        venue: row.get("venue")?,
        symbol: text(row, "symbol")?,
        tick: row.get("tick")?,
        step: row.get("step")?,
        min_qty: row.get("min_qty")?,
        max_qty: row.get("max_qty")?,
        min_notional: row.get("min_notional")?,
        fetched_at: time(row, "fetched_at")?,
    })
}
