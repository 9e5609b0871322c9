//! Slow, idle and many connections, and the end of serving.

use crate::support::{BUY, Listener, PATIENCE, Reply, request, rest_of};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use webhook::{Drained, Limits, Via};

const SHORT: Duration = Duration::from_millis(80);

#[tokio::test]
async fn a_head_that_does_not_end_closes_the_connection() {
    let listener = Listener::with(Limits { head: SHORT, ..Limits::default() }, Via::Local).await;
    let mut silent = listener.connect().await;
    let mut slow = listener.connect().await;
    slow.write_all(b"POST /webhooks/x HTTP/1.1\r\nHost: loc").await.unwrap();
    assert!(!rest_of(&mut silent).await.contains("202"));
    assert!(!rest_of(&mut slow).await.contains("202"));
}

#[tokio::test]
async fn a_body_that_does_not_end_is_408_and_closed() {
    let listener = Listener::with(Limits { body: SHORT, ..Limits::default() }, Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    let mut stream = listener.connect().await;
    let mut slow = request("POST", &hook.path(), &[], BUY.as_bytes());
    slow.truncate(slow.len() - 3);
    stream.write_all(&slow).await.unwrap();
    let reply = Reply::read(&mut stream).await;
    assert_eq!((reply.status, &*reply.code()), (408, "BODY_TIMEOUT"));
    assert_eq!(rest_of(&mut stream).await, "");
    assert!(listener.log.arrivals.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_connection_is_kept_for_more_and_closed_when_idle() {
    let listener =
        Listener::with(Limits { head: Duration::from_millis(300), ..Limits::default() }, Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    let mut stream = listener.connect().await;
    for _ in 0..3 {
        stream.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
        assert_eq!(Reply::read(&mut stream).await.status, 202);
    }
    assert!(!rest_of(&mut stream).await.contains("202"));
}

#[tokio::test]
async fn a_sender_that_closes_its_side_still_gets_its_answer() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.hold.store(true, Ordering::SeqCst);
    let mut stream = listener.connect().await;
    stream.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    stream.shutdown().await.unwrap();
    tokio::time::timeout(PATIENCE, listener.log.held.notified()).await.unwrap();
    listener.log.go_on.notify_one();
    assert_eq!(Reply::read(&mut stream).await.status, 202);
}

#[tokio::test]
async fn beyond_the_most_connections_the_next_waits_its_turn() {
    let listener = Listener::with(Limits { connections_max: 1, ..Limits::default() }, Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    let mut first = listener.connect().await;
    first.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    assert_eq!(Reply::read(&mut first).await.status, 202);
    let mut second = listener.connect().await;
    second.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    // The first is still served while the second is not.
    first.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    assert_eq!(Reply::read(&mut first).await.status, 202);
    assert_eq!(listener.log.arrivals.lock().unwrap().len(), 2);
    drop(first);
    assert_eq!(Reply::read(&mut second).await.status, 202);
}

#[tokio::test]
async fn serving_ends_after_the_open_requests() {
    let mut listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.hold.store(true, Ordering::SeqCst);
    let mut stream = listener.connect().await;
    let mut idle = listener.connect().await;
    stream.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    tokio::time::timeout(PATIENCE, listener.log.held.notified()).await.unwrap();
    listener.stop.take().unwrap().send(()).unwrap();
    assert_eq!(rest_of(&mut idle).await, "");
    listener.log.go_on.notify_one();
    assert_eq!(Reply::read(&mut stream).await.status, 202);
    let drained = tokio::time::timeout(PATIENCE, listener.served.take().unwrap()).await.unwrap().unwrap();
    assert_eq!(drained, Drained::Whole);
    assert!(tokio::net::TcpStream::connect(listener.address).await.is_err());
}

#[tokio::test]
async fn serving_does_not_wait_for_ever() {
    let mut listener = Listener::with(Limits { drain: SHORT, ..Limits::default() }, Via::Local).await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.log.hold.store(true, Ordering::SeqCst);
    let mut stream = listener.connect().await;
    stream.write_all(&request("POST", &hook.path(), &[], BUY.as_bytes())).await.unwrap();
    tokio::time::timeout(PATIENCE, listener.log.held.notified()).await.unwrap();
    listener.stop.take().unwrap().send(()).unwrap();
    let drained = tokio::time::timeout(PATIENCE, listener.served.take().unwrap()).await.unwrap().unwrap();
    assert_eq!(drained, Drained::Cut);
    assert_eq!(rest_of(&mut stream).await, "");
}
