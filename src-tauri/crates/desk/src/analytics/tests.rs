//! Files as people write them, each error with its place, and the names in the JSON.

use super::*;
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

const TRADES: &str = "entry_time,exit_time,direction,quantity,entry_price,exit_price,fees,net\n";

fn analyzed(equity: &str, trades: Option<&str>) -> Result<Analytics, RpcError> {
    let file = |name, text: &'static str| CsvFile { name, bytes: text.as_bytes() };
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    analyze_files(
        file("equity.csv", leak(equity)),
        trades.map(|text| file("trades.csv", leak(text))),
        365,
        0.0,
    )
}

#[test]
fn files_are_read_as_people_write_them() {
    let check = |text: &str, n: u32, total_return: f64| {
        let found = analyzed(text, None).unwrap();
        assert_eq!(found.n, n, "{text:?}");
        assert!((found.total_return.unwrap() - total_return).abs() < 1e-12, "{text:?}");
    };
    check("time,equity\n2026-01-01,100\n2026-01-02,110\n", 1, 0.1);
    check("time,equity\n2026-01-01T00:00:00Z,100\n2026-01-02T01:30:00.25+01:00,110", 1, 0.1);
    check("time,equity\n2026-01-01 00:00:00+00:00,100\n2026-01-02 00:00:00Z,110", 1, 0.1);
    check("time,equity\n1767225600,100\n1767312000.5,110\n", 1, 0.1);
    // Seconds of 1970, which are no date.
    check("time,equity\n20131200,100\n20217600,110\n", 1, 0.1);
    check("\u{feff}Time,Equity\r\n2026-01-01, 100 \r\n\r\n2026-01-02,1.1e2\r\n", 1, 0.1);
    check("note,equity,time\n\"a, b\",\"100\",2026-01-01\n,150,2026-01-03\n", 2, 0.5);
}

/// Each bad file, with the code, line, column and a piece of the sentence that the user gets.
#[test]
fn bad_equity_files_say_what_where_and_how() {
    let check = |text: &str, code: &str, place: Option<(u32, u32)>, says: &str| {
        let error = analyzed(text, None).unwrap_err();
        assert_eq!(error.code, code, "{text:?}: {error:?}");
        assert_eq!(error.line.zip(error.column), place, "{text:?}: {error:?}");
        assert!(error.error.starts_with("equity.csv: ") && error.error.contains(says), "{error:?}");
    };
    check("", "EMPTY_FILE", None, "time,equity");
    check(" \n\n", "EMPTY_FILE", None, "time,equity");
    check("time,equity\n", "EMPTY_FILE", None, "nothing below");
    check("time,balance\n1,2\n", "MALFORMED_CSV", Some((1, 1)), "\"equity\" in the header \"time,balance\"");
    check("time;equity\n1;2\n", "MALFORMED_CSV", Some((1, 1)), "separated by commas");
    check("time,equity,Time\n1,2,3\n", "MALFORMED_CSV", Some((1, 1)), "\"time\" twice");
    check("time,equity\n1,2,3\n", "MALFORMED_CSV", Some((2, 5)), "has 2 values and this row 3; numbers");
    check("time,equity\n1,2\n3\n", "MALFORMED_CSV", Some((3, 2)), "has 2 values and this row 1.");
    check("time,equity\n1,NaN\n", "INVALID_FIELD", Some((2, 3)), "not a decimal number");
    check("time,equity\n1,inf\n", "INVALID_FIELD", Some((2, 3)), "not a decimal number");
    check("time,equity\n1,\n", "INVALID_FIELD", Some((2, 3)), "the number is empty");
    check("time,equity\n1,1.0000000000000000000000000001234\n", "INVALID_FIELD", Some((2, 3)), "more digits");
    check("time,equity\n1,0\n2,5\n", "INVALID_FIELD", Some((2, 3)), "first equity must be above zero");
    check("time,equity\n1,-3\n", "INVALID_FIELD", Some((2, 3)), "first equity must be above zero");
    check("time,equity\nsoon,5\n", "INVALID_FIELD", Some((2, 1)), "write it like 1778221200");
    check("time,equity\n2026-02-30,5\n", "INVALID_FIELD", Some((2, 1)), "it is no time");
    check("time,equity\n2026-01-01T10:00:00,5\n", "INVALID_FIELD", Some((2, 1)), "offset from UTC");
    check("time,equity\n1778221200000,5\n", "INVALID_FIELD", Some((2, 1)), "perhaps it is milliseconds");
    check("time,equity\n20260105,5\n", "INVALID_FIELD", Some((2, 1)), "date without dashes");
    check("time,equity\n,5\n", "INVALID_FIELD", Some((2, 1)), "it is empty");
    check("time,equity\n2,5\n\n1,5\n", "UNORDERED_TIMES", Some((4, 1)), "sort the rows by time");
    check("time,equity\r\n1,5\r\n\r\n2,\"x\u{1b}\"\r\n", "INVALID_FIELD", Some((4, 3)), "\"x\\u{1b}\"");
    // A value behind a quoted one with a comma, a quotation mark and a line end in it.
    check("a,time,equity\n\"ä,\"\"b\",1,x\n", "INVALID_FIELD", Some((2, 11)), "\"x\"");
    check("a,time,equity\n\"b\nc\",1,x\n", "INVALID_FIELD", Some((3, 6)), "\"x\"");
}

#[test]
fn bad_trades_files_say_what_where_and_how() {
    let check = |row: &str, code: &str, place: (u32, u32), says: &str| {
        let text = format!("{TRADES}1,2,long,1,10,11,0.5,0.5\n{row}\n");
        let error = analyzed("time,equity\n1,100\n", Some(&text)).unwrap_err();
        assert_eq!((error.code.as_str(), error.line.zip(error.column)), (code, Some(place)), "{error:?}");
        assert!(error.error.starts_with("trades.csv: ") && error.error.contains(says), "{error:?}");
    };
    check("2,1,long,1,10,11,0,1", "INVALID_FIELD", (3, 3), "before the entry");
    check("1,2,up,1,10,11,0,1", "INVALID_FIELD", (3, 5), "long or short");
    check("1,2,Short,-1,10,11,0,1", "INVALID_FIELD", (3, 11), "above zero");
    check("1,2,short,1,ten,11,0,1", "INVALID_FIELD", (3, 13), "entry_price");
    check("1,2,short,1,10,,0,1", "INVALID_FIELD", (3, 16), "exit_price");
    check("1,2,short,1,10,11,-,1", "INVALID_FIELD", (3, 19), "fees");
    check("1,2,short,1,10,11,0,NaN", "INVALID_FIELD", (3, 21), "net");
    check("1,2,short,1,10,11,0", "MALFORMED_CSV", (3, 20), "has 8 values and this row 7.");
    let error = analyzed("time,equity\n1,100\n", Some("entry_time,net\n1,2\n")).unwrap_err();
    assert!(error.error.contains("no column \"exit_time\""), "{error:?}");
}

#[test]
fn files_that_are_not_text_or_too_large_are_refused() {
    let check = |bytes: &[u8], code: &str, line: Option<u32>| {
        let error = analyze_files(CsvFile { name: "f", bytes }, None, 365, 0.0).unwrap_err();
        assert_eq!((error.code.as_str(), error.line), (code, line));
    };
    check(b"time,equity\n1,\xff\n", "MALFORMED_CSV", Some(2));
    check(&vec![b'1'; FILE_BYTES_MAX + 1], "FILE_TOO_LARGE", None);
}

#[test]
fn settings_are_checked() {
    let check = |periods: u32, rate: f64, field: Option<&str>| {
        assert_eq!(settings(periods, rate).err().and_then(|e| e.field).as_deref(), field, "{periods} {rate}");
    };
    check(365, 0.0, None);
    check(252, 0.02, None);
    check(360, 0.0, Some("periods"));
    check(365, 2.0, Some("rf"));
    check(365, f64::NAN, Some("rf"));
}

/// R, MAE and MFE are no part of the format, but are used where they are given.
#[test]
fn further_columns_of_trades_are_used() {
    let header = TRADES.trim_end();
    let text = format!(
        "{header},r,mae,mfe\n1,2,long,1,10,12,0.5,1.5,1.5,-1,3\n3,4,short,1,10,12,0.5,-2.5,-2.5,-4,\n"
    );
    let trades = analyzed("time,equity\n1,100\n", Some(&text)).unwrap().trades.unwrap();
    assert_eq!((trades.expectancy_r, trades.avg_mae, trades.avg_mfe), (Some(-0.5), Some(-2.5), Some(3.0)));
    assert_eq!((trades.net_profit.as_str(), trades.total_fees.as_str()), ("-1.0", "1.0"));
    let none = analyzed("time,equity\n1,100\n", Some(TRADES)).unwrap().trades.unwrap();
    assert_eq!((none.trades, none.win_rate, none.net_profit.as_str()), (0, None, "0"));
}

fn value() -> Value {
    let text = format!("{TRADES}1,2,long,1,10,11,0.5,0.5\n");
    serde_json::to_value(analyzed("time,equity\n1,100\n", Some(&text)).unwrap()).unwrap()
}

/// The names that outside programs rely on.
#[test]
fn the_json_has_the_names_of_the_contract() {
    let keys = |value: &Value| {
        let mut names: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        names.sort();
        names
    };
    let wanted = |text: &str| {
        let mut names: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        names.sort();
        names
    };
    let all = value();
    let top = "n total_return cagr volatility sharpe sortino max_drawdown_pct max_drawdown_abs calmar \
               longest_underwater_periods ulcer_index trades tradingview periods_per_year risk_free notes";
    let trades = "trades wins losses breakeven win_rate win_rate_ex_breakeven gross_profit gross_loss \
                  net_profit profit_factor avg_trade avg_win avg_loss payoff_ratio expectancy expectancy_r \
                  largest_win largest_loss max_consecutive_wins max_consecutive_losses kelly sqn total_fees \
                  avg_mae avg_mfe";
    assert_eq!(keys(&all), wanted(top));
    assert_eq!(keys(&all["trades"]), wanted(trades));
    // Undefined is null, not absent.
    assert!(all["sharpe"].is_null() && all["trades"]["profit_factor"].is_null());
}

/// Each figure has a definition, and docs/ANALYTICS.md has them all, word for word.
#[test]
fn every_figure_is_defined_and_documented() {
    let all = value();
    let besides = ["trades", "tradingview", "periods_per_year", "risk_free", "notes"];
    let mut figures: Vec<(Option<&str>, &str)> = Vec::new();
    for group in [None, Some("trades"), Some("tradingview")] {
        let object = group.map_or(&all, |key| &all[key]).as_object().unwrap();
        let keys = object.keys().map(String::as_str);
        figures.extend(keys.filter(|k| group.is_some() || !besides.contains(k)).map(|k| (group, k)));
    }
    let definitions = definitions();
    let mut defined: Vec<(Option<&str>, &str)> =
        definitions.iter().map(|d| (d.group.as_deref(), d.field.as_str())).collect();
    defined.sort_unstable();
    figures.sort_unstable();
    assert_eq!(defined, figures);

    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/ANALYTICS.md");
    let document = std::fs::read_to_string(file).unwrap();
    let mut missing = String::new();
    for d in &definitions {
        let row = format!("| `{}` | {} | {} |\n", d.field, d.name, d.meaning);
        if !document.contains(&row) {
            let _infallible = write!(missing, "{row}");
        }
    }
    assert!(missing.is_empty(), "docs/ANALYTICS.md lacks:\n{missing}");
}

#[test]
fn the_series_has_equity_and_drawdown_at_every_mark() {
    let points =
        equity_file::read(CsvFile { name: "f", bytes: b"time,equity\n1,100\n2,80\n3,120\n" }).unwrap();
    let series = series(&EquityCurve::new(None, points).unwrap()).unwrap();
    let found: Vec<(&str, &str, bool)> =
        series.iter().map(|m| (m.at.as_str(), m.equity.as_str(), (m.drawdown + 0.2).abs() < 1e-15)).collect();
    assert_eq!(
        found,
        [
            ("1970-01-01T00:00:01.000000Z", "100", false),
            ("1970-01-01T00:00:02.000000Z", "80", true),
            ("1970-01-01T00:00:03.000000Z", "120", false),
        ]
    );
}
