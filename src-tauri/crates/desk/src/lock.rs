//! One worker per data directory: a lock on the file `lock`, which holds the worker's process id for the message
//! that a second one gets.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use thiserror::Error;

/// Why the lock could not be had.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process works on this data directory.
    #[error(
        "another Pitwire (process {pid}) works on this data directory; close it first, or use --data-dir"
    )]
    Held {
        /// That process's id; `unknown` when it has not written it yet.
        pid: String,
    },
    /// The file cannot be used.
    #[error("the lock file cannot be used: {0}")]
    File(#[from] std::io::Error),
}

/// The right to be the worker; given back when dropped or when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct WorkerLock {
    _file: File,
}

impl WorkerLock {
    /// Takes the lock without waiting.
    ///
    /// # Errors
    /// [`LockError::Held`] with the other's process id, [`LockError::File`] when the file cannot be opened.
    pub(crate) fn take(data_dir: &Path) -> Result<Self, LockError> {
        let path = data_dir.join("lock");
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held { pid: holder(&mut file) }),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        write!(file, "{}", std::process::id())?;
        file.flush()?;
        Ok(Self { _file: file })
    }
}

/// Whether some process, this one included, is the worker of this data directory.
pub(crate) fn is_held(data_dir: &Path) -> bool {
    let file = OpenOptions::new().read(true).write(true).open(data_dir.join("lock"));
    file.is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let read = file.take(20).read_to_string(&mut text);
    if read.is_ok() && !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        text
    } else {
        "unknown".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_worker_is_refused_by_name_until_the_first_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        assert!(!is_held(directory.path()));
        let first = WorkerLock::take(directory.path()).unwrap();
        assert!(is_held(directory.path()));
        let refused = WorkerLock::take(directory.path()).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(first);
        assert!(!is_held(directory.path()));
        assert!(WorkerLock::take(directory.path()).is_ok());
    }
}
