//! Signed requests: Standard Webhooks, and `X-Signature` for scripts that want one header.

use crate::{AppKey, Secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use domain::{Timestamp, WebhookId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

/// How far a signed time may be from now, in seconds, in either direction.
pub const SIGNATURE_TOLERANCE_S: i64 = 300;

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// None of the signatures given is of this body, id and time.
    #[error("the signature does not match the body")]
    Mismatch,
    /// The signed time is no Unix time, or too far away from now.
    #[error("the signed time is more than five minutes away")]
    Timestamp,
}

/// The signing key of one generation of a webhook: derived from the app key, never stored. A new generation makes
/// all signatures of the old one worthless.
#[derive(Clone)]
pub struct SigningKey(Zeroizing<[u8; 32]>);

impl SigningKey {
    /// HMAC-SHA256(app key, webhook id, generation).
    #[must_use]
    pub fn derive(key: &AppKey, webhook: &WebhookId, generation: u32) -> Self {
        Self(key.signing_bytes(webhook, generation))
    }

    /// The secret as the user is shown it: `whsec_` and the key in base64.
    #[must_use]
    pub fn secret(&self) -> Secret {
        let text = Zeroizing::new(STANDARD.encode(self.0.as_ref()));
        Secret::new(format!("whsec_{}", text.as_str()))
    }

    /// The value of `webhook-signature` for a message: `v1,` and base64.
    #[must_use]
    pub fn sign_standard(&self, id: &str, sent_at_s: i64, body: &[u8]) -> String {
        let time = sent_at_s.to_string();
        format!("v1,{}", STANDARD.encode(standard_mac(self.0.as_ref(), id, &time, body)))
    }

    /// The value of `X-Signature` for a message: `sha256=` and hexadecimal.
    #[must_use]
    pub fn sign_hex(&self, sent_at_s: i64, body: &[u8]) -> String {
        let time = sent_at_s.to_string();
        format!("sha256={}", HEXLOWER.encode(&mac(self.0.as_ref(), &[time.as_bytes(), b".", body])))
    }

    /// Checks the three Standard Webhooks headers. `signatures` is a list separated by blanks, as after a change
    /// of keys; versions other than `v1` are passed over.
    ///
    /// # Errors
    /// [`SignatureError`]; the signature is judged before the time, so a stranger learns nothing about clocks.
    pub fn verify_standard(
        &self,
        id: &str,
        timestamp: &str,
        signatures: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        let expected = standard_mac(self.0.as_ref(), id, timestamp, body);
        let mut found = false;
        for given in signatures.split_ascii_whitespace() {
            let Some(given) = given.strip_prefix("v1,") else { continue };
            let Ok(given) = STANDARD.decode(given) else { continue };
            found |= bool::from(given.ct_eq(&expected));
        }
        judged(found, timestamp, now)
    }

    /// Checks `X-Signature` (`sha256=<hex>`) over `{X-Timestamp}.{body}`. The key is either the bytes behind
    /// `whsec_` or, for scripts that sign with the secret's text as it is, that text.
    ///
    /// # Errors
    /// [`SignatureError`] as for [`SigningKey::verify_standard`].
    pub fn verify_hex(
        &self,
        timestamp: &str,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<(), SignatureError> {
        let given = signature.strip_prefix("sha256=").unwrap_or_default();
        let given = HEXLOWER_PERMISSIVE.decode(given.as_bytes()).unwrap_or_default();
        let parts: [&[u8]; 3] = [timestamp.as_bytes(), b".", body];
        let by_bytes = given.ct_eq(&mac(self.0.as_ref(), &parts));
        let by_text = given.ct_eq(&mac(self.secret().expose().as_bytes(), &parts));
        judged((by_bytes | by_text).into(), timestamp, now)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

fn judged(found: bool, timestamp: &str, now: Timestamp) -> Result<(), SignatureError> {
    if !found {
        return Err(SignatureError::Mismatch);
    }
    let sent_at: i64 = timestamp.parse().map_err(|_| SignatureError::Timestamp)?;
    let apart = now.as_seconds().saturating_sub(sent_at).unsigned_abs();
    if apart <= SIGNATURE_TOLERANCE_S.unsigned_abs() { Ok(()) } else { Err(SignatureError::Timestamp) }
}

fn standard_mac(key: &[u8], id: &str, timestamp: &str, body: &[u8]) -> [u8; 32] {
    mac(key, &[id.as_bytes(), b".", timestamp.as_bytes(), b".", body])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("BUG: HMAC takes keys of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}
