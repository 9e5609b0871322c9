//! Hears a venue's streams for as long as something is wanted: connects, subscribes, and comes back after every loss.
//! While a stream is down its prices are asked for by REST.

use crate::backoff;
use crate::closing::Closing;
use crate::connect::{self, Socket};
use crate::error::MarketError;
use crate::observed::Event;
use crate::protocol::{Protocol, Stream, Told, Wanted};
use crate::source::Source;
use futures_util::{SinkExt, StreamExt};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Message;

/// A connection on which nothing at all comes for so long is lost.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How often a connection is kept open.
const PING_EVERY: Duration = Duration::from_secs(20);
/// How often prices are asked for while their stream is down.
const POLL_EVERY: Duration = Duration::from_secs(5);
/// Frames in a row that cannot be read until the connection is given up.
const GARBAGE_MAX: u32 = 10;
/// What is wanted may change many times at once; connections change once.
const SETTLE: Duration = Duration::from_millis(100);
/// A connection that lasted so long was a good one: waiting begins anew.
const GOOD: Duration = Duration::from_secs(10);

/// What there is to hear of a venue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// A price or a candle.
    Event(Event),
    /// A stream is connected.
    Up {
        /// Which: a name that it keeps.
        stream: String,
    },
    /// A stream was lost or could not be had.
    Down {
        /// Which: a name that it keeps.
        stream: String,
        /// Why.
        error: MarketError,
        /// When it is tried again.
        retry_in: Duration,
    },
    /// Something was refused or could not be read, and the connection goes on.
    Complaint(MarketError),
    /// A stream is not wanted any more.
    Left {
        /// Which: a name that it keeps.
        stream: String,
    },
}

/// What a listener is given.
struct Ears<H> {
    source: Arc<Source>,
    heard: H,
    chance: fn() -> f64,
}

/// Follows `wanted` until its sender is gone. `heard` must not block; `chance` gives random numbers from 0 to 1.
pub async fn follow<H>(
    source: Arc<Source>,
    mut wanted: watch::Receiver<Wanted>,
    heard: H,
    chance: fn() -> f64,
) where
    H: Fn(Heard) + Send + Sync + 'static,
{
    let ears = Arc::new(Ears { source, heard, chance });
    let mut running: BTreeMap<Stream, AbortHandle> = BTreeMap::new();
    let mut tasks = JoinSet::new();
    loop {
        let now = wanted.borrow_and_update().clone();
        let streams = streams(ears.source.protocol(), now);
        running.retain(|stream, task| {
            let keep = streams.contains(stream);
            if !keep {
                task.abort();
                (ears.heard)(Heard::Left { stream: stream.name() });
            }
            keep
        });
        for stream in streams {
            let (ears, heard) = (&ears, stream.clone());
            running.entry(stream).or_insert_with(|| tasks.spawn(listen(Arc::clone(ears), heard)));
        }
        while tasks.try_join_next().is_some() {}
        if wanted.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(SETTLE).await;
    }
}

/// The connections for what is wanted: those for prices are others than those for candles, so that a change of the one
/// does not interrupt the other.
fn streams(protocol: &dyn Protocol, wanted: Wanted) -> Vec<Stream> {
    let Wanted { tickers, candles } = wanted;
    let prices = Wanted { tickers, ..Wanted::default() };
    let candles = Wanted { candles, ..Wanted::default() };
    [prices, candles].iter().flat_map(|wanted| protocol.streams(wanted)).collect()
}

/// Keeps one stream.
async fn listen<H: Fn(Heard) + Send + Sync>(ears: Arc<Ears<H>>, stream: Stream) {
    let mut failures = 0;
    loop {
        let began = Instant::now();
        let error = ears.hear_out(&stream).await;
        failures = if began.elapsed() >= GOOD { 1 } else { failures + 1_u32 };
        let mut retry_in = backoff::wait(failures, (ears.chance)());
        if let MarketError::TooManyRequests { wait, banned, .. } = &error {
            ears.source.pause(*wait, *banned);
            retry_in = retry_in.max(*wait);
        }
        (ears.heard)(Heard::Down { stream: stream.name(), error, retry_in });
        let until = Instant::now() + retry_in;
        loop {
            ears.poll(&stream).await;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            tokio::time::sleep(left.min(POLL_EVERY)).await;
        }
    }
}

impl<H: Fn(Heard) + Send + Sync> Ears<H> {
    /// Connects and hears everything until the connection ends, and says why it did.
    async fn hear_out(&self, stream: &Stream) -> MarketError {
        let url = self.source.ws_url(&stream.path);
        let opened = connect::open(self.source.venue(), &url, Arc::clone(&self.source.tls)).await;
        let mut socket = match opened {
            Ok(socket) => socket,
            Err(error) => return error,
        };
        for frame in &stream.hello {
            if let Err(error) = self.say(&mut socket, frame).await {
                return error;
            }
        }
        (self.heard)(Heard::Up { stream: stream.name() });
        match self.converse(&mut socket, stream).await {
            Ok(()) => self.lost("the venue closed the connection"),
            Err(error) => error,
        }
    }

    async fn converse(&self, socket: &mut Socket, stream: &Stream) -> Result<(), MarketError> {
        let mut closing = Closing::default();
        let mut garbage = 0;
        let mut ping = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent_at = Instant::now() + SILENCE_MAX;
        loop {
            tokio::select! {
                frame = socket.next() => {
                    silent_at = Instant::now() + SILENCE_MAX;
                    let Some(frame) = frame else { return Ok(()) };
                    match frame.map_err(|error| connect::refused(self.source.venue(), &error))? {
                        Message::Text(text) => {
                            let read = self.tell(stream, &mut closing, &text);
                            garbage = if read { 0 } else { garbage + 1 };
                        }
                        Message::Close(_) => return Ok(()),
                        Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
                    }
                    if garbage >= GARBAGE_MAX {
                        return Err(self.lost("it sends nothing that can be read"));
                    }
                }
                _ = ping.tick() => {
                    if let Some(frame) = self.source.protocol().ping() {
                        self.say(socket, frame).await?;
                    }
                }
                () = tokio::time::sleep_until(silent_at) => {
                    return Err(self.lost(&format!("nothing came for {} s", SILENCE_MAX.as_secs())));
                }
            }
        }
    }

    /// Tells what a frame says, and whether it could be read.
    fn tell(&self, stream: &Stream, closing: &mut Closing, frame: &str) -> bool {
        let now = (self.source.now)();
        let told = self.source.protocol().read_frame(&stream.symbols, frame, now);
        match self.source.read(told) {
            Ok(told) => {
                for one in told {
                    match one {
                        Told::Ticker(ticker) => (self.heard)(Heard::Event(Event::Ticker(ticker))),
                        Told::Candle(symbol, timeframe, candle, flag) => {
                            for event in closing.hear(symbol, timeframe, candle, flag) {
                                (self.heard)(Heard::Event(event));
                            }
                        }
                    }
                }
                true
            }
            Err(error) => {
                let readable = !matches!(error, MarketError::Garbage { .. });
                (self.heard)(Heard::Complaint(error));
                readable
            }
        }
    }

    /// Asks for the prices that the stream should bring.
    async fn poll(&self, stream: &Stream) {
        for listing in &stream.tickers {
            match self.source.ticker(listing).await {
                Ok(ticker) => (self.heard)(Heard::Event(Event::Ticker(ticker))),
                Err(error) => {
                    let whole = !matches!(error, MarketError::Refused { .. });
                    (self.heard)(Heard::Complaint(error));
                    if whole {
                        return;
                    }
                }
            }
        }
    }

    async fn say(&self, socket: &mut Socket, frame: &str) -> Result<(), MarketError> {
        let sent = tokio::time::timeout(PING_EVERY, socket.send(Message::text(frame))).await;
        match sent {
            Ok(sent) => sent.map_err(|error| connect::refused(self.source.venue(), &error)),
            Err(_) => Err(self.lost("it takes no frames")),
        }
    }

    fn lost(&self, cause: &str) -> MarketError {
        MarketError::Unreachable { venue: self.source.venue(), cause: cause.to_owned() }
    }
}
