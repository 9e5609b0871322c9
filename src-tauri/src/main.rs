//! The program: a window without a subcommand, a command with one. Nothing is decided here; `desk` does the work.

// Started from an icon, the window opens no console beside it.
#![cfg_attr(all(windows, feature = "gui", not(debug_assertions)), windows_subsystem = "windows")]

mod command;
#[cfg(all(windows, feature = "gui"))]
mod console;
mod log;
mod stop;
mod terminal;
#[cfg(feature = "gui")]
mod window;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(all(windows, feature = "gui"))]
    console::attach();
    let cli = command::Cli::parse();
    command::run(cli)
}
