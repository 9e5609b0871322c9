//! `cargo xtask soak`: alerts through the tunnel for minutes, with cuts and sleeps.

use crate::step::Step;
use anyhow::ensure;

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How long
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10_080))]
    minutes: u64,
}

/// Soak.
///
/// # Errors
///
/// An acknowledged alert is lost, or memory, tasks or file descriptors grow.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    ensure!(cfg!(target_os = "linux"), "a soak reads /proc, which only Linux has");
    // Unoptimised, as the tests are: what is looked for is growth, not speed.
    Step::new("soak", "cargo")
        .args(["bench", "--package", "pitwire", "--bench", "soak", "--profile", "dev"])
        .env("PITWIRE_SOAK_MINUTES", options.minutes.to_string())
        .run()
}
