//! Alerts at a steady pace, each tried until it is acknowledged.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Between two alerts.
const PACE: Duration = Duration::from_millis(50);
/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) struct Sender {
    edge: SocketAddr,
    path: String,
    acknowledged: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl Sender {
    pub(crate) fn new(edge: SocketAddr, path: String) -> Self {
        Self { edge, path, acknowledged: Mutex::default(), is_over: AtomicBool::new(false) }
    }

    pub(crate) fn start(self: &Arc<Self>) -> JoinHandle<()> {
        let sender = Arc::clone(self);
        std::thread::spawn(move || sender.run())
    }

    pub(crate) fn stop(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// The ids of every 2xx.
    pub(crate) fn acknowledged(&self) -> Vec<String> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn run(&self) {
        let mut number = 0_u64;
        while !self.is_over.load(Ordering::Relaxed) {
            let body = format!(
                r#"{{"id":"soak-{number}","action":"buy","symbol":"S{}USDT","price":"1","quantity":"1"}}"#,
                number % 40
            );
            if let Some(id) = self.send(&body) {
                self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner).push(id);
                number += 1;
            }
            std::thread::park_timeout(PACE);
        }
    }

    /// The id of the signal; nothing when nobody has acknowledged it.
    fn send(&self, body: &str) -> Option<String> {
        let mut stream = TcpStream::connect_timeout(&self.edge, PATIENCE).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nstandin-client: 52.89.214.238\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.path,
            body.len()
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status).ok()?;
        let mut rest = String::new();
        reader.read_to_string(&mut rest).ok()?;
        if !status.contains(" 202 ") && !status.contains(" 200 ") {
            return None;
        }
        let (_, answer) = rest.split_once("\r\n\r\n")?;
        let answer: serde_json::Value = serde_json::from_str(answer).ok()?;
        answer["signalId"].as_str().map(str::to_owned)
    }
}
