//! Who a request is for, and who it is from.

use crate::support::{BUY, Listener, request};
use std::net::IpAddr;
use webhook::{Limits, TRADINGVIEW_ADDRESSES, Via};

#[tokio::test]
async fn names_that_were_pointed_here_and_web_pages_are_refused() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    listener.book.change(|s| s.hosts = vec!["quiet-fox.ngrok-free.app".into()]);
    let cases: [(&[(&str, &str)], u16); 15] = [
        (&[("Host", "localhost:8787")], 202),
        (&[("Host", "[::1]:8787")], 202),
        (&[("Host", "quiet-fox.ngrok-free.app")], 202),
        (&[("Host", "127.evil.com")], 403),
        (&[("Host", "localhost.")], 403),
        (&[("Host", "evil.com:8787")], 403),
        (&[("Host", "")], 403),
        (&[("Host", "localhost"), ("Host", "evil.com")], 403),
        (&[("Host", "localhost:8787"), ("Origin", "http://localhost:8787")], 202),
        (&[("Host", "localhost:8787"), ("Origin", "http://localhost:3000")], 403),
        (&[("Origin", "https://evil.com")], 403),
        (&[("Origin", "null")], 403),
        (&[("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Sec-Fetch-Site", "none")], 202),
        (&[("Host", "localhost"), ("Origin", "http://localhost"), ("Origin", "http://evil.com")], 403),
    ];
    for (headers, status) in cases {
        let reply = listener.post_with(&hook.path(), headers, BUY.as_bytes()).await;
        let code = if status == 202 { "accepted" } else { "ORIGIN_NOT_ALLOWED" };
        assert_eq!((reply.status, &*reply.code()), (status, code), "{headers:?}: {reply:?}");
    }
    let no_host = format!("POST {} HTTP/1.1\r\nContent-Length: 0\r\n\r\n", hook.path());
    assert_eq!(listener.raw(no_host.as_bytes()).await.status, 403);
    let absolute = format!(
        "POST http://evil.com{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        hook.path()
    );
    assert_eq!(listener.raw(absolute.as_bytes()).await.status, 403);
    let health = listener.raw(&request("GET", "/healthz", &[("Host", "evil.com")], b"")).await;
    assert_eq!(health.status, 403);
}

#[tokio::test]
async fn a_browser_gets_a_sentence_and_a_program_a_code() {
    let listener = Listener::start().await;
    let hook = listener.add("abcdefghij23", |_| {});
    let html = [("Accept", "text/html,application/xhtml+xml")];
    let browser = listener.raw(&request("GET", &hook.path(), &html, b"")).await;
    assert_eq!((browser.status, browser.header("content-type")), (405, Some("text/plain; charset=utf-8")));
    assert!(browser.body.starts_with("Only POST is accepted here. "), "{}", browser.body);
    for method in ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        let reply = listener.raw(&request(method, &hook.path(), &[], b"")).await;
        assert_eq!((reply.status, &*reply.code()), (405, "METHOD_NOT_ALLOWED"), "{method}");
        assert_eq!(reply.header("allow"), Some("post"));
    }
    let health = listener.raw(&request("GET", "/healthz", &[], b"")).await;
    assert_eq!((health.status, &*health.body), (200, r#"{"status":"ok"}"#));
}

#[tokio::test]
async fn a_forwarded_address_counts_on_the_tunnels_listener_only() {
    let tradingview = TRADINGVIEW_ADDRESSES.map(|a| IpAddr::from(a).into()).to_vec();
    let cases: [(Via, &str, u16, &str); 6] = [
        (Via::Local, "52.89.214.238", 403, "127.0.0.1"),
        (Via::Tunnel, "52.89.214.238", 202, "52.89.214.238"),
        (Via::Tunnel, "::ffff:52.32.178.7", 202, "52.32.178.7"),
        (Via::Tunnel, "52.89.214.238, 203.0.113.9", 403, "203.0.113.9"),
        (Via::Tunnel, "203.0.113.9, 34.212.75.30", 202, "34.212.75.30"),
        (Via::Tunnel, "nonsense", 403, "127.0.0.1"),
    ];
    for (via, forwarded, status, remote) in cases {
        let listener = Listener::with(Limits::default(), via).await;
        let hook = listener.add("abcdefghij23", |e| e.allow.clone_from(&tradingview));
        let headers = [("X-Forwarded-For", forwarded)];
        let reply = listener.post_with(&hook.path(), &headers, BUY.as_bytes()).await;
        assert_eq!(reply.status, status, "{via:?} {forwarded}: {reply:?}");
        let arrived = listener.log.arrivals.lock().unwrap().first().map(|a| a.request.clone());
        let refused = listener.log.refusals.lock().unwrap().first().map(|r| r.request.clone());
        let stored = arrived.or(refused).unwrap();
        assert_eq!((stored.remote, stored.via), (remote.parse().unwrap(), via), "{via:?} {forwarded}");
    }
}
