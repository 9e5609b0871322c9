//! The interface in `ui/`: its packages and its scripts, by npm.

use crate::step::{Step, output};
use anyhow::{Context, bail};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// The oldest Node.js that the interface's build tool runs on.
const NODE_MINIMUM: (u32, u32) = (20, 19);

/// Written by npm at the end of an install; older than the lock file means stale.
const INSTALLED: &str = "ui/node_modules/.package-lock.json";
const LOCKED: &str = "ui/package-lock.json";

/// Install the locked packages unless `node_modules` is newer than the lock file.
///
/// # Errors
///
/// Node.js is missing or too old, or npm fails.
pub(crate) fn ensure_packages() -> anyhow::Result<()> {
    let version = output("node", &["--version"]).context("Node.js is missing: install 20.19 or newer")?;
    if !is_new_enough(&version) {
        bail!("Node.js {} is too old: install 20.19 or newer", version.trim());
    }
    let locked = modified(LOCKED).with_context(|| format!("{LOCKED} is missing"))?;
    if modified(INSTALLED).is_some_and(|installed| installed >= locked) {
        return Ok(());
    }
    Step::new("interface packages", "npm").args(["ci", "--no-audit", "--no-fund"]).within("ui").run()
}

/// Build `ui/dist`, which the application carries.
///
/// # Errors
///
/// The interface does not compile.
pub(crate) fn build() -> anyhow::Result<()> {
    script("interface build", "build").run()
}

/// A script of `ui/package.json`.
pub(crate) fn script(name: &'static str, script: &'static str) -> Step {
    Step::new(name, "npm").args(["run", script]).within("ui")
}

fn modified(path: &str) -> Option<SystemTime> {
    fs::metadata(Path::new(path)).and_then(|metadata| metadata.modified()).ok()
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse().ok());
    numbers.next().zip(numbers.next()).is_some_and(|found| found >= NODE_MINIMUM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_must_run_the_build_tool() {
        let check = |version: &str, expected: bool| assert_eq!(is_new_enough(version), expected, "{version}");
        check("v20.19.0\n", true);
        check("v20.20.2\n", true);
        check("v24.0.1\n", true);
        check("v20.18.3\n", false);
        check("v18.20.4\n", false);
        check("", false);
        check("nonsense", false);
    }
}
