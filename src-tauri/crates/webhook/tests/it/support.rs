//! A listener on a loopback port, what stands behind it, and raw requests to it.

use domain::{ReasonCode, SignalId, Timestamp, WebhookId};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;
use vault::{AppKey, SigningKey, Token};
use webhook::{
    AcceptAnswer, Arrival, Clock, Directory, Drained, Entry, Gate, GateParts, Limits, Note, Rate, Refusal,
    SignalSink, Snapshot, StrategyState, Via, serve,
};

/// No test waits longer than this for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
/// 2026-05-08T06:20:00Z.
pub(crate) const NOW_S: i64 = 1_778_221_200;
/// A message that every webhook of these tests accepts.
pub(crate) const BUY: &str = r#"{"action":"buy","symbol":"BTCUSDT"}"#;

/// A clock that stands still until it is moved.
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms * 1000, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
    fn monotonic_us(&self) -> u64 {
        u64::try_from(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A directory whose snapshot may be older than what is stored.
#[derive(Default)]
pub(crate) struct Book {
    stored: Mutex<Arc<Snapshot>>,
    at_hand: Mutex<Arc<Snapshot>>,
    pub(crate) refreshes: AtomicUsize,
    /// Another request looks just before this one does.
    pub(crate) overtaken: AtomicBool,
}

impl Book {
    /// Another process changes something; the snapshot at hand does not know.
    pub(crate) fn change_unseen(&self, change: impl FnOnce(&mut Snapshot)) {
        let mut stored = self.stored.lock().unwrap();
        let mut snapshot = (**stored).clone();
        change(&mut snapshot);
        snapshot.generation += 1;
        *stored = Arc::new(snapshot);
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Snapshot)) {
        self.change_unseen(change);
        *self.at_hand.lock().unwrap() = Arc::clone(&self.stored.lock().unwrap());
    }

    pub(crate) fn generation(&self) -> u64 {
        self.stored.lock().unwrap().generation
    }
}

impl Directory for Book {
    fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.at_hand.lock().unwrap())
    }

    async fn refresh(&self) -> bool {
        self.refreshes.fetch_add(1, Ordering::SeqCst);
        let stored = Arc::clone(&self.stored.lock().unwrap());
        let mut at_hand = self.at_hand.lock().unwrap();
        let overtaken = self.overtaken.load(Ordering::SeqCst);
        let changed = !overtaken && stored.generation != at_hand.generation;
        *at_hand = stored;
        changed
    }
}

/// A log in memory. It takes everything, unless told what to answer next.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) arrivals: Mutex<Vec<Arrival>>,
    pub(crate) refusals: Mutex<Vec<Refusal>>,
    pub(crate) notes: Mutex<Vec<Note>>,
    pub(crate) next: Mutex<VecDeque<AcceptAnswer>>,
    /// While set, `accept` waits for `go_on`.
    pub(crate) hold: AtomicBool,
    pub(crate) held: Notify,
    pub(crate) go_on: Notify,
    pub(crate) ready: AtomicBool,
    ids: AtomicUsize,
    book: Arc<Book>,
}

impl Log {
    fn id(&self) -> SignalId {
        SignalId::parse(&format!("sig_{}", self.ids.fetch_add(1, Ordering::SeqCst) + 1)).unwrap()
    }

    pub(crate) fn full_notes(&self) -> Vec<Refusal> {
        let full = |note: &Note| match note {
            Note::Full(refusal) => Some((**refusal).clone()),
            Note::Repeated { .. } => None,
        };
        self.notes.lock().unwrap().iter().filter_map(full).collect()
    }

    pub(crate) fn repeated(&self) -> Vec<ReasonCode> {
        let repeated = |note: &Note| match note {
            Note::Full(_) => None,
            Note::Repeated { code, .. } => Some(*code),
        };
        self.notes.lock().unwrap().iter().filter_map(repeated).collect()
    }
}

impl SignalSink for Log {
    async fn accept(&self, arrival: Arrival) -> AcceptAnswer {
        if self.hold.load(Ordering::SeqCst) {
            self.held.notify_one();
            self.go_on.notified().await;
        }
        if let Some(answer) = self.next.lock().unwrap().pop_front() {
            return answer;
        }
        if arrival.generation != self.book.generation() {
            return AcceptAnswer::Stale;
        }
        let ids = arrival.reading.signals.iter().map(|_| self.id()).collect();
        self.arrivals.lock().unwrap().push(arrival);
        AcceptAnswer::Accepted { ids }
    }

    async fn refuse(&self, refusal: Refusal) -> Option<SignalId> {
        self.refusals.lock().unwrap().push(refusal);
        Some(self.id())
    }

    async fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }

    fn note(&self, note: Note) {
        self.notes.lock().unwrap().push(note);
    }
}

/// A webhook, its token and its signing key.
pub(crate) struct Hook {
    pub(crate) id: WebhookId,
    pub(crate) token: Token,
    pub(crate) signing: SigningKey,
}

impl Hook {
    pub(crate) fn path(&self) -> String {
        format!("/webhooks/tradingview/{}/{}", self.id, self.token.expose())
    }
}

pub(crate) struct Listener {
    pub(crate) book: Arc<Book>,
    pub(crate) log: Arc<Log>,
    pub(crate) clock: Arc<Hands>,
    pub(crate) gate: Arc<Gate<Book, Log>>,
    pub(crate) address: std::net::SocketAddr,
    pub(crate) stop: Option<oneshot::Sender<()>>,
    pub(crate) served: Option<JoinHandle<Drained>>,
}

pub(crate) fn app_key() -> AppKey {
    AppKey::from_bytes(&[42; 32])
}

/// A webhook without limits; its token is 32 times `letter`.
pub(crate) fn hook(part: &str, fill: u8) -> (Hook, Entry) {
    let id = WebhookId::parse(&format!("wh_{part}")).unwrap();
    let token = Token::generate(&id, &mut |b| b.fill(fill)).unwrap();
    let entry = Entry {
        token: app_key().digest(token.expose()),
        token_expires: None,
        signing_generation: 1,
        paused: false,
        strategy: StrategyState::None,
        allow: Vec::new(),
        rate: Rate::Off,
        settings: dialect::Settings::default(),
    };
    let signing = SigningKey::derive(&app_key(), &id, 1);
    (Hook { id, token, signing }, entry)
}

impl Listener {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default(), Via::Local).await
    }

    pub(crate) async fn with(limits: Limits, via: Via) -> Self {
        let book = Arc::new(Book::default());
        let log = Arc::new(Log { book: Arc::clone(&book), ..Log::default() });
        let clock = Arc::new(Hands(AtomicI64::new(NOW_S * 1_000_000)));
        let gate = Gate::new(GateParts {
            key: app_key(),
            directory: Arc::clone(&book),
            sink: Arc::clone(&log),
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            limits,
        });
        let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _told = stopped.await.is_ok();
        };
        let served = tokio::spawn(serve(socket, Arc::clone(&gate), via, shutdown));
        Self { book, log, clock, gate, address, stop: Some(stop), served: Some(served) }
    }

    /// Adds a webhook, changed by `change`.
    pub(crate) fn add(&self, part: &str, change: impl FnOnce(&mut Entry)) -> Hook {
        let (hook, mut entry) = hook(part, 1);
        change(&mut entry);
        self.book.change(|s| {
            s.entries.insert(hook.id.clone(), Arc::new(entry));
        });
        hook
    }

    /// Changes a webhook.
    pub(crate) fn edit(&self, hook: &Hook, change: impl FnOnce(&mut Entry)) {
        self.book.change(|s| edit(s, hook, change));
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends raw bytes on a connection of their own and reads the first answer.
    pub(crate) async fn raw(&self, request: &[u8]) -> Reply {
        let mut stream = self.connect().await;
        let (mut read, mut write) = stream.split();
        // The listener may answer and close before everything is sent, so both happen at once.
        let (sent, reply) = tokio::join!(write.write_all(request), Reply::read(&mut read));
        let _refused_early = sent.is_err();
        reply
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Reply {
        self.post_with(path, &[], body.as_bytes()).await
    }

    pub(crate) async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.raw(&request("POST", path, headers, body)).await
    }
}

pub(crate) fn edit(snapshot: &mut Snapshot, hook: &Hook, change: impl FnOnce(&mut Entry)) {
    let mut entry = (*snapshot.entries[&hook.id]).clone();
    change(&mut entry);
    snapshot.entries.insert(hook.id.clone(), Arc::new(entry));
}

/// A request with Host and Content-Length, unless `headers` has its own Host.
pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        text.push_str("Host: 127.0.0.1:8787\r\n");
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
    [text.as_bytes(), body].concat()
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) async fn read(stream: &mut (impl AsyncReadExt + Unpin)) -> Self {
        tokio::time::timeout(PATIENCE, Self::read_patiently(stream)).await.expect("no answer")
    }

    async fn read_patiently(stream: &mut (impl AsyncReadExt + Unpin)) -> Self {
        let mut bytes = Vec::new();
        loop {
            if let Some(reply) = Self::parse(&bytes) {
                return reply;
            }
            let mut piece = [0; 4096];
            let count = stream.read(&mut piece).await.expect("the connection broke before the answer");
            assert!(count > 0, "closed after {:?}", String::from_utf8_lossy(&bytes));
            bytes.extend_from_slice(&piece[..count]);
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (head, body) = text.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let length = header(&head, "content-length").map_or(0, |l| l.parse().unwrap());
        let status = head.split(' ').nth(1)?.parse().ok()?;
        (body.len() >= length).then(|| Self { status, body: body[..length].to_owned(), head })
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or(serde_json::Value::Null)
    }

    /// `code` of an error, `status` of an answer that is none.
    pub(crate) fn code(&self) -> String {
        let json = self.json();
        let text = json.get("code").or_else(|| json.get("status"));
        text.and_then(|c| c.as_str()).unwrap_or_default().to_owned()
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": "))
}

/// Waits for the end of a connection and says what came before it.
pub(crate) async fn rest_of(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset ends a connection as well as an orderly close does.
    let end = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.expect("still open");
    let _reset = end.is_err();
    String::from_utf8_lossy(&bytes).into_owned()
}
