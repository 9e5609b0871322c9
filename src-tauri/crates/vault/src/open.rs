//! Opening the vault: which home the app key has, and never another one by accident.

use crate::keychain::{BoundedKeychain, KeychainError};
use crate::{AppKey, KeyMark, Random, Secret, Token, key_file};
use domain::WebhookId;
use std::path::{Path, PathBuf};
use thiserror::Error;
use zeroize::Zeroizing;

/// Where the app key lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// The keychain of the operating system.
    Keychain,
    /// `app.key` in the data directory, readable by its owner only.
    File,
}

impl Home {
    /// The word used in settings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Keychain, Self::File].into_iter().find(|h| h.as_str() == text)
    }
}

/// Where the user wants the app key (`secrets.backend`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Preference {
    /// The keychain; without it, nothing starts.
    Keychain,
    /// The file, even where there is a keychain.
    File,
    /// The keychain where there is one that works, else the file.
    #[default]
    Auto,
}

/// Why the vault could not be opened, or a secret not be kept.
#[derive(Debug, Error)]
pub enum VaultError {
    /// The keychain did not do what was asked.
    #[error("the keychain cannot be used: {0}")]
    Keychain(#[from] KeychainError),
    /// The key was in one home before and is wanted in another now.
    #[error("the app key is in the {} but secrets.backend says {}: set it back", found.as_str(), wanted.as_str())]
    OtherHome {
        /// Where the key is.
        found: Home,
        /// Where it was looked for.
        wanted: Home,
    },
    /// The home is there, the key that was in it is not.
    #[error("the app key is gone from the {}: restore it, or regenerate every token after starting anew", home.as_str())]
    KeyGone {
        /// Where the key was.
        home: Home,
    },
    /// There is a key, but not the one that the database was written with.
    #[error("the app key in the {} is not the one that this data directory was written with", home.as_str())]
    OtherKey {
        /// Where the other key is.
        home: Home,
    },
    /// The keychain's entry or the file does not hold 32 bytes.
    #[error("the app key in the {} is damaged", home.as_str())]
    Damaged {
        /// Where the damaged key is.
        home: Home,
    },
    /// Others may read the file.
    #[error(
        "{path} can be read by others (mode {mode:04o}): chmod 600 it; if others may have read it, rotate every token"
    )]
    FileOpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Reading or writing the file failed.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Sealed secrets exist in a keychain only.
    #[error("there is no keychain to keep this secret in")]
    NoKeychain,
}

/// The app key of a data directory, and the secrets sealed beside it.
#[derive(Debug)]
pub struct Vault {
    key: AppKey,
    seat: Seat,
}

#[derive(Debug)]
enum Seat {
    Keychain(BoundedKeychain),
    File,
}

impl Vault {
    /// Finds the app key of `data_dir`, or makes it on the first start. `expected` is the mark of an earlier start:
    /// with it, no new key is ever made and no other home is ever used. Every wait for the keychain is bounded.
    ///
    /// # Errors
    /// [`VaultError`]; nothing has been changed then.
    pub fn open(
        data_dir: &Path,
        preference: Preference,
        expected: Option<&KeyMark>,
        random: Random<'_>,
    ) -> Result<Self, VaultError> {
        let keychain = || BoundedKeychain::of_system(data_dir);
        Opening { data_dir, preference, keychain: &keychain }.open(expected, random)
    }

    /// The app key.
    #[must_use]
    pub fn key(&self) -> &AppKey {
        &self.key
    }

    /// Where the app key lives.
    #[must_use]
    pub fn home(&self) -> Home {
        match self.seat {
            Seat::Keychain(_) => Home::Keychain,
            Seat::File => Home::File,
        }
    }

    /// The mark to pass to the next [`Vault::open`].
    #[must_use]
    pub fn mark(&self) -> KeyMark {
        KeyMark { home: self.home(), fingerprint: self.key.fingerprint() }
    }

    /// Seals a token so that its URL can be copied later. Blocks for a keychain's answer, within its limit.
    ///
    /// # Errors
    /// [`VaultError::NoKeychain`] where the app key is in a file; [`VaultError::Keychain`] when it fails.
    pub fn seal_token(&self, token: &Token) -> Result<(), VaultError> {
        self.put(&token_name(&token.webhook_id()), token.expose())
    }

    /// The sealed token of a webhook; nothing when none is sealed, as always without a keychain.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] when the keychain fails.
    pub fn sealed_token(&self, webhook: &WebhookId) -> Result<Option<Token>, VaultError> {
        let secret = self.take(&token_name(webhook))?;
        // An entry that is no token of this webhook is as good as none: its URL cannot be copied, nothing more.
        let token = secret.and_then(|s| Token::parse(s.expose()).ok());
        Ok(token.filter(|t| t.webhook_id() == *webhook))
    }

    /// Forgets the sealed token of a deleted webhook; nothing to forget is fine.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] when the keychain fails.
    pub fn forget_token(&self, webhook: &WebhookId) -> Result<(), VaultError> {
        self.remove(&token_name(webhook))
    }

    /// Keeps a named secret, such as the tunnel's authtoken.
    ///
    /// # Errors
    /// As [`Vault::seal_token`].
    pub fn keep(&self, name: &str, secret: &Secret) -> Result<(), VaultError> {
        self.put(&secret_name(name), secret.expose())
    }

    /// A named secret; nothing when it was never kept.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] when the keychain fails.
    pub fn named(&self, name: &str) -> Result<Option<Secret>, VaultError> {
        self.take(&secret_name(name))
    }

    /// Forgets a named secret; nothing to forget is fine.
    ///
    /// # Errors
    /// [`VaultError::Keychain`] when the keychain fails.
    pub fn forget(&self, name: &str) -> Result<(), VaultError> {
        self.remove(&secret_name(name))
    }

    fn put(&self, entry: &str, text: &str) -> Result<(), VaultError> {
        match &self.seat {
            Seat::Keychain(keychain) => Ok(keychain.set(entry, text.as_bytes())?),
            Seat::File => Err(VaultError::NoKeychain),
        }
    }

    fn take(&self, entry: &str) -> Result<Option<Secret>, VaultError> {
        let Seat::Keychain(keychain) = &self.seat else { return Ok(None) };
        let Some(bytes) = keychain.get(entry)? else { return Ok(None) };
        let text = std::str::from_utf8(&bytes).map_err(|_| {
            VaultError::Keychain(KeychainError::Failed(format!("the entry {entry} is not text")))
        })?;
        Ok(Some(Secret::new(text.to_owned())))
    }

    fn remove(&self, entry: &str) -> Result<(), VaultError> {
        match &self.seat {
            Seat::Keychain(keychain) => Ok(keychain.delete(entry)?),
            Seat::File => Ok(()),
        }
    }
}

fn token_name(webhook: &WebhookId) -> String {
    format!("token/{webhook}")
}

fn secret_name(name: &str) -> String {
    format!("secret/{name}")
}

/// One attempt to open a vault.
struct Opening<'a> {
    data_dir: &'a Path,
    preference: Preference,
    keychain: &'a dyn Fn() -> Result<BoundedKeychain, KeychainError>,
}

impl Opening<'_> {
    fn open(&self, expected: Option<&KeyMark>, random: Random<'_>) -> Result<Vault, VaultError> {
        match expected {
            Some(mark) => self.again(mark),
            None => self.first(random),
        }
    }

    /// A later start: the key that was, where it was, or an error.
    fn again(&self, mark: &KeyMark) -> Result<Vault, VaultError> {
        let home = mark.home;
        let wanted = match self.preference {
            Preference::Keychain => Home::Keychain,
            Preference::File => Home::File,
            Preference::Auto => home,
        };
        if wanted != home {
            return Err(VaultError::OtherHome { found: home, wanted });
        }
        let (seat, bytes) = match home {
            Home::Keychain => {
                let keychain = (self.keychain)()?;
                let bytes = key_in(&keychain)?;
                (Seat::Keychain(keychain), bytes)
            }
            Home::File => (Seat::File, key_file::read(self.data_dir)?),
        };
        let key = AppKey::from_bytes(&*bytes.ok_or(VaultError::KeyGone { home })?);
        if key.fingerprint() != mark.fingerprint {
            return Err(VaultError::OtherKey { home });
        }
        Ok(Vault { key, seat })
    }

    /// The first start: a key that lies there already is taken, else one is made.
    fn first(&self, random: Random<'_>) -> Result<Vault, VaultError> {
        let in_file = key_file::read(self.data_dir)?;
        match (self.preference, in_file) {
            (Preference::Keychain, Some(_)) => {
                Err(VaultError::OtherHome { found: Home::File, wanted: Home::Keychain })
            }
            (Preference::File | Preference::Auto, Some(bytes)) => Ok(in_a_file(&bytes)),
            (Preference::Keychain, None) => self.first_in_keychain(random),
            (Preference::File, None) => self.first_in_file(random),
            (Preference::Auto, None) => match self.first_in_keychain(random) {
                Ok(vault) => Ok(vault),
                Err(error) => {
                    tracing::warn!(error.text = %error, "vault.keychain_unusable: the app key goes into app.key");
                    self.first_in_file(random)
                }
            },
        }
    }

    fn first_in_file(&self, random: Random<'_>) -> Result<Vault, VaultError> {
        let fresh = AppKey::fresh(random);
        Ok(in_a_file(&*key_file::create(self.data_dir, &fresh, random)?))
    }

    fn first_in_keychain(&self, random: Random<'_>) -> Result<Vault, VaultError> {
        let keychain = (self.keychain)()?;
        let bytes = if let Some(bytes) = key_in(&keychain)? {
            bytes
        } else {
            let fresh = AppKey::fresh(random);
            keychain.set(KEY_ENTRY, fresh.as_ref())?;
            // Read back, since a key that cannot be read again tomorrow must not sign anything today.
            let kept = key_in(&keychain)?.ok_or(VaultError::KeyGone { home: Home::Keychain })?;
            if kept != fresh {
                return Err(VaultError::OtherKey { home: Home::Keychain });
            }
            kept
        };
        Ok(Vault { key: AppKey::from_bytes(&bytes), seat: Seat::Keychain(keychain) })
    }
}

/// The keychain entry of the app key.
const KEY_ENTRY: &str = "app-key";

fn in_a_file(bytes: &[u8; 32]) -> Vault {
    Vault { key: AppKey::from_bytes(bytes), seat: Seat::File }
}

fn key_in(keychain: &BoundedKeychain) -> Result<Option<Zeroizing<[u8; 32]>>, VaultError> {
    let Some(bytes) = keychain.get(KEY_ENTRY)? else { return Ok(None) };
    let key =
        <[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| VaultError::Damaged { home: Home::Keychain })?;
    Ok(Some(Zeroizing::new(key)))
}

#[cfg(test)]
mod tests;
