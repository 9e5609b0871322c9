//! `pitwire simulate`: scenarios through the paper broker that trades.
//!
//! An alert of a scenario becomes the same signal as a message with its words, is judged for repetition by the same
//! rule and decided by the same broker. What a message could not say either (an action that nobody knows, a quantity
//! below zero) rejects the signal; what makes the scenario itself unreadable is an error with its place. The same text
//! always gives the same answer: there is no clock, no chance and no database here.
//!
//! The command line calls [`simulate`] and [`summarize`].

mod record;
mod repeats;
mod run;
mod script;

use crate::wire::scenario::{Document, Place, Scenario, Scenarios, Timed, head, scenario, scenarios};
use crate::wire::{Results, RpcError, Snapshot, Summary};
use domain::ReasonCode;
use run::{Run, Unvalued};
use script::{Script, Task};
use std::io::{BufRead, Read};
use std::sync::mpsc;

/// The largest file of scenarios that is read, in bytes.
pub const SCENARIO_BYTES_MAX: usize = 256 * 1024 * 1024;

/// How many lines of a stream are handed to the broker at once.
const BATCH: usize = 256;

/// How many batches may lie ready before the broker.
const BATCHES_AHEAD: usize = 4;

/// The longest line of a stream of steps, in bytes.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// The answer to one scenario, or to a file of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Simulated {
    /// The snapshot of the one scenario.
    One(Box<Snapshot>),
    /// The snapshots of all.
    File(Results),
}

/// Runs one scenario, or a file of them.
///
/// # Errors
/// What is wrong with the text, with its line and its path.
pub fn simulate(text: &[u8]) -> Result<Simulated, RpcError> {
    if text.len() > SCENARIO_BYTES_MAX {
        let sentence =
            format!("The file is larger than {SCENARIO_BYTES_MAX} bytes; send its steps to --summary.");
        return Err(RpcError::new(ReasonCode::BodyTooLarge.as_str(), sentence));
    }
    let text = utf8(text, 1)?;
    let document = Document::new(text, 1);
    match scenarios(&document)? {
        Scenarios::One(one) => Ok(Simulated::One(Box::new(snapshot(*one)?))),
        Scenarios::File(all) => {
            let results = all.iter().map(|place| snapshot(scenario(place)?));
            Ok(Simulated::File(Results { results: results.collect::<Result<_, RpcError>>()? }))
        }
    }
}

fn snapshot(one: Scenario<'_>) -> Result<Snapshot, RpcError> {
    let mut script = Script::new(&one.account);
    let mut run = Run::recorded(one.account);
    for place in &one.steps {
        run.take(&script.task(Timed::read(place)?)).map_err(|unvalued| refused(place, &unvalued))?;
    }
    Ok(run.snapshot())
}

fn refused(place: &Place<'_>, unvalued: &Unvalued) -> RpcError {
    place.error(unvalued.code(), unvalued.sentence())
}

/// Runs a stream of lines: the settings, then a step in each. Only totals are kept, and few lines at a time: they are
/// read while the broker takes those before them.
///
/// # Errors
/// What is wrong with a line, with its number.
pub fn summarize(input: &mut dyn BufRead) -> Result<Summary, RpcError> {
    let mut lines = Lines { input, line: Vec::new(), number: 0 };
    let Some((first, number)) = lines.next()? else {
        let sentence =
            "There is nothing to read: the first line is {\"config\":{…}}, then comes a step in each.";
        return Err(RpcError::new(ReasonCode::EmptyBody.as_str(), sentence));
    };
    let document = Document::new(first, number);
    let one = head(&document)?;
    let mut script = Script::new(&one.account);
    let mut run = Run::counted(one.account);
    for place in &one.steps {
        run.take(&script.task(Timed::read(place)?)).map_err(|unvalued| refused(place, &unvalued))?;
    }
    std::thread::scope(|scope| {
        let (tasks, taken) = mpsc::sync_channel(BATCHES_AHEAD);
        let (done, spent) = mpsc::channel();
        let broker = scope.spawn(move || take_all(run, &taken, &done));
        let read = read_all(&mut lines, &mut script, &tasks, &spent);
        drop(tasks);
        let run = broker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        // What the broker refuses stands before what cannot be read.
        let run = run?;
        read.map(|()| run.summary())
    })
}

/// The tasks of some lines, with the numbers of these.
type Batch = Vec<(Task, usize)>;

/// Reads lines to their end, or until nobody wants more of them. Batches that are done with come back to the thread
/// that their memory is from: to free it on another is slow.
fn read_all(
    lines: &mut Lines<'_>,
    script: &mut Script,
    tasks: &mpsc::SyncSender<Batch>,
    spent: &mpsc::Receiver<Batch>,
) -> Result<(), RpcError> {
    let mut batch = Batch::with_capacity(BATCH);
    let mut ended = Ok(());
    loop {
        match lines.next().and_then(|line| line.map(|line| task_of(line, script)).transpose()) {
            Ok(Some(task)) => batch.push(task),
            Ok(None) => break,
            Err(error) => {
                ended = Err(error);
                break;
            }
        }
        if batch.len() == BATCH {
            let mut next = spent.try_recv().unwrap_or_else(|_| Batch::with_capacity(BATCH));
            next.clear();
            // The broker has stopped at an error of its own, which is told instead.
            if tasks.send(std::mem::replace(&mut batch, next)).is_err() {
                return ended;
            }
        }
    }
    // As above.
    let _told_instead = tasks.send(batch);
    ended
}

fn task_of((line, number): (&str, usize), script: &mut Script) -> Result<(Task, usize), RpcError> {
    let document = Document::new(line, number);
    Ok((script.task(Timed::read(&document.root())?), number))
}

fn take_all(
    mut run: Run,
    tasks: &mpsc::Receiver<Batch>,
    done: &mpsc::Sender<Batch>,
) -> Result<Run, RpcError> {
    for batch in tasks {
        for (task, number) in &batch {
            let at_its_line =
                |unvalued: Box<Unvalued>| refused(&Document::new("", *number).root(), &unvalued);
            run.take(task).map_err(at_its_line)?;
        }
        // The reader may have come to its end.
        let _nobody_waits = done.send(batch);
    }
    Ok(run)
}

/// Lines of text that are not blank.
struct Lines<'a> {
    input: &'a mut dyn BufRead,
    line: Vec<u8>,
    number: usize,
}

impl Lines<'_> {
    fn next(&mut self) -> Result<Option<(&str, usize)>, RpcError> {
        loop {
            self.line.clear();
            self.number += 1;
            let mut limited = (&mut *self.input).take(LINE_BYTES_MAX + 1);
            let read = limited.read_until(b'\n', &mut self.line).map_err(|error| {
                at_line(RpcError::new("FAILED", format!("The steps cannot be read: {error}.")), self.number)
            })?;
            if read == 0 {
                return Ok(None);
            }
            if u64::try_from(read).unwrap_or(u64::MAX) > LINE_BYTES_MAX {
                let sentence = format!("The line is longer than {LINE_BYTES_MAX} bytes.");
                return Err(at_line(RpcError::new(ReasonCode::BodyTooLarge.as_str(), sentence), self.number));
            }
            if !self.line.trim_ascii().is_empty() {
                break;
            }
        }
        utf8(&self.line, self.number).map(|text| Some((text, self.number)))
    }
}

fn utf8(bytes: &[u8], line_first: usize) -> Result<&str, RpcError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = line_first + before.iter().filter(|byte| **byte == b'\n').count();
        at_line(
            RpcError::new(ReasonCode::MalformedJson.as_str(), "This is no UTF-8 text from here on."),
            line,
        )
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text).trim_end())
}

fn at_line(error: RpcError, line: usize) -> RpcError {
    RpcError { line: u32::try_from(line).ok(), ..error }
}

#[cfg(test)]
mod property_tests;
