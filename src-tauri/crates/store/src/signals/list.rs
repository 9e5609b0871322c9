//! Pages of signals, newest first, by keyset: a page costs the same at the end of ten million rows as at the start.
//!
//! No OFFSET and no sort over the table: every branch of the statement walks one index downwards and stops.

use super::row::{SignalNo, SignalRow, read, select};
use super::search::match_expression;
use crate::error::StoreError;
use crate::view::View;
use domain::{SignalStatus, Symbol, WebhookId};
use rusqlite::ToSql;
use std::fmt::Write as _;

/// The most rows of a page.
pub const PAGE_MAX: u32 = 1_000;

/// What a list of signals is narrowed to; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalFilter {
    /// Only signals of this webhook.
    pub webhook: Option<WebhookId>,
    /// Only signals with one of these statuses; empty: all.
    pub statuses: Vec<SignalStatus>,
    /// Only replays.
    pub replayed: bool,
    /// Only this symbol.
    pub symbol: Option<Symbol>,
    /// Only signals whose body, symbol and action have every one of these words; `word*` finds beginnings.
    pub words: Option<String>,
}

/// Where a page ended; opaque text outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(SignalNo);

impl Cursor {
    /// Reads a cursor that a page gave out.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`] for any other text.
    pub fn parse(text: &str) -> Result<Self, StoreError> {
        let digits = text.strip_prefix('s').ok_or(StoreError::BadCursor)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(StoreError::BadCursor);
        }
        digits.parse().map(|no| Self(SignalNo::new(no))).map_err(|_| StoreError::BadCursor)
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "s{}", self.0.get())
    }
}

/// Some rows, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub signals: Vec<SignalRow>,
    /// Nothing when this was the last page.
    pub next: Option<Cursor>,
}

/// A page of the signals that pass `filter` and are older than `before`; `limit` is held to 1..=[`PAGE_MAX`].
///
/// # Errors
/// [`StoreError`] when it cannot be read.
pub fn list(
    view: &View,
    filter: &SignalFilter,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Page, StoreError> {
    let limit = usize::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(1);
    let Some(query) = Query::of(view, filter, before, limit + 1)? else {
        return Ok(Page { signals: Vec::new(), next: None });
    };
    let parameters: Vec<(&str, &dyn ToSql)> =
        query.parameters.iter().map(|(n, v)| (*n, v.as_ref())).collect();
    let mut signals = view
        .prepared(&query.sql)?
        .query_and_then(parameters.as_slice(), read)?
        .collect::<Result<Vec<_>, _>>()?;
    let more = signals.len() > limit;
    signals.truncate(limit);
    let next = if more { signals.last().map(|s| Cursor(s.no)) } else { None };
    Ok(Page { signals, next })
}

struct Query {
    sql: String,
    parameters: Vec<(&'static str, Box<dyn ToSql>)>,
}

impl Query {
    /// Nothing when no row can pass.
    fn of(
        view: &View,
        filter: &SignalFilter,
        before: Option<Cursor>,
        limit: usize,
    ) -> Result<Option<Self>, StoreError> {
        let mut shared = String::from("s.id < :before");
        let mut parameters: Vec<(&'static str, Box<dyn ToSql>)> = vec![
            (":before", Box::new(before.map_or(i64::MAX, |c| c.0.get()))),
            (":limit", Box::new(i64::try_from(limit).unwrap_or(i64::MAX))),
        ];
        if let Some(webhook) = &filter.webhook {
            let Some(no) = crate::counts::webhook_no(view, webhook)? else { return Ok(None) };
            shared.push_str(" AND s.webhook = :webhook");
            parameters.push((":webhook", Box::new(no)));
        }
        if let Some(symbol) = &filter.symbol {
            shared.push_str(" AND s.symbol = :symbol");
            parameters.push((":symbol", Box::new(symbol.as_str().to_owned())));
        }
        if filter.replayed {
            shared.push_str(" AND s.replay_of IS NOT NULL");
        }
        let mut from = "signals s";
        if let Some(words) = &filter.words
            && let Some(expression) = match_expression(words)
        {
            from = "signal_search f CROSS JOIN signals s ON s.id = f.rowid";
            shared.push_str(" AND f.signal_search MATCH :words AND f.rowid < :before");
            parameters.push((":words", Box::new(expression)));
        }
        let order = if from == "signals s" { "s.id" } else { "f.rowid" };
        let ids = branches(filter, from, &shared, order);
        let sql = format!(
            "{} FROM ({ids} ORDER BY id DESC LIMIT :limit) p JOIN signals s ON s.id = p.id
             JOIN webhooks w ON w.no = s.webhook ORDER BY p.id DESC",
            select!("")
        );
        Ok(Some(Self { sql, parameters }))
    }
}

/// One downward walk per wanted status, merged: `status IN (…)` would make SQLite sort every row that passes.
fn branches(filter: &SignalFilter, from: &str, shared: &str, order: &str) -> String {
    let wanted: Vec<SignalStatus> =
        SignalStatus::ALL.into_iter().filter(|s| filter.statuses.contains(s)).collect();
    if wanted.is_empty() || wanted.len() == SignalStatus::ALL.len() {
        return format!("SELECT s.id AS id FROM {from} WHERE {shared}");
    }
    let mut sql = String::new();
    for (place, status) in wanted.iter().enumerate() {
        let union = if place == 0 { "" } else { " UNION ALL " };
        // A status is one of four words of our own, so its text can stand in the statement.
        let _infallible = write!(
            sql,
            "{union}SELECT id FROM (SELECT s.id AS id FROM {from} WHERE {shared} AND s.status = '{status}'
             ORDER BY {order} DESC LIMIT :limit)"
        );
    }
    sql
}
