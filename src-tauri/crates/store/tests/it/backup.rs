//! Backups, and what is refused to be put back.

use crate::support::{TestSignal, TestStore};
use std::path::Path;
use store::{Options, Store, StoreError, restore};

fn ids(store: &Store) -> Vec<String> {
    let filter = store::signals::SignalFilter::default();
    let page = store.reader().read(|view| store::signals::list(view, &filter, None, 100)).unwrap();
    page.signals.into_iter().map(|s| s.id.to_string()).collect()
}

#[test]
fn a_backup_is_made_while_the_store_works_and_brings_everything_back() {
    let test = TestStore::ready();
    test.add(TestSignal::new("sig_1"));
    let copy = test.folder.path().join("backup.db");
    test.backup_to(&copy).unwrap();
    assert!(
        matches!(test.backup_to(&copy), Err(StoreError::File { .. })),
        "an older backup is not overwritten"
    );
    test.add(TestSignal::new("sig_2"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (path, folder) = (test.file(), test.folder);
    test.store.close();
    restore(&copy, &path, Options::default()).unwrap();
    let store = Store::open(&path, Options::default()).unwrap();
    assert_eq!(ids(&store), ["sig_1"]);
    assert_eq!(store.quick_check(), Ok(()));
    store.close();
    // Where there was nothing before.
    let fresh = folder.path().join("other/pitwire.db");
    restore(&copy, &fresh, Options::default()).unwrap();
    assert_eq!(ids(&Store::open(&fresh, Options::default()).unwrap()), ["sig_1"]);
}

#[test]
fn no_directory_is_made_for_a_backup_and_a_missing_one_is_named() {
    let test = TestStore::ready();
    let missing = test.folder.path().join("missing");
    let file = |error: StoreError| {
        let StoreError::File { path, .. } = error else { panic!("{error:?}") };
        path
    };
    assert_eq!(file(test.backup_to(&missing.join("backup.db")).unwrap_err()), missing);
    assert!(!missing.exists());
    assert_eq!(file(restore(&missing, &test.file(), Options::default()).unwrap_err()), missing);
}

#[test]
fn a_file_that_is_not_fit_is_refused_and_nothing_is_replaced() {
    let test = TestStore::ready();
    test.add(TestSignal::new("sig_1"));
    let check = |name: &str, spoil: fn(&Path), expected: fn(&StoreError) -> bool| {
        let copy = test.folder.path().join(name);
        test.backup_to(&copy).unwrap();
        spoil(&copy);
        let error = restore(&copy, &test.file(), Options::default()).unwrap_err();
        assert!(expected(&error), "{name}: {error:?}");
        assert_eq!(ids(&test), ["sig_1"], "{name}");
    };
    check(
        "newer",
        |p| run(p, "PRAGMA user_version = 99"),
        |e| matches!(e, StoreError::Newer { found: 99, .. }),
    );
    check("foreign", |p| run(p, "PRAGMA application_id = 7"), |e| matches!(e, StoreError::Foreign { .. }));
    check(
        "trigger",
        |p| run(p, "CREATE TRIGGER spy AFTER INSERT ON signals BEGIN DELETE FROM settings; END"),
        |e| matches!(e, StoreError::Damaged { .. }),
    );
    check("no guard", |p| run(p, "DROP TRIGGER ledger_stays"), |e| matches!(e, StoreError::Damaged { .. }));
    check("cut", cut, |e| matches!(e, StoreError::Damaged { .. }));
    check("flipped", flip, |e| matches!(e, StoreError::Damaged { .. }));
    check(
        "orphan",
        |p| run(p, "PRAGMA foreign_keys = OFF; DELETE FROM webhooks"),
        |e| matches!(e, StoreError::Damaged { .. }),
    );
    let missing = restore(&test.folder.path().join("none"), &test.file(), Options::default());
    assert!(matches!(missing, Err(StoreError::File { .. })));
}

fn run(path: &Path, text: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(text).unwrap();
}

fn cut(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    std::fs::write(path, &bytes[..bytes.len() / 2]).unwrap();
}

/// Spoils the page that the table `signals` begins with.
fn flip(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let page: u16 = connection
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'signals'", [], |row| row.get(0))
        .unwrap();
    drop(connection);
    let mut bytes = std::fs::read(path).unwrap();
    bytes[usize::from(page - 1) * 4_096] ^= 0xff;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn sizes_are_those_of_the_file() {
    let test = TestStore::ready();
    let info = test.file_info().unwrap();
    assert_eq!((info.version, info.page_bytes), (1, 4_096));
    assert!(info.wal_bytes > 0 && info.pages > 10, "{info:?}");
    assert_eq!(info.bytes, std::fs::metadata(test.file()).unwrap().len());
}
