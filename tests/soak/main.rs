//! Alerts through the tunnel for minutes, with cuts and sleeps of the machine: nothing acknowledged may be lost, and
//! memory, tasks and file descriptors must stay flat. Run by `cargo xtask soak --minutes N`.
//!
//! A sleep is simulated by stopping the process for longer than a jump of the clock that is taken for one.

mod sender;
mod vital;

use anyhow::{Context, bail, ensure};
use sender::Sender;
use serde_json::Value;
use standin::Edge;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vital::{Vital, Vitals};

/// Between two looks at memory, tasks and file descriptors.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Between two cuts.
const CUT_EVERY: Duration = Duration::from_secs(15);
/// Between two sleeps, and how long one is: five seconds between two looks at the clock, and fifteen that are borne.
const SLEEP_EVERY: Duration = Duration::from_secs(75);
const SLEEP: Duration = Duration::from_secs(23);
/// How long the tunnel may need to be back at the end.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` runs every benchmark once; this one is only run when it is asked for.
    let Some(minutes) = std::env::var("PITWIRE_SOAK_MINUTES").ok() else { return Ok(()) };
    let minutes: u64 = minutes.parse().context("PITWIRE_SOAK_MINUTES must be a number")?;
    let edge = Edge::start(&["localhost"])?;
    let desk = Desk::start(&edge)?;
    let path = desk.webhook()?;
    desk.online()?;
    let sender = Arc::new(Sender::new(edge.public_addr(), path));
    let sending = sender.start();
    let watched = watch(&edge, &desk, Duration::from_secs(minutes * 60));
    sender.stop();
    sending.join().map_err(|_| anyhow::anyhow!("the sender broke"))?;
    let (vitals, cuts, sleeps) = watched?;
    desk.online()?;
    report(&desk, &sender, &vitals, cuts, sleeps)
}

/// Cuts, sleeps and looks until the time is over.
fn watch(edge: &Edge, desk: &Desk, time: Duration) -> anyhow::Result<(Vitals, u32, u32)> {
    let began = Instant::now();
    let (mut cut_at, mut slept_at) = (began, began);
    let (mut cuts, mut sleeps) = (0, 0);
    let mut vitals = Vitals::default();
    while began.elapsed() < time {
        std::thread::park_timeout(LOOK_EVERY);
        let vital = Vital::of(desk.child.id(), desk.tasks()?)?;
        say(&format!("{:>5} s  {vital}", began.elapsed().as_secs()))?;
        vitals.push(vital);
        if slept_at.elapsed() >= SLEEP_EVERY {
            desk.signal("STOP")?;
            let until = Instant::now() + SLEEP;
            while Instant::now() < until {
                std::thread::park_timeout(until.saturating_duration_since(Instant::now()));
            }
            desk.signal("CONT")?;
            sleeps += 1;
            slept_at = Instant::now();
            cut_at = slept_at;
        } else if cut_at.elapsed() >= CUT_EVERY {
            edge.cut();
            cuts += 1;
            cut_at = Instant::now();
        }
    }
    Ok((vitals, cuts, sleeps))
}

fn report(desk: &Desk, sender: &Sender, vitals: &Vitals, cuts: u32, sleeps: u32) -> anyhow::Result<()> {
    let history = desk.text(&["signal", "export", "--format", "ndjson"])?;
    let mut executed = std::collections::BTreeMap::<String, u32>::new();
    for line in history.lines() {
        let signal: Value = serde_json::from_str(line)?;
        if signal["status"] == "executed" || signal["status"] == "received" {
            *executed.entry(signal["id"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
        }
    }
    let acknowledged = sender.acknowledged();
    let lost = acknowledged.iter().filter(|id| !executed.contains_key(*id)).count();
    let timeline = desk.run(&["tunnel", "timeline", "--limit", "500"])?;
    let gaps = timeline["gaps"].as_array().map_or(0, Vec::len);
    say(&format!(
        "{} alerts acknowledged, {lost} lost, {} in the log; {cuts} cuts, {sleeps} sleeps, {gaps} gaps in the timeline",
        acknowledged.len(),
        executed.len()
    ))?;
    say(&vitals.summary())?;
    ensure!(lost == 0, "acknowledged alerts are lost");
    ensure!(executed.values().all(|n| *n == 1), "a signal is in the log twice");
    vitals.judge()
}

/// `pitwire serve` behind the edge.
struct Desk {
    home: TempDir,
    environment: Vec<(&'static str, String)>,
    child: Child,
}

impl Desk {
    fn start(edge: &Edge) -> anyhow::Result<Self> {
        let home = tempfile::tempdir()?;
        let ca = home.path().join("ca.pem");
        std::fs::write(&ca, edge.ca_pem())?;
        let environment = vec![
            ("PITWIRE_SECRETS_BACKEND", "file".to_owned()),
            ("PITWIRE_TUNNEL_SERVER_ADDR", edge.server_addr()),
            ("PITWIRE_TUNNEL_ROOT_CAS", ca.display().to_string()),
            ("PITWIRE_TUNNEL_BACKOFF_MAX_S", "1".to_owned()),
            ("PITWIRE_TUNNEL_HEARTBEAT_S", "1".to_owned()),
            ("PITWIRE_LOG", "warn,desk::tunnel=debug".to_owned()),
            ("NGROK_AUTHTOKEN", standin::edge::AUTHTOKEN.to_owned()),
        ];
        let mut child = command(&home, &environment)
            .args(["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut stdout = BufReader::new(child.stdout.take().context("no stdout")?);
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        ensure!(line.contains("listening"), "serve is not ready: {line}");
        // What follows is read away, so that the pipe does not fill.
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).for_each(drop));
        Ok(Self { home, environment, child })
    }

    fn webhook(&self) -> anyhow::Result<String> {
        let account =
            ["account", "add", "--name", "Soak", "--cash", "1000000000", "--set", "max_entries=1000000"];
        let account = self.run(&account)?["account"]["id"].as_str().context("no account")?.to_owned();
        let made = self.run(&["webhook", "add", "--name", "Soak", "--rate", "off", "--account", &account])?;
        Ok(made["url_path"].as_str().context("no webhook")?.to_owned())
    }

    fn online(&self) -> anyhow::Result<()> {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self.run(&["tunnel", "status"])?["tunnel"]["state"] == "online" {
                return Ok(());
            }
            std::thread::park_timeout(Duration::from_millis(100));
        }
        bail!("the tunnel is not online after {PATIENCE:?}")
    }

    fn text(&self, arguments: &[&str]) -> anyhow::Result<String> {
        let output = command(&self.home, &self.environment).args(arguments).output()?;
        ensure!(
            output.status.success(),
            "pitwire {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.text(&[&["--json"], arguments].concat())?)?)
    }

    fn signal(&self, name: &str) -> anyhow::Result<()> {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([format!("-{name}"), pid]).status()?;
        ensure!(sent.success(), "kill -{name}: {sent}");
        Ok(())
    }

    /// The tasks that are alive, as the log last said.
    fn tasks(&self) -> anyhow::Result<u64> {
        let mut newest = 0;
        for entry in std::fs::read_dir(self.home.path().join("data/logs"))? {
            for line in std::fs::read_to_string(entry?.path())?.lines() {
                let line: Value = serde_json::from_str(line).unwrap_or(Value::Null);
                newest = line["runtime.tasks"].as_u64().unwrap_or(newest);
            }
        }
        Ok(newest)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _gone = self.child.kill().and_then(|()| self.child.wait());
    }
}

fn command(home: &TempDir, environment: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pitwire"));
    command.arg("--data-dir").arg(home.path().join("data"));
    command.envs(environment.iter().map(|(name, value)| (*name, value)));
    command
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("stdout cannot be written")
}
