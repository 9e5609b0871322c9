//! `demo`: a desk that shows itself, in a data directory of its own.

use super::Place;
use super::serve::runtime;
use crate::log;
#[cfg(not(feature = "gui"))]
use crate::stop::Stop;
use crate::terminal::Done;
#[cfg(not(feature = "gui"))]
use anyhow::Context;
use anyhow::anyhow;
use clap::Args;
use desk::{Clock, ListenOptions};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// The port to listen at; any free one where none is named.
    #[arg(long, default_value_t = 0)]
    port: u16,
}

impl Demo {
    /// With a window where the build has one; on a terminal else.
    pub(super) fn run(&self, place: &Place) -> Done {
        let data_dir = directory(place)?;
        log::to_files(&data_dir)?;
        let runtime = runtime()?;
        let options = ListenOptions { bind: None, port: Some(self.port) };
        let begin = || runtime.block_on(desk::demo::start(&data_dir, Clock::system(), options));
        #[cfg(feature = "gui")]
        crate::window::run(&data_dir, runtime.handle(), || {
            let demo = begin()?;
            Ok((demo.desk, demo.worker))
        })?;
        #[cfg(not(feature = "gui"))]
        {
            let demo = begin().context("there is no demo")?;
            let ready = serde_json::json!({"event": "listening", "local_url": demo.url, "public_url": null, "demo": true});
            runtime.block_on(async {
                let mut stop = Stop::new().context("signals of the system cannot be awaited")?;
                let printed = place.terminal.value(&ready);
                stop.wait().await;
                demo.worker.stop().await;
                printed.map_err(|_| anyhow!("stdout cannot be written"))
            })?;
        }
        Ok(())
    }
}

/// The directory that was named, else the demo's own. Never the real one: a directory that is in use is refused.
fn directory(place: &Place) -> anyhow::Result<PathBuf> {
    let own = || {
        desk::demo::default_data_dir().ok_or_else(|| anyhow!("there is no home directory; use --data-dir"))
    };
    place.data_dir.clone().map_or_else(own, Ok)
}
