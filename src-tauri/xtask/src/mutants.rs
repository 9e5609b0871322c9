//! `cargo xtask mutants`: the broker and its values with small faults put in one at a time, each of which a test must
//! notice. It takes hours as a whole, so it is no part of `cargo xtask test`; `--shard 3/40` takes a fortieth, spread
//! over all files. The sources are copied first: nothing is left in the tree but `target/mutants.out`.

use crate::step::{Step, output};

/// The version that is installed where there is none, or another.
const VERSION: &str = "27.1.0";

/// Sequences of each property: a fault that only the ten-thousandth shows is found by `cargo xtask test`.
const PROPERTY_CASES: &str = "24";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The part to take, from 0: `0/40` is the first of forty
    #[arg(long, value_name = "K/N")]
    shard: Option<String>,
}

/// Run the part that is asked for. Those that no test noticed are listed in target/mutants.out/missed.txt. Each fault is
/// built with the profile `mutants`, which is for compiling quickly, and meets the unit tests of its own crate.
///
/// # Errors
///
/// cargo-mutants cannot be installed, or a fault was not noticed.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    ensure()?;
    let shard = options.shard.iter().flat_map(|part| ["--shard".to_owned(), part.clone()]);
    Step::new("mutants", "cargo")
        .args(["mutants", "--package", "paper", "--package", "domain", "--output", "target", "--no-shuffle"])
        .args(["--sharding", "round-robin", "--profile", "mutants"])
        .args(["--exclude", "**/tests/**", "--exclude", "**/*_tests/**", "--exclude", "**/bench.rs"])
        .args(shard)
        .args(["--cargo-arg", "--lib"])
        .env("PITWIRE_PROPERTY_CASES", PROPERTY_CASES)
        .env("PROPTEST_CASES", PROPERTY_CASES)
        .run()
}

fn ensure() -> anyhow::Result<()> {
    let found = output("cargo", &["mutants", "--version"]);
    if found.as_deref().map(str::trim).is_some_and(|found| found.ends_with(VERSION)) {
        return Ok(());
    }
    Step::new("cargo-mutants", "cargo")
        .args(["install", "--locked", "cargo-mutants", "--version", VERSION])
        .run()
}
