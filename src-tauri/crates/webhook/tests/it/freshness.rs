//! Changes hold from the next request on, whichever process made them, and strangers cannot make the listener work.

use crate::support::{BUY, Listener, app_key, edit, hook};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use webhook::{AcceptAnswer, Rate};

#[tokio::test]
async fn a_webhook_of_another_process_is_found_at_once() {
    let listener = Listener::start().await;
    let (fresh, entry) = hook("freshwebhook", 1);
    listener.book.change_unseen(|s| {
        s.entries.insert(fresh.id.clone(), Arc::new(entry));
    });
    assert_eq!(listener.post(&fresh.path(), BUY).await.status, 202);
    assert_eq!(listener.book.refreshes.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_request_whose_look_was_overtaken_by_anothers_is_judged_again() {
    let listener = Listener::start().await;
    let (fresh, entry) = hook("freshwebhook", 1);
    listener.book.overtaken.store(true, Ordering::SeqCst);
    listener.book.change_unseen(|s| {
        s.entries.insert(fresh.id.clone(), Arc::new(entry));
    });
    assert_eq!(listener.post(&fresh.path(), BUY).await.status, 202);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_row_of_a_webhook_of_another_process_too() {
    let listener = Listener::start().await;
    let (fresh, entry) = hook("freshwebhook", 1);
    listener.book.change_unseen(|s| {
        s.entries.insert(fresh.id.clone(), Arc::new(entry));
    });
    assert_eq!(listener.post(&fresh.path(), &" ".repeat(257 * 1024)).await.status, 413);
    assert_eq!(listener.log.refusals.lock().unwrap()[0].webhook, Some(fresh.id));
}

#[tokio::test]
async fn changes_of_another_process_hold_at_once_in_both_directions() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let post = async || {
        let reply = listener.post(&hook.path(), BUY).await;
        (reply.status, reply.code())
    };
    assert_eq!(post().await, (202, "accepted".to_owned()));
    listener.book.change_unseen(|s| edit(s, &hook, |e| e.paused = true));
    assert_eq!(post().await, (400, "WEBHOOK_PAUSED".to_owned()));
    listener.book.change_unseen(|s| edit(s, &hook, |e| e.paused = false));
    assert_eq!(post().await, (202, "accepted".to_owned()));
    listener.book.change_unseen(|s| edit(s, &hook, |e| e.token = app_key().digest("rotated")));
    assert_eq!(post().await, (401, "INVALID_TOKEN".to_owned()));
    listener.book.change_unseen(|s| s.entries.clear());
    assert_eq!(post().await, (404, "UNKNOWN_WEBHOOK".to_owned()));
}

#[tokio::test]
async fn a_configuration_that_never_stands_still_is_503() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.next.lock().unwrap().extend(std::iter::repeat_n(AcceptAnswer::Stale, 3));
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
    listener.log.next.lock().unwrap().extend(std::iter::repeat_n(AcceptAnswer::Stale, 100));
    let reply = listener.post(&hook.path(), BUY).await;
    assert_eq!((reply.status, &*reply.code()), (503, "STORAGE_UNAVAILABLE"));
    assert_eq!(listener.log.next.lock().unwrap().len(), 96);
}

#[tokio::test]
async fn a_request_that_is_judged_again_is_counted_once() {
    let listener = Listener::start().await;
    let one = Rate::On { per_minute: NonZeroU32::MIN, per_second: None };
    let hook = listener.add("abcdefghij23", |e| e.rate = one);
    listener.log.next.lock().unwrap().extend(std::iter::repeat_n(AcceptAnswer::Stale, 2));
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 429);
}

#[tokio::test]
async fn a_rate_that_another_process_switches_on_counts_from_the_next_request() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |e| e.rate = Rate::Off);
    let one = Rate::On { per_minute: NonZeroU32::MIN, per_second: None };
    listener.book.change_unseen(|s| edit(s, &hook, |e| e.rate = one));
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 202);
    assert_eq!(listener.post(&hook.path(), BUY).await.status, 429);
}

#[tokio::test]
async fn wrong_tokens_cannot_make_the_listener_ask_for_ever() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let wrong = format!("/webhooks/tradingview/{}/nonsense", hook.id);
    for _ in 0..60 {
        assert_eq!(listener.post(&wrong, BUY).await.status, 401);
    }
    // The clock stands still: as many as fit into one second.
    assert_eq!(listener.book.refreshes.load(Ordering::SeqCst), 20);
}
