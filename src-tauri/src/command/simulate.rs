//! `simulate`: scenarios through the paper broker. No data directory is needed.

use super::Place;
use crate::terminal::Done;
use anyhow::Context;
use clap::Args;
use desk::simulate::{SCENARIO_BYTES_MAX, Simulated, simulate, summarize};
use serde::Serialize;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

/// How much of a stream is read at once, in bytes.
const READ_AT_ONCE: usize = 256 * 1024;

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// A scenario or a file of them, as JSON; `-` or nothing for stdin.
    file: Option<PathBuf>,
    /// Read a line of JSON at a time, {"config":{…}} first and then a step in each, and print totals only.
    #[arg(long)]
    summary: bool,
}

impl Simulate {
    pub(super) fn run(&self, place: &Place) -> Done {
        let mut input = self.open()?;
        if self.summary {
            return print(place, &summarize(&mut *input)?);
        }
        // One byte over the limit is enough for the refusal.
        let limit = u64::try_from(SCENARIO_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
        let mut text = Vec::new();
        input.take(limit).read_to_end(&mut text).context("the scenario cannot be read")?;
        match simulate(&text)? {
            Simulated::One(snapshot) => print(place, &snapshot),
            Simulated::File(results) => print(place, &results),
        }
    }

    fn open(&self) -> anyhow::Result<Box<dyn BufRead>> {
        match self.file.as_deref().filter(|f| f.as_os_str() != "-") {
            Some(file) => {
                let opened =
                    File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
                Ok(Box::new(BufReader::with_capacity(READ_AT_ONCE, opened)))
            }
            None => Ok(Box::new(BufReader::with_capacity(READ_AT_ONCE, std::io::stdin()))),
        }
    }
}

fn print(place: &Place, answer: &impl Serialize) -> Done {
    place.terminal.line(&serde_json::to_string(answer).context("the answer is not JSON")?)
}
