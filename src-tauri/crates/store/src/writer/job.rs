//! A job with its answer, whatever its type: run inside the transaction, answered after the commit.

use crate::error::{Outage, StoreError};
use crate::view::Tx;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) trait Work: Send {
    /// Runs the job; the answer waits for the commit.
    fn run(&mut self, tx: &Tx) -> Result<(), StoreError>;

    /// Whether it may be run once more after its rows were rolled back.
    fn is_repeatable(&self) -> bool;

    /// What kept it from being written, if it has run and that was not its own fault.
    fn outage(&self) -> Option<Outage>;
    /// Tells the submitter how it ended: `outage` when the transaction was lost.
    fn answer(self: Box<Self>, outage: Option<&StoreError>);
}

/// What can be run in a transaction.
pub(super) trait Task<T>: Send {
    const REPEATABLE: bool;

    fn run(&mut self, tx: &Tx) -> Result<T, StoreError>;
}

/// Runs once.
pub(super) struct Once<J>(pub(super) Option<J>);

impl<T, J: FnOnce(&Tx) -> Result<T, StoreError> + Send> Task<T> for Once<J> {
    const REPEATABLE: bool = false;

    fn run(&mut self, tx: &Tx) -> Result<T, StoreError> {
        let job = self.0.take().expect("BUG: a job that runs once is run once");
        job(tx)
    }
}

/// Runs as often as it takes.
pub(super) struct Again<J>(pub(super) J);

impl<T, J: Fn(&Tx) -> Result<T, StoreError> + Send> Task<T> for Again<J> {
    const REPEATABLE: bool = true;

    fn run(&mut self, tx: &Tx) -> Result<T, StoreError> {
        (self.0)(tx)
    }
}

pub(super) struct Job<T, J, D> {
    task: J,
    done: D,
    result: Option<Result<T, StoreError>>,
}

impl<T, J, D> Job<T, J, D> {
    pub(super) fn new(task: J, done: D) -> Self {
        Self { task, done, result: None }
    }
}

impl<T, J, D> Work for Job<T, J, D>
where
    T: Send,
    J: Task<T>,
    D: FnOnce(Result<T, StoreError>) + Send,
{
    fn is_repeatable(&self) -> bool {
        J::REPEATABLE
    }

    fn run(&mut self, tx: &Tx) -> Result<(), StoreError> {
        let task = &mut self.task;
        // Whatever the job wrote is rolled back, so nothing torn is seen again.
        let result = catch_unwind(AssertUnwindSafe(|| task.run(tx)))
            .unwrap_or_else(|panic| Err(StoreError::Panicked { message: words_of(panic.as_ref()) }));
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    fn outage(&self) -> Option<Outage> {
        self.result.as_ref()?.as_ref().err()?.outage()
    }

    fn answer(self: Box<Self>, outage: Option<&StoreError>) {
        let Self { task, done, result } = *self;
        // Before the answer: whoever shares what the job held is then the one to free it.
        drop(task);
        let result = match (result, outage) {
            // A job that had failed by itself keeps its own reason.
            (Some(Err(error)), _) => Err(error),
            (_, Some(outage)) => Err(outage.clone()),
            (result, None) => result.expect("BUG: a committed job has run"),
        };
        if catch_unwind(AssertUnwindSafe(|| done(result))).is_err() {
            tracing::error!("the answer to a write broke");
        }
    }
}

fn words_of(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "it said nothing".to_owned())
}
