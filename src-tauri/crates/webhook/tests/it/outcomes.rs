//! What the sink says, and what the sender and the log are told.

use crate::support::{BUY, Listener, PATIENCE};
use domain::{ReasonCode, SignalId};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use webhook::{AcceptAnswer, Limits, Via};

fn id(text: &str) -> SignalId {
    SignalId::parse(text).unwrap()
}

#[tokio::test]
async fn the_answer_says_what_the_sink_said() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let cases = [
        (AcceptAnswer::Accepted { ids: vec![id("sig_a")] }, 202, "accepted", Some("sig_a")),
        (AcceptAnswer::Accepted { ids: vec![id("sig_a"), id("sig_b")] }, 202, "accepted", Some("sig_a")),
        (AcceptAnswer::Duplicate { id: id("sig_c"), first: id("sig_a") }, 200, "duplicate", Some("sig_a")),
        (AcceptAnswer::SignedIdUsed { id: id("sig_d") }, 401, "TIMESTAMP_OUT_OF_TOLERANCE", Some("sig_d")),
        (AcceptAnswer::Unavailable, 503, "STORAGE_UNAVAILABLE", None),
        (AcceptAnswer::ShuttingDown, 503, "SHUTTING_DOWN", None),
    ];
    for (answer, status, code, signal) in cases {
        listener.log.next.lock().unwrap().push_back(answer.clone());
        let reply = listener.post(&hook.path(), BUY).await;
        let json = reply.json();
        assert_eq!((reply.status, &*reply.code()), (status, code), "{answer:?}: {reply:?}");
        assert_eq!(json.get("signalId").and_then(|s| s.as_str()), signal, "{answer:?}");
        if let AcceptAnswer::Accepted { ids } = &answer {
            assert_eq!(json["success"], true);
            assert_eq!(json["webhook_id"], "wh_abcdefghij23");
            assert_eq!(json["timestamp"], "2026-05-08T06:20:00.000000Z");
            assert_eq!(json.get("signalIds").is_some(), ids.len() > 1);
        }
        if status == 503 {
            assert_eq!(
                json["error"],
                if code == "SHUTTING_DOWN" {
                    "Pitwire is shutting down."
                } else {
                    "The signal could not be stored."
                }
            );
        }
    }
}

#[tokio::test]
async fn a_sink_that_does_not_answer_is_503_in_time() {
    let limits = Limits { answer: Duration::from_millis(100), ..Limits::default() };
    let listener = Listener::with(limits, Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.hold.store(true, Ordering::SeqCst);
    let begun = Instant::now();
    let reply = listener.post(&hook.path(), BUY).await;
    assert_eq!((reply.status, &*reply.code()), (503, "STORAGE_UNAVAILABLE"));
    assert!(begun.elapsed() < Duration::from_millis(2_500), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn the_default_limit_of_an_answer_is_below_two_and_a_half_seconds() {
    assert!(Limits::default().answer < Duration::from_millis(2_500));
}

#[tokio::test]
async fn refusals_of_senders_are_rows_and_of_strangers_notes() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let broken = "{\"action\":\"buy\",\n \"symbol\":}";
    let reply = listener.post(&hook.path(), broken).await;
    let json = reply.json();
    assert_eq!((reply.status, &*reply.code()), (400, "MALFORMED_JSON"), "{reply:?}");
    assert_eq!((json["statusCode"].as_u64(), json["line"].as_u64()), (Some(400), Some(2)), "{reply:?}");
    assert!(json["column"].is_u64() && json["error"].as_str().is_some_and(|e| !e.is_empty()));
    assert_eq!(json["signalId"], "sig_1");
    let row = listener.log.refusals.lock().unwrap().pop().unwrap();
    assert_eq!((row.code, row.status, row.line), (ReasonCode::MalformedJson, 400, Some(2)));
    assert_eq!((&*row.request.body, row.webhook.as_ref()), (broken.as_bytes(), Some(&hook.id)));
    assert_eq!(row.request.source.as_deref(), Some("tradingview"));

    let missing = listener.post(&hook.path(), r#"{"action":"buy","symbol":""}"#).await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.json()["field"], "symbol", "{missing:?}");

    let wrong = format!("/webhooks/tradingview/{}/nonsense", hook.id);
    for _ in 0..3 {
        assert_eq!(listener.post(&wrong, BUY).await.json().get("signalId"), None);
    }
    let full = listener.log.full_notes();
    assert_eq!(full.len(), 1);
    assert_eq!((full[0].code, &*full[0].request.body), (ReasonCode::InvalidToken, BUY.as_bytes()));
    assert_eq!(listener.log.repeated(), [ReasonCode::InvalidToken; 2]);
    listener.clock.advance_ms(60_000);
    listener.post(&wrong, &" ".repeat(10_000)).await;
    assert_eq!(listener.log.full_notes()[1].request.body.len(), 8 * 1024);
    assert_eq!(listener.log.full_notes()[1].request.body_bytes, 10_000);
    assert_eq!(listener.post("/webhooks/wh_zzzzzzzzzzzz", BUY).await.status, 404);
    assert_eq!(listener.log.full_notes()[2].webhook, None);
    assert!(listener.log.refusals.lock().unwrap().len() == 1);
}

#[tokio::test]
async fn every_answer_is_timed() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.hold.store(true, Ordering::SeqCst);
    let path = hook.path();
    let (reply, ()) = tokio::join!(listener.post(&path, BUY), async {
        tokio::time::timeout(PATIENCE, listener.log.held.notified()).await.unwrap();
        listener.clock.advance_ms(8);
        listener.log.go_on.notify_one();
    });
    assert_eq!(reply.status, 202);
    // 8000 µs is in the bucket 7168..=8191.
    let quantiles = listener.gate.reply_times().quantiles();
    assert_eq!((quantiles.count, quantiles.p50_us, quantiles.p99_us), (1, 8191, 8191));
}
