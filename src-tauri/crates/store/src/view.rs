//! The two things a table function can be handed: a [`View`] to read, a [`Tx`] to write.
//!
//! Neither can be made outside this crate. A `&Tx` exists only inside a job of the writer, so a write outside a
//! transaction does not compile.

use crate::counts::Pending;
use domain::WebhookId;
use rusqlite::{CachedStatement, Connection, OptionalExtension};
use std::cell::RefCell;
use std::ops::Deref;

/// One consistent state of the database, to read from.
#[derive(Debug)]
pub struct View(Connection);

impl View {
    pub(crate) fn new(connection: Connection) -> Self {
        Self(connection)
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.0
    }

    /// The statement, compiled once per connection.
    pub(crate) fn prepared(&self, sql: &str) -> rusqlite::Result<CachedStatement<'_>> {
        self.0.prepare_cached(sql)
    }
}

/// An open write transaction; it reads what it has written.
#[derive(Debug)]
pub struct Tx {
    view: View,
    counts: Pending,
    known: RefCell<Known>,
}

/// What every job of a group asks for, read once per transaction.
#[derive(Debug, Default)]
struct Known {
    generation: Option<i64>,
    webhooks: Vec<(WebhookId, i64)>,
    /// The newest number of a signal.
    signal: Option<i64>,
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { view: View::new(connection), counts: Pending::default(), known: RefCell::default() }
    }

    /// Begins a transaction; nothing is known yet of what another process may have changed.
    pub(crate) fn begin(&self) -> rusqlite::Result<()> {
        self.forget();
        self.command("BEGIN IMMEDIATE")
    }

    /// Forgets what was read: it was changed, or what had changed it was rolled back.
    pub(crate) fn forget(&self) {
        self.known.take();
    }

    /// The number of a webhook, also of one that is being removed.
    pub(crate) fn webhook_no(&self, id: &WebhookId) -> rusqlite::Result<Option<i64>> {
        if let Some((_, no)) = self.known.borrow().webhooks.iter().find(|(known, _)| known == id) {
            return Ok(Some(*no));
        }
        let mut statement = self.prepared("SELECT no FROM webhooks WHERE id = ?1")?;
        let found = statement.query_row([id.as_str()], |row| row.get(0)).optional()?;
        if let Some(no) = found {
            self.known.borrow_mut().webhooks.push((id.clone(), no));
        }
        Ok(found)
    }

    /// The number of the next signal: above every one that is or was there. Each is given once, used or not.
    pub(crate) fn next_signal(&self) -> rusqlite::Result<i64> {
        let known = self.known.borrow().signal;
        let newest = match known {
            Some(newest) => newest,
            None => {
                let mut statement = self.prepared(
                    "SELECT max(removed, (SELECT coalesce(max(id), 0) FROM signals)) FROM signal_numbers",
                )?;
                statement.query_row([], |row| row.get(0))?
            }
        };
        self.known.borrow_mut().signal = Some(newest + 1);
        Ok(newest + 1)
    }

    /// The generation of the configuration.
    pub(crate) fn generation(&self) -> rusqlite::Result<i64> {
        if let Some(generation) = self.known.borrow().generation {
            return Ok(generation);
        }
        let mut statement = self.prepared("SELECT generation FROM config_generation WHERE one = 1")?;
        let generation = statement.query_row([], |row| row.get(0))?;
        self.known.borrow_mut().generation = Some(generation);
        Ok(generation)
    }

    /// The changes of the counts that the commit is still to write.
    pub(crate) fn counts(&self) -> &Pending {
        &self.counts
    }

    /// Runs a statement without parameters or rows.
    pub(crate) fn command(&self, sql: &str) -> rusqlite::Result<()> {
        self.view.prepared(sql)?.execute([]).map(|_| ())
    }
}

impl Deref for Tx {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}
