//! Opening against an in-memory keychain, one that is locked and one that never answers.

use super::*;
use crate::keychain::{Keychain, Sealed};
use std::collections::BTreeMap;
use std::fs;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Entries that live as long as the test.
#[derive(Clone, Default)]
struct InMemory(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

impl Keychain for InMemory {
    fn get(&self, user: &str) -> Result<Option<Sealed>, KeychainError> {
        Ok(self.0.lock().unwrap().get(user).cloned().map(Zeroizing::new))
    }
    fn set(&self, user: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.0.lock().unwrap().insert(user.to_owned(), secret.to_vec());
        Ok(())
    }
    fn delete(&self, user: &str) -> Result<(), KeychainError> {
        self.0.lock().unwrap().remove(user);
        Ok(())
    }
}

/// A keychain that says no.
struct Locked;

impl Keychain for Locked {
    fn get(&self, _user: &str) -> Result<Option<Sealed>, KeychainError> {
        Err(KeychainError::Locked("collection".to_owned()))
    }
    fn set(&self, _user: &str, _secret: &[u8]) -> Result<(), KeychainError> {
        Err(KeychainError::Locked("collection".to_owned()))
    }
    fn delete(&self, _user: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Locked("collection".to_owned()))
    }
}

/// A keychain that asks its user and waits until the test is over.
struct Asking(Receiver<()>);

impl Keychain for Asking {
    fn get(&self, _user: &str) -> Result<Option<Sealed>, KeychainError> {
        let _over = self.0.recv().is_err();
        Ok(None)
    }
    fn set(&self, _user: &str, _secret: &[u8]) -> Result<(), KeychainError> {
        Ok(())
    }
    fn delete(&self, _user: &str) -> Result<(), KeychainError> {
        Ok(())
    }
}

/// Reaches the keychain of a machine for a data directory.
type Opener = Box<dyn Fn(&Path) -> Result<BoundedKeychain, KeychainError>>;

struct Machine {
    dir: TempDir,
    keychain: Opener,
    _held: Option<Sender<()>>,
}

const PATIENCE: Duration = Duration::from_secs(30);

impl Machine {
    fn new(keychain: Opener) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), keychain, _held: None }
    }

    fn with(entries: &InMemory) -> Self {
        let entries = entries.clone();
        Self::new(Box::new(move |dir| {
            let entries = entries.clone();
            BoundedKeychain::new(Box::new(|| Box::new(entries)), dir, PATIENCE)
        }))
    }

    fn locked() -> Self {
        Self::new(Box::new(|dir| BoundedKeychain::new(Box::new(|| Box::new(Locked)), dir, PATIENCE)))
    }

    fn without() -> Self {
        Self::new(Box::new(|_| Err(KeychainError::Absent("no bus".to_owned()))))
    }

    fn asking() -> Self {
        let (held, waiting) = channel();
        let waiting = Mutex::new(Some(waiting));
        let mut machine = Self::new(Box::new(move |dir| {
            let waiting = waiting.lock().unwrap().take().unwrap();
            BoundedKeychain::new(Box::new(|| Box::new(Asking(waiting))), dir, Duration::from_millis(20))
        }));
        machine._held = Some(held);
        machine
    }

    fn open(&self, preference: Preference, expected: Option<&KeyMark>) -> Result<Vault, VaultError> {
        let data_dir = self.dir.path();
        let keychain = || (self.keychain)(data_dir);
        let mut next = 0_u8;
        let mut random = |bytes: &mut [u8]| {
            next += 1;
            bytes.fill(next);
        };
        Opening { data_dir, preference, keychain: &keychain }.open(expected, &mut random)
    }

    fn key_file(&self) -> PathBuf {
        self.dir.path().join("app.key")
    }
}

fn mark(home: Home, key: [u8; 32]) -> KeyMark {
    KeyMark { home, fingerprint: AppKey::from_bytes(&key).fingerprint() }
}

fn check(machine: &Machine, preference: Preference, expected: Option<&KeyMark>, home: Result<Home, &str>) {
    let found = machine.open(preference, expected).map(|v| v.home()).map_err(|e| format!("{e:?}"));
    match (&found, home) {
        (Ok(found), Ok(home)) if *found == home => {}
        (Err(error), Err(start)) if error.starts_with(start) => {}
        _ => panic!("{preference:?} {expected:?}: {found:?}, expected {home:?}"),
    }
}

#[test]
fn the_first_start_makes_one_key_in_one_home() {
    let entries = InMemory::default();
    let machine = Machine::with(&entries);
    check(&machine, Preference::Auto, None, Ok(Home::Keychain));
    assert!(!machine.key_file().exists());
    assert_eq!(entries.0.lock().unwrap().len(), 1);
    check(&machine, Preference::Keychain, None, Ok(Home::Keychain));
    assert_eq!(entries.0.lock().unwrap().len(), 1);

    check(&Machine::without(), Preference::Auto, None, Ok(Home::File));
    check(&Machine::without(), Preference::File, None, Ok(Home::File));
    check(&Machine::without(), Preference::Keychain, None, Err("Keychain(Absent"));
    check(&Machine::locked(), Preference::Auto, None, Ok(Home::File));
    check(&Machine::locked(), Preference::Keychain, None, Err("Keychain(Locked"));
    check(&Machine::asking(), Preference::Auto, None, Ok(Home::File));
    check(&Machine::asking(), Preference::Keychain, None, Err("Keychain(Unanswered { limit_ms: 20 }"));
}

#[test]
fn a_later_start_finds_the_same_key_or_stops() {
    let entries = InMemory::default();
    let machine = Machine::with(&entries);
    let kept = machine.open(Preference::Auto, None).unwrap().mark();
    assert_eq!(kept, mark(Home::Keychain, [1; 32]));
    check(&machine, Preference::Auto, Some(&kept), Ok(Home::Keychain));
    check(&machine, Preference::Keychain, Some(&kept), Ok(Home::Keychain));
    check(&machine, Preference::File, Some(&kept), Err("OtherHome { found: Keychain, wanted: File }"));
    check(&machine, Preference::Auto, Some(&mark(Home::Keychain, [9; 32])), Err("OtherKey"));
    check(&machine, Preference::Auto, Some(&mark(Home::File, [1; 32])), Err("KeyGone { home: File }"));
    entries.0.lock().unwrap().clear();
    check(&machine, Preference::Auto, Some(&kept), Err("KeyGone { home: Keychain }"));
    for machine in [Machine::without(), Machine::locked(), Machine::asking()] {
        check(&machine, Preference::Auto, Some(&kept), Err("Keychain("));
        assert!(!machine.key_file().exists());
    }
}

#[test]
fn a_key_file_wins_over_an_empty_keychain() {
    let entries = InMemory::default();
    let machine = Machine::with(&entries);
    let kept = machine.open(Preference::File, None).unwrap().mark();
    assert_eq!(kept, mark(Home::File, [1; 32]));
    check(&machine, Preference::Auto, None, Ok(Home::File));
    check(&machine, Preference::Auto, Some(&kept), Ok(Home::File));
    check(&machine, Preference::Keychain, None, Err("OtherHome { found: File, wanted: Keychain }"));
    check(&machine, Preference::Keychain, Some(&kept), Err("OtherHome"));
    assert!(entries.0.lock().unwrap().is_empty());
}

#[test]
fn two_data_directories_share_no_entries() {
    let entries = InMemory::default();
    let (one, two) = (Machine::with(&entries), Machine::with(&entries));
    one.open(Preference::Auto, None).unwrap();
    two.open(Preference::Auto, None).unwrap();
    assert_eq!(entries.0.lock().unwrap().len(), 2);
}

#[cfg(unix)]
#[test]
fn the_key_file_is_its_owners_alone_and_whole() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::without();
    let vault = machine.open(Preference::Auto, None).unwrap();
    let path = machine.key_file();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", "01".repeat(32)));
    assert_eq!(fs::read_dir(machine.dir.path()).unwrap().count(), 1, "a draft is left over");
    for mode in [0o640, 0o604, 0o660, 0o644] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        check(&machine, Preference::Auto, Some(&vault.mark()), Err("FileOpenToOthers"));
        check(&machine, Preference::Auto, None, Err("FileOpenToOthers"));
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    check(&machine, Preference::Auto, Some(&vault.mark()), Ok(Home::File));
}

#[test]
fn a_damaged_key_is_not_replaced() {
    let machine = Machine::without();
    machine.open(Preference::Auto, None).unwrap();
    for content in [&b""[..], b"01", b"zz", &[0xff; 64], "01".repeat(33).as_bytes(), &[b'0'; 4096]] {
        fs::write(machine.key_file(), content).unwrap();
        check(&machine, Preference::Auto, None, Err("Damaged { home: File }"));
        assert_eq!(fs::read(machine.key_file()).unwrap(), content);
    }
    let entries = InMemory::default();
    let machine = Machine::with(&entries);
    machine.open(Preference::Auto, None).unwrap();
    for value in entries.0.lock().unwrap().values_mut() {
        value.pop();
    }
    check(&machine, Preference::Keychain, None, Err("Damaged { home: Keychain }"));
}

#[test]
fn of_two_first_starts_one_key_wins() {
    let dir = tempfile::tempdir().unwrap();
    let first = key_file::create(dir.path(), &[1; 32], &mut |b| b.fill(1)).unwrap();
    let second = key_file::create(dir.path(), &[2; 32], &mut |b| b.fill(2)).unwrap();
    assert_eq!((*first, *second), ([1; 32], [1; 32]));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn tokens_and_named_secrets_are_sealed_in_a_keychain_only() {
    let entries = InMemory::default();
    let machine = Machine::with(&entries);
    let vault = machine.open(Preference::Auto, None).unwrap();
    let webhook = WebhookId::parse("wh_abcdefghij23").unwrap();
    let token = Token::generate(&webhook, &mut |b| b.fill(3)).unwrap();
    assert!(vault.sealed_token(&webhook).unwrap().is_none());
    vault.seal_token(&token).unwrap();
    assert_eq!(vault.sealed_token(&webhook).unwrap().unwrap().expose(), token.expose());
    vault.forget_token(&webhook).unwrap();
    vault.forget_token(&webhook).unwrap();
    assert!(vault.sealed_token(&webhook).unwrap().is_none());

    vault.keep("authtoken", &Secret::new("2abc".to_owned())).unwrap();
    assert_eq!(vault.named("authtoken").unwrap().unwrap().expose(), "2abc");
    vault.forget("authtoken").unwrap();
    assert!(vault.named("authtoken").unwrap().is_none());

    let filed = Machine::without().open(Preference::Auto, None).unwrap();
    assert!(matches!(filed.seal_token(&token), Err(VaultError::NoKeychain)));
    assert!(matches!(filed.keep("x", &Secret::new(String::new())), Err(VaultError::NoKeychain)));
    assert!(filed.sealed_token(&webhook).unwrap().is_none());
    filed.forget("x").unwrap();
}

/// The real one, whatever this machine has: it answers within its limit, and so does the fallback.
#[test]
fn the_systems_keychain_answers_in_time() {
    let dir = tempfile::tempdir().unwrap();
    let begun = std::time::Instant::now();
    let vault = Vault::open(dir.path(), Preference::Auto, None, &mut |b| b.fill(4)).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(12));
    if let Seat::Keychain(keychain) = &vault.seat {
        keychain.delete(KEY_ENTRY).unwrap();
    }
}
