//! Licences, sources and banned crates of every dependency, by `deny.toml`.

use crate::step::{Step, is_installed, say};

/// Run cargo-deny where it is installed.
///
/// # Errors
///
/// A dependency is not allowed by `deny.toml`.
pub(super) fn check() -> anyhow::Result<()> {
    if !is_installed("cargo", &["deny", "--version"]) {
        say("\n── licences: left out, cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(());
    }
    Step::new("licences", "cargo")
        .args(["deny", "--all-features", "check", "bans", "licenses", "sources"])
        .run()
}
