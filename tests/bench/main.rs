//! How fast the listener accepts alerts durably, as a ratio to an axum hello-world that answers the same requests in
//! the same minutes: the disk and the machine change, the ratio stays. Run by `cargo xtask bench`.
//!
//! `PITWIRE_BENCH_ROUNDS` and `PITWIRE_BENCH_SECONDS` shorten or lengthen it. Nothing here fails for being slow.

mod hello;
mod load;
mod server;

use anyhow::Context;
use load::{Load, Target};
use server::{Hello, Pitwire};
use std::io::Write;
use std::time::Duration;

/// Connections of the load.
const CONNECTIONS: usize = 64;
/// Alerts a second of the paced run.
const PACE: u32 = 100;

struct Round {
    hello: f64,
    accept: f64,
    execute: f64,
}

fn main() -> anyhow::Result<()> {
    if std::env::args().any(|argument| argument == "--hello") {
        return hello::serve();
    }
    let rounds = number("PITWIRE_BENCH_ROUNDS", 5);
    let time = Duration::from_secs(number("PITWIRE_BENCH_SECONDS", 4));
    let hello = Hello::start()?;
    let pitwire = Pitwire::start()?;
    let executing = pitwire.webhook("executes", "buy")?;
    let denied = pitwire.webhook("denied", "close")?;
    let mut measured = Vec::new();
    for round in 1..=rounds {
        let measure = |target: &Target| Load { connections: CONNECTIONS, time, pace: None }.run(target);
        let result = Round {
            hello: measure(&hello.target)?.per_second(),
            accept: measure(&denied)?.per_second(),
            execute: measure(&executing)?.per_second(),
        };
        let settled = pitwire.settle()?;
        say(&format!(
            "round {round}: hello {:.0}/s, accept {:.0}/s, accept and execute {:.0}/s, queue empty after {:.1} s",
            result.hello,
            result.accept,
            result.execute,
            settled.as_secs_f64()
        ))?;
        measured.push(result);
    }
    let paced = Load { connections: 4, time, pace: Some(PACE) }.run(&executing)?;
    let counts = pitwire.counts()?;
    say(&format!(
        "accept / hello:             {:.2}  (goal 0.50)",
        median(measured.iter().map(|r| r.accept / r.hello))
    ))?;
    say(&format!(
        "accept and execute / hello: {:.2}  (goal 0.40)",
        median(measured.iter().map(|r| r.execute / r.hello))
    ))?;
    say(&format!(
        "paced {PACE}/s: p50 {:.2} ms, p99 {:.2} ms",
        paced.quantile_ms(0.50),
        paced.quantile_ms(0.99)
    ))?;
    say(&format!("resident memory of serve:   {:.1} MiB  (goal under 30)", pitwire.resident_mib()?))?;
    say(&format!("signals stored: {counts}"))
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("stdout cannot be written")
}
