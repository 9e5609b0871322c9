//! `backup` and `restore`.

use super::Place;
use crate::terminal::Done;
use anyhow::Context;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The file to write; the app key is not in it.
    file: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// The backup.
    file: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, place: &Place) -> Done {
        place.desk()?.backup(&self.file).context("the backup could not be written")?;
        place.terminal.object("backup", &json!({"file": self.file.display().to_string()}))
    }
}

impl Restore {
    pub(super) fn run(&self, place: &Place) -> Done {
        // What is not there replaces nothing: the desk says so, and there is nothing to ask.
        if self.file.is_file() {
            place.terminal.confirm("The present database is replaced by the backup.")?;
        }
        desk::restore(&place.data_dir()?, &self.file)?;
        place.terminal.object("restore", &json!({"file": self.file.display().to_string()}))
    }
}
