//! `pitwire analyze` against quantstats, empyrical and ffn: `tests/analytics/compare.py` in an environment of its own.
//!
//! The environment is installed once and kept until `requirements.txt` changes. Python is not asked for: without one
//! that is new enough and can make environments, this is left out, and said so.

use crate::step::{Step, is_installed, say};
use anyhow::Context;
use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

const REQUIREMENTS: &str = "tests/analytics/requirements.txt";
const ENVIRONMENT: &str = "target/analytics";
/// The requirements that were installed, written when all of them were.
const INSTALLED: &str = "target/analytics/installed.txt";
const PYTHON: &str =
    if cfg!(windows) { "target/analytics/Scripts/python.exe" } else { "target/analytics/bin/python" };
/// Succeeds where the versions in `requirements.txt` exist and environments can be made.
const IS_USABLE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// Run the comparison.
///
/// # Errors
///
/// The packages cannot be had, or a figure differs.
pub(super) fn run() -> anyhow::Result<()> {
    let Some(python) = ["python3", "python"].into_iter().find(|p| is_installed(p, &["-c", IS_USABLE])) else {
        say("\n── analytics against other programs: left out, there is no Python 3.11 or newer with venv");
        return Ok(());
    };
    install(python)?;
    Step::new("pitwire", "cargo").args(["build", "--package", "pitwire"]).run()?;
    Step::new("analytics against other programs", PYTHON)
        .args([OsString::from("tests/analytics/compare.py"), pitwire()?])
        .run()
}

fn install(python: &'static str) -> anyhow::Result<()> {
    let wanted =
        fs::read_to_string(REQUIREMENTS).with_context(|| format!("{REQUIREMENTS} cannot be read"))?;
    if is_current(&wanted) {
        return Ok(());
    }
    Step::new("Python environment", python).args(["-m", "venv", "--clear", ENVIRONMENT]).run()?;
    // Most modules are never imported: compiling them all would take longer than all the rest.
    let quick = ["--no-deps", "--no-compile", "--only-binary", ":all:"];
    Step::new("Python packages", PYTHON)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args(quick)
        .args(["--requirement", REQUIREMENTS])
        .run()?;
    fs::write(INSTALLED, wanted).with_context(|| format!("{INSTALLED} cannot be written"))
}

fn is_current(wanted: &str) -> bool {
    Path::new(PYTHON).exists() && fs::read_to_string(INSTALLED).is_ok_and(|installed| installed == wanted)
}

/// The program that cargo has just built: beside this one, wherever cargo was told to build.
fn pitwire() -> anyhow::Result<OsString> {
    let own = std::env::current_exe().context("the directory of xtask cannot be found")?;
    Ok(own.with_file_name(format!("pitwire{EXE_SUFFIX}")).into_os_string())
}
