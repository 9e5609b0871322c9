//! `explain`: what a message means, without anything being done.

use super::Place;
use crate::terminal::Done;
use anyhow::Context;
use clap::Args;
use std::io::Read;
use std::path::PathBuf;

/// The largest message that is read, in bytes: what the listener takes and one more, so that its refusal is the same.
const MESSAGE_MAX: u64 = 256 * 1024 + 1;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The message; `-` or nothing for stdin.
    file: Option<PathBuf>,
    /// The webhook whose settings apply.
    #[arg(long, value_name = "ID")]
    webhook: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, place: &Place) -> Done {
        let body = self.read()?;
        let explained = match &self.webhook {
            Some(id) => place.desk()?.explain(&body, Some(id))?,
            None => desk::explain(&body)?,
        };
        let value = serde_json::to_value(&explained).context("the answer is not JSON")?;
        if place.terminal.json {
            return place.terminal.value(&value);
        }
        let pretty = serde_json::to_string_pretty(&value).context("the answer is not JSON")?;
        place.terminal.line(&pretty)
    }

    fn read(&self) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        match self.file.as_deref().filter(|f| f.as_os_str() != "-") {
            Some(file) => {
                let opened = std::fs::File::open(file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                opened.take(MESSAGE_MAX).read_to_end(&mut body)
            }
            None => std::io::stdin().lock().take(MESSAGE_MAX).read_to_end(&mut body),
        }
        .context("the message cannot be read")?;
        Ok(body)
    }
}
