//! How each venue is doing, for the window and `doctor`.

use crate::wire::VenueStatus;
use ::market::{Heard, MarketError, Venue};
use domain::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The venues that were asked or heard since the start.
#[derive(Debug, Default)]
pub(crate) struct Board(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    of: BTreeMap<Venue, Line>,
    /// Counts what somebody may want to write down.
    changes: u64,
}

#[derive(Debug, Default)]
struct Line {
    streams: BTreeMap<String, Stream>,
    symbols: Vec<String>,
    candles: Vec<String>,
    heard_at: Option<Timestamp>,
    trouble: Option<Trouble>,
    since: Option<(State, Timestamp)>,
}

#[derive(Debug)]
enum Stream {
    Up,
    Down { retry_at: Timestamp },
}

#[derive(Debug)]
struct Trouble {
    sentence: String,
    fix: &'static str,
}

/// What is said of a venue in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is to be heard of it.
    Idle,
    /// Nothing has been heard yet.
    Connecting,
    /// Every stream is there.
    Connected,
    /// A stream was lost, or the venue refuses to answer.
    Down,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Down => "down",
        }
    }
}

impl Board {
    /// Notes what is to be heard of a venue.
    pub(crate) fn wanted(&self, venue: Venue, symbols: Vec<String>, candles: Vec<String>, now: Timestamp) {
        self.change(venue, now, |line| (line.symbols, line.candles) = (symbols, candles));
    }

    /// Notes something that was heard.
    pub(crate) fn heard(&self, venue: Venue, heard: &Heard, now: Timestamp) {
        match heard {
            Heard::Event(_) => self.lines().of.entry(venue).or_default().heard_at = Some(now),
            Heard::Up { stream } => self.change(venue, now, |line| {
                line.streams.insert(stream.clone(), Stream::Up);
                line.trouble = None;
            }),
            Heard::Down { stream, error, retry_in } => self.change(venue, now, |line| {
                line.streams.insert(stream.clone(), Stream::Down { retry_at: later(now, *retry_in) });
                line.trouble = Some(Trouble::of(error));
            }),
            Heard::Complaint(error) => {
                self.change(venue, now, |line| line.trouble = Some(Trouble::of(error)))
            }
            Heard::Left { stream } => self.change(venue, now, |line| {
                line.streams.remove(stream);
            }),
        }
    }

    /// Notes how a question by REST went.
    pub(crate) fn asked(&self, venue: Venue, failed: Option<&MarketError>, now: Timestamp) {
        match failed {
            None => {
                let mut lines = self.lines();
                let line = lines.of.entry(venue).or_default();
                line.heard_at = Some(now);
                if line.streams.is_empty() && line.trouble.take().is_some() {
                    lines.changes += 1;
                }
            }
            Some(MarketError::Listing(_) | MarketError::Timeframe { .. } | MarketError::Refused { .. }) => {}
            Some(error) => self.change(venue, now, |line| line.trouble = Some(Trouble::of(error))),
        }
    }

    /// How many changes there were that are worth telling.
    pub(crate) fn changes(&self) -> u64 {
        self.lines().changes
    }

    /// The venues in a row each.
    pub(crate) fn rows(&self) -> Vec<VenueStatus> {
        self.lines().of.iter().map(|(venue, line)| line.row(*venue)).collect()
    }

    fn change(&self, venue: Venue, now: Timestamp, change: impl FnOnce(&mut Line)) {
        let mut lines = self.lines();
        lines.changes += 1;
        let line = lines.of.entry(venue).or_default();
        change(line);
        let state = line.state();
        if line.since.is_none_or(|(known, _)| known != state) {
            line.since = Some((state, now));
            tracing::info!(market.venue = %venue, market.state = state.as_str(), "a venue has changed");
        }
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    fn state(&self) -> State {
        let is_down = |stream: &Stream| matches!(stream, Stream::Down { .. });
        if self.streams.values().any(is_down) || (self.streams.is_empty() && self.trouble.is_some()) {
            State::Down
        } else if !self.streams.is_empty() {
            State::Connected
        } else if self.symbols.is_empty() && self.candles.is_empty() {
            State::Idle
        } else {
            State::Connecting
        }
    }

    fn row(&self, venue: Venue) -> VenueStatus {
        let retry = self.streams.values().filter_map(|stream| match stream {
            Stream::Down { retry_at } => Some(*retry_at),
            Stream::Up => None,
        });
        VenueStatus {
            venue: venue.as_str().to_owned(),
            title: venue.title().to_owned(),
            state: self.state().as_str().to_owned(),
            since: self.since.map(|(_, since)| since.to_string()),
            heard_at: self.heard_at.map(|at| at.to_string()),
            symbols: self.symbols.clone(),
            candles: self.candles.clone(),
            error: self.trouble.as_ref().map(|trouble| trouble.sentence.clone()),
            fix: self.trouble.as_ref().map(|trouble| trouble.fix.to_owned()),
            retry_at: retry.min().map(|at| at.to_string()),
        }
    }
}

impl Trouble {
    fn of(error: &MarketError) -> Self {
        Self { sentence: format!("{error}."), fix: error.fix() }
    }
}

fn later(now: Timestamp, wait: Duration) -> Timestamp {
    now.plus_micros(i64::try_from(wait.as_micros()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_venue_is_as_well_as_the_worst_of_its_streams() {
        let board = Board::default();
        let (venue, at) = (Venue::Okx, Timestamp::from_seconds);
        let check = |state: &str, since: i64, error: bool, retry: Option<i64>| {
            let rows = board.rows();
            let [row] = &rows[..] else { panic!("one venue is wanted: {rows:?}") };
            let expected = (state, Some(at(since).to_string()), error, retry.map(|r| at(r).to_string()));
            assert_eq!(
                (row.state.as_str(), row.since.clone(), row.error.is_some(), row.retry_at.clone()),
                expected
            );
            assert_eq!(row.error.is_some(), row.fix.is_some());
        };
        let error = MarketError::Location { venue };
        let up = |stream: &str| Heard::Up { stream: stream.to_owned() };
        let down = |stream: &str| Heard::Down {
            stream: stream.to_owned(),
            error: error.clone(),
            retry_in: Duration::from_secs(4),
        };
        board.wanted(venue, vec!["BTCUSDT".to_owned()], Vec::new(), at(1));
        check("connecting", 1, false, None);
        board.heard(venue, &up("/a"), at(2));
        check("connected", 2, false, None);
        board.heard(venue, &down("/b"), at(3));
        check("down", 3, true, Some(7));
        board.heard(venue, &down("/b"), at(8));
        check("down", 3, true, Some(12));
        board.heard(venue, &up("/b"), at(9));
        check("connected", 9, false, None);
        for stream in ["/a", "/b"] {
            board.heard(venue, &Heard::Left { stream: stream.to_owned() }, at(10));
        }
        board.wanted(venue, Vec::new(), Vec::new(), at(11));
        check("idle", 11, false, None);
        board.asked(venue, Some(&error), at(12));
        check("down", 12, true, None);
        board.asked(venue, None, at(13));
        assert_eq!(board.rows()[0].state, "idle");
    }
}
