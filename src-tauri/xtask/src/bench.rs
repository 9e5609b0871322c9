//! `cargo xtask bench`: the figures of docs/DESIGN.md, measured again on this machine.

use crate::step::Step;
use crate::{screen, system, ui};
use anyhow::ensure;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Measure the window instead: its start, and how soon an alert stands in it (Linux)
    #[arg(long)]
    window: bool,
    /// Measure `pitwire simulate --summary` instead: signals a second, and its memory
    #[arg(long, conflicts_with = "window")]
    simulate: bool,
    /// Measure indicators, conditions and `pitwire strategy test` instead
    #[arg(long, conflicts_with_all = ["window", "simulate"])]
    indicators: bool,
}

/// Measure.
///
/// # Errors
///
/// The benchmark does not compile, or what is under test does not answer as it should.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    if options.window {
        return window();
    }
    if options.indicators {
        return indicators();
    }
    let (title, name) =
        if options.simulate { ("simulate benchmark", "simulate") } else { ("accept benchmark", "accept") };
    Step::new(title, "cargo").args(["bench", "--package", "pitwire", "--bench", name]).run()
}

fn window() -> anyhow::Result<()> {
    ensure!(cfg!(target_os = "linux"), "the window is measured on Linux only: elsewhere it has no driver");
    system::ensure_window()?;
    ui::ensure_packages()?;
    ui::build()?;
    let bench = ["bench", "--package", "pitwire", "--features", "gui", "--bench", "window"];
    Step::new("window benchmark build", "cargo").args(bench).args(["--no-run"]).run()?;
    screen::step("window benchmark", "cargo")?.args(bench).run()
}

fn indicators() -> anyhow::Result<()> {
    let bench = |title, package, name| {
        Step::new(title, "cargo").args(["bench", "--package", package, "--bench", name]).run()
    };
    bench("indicator benchmark", "indicators", "bars")?;
    bench("condition benchmark", "strategy", "conditions")?;
    bench("strategy test benchmark", "pitwire", "strategy")
}
