//! Keeps the tunnel as it is wanted: connects, watches, waits, connects again.
//!
//! It takes over what the ngrok crate would do by itself after a cut, because the crate's waits grow without a limit: the
//! fourth is 1.7 hours long.

use crate::connector::Incoming;
use crate::machine::{Happened, Machine, Next};
use crate::{Backoff, Beat, Cause, Connector, Fault, Link, Plan, Standing, Timing};
use domain::Timestamp;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long a link may take to end in order.
const CLOSE_MAX: Duration = Duration::from_secs(2);

/// Something that the user wants now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Connect anew at once.
    Reconnect,
}

/// What the supervisor works with.
pub struct Supervised<C, S, O, N, R> {
    /// What it connects through.
    pub connector: C,
    /// What is wanted; the supervisor ends when the sender is dropped.
    pub plans: watch::Receiver<Plan>,
    /// What the user wants now.
    pub wishes: mpsc::Receiver<Wish>,
    /// Is told every change, in order; must not block.
    pub say: S,
    /// Is handed the public address and who comes in, once per link; the one before has ended then.
    pub open: O,
    /// The wall clock, by which a sleep of the machine is noticed.
    pub now: N,
    /// A number from 0 to 1 by chance.
    pub chance: R,
}

/// Runs until the sender of plans is gone; the link is closed in order then.
pub async fn supervise<C, S, O, N, R>(mut parts: Supervised<C, S, O, N, R>)
where
    C: Connector,
    S: FnMut(&Standing) + Send,
    O: FnMut(&str, Incoming) + Send,
    N: Fn() -> Timestamp + Send + Sync,
    R: FnMut() -> f64 + Send,
{
    let mut plan = parts.plans.borrow_and_update().clone();
    let mut machine = Machine::new(Fault::of(Cause::NotRunning));
    let mut link: Option<Link> = None;
    let mut happened = wanted(&plan);
    loop {
        let next = machine.take(happened, (parts.chance)());
        (parts.say)(machine.standing());
        if next != Next::Watch
            && let Some(link) = link.take()
        {
            close(link, machine.standing(), plan.has_heartbeats()).await;
        }
        let stage = stage(next, &plan, &mut link, &mut parts.connector, &parts.now);
        happened = tokio::select! {
            biased;
            changed = changed_plan(&mut parts.plans, &plan) => {
                let Some(newer) = changed else { break };
                plan = newer;
                wanted(&plan)
            }
            Some(Wish::Reconnect) = parts.wishes.recv() => Happened::Anew(Fault::of(Cause::Asked)),
            staged = stage => match staged {
                Staged::Happened(happened) => happened,
                Staged::Connected(mut made) => {
                    let (_none, empty) = mpsc::channel(1);
                    (parts.open)(&made.url, std::mem::replace(&mut made.incoming, Incoming::Session(empty)));
                    let url = made.url.clone();
                    link = Some(made);
                    Happened::Connected { url }
                }
            }
        };
    }
    if let Some(link) = link {
        let _slow = timeout(CLOSE_MAX, link.hold.close()).await;
    }
}

/// Ends a link: in order where the other side still listens, else at once.
async fn close(link: Link, standing: &Standing, has_other_side: bool) {
    let is_there = !has_other_side
        || standing.fault.as_ref().is_none_or(|fault| {
            matches!(
                fault.cause,
                Cause::Asked | Cause::Changed | Cause::RestartAsked | Cause::StoppedInDashboard
            ) || standing.state == crate::State::Off
        });
    if is_there {
        // What takes longer is cut by being dropped.
        let _slow = timeout(CLOSE_MAX, link.hold.close()).await;
    }
}

/// A plan that differs from the one at hand; nothing when there will be no more.
async fn changed_plan(plans: &mut watch::Receiver<Plan>, at_hand: &Plan) -> Option<Plan> {
    loop {
        plans.changed().await.ok()?;
        let newer = plans.borrow_and_update().clone();
        if newer != *at_hand {
            return Some(newer);
        }
    }
}

fn wanted(plan: &Plan) -> Happened {
    match plan {
        Plan::Off(fault) => Happened::Unwanted(fault.clone()),
        Plan::Ngrok(_) | Plan::OwnUrl(_) => {
            Happened::Wanted { backoff: Backoff { max: plan.timing().backoff_max } }
        }
    }
}

/// What a stage came to.
enum Staged {
    Happened(Happened),
    Connected(Link),
}

/// Does what is next until something happens.
async fn stage<C: Connector>(
    next: Next,
    plan: &Plan,
    link: &mut Option<Link>,
    connector: &mut C,
    now: &(impl Fn() -> Timestamp + Sync),
) -> Staged {
    let doing = async {
        match next {
            Next::Rest => std::future::pending().await,
            Next::Wait(wait) => {
                sleep(wait).await;
                Staged::Happened(Happened::Due)
            }
            Next::Connect => match timeout(Timing::CONNECT_MAX, connector.connect(plan)).await {
                Ok(Ok(made)) => Staged::Connected(made),
                Ok(Err(fault)) => Staged::Happened(Happened::Refused(fault)),
                Err(_late) => Staged::Happened(Happened::Refused(Fault::of(Cause::TimedOut))),
            },
            Next::Watch => match link.as_mut() {
                Some(link) => Staged::Happened(Happened::Lost(watched(link, plan).await)),
                None => Staged::Happened(Happened::Lost(Fault::of(Cause::Cut))),
            },
        }
    };
    tokio::select! {
        staged = doing => staged,
        slept = awoken(now), if next != Next::Rest => {
            Staged::Happened(Happened::Anew(Fault::since(Cause::Woke, slept)))
        }
    }
}

/// Waits for the end of a link, or for more silence than is borne.
async fn watched(link: &mut Link, plan: &Plan) -> Fault {
    let silence_max = plan.timing().silence_max();
    let mut deadline = Instant::now() + silence_max;
    let mut is_heard = plan.has_heartbeats();
    loop {
        tokio::select! {
            biased;
            fault = &mut link.ended => return fault.unwrap_or_else(|_| Fault::of(Cause::Cut)),
            beat = link.beats.recv(), if is_heard => match beat {
                Some(Beat::Answered) => deadline = Instant::now() + silence_max,
                Some(Beat::Missed) => return Fault::of(Cause::Silent),
                None => is_heard = false,
            },
            () = sleep_until(deadline), if plan.has_heartbeats() => {
                return Fault::since(Cause::Silent, silence_max);
            }
        }
    }
}

/// Returns when the clock is further than it should be: the machine was asleep, and every connection with it. Says for
/// how long.
async fn awoken(now: &impl Fn() -> Timestamp) -> Duration {
    loop {
        let before = now();
        sleep(Timing::LOOK_EVERY).await;
        let passed = now().as_micros().saturating_sub(before.as_micros());
        let expected = i64::try_from((Timing::LOOK_EVERY + Timing::JUMP).as_micros()).unwrap_or(i64::MAX);
        if passed > expected {
            return Duration::from_micros(passed.unsigned_abs()).saturating_sub(Timing::LOOK_EVERY);
        }
    }
}

#[cfg(test)]
mod tests;
