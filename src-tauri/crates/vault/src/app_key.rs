//! The app key and what is derived from it.

use crate::Random;
use domain::WebhookId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The key of this installation, 256 bits, as a keyed HMAC-SHA256 state. Everything that must be recognised later
/// but not stored is derived from it.
#[derive(Clone)]
pub struct AppKey {
    state: Hmac<Sha256>,
}

impl AppKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        let state = Hmac::new_from_slice(bytes).expect("BUG: HMAC takes keys of any length");
        Self { state }
    }

    /// 32 fresh bytes for a new key.
    pub(crate) fn fresh(random: Random<'_>) -> Zeroizing<[u8; 32]> {
        let mut bytes = Zeroizing::new([0_u8; 32]);
        random(bytes.as_mut());
        bytes
    }

    /// HMAC-SHA256(app key, token): what the database holds instead of the token. Any text may be given; text
    /// that is no token costs the same.
    #[must_use]
    pub fn digest(&self, token: &str) -> TokenDigest {
        TokenDigest(self.derive(&[token.as_bytes()]))
    }

    /// A short public text by which a key is recognised without being known.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let [a, b, c, d, e, f, g, h, ..] = self.derive(&[b"pitwire app key"]);
        data_encoding::HEXLOWER.encode(&[a, b, c, d, e, f, g, h])
    }

    /// The bytes of the signing key of one generation. Webhook ids and tokens begin differently, so no input here
    /// is ever an input of [`AppKey::digest`].
    pub(crate) fn signing_bytes(&self, webhook: &WebhookId, generation: u32) -> Zeroizing<[u8; 32]> {
        let generation = generation.to_string();
        Zeroizing::new(self.derive(&[webhook.as_str().as_bytes(), b".", generation.as_bytes()]))
    }

    fn derive(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.state.clone();
        for part in parts {
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for AppKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppKey(…)")
    }
}

/// The digest of a token. Compared in constant time only, so it has no `==`.
#[derive(Clone, Copy)]
pub struct TokenDigest([u8; 32]);

impl TokenDigest {
    /// From the 32 bytes in the database.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes for the database.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are of the same token; takes the same time either way.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for TokenDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenDigest(…)")
    }
}

/// Which key a database was written with and where that key lives; `desk` keeps it in its settings, as text
/// (`keychain:0123456789abcdef`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyMark {
    /// Where the key was.
    pub home: crate::Home,
    /// [`AppKey::fingerprint`] of the key.
    pub fingerprint: String,
}

impl KeyMark {
    /// Reads the text form back; nothing when it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (home, fingerprint) = text.split_once(':')?;
        let home = crate::Home::parse(home)?;
        let hex = fingerprint.len() == 16 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| Self { home, fingerprint: fingerprint.to_owned() })
    }
}

impl fmt::Display for KeyMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.home.as_str(), self.fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Home;

    fn key() -> AppKey {
        AppKey::from_bytes(&std::array::from_fn(|n| u8::try_from(n).unwrap()))
    }

    /// Expected values from Python: `hmac.new(bytes(range(32)), token, sha256).hexdigest()`, and the first 8 bytes of the
    /// same over `pitwire app key`.
    #[test]
    fn digests_are_hmac_sha256() {
        let digest = key().digest(&format!("pw_abcdefghij23_{}", "a".repeat(32)));
        let hex = data_encoding::HEXLOWER.encode(digest.as_bytes());
        assert_eq!(hex, "db2f4acef6fca28516423c92c5e7dd70c70e37b19e56add96b6333306e0cc35d");
        assert_eq!(key().fingerprint(), "3a3ba4abc1a762fd");
    }

    #[test]
    fn a_digest_matches_itself_after_the_database_and_nothing_else() {
        let digest = key().digest("a");
        assert!(TokenDigest::from_bytes(*digest.as_bytes()).matches(&digest));
        assert!(!key().digest("b").matches(&digest));
        assert!(!AppKey::from_bytes(&[1; 32]).digest("a").matches(&digest));
        assert_eq!(format!("{digest:?} {:?}", key()), "TokenDigest(…) AppKey(…)");
    }

    #[test]
    fn a_mark_is_read_back() {
        let mark = KeyMark { home: Home::File, fingerprint: key().fingerprint() };
        assert_eq!(mark.to_string(), "file:3a3ba4abc1a762fd");
        assert_eq!(KeyMark::parse(&mark.to_string()), Some(mark));
        for wrong in ["", "file", "file:", "file:3a3b", "desk:3a3ba4abc1a762fd", "file:3a3ba4abc1a762fg"] {
            assert_eq!(KeyMark::parse(wrong), None, "{wrong}");
        }
    }
}
