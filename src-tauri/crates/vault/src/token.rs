//! Webhook tokens: `pw_` + the webhook's own 12 characters + `_` + 32 random ones.

use crate::{Random, Secret};
use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use domain::WebhookId;
use std::fmt;
use std::sync::LazyLock;
use thiserror::Error;
use zeroize::Zeroizing;

/// Characters of the webhook part.
const WEBHOOK_PART: usize = 12;
/// Characters of the random part: 160 bits in base32.
const RANDOM_PART: usize = 32;
/// All of a token: `pw_`, the webhook part, `_`, the random part.
const TOKEN_LENGTH: usize = 3 + WEBHOOK_PART + 1 + RANDOM_PART;

/// A text that is no token. It does not say why, and it does not hold the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a webhook token")]
pub struct TokenError;

/// A webhook's token: who has it may send signals.
#[derive(Clone)]
pub struct Token(Secret);

/// RFC 4648 base32 in lower case, unpadded.
static BASE32_LOWER: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().unwrap_or(BASE32_NOPAD)
});

impl Token {
    /// A fresh token for `webhook`, or nothing when the id does not have 12 base32 characters after `wh_`.
    pub fn generate(webhook: &WebhookId, random: Random<'_>) -> Option<Self> {
        let part = webhook_part(webhook)?;
        let mut bytes = Zeroizing::new([0_u8; 20]);
        random(bytes.as_mut());
        let tail = Zeroizing::new(BASE32_LOWER.encode(bytes.as_ref()));
        Some(Self(Secret::new(format!("pw_{part}_{}", tail.as_str()))))
    }

    /// Checks the shape of a token.
    ///
    /// # Errors
    /// [`TokenError`] when a character or the length is wrong.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        if is_token_shaped(text) { Ok(Self(Secret::new(text.to_owned()))) } else { Err(TokenError) }
    }

    /// The webhook that the token names.
    #[must_use]
    pub fn webhook_id(&self) -> WebhookId {
        Self::webhook_id_in(self.expose()).expect("BUG: a token is only made in its own shape")
    }

    /// The webhook that a token-shaped text names, without making a token of it.
    #[must_use]
    pub fn webhook_id_in(text: &str) -> Option<WebhookId> {
        if !is_token_shaped(text) {
            return None;
        }
        let part = text.get(3..3 + WEBHOOK_PART)?;
        WebhookId::parse(&format!("wh_{part}")).ok()
    }

    /// What may be shown of it: `pw_…a1b2`.
    #[must_use]
    pub fn preview(&self) -> String {
        format!("pw_…{}", self.expose().get(TOKEN_LENGTH - 4..).unwrap_or_default())
    }

    /// The token itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

fn is_base32(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, b'2'..=b'7')
}

fn is_token_shaped(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("pw_") else { return false };
    let Some((part, tail)) = rest.split_once('_') else { return false };
    part.len() == WEBHOOK_PART && tail.len() == RANDOM_PART && part.bytes().chain(tail.bytes()).all(is_base32)
}

fn webhook_part(webhook: &WebhookId) -> Option<&str> {
    let part = webhook.as_str().strip_prefix("wh_")?;
    (part.len() == WEBHOOK_PART && part.bytes().all(is_base32)).then_some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook() -> WebhookId {
        WebhookId::parse("wh_abcdefghij23").unwrap()
    }

    #[test]
    fn a_token_names_its_webhook_and_shows_only_its_end() {
        // 20 zero bytes are 32 letters a; 20 bytes 0xff are 32 digits 7.
        let zeros = Token::generate(&webhook(), &mut |b| b.fill(0)).unwrap();
        assert_eq!(zeros.expose(), format!("pw_abcdefghij23_{}", "a".repeat(32)));
        let ones = Token::generate(&webhook(), &mut |b| b.fill(0xff)).unwrap();
        assert_eq!(ones.expose(), format!("pw_abcdefghij23_{}", "7".repeat(32)));
        assert_eq!(ones.preview(), "pw_…7777");
        assert_eq!(ones.webhook_id(), webhook());
        assert_eq!(Token::parse(ones.expose()).unwrap().webhook_id(), webhook());
        assert_eq!(format!("{ones:?}"), "Token(…)");
    }

    #[test]
    fn base32_is_rfc_4648_in_lower_case() {
        // RFC 4648 section 10: BASE32("foobar") = MZXW6YTBOI; here six of twenty bytes, so compare the start.
        let token = Token::generate(&webhook(), &mut |b| b[..6].copy_from_slice(b"foobar")).unwrap();
        assert!(token.expose().contains("_mzxw6ytbo"), "{}", token.expose());
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let tail = "a".repeat(32);
        for wrong in [
            String::new(),
            "pw_".to_owned(),
            format!("pw_abcdefghij2_{tail}"),
            format!("pw_abcdefghij234_{tail}"),
            format!("pw_abcdefghij23-{tail}"),
            format!("pw_abcdefghij23_{tail}a"),
            format!("pw_abcdefghij18_{tail}"),
            format!("pw_ABCDEFGHIJ23_{tail}"),
            format!("PW_abcdefghij23_{tail}"),
            format!("pw_abcdefghij23_{}é", "a".repeat(30)),
        ] {
            assert_eq!(Token::parse(&wrong).map(|_| ()), Err(TokenError), "{wrong}");
            assert_eq!(Token::webhook_id_in(&wrong), None, "{wrong}");
        }
        assert!(Token::generate(&WebhookId::parse("wh_short").unwrap(), &mut |b| b.fill(0)).is_none());
    }
}
