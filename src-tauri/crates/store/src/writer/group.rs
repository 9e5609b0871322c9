//! One transaction for a group of jobs: each undone by itself where it fails, all committed together.

use super::Tally;
use super::job::Work;
use crate::counts;
use crate::error::StoreError;
use crate::open::{Options, writing};
use crate::signals::{self, IndexChunk, Indexed};
use crate::view::Tx;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Owns the write connection.
pub(super) struct Worker {
    /// Nothing while a failed disk has made the last connection untrustworthy.
    tx: Option<Tx>,
    path: PathBuf,
    options: Options,
    /// How long the last commits took, the newest counting a quarter.
    flush: Duration,
}

/// A commit that takes longer has also folded the log into the file, or met a disk that is busy with something else.
const FLUSH_MAX: Duration = Duration::from_millis(8);

impl Worker {
    pub(super) fn new(tx: Tx, path: PathBuf, options: Options) -> Self {
        // A file that has vanished is not made anew behind the back of its readers.
        Self { tx: Some(tx), path, options: Options { create: false, ..options }, flush: FLUSH_MAX }
    }

    /// How long a commit takes, as far as is known.
    pub(super) fn flush(&self) -> Duration {
        self.flush
    }

    pub(super) fn commit(&mut self, mut group: Vec<Box<dyn Work>>, tally: &Tally) {
        let outage = self.attempt(&mut group).err();
        if let Some(error) = &outage {
            tracing::error!(jobs = group.len(), %error, "a write transaction was lost");
            tally.commits_lost.fetch_add(1, Ordering::Relaxed);
        } else {
            tally.commits.fetch_add(1, Ordering::Relaxed);
        }
        // A full disk may be met by a job or by the commit of all.
        let lost = outage.as_ref().and_then(StoreError::outage);
        tally.note(lost.or_else(|| group.iter().find_map(|job| job.outage())));
        tally.jobs.fetch_add(u64::try_from(group.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
        for job in group {
            job.answer(outage.as_ref());
        }
    }

    /// Adds to the search index what is not in it yet, in a transaction of its own. A broken index must not keep
    /// signals from being taken: it falls behind, and is rebuilt on demand.
    pub(super) fn index(&mut self, chunk: IndexChunk) -> Indexed {
        let mut indexed = Indexed::All;
        let written = self.transact(|tx| {
            tx.begin()?;
            indexed = signals::index_pending(tx, chunk)?;
            Ok(tx.command("COMMIT")?)
        });
        match written {
            Ok(()) => indexed,
            Err(error) => {
                tracing::error!(%error, "the search index cannot be written");
                Indexed::All
            }
        }
    }

    /// All that succeeded is on disk, or an error and nothing is.
    fn attempt(&mut self, group: &mut [Box<dyn Work>]) -> Result<(), StoreError> {
        let mut flush = self.flush;
        let written = self.transact(|tx| {
            write(tx, group)?;
            let began = Instant::now();
            tx.command("COMMIT")?;
            flush = began.elapsed();
            Ok(())
        });
        self.flush = (self.flush * 3 + flush.min(FLUSH_MAX)) / 4;
        written.map_err(as_outage)
    }

    fn transact(&mut self, work: impl FnOnce(&Tx) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let tx = match self.tx.take() {
            Some(tx) => tx,
            None => Tx::new(writing(&self.path, &self.options)?),
        };
        let written = work(&tx);
        let sound = match &written {
            Ok(()) => true,
            Err(error) => end(&tx) && error.leaves_connection_sound(),
        };
        if sound {
            self.tx = Some(tx);
        }
        written
    }
}

/// Leaves the transaction, if SQLite has not done so by itself.
fn end(tx: &Tx) -> bool {
    tx.counts().back_to(0);
    tx.connection().is_autocommit() || tx.command("ROLLBACK").is_ok()
}

/// Everything but the commit.
fn write(tx: &Tx, group: &mut [Box<dyn Work>]) -> Result<(), StoreError> {
    tx.begin()?;
    if !all_succeed(tx, group)? {
        let alone = group.len() == 1;
        for job in group.iter_mut() {
            run_one(tx, job.as_mut(), alone)?;
        }
    }
    counts::write_pending(tx)
}

/// Runs jobs that may be repeated without a savepoint each, which would copy every page that the next job touches
/// again; failures are rare. After one the transaction is as it was at its beginning and `false` is the answer.
fn all_succeed(tx: &Tx, group: &mut [Box<dyn Work>]) -> Result<bool, StoreError> {
    if group.len() < 2 || !group.iter().all(|job| job.is_repeatable()) {
        return Ok(false);
    }
    for job in group.iter_mut() {
        if let Err(error) = job.run(tx) {
            if error.is_disk_failure() || tx.connection().is_autocommit() {
                return Err(error);
            }
            tx.counts().back_to(0);
            tx.command("ROLLBACK")?;
            tx.begin()?;
            return Ok(false);
        }
    }
    Ok(true)
}

fn run_one(tx: &Tx, job: &mut dyn Work, alone: bool) -> Result<(), StoreError> {
    let mark = tx.counts().mark();
    // A job without company needs no savepoint: what it leaves behind can be undone with the transaction.
    if !alone {
        tx.command("SAVEPOINT job")?;
    }
    let Err(error) = job.run(tx) else {
        return if alone { Ok(()) } else { Ok(tx.command("RELEASE job")?) };
    };
    // Some failures end the whole transaction, and with it what the jobs before have written.
    if error.is_disk_failure() || tx.connection().is_autocommit() {
        return Err(error);
    }
    tx.counts().back_to(mark);
    if alone {
        tx.command("ROLLBACK")?;
        Ok(tx.begin()?)
    } else {
        tx.forget();
        tx.command("ROLLBACK TO job")?;
        Ok(tx.command("RELEASE job")?)
    }
}

/// Whatever kept a commit from happening, the jobs of the group were not at fault and may be tried again.
fn as_outage(error: StoreError) -> StoreError {
    if matches!(error, StoreError::Unavailable { .. }) {
        return error;
    }
    StoreError::Unavailable { outage: crate::Outage::Other, message: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outage;
    use crate::writer::job::{Job, Once};

    #[test]
    fn a_connection_outlives_a_full_disk_but_not_a_failing_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pitwire.db");
        let options = Options::default();
        let mut worker = Worker::new(Tx::new(writing(&path, &options).unwrap()), path, options);
        let tally = Tally::default();
        let mut check = |outage: Option<Outage>, kept: bool| {
            let failing = move |_: &Tx| match outage {
                Some(outage) => Err(StoreError::Unavailable { outage, message: String::new() }),
                None => Ok(()),
            };
            worker.commit(vec![Box::new(Job::new(Once(Some(failing)), |_| {}))], &tally);
            assert_eq!(worker.tx.is_some(), kept, "{outage:?}");
        };
        check(None, true);
        check(Some(Outage::DiskFull), true);
        check(Some(Outage::InputOutput), false);
        check(None, true);
        assert_eq!(tally.commits_lost.load(Ordering::Relaxed), 1);
    }
}
