//! What leaves and enters as a file: backups and exports, and who may read the data directory.

#[cfg(target_os = "linux")]
use crate::support::at_a_terminal;
use crate::support::{Hook, TestDesk, plain, rows, text};
use serde_json::Value;

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.5"}"#;

#[test]
fn a_backup_brings_everything_back() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    desk.executed(&hook.path(), BUY);
    let before = (desk.signals(), desk.fills(), desk.positions());
    let copy = desk.home().join("copy.db");
    let copy = copy.to_str().unwrap();
    desk.pitwire(&["backup", copy]);
    assert_eq!(desk.run(&["backup", copy]).code, 1, "a backup replaces nothing");
    desk.executed(&hook.path(), r#"{"action":"close","symbol":"BTCUSDT","price":60001}"#);
    assert_eq!(desk.refused(&["restore", copy, "--yes"]), "RUNNING");
    assert_eq!(desk.positions(), Vec::<String>::new());
    desk.stop();
    let broken = desk.file("broken.db", "This is no database.");
    assert_eq!(desk.refused(&["restore", &broken, "--yes"]), "RESTORE_FAILED");
    assert_eq!(desk.signals().len(), 2);
    desk.pitwire(&["restore", copy, "--yes"]);
    assert_eq!((desk.signals(), desk.fills(), desk.positions()), before);
    desk.serve_again();
    desk.executed(&hook.path(), r#"{"action":"close","symbol":"BTCUSDT","price":60001}"#);
    assert_eq!((&desk.doctor()["ledger"], &desk.doctor()["database"]), (&"ok".into(), &"ok".into()));
}

/// Who restores at a terminal is asked, and only a yes replaces anything.
#[cfg(target_os = "linux")]
#[test]
fn a_restore_asks_before_it_replaces_anything() {
    let mut desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let copy = desk.home().join("copy.db");
    let copy = copy.to_str().unwrap();
    desk.pitwire(&["backup", copy]);
    desk.executed(&hook.path(), BUY);
    desk.stop();
    let restore = |typed: &str| at_a_terminal(&desk.command(&["restore", copy]), typed);
    for no in ["n\n", "\n", "yess\n", ""] {
        let run = restore(no);
        let asked = run.stdout.contains("The present database is replaced by the backup.")
            && run.stdout.contains("Go on? [y/N]");
        assert!(run.code == 1 && asked && run.stdout.contains("NOT_CONFIRMED"), "{no:?}: {run:?}");
        assert_eq!(desk.signals().len(), 1, "{no:?}");
    }
    let done = restore("y\n");
    assert!(done.code == 0 && done.stdout.contains("Go on? [y/N]"), "{done:?}");
    assert_eq!(desk.signals().len(), 0);
    // Nothing is asked about what is not there.
    let missing = at_a_terminal(&desk.command(&["restore", &format!("{copy}.gone")]), "n\n");
    assert!(missing.code == 1 && !missing.stdout.contains("Go on?"), "{missing:?}");
}

#[test]
fn directories_are_not_made_and_missing_files_are_named() {
    let desk = TestDesk::still();
    desk.account();
    let missing = desk.home().join("missing");
    let inside = missing.join("file");
    let (missing_name, inside) = (missing.to_str().unwrap(), inside.to_str().unwrap());
    for arguments in [
        &["backup", inside][..],
        &["signal", "export", "--format", "csv", "--out", inside],
        &["restore", missing_name, "--yes"],
    ] {
        let run = desk.run(arguments);
        let said = run.stderr.contains(missing_name) && run.stderr.contains("there is no ");
        assert!(run.code == 1 && said, "{arguments:?}: {run:?}");
    }
    assert!(!missing.exists());
    let directory = desk.home().to_str().unwrap();
    let run = desk.run(&["restore", directory, "--yes"]);
    let said = run.stderr.contains(directory) && run.stderr.contains("not a file");
    assert!(run.code == 1 && said, "{run:?}");
}

#[test]
fn elsewhere_a_backup_keeps_all_but_the_tokens() {
    let first = TestDesk::start();
    let hook = first.hook(&["--dedupe-ms", "0"]);
    first.executed(&hook.path(), BUY);
    let copy = first.home().join("copy.db");
    first.pitwire(&["backup", copy.to_str().unwrap()]);
    let mut second = TestDesk::still();
    second.pitwire(&["restore", copy.to_str().unwrap(), "--yes"]);
    second.serve_again();
    assert_eq!((second.signals(), second.positions()), (first.signals(), first.positions()));
    assert_eq!(second.post(&hook.path(), BUY).status, 401);
    let fresh = Hook::of(&second.pitwire(&["webhook", "rotate", &hook.id, "--yes"]));
    second.executed(&fresh.path(), r#"{"action":"close","symbol":"BTCUSDT","price":60001}"#);
}

#[test]
fn the_history_is_exported_in_three_forms_without_formulas() {
    let desk = TestDesk::start();
    let hook = desk.hook(&["--dedupe-ms", "0"]);
    desk.pitwire(&["webhook", "edit", &hook.id, "--name", "=HYPERLINK(\"http://x\",\"y\")"]);
    desk.executed(&hook.path(), BUY);
    desk.post(&hook.path(), r#"{"action":"@SUM(A1)","symbol":"BTCUSDT"}"#);
    let export = |format: &str| {
        let run = desk.run(&["signal", "export", "--format", format]);
        assert_eq!(run.code, 0, "{run:?}");
        run.stdout
    };
    let listed = desk.signals();
    let array: Vec<Value> = serde_json::from_str(&export("json")).unwrap();
    assert_eq!(array, listed);
    let lines: Vec<Value> = export("ndjson").lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines, listed);
    let table = export("csv");
    let mut records = table.lines();
    let header: Vec<&str> = records.next().unwrap().split(',').collect();
    assert_eq!(&header[..4], ["id", "webhook_id", "webhook_name", "received_at"]);
    assert_eq!(records.count(), 2);
    for cell in table.replace('"', "").split([',', '\n']) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell:?} in {table}");
    }
    let file = desk.home().join("history.csv");
    let written = desk.pitwire(&["signal", "export", "--format", "csv", "--out", file.to_str().unwrap()]);
    assert_eq!(written["export"]["signals"], 2);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), table);
    let narrowed = |which: &[&str]| {
        let asked = [&["signal", "export", "--format", "ndjson"], which].concat();
        desk.run(&asked).stdout.lines().count()
    };
    assert_eq!(narrowed(&["--status", "executed", "--query", "btc*"]), 1);
    assert_eq!(narrowed(&["--status", "failed"]), 0);
    assert_eq!(narrowed(&["--webhook", &hook.id]), 2);
    assert_eq!(desk.run(&["signal", "export", "--format", "csv", "--webhook", "wh_aaaaaaaaaaaa"]).code, 1);
    let fills = desk.run(&["fill", "list", "--format", "csv"]);
    let [head, row] = fills.stdout.lines().collect::<Vec<_>>()[..] else { panic!("{fills:?}") };
    let at = head.split(',').position(|name| name == "quantity").unwrap();
    assert_eq!(plain(row.split(',').nth(at).unwrap()), "0.5");
}

#[test]
fn an_empty_history_is_exported_as_well() {
    let desk = TestDesk::still();
    let export = |format: &str| desk.run(&["signal", "export", "--format", format]).stdout;
    assert_eq!(serde_json::from_str::<Value>(&export("json")).unwrap(), serde_json::json!([]));
    assert_eq!((export("ndjson").as_str(), export("csv").lines().count()), ("", 1));
}

#[test]
fn doctor_finds_a_sound_installation_and_says_where_it_is_not() {
    let desk = TestDesk::start();
    let checks = desk.pitwire(&["doctor"]);
    for check in rows(&checks["checks"]) {
        let (name, outcome) = (text(check, "name"), text(check, "outcome"));
        // The key lies in a file in these tests, which doctor has to mention.
        assert_eq!(outcome, if name == "keychain" { "warning" } else { "ok" }, "{check}");
        assert!(outcome == "ok" || !text(check, "fix").is_empty(), "{check}");
    }
    let names: Vec<&str> = rows(&checks["checks"]).iter().map(|c| text(c, "name")).collect();
    for name in ["port", "database", "disk", "ledger", "keychain", "clock"] {
        assert!(names.contains(&name), "{names:?}");
    }
}

#[cfg(unix)]
#[test]
fn the_data_directory_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = TestDesk::start();
    let mode = |name: &str| {
        let path = desk.data_dir().join(name);
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777
    };
    assert_eq!(format!("{:o}", mode("")), "700");
    for name in ["app.key", "pitwire.db", "pitwire.db-wal"] {
        assert_eq!(format!("{:o}", mode(name)), "600", "{name}");
    }
}
