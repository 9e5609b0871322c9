//! The keychain of the operating system, with a limit on every wait.
//!
//! A locked keychain may ask its user for a password and never answer, so its calls run on a thread of their own
//! and the caller waits for so long and no longer.

use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;
use thiserror::Error;
use zeroize::Zeroizing;

/// How long a caller waits for the keychain. A keychain that is open answers in 1 to 40 ms.
const KEYCHAIN_LIMIT: Duration = Duration::from_secs(5);
/// How many calls may wait behind one that hangs.
const CALLS_WAITING_MAX: usize = 8;
/// The name under which a user finds the entries.
const SERVICE: &str = "pitwire";

/// Why the keychain did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeychainError {
    /// There is none, or it cannot be reached.
    #[error(
        "none was found ({0}); on Linux install and start gnome-keyring or KWallet, or set secrets.backend to file"
    )]
    Absent(String),
    /// It is locked, or its user said no.
    #[error("it is locked ({0}); unlock it and try again")]
    Locked(String),
    /// It did not answer in time.
    #[error("it did not answer within {limit_ms} ms; unlock it and try again")]
    Unanswered {
        /// How long was waited.
        limit_ms: u128,
    },
    /// It answered with something else.
    #[error("it failed: {0}")]
    Failed(String),
}

/// The bytes of an entry.
pub(crate) type Sealed = Zeroizing<Vec<u8>>;

/// What a keychain can do. Calls may block for as long as they like.
pub(crate) trait Keychain: Send + 'static {
    /// The entry's bytes, or nothing when there is no such entry.
    fn get(&self, user: &str) -> Result<Option<Sealed>, KeychainError>;
    /// Makes or replaces an entry.
    fn set(&self, user: &str, secret: &[u8]) -> Result<(), KeychainError>;
    /// Removes an entry if there is one.
    fn delete(&self, user: &str) -> Result<(), KeychainError>;
}

/// The real one: macOS Keychain, Windows Credential Manager, Secret Service.
pub(crate) struct OsKeychain;

impl OsKeychain {
    fn entry(user: &str) -> Result<keyring::Entry, KeychainError> {
        if let Err(error) = keyring::Entry::store_status() {
            return Err(KeychainError::Absent(error.to_string()));
        }
        keyring::Entry::new(SERVICE, user).map_err(|e| explained(&e))
    }
}

fn explained(error: &keyring::Error) -> KeychainError {
    if matches!(error, keyring::Error::NoStorageAccess(_)) {
        KeychainError::Locked(error.to_string())
    } else {
        KeychainError::Failed(error.to_string())
    }
}

impl Keychain for OsKeychain {
    fn get(&self, user: &str) -> Result<Option<Sealed>, KeychainError> {
        match Self::entry(user)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(explained(&error)),
        }
    }

    fn set(&self, user: &str, secret: &[u8]) -> Result<(), KeychainError> {
        Self::entry(user)?.set_secret(secret).map_err(|e| explained(&e))
    }

    fn delete(&self, user: &str) -> Result<(), KeychainError> {
        match Self::entry(user)?.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(explained(&error)),
        }
    }
}

/// A keychain whose every call ends within a limit, with the entries of one data directory.
#[derive(Debug)]
pub(crate) struct BoundedKeychain {
    calls: SyncSender<Call>,
    scope: String,
    limit: Duration,
}

type Work = Box<dyn FnOnce(&dyn Keychain) + Send>;

struct Call {
    work: Work,
    abandoned: Arc<AtomicBool>,
}

impl BoundedKeychain {
    /// The operating system's keychain, for `data_dir`.
    pub(crate) fn of_system(data_dir: &Path) -> Result<Self, KeychainError> {
        Self::new(Box::new(|| Box::new(OsKeychain)), data_dir, KEYCHAIN_LIMIT)
    }

    pub(crate) fn new(
        keychain: Box<dyn FnOnce() -> Box<dyn Keychain> + Send>,
        data_dir: &Path,
        limit: Duration,
    ) -> Result<Self, KeychainError> {
        let (calls, waiting) = sync_channel(CALLS_WAITING_MAX);
        std::thread::Builder::new()
            .name("keychain".to_owned())
            .spawn(move || answer_calls(keychain().as_ref(), &waiting))
            .map_err(|e| KeychainError::Failed(e.to_string()))?;
        Ok(Self { calls, scope: scope_of(data_dir), limit })
    }

    /// The bytes of the entry `name`, or nothing when there is none.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Sealed>, KeychainError> {
        let user = self.user(name);
        self.bounded(move |k| k.get(&user))
    }

    /// Makes or replaces the entry `name`. After [`KeychainError::Unanswered`] it may still happen later.
    pub(crate) fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let (user, secret) = (self.user(name), Zeroizing::new(secret.to_vec()));
        self.bounded(move |k| k.set(&user, &secret))
    }

    /// Removes the entry `name` if there is one.
    pub(crate) fn delete(&self, name: &str) -> Result<(), KeychainError> {
        let user = self.user(name);
        self.bounded(move |k| k.delete(&user))
    }

    fn user(&self, name: &str) -> String {
        format!("{}/{name}", self.scope)
    }

    fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Keychain) -> Result<T, KeychainError> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let unanswered = KeychainError::Unanswered { limit_ms: self.limit.as_millis() };
        let (reply, answer) = sync_channel(1);
        let abandoned = Arc::new(AtomicBool::new(false));
        // A caller that has gone away is no reason to stop, so a failed send is as good as a sent answer.
        let work: Work = Box::new(move |k| drop(reply.send(work(k))));
        let call = Call { work, abandoned: Arc::clone(&abandoned) };
        if self.calls.try_send(call).is_err() {
            return Err(unanswered);
        }
        match answer.recv_timeout(self.limit) {
            Ok(result) => result,
            Err(_) => {
                abandoned.store(true, Ordering::Release);
                Err(unanswered)
            }
        }
    }
}

fn answer_calls(keychain: &dyn Keychain, waiting: &Receiver<Call>) {
    for call in waiting {
        if !call.abandoned.load(Ordering::Acquire) {
            (call.work)(keychain);
        }
    }
}

/// Entries of two data directories must not meet, so each has the digest of its path before its names.
fn scope_of(data_dir: &Path) -> String {
    let path = data_dir.canonicalize().unwrap_or_else(|_| data_dir.to_owned());
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    data_encoding::HEXLOWER.encode(&digest[..8])
}
