//! A request from its head to its answer.

use crate::address::sender;
use crate::answer::{self, No};
use crate::body::{self, BodyError};
use crate::headers;
use crate::host::is_at_home;
use crate::judge::{Charge, Judged, Refused, Standing};
use crate::probe;
use crate::routes::Route;
use crate::{AcceptAnswer, Directory, Gate, Note, Received, Refusal, SignalSink, Timings, Via};
use axum::body::HttpBody;
use axum::response::Response;
use bytes::Bytes;
use domain::{ReasonCode, SignalId, Timestamp, WebhookId};
use http::request::Parts;
use http::{HeaderValue, Method, Request, StatusCode, header};
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// How often a request is judged anew because the configuration changes while it is judged.
const JUDGEMENTS_MAX: usize = 4;
/// How much of a body is kept of a request that is only noted, or that was too large, in bytes.
const HEAD_BYTES: usize = 8 * 1024;
/// What is left for the answer when the body has used up all of the time, in milliseconds.
const LATE_BODY_MS: u64 = 500;

/// The other end of a connection, and this end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    pub(crate) address: IpAddr,
    pub(crate) local: IpAddr,
    pub(crate) via: Via,
}

/// A request whose body is there.
pub(crate) struct Case {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
    pub(crate) body_bytes: usize,
    pub(crate) route: Route,
    pub(crate) remote: IpAddr,
    pub(crate) via: Via,
    pub(crate) received_at: Timestamp,
    pub(crate) body_at_us: u64,
}

impl<D: Directory, S: SignalSink> Gate<D, S> {
    /// Answers a request for a signal route, or for no route at all.
    pub(crate) async fn receive<B>(&self, peer: Peer, route: Option<Route>, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let began_us = self.clock.monotonic_us();
        let began = Instant::now();
        let received_at = self.clock.now();
        let (head, body) = request.into_parts();
        self.traffic.count(peer.via);
        let response = match self.refused_by_head(peer, &head) {
            Some(no) => {
                if !head.headers.contains_key(header::EXPECT) {
                    body::drop_rest(body, self.limits.body_bytes_dropped_max, self.limits.body).await;
                }
                let wants_words = no.status != StatusCode::PAYLOAD_TOO_LARGE && accepts_html(&head);
                self.note_head(peer, &head, route.unwrap_or_default(), received_at, &no);
                closing(if wants_words { no.answer_in_words() } else { no.answer(None) })
            }
            None => {
                let body = body::read(body, &self.limits).await;
                let until =
                    (began + self.limits.answer).max(Instant::now() + Duration::from_millis(LATE_BODY_MS));
                let remote = sender(peer.address, peer.via, &head.headers);
                let (body_at_us, via) = (self.clock.monotonic_us(), peer.via);
                let known_route = route.is_some();
                let route = route.unwrap_or_default();
                let case = |body, body_bytes| Case {
                    head,
                    body,
                    body_bytes,
                    route,
                    remote,
                    via,
                    received_at,
                    body_at_us,
                };
                match body {
                    Ok(body) if known_route => {
                        let body_bytes = body.len();
                        self.judged(case(body, body_bytes), until).await
                    }
                    Ok(_) => No::new(StatusCode::NOT_FOUND, ReasonCode::UnknownWebhook).answer(None),
                    Err(error) => closing(self.without_body(error, case, until).await),
                }
            }
        };
        self.reply_times.record(self.clock.monotonic_us().saturating_sub(began_us));
        response
    }

    /// Answers `/healthz`.
    pub(crate) async fn health<B>(&self, peer: Peer, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Unpin,
    {
        let (head, body) = request.into_parts();
        self.traffic.count(peer.via);
        if is_at_home(&head, peer.local, &self.directory.snapshot().hosts) {
            body::drop_rest(body, self.limits.body_bytes_max, self.limits.body).await;
            return match probe::webhook_of(&head) {
                Some(webhook) => self.probed(&head, webhook).await,
                None => answer::healthy(),
            };
        }
        closing(No::new(StatusCode::FORBIDDEN, ReasonCode::OriginNotAllowed).answer(None))
    }

    /// What can be said before the body is read.
    fn refused_by_head(&self, peer: Peer, head: &Parts) -> Option<No> {
        if !is_at_home(head, peer.local, &self.directory.snapshot().hosts) {
            return Some(No::new(StatusCode::FORBIDDEN, ReasonCode::OriginNotAllowed));
        }
        if head.method != Method::POST {
            return Some(No::new(StatusCode::METHOD_NOT_ALLOWED, ReasonCode::MethodNotAllowed));
        }
        let target = head.uri.path_and_query().map_or(0, |p| p.as_str().len());
        let lines = head.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        if target + lines.sum::<usize>() > self.limits.header_bytes_max {
            return Some(No::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, ReasonCode::HeadersTooLarge));
        }
        None
    }

    async fn without_body(
        &self,
        error: BodyError,
        case: impl FnOnce(Bytes, usize) -> Case,
        until: Instant,
    ) -> Response {
        let too_large = No::new(StatusCode::PAYLOAD_TOO_LARGE, ReasonCode::BodyTooLarge);
        let late = No::new(StatusCode::REQUEST_TIMEOUT, ReasonCode::BodyTimeout);
        let (no, case) = match error {
            BodyError::TooLarge { head, seen } => (too_large, case(head, seen)),
            BodyError::Timeout { seen } => (late, case(Bytes::new(), seen)),
            BodyError::Broken => return late.answer(None),
        };
        let mut refused = self.judge_unread(&case, no.clone());
        if refused.standing == Standing::Unjudged && self.newer_than(refused.generation, true, until).await {
            refused = self.judge_unread(&case, no);
        }
        self.refused(&case, refused, until).await
    }

    /// Judges a request until the sink has taken it or it is refused. A refusal is only spoken with a directory that
    /// has just been looked at.
    async fn judged(&self, case: Case, until: Instant) -> Response {
        let mut looked = false;
        let mut charge = Charge::Due;
        for _ in 0..JUDGEMENTS_MAX {
            match self.judge(&case, &mut charge) {
                Judged::Refused(refused) => {
                    let newer = self.newer_than(refused.generation, !looked, until).await;
                    looked = true;
                    if newer {
                        continue;
                    }
                    return self.refused(&case, *refused, until).await;
                }
                Judged::Arrived(arrival) => {
                    let webhook = arrival.webhook.clone();
                    let Ok(answer) = timeout_at(until, self.sink.accept(*arrival)).await else { break };
                    if matches!(answer, AcceptAnswer::Accepted { .. } | AcceptAnswer::Duplicate { .. }) {
                        self.traffic.arrived(case.via, case.received_at);
                    }
                    match told(answer, &webhook, case.received_at) {
                        Some(response) => return response,
                        None => {
                            looked = self.look_again(until).await;
                        }
                    }
                }
            }
        }
        No::new(StatusCode::SERVICE_UNAVAILABLE, ReasonCode::StorageUnavailable).answer(None)
    }

    /// Whether more is known than what a refused request was judged by. Another request may have looked meanwhile, and
    /// then this one finds nothing new, though it was judged by what was old.
    async fn newer_than(&self, generation: u64, may_look: bool, until: Instant) -> bool {
        let may_look = may_look && self.refreshes.take(self.clock.monotonic_us());
        let found = may_look && self.look_again(until).await;
        found || self.directory.snapshot().generation != generation
    }

    async fn look_again(&self, until: Instant) -> bool {
        timeout_at(until, self.directory.refresh()).await.unwrap_or(false)
    }

    /// Puts a refusal into the log and words its answer.
    async fn refused(&self, case: &Case, refused: Refused, until: Instant) -> Response {
        let Refused { no, standing, webhook, generation, token, timings } = refused;
        let now_us = self.clock.monotonic_us();
        let counted = match standing {
            Standing::Stranger | Standing::WrongAddress => self.failures.take(case.remote, now_us),
            Standing::Sender | Standing::Unjudged => Ok(()),
        };
        // The log keeps why a stranger was refused, since what is only over a limit may be replayed.
        let too_often = counted.err().map(|wait| No::too_many(wait.seconds()));
        let as_row = match standing {
            Standing::Sender => no.code != ReasonCode::RateLimited,
            Standing::WrongAddress => too_often.is_none(),
            Standing::Stranger | Standing::Unjudged => false,
        };
        let refusal = |bytes_max: usize| {
            let masked = dialect::mask(&case.body, token.as_deref(), no.dialect);
            let body = Bytes::from(masked);
            let body = body.slice(..body.len().min(bytes_max));
            refusal_of(&no, webhook.clone(), generation, case.stored(body), timings)
        };
        if as_row {
            let whole = if no.status == StatusCode::PAYLOAD_TOO_LARGE { HEAD_BYTES } else { usize::MAX };
            let stored = timeout_at(until, self.sink.refuse(refusal(whole))).await;
            return no.answer(stored.unwrap_or(None).as_ref());
        }
        // Of strangers that name no webhook each is noted; how many there can be is bounded by the failures above.
        let each = webhook.is_none() && no.status == StatusCode::NOT_FOUND && too_often.is_none();
        let note = if each || self.noted.is_first(webhook.as_ref(), no.code, now_us) {
            Note::Full(Box::new(refusal(HEAD_BYTES)))
        } else {
            Note::Repeated { webhook: webhook.clone(), code: no.code, at: case.received_at }
        };
        self.sink.note(note);
        too_often.unwrap_or(no).answer(None)
    }

    fn note_head(&self, peer: Peer, head: &Parts, route: Route, received_at: Timestamp, no: &No) {
        let snapshot = self.directory.snapshot();
        let named = route.claim.webhook.as_deref().and_then(|w| WebhookId::parse(w).ok());
        let webhook = named.filter(|w| snapshot.entries.contains_key(w));
        if !self.noted.is_first(webhook.as_ref(), no.code, self.clock.monotonic_us()) {
            self.sink.note(Note::Repeated { webhook, code: no.code, at: received_at });
            return;
        }
        let request = Received {
            source: route.source,
            remote: sender(peer.address, peer.via, &head.headers),
            via: peer.via,
            content_type: headers::content_type(&head.headers),
            headers: headers::storable(&head.headers),
            body: Bytes::new(),
            body_bytes: 0,
            received_at,
        };
        let refusal = refusal_of(no, webhook, snapshot.generation, request, Timings::default());
        self.sink.note(Note::Full(Box::new(refusal)));
    }
}

impl Case {
    /// The request with `body`, which is masked already.
    pub(crate) fn stored(&self, body: Bytes) -> Received {
        Received {
            source: self.route.source.clone(),
            remote: self.remote,
            via: self.via,
            content_type: headers::content_type(&self.head.headers),
            headers: headers::storable(&self.head.headers),
            body,
            body_bytes: self.body_bytes,
            received_at: self.received_at,
        }
    }
}

fn refusal_of(
    no: &No,
    webhook: Option<WebhookId>,
    generation: u64,
    request: Received,
    timings: Timings,
) -> Refusal {
    Refusal {
        webhook,
        generation,
        request,
        status: no.status.as_u16(),
        code: no.code,
        sentence: no.sentence().to_owned(),
        line: no.line,
        column: no.column,
        field: no.field.clone(),
        dialect: no.dialect,
        timings,
    }
}

/// The answer to what the sink has said; nothing when the request is to be judged again.
fn told(answer: AcceptAnswer, webhook: &WebhookId, at: Timestamp) -> Option<Response> {
    let unavailable = |code| No::new(StatusCode::SERVICE_UNAVAILABLE, code).answer(None);
    let used = |id: &SignalId| {
        No::new(StatusCode::UNAUTHORIZED, ReasonCode::TimestampOutOfTolerance).answer(Some(id))
    };
    match answer {
        AcceptAnswer::Accepted { ids } => Some(answer::accepted(webhook, &ids, at)),
        AcceptAnswer::Duplicate { id: _, first } => Some(answer::duplicate(webhook, &first, at)),
        AcceptAnswer::SignedIdUsed { id } => Some(used(&id)),
        AcceptAnswer::Unavailable => Some(unavailable(ReasonCode::StorageUnavailable)),
        AcceptAnswer::ShuttingDown => Some(closing(unavailable(ReasonCode::ShuttingDown))),
        AcceptAnswer::Stale => None,
    }
}

fn accepts_html(head: &Parts) -> bool {
    let accept = head.headers.get(header::ACCEPT).and_then(|v| v.to_str().ok());
    accept.is_some_and(|a| a.contains("text/html"))
}

fn closing(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}
