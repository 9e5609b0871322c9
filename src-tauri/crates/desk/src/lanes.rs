//! The lanes: what waits for its decision by account and symbol, each lane in an order of its own. A lane that holds
//! a signal for its pair makes no other lane wait.
//!
//! What is due, and in which order, is a pure function of the waiting rows and the time (`order`); here they are only
//! kept. The rows stay in the database as `received` until they are decided: what stands here can be read again.
//! Absent: clocks, the database, decisions. Used by `queue`.

mod chain;
mod heard;
mod order;
mod waiting;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;

pub(crate) use heard::Statement;
pub(crate) use waiting::{Arrived, DELAY_MAX_S, HOLD_MAX_MS, Pace, Stream, Waiting};

use heard::Heard;

use domain::{AccountId, SignalId, Symbol, Timestamp};
use order::Release;
use std::collections::BTreeMap;

/// Signals that wait in all lanes together at most; more stay in the database until some are decided.
pub(crate) const WAITING_MAX: usize = 20_000;

/// Signals that are decided one after the other: those that can change the same position.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LaneKey {
    pub(crate) account: AccountId,
    pub(crate) symbol: Symbol,
}

/// That a signal was not decided in its turn, and the signal with which it changed places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reordered {
    /// Before one that had come earlier.
    Before(SignalId),
    /// After one that came later.
    After(SignalId),
}

/// A signal whose time has come.
#[derive(Debug)]
pub(crate) struct Due<T> {
    pub(crate) item: T,
    pub(crate) reordered: Option<Reordered>,
    /// The later alert of the same strategy whose turn has been already; what this one says of the strategy's position
    /// does not hold any more.
    pub(crate) superseded_by: Option<SignalId>,
}

/// Every lane in which something waits.
#[derive(Debug)]
pub(crate) struct Lanes<T> {
    lanes: BTreeMap<LaneKey, Lane<T>>,
    waiting: usize,
    heard: Heard,
}

#[derive(Debug)]
struct Lane<T> {
    rows: Vec<Waiting>,
    /// Beside the rows, in their order.
    seats: Vec<Seat<T>>,
    /// When there may be something to give out; nothing: at once.
    look_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Seat<T> {
    item: T,
    overtaken_by: Option<SignalId>,
}

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self { lanes: BTreeMap::new(), waiting: 0, heard: Heard::default() }
    }
}

impl<T> Lanes<T> {
    /// Whether there is room for no more.
    pub(crate) fn is_full(&self) -> bool {
        self.waiting >= WAITING_MAX
    }

    /// Whether nothing waits in any lane.
    pub(crate) fn is_empty(&self) -> bool {
        self.waiting == 0
    }

    /// Whether nothing waits in this lane.
    pub(crate) fn is_free(&self, lane: &LaneKey) -> bool {
        !self.lanes.contains_key(lane)
    }

    /// Whether it was looked up what this strategy said last.
    pub(crate) fn knows(&self, stream: &Stream) -> bool {
        self.heard.knows(stream)
    }

    /// Learns what a strategy said last, or that it has said nothing.
    pub(crate) fn learn(&mut self, stream: Stream, said: Option<Statement>) {
        self.heard.learn(stream, said);
    }

    /// Puts a signal into its lane.
    pub(crate) fn put(&mut self, lane: LaneKey, waiting: Waiting, item: T) {
        let lane = self.lanes.entry(lane).or_insert_with(|| Lane {
            rows: Vec::new(),
            seats: Vec::new(),
            look_at: None,
        });
        lane.rows.push(waiting);
        lane.seats.push(Seat { item, overtaken_by: None });
        lane.look_at = None;
        self.waiting += 1;
    }

    /// Takes out what is due, lane by lane, each in its order.
    pub(crate) fn take_due(&mut self, now: Timestamp) -> Vec<Due<T>> {
        let Self { lanes, waiting, heard } = self;
        let mut due = Vec::new();
        lanes.retain(|_, lane| {
            if lane.look_at.is_none_or(|at| at <= now) {
                lane.give_out(heard, now, &mut due);
            }
            !lane.rows.is_empty()
        });
        *waiting -= due.len();
        due
    }

    /// When there may be something due next; nothing when nothing waits.
    pub(crate) fn next_look(&self) -> Option<Timestamp> {
        self.lanes.values().filter_map(|lane| lane.look_at).min()
    }
}

impl<T> Lane<T> {
    /// Until nothing is due: with a row the order of those that are left may change.
    fn give_out(&mut self, heard: &mut Heard, now: Timestamp, due: &mut Vec<Due<T>>) {
        while self.give_out_first(heard, now, due) {}
    }

    /// Gives out what is due in the present order, and says whether there was anything.
    fn give_out_first(&mut self, heard: &mut Heard, now: Timestamp, due: &mut Vec<Due<T>>) -> bool {
        let Release { order, due: count, look_at } = order::release(&self.rows, heard, now);
        self.look_at = look_at;
        let overtaken = self.overtaken(&order, count);
        let mut seats: Vec<Option<Seat<T>>> = std::mem::take(&mut self.seats).into_iter().map(Some).collect();
        for (&row, before) in order.iter().zip(overtaken).take(count) {
            let Some(seat) = seats[row].take() else { continue };
            let waiting = &self.rows[row];
            due.push(Due {
                item: seat.item,
                reordered: seat.overtaken_by.map(Reordered::After).or(before.map(Reordered::Before)),
                superseded_by: waiting.states.as_ref().and_then(|said| heard.hear(&waiting.stream, said)),
            });
        }
        let mut stays = seats.iter().map(Option::is_some);
        self.rows.retain(|_| stays.next().unwrap_or(false));
        self.seats = seats.into_iter().flatten().collect();
        count > 0
    }

    /// For each of the first `count` rows in `order`, the one behind it that had come first of all, if any had come
    /// before it; and notes on each row that one before it came later.
    fn overtaken(&mut self, order: &[usize], count: usize) -> Vec<Option<SignalId>> {
        let came = |row: usize| (self.rows[row].enters_at, self.rows[row].place);
        let mut last: Option<usize> = None;
        for (turn, &row) in order.iter().enumerate() {
            if let Some(last) = last.filter(|&last| came(last) > came(row)) {
                self.seats[row].overtaken_by.get_or_insert_with(|| self.rows[last].id.clone());
            } else if turn < count {
                last = Some(row);
            }
        }
        let mut first: Option<usize> = None;
        let mut overtaken = vec![None; order.len()];
        for (turn, &row) in order.iter().enumerate().rev() {
            match first.filter(|&first| came(first) < came(row)) {
                Some(first) => overtaken[turn] = Some(self.rows[first].id.clone()),
                None => first = Some(row),
            }
        }
        overtaken
    }
}
