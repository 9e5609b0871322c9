//! Debian and Ubuntu packages that a build of the window and its test need.
//!
//! macOS and Windows bring their own web view. Other Linux systems are told the names to look for.

use crate::step::{Step, is_installed, output, say};
use anyhow::bail;

/// What the window is built with.
const WINDOW: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "libayatana-appindicator3-dev",
    "librsvg2-dev",
    "libxdo-dev",
    "libssl-dev",
];

/// What the desktop test drives the window with: a driver, a screen, a session bus, letters.
const DESKTOP: &[&str] = &["webkit2gtk-driver", "xvfb", "xauth", "dbus", "fonts-dejavu-core"];

/// Install what the window is built with.
///
/// # Errors
///
/// Something is missing and this user may not install it.
pub(crate) fn ensure_window() -> anyhow::Result<()> {
    ensure(WINDOW)
}

/// Install what the desktop test runs on.
///
/// # Errors
///
/// As [`ensure_window`].
pub(crate) fn ensure_desktop() -> anyhow::Result<()> {
    ensure(DESKTOP)
}

fn ensure(packages: &'static [&'static str]) -> anyhow::Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !is_installed("dpkg-query", &["--version"]) {
        say(&format!("not a Debian system; needed here by their Debian names: {}", packages.join(" ")));
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_present(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if output("id", &["-u"]).as_deref().map(str::trim) != Some("0") {
        bail!("missing system packages; install them with:\n  sudo apt-get install {}", missing.join(" "));
    }
    Step::new("package lists", "apt-get").args(["update", "-q"]).run()?;
    Step::new("system packages", "apt-get")
        .args(["install", "-q", "-y", "--no-install-recommends"])
        .args(missing)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

fn is_present(package: &str) -> bool {
    output("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package])
        .is_some_and(|status| status == "installed")
}
