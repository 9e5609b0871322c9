//! `cargo xtask run`: from a fresh clone to a running Pitwire.

use crate::step::Step;
use crate::{system, ui};

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Build optimised, as it is shipped
    #[arg(long)]
    release: bool,
    /// Handed to Pitwire. A subcommand (`serve`, `webhook list`, …) is built without the window
    #[arg(last = true)]
    pitwire: Vec<String>,
}

/// Build and start Pitwire, with the window only if these arguments open it.
///
/// # Errors
///
/// Something is missing, does not build, or Pitwire ends with a failure.
pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let window = opens_window(&options.pitwire);
    if window {
        system::ensure_window()?;
        ui::ensure_packages()?;
        ui::build()?;
    }
    let features: &[&str] = if window { &["--features", "gui"] } else { &[] };
    let profile: &[&str] = if options.release { &["--release"] } else { &[] };
    Step::new("pitwire", "cargo")
        .args(["run", "--package", "pitwire"])
        .args(features.iter().chain(profile).copied())
        .args(["--"])
        .args(&options.pitwire)
        .run()
}

/// Pitwire opens its window when it is given no subcommand; `--data-dir` is the one option with a value.
fn opens_window(arguments: &[String]) -> bool {
    let mut words = arguments.iter().map(String::as_str);
    while let Some(word) = words.next() {
        match word {
            "--data-dir" => drop(words.next()),
            "-h" | "--help" | "-V" | "--version" => return false,
            option if option.starts_with('-') => {}
            _subcommand => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_call_without_subcommand_opens_the_window() {
        let check = |line: &str, expected: bool| {
            let arguments: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(opens_window(&arguments), expected, "{line}");
        };
        check("", true);
        check("--data-dir /tmp/x", true);
        check("--data-dir=/tmp/x", true);
        check("serve", false);
        check("--data-dir /tmp/x serve --port 9000", false);
        check("--json webhook list", false);
        check("--help", false);
        check("--version", false);
    }
}
