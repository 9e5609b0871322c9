//! The load: connections that are kept open, each sending its next alert when the last one was answered, or at a pace.

use anyhow::{Context, bail};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Ids must be unique over all runs, or alerts would be duplicates.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// Where alerts are sent.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) action: &'static str,
    pub(crate) expected: u16,
}

impl Target {
    /// About the 300 bytes that TradingView's alerts usually have.
    fn request(&self, id: u64) -> Vec<u8> {
        let body = format!(
            r#"{{"action":"{}","symbol":"BTCUSDT","exchange":"BINANCE","price":"67123.45","quantity":"0.001","id":"{id:016}","time":"2026-05-08T06:20:00Z","interval":"15","strategy":"Supertrend 3.0 / 10 on fifteen minutes","comment":"ENTRY"}}"#,
            self.action
        );
        let body = body.replace(
            r#","comment":"ENTRY""#,
            if self.action == "buy" { r#","comment":"ENTRY""# } else { "" },
        );
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n\
             User-Agent: Go-http-client/1.1\r\nContent-Length: {}\r\n\r\n",
            self.path,
            body.len()
        );
        [head.as_bytes(), body.as_bytes()].concat()
    }
}

/// How alerts are sent.
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) time: Duration,
    /// Alerts a second over all connections; as fast as answers come when absent.
    pub(crate) pace: Option<u32>,
}

/// How long every answer took.
pub(crate) struct Measured {
    answers: Vec<Duration>,
    time: Duration,
}

impl Measured {
    pub(crate) fn per_second(&self) -> f64 {
        let answers = u32::try_from(self.answers.len()).unwrap_or(u32::MAX);
        f64::from(answers) / self.time.as_secs_f64()
    }

    pub(crate) fn answers(&self) -> usize {
        self.answers.len()
    }

    /// A quantile of the answer times in milliseconds.
    pub(crate) fn quantile_ms(&self, quantile: f64) -> f64 {
        let mut sorted = self.answers.clone();
        sorted.sort();
        let below = sorted.iter().enumerate().find(|(place, _)| {
            let place = u32::try_from(place + 1).unwrap_or(u32::MAX);
            let all = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
            f64::from(place) >= quantile * f64::from(all)
        });
        below.map_or(0.0, |(_, time)| time.as_secs_f64() * 1e3)
    }
}

impl Load {
    pub(crate) fn run(&self, target: &Target) -> anyhow::Result<Measured> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        runtime.block_on(async {
            let started = Instant::now();
            let until = started + self.time;
            let every = self.pace.map(|pace| {
                let share = u32::try_from(self.connections).unwrap_or(1);
                Duration::from_secs(1) * share / pace
            });
            let clients = (0..self.connections).map(|_| client(target, until, every));
            let answers = join_all(clients).await?;
            Ok(Measured { answers, time: started.elapsed() })
        })
    }
}

async fn join_all(
    clients: impl Iterator<Item = impl Future<Output = anyhow::Result<Vec<Duration>>>>,
) -> anyhow::Result<Vec<Duration>> {
    let mut pinned: Vec<_> = clients.map(Box::pin).collect();
    let mut all = Vec::new();
    std::future::poll_fn(|context| {
        let mut failure = None;
        pinned.retain_mut(|client| match client.as_mut().poll(context) {
            std::task::Poll::Pending => true,
            std::task::Poll::Ready(Ok(answers)) => {
                all.extend(answers);
                false
            }
            std::task::Poll::Ready(Err(error)) => {
                failure = Some(error);
                false
            }
        });
        match failure {
            Some(error) => std::task::Poll::Ready(Err(error)),
            None if pinned.is_empty() => std::task::Poll::Ready(Ok(())),
            None => std::task::Poll::Pending,
        }
    })
    .await?;
    Ok(all)
}

async fn client(target: &Target, until: Instant, every: Option<Duration>) -> anyhow::Result<Vec<Duration>> {
    let mut stream = TcpStream::connect(target.address).await?;
    stream.set_nodelay(true)?;
    let mut tick = every.map(tokio::time::interval);
    let mut answers = Vec::new();
    let mut buffer = vec![0_u8; 4096];
    while Instant::now() < until {
        if let Some(tick) = &mut tick {
            tick.tick().await;
        }
        let request = target.request(NEXT.fetch_add(1, Ordering::Relaxed));
        let sent = Instant::now();
        stream.write_all(&request).await?;
        answer(&mut stream, &mut buffer, target.expected).await?;
        answers.push(sent.elapsed());
    }
    Ok(answers)
}

/// Reads one answer to its end.
async fn answer(stream: &mut TcpStream, buffer: &mut [u8], expected: u16) -> anyhow::Result<()> {
    let mut filled = 0;
    loop {
        let read = stream.read(buffer.get_mut(filled..).context("an answer is too long")?).await?;
        if read == 0 {
            bail!("the connection was closed");
        }
        filled += read;
        let text = std::str::from_utf8(buffer.get(..filled).unwrap_or_default())?;
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.trim().parse::<usize>().ok())
            .context("an answer without a length")?;
        if body.len() < length {
            continue;
        }
        let status = head.split(' ').nth(1).and_then(|s| s.parse::<u16>().ok());
        if status != Some(expected) {
            bail!("answered {status:?} instead of {expected}: {body}");
        }
        return Ok(());
    }
}
