//! How many signals a second `pitwire simulate --summary` takes, and what it holds in memory while it does, at a
//! hundred thousand and at a million. Run by `cargo xtask bench --simulate`. Nothing here fails for being slow.
//!
//! Two streams: round trips, where every signal is executed, and denials, where every signal after the first is
//! refused by the position that is open. A price comes with every tenth signal, so that none is too old.

use anyhow::{Context, bail};
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() -> anyhow::Result<()> {
    for (name, words) in [("round trips", ["buy", "sell"]), ("denials", ["buy", "buy"])] {
        for signals in [100_000, 1_000_000] {
            let (time, memory) = measure(&stream(words, signals)?)?;
            let seconds = time.as_secs_f64();
            let per_second = f64::from(signals) / seconds;
            writeln!(
                std::io::stdout(),
                "{name}: {signals} signals in {seconds:.2} s, {per_second:.0}/s  (goal 1000000), {memory}"
            )?;
        }
    }
    Ok(())
}

/// A second between signals keeps them apart for the rule of duplicates.
fn stream(words: [&str; 2], signals: u32) -> anyhow::Result<Vec<u8>> {
    let mut to = Vec::new();
    writeln!(
        to,
        r#"{{"config":{{"instrument":{{"symbol":"AAPL","tick":"0.01","step":"1"}},"starting_cash":"1000000"}}}}"#
    )?;
    for number in 0..signals {
        let t = u64::from(number) * 1_000;
        if number % 10 == 0 {
            let cents = number / 10 % 100;
            writeln!(to, r#"{{"t":{t},"type":"last","price":"100.{cents:02}"}}"#)?;
        }
        let word = if number % 2 == 0 { words[0] } else { words[1] };
        writeln!(to, r#"{{"t":{t},"type":"signal","action":"{word}","symbol":"AAPL","qty":"10"}}"#)?;
    }
    Ok(to)
}

/// Time, and the most memory that the process held until all but the last few lines were read.
fn measure(stream: &[u8]) -> anyhow::Result<(Duration, String)> {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pitwire"))
        .args(["simulate", "--summary"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .context("pitwire cannot be started")?;
    let mut stdin = child.stdin.take().context("pitwire has no stdin")?;
    stdin.write_all(stream)?;
    let memory = resident(child.id()).unwrap_or_else(|| "memory unknown here".to_owned());
    drop(stdin);
    let status = child.wait()?;
    if !status.success() {
        bail!("pitwire simulate ended with {status}");
    }
    Ok((started.elapsed(), memory))
}

/// What the system says of the most that a process held so far, where it says so.
fn resident(process: u32) -> Option<String> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?;
    Some(format!("at most {:.1} MiB resident", kib.parse::<f64>().ok()? / 1024.0))
}
