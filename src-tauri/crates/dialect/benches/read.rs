//! How long the largest body takes at worst: 256 KiB of every shape that is known to be hard, read as whatever it is and
//! as every dialect that a webhook may be set to, searched for secrets and masked, against the limit of 50 ms. Fails
//! when one is over it.
//!
//! `cargo bench -p dialect`. Absent: the speed of ordinary messages, which the benchmark of the listener measures.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use dialect::{Settings, mask, read, secrets_in};
use domain::DialectName;
use std::process::ExitCode;
use std::time::{Duration, Instant};

/// The largest body that the listener takes, in bytes.
const SIZE: usize = 256 * 1024;
/// The most that `explain` may take.
const LIMIT: Duration = Duration::from_millis(50);
/// Of so many runs the fastest counts: the others measure the machine.
const RUNS: usize = 3;

fn main() -> ExitCode {
    let mut worst = Duration::ZERO;
    for (name, body) in repeated().into_iter().chain(composed()) {
        let body = &body.as_bytes()[..SIZE.min(body.len())];
        let fastest = |settings: &Settings| (0..RUNS).map(|_| once(body, settings)).min().unwrap_or_default();
        let found = fastest(&Settings::default());
        let chosen = DialectName::ALL.iter().map(|dialect| {
            (fastest(&Settings { dialect: Some(*dialect), ..Settings::default() }), dialect.as_str())
        });
        let (slowest, dialect) = chosen.max().unwrap_or_default();
        let millis = |took: Duration| took.as_secs_f64() * 1e3;
        println!("{name:<24} {:>8.2} ms, as {dialect:<20} {:>8.2} ms", millis(found), millis(slowest));
        worst = worst.max(found).max(slowest);
    }
    println!("worst {:.2} ms of {} ms", worst.as_secs_f64() * 1e3, LIMIT.as_millis());
    if worst > LIMIT { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn once(body: &[u8], settings: &Settings) -> Duration {
    let start = Instant::now();
    let read = read(body, settings);
    let masked = mask(body, None, read.as_ref().ok().map(|reading| reading.dialect));
    let found = secrets_in(body);
    let took = start.elapsed();
    assert!(masked.len() == body.len() && found.len() <= 16, "a body was not answered");
    took
}

/// Bodies that are one piece again and again.
fn repeated() -> Vec<(&'static str, String)> {
    let pieces = [
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
        ("percents of percents", "%2525"),
        ("escapes of escapes", "\\\\u005cu005c"),
        ("almost placeholders", "%ticker "),
        ("nested to the limit", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],"),
        ("parts of a text", "a=b;"),
        ("written line breaks", "SIGNAL=BUY\\nSYMBOL=X\\n"),
    ];
    let whole = |(name, piece): (&'static str, &str)| (name, piece.repeat(SIZE / piece.len() + 1));
    pieces.into_iter().map(whole).collect()
}

/// Bodies of many different pieces, or of one that is long, most of them whole messages.
fn composed() -> Vec<(&'static str, String)> {
    let many = |piece: &dyn Fn(usize) -> String, separator: &str| {
        let mut text = String::new();
        for number in 0.. {
            let next = piece(number);
            if text.len() + next.len() + separator.len() > SIZE - 200 {
                break;
            }
            text.push_str(&next);
            text.push_str(separator);
        }
        text
    };
    let long = |letter: &str| letter.repeat((SIZE - 200) / letter.len());
    let buys = r#""action":"buy","symbol":"BTCUSDT""#;
    let spelled =
        |number: usize| format!("\"{}price{}\":1", "_".repeat(number % 90), "-".repeat(number / 90));
    vec![
        ("keys", format!("{{{}{buys}}}", many(&|n| format!("\"k{n}\":{n}"), ","))),
        (
            "keys of TradersPost",
            format!(
                "{{{}\"ticker\":\"SPY\",\"action\":\"buy\",\"sentiment\":\"long\"}}",
                many(&|n| format!("\"k{n}\":{n}"), ",")
            ),
        ),
        ("spellings of a key", format!("{{{}{buys}}}", many(&spelled, ","))),
        ("secret keys", format!("{{{}{buys}}}", many(&|n| format!("\"token\\u005f{n}\":\"secret\""), ","))),
        ("long text", format!("{{{buys},\"comment\":\"{}\"}}", long("a"))),
        ("long escaped text", format!("{{{buys},\"comment\":\"{}\"}}", long("\\u0061"))),
        ("long symbol", format!("{{\"action\":\"buy\",\"symbol\":\"{}\"}}", long("A:"))),
        ("long number", format!("{{{buys},\"price\":{}}}", long("9"))),
        ("long nested extra", format!("{{{buys},\"more\":[{}0]}}", many(&|n| n.to_string(), ","))),
        ("targets", format!("{{{buys},\"targets\":[{}1]}}", many(&|n| (n + 1).to_string(), ","))),
        ("messages", format!("[{}{{{buys}}}]", many(&|n| format!("{{{buys},\"id\":\"{n}\"}}"), ","))),
        (
            "wrapped text",
            format!(
                "{{\"key\":\"k\",\"message\":\"{}\"}}",
                many(&|n| format!("60123456789,buy,X{n}"), "\\n")
            ),
        ),
        (
            "wrapped message",
            format!("{{\"key\":\"k\",\"message\":{{{buys},\"more\":\"{}\"}}}}", long("\\\"")),
        ),
        ("parts of PineConnector", format!("60123456789,buy,EURUSD,{}", many(&|n| format!("k{n}={n}"), ","))),
        ("parts of OctoBot", format!("SIGNAL=BUY;SYMBOL=X;{}", many(&|n| format!("K{n}={n}"), ";"))),
        ("parts of CrossTrade", format!("key=k;command=PLACE;{}", many(&|n| format!("k{n}={n}"), "\n"))),
        (
            "commands of Alertatron",
            format!("K(BTC){{{}}}", many(&|n| format!("market(side=buy,amount={n})"), ";")),
        ),
        ("blocks of Alertatron", many(&|n| format!("K{n}(BTC){{cancel()}}"), " #bot ")),
        ("open blocks", format!("K(BTC){{}}{}", many(&|n| format!("K{n}(BTC"), ")"))),
        ("words of whook", format!("acc ETH/USDT buy 1 {}", many(&|n| format!("x{n}"), " "))),
        ("comments of whook", format!("{}acc ETH/USDT buy 1", many(&|n| format!("// {n} buy"), "\n"))),
        (
            "stocks",
            format!(
                "{{\"stocks\":\"{}X\",\"trigger_prices\":\"{}1\",\"scan_name\":\"BUY\"}}",
                &many(&|n| format!("S{n}"), ",")[..SIZE / 2 - 100],
                "1,".repeat(SIZE / 5)
            ),
        ),
        ("broken at the end", format!("{{{}\"x\":'y\"}}", many(&|n| format!("'k{n}':'v'"), ","))),
    ]
}
