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

use crate::wire::scenario::{Document, Scenarios, Timed, head, scenario, scenarios};
use crate::wire::{Results, RpcError, Snapshot, Summary};
use domain::ReasonCode;
use run::Run;
use std::io::{BufRead, Read};

/// The largest file of scenarios that is read, in bytes.
pub const SCENARIO_BYTES_MAX: usize = 256 * 1024 * 1024;

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
        Scenarios::One(one) => {
            let mut run = Run::recorded(one.account);
            one.steps.iter().try_for_each(|place| run.step(Timed::read(place)?, place))?;
            Ok(Simulated::One(Box::new(run.snapshot())))
        }
        Scenarios::File(all) => {
            let snapshot = |place| {
                let one = scenario(place)?;
                let mut run = Run::recorded(one.account);
                one.steps.iter().try_for_each(|place| run.step(Timed::read(place)?, place))?;
                Ok(run.snapshot())
            };
            let results = all.iter().map(snapshot).collect::<Result<_, RpcError>>()?;
            Ok(Simulated::File(Results { results }))
        }
    }
}

/// Runs a stream of lines: the settings, then a step in each. Only totals are kept, and one line at a time.
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
    let mut run = {
        let document = Document::new(first, number);
        let one = head(&document)?;
        let mut run = Run::counted(one.account);
        one.steps.iter().try_for_each(|place| run.step(Timed::read(place)?, place))?;
        run
    };
    while let Some((line, number)) = lines.next()? {
        let document = Document::new(line, number);
        let place = document.root();
        run.step(Timed::read(&place)?, &place)?;
    }
    Ok(run.summary())
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
