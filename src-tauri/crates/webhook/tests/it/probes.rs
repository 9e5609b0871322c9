//! Probes of the way to the queue.

use crate::support::{Hook, Listener, NOW_S};
use std::sync::atomic::Ordering;
use webhook::{Limits, Via};

async fn probe(listener: &Listener, hook: &Hook, id: &str, at_s: i64) -> (u16, String) {
    let signature = hook.signing.sign_standard(id, at_s, b"");
    let at = at_s.to_string();
    let headers = [("webhook-id", id), ("webhook-timestamp", &at), ("webhook-signature", &signature)];
    let path = format!("/healthz?webhook={}", hook.id);
    let reply = listener.post_with(&path, &headers, b"").await;
    (reply.status, reply.body)
}

#[tokio::test]
async fn a_signed_probe_goes_as_far_as_the_queue_and_leaves_nothing() {
    let listener = Listener::with(Limits::default(), Via::Tunnel).await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.ready.store(true, Ordering::SeqCst);
    let whole = r#"{"status":"ok","token":"ok","queue":"ok"}"#;
    assert_eq!(probe(&listener, &hook, "p1", NOW_S).await, (200, whole.to_owned()));
    // The same again: a probe is no signal, so it is no repetition.
    assert_eq!(probe(&listener, &hook, "p1", NOW_S).await, (200, whole.to_owned()));
    listener.log.ready.store(false, Ordering::SeqCst);
    let (status, body) = probe(&listener, &hook, "p2", NOW_S).await;
    assert_eq!((status, body.as_str()), (200, r#"{"status":"ok","token":"ok","queue":"failed"}"#));
    assert_eq!(listener.gate.traffic().requests(), 3);
    assert_eq!(listener.gate.traffic().arrived_at(), None);
    assert!(listener.log.arrivals.lock().unwrap().is_empty());
    assert!(
        listener.log.refusals.lock().unwrap().is_empty() && listener.log.notes.lock().unwrap().is_empty()
    );
}

#[tokio::test]
async fn without_a_right_signature_a_probe_ends_at_the_listener() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.ready.store(true, Ordering::SeqCst);
    let stranger = r#"{"status":"ok","token":"failed","queue":"not_reached"}"#;
    let late = probe(&listener, &hook, "p1", NOW_S - 400).await;
    assert_eq!(late, (401, stranger.to_owned()));
    let path = format!("/healthz?webhook={}", hook.id);
    assert_eq!(listener.post(&path, "").await.body, stranger);
    let by_token = format!("/healthz?webhook={}&secret={}", hook.id, hook.token.expose());
    assert_eq!(listener.post(&by_token, "").await.body, stranger);
    let unknown = listener.post("/healthz?webhook=wh_zzzzzzzzzzzz", "").await;
    assert_eq!((unknown.status, unknown.body.as_str()), (401, stranger));
    let plain = listener.post("/healthz?webhook=", "").await;
    assert_eq!((plain.status, plain.body.as_str()), (200, r#"{"status":"ok"}"#));
    assert_eq!(listener.gate.traffic().requests(), 0, "the local listener is no tunnel");
}
