//! Answers by REST, with the fault that was ordered.

use super::dialect::{Dialect, Query, Question, Rows};
use super::fault::Fault;
use super::market::Market;

/// What the Binance of a country that it does not serve says.
const LOCATION: &str =
    r#"{"code":0,"msg":"Service unavailable from a restricted location according to 'b. Eligibility'"}"#;

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) retry_after: Option<u32>,
    pub(super) body: String,
}

impl Reply {
    fn of(status: u16, body: impl Into<String>) -> Self {
        Self { status, retry_after: None, body: body.into() }
    }
}

/// The answer that a fault gives to everything, the beginning of a stream included.
pub(super) fn refusal(fault: Option<Fault>) -> Option<Reply> {
    match fault? {
        Fault::TooManyRequests { retry_after } => {
            Some(Reply { retry_after: Some(retry_after), ..Reply::of(429, "too many requests") })
        }
        Fault::Banned { retry_after } => {
            Some(Reply { retry_after: Some(retry_after), ..Reply::of(418, "banned") })
        }
        Fault::Location => Some(Reply::of(451, LOCATION)),
        Fault::Slow(_)
        | Fault::WrongOrder
        | Fault::Gap
        | Fault::Garbage
        | Fault::Disconnect
        | Fault::Unflagged => None,
    }
}

/// The answer to a request.
pub(super) fn answer(
    dialect: &dyn Dialect,
    market: &Market,
    fault: Option<Fault>,
    path: &str,
    query: &Query,
) -> Reply {
    if let Some(refusal) = refusal(fault) {
        return refusal;
    }
    if fault == Some(Fault::Garbage) {
        return Reply::of(200, "<html>\u{0}bad gateway");
    }
    let Some(question) = dialect.question(path, query) else { return Reply::of(404, "{}") };
    let found = match &question {
        Question::Ticker(symbol) => {
            market.book(symbol).map(|book| dialect.ticker(symbol, &book, market.now()))
        }
        Question::Rules(symbol) => market.book(symbol).map(|_| dialect.rules(symbol)),
        Question::Candles { symbol, minutes, limit, before } => {
            let bars = market.bars(symbol, *minutes, *limit, *before);
            bars.map(|bars| {
                let closed_until = market.now().div_euclid(1_000) - i64::from(*minutes) * 60;
                let flagged = fault != Some(Fault::Unflagged);
                let rows = Rows { code: symbol.clone(), bars, closed_until, flagged };
                dialect.candles(&spoilt(rows, fault))
            })
        }
    };
    match found {
        Some(body) => Reply::of(200, body),
        None => {
            let (status, body) = dialect.unknown();
            Reply::of(status, body)
        }
    }
}

/// Rows with the fault that concerns them.
fn spoilt(mut rows: Rows, fault: Option<Fault>) -> Rows {
    match fault {
        Some(Fault::WrongOrder) => {
            let middle = rows.bars.len() / 2;
            rows.bars.rotate_left(middle);
        }
        Some(Fault::Gap) => {
            let kept = rows.bars.len().saturating_sub(5);
            rows.bars.truncate(kept);
            if kept > 2 {
                rows.bars.remove(kept / 2);
            }
        }
        _ => {}
    }
    rows
}
