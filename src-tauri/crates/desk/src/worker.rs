//! The working process of a data directory: the driver's thread, the listener and the publisher, started together and
//! drained together.

use crate::context::Context;
use crate::driver::Driver;
use crate::intake::Intake;
use crate::listen::{ListenError, bind};
use crate::lock::{LockError, WorkerLock};
use crate::tunnel::Tunnel;
use crate::wake::Wake;
use crate::wire::ListenerState;
use crate::{Desk, recover};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::StoreError;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle as Task;
use webhook::{Gate, GateParts, Limits, Via};

/// How long a start waits for a lock that is held.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);
/// How often it looks.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// How long a listener that could not start waits before it tries again.
const LISTEN_RETRY: Duration = Duration::from_secs(3);

/// Why the worker cannot start.
#[derive(Debug, Error)]
pub enum WorkError {
    /// Another process is the worker.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The driver's thread could not be started.
    #[error("the driver could not be started: {0}")]
    Thread(#[from] std::io::Error),
}

/// Where to listen; what is absent comes from the settings.
#[derive(Debug, Clone, Copy, Default)]
pub struct ListenOptions {
    /// The address.
    pub bind: Option<IpAddr>,
    /// The port; 0 takes any free one.
    pub port: Option<u16>,
}

/// The worker of a data directory, until it is stopped.
pub struct Worker {
    desk: Desk,
    stop: Arc<AtomicBool>,
    driver: Option<JoinHandle<()>>,
    publisher: Option<Task<()>>,
    listener: Option<Task<()>>,
    gate: Option<Arc<DeskGate>>,
    tunnel: Option<Tunnel>,
    shutdown: watch::Sender<bool>,
    _lock: WorkerLock,
}

impl Worker {
    pub(crate) fn start(desk: &Desk) -> Result<Self, WorkError> {
        let lock = take_patiently(&desk.context.data_dir)?;
        // A worker that was killed could not take its address back.
        desk.context.set_local_url(None)?;
        let stale = recover::fail_stale(&desk.context)?;
        if stale > 0 {
            tracing::warn!(
                signals.count = stale,
                "signals from before the last stop were too old to be executed"
            );
        }
        let stop = Arc::new(AtomicBool::new(false));
        let context = Arc::clone(&desk.context);
        let driver = Driver::new(context, Arc::clone(&desk.runtime.refused), Arc::clone(&stop));
        let driver = std::thread::Builder::new().name("driver".into()).spawn(move || driver.run())?;
        Ok(Self {
            desk: desk.clone(),
            stop,
            driver: Some(driver),
            publisher: None,
            listener: None,
            gate: None,
            tunnel: None,
            shutdown: watch::Sender::new(false),
            _lock: lock,
        })
    }

    /// Begins to tell subscribers what changes. Needs a tokio runtime.
    pub fn publish(&mut self) {
        let publisher = self.desk.publisher.clone();
        let (context, runtime) = (Arc::clone(&self.desk.context), Arc::clone(&self.desk.runtime));
        self.publisher = Some(tokio::spawn(publisher.run(context, runtime)));
    }

    /// Begins to listen for alerts and says at which URL.
    ///
    /// # Errors
    /// [`ListenError`], which is also shown as the listener's state.
    pub async fn listen(&mut self, options: ListenOptions) -> Result<String, ListenError> {
        let listener = bound(&self.desk, options).await?;
        let gate = self.gate();
        let (url, served) = serve(&self.desk, gate, self.shutdown.subscribe(), listener)?;
        self.listener = Some(tokio::spawn(served));
        Ok(url)
    }

    /// Begins to listen as the settings say as soon as that is possible: the program that has the port may end, and the
    /// user may choose another one. Needs a tokio runtime.
    pub fn listen_when_possible(&mut self) {
        let (desk, gate, mut stopped) = (self.desk.clone(), self.gate(), self.shutdown.subscribe());
        self.listener = Some(tokio::spawn(async move {
            loop {
                if let Ok(listener) = bound(&desk, ListenOptions::default()).await
                    && let Ok((_url, served)) = serve(&desk, Arc::clone(&gate), stopped.clone(), listener)
                {
                    return served.await;
                }
                let stopping = tokio::time::timeout(LISTEN_RETRY, stopped.wait_for(|stop| *stop)).await;
                if stopping.is_ok() {
                    return;
                }
            }
        }));
    }

    /// Keeps the tunnel as the settings want it from now on; `is_wanted` is false for none whatever they say. Needs a
    /// tokio runtime.
    pub fn tunnel(&mut self, is_wanted: bool) {
        if self.tunnel.is_none() {
            let gate = self.gate();
            self.tunnel = Some(Tunnel::start(&self.desk.context, &self.desk.runtime, &gate, is_wanted));
        }
    }

    /// The gate of all listeners.
    fn gate(&mut self) -> Arc<DeskGate> {
        let desk = &self.desk;
        let gate = self.gate.get_or_insert_with(|| {
            let gate = gate(desk);
            let times = Arc::clone(&gate);
            desk.runtime.set_reply_times(move || times.reply_times().quantiles());
            gate
        });
        Arc::clone(gate)
    }

    /// Stops listening, lets open requests finish, decides what was accepted, and gives the lock back.
    pub async fn stop(mut self) {
        self.shutdown.send_replace(true);
        if let Some(tunnel) = self.tunnel.take() {
            tunnel.stop(&self.desk.runtime).await;
        }
        if let Some(listener) = self.listener.take()
            && let Err(error) = listener.await
        {
            tracing::error!(%error, "the listener broke while stopping");
        }
        self.desk.runtime.set_listener(ListenerState::Off);
        if let Some(publisher) = self.publisher.take() {
            publisher.abort();
        }
        let stopped = tokio::task::spawn_blocking(move || self.stop_driver()).await;
        if let Err(error) = stopped {
            tracing::error!(%error, "the driver broke while stopping");
        }
    }

    fn stop_driver(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.desk.context.wake.call();
        if let Some(driver) = self.driver.take()
            && driver.join().is_err()
        {
            tracing::error!("the driver ended by a panic");
        }
        self.desk.context.market.stop();
        if let Err(error) = self.desk.context.set_local_url(None) {
            tracing::warn!(%error, "other processes still think that this one listens");
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.driver.is_some() {
            self.stop_driver();
        }
    }
}

/// Binds as the options and else the settings say. What goes wrong is shown as the listener's state.
async fn bound(desk: &Desk, options: ListenOptions) -> Result<TcpListener, ListenError> {
    let settings = desk.context.settings();
    let ip =
        options.bind.or_else(|| settings.text("listen.bind").parse().ok()).unwrap_or([127, 0, 0, 1].into());
    let port = options.port.or_else(|| settings.text("listen.port").parse().ok()).unwrap_or(8787);
    bind(ip, port).await.inspect_err(|error| desk.runtime.set_listener(error.state()))
}

/// Announces a listener, and what serves it until the worker stops.
fn serve(
    desk: &Desk,
    gate: Arc<DeskGate>,
    mut stopped: watch::Receiver<bool>,
    listener: TcpListener,
) -> Result<(String, impl Future<Output = ()> + Send + use<>), ListenError> {
    let address = listener.local_addr().map_err(|source| {
        let error = ListenError::Bind { address: ([0, 0, 0, 0], 0).into(), source };
        desk.runtime.set_listener(error.state());
        error
    })?;
    let url = format!("http://{address}");
    desk.runtime.set_listener(ListenerState::Listening { url: url.clone() });
    if let Err(error) = desk.context.set_local_url(Some(&url)) {
        tracing::warn!(%error, "other processes cannot be told the address");
    }
    tracing::info!(listener.url = url, "listening for alerts");
    let served = async move {
        let until = async move {
            // The sender lives as long as the worker; its end is a stop as well.
            let _ended = stopped.wait_for(|stop| *stop).await;
        };
        let drained = webhook::serve(listener, gate, Via::Local, until).await;
        tracing::info!(?drained, "the listener has stopped");
    };
    Ok((url, served))
}

/// A command that decides something by itself holds the lock for moments only, so a worker that starts then tries
/// again before it gives up.
fn take_patiently(data_dir: &Path) -> Result<WorkerLock, LockError> {
    let started = Instant::now();
    let patience = Wake::default();
    loop {
        match WorkerLock::take(data_dir) {
            Err(LockError::Held { .. }) if started.elapsed() < LOCK_PATIENCE => patience.wait(LOCK_POLL),
            other => return other,
        }
    }
}

/// The gate that all listeners share.
pub(crate) type DeskGate = Gate<crate::directory::LiveDirectory, Intake>;

fn gate(desk: &Desk) -> Arc<DeskGate> {
    let context = &desk.context;
    Gate::new(GateParts {
        key: context.vault.key().clone(),
        directory: Arc::clone(&context.directory),
        sink: Arc::new(Intake::new(Arc::clone(context), Arc::clone(&desk.runtime.refused))),
        clock: Arc::new(ListenerClock { context: Arc::clone(context), started: Instant::now() }),
        limits: Limits::default(),
    })
}

/// The desk's clock as the listener wants it.
struct ListenerClock {
    context: Arc<Context>,
    started: Instant,
}

impl webhook::Clock for ListenerClock {
    fn now(&self) -> domain::Timestamp {
        self.context.clock.now()
    }

    fn monotonic_us(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Clock;
    use serde_json::json;

    #[tokio::test]
    async fn a_listener_begins_when_its_port_is_free() {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(folder.path(), Clock::system()).unwrap();
        let other = bind([127, 0, 0, 1].into(), 0).await.unwrap();
        let port = other.local_addr().unwrap().port();
        desk.call("settings.set", json!({"key": "listen.port", "value": port.to_string()})).unwrap();
        let mut worker = desk.work().unwrap();
        worker.listen(ListenOptions::default()).await.unwrap_err();
        let ListenerState::Failed { error, port_free: Some(free) } = desk.runtime.listener() else {
            panic!("{:?}", desk.runtime.listener())
        };
        assert!(error.contains(&port.to_string()) && free != port, "{error} {free}");
        worker.listen_when_possible();
        drop(other);
        let began = tokio::time::timeout(Duration::from_secs(30), async {
            while !matches!(desk.runtime.listener(), ListenerState::Listening { .. }) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        began.await.unwrap();
        assert!(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok());
        worker.stop().await;
    }
}
