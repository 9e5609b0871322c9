//! The page's live channel: one at a time, ended with its page.

use desk::wire::Batch;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::async_runtime::JoinHandle;
use tauri::ipc::{Channel, InvokeResponseBody};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// The task that feeds the page, managed by Tauri.
///
/// A channel does not notice that its page was reloaded or closed, so the next page's subscription, or the
/// window's end, ends it.
#[derive(Default)]
pub(super) struct Subscription(Mutex<Option<JoinHandle<()>>>);

impl Subscription {
    /// Feed this channel and no other.
    pub(super) fn begin(&self, batches: Receiver<Arc<Batch>>, channel: Channel<InvokeResponseBody>) {
        self.replace(Some(tauri::async_runtime::spawn(feed(batches, channel))));
    }

    /// Feed nobody.
    pub(super) fn end(&self) {
        self.replace(None);
    }

    fn replace(&self, task: Option<JoinHandle<()>>) {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(previous) = std::mem::replace(&mut *current, task) {
            previous.abort();
        }
    }
}

async fn feed(mut batches: Receiver<Arc<Batch>>, channel: Channel<InvokeResponseBody>) {
    loop {
        let body = match batches.recv().await {
            Ok(batch) => serde_json::to_string(&*batch),
            // The page fell behind: it reads everything again.
            Err(RecvError::Lagged(_)) => serde_json::to_string(&Batch {
                overflow: true,
                account: true,
                webhooks: true,
                ..Batch::default()
            }),
            Err(RecvError::Closed) => return,
        };
        let sent = body.map_err(Into::into).and_then(|json| channel.send(InvokeResponseBody::Json(json)));
        if let Err(error) = sent {
            tracing::warn!(%error, "window.channel.closed");
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use tokio::sync::broadcast;

    fn channel() -> (Channel<InvokeResponseBody>, mpsc::Receiver<Batch>) {
        let (sender, received) = mpsc::channel();
        let channel = Channel::new(move |body| {
            let InvokeResponseBody::Json(json) = body else { panic!("batches are JSON") };
            sender.send(serde_json::from_str(&json).unwrap()).unwrap();
            Ok(())
        });
        (channel, received)
    }

    #[tokio::test]
    async fn batches_reach_the_page_in_order_until_the_desk_ends() {
        let (sender, batches) = broadcast::channel(4);
        let (channel, received) = channel();
        let first = Batch { account: true, ..Batch::default() };
        let second = Batch { webhooks: true, ..Batch::default() };
        for batch in [&first, &second] {
            sender.send(Arc::new(batch.clone())).unwrap();
        }
        drop(sender);
        feed(batches, channel).await;
        assert_eq!(received.iter().collect::<Vec<_>>(), [first, second]);
    }

    #[tokio::test]
    async fn a_page_that_fell_behind_is_told_to_read_again() {
        let (sender, batches) = broadcast::channel(1);
        let (channel, received) = channel();
        for _ in 0..3 {
            sender.send(Arc::new(Batch::default())).unwrap();
        }
        drop(sender);
        feed(batches, channel).await;
        let everything = Batch { overflow: true, account: true, webhooks: true, ..Batch::default() };
        assert_eq!(received.iter().collect::<Vec<_>>(), [everything, Batch::default()]);
    }
}
