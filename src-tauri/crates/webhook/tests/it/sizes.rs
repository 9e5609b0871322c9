//! Bodies and heads that are too large, and framing that is not to be trusted.

use crate::support::{BUY, Listener, Reply, request, rest_of};
use domain::ReasonCode;
use tokio::io::AsyncWriteExt;
use webhook::{Limits, Via};

const KIB: usize = 1024;

/// A message of exactly `bytes` bytes, with blanks behind it.
fn padded(bytes: usize) -> String {
    format!("{BUY}{}", " ".repeat(bytes - BUY.len()))
}

#[tokio::test]
async fn a_body_up_to_256_kib_is_taken_and_a_larger_one_is_told() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    for (bytes, status) in
        [(25 * KIB, 202), (25 * KIB + 1, 202), (256 * KIB, 202), (256 * KIB + 1, 413), (1000 * KIB, 413)]
    {
        let reply = listener.post(&hook.path(), &padded(bytes)).await;
        assert_eq!(reply.status, status, "{bytes}: {reply:?}");
    }
    let large: Vec<bool> =
        listener.log.arrivals.lock().unwrap().iter().map(|a| a.request.is_large()).collect();
    assert_eq!(large, [false, true, true]);
    let refusals = listener.log.refusals.lock().unwrap();
    assert_eq!(refusals.len(), 2);
    assert!(refusals.iter().all(|r| r.code == ReasonCode::BodyTooLarge && r.request.body.len() == 8 * KIB));
    assert_eq!(refusals[1].request.body_bytes, 1000 * KIB);
}

#[tokio::test]
async fn a_sender_that_sends_all_before_it_reads_sees_the_413() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let mut stream = listener.connect().await;
    let body = " ".repeat(1000 * KIB);
    stream.write_all(&request("POST", &hook.path(), &[], body.as_bytes())).await.unwrap();
    let reply = Reply::read(&mut stream).await;
    assert_eq!((reply.status, &*reply.code()), (413, "BODY_TOO_LARGE"));
    assert_eq!(rest_of(&mut stream).await, "", "the connection is closed after it");
}

#[tokio::test]
async fn chunked_bodies_have_the_same_limit() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let chunked = |chunk: &str, times: usize| {
        let head =
            format!("POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", hook.path());
        let one = format!("{:x}\r\n{chunk}\r\n", chunk.len());
        format!("{head}{}0\r\n\r\n", one.repeat(times)).into_bytes()
    };
    assert_eq!(listener.raw(&chunked(BUY, 1)).await.status, 202);
    let many = listener.raw(&chunked(&" ".repeat(KIB), 300)).await;
    assert_eq!((many.status, &*many.code()), (413, "BODY_TOO_LARGE"));
    let split = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
        hook.path(),
        5,
        &BUY[..5],
        BUY.len() - 5,
        &BUY[5..]
    );
    assert_eq!(listener.raw(split.as_bytes()).await.status, 202);
}

#[tokio::test]
async fn strangers_with_large_bodies_leave_no_row() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let wrong = format!("/webhooks/tradingview/{}/nonsense", hook.id);
    assert_eq!(listener.post(&wrong, &padded(300 * KIB)).await.status, 413);
    assert!(listener.log.refusals.lock().unwrap().is_empty());
    assert_eq!(listener.log.full_notes()[0].request.body.len(), 8 * KIB);
}

#[tokio::test]
async fn heads_over_16_kib_are_431() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let with = async |bytes: usize| {
        let padding = "x".repeat(bytes);
        listener.post_with(&hook.path(), &[("X-Padding", &padding)], BUY.as_bytes()).await
    };
    assert_eq!(with(15 * KIB).await.status, 202);
    let reply = with(17 * KIB).await;
    assert_eq!((reply.status, &*reply.code()), (431, "HEADERS_TOO_LARGE"));
    // Larger than the read buffer: the answer is hyper's own.
    let mut head = request("POST", &hook.path(), &[("X-Padding", &"x".repeat(64 * KIB))], b"");
    head.truncate(65 * KIB);
    assert_eq!(listener.raw(&head).await.status, 431);
}

/// hyper goes by Transfer-Encoding and hides a Content-Length beside it, as RFC 9112 section 6.3 asks; it also ends
/// the connection with the answer, so what follows is never a second request.
#[tokio::test]
async fn nothing_is_smuggled_behind_two_lengths() {
    let listener = Listener::with(Limits::default(), Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    let path = hook.path();
    let inner =
        format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{BUY}", BUY.len());
    for lengths in
        ["Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4"]
    {
        let mut stream = listener.connect().await;
        let outer = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{lengths}\r\n\r\n0\r\n\r\n{inner}");
        stream.write_all(outer.as_bytes()).await.unwrap();
        let answers = rest_of(&mut stream).await;
        assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
        assert!(answers.starts_with("HTTP/1.1 400"), "{answers}");
    }
    assert!(listener.log.arrivals.lock().unwrap().is_empty());
    for broken in [
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: -1",
        "Content-Length: 4, 5",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: chunked, identity",
    ] {
        let outer = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{broken}\r\n\r\n{BUY}");
        assert_eq!(listener.raw(outer.as_bytes()).await.status, 400, "{broken}");
    }
    assert!(listener.log.arrivals.lock().unwrap().is_empty());
}
