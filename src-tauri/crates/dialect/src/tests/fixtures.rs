//! The files in `fixtures/`: for every dialect its messages with the canonical signals expected of them, written down
//! by hand from what the systems document, and wrong messages with their refusal.

use super::canonical::canonical;
use super::settings;
use crate::{mask, read};
use domain::DialectName;
use serde_json::Value;
use std::path::PathBuf;

fn fixtures() -> Vec<(DialectName, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let fixtures = files.map(|file| {
        let text = std::fs::read_to_string(&file).unwrap();
        let fixture: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{file:?}: {e}"));
        (DialectName::parse(fixture["dialect"].as_str().unwrap()).unwrap(), fixture)
    });
    fixtures.collect()
}

fn cases<'a>(fixture: &'a Value, kind: &str) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
    let cases = fixture[kind].as_array().unwrap().iter();
    cases.map(|case| (case["body"].as_str().unwrap(), case["settings"].as_str().unwrap(), case))
}

/// The dialect that a case is read as: its own where the file has messages of several.
fn dialect_of(case: &Value, file: DialectName) -> DialectName {
    case["dialect"].as_str().map_or(file, |name| DialectName::parse(name).unwrap())
}

/// Every body, good and bad.
pub(super) fn bodies() -> Vec<String> {
    let of = |fixture: &Value| {
        let both = ["accepted", "refused"].into_iter().flat_map(|kind| cases(fixture, kind));
        both.map(|(body, _, _)| body.to_owned()).collect::<Vec<_>>()
    };
    fixtures().iter().flat_map(|(_, fixture)| of(fixture)).collect()
}

#[test]
fn every_message_is_the_signals_expected_of_it() {
    let mut wrong = Vec::new();
    for (dialect, fixture) in fixtures() {
        for (body, words, case) in cases(&fixture, "accepted") {
            match read(body.as_bytes(), &settings(words)) {
                Err(error) => wrong.push(format!("{dialect}: {body}\n  {error}")),
                Ok(reading) => {
                    let found: Vec<Value> = reading.signals.iter().map(canonical).collect();
                    let same = reading.dialect == dialect_of(case, dialect)
                        && Value::from(found.clone()) == case["signals"];
                    if !same {
                        let found = Value::from(found);
                        wrong.push(format!(
                            "{dialect}: {body}\n  {} {found}\n  {}",
                            reading.dialect, case["signals"]
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_wrong_message_is_refused_with_its_code_and_place() {
    let mut wrong = Vec::new();
    for (dialect, fixture) in fixtures() {
        for (body, words, case) in cases(&fixture, "refused") {
            let expected = (case["code"].as_str().unwrap(), case["place"].as_str().unwrap());
            match read(body.as_bytes(), &settings(words)) {
                Ok(_) => wrong.push(format!("{dialect}: {body} was accepted")),
                Err(error) => {
                    let place = match (error.line, error.column, error.field.as_deref()) {
                        (Some(line), Some(column), _) => format!("{line}:{column}"),
                        (_, _, field) => field.unwrap_or_default().to_owned(),
                    };
                    if (error.code.as_str(), place.as_str()) != expected || !error.sentence.ends_with('.') {
                        wrong.push(format!("{dialect}: {body}\n  {place} {error}\n  {expected:?}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A replay reads the stored bytes again.
#[test]
fn what_is_stored_is_read_as_what_came() {
    for (dialect, fixture) in fixtures() {
        for (body, words, case) in cases(&fixture, "accepted") {
            let dialect = dialect_of(case, dialect);
            let signals = |bytes: &[u8]| read(bytes, &settings(words)).map(|reading| reading.signals);
            let stored = mask(body.as_bytes(), None, Some(dialect));
            assert_eq!(signals(&stored), signals(body.as_bytes()), "{}", String::from_utf8_lossy(&stored));
        }
    }
}

#[test]
fn every_dialect_has_a_file_with_both_kinds() {
    let named: Vec<DialectName> = fixtures()
        .into_iter()
        .filter(|(_, fixture)| ["accepted", "refused"].iter().all(|kind| cases(fixture, kind).count() > 0))
        .map(|(dialect, _)| dialect)
        .collect();
    for dialect in DialectName::ALL {
        assert!(named.contains(dialect), "{dialect}");
    }
}
