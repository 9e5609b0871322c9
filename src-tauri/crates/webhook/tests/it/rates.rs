//! Rates, by a clock that is moved.

use crate::support::{BUY, Listener};
use domain::ReasonCode;
use webhook::{Limits, Rate, Via};

#[tokio::test]
async fn ten_in_any_second_then_429_with_retry_after() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |e| e.rate = Rate::default());
    let other = listener.add("otherwebhook", |e| e.rate = Rate::default());
    for n in 0..10 {
        assert_eq!(listener.post(&hook.path(), BUY).await.status, 202, "{n}");
    }
    let reply = listener.post(&hook.path(), BUY).await;
    assert_eq!((reply.status, &*reply.code()), (429, "RATE_LIMITED"), "{reply:?}");
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(listener.post(&other.path(), BUY).await.status, 202);
    // Refused ones are not counted, so after a second ten more fit, and ten more after another one.
    for _ in 0..2 {
        listener.clock.advance_ms(1_000);
        for _ in 0..10 {
            assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
        }
        assert_eq!(listener.post(&hook.path(), BUY).await.status, 429);
    }
    // 30 in 2 s: 31 were in the bucket by then. The 31st fits now, the next after 2 s more.
    listener.clock.advance_ms(1_000);
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
    let reply = listener.post(&hook.path(), BUY).await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("1")), "{reply:?}");
    listener.clock.advance_ms(1_000);
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
    assert_eq!(listener.log.full_notes().len(), 1);
    assert_eq!(listener.log.repeated(), [ReasonCode::RateLimited; 3]);
}

#[tokio::test]
async fn strangers_do_not_use_up_a_webhooks_rate() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |e| e.rate = Rate::default());
    for _ in 0..30 {
        assert_eq!(listener.post(&format!("/webhooks/{}", hook.id), BUY).await.status, 401);
    }
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
}

#[tokio::test]
async fn failures_are_limited_by_address_and_a_right_token_is_let_through() {
    let limits = Limits { failures_per_minute: 3, ..Limits::default() };
    let listener = Listener::with(limits, Via::Tunnel).await;
    let hook = listener.add("abcdefghij23", |_| {});
    let wrong = format!("/api/webhooks/{}a", hook.token.expose());
    let from = async |path: &str, address: &str| {
        listener.post_with(path, &[("X-Forwarded-For", address)], BUY.as_bytes()).await
    };
    for _ in 0..3 {
        assert_eq!(from(&wrong, "203.0.113.9").await.status, 404);
    }
    let reply = from(&wrong, "203.0.113.9").await;
    assert_eq!((reply.status, reply.header("retry-after")), (429, Some("20")), "{reply:?}");
    assert_eq!(from(&wrong, "203.0.113.10").await.status, 404);
    assert_eq!(from(&hook.path(), "203.0.113.9").await.status, 202);
    listener.clock.advance_ms(20_000);
    assert_eq!(from(&wrong, "203.0.113.9").await.status, 404);
}
