//! `cargo xtask bench`: the figures of docs/DESIGN.md, measured again on this machine.

use crate::step::Step;

/// Measure.
///
/// # Errors
///
/// The benchmark does not compile, or the listener under test does not answer as it should.
pub(crate) fn run() -> anyhow::Result<()> {
    Step::new("accept benchmark", "cargo").args(["bench", "--package", "pitwire", "--bench", "accept"]).run()
}
