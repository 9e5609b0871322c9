//! Reading side by side: a few read-only connections, each lent to one caller at a time.

use crate::error::StoreError;
use crate::open::{Options, reading};
use crate::view::View;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// The read connections. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Reader(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    idle: Mutex<Vec<View>>,
    returned: Condvar,
}

impl Reader {
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self, StoreError> {
        let views = (0..options.read_connections.max(1))
            .map(|_| reading(path, options).map(View::new))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self(Arc::new(Pool { idle: Mutex::new(views), returned: Condvar::new() })))
    }

    /// Runs `job` on one consistent state of the database: what is committed while it runs it does not see.
    /// Waits while every connection is lent, so do not call it from inside `job`.
    ///
    /// # Errors
    /// What `job` returns, or [`StoreError`] when the database cannot be read.
    pub fn read<T>(&self, job: impl FnOnce(&View) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let lent = Lent { view: Some(self.0.take()), pool: &self.0 };
        let view = lent.view();
        view.prepared("BEGIN")?.execute([])?;
        let snapshot = Snapshot(view);
        let result = job(view);
        drop(snapshot);
        result
    }
}

impl Pool {
    fn idle(&self) -> MutexGuard<'_, Vec<View>> {
        // No code that can panic runs under this lock, and a list of connections cannot be half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> View {
        let mut idle = self.idle();
        loop {
            match idle.pop() {
                Some(view) => return view,
                None => idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// Gives the connection back, also when the job panics.
struct Lent<'a> {
    view: Option<View>,
    pool: &'a Pool,
}

impl Lent<'_> {
    fn view(&self) -> &View {
        self.view.as_ref().expect("BUG: the view is taken only when it is given back")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(view) = self.view.take() {
            self.pool.idle().push(view);
            self.pool.returned.notify_one();
        }
    }
}

/// Ends the read transaction, also when the job panics: one left open would keep the log from being folded in.
struct Snapshot<'a>(&'a View);

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.prepared("ROLLBACK").and_then(|mut s| s.execute([])) {
            tracing::error!(%error, "a read transaction did not end");
        }
    }
}
