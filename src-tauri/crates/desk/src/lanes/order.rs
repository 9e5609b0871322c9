//! Which of the signals that wait in one lane are due, in which order, and when to look again: a pure function of the
//! waiting rows and the time. Asked by `lanes` for each lane.

use super::chain;
use super::heard::Heard;
use super::waiting::{Part, Stream, Waiting};
use domain::Timestamp;
use std::collections::BTreeMap;

/// By how much a row may seem to come from the future before the clock is taken to have been set back, in microseconds.
const CLOCK_SLACK_US: i64 = 1_000_000;

/// What a lane gives out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Release {
    /// The places of the rows whose delay is over, in the order in which they are to be decided.
    pub(crate) order: Vec<usize>,
    /// How many of these are due, from the first on.
    pub(crate) due: usize,
    /// When to look again; nothing when nothing is left.
    pub(crate) look_at: Option<Timestamp>,
}

/// What is due of `rows` at `now`, by what each strategy has last said of its position.
///
/// A row is due when its window is over and all rows before it in the lane's order are due: so the one that came first
/// but belongs second waits for the other.
pub(crate) fn release(rows: &[Waiting], heard: &Heard, now: Timestamp) -> Release {
    let stranded = |row: &Waiting| row.received_at.micros_since(now) > CLOCK_SLACK_US;
    let mut entered: Vec<usize> =
        (0..rows.len()).filter(|&row| rows[row].enters_at <= now || stranded(&rows[row])).collect();
    entered.sort_by_key(|&row| (rows[row].enters_at, rows[row].place));
    arrange(rows, &mut entered, heard);
    let ready = |row: &Waiting| row.ready_at <= now || stranded(row);
    let due = entered.iter().take_while(|&&row| ready(&rows[row])).count();
    let look_at = rows.iter().filter(|row| !ready(row)).map(|row| row.ready_at).min();
    Release { order: entered, due, look_at }
}

/// Puts the entered rows, which come in the order of their arrival, into the lane's order: the links of a strategy
/// by their chain, the rest of those that wait for their pair exits first. Each kind keeps the places that it has.
fn arrange(rows: &[Waiting], entered: &mut [usize], heard: &Heard) {
    let mut streams: BTreeMap<&Stream, Vec<usize>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (slot, &row) in entered.iter().enumerate() {
        match rows[row].part {
            Part::Linked(_) => streams.entry(&rows[row].stream).or_default().push(slot),
            Part::Exit | Part::Entry => pairs.push(slot),
            Part::AsItCame => {}
        }
    }
    for (stream, slots) in streams {
        if slots.len() < 2 {
            continue;
        }
        let by_time = in_time(rows, entered, &slots);
        let link = |row: usize| match rows[row].part {
            Part::Linked(link) => Some(link),
            Part::AsItCame | Part::Exit | Part::Entry => None,
        };
        let links: Vec<_> = by_time.iter().filter_map(|&row| link(row)).collect();
        let ordered = chain::order(&links, heard.position(stream));
        for (slot, place) in slots.into_iter().zip(ordered) {
            entered[slot] = by_time[place];
        }
    }
    let mut by_time = in_time(rows, entered, &pairs);
    let timed = all_timed(rows, &by_time);
    by_time.sort_by_key(|&row| (rows[row].fired_at.filter(|_| timed), rows[row].part == Part::Entry));
    for (slot, row) in pairs.into_iter().zip(by_time) {
        entered[slot] = row;
    }
}

/// The rows in `slots` by the time at which they fired, where all of them say it, else as they came.
fn in_time(rows: &[Waiting], entered: &[usize], slots: &[usize]) -> Vec<usize> {
    let mut found: Vec<usize> = slots.iter().map(|&slot| entered[slot]).collect();
    if all_timed(rows, &found) {
        found.sort_by_key(|&row| rows[row].fired_at);
    }
    found
}

fn all_timed(rows: &[Waiting], found: &[usize]) -> bool {
    found.iter().all(|&row| rows[row].fired_at.is_some())
}
