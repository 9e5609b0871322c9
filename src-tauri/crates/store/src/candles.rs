//! Table `candles`: closed candles of venues, so that what was fetched once is not fetched again. A cache: every row
//! can be had from its venue, and the oldest ones are given up.

use crate::column::{text, time};
use crate::error::StoreError;
use crate::view::{Tx, View};
use domain::{Candle, Symbol, Timeframe, Timestamp};
use rusqlite::{Row, named_params, params};

pub(crate) const SCHEMA: &str = "
CREATE TABLE candles (
  venue     TEXT NOT NULL,
  symbol    TEXT NOT NULL,
  timeframe TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  open      TEXT NOT NULL,
  high      TEXT NOT NULL,
  low       TEXT NOT NULL,
  close     TEXT NOT NULL,
  volume    TEXT NOT NULL,
  PRIMARY KEY (venue, symbol, timeframe, opened_at)
) STRICT, WITHOUT ROWID;
";

/// Candles of one series that are kept.
pub const KEPT_MAX: u32 = 5_000;

/// Whose candles, and of which length.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Series {
    /// The venue's word.
    pub venue: String,
    /// The symbol.
    pub symbol: Symbol,
    /// The length.
    pub timeframe: Timeframe,
}

/// The newest `limit` candles of a series, oldest first.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn newest(view: &View, series: &Series, limit: u32) -> Result<Vec<Candle>, StoreError> {
    let mut candles: Vec<Candle> = view
        .prepared(
            "SELECT * FROM candles WHERE venue = :venue AND symbol = :symbol AND timeframe = :timeframe
             ORDER BY opened_at DESC LIMIT :limit",
        )?
        .query_and_then(
            named_params! {
                ":venue": series.venue,
                ":symbol": series.symbol.as_str(),
                ":timeframe": series.timeframe.as_str(),
                ":limit": limit,
            },
            read,
        )?
        .collect::<Result<_, _>>()?;
    candles.reverse();
    Ok(candles)
}

/// Candles around a time, oldest first: the newest `before` of those that opened at it or earlier, and the oldest
/// `after` of those that opened later.
///
/// # Errors
/// [`StoreError`] when they cannot be read.
pub fn around(
    view: &View,
    series: &Series,
    at: Timestamp,
    before: u32,
    after: u32,
) -> Result<Vec<Candle>, StoreError> {
    let part = |sql: &str, limit: u32| -> Result<Vec<Candle>, StoreError> {
        view.prepared(sql)?
            .query_and_then(
                named_params! {
                    ":venue": series.venue,
                    ":symbol": series.symbol.as_str(),
                    ":timeframe": series.timeframe.as_str(),
                    ":at": at.as_micros(),
                    ":limit": limit,
                },
                read,
            )?
            .collect()
    };
    let mut candles = part(
        "SELECT * FROM candles WHERE venue = :venue AND symbol = :symbol AND timeframe = :timeframe
           AND opened_at <= :at ORDER BY opened_at DESC LIMIT :limit",
        before,
    )?;
    candles.reverse();
    candles.extend(part(
        "SELECT * FROM candles WHERE venue = :venue AND symbol = :symbol AND timeframe = :timeframe
           AND opened_at > :at ORDER BY opened_at LIMIT :limit",
        after,
    )?);
    Ok(candles)
}

/// Writes closed candles of a series, in place of those of the same times, and gives up all but the newest
/// [`KEPT_MAX`].
///
/// # Errors
/// [`StoreError`] when they cannot be written.
pub fn put(tx: &Tx, series: &Series, candles: &[Candle]) -> Result<(), StoreError> {
    let Series { venue, symbol, timeframe } = series;
    for candle in candles {
        tx.prepared(
            "INSERT INTO candles (venue, symbol, timeframe, opened_at, open, high, low, close, volume)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (venue, symbol, timeframe, opened_at) DO UPDATE SET open = excluded.open,
               high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume",
        )?
        .execute(params![
            venue,
            symbol.as_str(),
            timeframe.as_str(),
            candle.opened_at.as_micros(),
            candle.open.to_string(),
            candle.high.to_string(),
            candle.low.to_string(),
            candle.close.to_string(),
            candle.volume.to_string(),
        ])?;
    }
    tx.prepared(
        "DELETE FROM candles WHERE venue = ?1 AND symbol = ?2 AND timeframe = ?3 AND opened_at <
           (SELECT min(opened_at) FROM (SELECT opened_at FROM candles
             WHERE venue = ?1 AND symbol = ?2 AND timeframe = ?3 ORDER BY opened_at DESC LIMIT ?4))",
    )?
    .execute(params![venue, symbol.as_str(), timeframe.as_str(), KEPT_MAX])?;
    Ok(())
}

/// Writes the closed candle that follows the newest one of its series, or one that is known already, and says whether
/// it could: where candles between are missing, or nothing is known, nothing is written.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn follow(tx: &Tx, series: &Series, candle: &Candle) -> Result<bool, StoreError> {
    let known: i64 = tx
        .prepared(
            "SELECT (SELECT max(opened_at) FROM candles
                     WHERE venue = :venue AND symbol = :symbol AND timeframe = :timeframe) IS :before
                 OR EXISTS (SELECT 1 FROM candles WHERE venue = :venue AND symbol = :symbol
                            AND timeframe = :timeframe AND opened_at = :at)",
        )?
        .query_row(
            named_params! {
                ":venue": series.venue,
                ":symbol": series.symbol.as_str(),
                ":timeframe": series.timeframe.as_str(),
                ":at": candle.opened_at.as_micros(),
                ":before": candle.opened_at.as_micros() - series.timeframe.micros(),
            },
            |row| row.get(0),
        )?;
    if known != 0 {
        put(tx, series, std::slice::from_ref(candle))?;
    }
    Ok(known != 0)
}

/// Forgets a series, when a hole in it cannot be filled.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn forget(tx: &Tx, series: &Series) -> Result<(), StoreError> {
    tx.prepared("DELETE FROM candles WHERE venue = ?1 AND symbol = ?2 AND timeframe = ?3")?
        .execute(params![series.venue, series.symbol.as_str(), series.timeframe.as_str()])?;
    Ok(())
}

/// Forgets every series whose newest candle is older than `before`, and says how many rows went.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn forget_unused(tx: &Tx, before: Timestamp) -> Result<usize, StoreError> {
    let gone = tx
        .prepared(
            "DELETE FROM candles WHERE (venue, symbol, timeframe) IN
               (SELECT venue, symbol, timeframe FROM candles GROUP BY venue, symbol, timeframe
                HAVING max(opened_at) < ?1)",
        )?
        .execute(params![before.as_micros()])?;
    Ok(gone)
}

fn read(row: &Row<'_>) -> Result<Candle, StoreError> {
    Ok(Candle {
        opened_at: time(row, "opened_at")?,
        open: text(row, "open")?,
        high: text(row, "high")?,
        low: text(row, "low")?,
        close: text(row, "close")?,
        volume: text(row, "volume")?,
    })
}
