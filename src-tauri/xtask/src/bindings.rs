//! `cargo xtask bindings`: the committed TypeScript in `ui/src/bindings`, written by the test that compares it.

use crate::step::Step;

/// Write the file.
///
/// # Errors
///
/// The types do not compile.
pub(crate) fn write() -> anyhow::Result<()> {
    Step::new("interface types", "cargo")
        .args(["test", "--package", "desk", "--lib", "the_windows_types_are_up_to_date"])
        .env("PITWIRE_WRITE_BINDINGS", "1")
        .run()
}
