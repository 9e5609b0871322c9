//! One WebSocket connection: subscriptions in, prices and candles out, with the fault that was ordered.

use super::dialect::{Dialect, Query, Topic};
use super::fault::Fault;
use super::market::{Bar, Book, Market};
use super::server::State;
use axum::extract::ws::{Message, WebSocket};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// How often prices and candles are looked at.
const EVERY: Duration = Duration::from_millis(200);

/// What was told on a connection.
struct Line {
    dialect: &'static dyn Dialect,
    market: Market,
    path: String,
    topics: Vec<Topic>,
    books: BTreeMap<String, Book>,
    bars: BTreeMap<(String, u32), Bar>,
}

/// Serves a connection until either side ends it, or a fault does.
pub(super) async fn serve(mut socket: WebSocket, state: Arc<State>, path: String, query: Query) {
    let dialect = state.exchange.dialect();
    let mut line = Line {
        dialect,
        market: state.market.clone(),
        topics: dialect.topics_of_path(&path, &query),
        path,
        books: BTreeMap::new(),
        bars: BTreeMap::new(),
    };
    let mut changes = state.market.changes();
    let mut stop = state.cut.subscribe();
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let frames = tokio::select! {
            asked = socket.recv() => match asked {
                Some(Ok(Message::Text(text))) => line.asked(&text),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_))) => Vec::new(),
            },
            _ = stop.changed() => return,
            _ = changes.changed() => line.news(state.fault()),
            _ = tick.tick() => line.news(state.fault()),
        };
        let fault = state.fault();
        if let Some(Fault::Slow(time)) = fault {
            tokio::time::sleep(time).await;
        }
        for frame in frames {
            if socket.send(Message::text(frame)).await.is_err() {
                return;
            }
            if fault == Some(Fault::Disconnect) {
                return;
            }
        }
    }
}

impl Line {
    fn asked(&mut self, frame: &str) -> Vec<String> {
        let (topics, answer) = self.dialect.topics_of_frame(&self.path, frame);
        for topic in topics {
            if !self.topics.contains(&topic) {
                self.topics.push(topic);
            }
        }
        answer.into_iter().collect()
    }

    /// What has changed since it was last told.
    fn news(&mut self, fault: Option<Fault>) -> Vec<String> {
        match fault {
            Some(Fault::Gap) => return Vec::new(),
            Some(Fault::Garbage) => return vec!["{\"half\": ".to_owned()],
            _ => {}
        }
        let mut frames = Vec::new();
        for topic in self.topics.clone() {
            match topic.minutes {
                None => frames.extend(self.ticker(&topic)),
                Some(minutes) => frames.extend(self.candles(&topic, minutes, fault)),
            }
        }
        frames
    }

    fn ticker(&mut self, topic: &Topic) -> Option<String> {
        let book = self.market.book(&topic.symbol)?;
        if self.books.get(&topic.symbol) == Some(&book) {
            return None;
        }
        self.books.insert(topic.symbol.clone(), book.clone());
        Some(self.dialect.ticker_frame(topic, &book, self.market.now()))
    }

    fn candles(&mut self, topic: &Topic, minutes: u32, fault: Option<Fault>) -> Vec<String> {
        let flagged = |closed: bool| (fault != Some(Fault::Unflagged)).then_some(closed);
        let Some(bars) = self.market.bars(&topic.symbol, minutes, 2, None) else { return Vec::new() };
        let key = (topic.symbol.clone(), minutes);
        let known = self.bars.get(&key).cloned();
        let Some(newest) = bars.last() else { return Vec::new() };
        let mut frames = Vec::new();
        if let (Some(known), Some(before)) = (&known, bars.iter().rev().nth(1))
            && known.time == before.time
        {
            frames.push(self.dialect.candle_frame(topic, minutes, before, flagged(true)));
        }
        if known.as_ref() != Some(newest) {
            frames.push(self.dialect.candle_frame(topic, minutes, newest, flagged(false)));
            self.bars.insert(key, newest.clone());
        }
        if fault == Some(Fault::WrongOrder) {
            frames.reverse();
        }
        frames
    }
}
