//! Every reason that the broker can give is given in a test.

use domain::ReasonCode;
use std::path::{Path, PathBuf};

fn sources(directory: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, all);
        } else {
            all.push(path);
        }
    }
}

#[test]
fn every_reason_that_can_be_given_has_a_case() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let (mut code, mut tests) = (String::new(), String::new());
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let is_test = file.components().any(|part| part.as_os_str().to_string_lossy().contains("tests"));
        let (own, tested) = text.split_once("#[cfg(test)]").unwrap_or((&text, ""));
        code.push_str(if is_test { "" } else { own });
        tests.push_str(if is_test { &text } else { tested });
    }
    let given = |reason: &&ReasonCode| code.contains(&format!("ReasonCode::{reason:?}"));
    let reasons: Vec<&ReasonCode> = ReasonCode::ALL.iter().filter(given).collect();
    assert!(reasons.len() > 40, "{reasons:?}");
    let untested: Vec<_> = reasons.into_iter().filter(|reason| !tests.contains(reason.as_str())).collect();
    assert!(untested.is_empty(), "{untested:?}");
}
