//! Opening the file: who may read it, and every PRAGMA with its reason.

use crate::error::StoreError;
use crate::migrate;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

/// How a store is opened; `Options::default()` is what the worker uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Connections for reading side by side, at least 1.
    pub read_connections: usize,
    /// Whether a file that does not exist is made.
    pub create: bool,
    /// How long to wait for another process that is writing. The default stays under the 2.5 s within which a
    /// sender must have its answer; a command that nobody times out on can wait longer.
    pub busy_timeout: Duration,
    /// The most pages (of 4 KiB) that the file may grow to; nothing: as the disk allows.
    pub pages_max: Option<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            read_connections: 4,
            create: true,
            busy_timeout: Duration::from_millis(1_500),
            pages_max: None,
        }
    }
}

/// Statements that stay compiled per connection; there are about sixty and the lists have some forms each.
const STATEMENTS_MAX: usize = 256;

/// Between two attempts at what SQLite does not wait for.
const BUSY_PAUSE: Duration = Duration::from_millis(5);

/// The write-ahead log shrinks back to this once it was longer, in bytes.
const WAL_BYTES_MAX: i64 = 64 << 20;

/// The connection that writes. The file is made and migrated where needed, and refused where it is not ours.
pub(crate) fn writing(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    if options.create {
        create_privately(path)?;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = open(path, flags, options)?;
    // Before anything that writes: a newer or foreign file is to stay as it is.
    migrate::format_of(&connection, path)?;
    // Readers and the writer do not wait for each other, and a commit is one flush of one file.
    let mode: String = patiently(options.busy_timeout, || {
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))
    })?;
    demand("journal_mode", "wal", &mode)?;
    // A commit returns when the log is on the disk; NORMAL would lose acknowledged rows in a power cut.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // On macOS a plain fsync leaves the data in the drive's own memory; elsewhere these two do nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    for (setting, wanted) in [("synchronous", 2), ("fullfsync", 1), ("checkpoint_fullfsync", 1)] {
        let found: i64 = connection.pragma_query_value(None, setting, |row| row.get(0))?;
        demand(setting, &wanted.to_string(), &found.to_string())?;
    }
    // Under a long read the log grows; this gives the space back at the next checkpoint that gets to its end.
    connection.pragma_update(None, "journal_size_limit", WAL_BYTES_MAX)?;
    // In pages: folding the log into the file flushes both, so it is done once in about 16 MB.
    connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
    // SQLite leaves them off by default for the sake of old files.
    connection.pragma_update(None, "foreign_keys", true)?;
    // In KiB: enough for the upper levels of every index at ten million rows and the pages that alerts are added to,
    // small against the memory goal.
    connection.pragma_update(None, "cache_size", -3_072)?;
    if let Some(pages) = options.pages_max {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    migrate::migrate(&mut connection, path)?;
    Ok(connection)
}

/// A connection that only reads.
pub(crate) fn reading(path: &Path, options: &Options) -> Result<Connection, StoreError> {
    let connection = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX, options)?;
    connection.pragma_update(None, "cache_size", -1_024)?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags, options: &Options) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // A file from elsewhere may hold views and triggers that call functions; they get none with side effects.
    connection.pragma_update(None, "trusted_schema", false)?;
    // SQL, however it came to be, cannot write the index tables of FTS5 or the schema itself.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // A plan that depends on nothing but the statement: otherwise SQLite compiles some statements anew at every run,
    // to see whether the values bound this time would let it use a partial index.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Sorted or spilled rows hold messages; they are not to land in the system's temporary directory.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Tries again for as long as `most` while another process is in the way. SQLite itself does not wait for the change of
/// the journal: two that make the same file at once would wait for each other.
#[expect(clippy::disallowed_methods, reason = "another process tells nobody that it is done")]
fn patiently<T>(most: Duration, mut attempt: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let began = Instant::now();
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && began.elapsed() < most => std::thread::sleep(BUSY_PAUSE),
            ended => return ended,
        }
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn demand(setting: &'static str, wanted: &str, found: &str) -> Result<(), StoreError> {
    if wanted == found { Ok(()) } else { Err(StoreError::Unsafe { setting, found: found.to_owned() }) }
}

/// Makes directory and file so that no other user can read them; SQLite gives its log the mode of the file.
pub(crate) fn create_privately(path: &Path) -> Result<(), StoreError> {
    if let Some(directory) = path.parent().filter(|d| !d.as_os_str().is_empty() && !d.exists()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(|e| StoreError::file(directory, &e))?;
    }
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(StoreError::file(path, &error)),
    }
}
