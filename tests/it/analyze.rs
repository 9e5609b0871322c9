//! `analyze` as scripts and people see it. Figures come from hand arithmetic; `tests/analytics` compares with others.

use crate::support::TestDesk;
use serde_json::{Value, json};

/// Returns +10 %, -10 %, 0, +20 %: mean 0.05, and 0.05² + 0.15² + 0.05² + 0.15² = 0.05 over three.
const EQUITY: &str =
    "time,equity\n2026-01-05,100\n2026-01-06,110\n2026-01-07,99\n2026-01-08,99\n2026-01-09,118.8\n";

/// Net +30, -10, 0: one win, one loss and one neither, fees 1.75.
const TRADES: &str = "entry_time,exit_time,direction,quantity,entry_price,exit_price,fees,net\n\
    2026-01-05,2026-01-06,long,1,100,131,1,30\n\
    1767657600,1767744000,short,2,110,114.75,0.5,-10\n\
    2026-01-07T10:00:00Z,2026-01-08T10:00:00+01:00,long,0.5,100,100.5,0.25,0\n";

#[track_caller]
fn close(found: &Value, expected: f64) {
    let near = found.as_f64().is_some_and(|f| (f - expected).abs() <= 1e-12 * expected.abs().max(1.0));
    assert!(near, "{found} instead of {expected}");
}

#[test]
fn figures_have_their_names_and_values() {
    let desk = TestDesk::still();
    let (equity, trades) = (desk.file("equity.csv", EQUITY), desk.file("trades.csv", TRADES));
    let found = desk.pitwire(&["analyze", "--equity", &equity, "--trades", &trades]);
    let spread = (0.05_f64 / 3.0).sqrt();
    let growth = 1.188_f64.powf(365.0 / 4.0) - 1.0;
    for (key, expected) in [
        ("n", 4.0),
        ("total_return", 0.188),
        ("cagr", growth),
        ("volatility", spread * 365.0_f64.sqrt()),
        ("sharpe", 0.05 / spread * 365.0_f64.sqrt()),
        ("sortino", 365.0_f64.sqrt()),
        ("max_drawdown_pct", -0.1),
        ("calmar", growth / 0.1),
        ("longest_underwater_periods", 2.0),
        ("ulcer_index", (0.02_f64 / 3.0).sqrt()),
        ("periods_per_year", 365.0),
    ] {
        close(&found[key], expected);
    }
    assert_eq!(found["max_drawdown_abs"], "11");
    for (key, expected) in [
        ("trades", json!(3)),
        ("breakeven", json!(1)),
        ("win_rate_ex_breakeven", json!(0.5)),
        ("gross_profit", json!("30")),
        ("gross_loss", json!("10")),
        ("net_profit", json!("20")),
        ("total_fees", json!("1.75")),
        ("largest_loss", json!("10")),
        ("profit_factor", json!(3.0)),
        ("sqn", json!(null)),
    ] {
        assert_eq!(found["trades"][key], expected, "{key}");
    }
    close(&found["trades"]["win_rate"], 1.0 / 3.0);
    close(&found["trades"]["kelly"], 1.0 / 3.0 - (1.0 / 3.0) / 3.0);
    assert_eq!(found["tradingview"]["period"], "day");
    close(&found["tradingview"]["sharpe"], (0.05 - 0.02 / 365.0) / (0.05_f64 / 4.0).sqrt());
    assert_eq!(found["notes"], json!([]));
}

#[test]
fn periods_and_rate_are_options_and_trades_may_be_missing() {
    let desk = TestDesk::still();
    let equity = desk.file("equity.csv", EQUITY);
    let found = desk.pitwire(&["analyze", "--equity", &equity, "--periods", "252", "--rf", "0.02"]);
    let free = 1.02_f64.powf(1.0 / 252.0) - 1.0;
    close(&found["sharpe"], (0.05 - free) / (0.05_f64 / 3.0).sqrt() * 252.0_f64.sqrt());
    assert_eq!((&found["periods_per_year"], &found["risk_free"]), (&json!(252), &json!(0.02)));
    assert_eq!(found["trades"], Value::Null);
    let lower = desk.pitwire(&["analyze", "--equity", &equity, "--rf", "-0.02"]);
    assert!(lower["sharpe"].as_f64() > found["sharpe"].as_f64());
}

#[test]
fn what_is_undefined_is_null_with_a_note() {
    let desk = TestDesk::still();
    let equity = desk.file("equity.csv", "time,equity\n2026-01-05,100\n");
    let found = desk.pitwire(&["analyze", "--equity", &equity]);
    for key in ["cagr", "volatility", "sharpe", "sortino", "calmar", "ulcer_index"] {
        assert_eq!(found[key], Value::Null, "{key}");
    }
    assert!(found["notes"][0].as_str().unwrap().starts_with("The number of daily returns is 0"));
    let ruined = desk.file("ruined.csv", "time,equity\n1,100\n86401,-5\n172801,3\n");
    let found = desk.pitwire(&["analyze", "--equity", &ruined]);
    assert_eq!((&found["sharpe"], &found["max_drawdown_pct"]), (&Value::Null, &json!(-1.05)));
    assert!(found["notes"][0].as_str().unwrap().contains("zero or below at 1970-01-03T00:00:00"));
}

#[test]
fn people_get_a_table() {
    let desk = TestDesk::still();
    let (equity, trades) = (desk.file("equity.csv", EQUITY), desk.file("trades.csv", TRADES));
    let run = desk.run(&["analyze", "--equity", &equity, "--trades", &trades]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let line = |name: &str| {
        let found = run.stdout.lines().find_map(|l| l.trim_start().strip_prefix(name));
        found.unwrap_or_else(|| panic!("{name} is missing: {}", run.stdout)).trim().to_owned()
    };
    assert_eq!(line("Equity, "), "365 periods a year, risk-free rate 0.00 %");
    assert_eq!(line("Total return"), "18.80 %");
    assert_eq!(line("Maximum drawdown, amount"), "11");
    assert_eq!(line("Average win"), "30.00");
    assert_eq!(line("System quality number"), "-");
    assert_eq!(line("Returns of a"), "day");
    assert_eq!(line("Percent profitable"), "33.33 %");
    // Without a data directory being made for it.
    assert!(!desk.data_dir().exists());
}

#[test]
fn bad_files_are_refused_with_their_place() {
    let desk = TestDesk::still();
    let good = desk.file("good.csv", EQUITY);
    let check = |arguments: &[&str], code: &str, place: Option<(u64, u64)>| {
        let run = desk.run(&[&["--json", "analyze"], arguments].concat());
        assert_eq!(run.refused(), code, "{arguments:?}");
        let error = run.json();
        assert_eq!(error["line"].as_u64().zip(error["column"].as_u64()), place, "{error}");
        if let Some((line, column)) = place {
            assert!(run.stderr.contains(&format!("(line {line}, column {column})")), "{run:?}");
        }
    };
    let bad = desk.file("bad.csv", "time,equity\n2026-01-05,100\n2026-01-06,NaN\n");
    check(&["--equity", &bad], "INVALID_FIELD", Some((3, 12)));
    let back = desk.file("back.csv", "time,equity\n2026-01-06,100\n2026-01-05,100\n");
    check(&["--equity", &back], "UNORDERED_TIMES", Some((3, 1)));
    let twice = desk.file("twice.csv", "time,equity,equity\n2026-01-06,100,100\n");
    check(&["--equity", &twice], "MALFORMED_CSV", Some((1, 1)));
    check(&["--equity", &desk.file("empty.csv", "")], "EMPTY_FILE", None);
    check(&["--equity", &good, "--trades", &good], "MALFORMED_CSV", Some((1, 1)));
    check(&["--equity", &good, "--rf", "2"], "INVALID_FIELD", None);
    check(&["--equity", "/nowhere/equity.csv"], "FAILED", None);
    for usage in [&["analyze"][..], &["analyze", "--equity", &good, "--periods", "360"]] {
        assert_eq!(desk.run(usage).code, 2, "{usage:?}");
    }
}
