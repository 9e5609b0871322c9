//! The tunnel of the working process: its supervisor, its listener, and everything that is kept of it.
//!
//! The supervisor itself is in the crate of the same name; here are its plan (from the settings and the keychain), what
//! it says (into the timeline, for the window and for other processes) and who serves whom it lets in. Deliberately
//! absent: any knowledge of ngrok.

pub(crate) mod address;
mod awake;
pub(crate) mod gaps;
pub(crate) mod hops;
pub(crate) mod now;
pub(crate) mod plan;
pub(crate) mod quota;
mod recorder;
pub(crate) mod selftest;
pub(crate) mod upkeep;

use crate::context::Context;
use crate::rpc::Runtime;
use crate::worker::DeskGate;
use ::tunnel::{Fault, Incoming, NgrokConnector, Plan, Standing, Supervised, supervise};
use recorder::Recorder;
use std::net::IpAddr;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle as Task;
use webhook::{Doorway, Entrant, Via};

/// What the supervisor has said and nobody has written down yet; it says at most a few things a second.
const SAID_MAX: usize = 256;
/// Wishes that wait for the supervisor.
const WISHES_MAX: usize = 4;

/// The tunnel of a worker, until it is stopped.
pub(crate) struct Tunnel {
    plans: watch::Sender<Plan>,
    supervisor: Task<()>,
    recorder: Task<()>,
    upkeep: Task<()>,
    listeners: watch::Sender<bool>,
}

impl Tunnel {
    /// Starts it. `is_wanted` is false for `--no-tunnel`. Needs a tokio runtime.
    pub(crate) fn start(
        context: &Arc<Context>,
        runtime: &Arc<Runtime>,
        gate: &Arc<DeskGate>,
        is_wanted: bool,
    ) -> Self {
        recorder::close_what_was_left(context);
        let (plans, plans_seen) = watch::channel(plan::of(context, is_wanted));
        let (wishes, wishes_seen) = mpsc::channel(WISHES_MAX);
        let (said, saying) = mpsc::channel(SAID_MAX);
        let listeners = watch::Sender::new(false);
        runtime.tunnel.set_wishes(Some(wishes));
        let open = opener(Arc::clone(context), Arc::clone(gate), listeners.clone());
        let clock = context.clock.clone();
        let supervisor = tokio::spawn(supervise(Supervised {
            connector: NgrokConnector,
            plans: plans_seen,
            wishes: wishes_seen,
            say: move |standing: &Standing| {
                if said.try_send(standing.clone()).is_err() {
                    tracing::error!("a change of the tunnel could not be noted");
                }
            },
            open,
            now: move || clock.now(),
            chance: crate::random::fraction,
        }));
        let recorder = Recorder::new(Arc::clone(context), Arc::clone(runtime));
        let recorder = tokio::spawn(recorder.run(saying));
        let upkeep = upkeep::Upkeep::new(Arc::clone(context), Arc::clone(runtime), Arc::clone(gate));
        let upkeep = tokio::spawn(upkeep.run(plans.clone(), is_wanted));
        Self { plans, supervisor, recorder, upkeep, listeners }
    }

    /// Lets open requests finish, takes the address offline and writes down that it is.
    pub(crate) async fn stop(self, runtime: &Runtime) {
        let Self { plans, supervisor, recorder, upkeep, listeners } = self;
        listeners.send_replace(true);
        // Every listener holds a receiver until its open requests have their answers, within a limit of its own.
        listeners.closed().await;
        upkeep.abort();
        let _aborted = upkeep.await;
        runtime.tunnel.set_wishes(None);
        drop(plans);
        for (name, task) in [("supervisor", supervisor), ("recorder", recorder)] {
            if let Err(error) = task.await {
                tracing::error!(%error, task.name = name, "the tunnel broke while stopping");
            }
        }
    }
}

/// Serves whoever a link lets in. The host is known before the first request is judged.
fn opener(
    context: Arc<Context>,
    gate: Arc<DeskGate>,
    listeners: watch::Sender<bool>,
) -> impl FnMut(&str, Incoming) + Send {
    move |url, incoming| {
        context.directory.set_public_host(host_of(url));
        let (gate, held) = (Arc::clone(&gate), listeners.subscribe());
        tokio::spawn(async move {
            let mut stopped = held.clone();
            let until = async move {
                let _ended = stopped.wait_for(|stop| *stop).await.is_ok();
            };
            let drained = webhook::serve(Visitors(incoming), gate, Via::Tunnel, until).await;
            tracing::debug!(?drained, "a way in has ended");
            // Held until here, so that a stop waits for it.
            drop(held);
        });
    }
}

/// Whoever comes in through a link, as the listener wants them.
struct Visitors(Incoming);

impl Doorway for Visitors {
    type Stream = Box<dyn ::tunnel::Stream>;

    async fn next(&mut self) -> Option<std::io::Result<Entrant<Self::Stream>>> {
        let next = self.0.next().await?;
        Some(next.map(|visitor| Entrant {
            stream: visitor.stream,
            peer: visitor.peer.ip(),
            local: IpAddr::from([127, 0, 0, 1]),
        }))
    }
}

/// The host of a public address, without scheme and port.
pub(crate) fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?']).next()?;
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    (!name.is_empty()).then_some(name)
}

/// A cause as the outside sees it.
pub(crate) fn reason_of(fault: &Fault) -> crate::wire::TunnelReason {
    crate::wire::TunnelReason {
        code: fault.cause.code().to_owned(),
        sentence: fault.sentence(),
        fix: fault.cause.fix().to_owned(),
        service_code: fault.service_code.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address() {
        for (url, host) in [
            ("https://name.ngrok-free.app", Some("name.ngrok-free.app")),
            ("https://alerts.example.com:8443", Some("alerts.example.com")),
            ("https://alerts.example.com/path?x", Some("alerts.example.com")),
            ("https://", None),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
