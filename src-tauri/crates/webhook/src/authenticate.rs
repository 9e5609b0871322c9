//! Who may send: the secret in the path, the query, a signature or the body, in this order.

use crate::answer::No;
use crate::{Entry, Signed, Snapshot};
use domain::{ReasonCode, Timestamp, WebhookId};
use http::{HeaderMap, StatusCode};
use std::borrow::Cow;
use std::sync::Arc;
use vault::{AppKey, SignatureError, SigningKey, Token, TokenDigest};

/// The longest signed id, in bytes.
const SIGNED_ID_MAX: usize = 256;

/// What the route and the query say about the sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Claim {
    /// The webhook named in the path.
    pub(crate) webhook: Option<Box<str>>,
    /// The token in the path, or the secret in the query.
    pub(crate) token: Option<Box<str>>,
}

/// All that a sender can be known by.
pub(crate) struct Evidence<'a> {
    pub(crate) claim: &'a Claim,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
    pub(crate) now: Timestamp,
}

/// A sender who has shown the secret of a webhook.
#[derive(Debug)]
pub(crate) struct Sender<'a> {
    pub(crate) webhook: WebhookId,
    pub(crate) entry: Arc<Entry>,
    /// The token, where the sender has shown it as it is.
    pub(crate) token: Option<Cow<'a, str>>,
    pub(crate) signed: Option<Signed>,
    /// Whether the token stands in the message, but not where it is looked for.
    pub(crate) misplaced: bool,
}

/// A sender who has not: what to say, and the webhook that it was about, where there is one.
#[derive(Debug)]
pub(crate) struct Stranger {
    pub(crate) no: No,
    pub(crate) webhook: Option<WebhookId>,
}

/// Judges the evidence.
pub(crate) fn authenticate<'a>(
    key: &AppKey,
    snapshot: &Snapshot,
    evidence: &Evidence<'a>,
) -> Result<Sender<'a>, Stranger> {
    let named = evidence.claim.webhook.as_deref();
    let shown = evidence.claim.token.as_deref();
    let unknown =
        || Stranger { no: No::new(StatusCode::NOT_FOUND, ReasonCode::UnknownWebhook), webhook: None };
    // Digested before anything is looked up, so that an unknown token costs what a known one costs.
    let digest = shown.map(|t| key.digest(t));
    let webhook = match (named, shown) {
        (Some(id), _) => WebhookId::parse(id).ok(),
        (None, Some(token)) => Token::webhook_id_in(token),
        (None, None) => None,
    };
    let found = webhook.as_ref().and_then(|w| snapshot.entries.get(w));
    let expected = found.map_or(TokenDigest::from_bytes([0; 32]), |entry| entry.token);
    let matches = digest.as_ref().is_some_and(|d| d.matches(&expected));
    let (Some(webhook), Some(entry)) = (webhook, found) else { return Err(unknown()) };
    if named.is_none() && !matches {
        return Err(unknown());
    }
    let proof = match shown {
        Some(token) if matches => {
            not_expired(entry, evidence.now).map(|()| Proof::token(Cow::Borrowed(token)))
        }
        Some(_) => Err(refused(ReasonCode::InvalidToken)),
        None => by_signature_or_body(key, &webhook, entry, evidence),
    };
    match proof {
        Ok(Proof { token, signed, misplaced }) => {
            Ok(Sender { webhook, entry: Arc::clone(entry), token, signed, misplaced })
        }
        Err(no) => Err(Stranger { no, webhook: Some(webhook) }),
    }
}

struct Proof<'a> {
    token: Option<Cow<'a, str>>,
    signed: Option<Signed>,
    misplaced: bool,
}

impl<'a> Proof<'a> {
    fn token(token: Cow<'a, str>) -> Self {
        Self { token: Some(token), signed: None, misplaced: false }
    }
}

/// What is said to a sender whose token stands in the message, but not where it is looked for.
pub(crate) fn token_misplaced() -> No {
    let [first, others @ ..] = dialect::TOKEN_FIELDS;
    let sentence = format!(
        "The webhook's token stands in the message, but in the wrong place: put it into the top-level field {first} (or {}).",
        others.join(", ")
    );
    No {
        sentence: Some(sentence),
        field: Some(first.to_owned()),
        ..No::new(StatusCode::BAD_REQUEST, ReasonCode::MissingField)
    }
}

fn refused(code: ReasonCode) -> No {
    No::new(StatusCode::UNAUTHORIZED, code)
}

fn not_expired(entry: &Entry, now: Timestamp) -> Result<(), No> {
    if entry.token_expires.is_some_and(|end| end <= now) {
        Err(refused(ReasonCode::TokenExpired))
    } else {
        Ok(())
    }
}

fn by_signature_or_body<'a>(
    key: &AppKey,
    webhook: &WebhookId,
    entry: &Entry,
    evidence: &Evidence<'a>,
) -> Result<Proof<'a>, No> {
    let standard = evidence.headers.contains_key("webhook-signature");
    if standard || evidence.headers.contains_key("x-signature") {
        let signing = SigningKey::derive(key, webhook, entry.signing_generation);
        let signed = if standard { by_standard(&signing, evidence) } else { by_hex(&signing, evidence) };
        return signed.map(|signed| Proof { token: None, signed: Some(signed), misplaced: false });
    }
    // A valid token anywhere in the body tells its sender from a stranger: the one is told what is wrong with the
    // message, the other is not.
    let valid = |found: Vec<String>| found.into_iter().find(|c| key.digest(c).matches(&entry.token));
    let (token, misplaced) = match valid(dialect::secrets_in(evidence.body)) {
        Some(token) => (token, false),
        None => (valid(dialect::tokens_in(evidence.body)).ok_or_else(no_token_in_body)?, true),
    };
    not_expired(entry, evidence.now)?;
    Ok(Proof { misplaced, ..Proof::token(Cow::Owned(token)) })
}

/// Nothing is known of the sender: a webhook's URL may be meant whose path has the token, or a message with the token.
fn no_token_in_body() -> No {
    let sentence = format!(
        "{} It is looked for in the path, in the query, and in the top-level fields {} of the message.",
        ReasonCode::InvalidToken.sentence(),
        dialect::TOKEN_FIELDS.join(", ")
    );
    No { sentence: Some(sentence), ..refused(ReasonCode::InvalidToken) }
}

fn by_standard(signing: &SigningKey, evidence: &Evidence<'_>) -> Result<Signed, No> {
    let line = |name| text_of(evidence.headers, name);
    let (id, time) = (line("webhook-id")?, line("webhook-timestamp")?);
    if id.is_empty() || id.len() > SIGNED_ID_MAX {
        return Err(refused(ReasonCode::InvalidSignature));
    }
    let judged = signing.verify_standard(id, time, line("webhook-signature")?, evidence.body, evidence.now);
    judged.map_err(|e| not_signed(&e))?;
    signed_at(id.to_owned(), time)
}

fn by_hex(signing: &SigningKey, evidence: &Evidence<'_>) -> Result<Signed, No> {
    let line = |name| text_of(evidence.headers, name);
    let (time, signature) = (line("x-timestamp")?, line("x-signature")?);
    let judged = signing.verify_hex(time, signature, evidence.body, evidence.now);
    judged.map_err(|e| not_signed(&e))?;
    signed_at(signature.to_ascii_lowercase(), time)
}

fn text_of<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h str, No> {
    let text = headers.get(name).and_then(|v| v.to_str().ok());
    text.ok_or_else(|| refused(ReasonCode::InvalidSignature))
}

fn not_signed(error: &SignatureError) -> No {
    refused(match error {
        SignatureError::Mismatch => ReasonCode::InvalidSignature,
        SignatureError::Timestamp => ReasonCode::TimestampOutOfTolerance,
    })
}

fn signed_at(id: String, time: &str) -> Result<Signed, No> {
    let sent_at_s = time.parse().map_err(|_| refused(ReasonCode::TimestampOutOfTolerance))?;
    Ok(Signed { id, sent_at_s })
}
