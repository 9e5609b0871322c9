//! The real window on a screen of its own: Xvfb, a session bus of its own, and WebKitWebDriver.
//!
//! Linux only; macOS has no driver for its web view, and the Windows one is not tried here.

use super::Tally;
use crate::step::{Step, say};
use crate::system;
use anyhow::Context;
use std::fs;

/// Screenshots and the windows' files; git-ignored, emptied before every run.
const ARTEFACTS: &str = "artefacts";

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
    system::ensure_desktop()?;
    if fs::exists(ARTEFACTS)? {
        fs::remove_dir_all(ARTEFACTS).context("cannot empty artefacts/")?;
    }
    let home = std::env::current_dir()?.join(ARTEFACTS).join("home");
    fs::create_dir_all(&home).context("cannot create artefacts/")?;
    let test = ["--package", "pitwire", "--features", "gui", "--test", "desktop"];
    Step::new("desktop build", "cargo").args(["test", "--no-run"]).args(test).run()?;
    tally.count(
        &Step::new("desktop", "dbus-run-session")
            .args(["--", "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x900x24"])
            .args(["cargo", "test"])
            .args(test)
            // Without these two the driver's request for a session is never answered.
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            // WebKit waits for an accessibility bus that is not there.
            .env("NO_AT_BRIDGE", "1")
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env("LANG", "C.UTF-8")
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_CACHE_HOME", home.join("cache")),
    )
}
