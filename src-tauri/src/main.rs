//! The program: a window without a subcommand, a command with one. Nothing is decided here; `desk` does the work.

mod command;
mod log;
mod terminal;
#[cfg(feature = "gui")]
mod window;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = command::Cli::parse();
    command::run(cli)
}
