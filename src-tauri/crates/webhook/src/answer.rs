//! Answers, as the contract words them.

use axum::response::Response;
use bytes::Bytes;
use domain::{DialectName, ReasonCode, SignalId, Timestamp, WebhookId};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use std::fmt::Write;

/// A refusal on its way to the sender and into the log.
#[derive(Debug, Clone)]
pub(crate) struct No {
    pub(crate) status: StatusCode,
    pub(crate) code: ReasonCode,
    /// Nothing for the code's own sentence.
    pub(crate) sentence: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    pub(crate) field: Option<String>,
    pub(crate) dialect: Option<DialectName>,
    pub(crate) retry_after_s: Option<u64>,
}

impl No {
    pub(crate) fn new(status: StatusCode, code: ReasonCode) -> Self {
        Self {
            status,
            code,
            sentence: None,
            line: None,
            column: None,
            field: None,
            dialect: None,
            retry_after_s: None,
        }
    }

    pub(crate) fn too_many(retry_after_s: u64) -> Self {
        Self {
            retry_after_s: Some(retry_after_s),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, ReasonCode::RateLimited)
        }
    }

    pub(crate) fn unreadable(error: dialect::ReadError) -> Self {
        let dialect::ReadError { code, sentence, line, column, field, dialect } = error;
        let sentence = Some(sentence);
        Self { sentence, line, column, field, dialect, ..Self::new(StatusCode::BAD_REQUEST, code) }
    }

    pub(crate) fn sentence(&self) -> &str {
        self.sentence.as_deref().unwrap_or_else(|| self.code.sentence())
    }

    /// The answer; `signal` is the row of the log, where there is one.
    pub(crate) fn answer(&self, signal: Option<&SignalId>) -> Response {
        // What broke is no business of the sender's, so a 5xx names the code and nothing of this request.
        let said = if self.status.is_server_error() { self.code.sentence() } else { self.sentence() };
        let body = ErrorBody {
            error: said,
            status_code: self.status.as_u16(),
            code: self.code.as_str(),
            signal_id: signal.map(SignalId::as_str),
            line: self.line,
            column: self.column,
            field: self.field.as_deref(),
        };
        let text = serde_json::to_vec(&body).expect("BUG: texts and numbers always become JSON");
        let mut response = json(self.status, text.into());
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::METHOD_NOT_ALLOWED {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }

    /// The answer to a browser: one plain sentence.
    pub(crate) fn answer_in_words(&self) -> Response {
        let text = format!("{} {}\n", self.sentence(), self.code.fix());
        let mut response = self.answer(None);
        let plain = HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        *response.body_mut() = text.into();
        response
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: &'a str,
    #[serde(rename = "statusCode")]
    status_code: u16,
    code: &'a str,
    #[serde(rename = "signalId", skip_serializing_if = "Option::is_none")]
    signal_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

/// 202: on disk.
pub(crate) fn accepted(webhook: &WebhookId, ids: &[SignalId], at: Timestamp) -> Response {
    let message = "The signal is stored and will be processed.";
    json(StatusCode::ACCEPTED, received("accepted", message, webhook, ids, at).into())
}

/// 200: received before; `first` is the signal that it repeats.
pub(crate) fn duplicate(webhook: &WebhookId, first: &SignalId, at: Timestamp) -> Response {
    let message = "The same signal was received before; nothing is executed.";
    let ids = std::slice::from_ref(first);
    json(StatusCode::OK, received("duplicate", message, webhook, ids, at).into())
}

/// What a probe has found, for who sent it: whether its signature is right, and whether a signal would be stored.
pub(crate) fn probed(is_known: bool, is_ready: bool) -> Response {
    let word = |good: bool| if good { "ok" } else { "failed" };
    let status = if is_known { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
    let text = format!(
        r#"{{"status":"ok","token":"{}","queue":"{}"}}"#,
        word(is_known),
        if is_known { word(is_ready) } else { "not_reached" }
    );
    json(status, Bytes::from(text))
}

/// 200: the listener is there.
pub(crate) fn healthy() -> Response {
    json(StatusCode::OK, Bytes::from_static(br#"{"status":"ok"}"#))
}

/// Ids, times and the constant texts need no escaping, so the body is written as it is.
fn received(status: &str, message: &str, webhook: &WebhookId, ids: &[SignalId], at: Timestamp) -> String {
    let first = ids.first().map_or("", SignalId::as_str);
    let mut text = String::with_capacity(320);
    let head = write!(text, r#"{{"status":"{status}","success":true,"signalId":"{first}""#);
    if ids.len() > 1 {
        let list: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
        text.push_str(",\"signalIds\":[");
        text.push_str(&list.join(","));
        text.push(']');
    }
    let tail = write!(text, r#","webhook_id":"{webhook}","message":"{message}","timestamp":"{at}"}}"#);
    head.and(tail).expect("BUG: writing into a String does not fail");
    text
}

fn json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let content_type = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_are_the_documented_json() {
        let webhook = WebhookId::parse("wh_abcdefghij23").unwrap();
        let ids = [SignalId::parse("sig_1").unwrap(), SignalId::parse("sig_2").unwrap()];
        let at = Timestamp::parse("2026-03-20T12:34:56.789123Z").unwrap();
        assert_eq!(
            received("accepted", "m", &webhook, &ids[..1], at),
            r#"{"status":"accepted","success":true,"signalId":"sig_1","webhook_id":"wh_abcdefghij23","message":"m","timestamp":"2026-03-20T12:34:56.789123Z"}"#
        );
        let several = received("accepted", "m", &webhook, &ids, at);
        assert!(
            several.contains(r#""signalId":"sig_1","signalIds":["sig_1","sig_2"],"webhook_id""#),
            "{several}"
        );
    }
}
