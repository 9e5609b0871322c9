//! Writes down what the supervisor says: the timeline, where it stands for other processes, the log. Tells the window.

use super::now::{STANDING, Seen};
use super::{address, host_of};
use crate::context::Context;
use crate::intake::json;
use crate::rpc::Runtime;
use ::tunnel::{Cause, Fault, Standing, State};
use domain::Timestamp;
use std::sync::Arc;
use store::signals::SignalFilter;
use store::tunnel::TimelineRow;
use store::{StoreError, Tx};
use tokio::sync::mpsc;

/// The fact that says when the tunnel was last known to be online, in microseconds.
pub(super) const SEEN_AT: &str = "seen_at";

/// Takes down what is said, in order.
pub(super) struct Recorder {
    context: Arc<Context>,
    runtime: Arc<Runtime>,
    state: Option<State>,
    since: Timestamp,
    written: Option<TimelineRow>,
}

impl Recorder {
    pub(super) fn new(context: Arc<Context>, runtime: Arc<Runtime>) -> Self {
        let since = context.clock.now();
        Self { context, runtime, state: None, since, written: None }
    }

    /// Until the supervisor has ended.
    pub(super) async fn run(mut self, mut said: mpsc::Receiver<Standing>) {
        while let Some(standing) = said.recv().await {
            let noted = tokio::task::spawn_blocking(move || {
                self.note(&standing);
                self
            });
            match noted.await {
                Ok(recorder) => self = recorder,
                Err(error) => return tracing::error!(%error, "the timeline of the tunnel broke"),
            }
        }
        let ended = tokio::task::spawn_blocking(move || self.end());
        if let Err(error) = ended.await {
            tracing::error!(%error, "the timeline of the tunnel broke");
        }
    }

    fn note(&mut self, standing: &Standing) {
        let at = self.context.clock.now();
        if self.state != Some(standing.state) {
            self.state = Some(standing.state);
            self.since = at;
        }
        let row = row_of(standing, self.began(standing, at));
        let is_news = self.written.as_ref().is_none_or(|last| !is_same(last, &row));
        if is_news {
            log(standing);
            self.written = Some(row.clone());
        }
        let (url, since, said) = (standing.public_url.clone(), self.since, standing.clone());
        let written = self.context.store.writer().run(move |tx| {
            if let Some(url) = &url {
                address::note(tx, url, at)?;
                store::tunnel::set_fact(tx, SEEN_AT, Some(&at.as_micros().to_string()))?;
            }
            if is_news {
                store::tunnel::append(tx, &row)?;
            }
            let seen = Seen::of(&said, since, at, address::known(tx)?);
            store::tunnel::set_fact(tx, STANDING, Some(&json(&seen)))?;
            Ok(seen)
        });
        let seen = written.unwrap_or_else(|error| {
            tracing::error!(%error, "a change of the tunnel could not be written down");
            Seen::of(standing, self.since, at, None)
        });
        self.runtime.tunnel.set(Some(seen));
    }

    /// When what is said began: a sleep and a silence are noticed after they did.
    fn began(&self, standing: &Standing, at: Timestamp) -> Timestamp {
        let ago = standing.fault.as_ref().and_then(|fault| fault.ago).unwrap_or_default();
        let began = at.plus_micros(-i64::try_from(ago.as_micros()).unwrap_or(0));
        self.written.as_ref().map_or(began, |last| began.max(last.at))
    }

    fn end(self) {
        self.context.directory.set_public_host(None);
        let at = self.context.clock.now();
        let written = self.context.store.writer().run(move |tx| {
            store::tunnel::set_fact(tx, STANDING, None)?;
            went_away(tx, at)
        });
        if let Err(error) = written {
            tracing::error!(%error, "the end of the tunnel could not be written down");
        }
        self.runtime.tunnel.set(None);
    }
}

/// A worker that was killed could not say that it ended: it did when it was last known to be online.
pub(super) fn close_what_was_left(context: &Context) {
    let written = context.store.writer().run(|tx| {
        store::tunnel::set_fact(tx, STANDING, None)?;
        let seen_at = store::tunnel::fact(tx, SEEN_AT)?.and_then(|text| text.parse().ok());
        let seen_at = Timestamp::from_micros(seen_at.unwrap_or(0));
        went_away(tx, newest_alert(tx)?.map_or(seen_at, |at| at.max(seen_at)))
    });
    if let Err(error) = written {
        tracing::error!(%error, "the timeline of the tunnel could not be closed");
    }
}

/// When something last came in: a worker was there then.
fn newest_alert(tx: &Tx) -> Result<Option<Timestamp>, StoreError> {
    let newest = store::signals::list(tx, &SignalFilter::default(), None, 50)?.signals;
    Ok(newest.into_iter().find(|s| s.replay_of.is_none()).map(|s| s.received_at))
}

/// Closes the timeline at `at`, or at its last change if that is later.
fn went_away(tx: &Tx, at: Timestamp) -> Result<(), StoreError> {
    let Some(newest) = store::tunnel::page(tx, None, 1)?.into_iter().next() else { return Ok(()) };
    if newest.state == State::Off.as_str() {
        return Ok(());
    }
    let gone = row_of(&Standing::off(Fault::of(Cause::NotRunning)), at.max(newest.at));
    store::tunnel::append(tx, &gone).map(|_| ())
}

fn row_of(standing: &Standing, at: Timestamp) -> TimelineRow {
    let fault = standing.fault.as_ref();
    TimelineRow {
        id: 0,
        at,
        state: standing.state.as_str().to_owned(),
        code: fault.map(|f| f.cause.code().to_owned()),
        service_code: fault.and_then(|f| f.service_code.clone()),
        detail: fault.and_then(|f| f.detail.clone()),
        public_url: standing.public_url.clone(),
    }
}

/// Whether a row says nothing that the last one does not.
fn is_same(last: &TimelineRow, row: &TimelineRow) -> bool {
    (&last.state, &last.code, &last.service_code, &last.public_url)
        == (&row.state, &row.code, &row.service_code, &row.public_url)
}

fn log(standing: &Standing) {
    let fault = standing.fault.as_ref();
    let code = fault.map_or("-", |f| f.cause.code());
    let host = standing.public_url.as_deref().and_then(host_of).unwrap_or("-");
    let reason = fault.map_or_else(String::new, Fault::sentence);
    tracing::info!(
        tunnel.state = standing.state.as_str(),
        tunnel.code = code,
        tunnel.service_code = fault.and_then(|f| f.service_code.as_deref()),
        tunnel.host = host,
        tunnel.reason = reason,
        "tunnel.changed"
    );
}
