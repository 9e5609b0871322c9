//! How each venue is doing, for the window and `doctor`.

use crate::lanes::LaneKey;
use crate::wire::{VenueLane, VenueStatus, VenueSymbol};
use ::market::{Event, Heard, MarketError, Venue};
use domain::{Symbol, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lanes that are told of a venue at most.
const LANES_MAX: usize = 100;

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
    /// What is to be heard, and when the last quote of it came.
    symbols: BTreeMap<Symbol, Option<Timestamp>>,
    /// How many signals wait in each lane.
    lanes: BTreeMap<LaneKey, u32>,
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
    pub(crate) fn wanted(
        &self,
        venue: Venue,
        symbols: impl Iterator<Item = Symbol>,
        candles: Vec<String>,
        now: Timestamp,
    ) {
        self.change(venue, now, |line| {
            let quoted = |symbol: &Symbol| line.symbols.get(symbol).copied().flatten();
            line.symbols = symbols.map(|symbol| (symbol.clone(), quoted(&symbol))).collect();
            line.candles = candles;
        });
    }

    /// Notes which lanes wait for which venue, in place of what was noted before.
    pub(crate) fn waiting(&self, mut lanes: BTreeMap<Venue, BTreeMap<LaneKey, u32>>) {
        let mut lines = self.lines();
        for (venue, line) in &mut lines.of {
            line.lanes = lanes.remove(venue).unwrap_or_default();
        }
        for (venue, lanes) in lanes {
            lines.of.entry(venue).or_default().lanes = lanes;
        }
    }

    /// Notes something that was heard.
    pub(crate) fn heard(&self, venue: Venue, heard: &Heard, now: Timestamp) {
        match heard {
            Heard::Event(event) => self.lines().of.entry(venue).or_default().hear(event, now),
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

    /// The row of a venue of which nothing was wanted yet.
    pub(crate) fn untouched(venue: Venue) -> VenueStatus {
        Line::default().row(venue)
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
    fn hear(&mut self, event: &Event, now: Timestamp) {
        self.heard_at = Some(now);
        if let Event::Ticker(ticker) = event
            && let Some(quoted) = self.symbols.get_mut(&ticker.symbol)
        {
            *quoted = Some(now);
        }
    }

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
            symbols: self.symbols.iter().map(symbol).collect(),
            lanes: self.lanes.iter().take(LANES_MAX).map(lane).collect(),
            waiting: self.lanes.values().sum(),
            candles: self.candles.clone(),
            error: self.trouble.as_ref().map(|trouble| trouble.sentence.clone()),
            fix: self.trouble.as_ref().map(|trouble| trouble.fix.to_owned()),
            retry_at: retry.min().map(|at| at.to_string()),
        }
    }
}

fn symbol((symbol, quoted): (&Symbol, &Option<Timestamp>)) -> VenueSymbol {
    VenueSymbol { symbol: symbol.to_string(), quoted_at: quoted.map(|at| at.to_string()) }
}

fn lane((lane, signals): (&LaneKey, &u32)) -> VenueLane {
    VenueLane { account_id: lane.account.to_string(), symbol: lane.symbol.to_string(), signals: *signals }
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
    use ::market::Ticker;
    use domain::{AccountId, Price};

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
        board.wanted(venue, [Symbol::new("BTCUSDT").unwrap()].into_iter(), Vec::new(), at(1));
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
        board.wanted(venue, std::iter::empty(), Vec::new(), at(11));
        check("idle", 11, false, None);
        board.asked(venue, Some(&error), at(12));
        check("down", 12, true, None);
        board.asked(venue, None, at(13));
        assert_eq!(board.rows()[0].state, "idle");
    }

    #[test]
    fn the_age_of_a_quote_is_its_own_and_ends_with_what_is_heard() {
        let board = Board::default();
        let (venue, at) = (Venue::Kraken, Timestamp::from_seconds);
        let symbols = |names: &[&str]| {
            names.iter().map(|name| Symbol::new(name).unwrap()).collect::<Vec<_>>().into_iter()
        };
        let quote = |name: &str, second: i64| {
            let last = Some(Price::parse("100").unwrap());
            let symbol = Symbol::new(name).unwrap();
            let ticker = Ticker { symbol, bid: None, ask: None, last, at: at(0) };
            board.heard(venue, &Heard::Event(Event::Ticker(ticker)), at(second));
        };
        let check = |expected: &[(&str, Option<i64>)]| {
            let quoted = |(name, second): &(&str, Option<i64>)| VenueSymbol {
                symbol: (*name).to_owned(),
                quoted_at: second.map(|second| at(second).to_string()),
            };
            let expected: Vec<VenueSymbol> = expected.iter().map(quoted).collect();
            assert_eq!(board.rows()[0].symbols, expected);
        };
        board.wanted(venue, symbols(&["BTCUSD", "ETHUSD"]), Vec::new(), at(1));
        check(&[("BTCUSD", None), ("ETHUSD", None)]);
        quote("ETHUSD", 5);
        quote("SOLUSD", 6);
        check(&[("BTCUSD", None), ("ETHUSD", Some(5))]);
        board.wanted(venue, symbols(&["ETHUSD"]), Vec::new(), at(7));
        check(&[("ETHUSD", Some(5))]);
        board.wanted(venue, symbols(&[]), Vec::new(), at(8));
        board.wanted(venue, symbols(&["ETHUSD"]), Vec::new(), at(9));
        check(&[("ETHUSD", None)]);
    }

    #[test]
    fn lanes_wait_for_a_venue_until_they_do_not() {
        let board = Board::default();
        let lane = |symbol: &str| LaneKey {
            account: AccountId::parse("acc_a").unwrap(),
            symbol: Symbol::new(symbol).unwrap(),
        };
        let waits = |venue, lanes: &[(&str, u32)]| {
            let lanes = lanes.iter().map(|(symbol, signals)| (lane(symbol), *signals)).collect();
            BTreeMap::from([(venue, lanes)])
        };
        let told = || {
            let of = |row: VenueStatus| (row.venue, row.lanes.len(), row.waiting);
            board.rows().into_iter().map(of).collect::<Vec<_>>()
        };
        board.waiting(waits(Venue::Okx, &[("BTCUSDT", 1), ("ETHUSDT", 4)]));
        assert_eq!(told(), [("okx".to_owned(), 2, 5)]);
        board.waiting(waits(Venue::Kraken, &[("BTCUSD", 2)]));
        assert_eq!(told(), [("kraken".to_owned(), 1, 2), ("okx".to_owned(), 0, 0)]);
        board.waiting(BTreeMap::new());
        assert_eq!(told(), [("kraken".to_owned(), 0, 0), ("okx".to_owned(), 0, 0)]);
        assert_eq!(board.rows()[0].state, "idle");
    }
}
