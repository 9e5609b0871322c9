//! The command line: one file per resource, each from its arguments to a method of the desk and its printed answer.

mod account;
mod analyze;
mod backup;
mod config;
mod demo;
mod doctor;
mod explain;
mod indicator;
mod kill;
mod report;
mod serve;
mod signal;
mod simulate;
mod strategy;
mod trading;
mod tunnel;
mod verdict;
mod webhook;

use crate::log;
use crate::terminal::{Done, Failure, Terminal};
use anyhow::anyhow;
use clap::{CommandFactory, Parser, Subcommand};
use desk::wire::RpcError;
use desk::{Clock, Desk, OpenError};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// TradingView alerts in, paper trades out, on your own machine. Without a command the window opens.
#[derive(Debug, Parser)]
#[command(name = "pitwire", version, propagate_version = true)]
pub(crate) struct Cli {
    /// The data directory.
    #[arg(long, global = true, env = "PITWIRE_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print one JSON value.
    #[arg(long, global = true)]
    json: bool,
    /// Do not ask before something is lost.
    #[arg(long, global = true)]
    yes: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen for alerts without a window.
    Serve(serve::Serve),
    /// Show everything moving, with a synthetic market and made-up alerts, in a data directory of its own.
    Demo(demo::Demo),
    /// The addresses that alerts are sent to.
    #[command(subcommand)]
    Webhook(webhook::Webhook),
    /// The history of alerts.
    #[command(subcommand)]
    Signal(signal::Signal),
    /// Say what a message means, without anything being done.
    Explain(explain::Explain),
    /// Paper accounts.
    #[command(subcommand)]
    Account(account::Account),
    /// Open positions.
    #[command(subcommand)]
    Position(trading::Position),
    /// Orders.
    #[command(subcommand)]
    Order(trading::Order),
    /// Fills.
    #[command(subcommand)]
    Fill(trading::Fill),
    /// Round trips.
    #[command(subcommand)]
    Trade(trading::Trade),
    /// The figures of an account, or of what a webhook made of it.
    Report(report::Report),
    /// Run scenarios through the paper broker and print what they come to, as JSON.
    Simulate(simulate::Simulate),
    /// Compute figures from an equity file and a trades file.
    Analyze(analyze::Analyze),
    /// Conditions that alerts are asked to meet.
    #[command(subcommand)]
    Strategy(strategy::Strategy),
    /// Compute an indicator over a candle file and print it as CSV.
    Indicator(indicator::Indicator),
    /// Pause everything, or resume.
    #[command(subcommand)]
    Kill(kill::Kill),
    /// The way from the internet to this machine.
    #[command(subcommand)]
    Tunnel(tunnel::Tunnel),
    /// Check port, database, ledger, keychain, clock, tunnel and disk.
    Doctor,
    /// Settings of the installation.
    #[command(subcommand)]
    Config(config::Config),
    /// Write a copy of the database while everything goes on.
    Backup(backup::Backup),
    /// Put a backup in the place of the database.
    Restore(backup::Restore),
    /// Completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Where a command works and how it prints.
struct Place {
    data_dir: Option<PathBuf>,
    terminal: Terminal,
}

impl Place {
    fn data_dir(&self) -> Result<PathBuf, Failure> {
        let default =
            || desk::default_data_dir().ok_or_else(|| anyhow!("there is no home directory; use --data-dir"));
        Ok(self.data_dir.clone().map_or_else(default, Ok)?)
    }

    fn desk(&self) -> Result<Desk, Failure> {
        opened(&self.data_dir()?)
    }
}

/// Opens a data directory for a command.
fn opened(data_dir: &Path) -> Result<Desk, Failure> {
    Desk::open(data_dir, Clock::system()).map_err(|error| match error {
        OpenError::Environment(bad) => RpcError::new("INVALID_SETTING", format!("{bad}.")).into(),
        OpenError::DataDir { .. } | OpenError::Store(_) | OpenError::Vault(_) => {
            anyhow::Error::new(error).context("the data directory cannot be opened").into()
        }
    })
}

/// Runs a command line and says how it went.
pub(crate) fn run(cli: Cli) -> ExitCode {
    // What `simulate` prints is JSON for people too, and so is its refusal.
    let json = cli.json || matches!(cli.command, Some(Command::Simulate(_)));
    let terminal = Terminal { json, yes: cli.yes };
    let place = Place { data_dir: cli.data_dir, terminal };
    let Some(command) = cli.command else { return terminal.conclude(window(&place)) };
    if !matches!(command, Command::Serve(_) | Command::Demo(_))
        && let Err(error) = log::to_stderr()
    {
        return terminal.conclude(Err(error));
    }
    terminal.conclude(match command {
        Command::Serve(serve) => serve.run(&place),
        Command::Demo(demo) => demo.run(&place),
        Command::Webhook(webhook) => webhook.run(&place),
        Command::Signal(signal) => signal.run(&place),
        Command::Explain(explain) => explain.run(&place),
        Command::Account(account) => account.run(&place),
        Command::Position(position) => position.run(&place),
        Command::Order(order) => order.run(&place),
        Command::Fill(fill) => fill.run(&place),
        Command::Trade(trade) => trade.run(&place),
        Command::Report(report) => report.run(&place),
        Command::Simulate(simulate) => simulate.run(&place),
        Command::Analyze(analyze) => analyze.run(&place),
        Command::Strategy(strategy) => strategy.run(&place),
        Command::Indicator(indicator) => indicator.run(&place),
        Command::Kill(kill) => kill.run(&place),
        Command::Tunnel(tunnel) => tunnel.run(&place),
        Command::Doctor => doctor::run(&place),
        Command::Config(config) => config.run(&place),
        Command::Backup(backup) => backup.run(&place),
        Command::Restore(restore) => restore.run(&place),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "pitwire", &mut script);
            terminal.line(String::from_utf8_lossy(&script).trim_end())
        }
    })
}

#[cfg(not(feature = "gui"))]
fn window(_place: &Place) -> Done {
    Err(anyhow!("this build has no window: run `pitwire serve`, or see `pitwire --help`").into())
}

#[cfg(feature = "gui")]
fn window(place: &Place) -> Done {
    let data_dir = place.data_dir()?;
    log::to_files(&data_dir)?;
    let runtime = serve::runtime()?;
    let directory = data_dir.clone();
    crate::window::run(&data_dir, runtime.handle(), || serve::start(&directory, &runtime))?;
    Ok(())
}
