//! The real window on a screen of its own.
//!
//! Linux only; macOS has no driver for its web view, and the Windows one is not tried here.

use super::Tally;
use crate::screen;
use crate::step::{Step, say};

/// Run `tests/desktop`.
///
/// # Errors
///
/// A package is missing, the screen cannot be had, or a test fails.
pub(super) fn run(tally: &mut Tally) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        say("\n── desktop: left out, it runs on Linux only");
        return Ok(());
    }
    let test = ["test", "--package", "pitwire", "--features", "gui", "--test", "desktop"];
    Step::new("desktop build", "cargo").args(test).args(["--no-run"]).run()?;
    tally.count(&screen::step("desktop", "cargo")?.args(test))
}
