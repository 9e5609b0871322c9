//! The two things a table function can be handed: a [`View`] to read, a [`Tx`] to write.
//!
//! Neither can be made outside this crate. A `&Tx` exists only inside a job of the writer, so a write outside a
//! transaction does not compile.

use crate::counts::Pending;
use rusqlite::{CachedStatement, Connection};
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
}

impl Tx {
    pub(crate) fn new(connection: Connection) -> Self {
        Self { view: View::new(connection), counts: Pending::default() }
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
