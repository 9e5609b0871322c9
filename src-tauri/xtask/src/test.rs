//! `cargo xtask test`: every check that a change must pass, the same here and in CI.
//!
//! Five parts, ordered so that the cheap ones fail first and every build is used by the steps after it: `rust`
//! needs no web view and no Node.js, `analytics` wants Python, `ui` no Rust, `window` compiles the application with
//! its window, and `desktop` drives the real one.

mod analytics;
mod desktop;
mod licences;
mod tally;

use crate::step::{Step, is_installed, say};
use crate::{system, ui};
use clap::ValueEnum;
use std::time::Instant;
use tally::Tally;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only this part; may be given several times
    #[arg(long, value_name = "PART", conflicts_with = "skip")]
    only: Vec<Part>,
    /// Everything but this part; may be given several times
    #[arg(long, value_name = "PART")]
    skip: Vec<Part>,
}

/// A part of the checks that can be run alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Format, lints, tests, documentation and licences of everything but the window
    Rust,
    /// Figures and indicators compared with those of other programs; left out without Python 3.11 and venv
    Analytics,
    /// Lints, types, tests and build of the interface
    Ui,
    /// Lints and tests of the application with its window; opens none
    Window,
    /// The real window, driven through WebDriver (Linux)
    Desktop,
}

/// Run the chosen parts and close with the number of tests.
///
/// # Errors
///
/// The first step that fails.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut tally = Tally::default();
    for part in options.parts() {
        match part {
            Part::Rust => rust(&mut tally)?,
            Part::Analytics => analytics::run()?,
            Part::Ui => interface(&mut tally)?,
            Part::Window => {
                build_interface(options)?;
                window(&mut tally)?;
            }
            Part::Desktop => {
                build_interface(options)?;
                desktop::run(&mut tally)?;
            }
        }
    }
    say(&format!("\nall checks passed in {:.0} s", started.elapsed().as_secs_f64()));
    say(&tally.line());
    Ok(())
}

impl Options {
    fn parts(&self) -> impl Iterator<Item = Part> {
        let chosen =
            |part: &Part| !self.skip.contains(part) && (self.only.is_empty() || self.only.contains(part));
        Part::value_variants().iter().copied().filter(chosen)
    }
}

fn rust(tally: &mut Tally) -> anyhow::Result<()> {
    Step::new("format", "cargo").args(["fmt", "--all", "--check"]).run()?;
    licences::check()?;
    Step::new("lints", "cargo")
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()?;
    Step::new("documentation", "cargo")
        .args(["doc", "--workspace", "--no-deps", "--document-private-items"])
        .env("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    tally.count(&rust_tests("tests").args(["--workspace"]))?;
    tally.count(&Step::new("examples in the documentation", "cargo").args(["test", "--workspace", "--doc"]))
}

fn interface(tally: &mut Tally) -> anyhow::Result<()> {
    ui::ensure_packages()?;
    ui::script("interface lints", "lint").run()?;
    ui::script("interface types", "check").run()?;
    tally.count(&ui::script("interface tests", "test"))?;
    ui::build()
}

/// The window carries `ui/dist`: the `ui` part has just built it, unless it was left out.
fn build_interface(options: &Options) -> anyhow::Result<()> {
    system::ensure_window()?;
    if options.parts().any(|part| part == Part::Ui) {
        return Ok(());
    }
    ui::ensure_packages()?;
    ui::build()
}

fn window(tally: &mut Tally) -> anyhow::Result<()> {
    Step::new("lints with the window", "cargo")
        .args([
            "clippy",
            "--package",
            "pitwire",
            "--features",
            "gui",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ])
        .run()?;
    let package = ["--package", "pitwire", "--features", "gui", "--bin", "pitwire"];
    tally.count(&rust_tests("tests with the window").args(package))
}

/// nextest where there is one: it runs the test binaries side by side.
fn rust_tests(name: &'static str) -> Step {
    if is_installed("cargo", &["nextest", "--version"]) {
        Step::new(name, "cargo").args(["nextest", "run"])
    } else {
        Step::new(name, "cargo").args(["test", "--lib", "--bins", "--tests"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        options: Options,
    }

    #[test]
    fn parts_are_chosen_by_name() {
        let check = |line: &str, expected: &[Part]| {
            let options = Line::parse_from(line.split_whitespace()).options;
            assert_eq!(options.parts().collect::<Vec<_>>(), expected, "{line}");
        };
        check("test", &[Part::Rust, Part::Analytics, Part::Ui, Part::Window, Part::Desktop]);
        check("test --skip desktop", &[Part::Rust, Part::Analytics, Part::Ui, Part::Window]);
        check("test --only ui", &[Part::Ui]);
        check("test --only desktop --only rust", &[Part::Rust, Part::Desktop]);
        check("test --skip desktop --skip ui --skip window", &[Part::Rust, Part::Analytics]);
    }
}
