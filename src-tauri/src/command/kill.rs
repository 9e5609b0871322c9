//! `kill`: pause everything, or resume.

use super::Place;
use crate::terminal::Done;
use clap::Subcommand;
use serde_json::json;

#[derive(Debug, Subcommand)]
pub(super) enum Kill {
    /// Deny every signal until resumed.
    On,
    /// Take signals again.
    Off,
}

impl Kill {
    pub(super) fn run(self, place: &Place) -> Done {
        let on = matches!(self, Self::On);
        let status = place.desk()?.call("kill.set", json!({ "on": on }))?;
        let switched = json!({"on": status["kill_switch"]});
        if place.terminal.json {
            return place.terminal.value(&json!({ "kill": switched }));
        }
        place.terminal.line(if on { "everything is paused" } else { "signals are taken again" })
    }
}
