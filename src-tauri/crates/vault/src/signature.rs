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

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"action":"buy"}"#;
    const AT: i64 = 1_778_221_200;

    /// The key 00 01 … 1f, webhook `wh_abcdefghij23`, generation 1.
    fn key() -> SigningKey {
        let app_key = AppKey::from_bytes(&std::array::from_fn(|n| u8::try_from(n).unwrap()));
        SigningKey::derive(&app_key, &WebhookId::parse("wh_abcdefghij23").unwrap(), 1)
    }

    /// The example of the Standard Webhooks specification and its reference libraries
    /// (github.com/standard-webhooks/standard-webhooks, libraries/python/tests/test_webhooks.py).
    #[test]
    fn the_published_vector() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let body = br#"{"test": 2432232314}"#;
        let given = standard_mac(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body);
        assert_eq!(STANDARD.encode(given), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// Expected values from Python's hmac and hashlib: `hmac.new(bytes(range(32)), b"wh_abcdefghij23.1", sha256)` is the
    /// signing key, and with it `b"msg_1.1778221200." + body` and `b"1778221200." + body` are signed.
    #[test]
    fn signatures_are_what_an_independent_program_computes() {
        assert_eq!(key().secret().expose(), "whsec_uXpKwAQ1+qP0blYA89utC0k9C7qE6+vVjWBYykzIJl8=");
        let standard = "v1,i3z0NOUNu71Oexwr+14vRPLoq0soh28bXbuL8iTy9Mc=";
        assert_eq!(key().sign_standard("msg_1", AT, BODY), standard);
        let by_bytes = "sha256=9bd2eb9a669fcd7b94c2732af762551a454508b4fa29beb9c039d2355aa79d51";
        assert_eq!(key().sign_hex(AT, BODY), by_bytes);
        // The same with the text `whsec_…` as the key.
        let by_text = "sha256=86b24bf65de724ea616867f0607f3d796c1478353b5631eefd356263ec277441";
        let now = Timestamp::from_seconds(AT);
        assert_eq!(key().verify_hex("1778221200", by_text, BODY, now), Ok(()));
    }

    fn check_standard(
        id: &str,
        time: &str,
        signatures: &str,
        now_s: i64,
        expected: Result<(), SignatureError>,
    ) {
        let judged = key().verify_standard(id, time, signatures, BODY, Timestamp::from_seconds(now_s));
        assert_eq!(judged, expected, "{id} {time} {signatures} at {now_s}");
    }

    #[test]
    fn standard_signatures_are_judged_by_id_time_body_and_list() {
        let good = key().sign_standard("m", AT, BODY);
        let time = AT.to_string();
        let mismatch = Err(SignatureError::Mismatch);
        check_standard("m", &time, &good, AT, Ok(()));
        check_standard("m", &time, &format!("v1,AAAA v1a,zzzz {good}"), AT, Ok(()));
        check_standard("n", &time, &good, AT, mismatch);
        check_standard("m", &(AT + 1).to_string(), &good, AT, mismatch);
        check_standard("m", &time, &good.replace("v1,", "v2,"), AT, mismatch);
        check_standard("m", &time, &good.replace("v1,", ""), AT, mismatch);
        check_standard("m", &time, &key().sign_standard("m", AT, b"other"), AT, mismatch);
        check_standard("m", &time, "v1,!", AT, mismatch);
        check_standard("m", &time, "", AT, mismatch);
        check_standard("m", &time, &good, AT + 300, Ok(()));
        check_standard("m", &time, &good, AT - 300, Ok(()));
        check_standard("m", &time, &good, AT + 301, Err(SignatureError::Timestamp));
        check_standard("m", &time, &good, AT - 301, Err(SignatureError::Timestamp));
    }

    #[test]
    fn a_signed_time_that_is_no_number_is_refused() {
        for time in ["", "soon", "1e9", "99999999999999999999"] {
            let signature = STANDARD.encode(standard_mac(key().0.as_ref(), "m", time, BODY));
            check_standard("m", time, &format!("v1,{signature}"), AT, Err(SignatureError::Timestamp));
        }
    }

    #[test]
    fn hexadecimal_signatures_are_judged_by_time_and_body() {
        let check = |time: i64, signature: &str, body: &[u8], now: i64| {
            key().verify_hex(&time.to_string(), signature, body, Timestamp::from_seconds(now))
        };
        let good = key().sign_hex(AT, BODY);
        assert_eq!(check(AT, &good, BODY, AT), Ok(()));
        assert_eq!(check(AT, &good.to_uppercase().replace("SHA256", "sha256"), BODY, AT), Ok(()));
        assert_eq!(check(AT + 1, &good, BODY, AT), Err(SignatureError::Mismatch));
        assert_eq!(check(AT, &good, b"", AT), Err(SignatureError::Mismatch));
        assert_eq!(check(AT, good.trim_start_matches("sha256="), BODY, AT), Err(SignatureError::Mismatch));
        assert_eq!(check(AT, "sha256=", BODY, AT), Err(SignatureError::Mismatch));
        assert_eq!(check(AT, &good, BODY, AT + 301), Err(SignatureError::Timestamp));
    }

    #[test]
    fn a_new_generation_makes_another_key() {
        let app_key = AppKey::from_bytes(&[7; 32]);
        let of = |id: &str, generation| {
            let key = SigningKey::derive(&app_key, &WebhookId::parse(id).unwrap(), generation);
            key.secret().expose().to_owned()
        };
        assert_ne!(of("wh_abcdefghij23", 1), of("wh_abcdefghij23", 2));
        assert_ne!(of("wh_abcdefghij23", 1), of("wh_abcdefghij24", 1));
    }
}
