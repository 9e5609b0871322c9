//! What can go wrong with the file, one variant per cause that a caller can act on.

use crate::writer::Busy;
use domain::SignalId;
use rusqlite::ErrorCode;
use std::path::PathBuf;
use thiserror::Error;

/// Why the file cannot take work at the moment; nothing of the job is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outage {
    /// No space is left. Later work succeeds by itself once there is some.
    DiskFull,
    /// The disk or the file system failed. The connection is opened anew for later work.
    InputOutput,
    /// Another process held the write lock for longer than the busy timeout.
    Locked,
    /// The file may not be written.
    ReadOnly,
    /// The file cannot be opened.
    CannotOpen,
    /// Anything else that kept the commit from happening.
    Other,
}

/// A failed read, job or opening.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// The file cannot take work now; nothing was written, the same may be tried again.
    #[error("the database cannot be written ({outage:?}): {message}")]
    Unavailable {
        /// The cause.
        outage: Outage,
        /// SQLite's own words.
        message: String,
    },
    /// The store is closing; nothing was written.
    #[error("the database is being closed")]
    ShuttingDown,
    /// The queue of the writer is full; nothing was written.
    #[error("too many writes are waiting")]
    QueueFull,
    /// The job panicked; nothing of it was written.
    #[error("the job broke: {message}")]
    Panicked {
        /// What the panic said.
        message: String,
    },
    /// A row with this unique key exists, or a row that is referred to does not.
    #[error("a constraint of the database was broken: {message}")]
    Conflict {
        /// SQLite's own words; they name table and column.
        message: String,
    },
    /// The row does not exist.
    #[error("there is no such {what}")]
    Missing {
        /// What was looked for.
        what: &'static str,
    },
    /// The signal has its decision already; a decision is final.
    #[error("signal {id} is decided already")]
    Decided {
        /// The signal.
        id: SignalId,
    },
    /// The entries of a ledger transaction do not add up to zero, or their sum overflows.
    #[error("the ledger transaction does not balance: {message}")]
    Unbalanced {
        /// The sum.
        message: String,
    },
    /// A cursor that no page gave out.
    #[error("not a cursor of this list")]
    BadCursor,
    /// A stored text is not what its column holds.
    #[error("column {column} holds {text:?}")]
    Unreadable {
        /// The column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// The file was written by a newer version; it was left as it is.
    #[error("the database has format {found}, newer than {known} which this version knows; update Pitwire")]
    Newer {
        /// Format of the file.
        found: i64,
        /// The newest known format.
        known: i64,
    },
    /// The file is something else.
    #[error("{path} is not a Pitwire database")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("the database is damaged: {message}")]
    Damaged {
        /// The first finding.
        message: String,
    },
    /// The durability that was asked for is not in force, so nothing can be promised.
    #[error("the database refuses the setting {setting}: it reads {found:?}")]
    Unsafe {
        /// The PRAGMA.
        setting: &'static str,
        /// What it reads back.
        found: String,
    },
    /// A file could not be created, copied or renamed.
    #[error("{path}: {message}")]
    File {
        /// The file.
        path: PathBuf,
        /// The system's own words.
        message: String,
    },
    /// A statement is wrong: a defect.
    #[error("the database refused a statement: {message}")]
    Statement {
        /// SQLite's own words.
        message: String,
    },
}

impl StoreError {
    /// Whether the disk failed: the kernel may then have dropped pages that SQLite believes written, so that a later
    /// flush "succeeds" without them. Neither the transaction nor the connection can be trusted any more.
    pub(crate) fn is_disk_failure(&self) -> bool {
        matches!(self, Self::Unavailable { outage: Outage::InputOutput, .. })
    }

    /// What keeps the file from taking work, where that is the error.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        if let Self::Unavailable { outage, .. } = self { Some(*outage) } else { None }
    }

    /// Whether a transaction that ended so leaves the connection as it was.
    pub(crate) fn leaves_connection_sound(&self) -> bool {
        matches!(self, Self::Unavailable { outage: Outage::DiskFull | Outage::Locked, .. })
    }

    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), message: error.to_string() }
    }
}

impl From<Busy> for StoreError {
    fn from(busy: Busy) -> Self {
        match busy {
            Busy::QueueFull => Self::QueueFull,
            Busy::ShuttingDown => Self::ShuttingDown,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let message = error.to_string();
        let unavailable = |outage| Self::Unavailable { outage, message: message.clone() };
        let Some(code) = error.sqlite_error_code() else {
            return Self::Statement { message };
        };
        match code {
            ErrorCode::DiskFull => unavailable(Outage::DiskFull),
            ErrorCode::SystemIoFailure => unavailable(Outage::InputOutput),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => unavailable(Outage::Locked),
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => unavailable(Outage::ReadOnly),
            ErrorCode::CannotOpen => unavailable(Outage::CannotOpen),
            ErrorCode::OutOfMemory
            | ErrorCode::OperationAborted
            | ErrorCode::OperationInterrupted
            | ErrorCode::FileLockingProtocolFailed => unavailable(Outage::Other),
            ErrorCode::ConstraintViolation => Self::Conflict { message },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::Damaged { message },
            // The enum is open: whatever else SQLite says is about the statement.
            ErrorCode::InternalMalfunction
            | ErrorCode::NotFound
            | ErrorCode::SchemaChanged
            | ErrorCode::TooBig
            | ErrorCode::TypeMismatch
            | ErrorCode::ApiMisuse
            | ErrorCode::NoLargeFileSupport
            | ErrorCode::AuthorizationForStatementDenied
            | ErrorCode::ParameterOutOfRange
            | ErrorCode::Unknown
            | _ => Self::Statement { message },
        }
    }
}
