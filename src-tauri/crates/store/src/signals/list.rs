//! Pages of signals, newest first, by keyset: a page costs the same at the end of ten million rows as at the start.
//!
//! No OFFSET and no sort over the table: every branch of the statement walks one index downwards and stops.

use super::row::{SignalNo, SignalRow, read, select};
use super::search::match_expression;
use crate::error::StoreError;
use crate::view::View;
use domain::{SignalStatus, Symbol, WebhookId};
use rusqlite::ToSql;

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
            let Some(no) = crate::webhooks::no_of(view, webhook)? else { return Ok(None) };
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
        // Left to itself SQLite walks all signals and looks at each, where replays are few.
        let mut from = if filter.replayed { "signals s INDEXED BY signals_replayed" } else { "signals s" };
        let mut order = "s.id";
        if let Some(words) = &filter.words
            && let Some(expression) = match_expression(words)
        {
            from = "signal_search f CROSS JOIN signals s ON s.id = f.rowid";
            order = "f.rowid";
            shared.push_str(" AND f.signal_search MATCH :words AND f.rowid < :before");
            parameters.push((":words", Box::new(expression)));
        }
        let ids = branches(filter, from, &shared, order);
        let sql = format!(
            "{} FROM ({ids} ORDER BY id DESC LIMIT :limit) p JOIN signals s ON s.id = p.id
             JOIN webhooks w ON w.no = s.webhook
             LEFT JOIN signal_decisions d ON d.signal = s.id ORDER BY p.id DESC",
            select!("")
        );
        Ok(Some(Self { sql, parameters }))
    }
}

/// One downward walk per wanted status, merged: `status IN (…)` would make SQLite sort every row that passes. All of a
/// webhook are walked so too, because no index has the webhook alone.
fn branches(filter: &SignalFilter, from: &str, shared: &str, order: &str) -> String {
    let mut wanted: Vec<SignalStatus> =
        SignalStatus::ALL.into_iter().filter(|s| filter.statuses.contains(s)).collect();
    if wanted.is_empty() {
        wanted.extend(SignalStatus::ALL);
    }
    let narrowed = filter.symbol.is_some() || filter.words.is_some() || filter.replayed;
    if wanted.len() == SignalStatus::ALL.len() && (narrowed || filter.webhook.is_none()) {
        return format!("SELECT {order} AS id FROM {from} WHERE {shared}");
    }
    let webhook = if filter.webhook.is_some() { "AND webhook = :webhook" } else { "" };
    let walks = wanted.iter().map(|status| match status {
        SignalStatus::Received if narrowed => format!(
            "SELECT {order} AS id FROM {from} WHERE {shared}
               AND EXISTS (SELECT 1 FROM signal_queue q WHERE q.signal = s.id)"
        ),
        SignalStatus::Received => format!(
            "SELECT q.signal AS id FROM signal_queue q CROSS JOIN signals s ON s.id = q.signal
             WHERE q.signal < :before AND {shared}"
        ),
        // A status is one of four words of our own, so its text can stand in the statement.
        SignalStatus::Executed | SignalStatus::Rejected | SignalStatus::Failed if narrowed => format!(
            "SELECT {order} AS id FROM {from} WHERE {shared}
               AND EXISTS (SELECT 1 FROM signal_decisions d WHERE d.signal = s.id AND d.status = '{status}')"
        ),
        SignalStatus::Executed | SignalStatus::Rejected | SignalStatus::Failed => format!(
            "SELECT signal AS id FROM signal_decisions
             WHERE status = '{status}' {webhook} AND signal < :before"
        ),
    });
    let walks: Vec<String> =
        walks.map(|walk| format!("SELECT id FROM ({walk} ORDER BY id DESC LIMIT :limit)")).collect();
    walks.join(" UNION ALL ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, Store};
    use rusqlite::StatementStatus;

    const ROWS: u32 = 20_000;

    /// Two thirds are rejected, a third executed, one in a thousand failed or a replay; two webhooks, two symbols.
    fn filled() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("pitwire.db"), Options::default()).unwrap();
        let connection = rusqlite::Connection::open(store.path()).unwrap();
        connection
            .execute_batch(&format!(
                "PRAGMA foreign_keys = OFF;
                 INSERT INTO webhooks (no, id, name, description, mode, account_id, sell_mode, settings, digest,
                   token_preview, signing_generation, paused, reduce_only, allow_list, rate, dedupe_ms, hold_ms, position,
                   revision, created_at, updated_at)
                 SELECT value, 'wh_' || value, '', '', 'direct', '', 'flip', '', zeroblob(32), '', 1, 0, 0, '', '',
                   0, 0, 0, 0, 0, 0 FROM (SELECT 1 AS value UNION ALL SELECT 2);
                 INSERT INTO signals (uid, webhook, mode, source, received_at, leg, test, refused_count,
                   symbol, replay_of, raw_body)
                 SELECT 'sig_' || value, 1 + value % 2, 'direct', '', 0, 0, 0, 0, CASE value % 2 WHEN 0 THEN 'AAPL' ELSE 'ES1!' END,
                   CASE WHEN value % 1000 = 0 THEN 'sig_1' END, CAST('common word' || value AS BLOB)
                 FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < {ROWS})
                   SELECT value FROM n);
                 INSERT INTO signal_decisions (signal, webhook, status)
                 SELECT id, webhook,
                   CASE WHEN id % 1000 = 7 THEN 'failed' WHEN id % 3 = 0 THEN 'executed' ELSE 'rejected' END
                 FROM signals;"
            ))
            .unwrap();
        store.writer().run(crate::signals::rebuild_search).unwrap();
        (folder, store)
    }

    #[test]
    fn a_page_costs_the_same_whatever_the_filter_and_the_size_of_the_table() {
        let (_folder, store) = filled();
        let webhook = WebhookId::parse("wh_2").ok();
        let symbol = Symbol::new("AAPL").ok();
        let (failed, executed) = (SignalStatus::Failed, SignalStatus::Executed);
        let everything = SignalFilter::default();
        let filters = [
            everything.clone(),
            SignalFilter { webhook: webhook.clone(), ..everything.clone() },
            SignalFilter { statuses: vec![failed], ..everything.clone() },
            SignalFilter { statuses: vec![failed, executed], ..everything.clone() },
            SignalFilter { webhook: webhook.clone(), statuses: vec![failed, executed], ..everything.clone() },
            SignalFilter { symbol: symbol.clone(), ..everything.clone() },
            SignalFilter { symbol, statuses: vec![executed], ..everything.clone() },
            SignalFilter { replayed: true, ..everything.clone() },
            SignalFilter { words: Some("common".to_owned()), ..everything.clone() },
            SignalFilter { words: Some("word77".to_owned()), ..everything.clone() },
            SignalFilter { words: Some("common".to_owned()), webhook, ..everything },
        ];
        for filter in filters {
            for before in [None, Some(Cursor(SignalNo::new(i64::from(ROWS / 2))))] {
                let steps = steps_of(&store, &filter, before);
                // Eleven rows through at most two walks, a merge and two joins; a scan would be a hundred times that.
                assert!(steps < 5_000, "{steps} steps for {filter:?}");
            }
        }
    }

    fn steps_of(store: &Store, filter: &SignalFilter, before: Option<Cursor>) -> i32 {
        store
            .reader()
            .read(|view| {
                let query = Query::of(view, filter, before, 11)?.unwrap();
                let parameters: Vec<(&str, &dyn ToSql)> =
                    query.parameters.iter().map(|(n, v)| (*n, v.as_ref())).collect();
                let mut statement = view.connection().prepare(&query.sql)?;
                let mut rows = statement.query(parameters.as_slice())?;
                let mut found = 0;
                while rows.next()?.is_some() {
                    found += 1;
                }
                assert!(found > 0, "{filter:?}");
                drop(rows);
                Ok(statement.get_status(StatementStatus::VmStep))
            })
            .unwrap()
    }
}
