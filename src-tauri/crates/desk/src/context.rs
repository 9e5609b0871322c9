//! What every part of the desk shares: the open file, the keys, the clock and what is known of webhooks.

use crate::clock::Clock;
use crate::directory::LiveDirectory;
use crate::publish::Changes;
use crate::settings::{Environment, Settings};
use crate::waiting::Kept;
use crate::wake::Wake;
use crate::{OpenError, books, journal, random};
use domain::{AccountId, Money, Timestamp};
use paper::{Config, Transaction};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use store::accounts::AccountRow;
use store::{Store, StoreError, Tx};
use vault::{KeyMark, Preference, Vault, VaultError};

/// The setting that remembers which key the database was written with; not one of the user's.
const KEY_MARK: &str = "runtime.key_mark";
/// The setting by which other processes find the worker's listener; not one of the user's.
const LOCAL_URL: &str = "runtime.local_url";

pub(crate) struct Context {
    pub(crate) data_dir: PathBuf,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) directory: Arc<LiveDirectory>,
    pub(crate) wake: Wake,
    pub(crate) changes: Changes,
    pub(crate) kept: Kept,
    environment: Environment,
    settings: RwLock<Settings>,
}

impl Context {
    pub(crate) fn open(data_dir: &Path, clock: Clock) -> Result<Self, OpenError> {
        let environment = Environment::of_process()?;
        make_private(data_dir).map_err(|source| OpenError::DataDir { path: data_dir.to_owned(), source })?;
        let store = Store::open(&data_dir.join("pitwire.db"), store::Options::default())?;
        let stored = store.reader().read(store::settings::list)?;
        let settings = Settings::assemble(&stored, &environment);
        let vault = match mark_in(&stored) {
            Some(mark) => Vault::open(data_dir, preference(&settings), Some(&mark), &mut random::fill)?,
            None => first_vault(&store, data_dir, preference(&settings))?,
        };
        let now = clock.now();
        store.writer().run(move |tx| first_account(tx, now))?;
        let directory = Arc::new(LiveDirectory::load(store.reader().clone())?);
        Ok(Self {
            data_dir: data_dir.to_owned(),
            store,
            vault,
            clock,
            directory,
            wake: Wake::default(),
            changes: Changes::default(),
            kept: Kept::default(),
            environment,
            settings: RwLock::new(settings),
        })
    }

    /// The settings in force.
    pub(crate) fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the settings again, after a change by this or another process.
    pub(crate) fn reload_settings(&self) -> Result<Settings, StoreError> {
        let stored = self.store.reader().read(store::settings::list)?;
        let settings = Settings::assemble(&stored, &self.environment);
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        Ok(settings)
    }

    /// Where the worker of this data directory listens, be it this process or another. A worker that was killed left
    /// its address behind, so it counts only while somebody holds the lock.
    pub(crate) fn local_url(&self) -> Result<Option<String>, StoreError> {
        let url = self.store.reader().read(|view| store::settings::get(view, LOCAL_URL))?;
        Ok(url.filter(|u| !u.is_empty() && crate::lock::is_held(&self.data_dir)))
    }

    /// Tells other processes where this worker listens; nothing when it stops.
    pub(crate) fn set_local_url(&self, url: Option<&str>) -> Result<(), StoreError> {
        let url = url.unwrap_or_default().to_owned();
        self.store.writer().run(move |tx| store::settings::set(tx, LOCAL_URL, &url))
    }
}

fn mark_in(stored: &[(String, String)]) -> Option<KeyMark> {
    stored.iter().find(|(key, _)| key == KEY_MARK).and_then(|(_, mark)| KeyMark::parse(mark))
}

/// The key of the first start is made inside a write transaction: of two processes that start at once, the second one
/// waits and finds the first one's key.
fn first_vault(store: &Store, data_dir: &Path, preference: Preference) -> Result<Vault, OpenError> {
    let directory = data_dir.to_owned();
    let opened = store.writer().run(move |tx| {
        let mark = store::settings::get(tx, KEY_MARK)?.and_then(|mark| KeyMark::parse(&mark));
        let vault = Vault::open(&directory, preference, mark.as_ref(), &mut random::fill);
        if let (None, Ok(vault)) = (mark, &vault) {
            store::settings::set(tx, KEY_MARK, &vault.mark().to_string())?;
        }
        Ok(vault)
    })?;
    Ok(opened?)
}

/// After a restore: keeps the mark of the key when that key is still here; otherwise takes it out, so that the next
/// start makes a key of its own, and every token must be regenerated.
pub(crate) fn settle_key(data_dir: &Path, environment: &Environment) -> Result<(), OpenError> {
    let store = Store::open(&data_dir.join("pitwire.db"), store::Options::default())?;
    let stored = store.reader().read(store::settings::list)?;
    let settings = Settings::assemble(&stored, environment);
    let Some(expected) = mark_in(&stored) else { return Ok(()) };
    let opened = Vault::open(data_dir, preference(&settings), Some(&expected), &mut random::fill);
    let foreign = match opened {
        Ok(_) => false,
        Err(VaultError::KeyGone { .. } | VaultError::OtherKey { .. } | VaultError::OtherHome { .. }) => true,
        Err(other) => return Err(other.into()),
    };
    store.writer().run(move |tx| {
        store::settings::unset(tx, LOCAL_URL)?;
        if foreign { store::settings::unset(tx, KEY_MARK) } else { Ok(()) }
    })?;
    Ok(())
}

fn preference(settings: &Settings) -> Preference {
    match settings.text("secrets.backend") {
        "keychain" => Preference::Keychain,
        "file" => Preference::File,
        _ => Preference::Auto,
    }
}

/// Makes a directory that only its owner can enter, where there is none.
///
/// # Errors
/// The system's own.
#[cfg(unix)]
pub fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes a directory where there is none; its parent's permissions hold.
///
/// # Errors
/// The system's own.
#[cfg(not(unix))]
pub fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(path)
}

/// The account that is there from the start: `Paper`, 100,000 USD.
fn first_account(tx: &Tx, now: Timestamp) -> Result<(), StoreError> {
    if !store::accounts::list(tx)?.is_empty() {
        return Ok(());
    }
    let opening = Money::new(100_000.into());
    new_account(tx, &random::account_id(), "Paper", "alert", &Config::default(), opening, now).map(|_| ())
}

/// Opens an account with its first ledger transaction.
pub(crate) fn new_account(
    tx: &Tx,
    id: &AccountId,
    name: &str,
    venue: &str,
    config: &Config,
    opening: Money,
    now: Timestamp,
) -> Result<AccountRow, StoreError> {
    let row = AccountRow {
        id: id.clone(),
        name: name.to_owned(),
        currency: config.currency.to_string(),
        venue: venue.to_owned(),
        opening,
        config: books::config_text(config),
        state: books::fresh_state_text(opening),
        cash: opening,
        realized: Money::ZERO,
        fees: Money::ZERO,
        created_at: now,
        opened_at: now,
        archived_at: None,
    };
    store::accounts::insert(tx, &row)?;
    journal::append(tx, id, &Transaction::opening(opening, now))?;
    Ok(row)
}
