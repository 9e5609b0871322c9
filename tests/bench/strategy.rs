//! How long `pitwire strategy test` takes over a webhook with a hundred thousand stored signals. Run by
//! `cargo xtask bench --indicators`. Nothing here fails for being slow.
//!
//! The signals are sent through the real listener and decided; they lie within the newest hour, so that they share a
//! candle, and in a second measurement each is judged on its own minute's candles.

use anyhow::{Context, bail};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use tempfile::TempDir;

const SIGNALS: usize = 100_000;
const CONNECTIONS: usize = 32;
const STRATEGY: &str = r#"{"name":"Bench","format":1,"when":{"all":[
  {"left":"rsi(close,14)","op":"<","right":101,"timeframe":"TF"},
  {"left":"close","op":">","right":"sma(close,50)","timeframe":"TF"},
  {"left":"ema(close,9)","op":">","right":"ema(close,21)","timeframe":"TF"},
  {"left":"alert.price","op":"<=","right":"bb(close,20,2).upper","timeframe":"TF"}]}}"#;

fn main() -> anyhow::Result<()> {
    let desk = Desk::start()?;
    let hook = desk.run(&["webhook", "add", "--name", "Bench", "--rate", "off", "--dedupe-ms", "0"])?;
    let path = hook["url_path"].as_str().context("no webhook")?;
    let id = hook["webhook"]["id"].as_str().context("no webhook")?;
    let address = desk.address.as_str();
    thread::scope(|scope| {
        let senders: Vec<_> =
            (0..CONNECTIONS).map(|number| scope.spawn(move || send(address, path, number))).collect();
        senders.into_iter().try_for_each(|sender| sender.join().unwrap_or_else(|_| bail!("a sender broke")))
    })?;
    for (timeframe, seconds) in [("1h", 3_600), ("1m", 60)] {
        let file = desk.write("strategy.json", &STRATEGY.replace("TF", timeframe))?;
        let made = desk.run(&["strategy", "add", &file])?;
        let strategy = made["strategy"]["id"].as_str().context("no strategy")?;
        let candles = format!("{timeframe}={}", desk.write("candles.csv", &candles(seconds)?)?);
        let found = desk.run(&["strategy", "test", strategy, "--webhook", id, "--candles", &candles])?;
        let test = &found["test"];
        writeln!(
            std::io::stdout(),
            "strategy test on {timeframe} candles: {} signals, {} confirmed, {} denied, {} unknown, in {} ms",
            test["signals"],
            test["confirmed"],
            test["denied"],
            test["unknown"],
            test["took_ms"]
        )?;
    }
    Ok(())
}

/// `pitwire serve` on a fresh data directory; it ends with its owner.
struct Desk {
    folder: TempDir,
    process: Child,
    address: String,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _gone = self.process.kill().and_then(|()| self.process.wait());
    }
}

impl Desk {
    fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut process = command(&folder)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("pitwire cannot be started")?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("pitwire has no stdout")?).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("pitwire is not ready")?;
        let url = ready["local_url"].as_str().context("pitwire said no address")?;
        Ok(Self { address: url.trim_start_matches("http://").to_owned(), folder, process })
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = command(&self.folder).args(arguments).output()?;
        if !output.status.success() {
            bail!("pitwire {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("pitwire printed no JSON")
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<String> {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pitwire"));
    command.arg("--json").env("PITWIRE_DATA_DIR", folder.path().join("data"));
    command.env("PITWIRE_SECRETS_BACKEND", "file").env("PITWIRE_LOG", "error");
    command
}

/// Sends its share of the signals, each when the one before was answered.
fn send(address: &str, path: &str, number: usize) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let mut answer = [0_u8; 4_096];
    for index in 0..SIGNALS / CONNECTIONS {
        let body = format!(
            r#"{{"action":"buy","symbol":"BTCUSDT","price":100.{:02},"quantity":"1","id":"{number}-{index}"}}"#,
            index % 100
        );
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let read = stream.read(&mut answer)?;
        if !answer[..read].starts_with(b"HTTP/1.1 202") {
            bail!("not accepted: {}", String::from_utf8_lossy(&answer[..read]));
        }
    }
    Ok(())
}

/// Candles that end with the present one: more than the strategy needs, and enough for the time the sending takes.
fn candles(seconds: i64) -> anyhow::Result<String> {
    let now = Command::new("date").arg("+%s").output().context("there is no date")?;
    let now: i64 = String::from_utf8(now.stdout)?.trim().parse()?;
    let last = now - now % seconds;
    let mut csv = String::from("time,open,high,low,close,volume\n");
    for index in 0..2_000 {
        let time = last - seconds * (2_000 - index);
        let close = 10_000 + (index * 7_919) % 613 - (index * 104_729) % 577;
        writeln!(csv, "{time},{close},{},{},{close},{}", close + 40, close - 40, 100 + index % 17)?;
    }
    Ok(csv)
}
