//! A data directory of its own with the real program on it, on a port of its own.

use super::http::request;
use super::{Answer, Hook, PATIENCE, Run, eventually, exchange, pause, plain, rows, run_to_end, text};
use serde_json::{Value, json};
use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tempfile::TempDir;

/// No test asks a real venue: a port on which nothing listens, unless the test names a venue of its own.
const NOWHERE: [(&str, &str); 10] = [
    ("PITWIRE_MARKET_BINANCE_REST_URL", "http://127.0.0.1:9"),
    ("PITWIRE_MARKET_BINANCE_WS_URL", "ws://127.0.0.1:9"),
    ("PITWIRE_MARKET_BYBIT_REST_URL", "http://127.0.0.1:9"),
    ("PITWIRE_MARKET_BYBIT_WS_URL", "ws://127.0.0.1:9"),
    ("PITWIRE_MARKET_COINBASE_REST_URL", "http://127.0.0.1:9"),
    ("PITWIRE_MARKET_COINBASE_WS_URL", "ws://127.0.0.1:9"),
    ("PITWIRE_MARKET_KRAKEN_REST_URL", "http://127.0.0.1:9"),
    ("PITWIRE_MARKET_KRAKEN_WS_URL", "ws://127.0.0.1:9"),
    ("PITWIRE_MARKET_OKX_REST_URL", "http://127.0.0.1:9"),
    ("PITWIRE_MARKET_OKX_WS_URL", "ws://127.0.0.1:9"),
];

/// A desk under test. When it goes, its process is stopped in order and must leave nothing undecided.
pub(crate) struct TestDesk {
    home: TempDir,
    data_dir: PathBuf,
    environment: Vec<(String, String)>,
    serving: Option<Serving>,
    starts: usize,
    port: u16,
}

struct Serving {
    process: Child,
    address: SocketAddr,
}

impl TestDesk {
    /// A desk that listens.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Self::still().serve()
    }

    /// A desk on which nothing runs yet.
    pub(crate) fn still() -> Self {
        let home = tempfile::tempdir().unwrap();
        let data_dir = home.path().join("data");
        Self { home, data_dir, environment: Vec::new(), serving: None, starts: 0, port: 0 }
    }

    /// Sets a variable for every process that comes after.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Puts the data directory elsewhere.
    #[cfg(target_os = "linux")]
    pub(crate) fn at(mut self, data_dir: PathBuf) -> Self {
        self.data_dir = data_dir;
        self
    }

    /// Serves at the same port after every restart; one that the system gives to nobody else meanwhile.
    pub(crate) fn at_a_port_of_its_own(mut self) -> Self {
        let first = 20_000 + u16::try_from(std::process::id() % 8_000).unwrap();
        let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
        self.port = (first..30_000).find(is_free).unwrap();
        self
    }

    /// Starts `serve`.
    #[track_caller]
    pub(crate) fn serve(mut self) -> Self {
        self.serve_again();
        self
    }

    #[track_caller]
    pub(crate) fn serve_again(&mut self) {
        assert!(self.serving.is_none(), "this desk serves already");
        self.starts += 1;
        let (stdout, stderr) = (self.output("out"), self.output("err"));
        let process = self
            .command(&["serve", "--port", &self.port.to_string()])
            .stdin(Stdio::null())
            .stdout(File::create(&stdout).unwrap())
            .stderr(File::create(&stderr).unwrap())
            .spawn()
            .unwrap();
        // Owned from here on, so that a start that fails leaves no process behind.
        let mut serving = Serving { process, address: ([127, 0, 0, 1], 0).into() };
        let line = eventually("the line that says where it listens", || {
            let said = std::fs::read_to_string(&stdout).unwrap();
            if let Some(status) = serving.process.try_wait().unwrap() {
                panic!("serve ended with {status}: {}", std::fs::read_to_string(&stderr).unwrap());
            }
            said.split_once('\n').map(|(line, _)| line.to_owned())
        });
        let line: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["event"], "listening");
        let url = text(&line, "local_url");
        serving.address = url.strip_prefix("http://").unwrap().parse().unwrap();
        self.serving = Some(serving);
    }

    fn output(&self, kind: &str) -> PathBuf {
        self.home.path().join(format!("serve-{}.{kind}", self.starts))
    }

    pub(crate) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// A directory beside the data directory, with what `serve` printed.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// Writes a file beside the data directory.
    pub(crate) fn file(&self, name: &str, contents: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path.to_str().unwrap().to_owned()
    }

    #[track_caller]
    pub(crate) fn address(&self) -> SocketAddr {
        self.serving.as_ref().expect("this desk does not serve").address
    }

    #[track_caller]
    pub(crate) fn pid(&self) -> u32 {
        self.serving.as_ref().expect("this desk does not serve").process.id()
    }

    /// The program with its data directory and its surroundings.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pitwire"));
        let inherited = std::env::vars_os().map(|(name, _)| name);
        for name in inherited.filter(|name| name.to_string_lossy().starts_with("PITWIRE_")) {
            command.env_remove(name);
        }
        command
            .arg("--data-dir")
            .arg(&self.data_dir)
            .args(arguments)
            .env_remove("NGROK_AUTHTOKEN")
            .env("PITWIRE_SECRETS_BACKEND", "file")
            .envs(NOWHERE)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run_to_end(&mut self.command(arguments), None)
    }

    /// Runs a command that must go well and returns its JSON.
    #[track_caller]
    pub(crate) fn pitwire(&self, arguments: &[&str]) -> Value {
        self.run(&[&["--json"], arguments].concat()).done()
    }

    /// Runs a command that must be refused and returns the code.
    #[track_caller]
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        self.run(&[&["--json"], arguments].concat()).refused()
    }

    /// Makes a webhook that takes as many alerts as come.
    #[track_caller]
    pub(crate) fn hook(&self, more: &[&str]) -> Hook {
        let arguments = ["webhook", "add", "--name", "Breakout", "--rate", "off"];
        Hook::of(&self.pitwire(&[&arguments, more].concat()))
    }

    /// The id of the account that is there from the start.
    #[track_caller]
    pub(crate) fn account(&self) -> String {
        text(&self.pitwire(&["account", "list"])["accounts"][0], "id").to_owned()
    }

    /// Changes a setting of that account.
    #[track_caller]
    pub(crate) fn set(&self, setting: &str) {
        self.pitwire(&["account", "set", &self.account(), setting]);
    }

    /// Posts a body to a path.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.request("POST", path, &[("Content-Type", "application/json")], body.as_bytes())
    }

    /// Sends any request.
    #[track_caller]
    pub(crate) fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let address = self.address();
        exchange(address, &request(method, path, &address.to_string(), headers, body))
    }

    /// Posts a body that must be accepted, and waits until its signal is decided.
    #[track_caller]
    pub(crate) fn decided(&self, path: &str, body: &str) -> Value {
        let answer = self.post(path, body);
        assert_eq!(answer.status, 202, "{} for {body}", answer.body);
        self.outcome(&answer.text("signalId"))
    }

    /// Posts a body that must be executed.
    #[track_caller]
    pub(crate) fn executed(&self, path: &str, body: &str) -> Value {
        let signal = self.decided(path, body);
        assert_eq!(signal["status"], "executed", "{signal}");
        signal
    }

    /// A signal once it is decided, in full.
    #[track_caller]
    pub(crate) fn outcome(&self, id: &str) -> Value {
        eventually("the decision", || {
            let signal = self.show(id);
            (signal["status"] != "received").then_some(signal)
        })
    }

    /// A signal in full.
    #[track_caller]
    pub(crate) fn show(&self, id: &str) -> Value {
        self.pitwire(&["signal", "show", id])["signal"].clone()
    }

    /// A webhook as its card shows it.
    #[track_caller]
    pub(crate) fn webhook(&self, id: &str) -> Value {
        self.pitwire(&["webhook", "show", id])["webhook"].clone()
    }

    /// The history, newest first; up to 500 rows.
    #[track_caller]
    pub(crate) fn signals(&self) -> Vec<Value> {
        rows(&self.pitwire(&["signal", "list", "--limit", "500"])["signals"]).to_vec()
    }

    /// How many signals wait for their decision; up to 500.
    #[track_caller]
    pub(crate) fn received(&self) -> usize {
        let waiting = self.pitwire(&["signal", "list", "--status", "received", "--limit", "500"]);
        rows(&waiting["signals"]).len()
    }

    /// `SYMBOL quantity` of every open position.
    #[track_caller]
    pub(crate) fn positions(&self) -> Vec<String> {
        let listed = self.pitwire(&["position", "list"]);
        let shown = |p: &Value| format!("{} {}", text(p, "symbol"), plain(text(p, "quantity")));
        rows(&listed["positions"]).iter().map(shown).collect()
    }

    /// Every fill.
    #[track_caller]
    pub(crate) fn fills(&self) -> Vec<Value> {
        rows(&self.pitwire(&["fill", "list"])["fills"]).to_vec()
    }

    /// The outcome of every check of `doctor`.
    #[track_caller]
    pub(crate) fn doctor(&self) -> Value {
        let checks = self.run(&["doctor", "--json"]).json();
        let outcome = |c: &Value| (text(c, "name").to_owned(), c["outcome"].clone());
        json!(rows(&checks["checks"]).iter().map(outcome).collect::<std::collections::BTreeMap<_, _>>())
    }

    /// Ends `serve` as a crash does.
    #[track_caller]
    pub(crate) fn kill(&mut self) {
        let mut serving = self.serving.take().expect("this desk does not serve");
        serving.process.kill().unwrap();
        serving.process.wait().unwrap();
    }

    /// Ends `serve`, in order wherever a process can ask another one to end.
    #[track_caller]
    pub(crate) fn stop(&mut self) {
        let mut serving = self.serving.take().expect("this desk does not serve");
        terminate(&mut serving.process);
        let started = Instant::now();
        loop {
            if let Some(status) = serving.process.try_wait().unwrap() {
                assert!(status.success() || !STOPS_IN_ORDER, "serve ended with {status}");
                return;
            }
            assert!(started.elapsed() < PATIENCE, "serve does not stop");
            pause();
        }
    }
}

/// Whether a process can be asked to end: on Windows only those of the same console can, and tests have none.
pub(crate) const STOPS_IN_ORDER: bool = cfg!(unix);

/// Asks a process to end, or ends it.
fn terminate(process: &mut Child) {
    if STOPS_IN_ORDER {
        let asked = Command::new("kill").arg("-TERM").arg(process.id().to_string()).status().unwrap();
        assert!(asked.success(), "kill: {asked}");
    } else {
        process.kill().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It has ended already, or a test failed and nobody asks how it ends.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

impl Drop for TestDesk {
    fn drop(&mut self) {
        if std::thread::panicking() || self.serving.is_none() {
            return;
        }
        self.stop();
        assert!(self.received() == 0 || !STOPS_IN_ORDER, "signals are left undecided");
    }
}
