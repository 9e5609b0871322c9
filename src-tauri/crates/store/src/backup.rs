//! Backup of the open file, and putting one back.
//!
//! A restore trusts nothing: the file must be ours, of a known format, whole, and have exactly our tables and
//! triggers, since those would run with every write from then on. It has no app key in it: tokens made elsewhere
//! must be rotated, which is the caller's message.

use crate::error::StoreError;
use crate::migrate::{Format, expected_schema, format_of, newest, schema_of};
use crate::open::{Options, create_privately, reading, writing};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, named_params};
use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// All pages in one step and so in one transaction.
const ALL_PAGES: i32 = -1;

/// Writes a compact copy of the file at `from` to `to` while others read and write it. `to` appears only when it is
/// complete and on the disk; only the owner can read it.
///
/// # Errors
/// [`StoreError::File`] when `to` exists, its directory does not, or it cannot be made, or whatever kept the file from being read.
pub(crate) fn write(from: &Path, to: &Path, options: &Options) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::File { path: to.to_owned(), message: "the file exists already".to_owned() });
    }
    // A directory that is not there is a slip of the pen, or a disk that is not mounted.
    if let Some(directory) = to.parent().filter(|d| !d.as_os_str().is_empty() && !d.is_dir()) {
        return Err(StoreError::File {
            path: directory.to_owned(),
            message: "there is no such directory".to_owned(),
        });
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    let partial = PathBuf::from(name);
    // What an earlier attempt left behind is of no use to anybody.
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(|e| StoreError::file(&partial, &e))?;
    }
    let written = copy_to(from, &partial, to, options);
    if written.is_err() && partial.exists() {
        std::fs::remove_file(&partial).map_err(|e| StoreError::file(&partial, &e))?;
    }
    written
}

fn copy_to(from: &Path, partial: &Path, to: &Path, options: &Options) -> Result<(), StoreError> {
    create_privately(partial)?;
    let text = partial.to_str().ok_or_else(|| StoreError::File {
        path: partial.to_owned(),
        message: "the name is not valid Unicode".to_owned(),
    })?;
    reading(from, options)?.prepare("VACUUM INTO :to")?.execute(named_params! {":to": text})?;
    let failed = |error: std::io::Error| StoreError::file(to, &error);
    // SQLite does not flush a copy that it made; Windows flushes only for those who may write.
    OpenOptions::new().write(true).open(partial).and_then(|file| file.sync_all()).map_err(failed)?;
    std::fs::rename(partial, to).map_err(failed)?;
    #[cfg(unix)]
    if let Some(directory) = to.parent().filter(|d| !d.as_os_str().is_empty()) {
        std::fs::File::open(directory).and_then(|file| file.sync_all()).map_err(failed)?;
    }
    Ok(())
}

/// Puts the backup `from` in the place of the database `to`, in one transaction: after a crash `to` is the old
/// database or the new one. Nothing may have `to` open for work; whoever reads it sees the change.
///
/// # Errors
/// [`StoreError::File`], [`StoreError::Foreign`], [`StoreError::Newer`] or [`StoreError::Damaged`] when `from` is not fit, and then `to`
/// is as it was; [`StoreError::Unavailable`] when somebody writes to `to`.
pub fn restore(from: &Path, to: &Path, options: Options) -> Result<(), StoreError> {
    let unfit = |message: &str| StoreError::File { path: from.to_owned(), message: message.to_owned() };
    let found = std::fs::metadata(from).map_err(|error| {
        let missing = error.kind() == ErrorKind::NotFound;
        if missing { unfit("there is no such file") } else { StoreError::file(from, &error) }
    })?;
    if !found.is_file() {
        return Err(unfit("this is a directory or a device, not a file"));
    }
    let source = reading(from, &options)?;
    verify(&source, from)?;
    let mut target = writing(to, &Options { pages_max: None, ..options })?;
    {
        let backup = Backup::new(&source, &mut target)?;
        match backup.step(ALL_PAGES)? {
            StepResult::Done => {}
            StepResult::More | StepResult::Busy | StepResult::Locked | _ => {
                return Err(StoreError::Unavailable {
                    outage: crate::Outage::Locked,
                    message: "the database is in use".to_owned(),
                });
            }
        }
    }
    // The backup may be of an older format.
    drop(target);
    drop(writing(to, &options)?);
    Ok(())
}

/// Whether a file is fit to be restored.
fn verify(source: &Connection, path: &Path) -> Result<(), StoreError> {
    let Format::Version(version) = format_of(source, path)? else {
        return Err(StoreError::Foreign { path: path.to_owned() });
    };
    if schema_of(source)? != expected_schema(version)? {
        return Err(StoreError::Damaged {
            message: format!(
                "its tables are not those of format {version} (this version writes {})",
                newest()
            ),
        });
    }
    let finding: String =
        source.query_row("PRAGMA integrity_check(1)", [], |row| row.get("integrity_check"))?;
    if finding != "ok" {
        return Err(StoreError::Damaged { message: finding });
    }
    if source.prepare("PRAGMA foreign_key_check")?.exists([])? {
        return Err(StoreError::Damaged { message: "a row refers to one that is not there".to_owned() });
    }
    Ok(())
}
