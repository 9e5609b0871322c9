//! How long the largest body takes at worst: 256 KiB of every shape that is known to be hard, read, searched for
//! secrets and masked, against the limit of 50 ms. Fails when one is over it.
//!
//! `cargo bench -p dialect`. Absent: the speed of ordinary messages, which the benchmark of the listener measures.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use dialect::{Settings, mask, read, secrets_in};
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The largest body that the listener takes, in bytes.
const SIZE: usize = 256 * 1024;
/// The most that `explain` may take.
const LIMIT: Duration = Duration::from_millis(50);
/// Of so many runs the fastest counts: the others measure the machine.
const RUNS: usize = 5;

fn main() -> ExitCode {
    let mut worst = Duration::ZERO;
    for (name, piece) in shapes() {
        let body = piece.repeat(SIZE / piece.len() + 1).into_bytes();
        let body = &body[..SIZE];
        let took = (0..RUNS).map(|_| once(body)).min().unwrap_or_default();
        println!("{name:<24} {:>8.2} ms", took.as_secs_f64() * 1e3);
        worst = worst.max(took);
    }
    println!("worst {:.2} ms of {} ms", worst.as_secs_f64() * 1e3, LIMIT.as_millis());
    if worst > LIMIT { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn once(body: &[u8]) -> Duration {
    let start = Instant::now();
    let read = read(body, &Settings::default());
    let masked = mask(body, None, read.as_ref().ok().map(|reading| reading.dialect));
    let found = secrets_in(body);
    let took = start.elapsed();
    assert!(masked.len() == body.len() && found.len() <= 16, "a body was not answered");
    took
}

fn shapes() -> Vec<(&'static str, &'static str)> {
    vec![
        ("blanks", " "),
        ("zero bytes", "\0"),
        ("letters", "a"),
        ("commas", ","),
        ("digits", "1"),
        ("quotes", "\""),
        ("single quotes", "'"),
        ("typographic quotes", "“"),
        ("open brackets", "["),
        ("open braces", "{\"a\":"),
        ("backslashes", "\\"),
        ("escaped letters", "\\u0061"),
        ("percent encoded", "%25"),
        ("placeholders", "{{"),
        ("secrets", "token=abc&"),
        ("secrets with blanks", "token = "),
        ("lines of assignments", "a=b\n"),
        ("lines of commands", "60123456789,buy,EURUSD,vol_lots=1\n"),
        ("bars", "k|s|buy|X\n"),
        ("words", "acc ETH/USDT buy 1\n"),
        ("scripts", "K(BTC){market(side=buy,amount=1);}"),
        ("single-quoted fields", "{'a':'b',"),
        ("equals signs", "{\"a\"=\"b\","),
        ("no-break spaces", "\u{a0}"),
        ("tokens", "pw_abcdefghij23_abcdefghijklmnopqrstuvwxyz234567"),
        ("written line breaks", "SIGNAL=BUY\\nSYMBOL=X\\n"),
    ]
}
