//! Numbers against other programs: `tests/analytics/compare.py` and `tests/indicators/compare.py`, each in an
//! environment of its own.
//!
//! An environment is installed once and kept until its `requirements.txt` changes. Python is not asked for: without one
//! that is new enough and can make environments, this is left out, and said so.

use crate::step::{Step, is_installed, say};
use anyhow::Context;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Succeeds where the versions of the requirements exist and environments can be made.
const IS_USABLE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// A script that compares, and the environment that it needs.
struct Comparison {
    name: &'static str,
    script: &'static str,
    requirements: &'static str,
    environment: &'static str,
    python: &'static str,
    /// The requirements that were installed, written when all of them were.
    installed: &'static str,
}

macro_rules! comparison {
    ($name:literal, $folder:literal) => {
        Comparison {
            name: $name,
            script: concat!("tests/", $folder, "/compare.py"),
            requirements: concat!("tests/", $folder, "/requirements.txt"),
            environment: concat!("target/", $folder),
            python: if cfg!(windows) {
                concat!("target/", $folder, "/Scripts/python.exe")
            } else {
                concat!("target/", $folder, "/bin/python")
            },
            installed: concat!("target/", $folder, "/installed.txt"),
        }
    };
}

const COMPARISONS: [Comparison; 2] = [
    comparison!("analytics against other programs", "analytics"),
    comparison!("indicators against other programs", "indicators"),
];

/// Run the comparisons.
///
/// # Errors
///
/// The packages cannot be had, or a figure differs.
pub(super) fn run() -> anyhow::Result<()> {
    let Some(python) = ["python3", "python"].into_iter().find(|p| is_installed(p, &["-c", IS_USABLE])) else {
        say("\n── numbers against other programs: left out, there is no Python 3.11 or newer with venv");
        return Ok(());
    };
    for comparison in &COMPARISONS {
        comparison.install(python)?;
    }
    Step::new("pitwire", "cargo").args(["build", "--package", "pitwire"]).run()?;
    for comparison in &COMPARISONS {
        Step::new(comparison.name, comparison.python)
            .args([OsString::from(comparison.script), pitwire()?])
            .run()?;
    }
    Ok(())
}

impl Comparison {
    fn install(&self, python: &'static str) -> anyhow::Result<()> {
        let wanted = fs::read_to_string(self.requirements)
            .with_context(|| format!("{} cannot be read", self.requirements))?;
        if self.is_current(&wanted) {
            return Ok(());
        }
        Step::new("Python environment", python).args(["-m", "venv", "--clear", self.environment]).run()?;
        // Most modules are never imported: compiling them all would take longer than all the rest.
        let quick = ["--no-deps", "--no-compile", "--only-binary", ":all:"];
        Step::new("Python packages", self.python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(quick)
            .args(["--requirement", self.requirements])
            .run()?;
        fs::write(self.installed, wanted).with_context(|| format!("{} cannot be written", self.installed))
    }

    fn is_current(&self, wanted: &str) -> bool {
        Path::new(self.python).exists()
            && fs::read_to_string(self.installed).is_ok_and(|installed| installed == wanted)
    }
}

/// The program that cargo has just built: beside this one, wherever cargo was told to build.
fn pitwire() -> anyhow::Result<OsString> {
    let own = std::env::current_exe().context("the directory of xtask cannot be found")?;
    Ok(own.with_file_name(format!("pitwire{EXE_SUFFIX}")).into_os_string())
}
