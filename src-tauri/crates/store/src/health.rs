//! What `doctor` asks of the file. Nothing here is on the path of a start: a check reads the whole file.

use crate::error::StoreError;
use crate::view::{Tx, View};
use std::path::Path;

/// Sizes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileInfo {
    /// Format of the file.
    pub version: i64,
    /// Bytes of the file itself.
    pub bytes: u64,
    /// Bytes of the write-ahead log beside it.
    pub wal_bytes: u64,
    /// Pages of the file.
    pub pages: u64,
    /// Pages that hold nothing and are used next.
    pub pages_free: u64,
    /// Bytes of a page.
    pub page_bytes: u64,
}

pub(crate) fn file_info(view: &View, path: &Path) -> Result<FileInfo, StoreError> {
    let number = |pragma: &str| {
        view.connection().pragma_query_value(None, pragma, |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
    };
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    // The log is absent right after the last connection was closed.
    let wal_bytes = std::fs::metadata(Path::new(&wal)).map_or(0, |m| m.len());
    let bytes = std::fs::metadata(path).map_err(|e| StoreError::file(path, &e))?.len();
    Ok(FileInfo {
        version: view.connection().pragma_query_value(None, "user_version", |row| row.get(0))?,
        bytes,
        wal_bytes,
        pages: number("page_count")?,
        pages_free: number("freelist_count")?,
        page_bytes: number("page_size")?,
    })
}

/// Writes what stands there already, to see whether anything can be written.
///
/// # Errors
/// [`StoreError::Unavailable`] with the cause when nothing can.
pub fn probe(tx: &Tx) -> Result<(), StoreError> {
    let version: i64 = tx.connection().pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(tx.connection().pragma_update(None, "user_version", version)?)
}

/// Reads every page once; about six seconds for a million signals.
pub(crate) fn quick_check(view: &View) -> Result<(), StoreError> {
    let finding: String =
        view.connection().query_row("PRAGMA quick_check(1)", [], |row| row.get("quick_check"))?;
    if finding == "ok" { Ok(()) } else { Err(StoreError::Damaged { message: finding }) }
}
