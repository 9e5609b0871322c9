//! Steps read on a thread of their own, some batches ahead of the broker that takes them.

use super::lines::Lines;
use crate::wire::RpcError;
use crate::wire::scenario::{Document, Timed};
use std::io::BufRead;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Steps of one batch.
const BATCH: usize = 256;
/// Batches that wait for the broker at the most.
const BATCHES_AHEAD: usize = 4;

/// Steps with the numbers of their lines.
type Steps = Vec<(Timed<'static>, usize)>;

/// The thread that reads, and what it has read.
pub(super) struct Ahead {
    read: Receiver<Result<Steps, RpcError>>,
    /// Nothing once its end was seen.
    thread: Option<JoinHandle<()>>,
}

impl Ahead {
    /// Starts to read. The thread ends with its lines, and at its next batch when nobody takes them any more; while it
    /// waits for a line that does not come, nobody waits for it.
    pub(super) fn start(lines: Lines<impl BufRead + Send + 'static>) -> Result<Self, RpcError> {
        let (put, read) = sync_channel(BATCHES_AHEAD);
        let thread = std::thread::Builder::new().name("steps".to_owned()).spawn(move || run(lines, &put));
        let thread =
            thread.map_err(|error| RpcError::new("FAILED", format!("No thread can be started: {error}.")))?;
        Ok(Self { read, thread: Some(thread) })
    }

    /// The next steps; nothing at the end. What stands before a line that cannot be read comes before its error.
    pub(super) fn next(&mut self) -> Result<Option<Steps>, RpcError> {
        if let Ok(steps) = self.read.recv() {
            return steps.map(Some);
        }
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => {
                Err(RpcError::new("FAILED", "The reader of the steps broke: this is a defect of Pitwire."))
            }
            Some(Ok(())) | None => Ok(None),
        }
    }
}

fn run(mut lines: Lines<impl BufRead>, put: &SyncSender<Result<Steps, RpcError>>) {
    loop {
        let mut steps = Vec::with_capacity(BATCH);
        let error = fill(&mut lines, &mut steps).err();
        let is_last = error.is_some() || steps.len() < BATCH;
        let sent = if steps.is_empty() { Ok(()) } else { put.send(Ok(steps)) };
        // Nobody takes them any more once a step could not be taken.
        if sent.is_err() {
            return;
        }
        if let Some(error) = error {
            let _gone = put.send(Err(error));
        }
        if is_last {
            return;
        }
    }
}

fn fill(lines: &mut Lines<impl BufRead>, steps: &mut Steps) -> Result<(), RpcError> {
    while steps.len() < BATCH {
        let Some((line, number)) = lines.next()? else { return Ok(()) };
        let document = Document::new(line, number);
        steps.push((Timed::read(&document.root())?.into_owned(), number));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::summarize;
    use super::*;
    use std::io::Cursor;

    fn stream(steps: usize, last: &str) -> Cursor<String> {
        let step = |n: usize| format!("{{\"t\":{n},\"type\":\"last\",\"price\":\"100\"}}\n");
        let steps: String = (0..steps).map(step).collect();
        let settings = r#"{"config":{"instrument":{"symbol":"AAPL"},"starting_cash":"1000"}}"#;
        Cursor::new(format!("{settings}\n{steps}{last}"))
    }

    #[test]
    fn every_step_is_taken_wherever_a_batch_ends() {
        for steps in [0, 1, BATCH - 1, BATCH, BATCH + 1, BATCH * (BATCHES_AHEAD + 3)] {
            let summary = summarize(stream(steps, "")).unwrap();
            assert_eq!(summary.steps, u64::try_from(steps).unwrap());
        }
    }

    #[test]
    fn a_wrong_line_is_named_wherever_it_stands() {
        for steps in [0, BATCH - 1, BATCH, BATCH * (BATCHES_AHEAD + 3)] {
            let error = summarize(stream(steps, "{\"t\":1,\"type\":\"sigh\"}")).unwrap_err();
            // The settings are the first line, the wrong step follows the others.
            assert_eq!(error.line, u32::try_from(steps + 2).ok(), "{steps} steps");
            assert_eq!(error.path.as_deref(), Some("type"));
        }
    }

    /// A reader whose lines never end, as a pipe that somebody keeps open.
    struct Endless(Cursor<String>);

    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let read = self.0.read(buffer)?;
            if read == 0 {
                std::thread::park();
            }
            Ok(read)
        }
    }

    /// The broker refuses a quote whose bid is above its ask; enough follows for its batch to be full.
    #[test]
    fn a_step_that_cannot_be_taken_ends_a_stream_that_stays_open() {
        let wrong = "{\"t\":9999999,\"type\":\"quote\",\"bid\":\"101\",\"ask\":\"100\"}\n";
        let after = "{\"t\":9999999,\"type\":\"last\",\"price\":\"100\"}\n".repeat(BATCH);
        let lines = Endless(stream(3, &format!("{wrong}{after}")));
        let found = summarize(std::io::BufReader::new(lines)).map(|summary| summary.steps);
        assert_eq!(found.map_err(|error| error.line), Err(Some(5)));
    }
}
