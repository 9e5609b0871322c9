//! `pitwire simulate`: scenarios through the paper broker that trades.
//!
//! An alert of a scenario becomes the same signal as a message with its words, is judged for repetition by the same
//! rule and decided by the same broker. What a message could not say either (an action that nobody knows, a quantity
//! below zero) rejects the signal; what makes the scenario itself unreadable is an error with its place. The same text
//! always gives the same answer: there is no clock, no chance and no database here.
//!
//! The command line calls [`simulate`] and [`summarize`].

mod ahead;
mod lines;
mod record;
mod repeats;
mod run;

use crate::wire::scenario::{Document, Scenarios, Timed, head, scenario, scenarios};
use crate::wire::{Results, RpcError, Snapshot, Summary};
use ahead::Ahead;
use domain::ReasonCode;
use lines::{Lines, utf8};
use run::Run;
use std::io::BufRead;

/// The largest file of scenarios that is read, in bytes.
pub const SCENARIO_BYTES_MAX: usize = 256 * 1024 * 1024;

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

/// Runs a stream of lines: the settings, then a step in each. Only totals are kept, and a few lines at a time: while
/// one thread decides, another reads ahead.
///
/// # Errors
/// What is wrong with a line, with its number.
pub fn summarize(input: impl BufRead + Send + 'static) -> Result<Summary, RpcError> {
    let mut lines = Lines::new(input);
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
    let mut ahead = Ahead::start(lines)?;
    while let Some(steps) = ahead.next()? {
        for (timed, number) in steps {
            // The line itself is gone; an error about the whole of it needs no more than its number.
            run.step(timed, &Document::new("", number).root())?;
        }
    }
    Ok(run.summary())
}

#[cfg(test)]
mod property_tests;
