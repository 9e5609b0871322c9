//! Web pages, guessers and slow senders: what they get, and that the others do not notice.

use crate::support::{Connection, PATIENCE, TestDesk, eventually, exchange, pause, rows, text};
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT","price":60000,"quantity":"0.001"}"#;

/// A buy that is like no other.
fn buy(number: usize) -> String {
    BUY.replacen('{', &format!(r#"{{"id":"{number}","#), 1)
}

#[test]
fn web_pages_and_foreign_hosts_are_refused() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let port = desk.address().port();
    let own = format!("http://127.0.0.1:{port}");
    for (headers, status) in [
        (&[("Origin", "https://evil.example")][..], 403),
        (&[("Origin", "null")], 403),
        (&[("Sec-Fetch-Site", "cross-site")], 403),
        (&[("Host", "evil.example")], 403),
        (&[("Host", "127.evil.example")], 403),
        (&[("Host", "localhost.evil.example:8787")], 403),
        (&[("Origin", &own)], 202),
        (&[("Host", "localhost")], 202),
        (&[("Host", "[::1]:8787")], 202),
    ] {
        let body = buy(headers.iter().map(|(_, v)| v.len()).sum());
        let answer = desk.request("POST", &hook.path(), headers, body.as_bytes());
        assert_eq!(answer.status, status, "{headers:?}: {}", answer.body);
        assert!(answer.header("access-control-allow-origin").is_none());
        if status == 403 {
            assert_eq!(answer.text("code"), "ORIGIN_NOT_ALLOWED");
            assert_eq!(desk.request("POST", "/healthz", headers, b"").status, 403);
        }
    }
    let two_hosts = format!(
        "POST {} HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
        hook.path()
    );
    let answer = exchange(desk.address(), two_hosts.as_bytes());
    assert!(matches!(answer.status, 400 | 403), "{}", answer.head);
}

#[test]
fn nothing_but_webhooks_and_health_is_served() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let browser = desk.request("GET", &hook.path(), &[("Accept", "text/html")], b"");
    assert_eq!((browser.status, browser.header("allow")), (405, Some("POST")));
    assert!(browser.header("content-type").unwrap().starts_with("text/plain"), "{}", browser.head);
    assert!(!browser.body.contains(['<', '{']) && browser.body.contains("TradingView"), "{}", browser.body);
    let script = desk.request("PUT", &hook.path(), &[], b"{}");
    assert_eq!((script.status, script.text("code").as_str()), (405, "METHOD_NOT_ALLOWED"));
    let health = desk.request("GET", "/healthz", &[], b"");
    assert_eq!((health.status, health.text("status").as_str()), (200, "ok"));
    for path in
        ["/", "/webhooks", "/api", "/rpc", "/index.html", "/webhooks/TradingView/x/y", "/../pitwire.db"]
    {
        assert_eq!(desk.post(path, BUY).status, 404, "{path}");
    }
    let long = "x".repeat(17 * 1024);
    let wide = desk.request("POST", &hook.path(), &[("X-Long", &long)], BUY.as_bytes());
    assert_eq!((wide.status, wide.text("code").as_str()), (431, "HEADERS_TOO_LARGE"));
    assert_eq!(desk.fills().len(), 0);
}

/// Bytes of the database and its log.
fn size(data_dir: &Path) -> u64 {
    ["pitwire.db", "pitwire.db-wal"]
        .iter()
        .map(|n| std::fs::metadata(data_dir.join(n)).map_or(0, |m| m.len()))
        .sum()
}

#[test]
fn five_thousand_wrong_tokens_make_a_row_and_no_more() {
    let desk = TestDesk::start();
    desk.set("max_entries=10");
    let hook = desk.hook(&[]);
    desk.executed(&hook.path(), &buy(0));
    let before = size(desk.data_dir());
    let mut statuses = std::collections::BTreeMap::new();
    let mut connection = Connection::open(desk.address()).unwrap();
    for number in 0..5_000 {
        let wrong = format!("/webhooks/tradingview/{}/{}{number}", hook.id, &hook.token[..20]);
        let answer = connection.post(&wrong, &[], buy(number).as_bytes()).unwrap();
        *statuses.entry(answer.status).or_insert(0) += 1;
    }
    assert!(statuses.keys().all(|s| [401, 429].contains(s)), "{statuses:?}");
    // 120 in a bucket and two more a second, so most are turned away unheard.
    assert!(statuses[&429] > 4_000, "{statuses:?}");
    desk.executed(&hook.path(), &buy(1));
    let refused = eventually("the refused requests to be counted", || {
        let listed = desk.pitwire(&["signal", "list", "--status", "rejected"]);
        let counted: u64 =
            rows(&listed["signals"]).iter().map(|s| 1 + s["also_refused"].as_u64().unwrap()).sum();
        (counted >= 5_000).then(|| listed["signals"].clone())
    });
    assert!(rows(&refused).len() <= 4, "{refused}");
    assert!(rows(&refused).iter().all(|s| s["replayable"] == false), "{refused}");
    let grown = size(desk.data_dir()).saturating_sub(before);
    assert!(grown < 512 * 1024, "the database has grown by {grown} bytes");
}

/// How many connections of each kind can be opened at once here.
fn slow_connections() -> usize {
    let limit = Command::new("sh").args(["-c", "ulimit -n"]).output().ok();
    let text = limit.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    let files: usize = text.parse().unwrap_or(usize::MAX);
    (files / 4).min(400)
}

/// A connection that never sends what it promised.
struct Slow {
    stream: TcpStream,
    is_open: bool,
}

impl Slow {
    fn open(address: SocketAddr, beginning: &str) -> Self {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
        stream.write_all(beginning.as_bytes()).unwrap();
        stream.set_nonblocking(true).unwrap();
        Self { stream, is_open: true }
    }

    /// Sends one more byte and looks whether the other end is still there.
    fn drip(&mut self) {
        let sent = self.stream.write(b"x").map(|_| ());
        let mut answer = [0; 1024];
        let read = self.stream.read(&mut answer);
        let waits = |error: &std::io::Error| error.kind() == ErrorKind::WouldBlock;
        self.is_open = match (sent, read) {
            (_, Ok(0)) => false,
            (_, Ok(_)) => true,
            (Ok(()), Err(error)) => waits(&error),
            (Err(error), Err(_)) => waits(&error),
        };
    }
}

#[test]
fn slow_connections_are_closed_and_nobody_waits_for_them() {
    let desk = TestDesk::start();
    let hook = desk.hook(&[]);
    let address = desk.address();
    let each = slow_connections();
    let head = format!("POST {} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", hook.path());
    let body = format!("POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{{", hook.path());
    let mut slow: Vec<Slow> = Vec::with_capacity(2 * each);
    for _ in 0..each {
        slow.push(Slow::open(address, &head));
        slow.push(Slow::open(address, &body));
    }
    let began = Instant::now();
    let mut number = 0;
    while slow.iter().any(|s| s.is_open) {
        let open = slow.iter().filter(|s| s.is_open).count();
        assert!(began.elapsed() < Duration::from_secs(30), "{open} slow connections are still open");
        slow.iter_mut().filter(|s| s.is_open).for_each(Slow::drip);
        number += 1;
        let sent = Instant::now();
        let answer = desk.post(&hook.path(), &buy(number));
        assert_eq!(answer.status, 202, "{}", answer.body);
        assert!(sent.elapsed() < Duration::from_millis(2_500), "an alert waited {:?}", sent.elapsed());
        pause();
    }
    assert!(number > 10, "the slow ones were closed before they were slow");
    assert_eq!(text(&desk.signals()[0], "webhook_id"), hook.id);
}
