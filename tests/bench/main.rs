//! How fast the listener accepts alerts durably, as a ratio to an axum hello-world that answers the same requests in
//! the same minutes: the disk and the machine change, the ratio stays. What each answer has cost the server's threads
//! is counted too, until everything is decided; it changes least where others share the machine. Run by
//! `cargo xtask bench`.
//!
//! `PITWIRE_BENCH_ROUNDS` and `PITWIRE_BENCH_SECONDS` shorten or lengthen it. Nothing here fails for being slow.

mod hello;
mod load;
mod server;

use anyhow::Context;
use load::{Load, Measured};
use server::{Computed, Hello, Pitwire};
use std::io::Write;
use std::time::Duration;

/// Connections of the load.
const CONNECTIONS: usize = 64;
/// Alerts a second of the paced run.
const PACE: u32 = 100;

/// What one kind of load has shown so far.
#[derive(Default)]
struct Shown {
    per_second: Vec<f64>,
    answers: usize,
    computed: Computed,
}

impl Shown {
    fn note(&mut self, measured: &Measured, computed: &Computed) {
        self.per_second.push(measured.per_second());
        self.answers += measured.answers();
        self.computed.add(computed);
    }

    /// The median of the rounds' ratios to `base`.
    fn ratio(&self, base: &Self) -> f64 {
        median(self.per_second.iter().zip(&base.per_second).map(|(own, base)| own / base))
    }

    fn newest(&self) -> f64 {
        self.per_second.last().copied().unwrap_or_default()
    }
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
    let load = Load { connections: CONNECTIONS, time, pace: None };
    let (mut base, mut accept, mut execute) = (Shown::default(), Shown::default(), Shown::default());
    for round in 1..=rounds {
        let before = hello.computed()?;
        let measured = load.run(&hello.target)?;
        base.note(&measured, &hello.computed()?.since(&before));
        let mut settled = Duration::ZERO;
        for (target, shown) in [(&denied, &mut accept), (&executing, &mut execute)] {
            let before = pitwire.computed()?;
            let measured = load.run(target)?;
            settled = pitwire.settle()?;
            shown.note(&measured, &pitwire.computed()?.since(&before));
        }
        say(&format!(
            "round {round}: hello {:.0}/s, accept {:.0}/s, accept and execute {:.0}/s, queue empty after {:.1} s",
            base.newest(),
            accept.newest(),
            execute.newest(),
            settled.as_secs_f64()
        ))?;
    }
    let paced = Load { connections: 4, time, pace: Some(PACE) }.run(&executing)?;
    let counts = pitwire.counts()?;
    say(&format!("accept / hello:             {:.2}  (goal 0.50)", accept.ratio(&base)))?;
    say(&format!("accept and execute / hello: {:.2}  (goal 0.40)", execute.ratio(&base)))?;
    for (name, shown) in [("hello", &base), ("accept", &accept), ("accept and execute", &execute)] {
        say(&format!("computed per answer, {name}: {}", shown.computed.per_answer(shown.answers)))?;
    }
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
