//! The one thread that writes: it takes whatever jobs wait, runs them in one transaction, commits, then answers.
//!
//! The faster jobs arrive, the more share a flush to disk. A job is a closure over [`Tx`] and either all of it is on
//! disk when it is answered `Ok`, or nothing of it. When nobody asks for anything the thread keeps the search index.

mod group;
mod job;
mod queue;

use crate::error::{Outage, StoreError};
use crate::open::Options;
use crate::signals::{self, IndexChunk, Indexed};
use crate::view::Tx;
use group::Worker;
use job::{Again, Job, Once, Task};
use queue::{Queue, Taken};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use queue::{Busy, GROUP_MAX, QUEUE_MAX};

/// How long nobody asks for anything before signals are put into the search index.
const INDEX_AFTER: Duration = Duration::from_millis(100);

/// After so many commits some signals are put into the search index as soon as nothing waits, however short the pause.
const INDEX_COMMITS: u32 = 50;

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

/// Nothing can be written at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Down {
    /// Why.
    pub outage: Outage,
    /// When the first job was lost for it.
    pub since: Instant,
}

#[derive(Debug, Default)]
struct Tally {
    jobs: AtomicU64,
    commits: AtomicU64,
    commits_lost: AtomicU64,
    down: Mutex<Option<Down>>,
}

impl Tally {
    /// Notes what kept jobs of a group from being written.
    fn note(&self, outage: Option<Outage>) {
        let mut down = self.down.lock().unwrap_or_else(PoisonError::into_inner);
        let since = down.map_or_else(Instant::now, |down| down.since);
        *down = outage.map(|outage| Down { outage, since });
    }
}

impl Writer {
    /// Starts the thread on a file that was opened for writing.
    pub(crate) fn start(tx: Tx, path: &Path, options: Options) -> Result<(Self, JoinHandle<()>), StoreError> {
        let writer = Self { queue: Arc::default(), tally: Arc::default() };
        let (queue, tally) = (Arc::clone(&writer.queue), Arc::clone(&writer.tally));
        let mut worker = Worker::new(tx, path.to_owned(), options);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&mut worker, &queue, &tally))
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
        self.queue.put(Box::new(Job::new(Once(Some(job)), done)))
    }

    /// The same for a job that may be run again from its beginning, after all that it did was undone: a group of
    /// such jobs costs much less than a group in which each must be undone by itself.
    ///
    /// # Errors
    /// [`Busy`] when the job was not taken.
    pub fn submit_repeatable<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx) -> Result<T, StoreError> + Send + 'static,
        done: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) -> Result<(), Busy> {
        self.queue.put(Box::new(Job::new(Again(job), done)))
    }

    /// Runs `job` and waits for its commit. Not for the writer's own thread, which would wait for itself.
    ///
    /// # Errors
    /// What `job` returns, or why it was not taken or not committed.
    pub fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.wait(Once(Some(job)))
    }

    /// [`Writer::run`] for a job that may be run again, see [`Writer::submit_repeatable`].
    ///
    /// # Errors
    /// What `job` returns, or why it was not taken or not committed.
    pub fn run_repeatable<T: Send + 'static>(
        &self,
        job: impl Fn(&Tx) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.wait(Again(job))
    }

    /// Puts every signal that is there into the search index; a signal joins it by itself a moment after it came.
    ///
    /// # Errors
    /// Why the index cannot be written; searching finds what was in it before.
    pub fn index_signals(&self) -> Result<(), StoreError> {
        let index = |tx: &Tx| signals::index_pending(tx, IndexChunk::Large);
        while self.run_repeatable(index)? == Indexed::Some {}
        Ok(())
    }

    fn wait<T: Send + 'static>(&self, task: impl Task<T> + 'static) -> Result<T, StoreError> {
        let (answer, answered) = mpsc::sync_channel(1);
        let done = move |result| {
            // The receiver is this very call; it cannot be gone before it has its answer.
            let _received = answer.send(result);
        };
        self.queue.put(Box::new(Job::new(task, done)))?;
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

    /// Why nothing can be written, since a job was lost for it and until a group is written whole.
    #[must_use]
    pub fn down(&self) -> Option<Down> {
        *self.tally.down.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes no more jobs; those that wait are still done.
    pub(crate) fn close(&self) {
        self.queue.close();
    }
}

fn work(worker: &mut Worker, queue: &Queue, tally: &Tally) {
    // Another process may have left signals out of the index.
    let mut behind = true;
    let mut unindexed = 0_u32;
    loop {
        let chunk = match queue.take(behind.then_some(INDEX_AFTER), worker.flush()) {
            Taken::Group(group) => {
                worker.commit(group, tally);
                behind = true;
                unindexed += 1;
                if unindexed < INDEX_COMMITS || queue.waiting() > 0 {
                    continue;
                }
                IndexChunk::Small
            }
            Taken::Idle => IndexChunk::Large,
            Taken::Closed => return,
        };
        behind = worker.index(chunk) == Indexed::Some;
        unindexed = 0;
    }
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Writer").field(&self.stats()).finish()
    }
}
