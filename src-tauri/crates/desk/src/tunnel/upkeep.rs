//! What is seen to beside the supervisor: changed settings, wishes of other processes, the count of requests, the
//! self-test, and whether the machine may sleep.

use super::now::SLEEP;
use super::{awake::Awake, plan, recorder::SEEN_AT, selftest};
use crate::context::Context;
use crate::intake::json;
use crate::rpc::Runtime;
use crate::wire::TunnelState;
use crate::worker::DeskGate;
use ::tunnel::{Plan, Wish};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::StoreError;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often it is looked whether another process has changed something.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// How often what was counted is written.
const COUNT_EVERY: Duration = Duration::from_secs(2);
/// How often it is written that the tunnel is online: what a crash leaves unknown at most.
const MARK_EVERY: Duration = Duration::from_secs(60);
/// How often it is looked whether a self-test is due.
const TEST_EVERY: Duration = Duration::from_secs(10);
/// How often the number of tasks goes to the log, for whoever looks for leaks.
const SAY_EVERY: Duration = Duration::from_secs(5);
/// The fact by which another process asks for a new connection: it counts.
pub(crate) const WISH: &str = "wish";
/// The fact that says when an alert last came through the tunnel, in microseconds.
pub(crate) const ARRIVED_AT: &str = "arrived_at";

pub(super) struct Upkeep {
    context: Arc<Context>,
    runtime: Arc<Runtime>,
    gate: Arc<DeskGate>,
    awake: Awake,
    generation: u64,
    wish: Option<String>,
    counted: u64,
    counted_at: Instant,
    marked_at: Instant,
    tested_at: Instant,
    is_testing: Arc<AtomicBool>,
}

impl Upkeep {
    pub(super) fn new(context: Arc<Context>, runtime: Arc<Runtime>, gate: Arc<DeskGate>) -> Self {
        let now = Instant::now();
        let generation = context.directory.generation();
        let wish = context.store.reader().read(|view| store::tunnel::fact(view, WISH)).unwrap_or_default();
        Self {
            context,
            runtime,
            gate,
            awake: Awake::default(),
            generation,
            wish,
            counted: 0,
            counted_at: now,
            marked_at: now,
            tested_at: now,
            is_testing: Arc::default(),
        }
    }

    /// Until it is dropped by its runtime.
    pub(super) async fn run(mut self, plans: watch::Sender<Plan>, is_wanted: bool) {
        let mut tick = tokio::time::interval(LOOK_EVERY);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut said_at = Instant::now();
        loop {
            tick.tick().await;
            if said_at.elapsed() >= SAY_EVERY {
                said_at = Instant::now();
                let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
                tracing::debug!(runtime.tasks = tasks, "tunnel.upkeep");
            }
            let plans = plans.clone();
            let looked = tokio::task::spawn_blocking(move || {
                if let Err(error) = self.look(&plans, is_wanted) {
                    tracing::warn!(%error, "the tunnel's upkeep has to wait");
                }
                self
            });
            match looked.await {
                Ok(upkeep) => self = upkeep,
                Err(error) => return tracing::error!(%error, "the tunnel's upkeep broke"),
            }
            self.test_when_due();
        }
    }

    fn look(&mut self, plans: &watch::Sender<Plan>, is_wanted: bool) -> Result<(), StoreError> {
        self.context.directory.reload()?;
        let generation = self.context.directory.generation();
        if generation != self.generation {
            self.context.reload_settings()?;
            self.generation = generation;
            let newer = plan::of(&self.context, is_wanted);
            plans.send_if_modified(|plan| std::mem::replace(plan, newer.clone()) != newer);
            let wish = self.context.store.reader().read(|view| store::tunnel::fact(view, WISH))?;
            if wish != self.wish {
                self.wish = wish;
                self.runtime.tunnel.wish(Wish::Reconnect);
            }
            self.runtime.tunnel.touch();
        }
        let state = self.runtime.tunnel.seen().map_or(TunnelState::Off, |seen| seen.state);
        self.keep_awake(state)?;
        if self.counted_at.elapsed() >= COUNT_EVERY {
            self.counted_at = Instant::now();
            self.count()?;
        }
        if state == TunnelState::Online && self.marked_at.elapsed() >= MARK_EVERY {
            self.marked_at = Instant::now();
            let at = self.context.clock.now().as_micros().to_string();
            self.context.store.writer().run(move |tx| store::tunnel::set_fact(tx, SEEN_AT, Some(&at)))?;
        }
        Ok(())
    }

    fn keep_awake(&mut self, state: TunnelState) -> Result<(), StoreError> {
        let wanted =
            self.context.settings().text("tunnel.prevent_sleep") == "on" && state != TunnelState::Off;
        let Some(seen) = self.awake.want(wanted) else { return Ok(()) };
        if let Some(error) = &seen.error {
            tracing::warn!(error, "the machine may fall asleep");
        }
        let text = json(&seen);
        self.runtime.tunnel.set_sleep(seen);
        self.context.store.writer().run(move |tx| store::tunnel::set_fact(tx, SLEEP, Some(&text)))
    }

    fn count(&mut self) -> Result<(), StoreError> {
        let traffic = self.gate.traffic();
        let (requests, arrived) = (traffic.requests(), traffic.arrived_at());
        let new = i64::try_from(requests.saturating_sub(self.counted)).unwrap_or(i64::MAX);
        if new == 0 {
            return Ok(());
        }
        let day: String = self.context.clock.now().to_string().chars().take(10).collect();
        self.context.store.writer().run(move |tx| {
            store::tunnel::count_requests(tx, &day, new)?;
            match arrived {
                Some(at) => store::tunnel::set_fact(tx, ARRIVED_AT, Some(&at.as_micros().to_string())),
                None => Ok(()),
            }
        })?;
        self.counted = requests;
        Ok(())
    }

    /// Begins a self-test where the last one, or the last alert, is long enough ago.
    fn test_when_due(&mut self) {
        if self.tested_at.elapsed() < TEST_EVERY || self.is_testing.load(Ordering::Acquire) {
            return;
        }
        self.tested_at = Instant::now();
        let (context, runtime) = (Arc::clone(&self.context), Arc::clone(&self.runtime));
        let is_testing = Arc::clone(&self.is_testing);
        is_testing.store(true, Ordering::Release);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = selftest::run_when_due(&context, &runtime) {
                tracing::warn!(error = error.error, "the tunnel could not be tested");
            }
            is_testing.store(false, Ordering::Release);
        });
    }
}
