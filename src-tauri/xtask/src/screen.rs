//! A screen of its own for the real window: Xvfb, a session bus, and what WebKitWebDriver asks for. Linux only.
//!
//! Called by the desktop test and the benchmark of the window.

use crate::step::Step;
use crate::system;
use anyhow::Context;
use std::fs;

/// Screenshots and the windows' files; git-ignored, emptied before every run.
const ARTEFACTS: &str = "artefacts";

/// A program that finds a screen.
///
/// # Errors
///
/// A package is missing, or the folder of the windows' files cannot be made.
pub(crate) fn step(name: &'static str, program: &'static str) -> anyhow::Result<Step> {
    system::ensure_desktop()?;
    if fs::exists(ARTEFACTS)? {
        fs::remove_dir_all(ARTEFACTS).context("cannot empty artefacts/")?;
    }
    let home = std::env::current_dir()?.join(ARTEFACTS).join("home");
    fs::create_dir_all(&home).context("cannot create artefacts/")?;
    Ok(Step::new(name, "dbus-run-session")
        .args(["--", "xvfb-run", "--auto-servernum", "--server-args=-screen 0 1400x900x24", program])
        // Without these two the driver's request for a session is never answered.
        .env("TAURI_AUTOMATION", "true")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        // WebKit waits for an accessibility bus that is not there.
        .env("NO_AT_BRIDGE", "1")
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env("LANG", "C.UTF-8")
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache")))
}
