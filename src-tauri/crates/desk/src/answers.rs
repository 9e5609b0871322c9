//! What the writer's thread knows after a commit, brought to those who wait for it: the senders, the driver and the
//! window. The thread has the next group to write, and waking a sleeping thread for every answer would cost it more
//! than the rows did; so it only puts answers into a channel, and one task tells everybody.

use crate::context::Context;
use domain::SignalId;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// The most answers given between two looks at the runtime's other tasks.
const AT_ONCE: usize = 64;

/// Signals that are on the disk, and who waits to hear of them.
pub(crate) struct Answer<T, S> {
    /// Signals to be decided or shown.
    pub(crate) ids: Vec<SignalId>,
    /// What the sender is told.
    pub(crate) told: T,
    /// The sender; it may have given up, which changes nothing.
    pub(crate) to: oneshot::Sender<T>,
    /// What is not needed any more. It is freed where it was made: the allocator makes two threads wait for each
    /// other when the one frees what the other has allocated.
    pub(crate) spent: S,
}

/// The way from the writer's thread to those who wait.
pub(crate) struct Answers<T, S>(mpsc::UnboundedSender<Answer<T, S>>);

impl<T: Send + 'static, S: Send + 'static> Answers<T, S> {
    /// Starts the task on the present runtime; it ends with its last sender.
    pub(crate) fn start(context: Arc<Context>) -> Self {
        let (answers, waiting) = mpsc::unbounded_channel();
        tokio::spawn(give(context, waiting));
        Self(answers)
    }

    /// Has an answer given. It never waits; without the task, which has then ended with its runtime, the sender's
    /// connection is gone too.
    pub(crate) fn put(&self, answer: Answer<T, S>) {
        let _ended = self.0.send(answer);
    }
}

impl<T, S> Clone for Answers<T, S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

async fn give<T, S>(context: Arc<Context>, mut waiting: mpsc::UnboundedReceiver<Answer<T, S>>) {
    let mut batch = Vec::with_capacity(AT_ONCE);
    while waiting.recv_many(&mut batch, AT_ONCE).await > 0 {
        context.changes.signals(batch.iter().flat_map(|answer| &answer.ids));
        context.wake.call();
        for Answer { told, to, spent, .. } in batch.drain(..) {
            let _given_up = to.send(told);
            drop(spent);
        }
    }
}
