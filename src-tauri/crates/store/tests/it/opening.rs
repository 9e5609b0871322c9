//! What is opened, what is refused, and what holds afterwards.

use crate::support::{TestSignal, TestStore};
use store::{Options, Store, StoreError};

#[test]
fn the_schema_is_the_recorded_one() {
    let test = TestStore::new();
    let raw = test.raw();
    let schema: Vec<String> = raw
        .prepare("SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let version: i64 = raw.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let found = format!("-- format {version}\n{}\n", schema.join("\n"));
    let recorded = include_str!("schema.sql");
    assert!(
        found == recorded,
        "a released format never changes: add a migration, then record the schema as it is now:\n{found}"
    );
}

#[test]
fn durability_is_in_force_and_tables_are_strict() {
    let test = TestStore::new();
    assert_eq!(
        test.raw().pragma_query_value(None, "journal_mode", |r| r.get::<_, String>(0)).unwrap(),
        "wal"
    );
    let loose = "SELECT count(*) FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'";
    assert_eq!(test.number(loose), 0);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_the_file_its_log_or_its_directory() {
    use std::os::unix::fs::PermissionsExt;
    let test = TestStore::ready();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&test.file()), 0o600);
    assert_eq!(mode(&test.file().with_extension("db-wal")), 0o600);
    assert_eq!(mode(&test.file().with_extension("db-shm")), 0o600);
    assert_eq!(mode(test.file().parent().unwrap()), 0o700);
}

#[test]
fn a_file_that_is_not_ours_or_too_new_is_left_as_it_is() {
    let check = |prepare: &str, expected: fn(&StoreError) -> bool| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pitwire.db");
        rusqlite::Connection::open(&path).unwrap().execute_batch(prepare).unwrap();
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path, Options::default()).unwrap_err();
        assert!(expected(&error), "{prepare}: {error:?}");
        assert_eq!(std::fs::read(&path).unwrap(), before, "{prepare}");
    };
    check("CREATE TABLE t (a)", |e| matches!(e, StoreError::Foreign { .. }));
    check("PRAGMA application_id = 5", |e| matches!(e, StoreError::Foreign { .. }));
    check("PRAGMA user_version = 1", |e| matches!(e, StoreError::Foreign { .. }));
    // 0x50574952 spells PWIR.
    check("PRAGMA application_id = 1347897682; PRAGMA user_version = 999", |e| {
        matches!(e, StoreError::Newer { found: 999, .. })
    });
}

#[test]
fn a_text_file_and_a_missing_file_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pitwire.db");
    let missing = Store::open(&path, Options { create: false, ..Options::default() }).unwrap_err();
    assert!(
        matches!(missing, StoreError::Unavailable { outage: store::Outage::CannotOpen, .. }),
        "{missing:?}"
    );
    assert!(!path.exists());
    std::fs::write(&path, "to whom it may concern ".repeat(100)).unwrap();
    assert!(matches!(Store::open(&path, Options::default()).unwrap_err(), StoreError::Damaged { .. }));
}

#[test]
fn what_was_written_is_there_after_reopening() {
    let test = TestStore::ready();
    let id = test.add(TestSignal::new("sig_a"));
    let (path, folder) = (test.file(), test.folder);
    test.store.close();
    let store = Store::open(&path, Options::default()).unwrap();
    let found = store.reader().read(move |view| store::signals::get(view, &id)).unwrap().unwrap();
    assert_eq!(found.raw_body, br#"{"action":"buy","symbol":"BTCUSDT"}"#);
    drop(folder);
}

#[test]
fn several_open_a_new_file_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pitwire.db");
    std::thread::scope(|scope| {
        for number in 0..4 {
            let path = &path;
            scope.spawn(move || {
                let store = Store::open(path, Options::default()).unwrap();
                let key = format!("k{number}");
                store.writer().run(move |tx| store::settings::set(tx, &key, "v")).unwrap();
            });
        }
    });
    let store = Store::open(&path, Options::default()).unwrap();
    assert_eq!(store.reader().read(store::settings::list).unwrap().len(), 4);
}
