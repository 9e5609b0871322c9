//! Rules of the repository itself: headers, sizes, who may use whom, links, and words that have no place in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const LINES_MAX: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Files below `place` whose name ends in one of `endings`; nothing that is built or fetched.
fn files(place: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(place)];
    while let Some(directory) = waiting.pop() {
        for entry in fs::read_dir(&directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", "node_modules", "dist", "gen", "artefacts", ".git"].contains(&name.as_str()) {
                    waiting.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<PathBuf> {
    [files("src-tauri", &[".rs"]), files("tests", &[".rs"])].concat()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

#[track_caller]
fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

#[test]
fn every_file_says_what_it_is_for_and_is_not_too_long() {
    let mut found = Vec::new();
    assert!(sources().len() > 100, "the sources are not where they are looked for");
    for path in sources() {
        let text = fs::read_to_string(&path).unwrap();
        if !text.starts_with("//! ") {
            found.push(format!("{} has no header", shown(&path)));
        }
        if text.lines().count() > LINES_MAX {
            found.push(format!("{} has {} lines", shown(&path), text.lines().count()));
        }
        if path.file_name().is_some_and(|n| n == "mod.rs") {
            found.push(format!("{} should be named after its module", shown(&path)));
        }
    }
    none("files", &found);
}

/// The names in the `[dependencies]` of a manifest, of those for one system too.
fn dependencies(manifest: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(manifest).unwrap();
    let mut is_inside = false;
    let mut names = BTreeSet::new();
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_inside = section == "dependencies]"
                || section.ends_with(").dependencies]")
                || section.ends_with(".dependencies]") && section.starts_with("target");
        } else if is_inside && !line.is_empty() && !line.starts_with('#') {
            let end = line.find(['.', '=', ' ']).unwrap_or(line.len());
            names.insert(line[..end].to_owned());
        }
    }
    names
}

/// Of every crate: which of the others it may use, and what it must never contain.
const CRATES: &[(&str, &[&str], &[&str])] = &[
    ("domain", &[], PURE),
    ("dialect", &["domain"], PURE_BUT_JSON),
    ("indicators", &["domain"], PURE),
    ("strategy", &["domain", "indicators"], PURE),
    ("paper", &["domain"], PURE),
    ("store", &["domain"], &["tokio", "axum", "hyper", "tauri"]),
    ("vault", &["domain"], &["rusqlite", "axum", "tauri", "tokio"]),
    ("market", &["domain"], &["rusqlite", "axum", "tauri"]),
    ("tunnel", &["domain"], &["rusqlite", "axum", "tauri"]),
    ("webhook", &["domain", "dialect", "vault"], &["rusqlite", "tauri"]),
    ("standin", &["domain"], &["rusqlite", "tauri"]),
    (
        "desk",
        &[
            "domain",
            "dialect",
            "indicators",
            "strategy",
            "paper",
            "store",
            "vault",
            "market",
            "tunnel",
            "webhook",
            "standin",
        ],
        &["tauri", "rusqlite", "axum"],
    ),
];
const PURE: &[&str] = &[
    "tokio",
    "axum",
    "hyper",
    "rusqlite",
    "tauri",
    "serde",
    "serde_json",
    "getrandom",
    "rand",
    "tracing",
    "reqwest",
];
const PURE_BUT_JSON: &[&str] =
    &["tokio", "axum", "hyper", "rusqlite", "tauri", "serde", "getrandom", "rand", "tracing", "reqwest"];

#[test]
fn crates_use_only_whom_they_may() {
    let mut found = Vec::new();
    let names: BTreeSet<&str> = CRATES.iter().map(|(name, ..)| *name).collect();
    for directory in fs::read_dir(root().join("src-tauri/crates")).unwrap() {
        let directory = directory.unwrap().path();
        let name = directory.file_name().unwrap().to_string_lossy().into_owned();
        let Some((_, may, never)) = CRATES.iter().find(|(known, ..)| *known == name) else {
            found.push(format!("the crate {name} is not in the table of this test"));
            continue;
        };
        for used in dependencies(&directory.join("Cargo.toml")) {
            let is_ours = names.contains(used.as_str());
            if (is_ours && !may.contains(&used.as_str())) || never.contains(&used.as_str()) {
                found.push(format!("{name} must not use {used}"));
            }
        }
    }
    for used in dependencies(&root().join("Cargo.toml")) {
        let is_inner = names.contains(used.as_str()) && used != "desk";
        if is_inner || ["rusqlite", "axum", "rust_decimal"].contains(&used.as_str()) {
            found.push(format!("the program itself must not use {used}"));
        }
    }
    none("dependencies", &found);
}

#[test]
fn the_core_has_no_clock_and_no_order_by_chance() {
    let mut found = Vec::new();
    for name in ["domain", "dialect", "indicators", "strategy", "paper"] {
        let of_product = |path: &PathBuf| !path.to_string_lossy().contains("tests");
        for path in files(&format!("src-tauri/crates/{name}/src"), &[".rs"]).into_iter().filter(of_product) {
            let text = fs::read_to_string(&path).unwrap();
            for word in
                ["SystemTime", "Instant::now", "Timestamp::now", "HashMap", "HashSet", "std::fs", "std::net"]
            {
                if text.lines().any(|l| !l.trim_start().starts_with("//") && l.contains(word)) {
                    found.push(format!("{} has {word}", shown(&path)));
                }
            }
        }
    }
    none("the core", &found);
}

/// The Markdown files that are part of the repository.
fn documents() -> Vec<PathBuf> {
    let mut documents = files("docs", &[".md"]);
    for entry in fs::read_dir(root()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "md") {
            documents.push(path);
        }
    }
    documents
}

/// A heading as the fragment of a link.
fn fragment(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn is_dead(document: &Path, target: &str) -> bool {
    let (file, place) = target.split_once('#').unwrap_or((target, ""));
    let path = if file.is_empty() { document.to_owned() } else { document.parent().unwrap().join(file) };
    if !path.exists() {
        return true;
    }
    let text = fs::read_to_string(&path).unwrap_or_default();
    let anchor = format!("<a id=\"{place}\"></a>");
    let leads = |l: &str| l.contains(&anchor) || (l.starts_with('#') && fragment(l) == place);
    !place.is_empty() && !text.lines().any(leads)
}

#[test]
fn links_of_the_documents_lead_somewhere() {
    let mut found = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
            if !is_elsewhere && is_dead(&document, target) {
                found.push(format!("{} links to {target}", shown(&document)));
            }
        }
    }
    none("dead links", &found);
}

#[test]
fn every_reason_stands_in_the_documents() {
    let reasons = fs::read_to_string(root().join("src-tauri/crates/domain/src/reason.rs")).unwrap();
    let codes: Vec<&str> = reasons
        .lines()
        // A code, its sentence and its fix.
        .filter(|l| l.trim_end().ends_with(';') && l.matches('"').count() >= 6)
        .filter_map(|l| l.split('"').nth(1))
        .filter(|c| c.len() > 3 && c.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
        .collect();
    assert!(codes.len() > 60, "the catalogue is not read as it is written: {}", codes.len());
    let document = fs::read_to_string(root().join("docs/WEBHOOKS.md")).unwrap();
    // Its row begins with its anchor, which `ReasonCode::page` names.
    let row = |code: &&&str| format!("| <a id=\"{}\"></a>`{code}` |", code.to_ascii_lowercase());
    let once = |code: &&&str| document.matches(&row(code)).count() == 1;
    let missing: Vec<String> = codes.iter().filter(|c| !once(c)).map(|c| (*c).to_owned()).collect();
    none("codes that docs/WEBHOOKS.md lacks, or whose anchor it lacks", &missing);
}

#[test]
fn every_cause_of_the_tunnel_stands_in_the_documents() {
    let causes = fs::read_to_string(root().join("src-tauri/crates/tunnel/src/cause.rs")).unwrap();
    let is_code = |c: &&str| c.len() > 2 && c.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    let codes: Vec<&str> = causes
        .lines()
        .filter(|l| l.contains(", \"") && (l.ends_with("true,") || l.ends_with("false,")))
        .filter_map(|l| l.split('"').nth(1))
        .filter(is_code)
        .collect();
    assert!(codes.len() > 25, "the causes are not read as they are written: {}", codes.len());
    let document = fs::read_to_string(root().join("docs/TUNNEL.md")).unwrap();
    let missing: Vec<String> =
        codes.iter().filter(|c| !document.contains(&format!("`{c}`"))).map(|c| (*c).to_owned()).collect();
    none("codes that docs/TUNNEL.md lacks", &missing);
}

#[test]
fn nothing_is_left_to_do_and_nothing_points_outside() {
    let unfinished = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:")];
    let outside = [concat!("work/", "shared"), concat!("(..", "/shared")];
    let endings = [".rs", ".md", ".toml", ".yml", ".json", ".ts", ".svelte", ".css", ".sql"];
    let places = ["src-tauri", "tests", "docs", "ui/src", "ui/tests", ".github", ".ci", ".cargo"];
    let mut found = Vec::new();
    let within = places.iter().flat_map(|place| files(place, &endings));
    for path in within.chain(documents()) {
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let is_word =
                |word: &&str| line.split(|c: char| !c.is_alphanumeric() && c != ':').any(|w| w == *word);
            if unfinished.iter().any(is_word) || outside.iter().any(|w| line.contains(w)) {
                found.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    none("lines", &found);
}
