//! `serve`: the worker without a window.

use super::Place;
use crate::log;
use crate::stop::Stop;
use crate::terminal::{Done, Terminal};
use anyhow::Context;
use clap::Args;
use desk::ListenOptions;
use desk::wire::TunnelEvent;
#[cfg(feature = "gui")]
use desk::{Clock, Desk};
use serde_json::json;
use std::net::IpAddr;
use tokio::runtime::Runtime;

#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The port to listen at; 0 takes any free one.
    #[arg(long)]
    port: Option<u16>,
    /// The address to listen at; anything but a loopback address can be reached from the network.
    #[arg(long)]
    bind: Option<IpAddr>,
    /// Open no tunnel, whatever the settings say.
    #[arg(long)]
    no_tunnel: bool,
}

impl Serve {
    pub(super) fn run(&self, place: &Place) -> Done {
        let data_dir = place.data_dir()?;
        log::to_files(&data_dir)?;
        let runtime = runtime()?;
        let desk = super::opened(&data_dir)?;
        let mut worker = desk.work().context("this process cannot be the worker")?;
        let options = ListenOptions { bind: self.bind, port: self.port };
        runtime.block_on(async {
            let mut stop = Stop::new().context("signals of the system cannot be awaited")?;
            let url = worker.listen(options).await?;
            let ready = json!({"event": "listening", "local_url": url, "public_url": null});
            let printed = place.terminal.value(&ready);
            let mut changes = desk.tunnel_changes();
            worker.tunnel(!self.no_tunnel);
            loop {
                tokio::select! {
                    () = stop.wait() => break,
                    Some(change) = changes.next() => told(place.terminal, &change),
                }
            }
            worker.stop().await;
            printed.map_err(|_| anyhow::anyhow!("stdout cannot be written"))
        })?;
        Ok(())
    }
}

/// Prints a change of the tunnel. Alerts are taken whether anybody reads that or not.
fn told(terminal: Terminal, change: &TunnelEvent) {
    if let Err(error) = terminal.value(&json!(change)) {
        tracing::warn!(?error, "a change of the tunnel could not be printed");
    }
}

/// The runtime of a process that stays: the listener needs little, the database has threads of its own.
pub(crate) fn runtime() -> anyhow::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(2)
        .max_blocking_threads(16)
        .enable_all()
        .build()
        .context("no runtime could be started")
}

/// Opens the desk and starts its worker, for the window. A port that is taken is shown there, not fatal.
#[cfg(feature = "gui")]
pub(crate) fn start(data_dir: &std::path::Path, runtime: &Runtime) -> anyhow::Result<(Desk, desk::Worker)> {
    let desk = Desk::open(data_dir, Clock::system())?;
    let mut worker = desk.work()?;
    runtime.block_on(async {
        worker.publish();
        if let Err(error) = worker.listen(ListenOptions::default()).await {
            tracing::error!(%error, "the listener could not start");
            worker.listen_when_possible();
        }
        worker.tunnel(true);
    });
    Ok((desk, worker))
}
