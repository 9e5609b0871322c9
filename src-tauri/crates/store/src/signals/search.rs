//! The word index over body, symbol and action.
//!
//! Rows are indexed when the writer has nothing else to do, many at once, and at the latest when somebody searches:
//! FTS5 writes a segment for every transaction that adds to it, and merges them later, which no alert is to wait for.
//! `signal_search_progress` says how far the index reaches; the trigger on DELETE takes only indexed rows out of it.

use crate::error::StoreError;
use crate::view::Tx;
use rusqlite::named_params;

/// `detail=none` keeps which row has a word and not where: phrases cannot be searched, and the index costs about
/// 65 bytes per signal instead of 157. `columnsize=0` because nothing is ranked. The tokenizer `ascii` splits at
/// everything but letters, digits and bytes above 127, which [`match_expression`] can do in exactly the same way.
/// The text of a body is cut so that a hostile one cannot hold the writer.
pub(crate) const SCHEMA: &str = "
CREATE VIEW signal_texts AS
  SELECT id, CAST(substr(raw_body, 1, 8192) AS TEXT) AS body, symbol, action
  FROM signals;
CREATE VIRTUAL TABLE signal_search USING fts5 (
  body, symbol, action,
  content = 'signal_texts', content_rowid = 'id', detail = none, columnsize = 0, tokenize = 'ascii'
);
CREATE TABLE signal_search_progress (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  indexed INTEGER NOT NULL
) STRICT;
INSERT INTO signal_search_progress (one, indexed) VALUES (1, 0);
CREATE TRIGGER signals_leave_search BEFORE DELETE ON signals
  WHEN old.id <= (SELECT indexed FROM signal_search_progress) BEGIN
    INSERT INTO signal_search (signal_search, rowid, body, symbol, action)
      SELECT 'delete', id, body, symbol, action FROM signal_texts WHERE id = old.id;
  END;
";

/// How many rows one transaction adds to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IndexChunk {
    /// A few tens of milliseconds, for when nobody waits.
    Large,
    /// About a millisecond, for between writes.
    Small,
}

impl IndexChunk {
    fn rows(self) -> i64 {
        match self {
            Self::Large => 2_000,
            Self::Small => 128,
        }
    }
}

/// How far the index reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Indexed {
    /// Every signal is found.
    All,
    /// More are left; call again in a job of its own.
    Some,
}

/// Adds the next signals that are not in the index to it.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn index_pending(tx: &Tx, chunk: IndexChunk) -> Result<Indexed, StoreError> {
    let from: i64 = tx
        .prepared("SELECT indexed FROM signal_search_progress WHERE one = 1")?
        .query_row([], |row| row.get("indexed"))?;
    let (to, rows): (Option<i64>, i64) = tx
        .prepared(
            "SELECT max(id) AS newest, count(*) AS n FROM
               (SELECT id FROM signals WHERE id > :from ORDER BY id LIMIT :limit)",
        )?
        .query_row(named_params! {":from": from, ":limit": chunk.rows()}, |row| {
            Ok((row.get("newest")?, row.get("n")?))
        })?;
    let Some(to) = to else { return Ok(Indexed::All) };
    tx.prepared(
        "INSERT INTO signal_search (rowid, body, symbol, action)
         SELECT id, body, symbol, action FROM signal_texts WHERE id > :from AND id <= :to",
    )?
    .execute(named_params! {":from": from, ":to": to})?;
    tx.prepared("UPDATE signal_search_progress SET indexed = :to WHERE one = 1")?
        .execute(named_params! {":to": to})?;
    Ok(if rows < chunk.rows() { Indexed::All } else { Indexed::Some })
}

/// Builds the index anew from the signals; about two minutes for ten million, during which nothing else is written.
///
/// # Errors
/// [`StoreError`] when it cannot be written.
pub fn rebuild_search(tx: &Tx) -> Result<(), StoreError> {
    tx.command("INSERT INTO signal_search (signal_search) VALUES ('rebuild')")?;
    Ok(tx.command(
        "UPDATE signal_search_progress SET indexed = (SELECT coalesce(max(id), 0) FROM signals) WHERE one = 1",
    )?)
}

/// The FTS5 expression that wants every word of `words`; nothing when there is no word in it.
pub(super) fn match_expression(words: &str) -> Option<String> {
    let in_word = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii();
    let mut expression = String::new();
    let mut rest = words;
    while let Some(start) = rest.find(in_word) {
        let tail = &rest[start..];
        let end = tail.find(|c| !in_word(c)).unwrap_or(tail.len());
        let star = if tail[end..].starts_with('*') { "*" } else { "" };
        if !expression.is_empty() {
            expression.push(' ');
        }
        expression.push_str(&format!("\"{}\"{star}", &tail[..end]));
        rest = &tail[end..];
    }
    (!expression.is_empty()).then_some(expression)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_an_expression_that_cannot_be_a_phrase_or_syntax() {
        let check = |words: &str, expected: Option<&str>| {
            assert_eq!(match_expression(words).as_deref(), expected, "{words:?}");
        };
        check("", None);
        check(" \t\"*-", None);
        check("buy", Some("\"buy\""));
        check("BTCUSDT.P buy", Some("\"BTCUSDT\" \"P\" \"buy\""));
        check("btc*", Some("\"btc\"*"));
        check("a OR b", Some("\"a\" \"OR\" \"b\""));
        check("x\" NEAR(\"y", Some("\"x\" \"NEAR\" \"y\""));
        check("büro", Some("\"büro\""));
    }
}
