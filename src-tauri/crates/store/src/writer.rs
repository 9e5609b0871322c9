//! The one thread that writes: it takes whatever jobs wait, runs them in one transaction, commits, then answers.
//!
//! The faster jobs arrive, the more share a flush to disk; there is no timer. A job is a closure over [`Tx`] and
//! either all of it is on disk when it is answered `Ok`, or nothing of it.

mod group;
mod job;
mod queue;

use crate::error::StoreError;
use crate::open::Options;
use crate::view::Tx;
use group::Worker;
use job::Job;
use queue::Queue;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

pub use queue::{Busy, GROUP_MAX, QUEUE_MAX};

/// The way to the thread that writes. Cloning shares it.
#[derive(Clone)]
pub struct Writer {
    queue: Arc<Queue>,
    tally: Arc<Tally>,
}

/// What the writer has done since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterStats {
    /// Jobs answered, failed ones too.
    pub jobs: u64,
    /// Transactions committed.
    pub commits: u64,
    /// Transactions lost: no space, a failing disk, another process for too long.
    pub commits_lost: u64,
    /// Jobs that wait now.
    pub waiting: usize,
}

#[derive(Debug, Default)]
struct Tally {
    jobs: AtomicU64,
    commits: AtomicU64,
    commits_lost: AtomicU64,
}

impl Writer {
    /// Starts the thread on a file that was opened for writing.
    pub(crate) fn start(tx: Tx, path: &Path, options: Options) -> Result<(Self, JoinHandle<()>), StoreError> {
        let writer = Self { queue: Arc::default(), tally: Arc::default() };
        let (queue, tally) = (Arc::clone(&writer.queue), Arc::clone(&writer.tally));
        let mut worker = Worker::new(tx, path.to_owned(), options);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                while let Some(group) = queue.take() {
                    worker.commit(group, &tally);
                }
            })
            .map_err(|e| StoreError::file(path, &e))?;
        Ok((writer, thread))
    }

    /// Queues `job` without ever waiting. `done` is called exactly once, on the writer's thread and after the
    /// commit, so it must be quick; after an `Err` from here it is not called.
    ///
    /// # Errors
    /// [`Busy`] when the job was not taken.
    pub fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> Result<T, StoreError> + Send + 'static,
        done: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) -> Result<(), Busy> {
        self.queue.put(Box::new(Job::new(job, done)))
    }

    /// Runs `job` and waits for its commit. Not for the writer's own thread, which would wait for itself.
    ///
    /// # Errors
    /// What `job` returns, or why it was not taken or not committed.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::sync_channel(1);
        self.submit(job, move |result| {
            // The receiver is this very call; it cannot be gone before it has its answer.
            let _received = answer.send(result);
        })
        .map_err(|busy| match busy {
            Busy::QueueFull => StoreError::QueueFull,
            Busy::ShuttingDown => StoreError::ShuttingDown,
        })?;
        answered.recv().unwrap_or(Err(StoreError::ShuttingDown))
    }

    /// What was done so far.
    #[must_use]
    pub fn stats(&self) -> WriterStats {
        WriterStats {
            jobs: self.tally.jobs.load(Ordering::Relaxed),
            commits: self.tally.commits.load(Ordering::Relaxed),
            commits_lost: self.tally.commits_lost.load(Ordering::Relaxed),
            waiting: self.queue.waiting(),
        }
    }

    /// Takes no more jobs; those that wait are still done.
    pub(crate) fn close(&self) {
        self.queue.close();
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Writer").field(&self.stats()).finish()
    }
}
