//! Composition: the parts put together into a desk that listens, stores, decides and tells.
//!
//! Requests enter by `intake`, wait in the database, are decided by `driver` on the books of `paper`, and what
//! changed is told by `publish`. [`wire`] has all JSON of the outside; [`Desk`] is what the window and the command
//! line hold. Deliberately absent: windows, argument parsing, and any other way to trade than through the driver.

pub mod analytics;
mod answers;
mod books;
mod chores;
mod clock;
mod context;
pub mod demo;
mod directory;
mod doctor;
mod drift;
mod driver;
mod export;
pub mod indicator;
mod intake;
mod journal;
mod lanes;
mod listen;
mod lock;
mod market;
mod order_desk;
mod outside;
mod pipeline;
mod publish;
mod queue;
mod quotes;
mod random;
mod recover;
mod refused;
mod rpc;
mod settings;
mod silence;
pub mod simulate;
mod tunnel;
mod tunnel_changes;
mod turn;
mod upkeep;
mod waiting;
mod wake;
pub mod wire;
mod worker;

pub use clock::Clock;
pub use context::make_private;
pub use export::ExportFormat;
pub use listen::ListenError;
pub use lock::LockError;
pub use settings::{BadVariable, unknown_setting};
pub use tunnel_changes::TunnelChanges;
pub use worker::{ListenOptions, Worker};

use context::Context;
use domain::DialectName;
use publish::Publisher;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::StoreError;
use thiserror::Error;
use tokio::sync::broadcast;
use vault::VaultError;
use wire::{Batch, CopyRequest, CopyText, Explained, RpcError, SignalQuery};

/// Why a data directory cannot be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The directory cannot be made or used.
    #[error("the data directory {path} cannot be used: {source}")]
    DataDir {
        /// The directory.
        path: PathBuf,
        /// The system's own words.
        source: std::io::Error,
    },
    /// A setting in the environment cannot be used; nothing was touched.
    #[error(transparent)]
    Environment(#[from] BadVariable),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The app key cannot be had.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// An open data directory. Cheap to clone; every clone is the same desk.
#[derive(Clone)]
pub struct Desk {
    context: Arc<Context>,
    runtime: Arc<rpc::Runtime>,
    publisher: Publisher,
}

impl Desk {
    /// Opens a data directory, and makes it where there is none. Several processes may have the same one open; only
    /// one of them can be its worker.
    ///
    /// # Errors
    /// [`OpenError`] saying which part cannot be had.
    pub fn open(data_dir: &Path, clock: Clock) -> Result<Self, OpenError> {
        let context = Context::open(data_dir, clock)?;
        Ok(Self {
            context: Arc::new(context),
            runtime: Arc::new(rpc::Runtime::default()),
            publisher: Publisher::new(),
        })
    }

    /// The data directory.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.context.data_dir
    }

    /// A setting in force, as text.
    #[must_use]
    pub fn setting(&self, key: &str) -> String {
        self.context.settings().text(key).to_owned()
    }

    /// Calls a method without blocking the runtime.
    ///
    /// # Errors
    /// The method's own, and `UNKNOWN_METHOD`.
    pub async fn rpc(&self, method: &str, params: serde_json::Value) -> Result<serde_json::Value, RpcError> {
        let desk = self.clone();
        let method = method.to_owned();
        let called = tokio::task::spawn_blocking(move || desk.call(&method, params)).await;
        called.unwrap_or_else(|error| {
            tracing::error!(%error, "a method broke");
            Err(RpcError::internal())
        })
    }

    /// Calls a method on this thread, which may wait for the database.
    ///
    /// # Errors
    /// The method's own, and `UNKNOWN_METHOD`.
    pub fn call(&self, method: &str, params: serde_json::Value) -> Result<serde_json::Value, RpcError> {
        rpc::call(&self.context, &self.runtime, method, params)
    }

    /// A text for the clipboard. It may hold a token: it goes there and nowhere else.
    ///
    /// # Errors
    /// `NOT_FOUND` when there is no such webhook.
    pub fn copy_text(&self, request: &CopyRequest) -> Result<CopyText, RpcError> {
        rpc::copy::copy_text(&self.context, &self.runtime, request)
    }

    /// What changes from now on, in batches.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.publisher.subscribe()
    }

    /// What becomes of the tunnel of this process from now on, a change at a time.
    #[must_use]
    pub fn tunnel_changes(&self) -> TunnelChanges {
        TunnelChanges(self.runtime.tunnel.subscribe())
    }

    /// Says what a message means, without anything being done.
    ///
    /// # Errors
    /// The reading's own, and `NOT_FOUND` when there is no such webhook.
    pub fn explain(&self, body: &[u8], webhook: Option<&str>) -> Result<Explained, RpcError> {
        let settings = match webhook {
            Some(id) => directory::reading_settings(&rpc::webhooks::row_of(&self.context, id)?.webhook),
            None => dialect::Settings::default(),
        };
        rpc::signals::explain_bytes(body, &settings)
    }

    /// Writes the signals that pass `query` to `out`, newest first, and says how many.
    ///
    /// # Errors
    /// `INVALID_FIELD` for the query, `EXPORT_FAILED` when `out` cannot be written.
    pub fn export(
        &self,
        query: &SignalQuery,
        format: ExportFormat,
        out: &mut dyn Write,
    ) -> Result<u64, RpcError> {
        export::signals(&self.context, query, format, out)
    }

    /// As [`Desk::export`], to a file that is whole or not there.
    ///
    /// # Errors
    /// As [`Desk::export`].
    pub fn export_to(&self, query: &SignalQuery, format: ExportFormat, file: &Path) -> Result<u64, RpcError> {
        export::signals_to(&self.context, query, format, file)
    }

    /// Writes a copy of the database while everything goes on. The app key is not in it.
    ///
    /// # Errors
    /// [`StoreError`] when the file exists or cannot be written.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        self.context.store.backup_to(to)
    }

    /// Becomes the worker of this data directory.
    ///
    /// # Errors
    /// [`LockError::Held`] when another process is.
    pub fn work(&self) -> Result<Worker, worker::WorkError> {
        Worker::start(self)
    }
}

/// The names of the formats that messages may have.
#[must_use]
pub fn dialect_names() -> Vec<&'static str> {
    DialectName::ALL.iter().map(|dialect| dialect.as_str()).collect()
}

/// Says what a message means without any data directory.
///
/// # Errors
/// The reading's own.
pub fn explain(body: &[u8]) -> Result<Explained, RpcError> {
    rpc::signals::explain_bytes(body, &dialect::Settings::default())
}

/// Says what is wrong with a strategy file, without any data directory.
#[must_use]
pub fn check_strategy(file: &str) -> wire::StrategyCheck {
    rpc::strategies::check(file)
}

/// Puts a backup in the place of the database of `data_dir`, which nobody may be working on. Tokens of a backup that
/// was made with another app key must be regenerated.
///
/// # Errors
/// `INVALID_SETTING` for a variable of the environment, `RUNNING` while a worker runs, `RESTORE_FAILED` when the file is no sound backup; nothing is changed then.
pub fn restore(data_dir: &Path, from: &Path) -> Result<(), RpcError> {
    let failed = |error: &dyn std::error::Error| RpcError::new("RESTORE_FAILED", format!("{error}."));
    let environment =
        settings::Environment::of_process().map_err(|e| RpcError::new("INVALID_SETTING", format!("{e}.")))?;
    std::fs::create_dir_all(data_dir).map_err(|e| failed(&e))?;
    let _lock = lock::WorkerLock::take(data_dir).map_err(|e| match e {
        LockError::Held { .. } => RpcError::new("RUNNING", format!("{e}.")),
        LockError::File(_) => failed(&e),
    })?;
    let to = data_dir.join("pitwire.db");
    store::restore(from, &to, store::Options::default()).map_err(|e| failed(&e))?;
    context::settle_key(data_dir, &environment).map_err(|e| failed(&e))
}

/// Where the data directory is when nobody says otherwise: XDG, Known Folders or Application Support.
#[must_use]
pub fn default_data_dir() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "pitwire").map(|dirs| dirs.data_dir().to_owned())
}
