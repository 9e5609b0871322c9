//! One SQLite file: tables, the writer with group commit, readers, migrations, retention, backup.
//!
//! Each table has a file: its schema, its row, its reads and writes by column name. Reads take a [`View`], writes a
//! [`Tx`]; the first comes from [`Reader::read`], the second only from a job of the [`Writer`]. `store` has its own
//! row types and treats JSON as text; `desk` translates.
//!
//! Deliberately absent: clocks, async, HTTP, and any rule of trading. The caller is `desk`, alone.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! # let path = folder.path().join("pitwire.db");
//! let store = store::Store::open(&path, store::Options::default())?;
//! store.writer().run(|tx| store::settings::set(tx, "listen.port", "8787"))?;
//! let port = store.reader().read(|view| store::settings::get(view, "listen.port"))?;
//! assert_eq!(port.as_deref(), Some("8787"));
//! # Ok::<(), store::StoreError>(())
//! ```

mod backup;
mod column;
mod error;
mod health;
mod migrate;
mod open;
mod reader;
mod view;
mod writer;

pub mod accounts;
pub mod candles;
pub mod commands;
pub mod counts;
pub mod dedupe;
pub mod equity_points;
pub mod fills;
pub mod instruments;
pub mod ledger;
pub mod orders;
pub mod positions;
pub mod settings;
pub mod signals;
pub mod stated_positions;
pub mod strategies;
pub mod trades;
pub mod tunnel;
pub mod verdicts;
pub mod webhooks;

pub use backup::restore;
pub use error::{Outage, StoreError};
pub use health::{FileInfo, probe};
pub use open::Options;
pub use reader::Reader;
pub use view::{Tx, View};
pub use writer::{Busy, Down, GROUP_MAX, QUEUE_MAX, Writer, WriterStats};

use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

/// The open file. Dropping it finishes the jobs that wait.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    options: Options,
    writer: Writer,
    reader: Reader,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Opens the file, makes it where there is none, and brings it to the present format.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for files that are left as they are,
    /// [`StoreError::Unsafe`] when durable writing cannot be had, and whatever the file system says.
    pub fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        let tx = Tx::new(open::writing(path, &options)?);
        let reader = Reader::open(path, &options)?;
        let (writer, thread) = Writer::start(tx, path, options)?;
        Ok(Self { path: path.to_owned(), options, writer, reader, thread: Some(thread) })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The way to write.
    #[must_use]
    pub fn writer(&self) -> &Writer {
        &self.writer
    }

    /// The way to read.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Writes a compact copy to `to` while the store works on; it appears only when it is complete and on the disk.
    ///
    /// # Errors
    /// [`StoreError::File`] when `to` exists or cannot be made.
    pub fn backup_to(&self, to: &Path) -> Result<(), StoreError> {
        backup::write(&self.path, to, &self.options)
    }

    /// Reads the whole file once to see whether it is sound: seconds for a large one.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] with the first finding.
    pub fn quick_check(&self) -> Result<(), StoreError> {
        self.reader.read(health::quick_check)
    }

    /// Sizes of the file and its log.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    pub fn file_info(&self) -> Result<FileInfo, StoreError> {
        self.reader.read(|view| health::file_info(view, &self.path))
    }

    /// Takes no more jobs, finishes those that wait, and closes the file. Jobs submitted through clones of the
    /// writer are refused from here on.
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.writer.close();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the writer ended by a panic");
        }
    }
}
