//! How many tests the runners' own closing lines report.

use crate::step::Step;

/// Tests passed and failed so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    passed: u32,
    failed: u32,
}

impl Tally {
    /// Run a step that runs tests and add what it reports.
    ///
    /// # Errors
    ///
    /// As [`Step::run`].
    pub(super) fn count(&mut self, step: &Step) -> anyhow::Result<()> {
        let mut passed = 0;
        let mut failed = 0;
        let result = step.run_lines(|line| {
            passed += reported(line, "passed");
            failed += reported(line, "failed");
        });
        self.passed += passed;
        self.failed += failed;
        result
    }

    /// The closing line: `N passed, N failed`.
    pub(super) fn line(&self) -> String {
        format!("{} passed, {} failed", self.passed, self.failed)
    }
}

/// The number before `word` in a closing line of cargo test, nextest or Vitest, and 0 in any other line.
fn reported(line: &str, word: &str) -> u32 {
    let line = line.trim_start();
    if !["test result:", "Summary [", "Tests  "].iter().any(|start| line.starts_with(start)) {
        return 0;
    }
    let words: Vec<&str> = line.split([' ', ',', ';', '|']).filter(|word| !word.is_empty()).collect();
    words
        .windows(2)
        .find_map(|pair| match pair {
            [number, found] if *found == word => number.parse().ok(),
            _ => None,
        })
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted_and_others_are_not() {
        let check = |line: &str, passed: u32, failed: u32| {
            assert_eq!((reported(line, "passed"), reported(line, "failed")), (passed, failed), "{line}");
        };
        check("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out", 12, 0);
        check("test result: FAILED. 11 passed; 1 failed; 0 ignored; 0 measured", 11, 1);
        check("     Summary [   0.519s] 34 tests run: 34 passed, 0 skipped", 34, 0);
        check("     Summary [   0.519s] 34 tests run: 31 passed, 3 failed, 0 skipped", 31, 3);
        check("     Summary [   0.519s] 34 tests run: 34 passed (2 slow), 0 skipped", 34, 0);
        check("      Tests  7 passed (7)", 7, 0);
        check("      Tests  2 failed | 5 passed (7)", 5, 2);
        check(" Test Files  1 passed (1)", 0, 0);
        check("a log line says 5 passed", 0, 0);
        check("", 0, 0);
    }

    #[test]
    fn the_closing_line_names_both() {
        assert_eq!(Tally { passed: 41, failed: 0 }.line(), "41 passed, 0 failed");
    }
}
