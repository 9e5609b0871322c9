//! The two processes under load.

use crate::load::Target;
use anyhow::{Context, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long the queue may take to run empty.
const SETTLE_MAX: Duration = Duration::from_secs(120);

/// A child process that ends with its owner.
struct Process(Child);

/// What a process has computed so far, by the names of its threads, user and system together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Computed(BTreeMap<String, Duration>);

impl Computed {
    /// Reads it from the system's own account; a thread that has ended is not in it any more.
    fn of(process: u32) -> anyhow::Result<Self> {
        let mut computed = Self::default();
        for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
            let thread = thread?.path();
            let name = std::fs::read_to_string(thread.join("comm"))?.trim().to_owned();
            let times = std::fs::read_to_string(thread.join("schedstat"))?;
            let nanos = times.split_whitespace().next().context("no schedstat")?.parse()?;
            *computed.0.entry(name).or_default() += Duration::from_nanos(nanos);
        }
        Ok(computed)
    }

    /// What was computed since `before`.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let spent = self.0.iter().map(|(name, time)| {
            (name.clone(), time.saturating_sub(before.0.get(name).copied().unwrap_or_default()))
        });
        Self(spent.collect())
    }

    /// Adds what another stretch of time has cost.
    pub(crate) fn add(&mut self, other: &Self) {
        for (name, time) in &other.0 {
            *self.0.entry(name.clone()).or_default() += *time;
        }
    }

    /// Microseconds for each of `answers`: all, and the threads that matter.
    pub(crate) fn per_answer(&self, answers: usize) -> String {
        let answers = f64::from(u32::try_from(answers.max(1)).unwrap_or(u32::MAX));
        let each = |time: Duration| time.as_secs_f64() * 1e6 / answers;
        let parts: Vec<String> = self
            .0
            .iter()
            .map(|(name, time)| (name, each(*time)))
            .filter(|(_, each)| *each >= 0.5)
            .map(|(name, each)| format!("{name} {each:.1}"))
            .collect();
        format!("{:.1} µs ({})", each(self.0.values().sum()), parts.join(", "))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself; either way it is gone afterwards.
        let _gone = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn first_line(child: &mut Child) -> anyhow::Result<String> {
    let stdout = child.stdout.take().context("the child has no stdout")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// The baseline, in a process of its own.
pub(crate) struct Hello {
    process: Process,
    pub(crate) target: Target,
}

impl Hello {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe()?;
        let mut child = Command::new(program).arg("--hello").stdout(Stdio::piped()).spawn()?;
        let address = first_line(&mut child)?.parse().context("the baseline said no address")?;
        let target = Target { address, path: "/".to_owned(), action: "buy", expected: 200 };
        Ok(Self { process: Process(child), target })
    }

    pub(crate) fn computed(&self) -> anyhow::Result<Computed> {
        Computed::of(self.process.0.id())
    }
}

/// `pitwire serve` on a fresh data directory.
pub(crate) struct Pitwire {
    data_dir: TempDir,
    process: Process,
    local_url: String,
}

impl Pitwire {
    pub(crate) fn start() -> anyhow::Result<Self> {
        let data_dir = tempfile::tempdir()?;
        let mut child = command(&data_dir)
            .args(["serve", "--port", "0"])
            .env("PITWIRE_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let ready: Value = serde_json::from_str(&first_line(&mut child)?).context("serve is not ready")?;
        let local_url = ready["local_url"].as_str().context("serve said no address")?.to_owned();
        Ok(Self { data_dir, process: Process(child), local_url })
    }

    /// A webhook without a rate limit on an account of its own that can pay for everything.
    pub(crate) fn webhook(&self, name: &str, action: &'static str) -> anyhow::Result<Target> {
        let account = self.run(&[
            "account",
            "add",
            "--name",
            name,
            "--cash",
            "1000000000000",
            "--set",
            "max_entries=1000000000",
        ])?;
        let account = account["account"]["id"].as_str().context("no account")?.to_owned();
        let made = self.run(&["webhook", "add", "--name", name, "--rate", "off", "--account", &account])?;
        let path = made["url_path"].as_str().context("no webhook")?.to_owned();
        let address = self.local_url.trim_start_matches("http://").parse()?;
        Ok(Target { address, path, action, expected: 202 })
    }

    fn run(&self, arguments: &[&str]) -> anyhow::Result<Value> {
        let output = command(&self.data_dir).args(arguments).output()?;
        if !output.status.success() {
            bail!("pitwire {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        serde_json::from_slice(&output.stdout).context("pitwire printed no JSON")
    }

    /// Waits until nothing is left to be decided, and says how long it took.
    pub(crate) fn settle(&self) -> anyhow::Result<Duration> {
        let started = Instant::now();
        while started.elapsed() < SETTLE_MAX {
            if self.counted("received")? == 0 {
                return Ok(started.elapsed());
            }
        }
        bail!("signals are still waiting after {SETTLE_MAX:?}")
    }

    fn counted(&self, status: &str) -> anyhow::Result<u64> {
        let webhooks = self.run(&["webhook", "list"])?;
        let all = webhooks["webhooks"].as_array().context("no webhooks")?;
        Ok(all.iter().filter_map(|w| w["counts"][status].as_u64()).sum())
    }

    pub(crate) fn counts(&self) -> anyhow::Result<String> {
        let (executed, rejected) = (self.counted("executed")?, self.counted("rejected")?);
        Ok(format!("{} ({executed} executed, {rejected} denied)", self.counted("all")?))
    }

    pub(crate) fn computed(&self) -> anyhow::Result<Computed> {
        Computed::of(self.process.0.id())
    }

    /// What the process holds in memory, where the system says so.
    pub(crate) fn resident_mib(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.0.id()))?;
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).context("no VmRSS")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no VmRSS")?.parse()?;
        Ok(kib / 1024.0)
    }
}

fn command(data_dir: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pitwire"));
    command.arg("--data-dir").arg(data_dir.path()).arg("--json").env("PITWIRE_SECRETS_BACKEND", "file");
    command
}
