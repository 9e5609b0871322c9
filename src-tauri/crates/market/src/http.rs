//! Requests to venues: time limits, a limit on the size of answers, and what the status of an answer means.

use crate::connect::tls;
use crate::error::{MarketError, shown};
use crate::venue::Venue;
use bytes::{Bytes, BytesMut};
use reqwest::{Client, Response, StatusCode};
use std::time::Duration;

/// How long a connection may take to be made.
pub(crate) const CONNECT_MAX: Duration = Duration::from_secs(5);
/// How long an answer may take as a whole.
const ANSWER_MAX: Duration = Duration::from_secs(8);
/// The longest answer that is read, in bytes; a thousand candles are about 200 KB, the rules of one symbol 10 KB.
const BODY_MAX: usize = 4 * 1024 * 1024;
/// How long a venue that names no time is left alone after HTTP 429.
pub(crate) const PAUSE: Duration = Duration::from_secs(10);
/// The same after HTTP 418.
const BAN: Duration = Duration::from_secs(120);
/// The longest time that a venue's own word is believed.
const WAIT_MAX: Duration = Duration::from_secs(3_600);

/// A client for all venues; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Http(Client);

impl Http {
    pub(crate) fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls())
            .connect_timeout(CONNECT_MAX)
            .timeout(ANSWER_MAX)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("pitwire/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self(client))
    }

    /// The body of a good answer.
    pub(crate) async fn get(&self, venue: Venue, url: &str) -> Result<Bytes, MarketError> {
        let sent = self.0.get(url).send().await;
        let mut response = sent.map_err(|error| unreachable(venue, &error))?;
        let status = response.status();
        let wait = retry_after(&response);
        if let Some(error) = refusal_without_body(venue, status, wait) {
            return Err(error);
        }
        let body = body(venue, &mut response).await?;
        if status.is_success() {
            return Ok(body);
        }
        let said = shown(&String::from_utf8_lossy(&body));
        Err(if status.is_server_error() {
            MarketError::Unreachable { venue, cause: format!("HTTP {status}") }
        } else {
            MarketError::Refused { venue, said: format!("HTTP {}: {said}", status.as_u16()) }
        })
    }
}

async fn body(venue: Venue, response: &mut Response) -> Result<Bytes, MarketError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(venue, &error))? {
        if body.len() + chunk.len() > BODY_MAX {
            let finding = format!("the answer is longer than {} MB", BODY_MAX / (1024 * 1024));
            return Err(MarketError::Garbage { venue, finding });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What a status alone says.
pub(crate) fn refusal_without_body(
    venue: Venue,
    status: StatusCode,
    wait: Option<Duration>,
) -> Option<MarketError> {
    let wait_or = |default: Duration| wait.unwrap_or(default).min(WAIT_MAX);
    match status.as_u16() {
        418 => Some(MarketError::TooManyRequests { venue, wait: wait_or(BAN), banned: true }),
        429 => Some(MarketError::TooManyRequests { venue, wait: wait_or(PAUSE), banned: false }),
        451 => Some(MarketError::Location { venue }),
        _ => None,
    }
}

/// `Retry-After` in seconds; its other form, a date, counts as none.
fn retry_after(response: &Response) -> Option<Duration> {
    let text = response.headers().get(reqwest::header::RETRY_AFTER)?.to_str().ok()?;
    seconds(text)
}

pub(crate) fn seconds(text: &str) -> Option<Duration> {
    text.trim().parse().ok().map(Duration::from_secs)
}

/// The innermost cause says what happened; the outer ones repeat the address.
fn unreachable(venue: Venue, error: &reqwest::Error) -> MarketError {
    let cause = if error.is_timeout() {
        format!("no answer within {} s", ANSWER_MAX.as_secs())
    } else {
        let mut cause: &dyn std::error::Error = error;
        while let Some(inner) = cause.source() {
            cause = inner;
        }
        shown(&cause.to_string())
    };
    MarketError::Unreachable { venue, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_says_who_has_to_wait_and_for_how_long() {
        let venue = Venue::Binance;
        let check = |status: u16, after: Option<&str>, expected: Option<(u64, bool)>| {
            let wait = after.and_then(seconds);
            let found = refusal_without_body(venue, StatusCode::from_u16(status).unwrap(), wait);
            let found = found.map(|error| {
                let MarketError::TooManyRequests { wait, banned, .. } = error else { panic!("{error:?}") };
                (wait.as_secs(), banned)
            });
            assert_eq!(found, expected, "{status} {after:?}");
        };
        check(429, Some("7"), Some((7, false)));
        check(429, None, Some((10, false)));
        check(429, Some("Wed, 21 Oct 2026 07:28:00 GMT"), Some((10, false)));
        check(429, Some("999999"), Some((3_600, false)));
        check(418, Some("120"), Some((120, true)));
        check(418, Some("-1"), Some((120, true)));
        check(200, None, None);
        check(400, Some("5"), None);
        check(503, None, None);
        let location = refusal_without_body(venue, StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS, None);
        assert_eq!(location, Some(MarketError::Location { venue }));
    }
}
