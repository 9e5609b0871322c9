//! The project's own commands: `cargo xtask run`, `test`, `bench`, `mutants`, `soak` and `bindings`.
//!
//! Everything here is an ordinary program call that could be typed by hand; a failing one is printed so that
//! it can be. Absent on purpose: a build system. Cargo and npm decide what is stale.

mod bench;
mod bindings;
mod mutants;
mod run;
mod screen;
mod soak;
mod step;
mod system;
mod test;
mod ui;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Run and test Pitwire from its sources")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Install what is missing, build, and start Pitwire: the window, or `-- serve …` without it
    Run(run::Options),
    /// Every check: format, lints, tests, documentation, licences, interface, the real window
    Test(test::Options),
    /// Measure the listener against an axum hello-world in the same run, or the window, or the broker
    Bench(bench::Options),
    /// Break the broker in small ways and look whether its tests notice
    Mutants(mutants::Options),
    /// Alerts through the tunnel for minutes, with cuts and sleeps: nothing lost, nothing grows
    Soak(soak::Options),
    /// Write the interface's TypeScript types from the Rust ones
    Bindings,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    step::enter_project_root()?;
    match arguments.command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Mutants(options) => mutants::run(&options),
        Command::Soak(options) => soak::run(&options),
        Command::Bindings => bindings::write(),
    }
}
