//! A job with its answer, whatever its type: run inside the transaction, answered after the commit.

use crate::error::StoreError;
use crate::view::Tx;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub(super) trait Work: Send {
    /// Runs the job; the answer waits for the commit.
    fn run(&mut self, tx: &Tx) -> Result<(), StoreError>;

    /// Tells the submitter how it ended: `outage` when the transaction was lost.
    fn answer(self: Box<Self>, outage: Option<&StoreError>);
}

pub(super) struct Job<T, J, D> {
    job: Option<J>,
    done: D,
    result: Option<Result<T, StoreError>>,
}

impl<T, J, D> Job<T, J, D> {
    pub(super) fn new(job: J, done: D) -> Self {
        Self { job: Some(job), done, result: None }
    }
}

impl<T, J, D> Work for Job<T, J, D>
where
    T: Send,
    J: FnOnce(&Tx) -> Result<T, StoreError> + Send,
    D: FnOnce(Result<T, StoreError>) + Send,
{
    fn run(&mut self, tx: &Tx) -> Result<(), StoreError> {
        let job = self.job.take().expect("BUG: a job is run once");
        // What the job borrowed is dropped with it and its rows are rolled back, so nothing torn is seen again.
        let result = catch_unwind(AssertUnwindSafe(|| job(tx)))
            .unwrap_or_else(|panic| Err(StoreError::Panicked { message: words_of(panic.as_ref()) }));
        let outcome = result.as_ref().map(|_| ()).map_err(Clone::clone);
        self.result = Some(result);
        outcome
    }

    fn answer(self: Box<Self>, outage: Option<&StoreError>) {
        let Self { done, result, .. } = *self;
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
