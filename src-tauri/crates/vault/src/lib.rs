//! Secrets: the app key and where it lives, webhook tokens and their digests, signatures of signed requests.
//!
//! Deliberately absent: tokio, clocks, randomness (the caller passes both in) and the database. No value here
//! has a `Debug` or `Display` that shows a secret. Called by `webhook` (digests, signatures) and `desk` (the
//! vault itself).

mod app_key;
mod key_file;
mod keychain;
mod open;
mod secret;
mod signature;
mod token;

pub use app_key::{AppKey, KeyMark, TokenDigest};
pub use keychain::KeychainError;
pub use open::{Home, Preference, Vault, VaultError};
pub use secret::Secret;
pub use signature::{SIGNATURE_TOLERANCE_S, SignatureError, SigningKey};
pub use token::{Token, TokenError};

/// A source of random bytes: fills the whole slice.
pub type Random<'a> = &'a mut dyn FnMut(&mut [u8]);
