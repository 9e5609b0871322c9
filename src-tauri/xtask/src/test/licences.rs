//! Licences, sources and banned crates of every dependency, by the lists in `deny.toml`.
//!
//! cargo-deny takes longer to build than Pitwire itself, so it runs where it is installed, and this reads its lists
//! and cargo's own account of the dependencies everywhere else.

mod expression;

use crate::step::{Step, is_installed, output, say};
use anyhow::{Context, bail};
use expression::is_allowed;
use std::collections::BTreeSet;
use std::fs;

const LISTS: &str = "deny.toml";

/// Check every dependency on every system, of the window too.
///
/// # Errors
///
/// A dependency is not allowed by `deny.toml`; all of them are named.
pub(super) fn check() -> anyhow::Result<()> {
    if is_installed("cargo", &["deny", "--version"]) {
        return Step::new("licences", "cargo").args(["deny", "check", "bans", "licenses", "sources"]).run();
    }
    say("\n── licences");
    let lists = fs::read_to_string(LISTS).with_context(|| format!("cannot read {LISTS}"))?;
    let call = ["tree", "--workspace", "--all-features", "--target", "all", "--prefix", "none"];
    let format = ["--format", "{l}\t{p}"];
    let tree = output("cargo", &[&call[..], &format[..]].concat()).context("cargo tree fails")?;
    let dependencies: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    let refused: Vec<String> =
        dependencies.iter().filter_map(|line| refusal(line, &Lists::of(&lists))).collect();
    if !refused.is_empty() {
        bail!("{LISTS} does not allow:\n  {}", refused.join("\n  "));
    }
    say(&format!("── licences: ok, {} crates", dependencies.len()));
    Ok(())
}

/// The two lists of `deny.toml` that are needed here.
struct Lists<'a> {
    licences: Vec<&'a str>,
    banned: Vec<&'a str>,
}

impl<'a> Lists<'a> {
    fn of(toml: &'a str) -> Self {
        let section = |name: &str| {
            let body = toml.split_once(name).map_or("", |(_, after)| after);
            body.split_once("\n]").map_or(body, |(list, _)| list)
        };
        let quoted = |line: &'a str| line.split('"').nth(1);
        let entries = |text: &'a str| text.lines().filter(|line| !line.trim_start().starts_with('#'));
        Self {
            licences: entries(section("\nallow = [")).filter_map(quoted).collect(),
            banned: entries(section("\ndeny = [")).filter_map(quoted).collect(),
        }
    }
}

/// Why a line of `cargo tree` is not allowed: licence, a tab, name, version, and the source unless it is crates.io.
fn refusal(line: &str, lists: &Lists<'_>) -> Option<String> {
    let (licence, package) = line.split_once('\t')?;
    let name = package.split(' ').next().unwrap_or_default();
    if lists.banned.contains(&name) {
        return Some(format!("{package}: banned"));
    }
    if package.contains("://") {
        return Some(format!("{package}: not from crates.io"));
    }
    (!is_allowed(licence, &lists.licences)).then(|| format!("{package}: licence {licence:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
[licenses]
allow = [
    # "GPL-3.0",
    "MIT",
    "Zlib",
]
[bans]
deny = [
    { crate = "openssl-sys", reason = "use rustls" },
]
"#;

    #[test]
    fn a_dependency_is_refused_with_its_reason() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(refusal(line, &Lists::of(TOML)).as_deref(), expected, "{line}");
        };
        check("MIT\tone v1.0.0", None);
        check("MIT OR GPL-3.0\ttwo v1.0.0 (proc-macro)", None);
        check("MIT\tours v0.1.0 (/home/me/ours)", None);
        check("GPL-3.0\tthree v1.0.0", Some("three v1.0.0: licence \"GPL-3.0\""));
        check("\tfour v1.0.0", Some("four v1.0.0: licence \"\""));
        check("MIT\topenssl-sys v0.9.0", Some("openssl-sys v0.9.0: banned"));
        check(
            "MIT\tfive v1.0.0 (https://example.com/five#0123abcd)",
            Some("five v1.0.0 (https://example.com/five#0123abcd): not from crates.io"),
        );
    }

    #[test]
    fn the_lists_of_this_project_are_found() {
        let toml = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../deny.toml")).unwrap();
        let lists = Lists::of(&toml);
        assert!(lists.licences.contains(&"MIT") && lists.licences.contains(&"Zlib"), "{:?}", lists.licences);
        assert!(lists.banned.contains(&"openssl-sys"), "{:?}", lists.banned);
    }
}
